"""Safeguards in a study: laid over its rules, and their practice under what the study says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from scslab.core.errors import ScslabError, moved_to
from scslab.core.shapes import fit
from scslab.core.values import Source, walk_dated
from scslab.core.yamlfile import Document, Place, read
from scslab.regimes.laying import Touch, changed
from scslab.regimes.load import find_regime, regime_document
from scslab.regimes.safeguard import below, changed_at, find_safeguard, names_of, read_safeguard
from scslab.regimes.safeguard_shape import Safeguard
from scslab.study.model import Joins, Practice, RegimeUse
from scslab.study.read import StudyFile, check_study
from scslab.study.units import check_study_unit, check_whole_months

Model = TypeVar("Model", bound=BaseModel)
# One of them says whom a notice reaches; a study that says one of them has said it.
TELLS = ("notice", "notices")


def with_safeguards(file: StudyFile, names: Sequence[str]) -> StudyFile:
    """The same study with these safeguards laid over all its regimes, in place of its own.

    What the study lays over a single regime stays.

    Parameters
    ----------
    names : sequence of str
        Names of safeguards; "notice+help" names two, "none" none.

    Raises
    ------
    ScslabError
        No such safeguard, or the study as changed makes no sense.
    """
    found = names_of(names)
    for name in found:
        read_safeguard(name, file.folder)
    data = deepcopy(file.document.data)
    data.pop("safeguards", None)
    if found:
        data["safeguards"] = found
    document = Document(file.document.name, data, file.document.lines)
    study = check_study(document, file.text, file.folder)
    period = {"period": file.study.period}
    return replace(study, study=study.study.model_copy(update=period))


def laid_over(file: StudyFile, i: int) -> list[Safeguard]:
    """The safeguards laid over one regime of a study: the study's and its own, by name.

    Raises
    ------
    ScslabError
        No such safeguard, with the line in the study.
    """
    found = {}
    for name, place in named(file, i):
        for one in names_of([name]):
            found[one] = read_safeguard(one, file.folder, file.document.where(place))
    return [found[name] for name in sorted(found)]


def named(file: StudyFile, i: int) -> Iterator[tuple[str, Place]]:
    """The names of a regime's safeguards, with their places in the study."""
    for k, name in enumerate(file.study.safeguards):
        yield name, ("safeguards", k)
    for k, name in enumerate(file.study.regimes[i].safeguards):
        yield name, ("regimes", i, "safeguards", k)


def first_day_of(file: StudyFile) -> str:
    """The day from which safeguards hold: the first of the study."""
    return f"{file.study.period.from_}-01"


def rules_of(file: StudyFile, i: int) -> Document:
    """The data of a regime as the study uses it, before any safeguard."""
    use = file.study.regimes[i].use
    folder = find_regime(use, file.folder, file.document.where(("regimes", i, "use")))
    raw = file.document.data["regimes"][i].get("changes", {})
    return regime_document(folder, raw, file.document.data.get("sources"))


def touches(file: StudyFile, name: str) -> list[Touch]:
    """What safeguards change in which regime of a study, each laid by itself.

    Parameters
    ----------
    name : str
        A name, or several ("notice+help").

    Raises
    ------
    ScslabError
        No such safeguard.
    """
    found = []
    for i in range(len(file.study.regimes)):
        rules = rules_of(file, i)
        for one in names_of([name]):
            found += changed(rules, read_safeguard(one, file.folder), first_day_of(file))[1]
    return found


def idle(file: StudyFile, names: Sequence[str]) -> list[str]:
    """Why some of these safeguards do nothing in a study, one sentence each.

    Raises
    ------
    ScslabError
        No such safeguard.
    """
    found = []
    laid = completed(with_safeguards(file, names)).study.regimes
    for name in names_of(names):
        touched = {touch.regime for touch in touches(file, name)}
        if not touched:
            found.append(
                f'safeguard "{name}" changes nothing: the regimes of this study have it already, '
                "or it is not for them"
            )
        practices = [use.practice for use in laid if use.use in touched]
        for need in read_safeguard(name, file.folder).needs if touched else ():
            if not any(getattr(p, key, None) for p in practices for key in need.any_of):
                found.append(f'safeguard "{name}" has no effect in this study: {need.why}')
    return found


