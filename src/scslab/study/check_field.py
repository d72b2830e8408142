"""The sense of a wave file: who is asked, fieldwork, headlines, framings, and the society."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.study.check_variables import check_effect
from scslab.study.wave import Chance, Estimate, SampleSpec, Variable, WaveFile
from scslab.study.wave_columns import Column, codes_of, columns_of, term

PILOTS = "pilots"
LIST_KEYS = ("count", "group", "items")
# What belongs to one way of asking only.
SAMPLE_KEYS = {"quotas": "river", "strata": "probability", "clusters": "probability", "of": "panel"}
Attributes = Mapping[str, tuple[str, ...]]


def check_sample(wave: WaveFile, document: Document) -> None:
    """The sample has what its kind needs, and nothing of another."""
    sample = wave.sample
    for key, kind in SAMPLE_KEYS.items():
        if key in SampleSpec.model_fields and getattr(sample, key) and sample.kind != kind:
            raise ScslabError(
                f"a sample of kind {sample.kind} has no {key}",
                where=document.where(("sample", key)),
                expected=f"kind: {kind}",
            )
    if sample.kind == "panel" and sample.of in (None, wave.id):
        raise ScslabError(
            "a panel needs the earlier wave whose respondents are asked again (of: ...)",
            where=document.where(("sample", "of") if sample.of else ("sample",)),
            got=sample.of,
        )
    if sample.clusters is not None and sample.clusters < 1:
        raise ScslabError(
            "at least one place must be drawn",
            where=document.where(("sample", "clusters")),
            got=sample.clusters,
        )
    if sample.quotas is not None and sample.quotas.slack is not None:
        check_range(sample.quotas.slack, ("sample", "quotas", "slack"), 0, None, document)


def check_range(
    estimate: Estimate, place: Place, low: float, high: float | None, document: Document
) -> None:
    """A number and its range lie where they can; no upper bound if `high` is None."""
    for value in (estimate.value, *(estimate.between or [])):
        if value < low or (high is not None and value > high):
            raise ScslabError(
                "a share lies between 0 and 1" if high == 1 else "this cannot be so low",
                where=document.where(place),
                got=value,
                expected=f"{low:g} or more" if high is None else f"{low:g} to {high:g}",
            )


def chances_of(wave: WaveFile) -> Iterator[tuple[Place, Chance]]:
    """Every chance of the fieldwork, with its place."""
    field = wave.field
    for name in ("starts", "finishes", "mobile"):
        yield ("field", name), getattr(field, name)
    if field.careless is not None:
        yield ("field", "careless", "who"), field.careless.who
    if field.safer is not None:
        yield ("field", "safer", "risk"), field.safer.risk
    for name in ("unsure", "untold"):
        for variable, chance in getattr(field, name).items():
            yield ("field", name, variable), chance


def check_field(wave: WaveFile, document: Document) -> None:
    """Fieldwork names what there is; its shares are shares."""
    columns, field = columns_of(wave), wave.field
    for place, chance in chances_of(wave):
        for key in chance.effects:
            check_effect(key, wave, columns, document.where((*place, "effects", key)))
    shares: list[tuple[Place, Estimate]] = []
    if field.careless is not None:
        for name in ("straight", "wild", "pace"):
            shares.append((("field", "careless", name), getattr(field.careless, name)))
    if field.skips is not None:
        shares.append((("field", "skips"), field.skips))
    for place, share in shares:
        check_range(share, place, 0, 1, document)
    if min([field.seconds.value, *(field.seconds.between or [])]) <= 0:
        raise ScslabError(
            "a question takes time", where=document.where(("field", "seconds")), expected="above 0"
        )
    for name in ("unsure", "untold"):
        for variable in getattr(field, name):
            check_asked(variable, wave, columns, document.where(("field", name, variable)))
    for key in field.reach:
        if key != PILOTS and (not term(key, ()).value or not term(key, ()).name):
            raise ScslabError(
                f'"{key}" is not known here',
                where=document.where(("field", "reach", key)),
                expected=f"attribute=category, or {PILOTS}",
            )
    if field.safer is not None:
        check_safer(wave, columns, document)


def check_asked(name: str, wave: WaveFile, columns: Mapping[str, Column], where: str) -> None:
    """A variable, a question with ticks, or one of its columns."""
    known = [*columns, *(v.name for v in wave.variables)]
    if name not in known:
        raise ScslabError(f'no variable "{name}"', where=where, hint=near(name, known))


def check_kept(wave: WaveFile, document: Document) -> None:
    """What stands beside the answers is a column; each once."""
    columns = columns_of(wave)
    for i, name in enumerate(wave.kept):
        where = document.where(("kept", i))
        column_at(name, columns, where)
        if name in wave.kept[:i]:
            raise ScslabError(f'"{name}" is kept twice', where=where)


def check_safer(wave: WaveFile, columns: Mapping[str, Column], document: Document) -> None:
    """Risky and safer answers are codes of their variables, and not the same."""
    assert wave.field.safer is not None
    for name, answers in wave.field.safer.answers.items():
        at: Place = ("field", "safer", "answers", name)
        for risky, safer in answers.items():
            where = document.where((*at, str(risky)))
            check_code(name, [risky, safer], columns, where)
            if risky == safer:
                raise ScslabError(
                    "the safer answer is the risky one", where=where, got=f"{risky}: {safer}"
                )
            if safer in answers:
                raise ScslabError(
                    f"{safer} is a risky answer itself, so it is no safer one",
                    where=where,
                    got=f"{risky}: {safer}",
                )


def column_at(name: str, columns: Mapping[str, Column], where: str) -> Variable:
    """The variable behind a column."""
    if name in columns:
        return columns[name].variable
    options = [c for c in columns if columns[c].variable.name == name]
    hint = f"name one of its columns: {', '.join(options[:12])}" if options else near(name, columns)
    raise ScslabError(f'no variable "{name}"', where=where, hint=hint)


def check_code(name: str, codes: list[int], columns: Mapping[str, Column], where: str) -> None:
    """A column is there, and has these codes."""
    known = codes_of(column_at(name, columns, where))
    for code in codes:
        if known is not None and code not in known:
            raise ScslabError(
                f'"{name}" has no code {code}', where=where, expected=", ".join(map(str, known))
            )


def check_headlines(wave: WaveFile, document: Document) -> None:
    """Headlines name columns and codes; each once."""
    columns = columns_of(wave)
    seen: set[str] = set()
    for i, headline in enumerate(wave.headlines):
        at: Place = ("headlines", i)
        check_id(headline.id, seen, document.where((*at, "id")))
        column_at(headline.variable, columns, document.where((*at, "variable")))
        if not headline.codes:
            raise ScslabError("a share of no answer", where=document.where((*at, "codes")))
        where = document.where((*at, "codes"))
        check_code(headline.variable, headline.codes, columns, where)
        if headline.by_list is not None:
            check_by_list(headline.by_list, columns, (*at, "by_list"), document)


def check_id(id: str, seen: set[str], where: str) -> None:
    """An id must be new."""
    if id in seen:
        raise ScslabError(f'the id "{id}" is used twice', where=where)
    seen.add(id)


def check_by_list(
    given: Mapping[str, str], columns: Mapping[str, Column], at: Place, document: Document
) -> None:
    """A list experiment has a count, two groups and the length of the short list."""
    if set(given) != set(LIST_KEYS):
        raise ScslabError(
            "a list experiment is told by count, group and items",
            where=document.where(at),
            got=", ".join(given),
        )
    for key, kind in (("count", "count"), ("group", "arm")):
        where = document.where((*at, key))
        variable = column_at(given[key], columns, where)
        if variable.kind != kind:
            raise ScslabError(
                f'"{variable.name}" is of kind {variable.kind}', where=where, expected=kind
            )
    if not given["items"].isdigit():
        raise ScslabError(
            "items is a whole number in quotes",
            where=document.where((*at, "items")),
            got=given["items"],
            expected='how many items the short list has, such as "3"',
        )


def check_framings(wave: WaveFile, document: Document) -> None:
    """A framing sets arms beside a control, or an answer beside one given before."""
    columns = columns_of(wave)
    seen: set[str] = set()
    for i, framing in enumerate(wave.framings):
        at: Place = ("framings", i)
        check_id(framing.id, seen, document.where((*at, "id")))
        column_at(framing.outcome, columns, document.where((*at, "outcome")))
        check_code(framing.outcome, framing.codes, columns, document.where((*at, "codes")))
        if (framing.arm is None) == (framing.before is None):
            raise ScslabError(
                "a framing names an arm or an earlier answer (before), one of them",
                where=document.where(at),
            )
        if (framing.arm is None) != (framing.control is None):
            raise ScslabError("an arm and a control go together", where=document.where(at))
        if framing.before is not None:
            column_at(framing.before, columns, document.where((*at, "before")))
            check_code(framing.before, framing.codes, columns, document.where((*at, "before")))
        if framing.arm is not None:
            where = document.where((*at, "arm"))
            variable = column_at(framing.arm, columns, where)
            if variable.kind != "arm":
                raise ScslabError(
                    f'"{variable.name}" is of kind {variable.kind}', where=where, expected="arm"
                )
            if framing.control not in variable.arms:
                raise ScslabError(
                    f'"{variable.name}" has no arm "{framing.control}"',
                    where=document.where((*at, "control")),
                    hint=near(str(framing.control), variable.arms),
                )