def completed(file: StudyFile) -> StudyFile:
    """The study with the practice of its safeguards wherever it says nothing itself.

    A safeguard's practice is laid under that of each regime in which it changes something; the
    sources of these values are added to those of the study.

    Raises
    ------
    ScslabError
        No such safeguard, or its practice does not have the shape of a study's.
    """
    uses, sources = [], dict(file.study.sources)
    for i, use in enumerate(file.study.regimes):
        laid = [s for s in laid_over(file, i) if s.practice or s.joins]
        rules = rules_of(file, i) if laid else None
        for safeguard in laid:
            if rules is None or not changed(rules, safeguard, first_day_of(file))[1]:
                continue
            path = find_safeguard(safeguard.id, file.folder)
            use, filled = with_practice(use, path, first_day_of(file))
            sources |= cited(safeguard, filled)
        uses.append(use)
    if uses == file.study.regimes:
        return file
    study = file.study.model_copy(update={"regimes": uses, "sources": sources})
    return replace(file, study=study)


def with_practice(use: RegimeUse, path: Path, since: str) -> tuple[RegimeUse, list[Any]]:
    """A regime's use with the practice of one safeguard under its own, and what was filled in."""
    practice, joins = practice_of(path, since, changed_at(path))
    filled: dict[str, Any] = {}
    for key in practice.model_fields_set:
        own, laid = getattr(use.practice, key), getattr(practice, key)
        if key in TELLS and any(getattr(use.practice, tell) for tell in TELLS):
            continue
        if not own or own == Practice.model_fields[key].default:
            filled[key] = laid
        elif key == "helps":
            filled[key] = with_missing(own, laid)
    update: dict[str, Any] = {"practice": use.practice.model_copy(update=filled)}
    if joins is not None:
        update["joins"] = joins if use.joins is None else with_missing(use.joins, joins)
    return use.model_copy(update=update), [*filled.values(), update.get("joins")]


def with_missing(own: Model, laid: Model) -> Model:
    """A record with what it does not say taken from another."""
    missing = {k: getattr(laid, k) for k in laid.model_fields_set if getattr(own, k) is None}
    return own.model_copy(update=missing)


@cache
def practice_of(path: Path, since: str, _written: int) -> tuple[Practice, Joins | None]:
    """The practice of a safeguard from a day on, and who joins, in the shapes of a study.

    Raises
    ------
    ScslabError
        It does not have that shape, with the line in the file of the safeguard.
    """
    safeguard, document = read_safeguard(path), read(path)
    practice = shaped(Practice, safeguard, document, "practice", since)
    joins = shaped(Joins, safeguard, document, "joins", since) if safeguard.joins else None
    return practice, joins


def shaped(
    model: type[Model], safeguard: Safeguard, document: Document, key: str, since: str
) -> Model:
    """A block of a safeguard in the shape of a study's."""
    raw = from_day(getattr(safeguard, key), safeguard.id, since)
    try:
        found = fit(model, below(document, (key,)), raw)
    except ScslabError as error:
        raise moved_to(error, error.where.replace(": ", f": {key}.", 1)) from error
    for place, dated in walk_dated(found):
        check_study_unit((key, *place), dated.unit, document)
        check_whole_months((key, *place), dated, document)
    return found


def from_day(raw: Any, owner: str, since: str) -> Any:
    """Values with one row each as dated values from a day on, their sources named by owner."""
    if isinstance(raw, dict) and "row" in raw:
        source = f"{owner}.{raw['row']['source']}"
        row = {"from": since, "dated": "assumed", **raw["row"], "source": source}
        return {"unit": raw["unit"], "rows": [row]}
    if isinstance(raw, dict):
        return {key: from_day(value, owner, since) for key, value in raw.items()}
    return raw


def cited(safeguard: Safeguard, filled: list[Any]) -> dict[str, Source]:
    """The sources that filled-in values cite, by the names they have in a study."""
    rows = [row.source for _, dated in walk_dated(filled) for row in dated.rows]
    own = {f"{safeguard.id}.{key}": source for key, source in safeguard.sources.items()}
    return {key: own[key] for key in rows if key in own}
