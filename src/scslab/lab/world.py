"""A study made ready to run: its society, its regimes, and what holds in each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

from scslab.core.acts import acts
from scslab.core.calendar import first_day, last_day, month, month_of, month_text
from scslab.core.draws import decision
from scslab.core.errors import ScslabError, near
from scslab.core.tables import FLOWS, GRADES, STOCKS, People
from scslab.core.values import change_days, check_dated, number_on
from scslab.core.yamlfile import Place
from scslab.lab.in_force import asks_residence
from scslab.lab.places import find_localities
from scslab.regimes.lists import Field_
from scslab.regimes.load import find_regime, read_regime
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import followed, needs_members
from scslab.study.read import StudyFile, walk_varies
from scslab.world.society.cells import Society, build_society
from scslab.world.society.kinds import Kinds, find_kinds
from scslab.world.society.localities import Locality
from scslab.world.society.margins import BUILTIN, Margins, parse_margins, read_margins
from scslab.world.society.organisations import join_societies
from scslab.world.society.representatives import Registry, registry

OF_LISTS = ("entries", "listed", "exits", "performed", "performed-within-a-month")
RESERVED = {"regime", "month", "measure", "grade", "persons", "refused", *FLOWS, *STOCKS}


@dataclass(frozen=True)
class World:
    """Everything that a run reads and never writes."""

    file: StudyFile
    seed: np.uint64
    margins: Margins
    society: Society
    kinds: Kinds
    people: People
    registry: Registry | None
    regimes: list[Regime]
    platforms: dict[str, Regime]
    where: np.ndarray
    conducts: list[str]
    effects: list[tuple[int, int, str]]
    rows: dict[str, list[int]]
    changes: set[date]

    @property
    def linked(self) -> bool:
        """Whether some rule listens to a list."""
        return len(self.conducts) > len(self.file.study.conduct)

    @property
    def months(self) -> range:
        """The numbers of the study's months."""
        return self.file.months

    @property
    def groups(self) -> int:
        """How many tally groups there are."""
        return int(self.people.group.max()) + 1


def build_world(
    file: StudyFile,
    seed: int,
    persons: int | None = None,
    length: int | None = None,
    organisations: int | None = None,
) -> World:
    """Read the rules, build the society and number everything.

    Raises
    ------
    ScslabError
        Whatever is wrong with the study, its margins or its regimes.
    """
    regimes = read_regimes(file)
    platforms = read_platforms(file)
    check_rules(file, regimes, platforms)
    if length is not None:
        file = shortened(file, length)
    for i, regime in enumerate(regimes):
        check_covered(file, regime, i)
    margins, society = make_society(file, regimes, persons, organisations)
    for name in society.attributes:
        if name in RESERVED:
            raise ScslabError(
                f'no attribute can be called "{name}"',
                where=file.document.where(("society", "margins")),
                why="tables have a column of that name",
            )
    kinds, people = find_kinds(society)
    for place, varies in walk_varies(file.study):
        kinds.having(varies.by, list(varies.times), file.document.where(place))
    last = last_day(file.months[-1])
    effects = [
        (i, j, effect)
        for i, regime in enumerate(regimes)
        for j, rules in enumerate(regime.lists.values())
        for effect in rules.effects
    ]
    return World(
        file=file,
        seed=decision(f"seed {seed}"),
        margins=margins,
        society=society,
        kinds=kinds,
        people=people,
        registry=registry(society, kinds, people.kind) if society.organisations else None,
        regimes=regimes,
        platforms=platforms,
        where=who_is_rated(file, regimes, kinds),
        conducts=[*file.study.conduct, *followed(regimes)],
        effects=effects,
        rows=state_rows(file, regimes, last),
        changes=change_days([regimes, list(platforms.values()), file.study]),
    )


def state_rows(file: StudyFile, regimes: list[Regime], last: date) -> dict[str, list[int]]:
    """The row of each regime in the arrays of the state, -1 where it needs none."""
    study = file.study
    inspectors = {a.inspects.by for a in study.agencies.values() if a.inspects is not None}
    movers = study.society.movers is not None
    scored = [
        r.score is not None or (r.grades is not None and bool(r.grades.ladder)) for r in regimes
    ]
    return {
        "score": numbered(scored),
        "member": numbered(
            [
                (yes or any(rules.members_only for rules in r.lists.values()))
                and (
                    needs_members(r, last)
                    or use.joins is not None
                    or (movers and asks_residence(r))
                )
                for yes, r, use in zip(scored, regimes, study.regimes, strict=True)
            ]
        ),
        "listed": numbered([bool(r.lists) for r in regimes]),
        "grade": numbered(
            [
                r.grades is not None
                and (r.id in inspectors or (r.score is not None and r.score.restarts is not None))
                for r in regimes
            ]
        ),
    }


def who_is_rated(file: StudyFile, regimes: list[Regime], kinds: Kinds) -> np.ndarray:
    """Which kinds each regime rates, whatever their age; bool[regimes, kinds].

    Where the society has no places of its own, it stands for the places of the rules.
    """
    found = np.zeros((len(regimes), kinds.count), bool)
    for i, (use, regime) in enumerate(zip(file.study.regimes, regimes, strict=True)):
        where = file.document.where(("regimes", i, "among"))
        if "persons" in regime.who.subjects:
            found[i] |= kinds.persons()
        if "organisations" in regime.who.subjects:
            found[i] |= kinds.organisations()
        found[i] &= in_places(file, regime, kinds, i)
        for among in regime.who.among:
            at = file.document.where(("regimes", i, "use"))
            if among.attribute in kinds.attributes:
                # An attribute that a subject does not have cannot bar it.
                fits = kinds.having(among.attribute, among.are, f"{at}: {regime.id}, who.among")
                found[i] &= fits | (kinds.codes[among.attribute] < 0)
            elif among.attribute not in known_attributes():
                raise ScslabError(
                    f'{regime.id} rates by "{among.attribute}", which no society has',
                    where=at,
                    hint=near(among.attribute, {*kinds.attributes, *known_attributes()}),
                )
        for attribute, categories in use.among.items():
            found[i] &= kinds.having(attribute, categories, where)
    return found


@cache
def known_attributes() -> frozenset[str]:
    """The attributes of all margins that come with the package, and those made from them."""
    found = {"subject", "locality"}
    for path in sorted(BUILTIN.glob("*/margins.yaml")):
        found |= set(read_margins(path.parent).attributes)
    return frozenset(found)


def in_places(file: StudyFile, regime: Regime, kinds: Kinds, i: int) -> np.ndarray:
    """Which kinds live in the places of a regime, bool[kinds].

    Raises
    ------
    ScslabError
        The society has localities, but not this one.
    """
    known = {a: kinds.attributes.get(a, ()) for a in ("locality", "province")}
    found = np.zeros(kinds.count, bool)
    unknown = []
    for place in regime.who.places:
        holds = [a for a, names in known.items() if place in names]
        if holds:
            found |= kinds.having(holds[0], [place], "")
        else:
            unknown.append(place)
    if not regime.who.places or (not known["locality"] and not found.any()):
        return np.ones(kinds.count, bool)
    if unknown and known["locality"]:
        raise ScslabError(
            f'{regime.id} applies in "{unknown[0]}", which this society does not have',
            where=file.document.where(("regimes", i, "use")),
            hint=near(unknown[0], [*known["locality"], *known["province"]]),
        )
    return found


def read_platforms(file: StudyFile) -> dict[str, Regime]:
    """The platforms and the identity code that a study names, by their ids.

    Raises
    ------
    ScslabError
        One of them is no platform, or no code.
    """
    found: dict[str, Regime] = {}
    names: list[tuple[str, Place]] = [
        (use.receives.through, ("regimes", i, "receives", "through"))
        for i, use in enumerate(file.study.regimes)
        if use.receives.through is not None
    ]
    if file.study.identity is not None:
        names.append((file.study.identity, ("identity",)))
    for name, place in names:
        where = file.document.where(place)
        if name not in found:
            found[name] = read_regime(find_regime(name, file.folder, where))
        key, wanted = ("platform", "platform")
        if place == ("identity",):
            key, wanted = ("identity", "identity code")
        if getattr(found[name], key) is None:
            raise ScslabError(f"{name} is no {wanted}", where=where, got=found[name].kind)
        covers, period = found[name].covers, file.study.period
        until = covers.to or "9999-12-31"
        if not covers.from_[:7] <= period.to or until[:7] < period.to:
            raise ScslabError(
                f"{name} covers {covers.from_} {f'to {until}' if covers.to else 'onward'}; "
                f"{period.from_} to {period.to} was asked",
                where=where,
                hint="shorten the period, or leave it out",
            )
    return found


def check_listings(file: StudyFile, regimes: list[Regime]) -> None:
    """What rules say about lists elsewhere must fit the regimes that are there."""
    at = {regime.id: list(regime.lists) for regime in regimes}
    for i, regime in enumerate(regimes):
        where = file.document.where(("regimes", i, "use"))
        for name in followed([regime]):
            source, list_ = name.split(" of ")[0].split("/")
            if source not in at:
                try:
                    at[source] = lists_of(find_regime(source, file.folder, where))
                except ScslabError as error:
                    raise ScslabError(
                        error.what, where=where, why=f"{regime.id} follows {name}", hint=error.hint
                    ) from error
            if list_ not in at[source]:
                raise ScslabError(
                    f'{source} has no list "{list_}"',
                    where=where,
                    why=f"{regime.id} follows it",
                    hint=near(list_, at[source]),
                )


@cache
def lists_of(folder: Path) -> list[str]:
    """The names of the lists of a regime that takes no part."""
    return list(read_regime(folder).lists)


def numbered(wanted: list[bool]) -> list[int]:
    """Row numbers for those wanted, -1 for the others."""
    rows, found = [], 0
    for yes in wanted:
        rows.append(found if yes else -1)
        found += yes
    return rows


def read_regimes(file: StudyFile) -> list[Regime]:
    """The regimes of a study, with the study's changes of rows."""
    regimes = []
    for i, use in enumerate(file.study.regimes):
        folder = find_regime(use.use, file.folder, file.document.where(("regimes", i, "use")))
        raw = file.document.data["regimes"][i].get("changes", {})
        try:
            regime = read_regime(folder, raw, file.document.data.get("sources"))
        except ScslabError as error:
            if not raw:
                raise
            read_regime(folder)  # what is wrong without the changes is told as it is
            raise of_change(error, file, i) from error
        for target, dated in use.changes.items():
            place = ("regimes", i, "changes", target)
            check_dated(dated, place, {**file.study.sources, **regime.sources}, file.document)
        regimes.append(regime)
    return regimes


def of_change(error: ScslabError, file: StudyFile, i: int) -> ScslabError:
    """A mistake in changed rules, told at the change of the study."""
    path = error.where.partition(": ")[2]
    made = [
        t for t in file.study.regimes[i].changes if path.startswith(t) or f'"{t}"' in error.what
    ]
    where = file.document.where(("regimes", i, "changes", *made[:1]))
    if error.what.startswith("a change sets"):
        return moved_to(error, where)
    told = ScslabError(
        f"as changed here, {path}: {error.what}" if path else error.what,
        got=error.got or None,
        expected=error.expected,
        why=error.why,
        hint=error.hint,
    )
    return moved_to(told, where)


def moved_to(error: ScslabError, where: str) -> ScslabError:
    """The same mistake, at the place where the user can mend it."""
    return ScslabError(
        error.what,
        where=where,
        got=error.got or None,
        expected=error.expected,
        why=error.why,
        hint=error.hint,
    )


def shortened(file: StudyFile, length: int) -> StudyFile:
    """The same study for its first months only."""
    if length < 1:
        raise ScslabError("a study needs at least 1 month", where="--months", got=length)
    if length > len(file.months):
        raise ScslabError(f"the study has {len(file.months)} months", where="--months", got=length)
    first = month(file.study.period.from_)
    last = first + length - 1
    period = file.study.period.model_copy(update={"to": month_text(last)})
    kept = [s for s in file.study.surveys if month(s.month) <= last]
    gone = {s.id for s in file.study.surveys} - {s.id for s in kept}
    compare = [
        c
        for c in file.study.compare
        if c.survey not in gone and (c.to is None or month(c.to) <= last)
    ]
    study = file.study.model_copy(update={"period": period, "surveys": kept, "compare": compare})
    return StudyFile(study, file.document, file.text, file.folder)


def check_covered(file: StudyFile, regime: Regime, i: int) -> None:
    """Every month of the study must be covered by the regime file.

    Raises
    ------
    ScslabError
        Naming the days covered and the month asked for.
    """
    covers, period = regime.covers, file.study.period
    since = file.study.regimes[i].since
    begins = file.months[0] if since is None else max(file.months[0], month(since))
    first, last = first_day(begins), last_day(file.months[-1])
    where = file.document.where(("regimes", i, "use"))
    until = f"to {covers.to}" if covers.to else "onward"
    starts_before = month_of(first) < int(covers.from_[:4]) * 12 + int(covers.from_[5:7]) - 1
    if starts_before or (covers.to is not None and last.isoformat() > covers.to):
        raise ScslabError(
            f"{regime.id} covers {covers.from_} {until}; {period.from_} to {period.to} was asked",
            where=where,
            hint="shorten the period, extend the regime file with sourced rows, or say from when "
            "it takes part (since: YYYY-MM)",
        )


def check_rules(
    file: StudyFile, regimes: list[Regime], platforms: dict[str, Regime] | None = None
) -> None:
    """What the study and its rules say about each other, as far as it needs no society."""
    check_listings(file, regimes)
    check_parts(file, regimes)
    check_subjects(file, regimes)
    check_inspections(file, regimes)
    check_oversight(file, regimes)


def check_subjects(file: StudyFile, regimes: list[Regime]) -> None:
    """Without organisations there is nobody to break their rules, or to be rated by them."""
    if file.study.society.organisations is not None:
        return
    hint = "society: {organisations: {margins: cn-2018-organisations, count: ...}}"
    for act in file.study.conduct:
        if acts()[act]["by"] == "organisations":
            raise ScslabError(
                f'only organisations can do "{act}", and this society has none',
                where=file.document.where(("conduct", act)),
                hint=hint,
            )
    for i, regime in enumerate(regimes):
        if regime.who.subjects == ["organisations"]:
            raise ScslabError(
                f"{regime.id} rates only organisations, and this society has none",
                where=file.document.where(("regimes", i, "use")),
                hint=hint,
            )


def check_oversight(file: StudyFile, regimes: list[Regime]) -> None:
    """What oversight withdraws or allows must exist."""
    fields = get_args(Field_)
    for i, oversight in enumerate(file.study.oversight):
        about = [r for r in regimes if not oversight.regimes or r.id in oversight.regimes]
        known = {part for regime in about for part in parts_of(regime)}
        for j, name in enumerate(oversight.withdraws):
            if name not in known:
                raise ScslabError(
                    f'no act or list "{name}" in {", ".join(r.id for r in about)}',
                    where=file.document.where(("oversight", i, "withdraws", j)),
                    hint=near(name, known),
                )
        for j, name in enumerate(oversight.supervisor.allows if oversight.supervisor else ()):
            if name not in fields:
                raise ScslabError(
                    f'"{name}" is no field of serious dishonesty',
                    where=file.document.where(("oversight", i, "supervisor", "allows", j)),
                    expected=", ".join(fields),
                    hint=near(name, fields),
                )
        if oversight.supervisor is not None and not any(r.lists for r in about):
            raise ScslabError(
                "a supervisor closes lists, and these regimes have none",
                where=file.document.where(("oversight", i, "supervisor")),
                got=", ".join(r.id for r in about),
            )


def parts_of(regime: Regime) -> set[str]:
    """What oversight can withdraw of a regime: its lists, and the acts and listings it hears."""
    grounds = [g for rules in regime.lists.values() for g in rules.grounds.values()]
    acts_named = {act for ground in grounds for act in ground.acts}
    return {*regime.lists, *regime.rates, *acts_named, *followed([regime])}


def check_parts(file: StudyFile, regimes: list[Regime]) -> None:
    """What a study says about a regime must exist in the regime."""
    for i, (use, regime) in enumerate(zip(file.study.regimes, regimes, strict=True)):
        where = file.document.where
        effects = [e for rules in regime.lists.values() for e in rules.effects]
        for key in ("bites", "enforces"):
            for name in getattr(use, key):
                if name not in effects:
                    raise ScslabError(
                        f'{regime.id} has no effect "{name}"',
                        where=where(("regimes", i, key, name)),
                        hint=near(name, effects),
                    )
        for name in use.exempt:
            if name not in regime.who.exempt:
                raise ScslabError(
                    f'{regime.id} has no exemption "{name}"',
                    where=where(("regimes", i, "exempt", name)),
                    hint=near(name, regime.who.exempt),
                )
            rows = regime.who.exempt[name].holds.rows
            last = last_day(file.months[-1]).isoformat()
            if not any(row.value and row.from_ <= last for row in rows):
                raise ScslabError(
                    f'the exemption "{name}" does not hold in this study',
                    where=where(("regimes", i, "exempt", name)),
                    got=f"from {next((r.from_ for r in rows if r.value), 'never')} on",
                )
        for k, compare in enumerate(file.study.compare):
            if compare.regime == use.use and compare.effect and compare.effect not in effects:
                raise ScslabError(
                    f'{regime.id} has no effect "{compare.effect}"',
                    where=where(("compare", k, "effect")),
                    hint=near(compare.effect, effects),
                )
            if compare.regime == use.use and compare.measure in OF_LISTS and not regime.lists:
                raise ScslabError(
                    f"{regime.id} has no lists", where=where(("compare", k, "measure"))
                )
            grades = regime.grades.names if regime.grades is not None else []
            if compare.regime == use.use and compare.grade and compare.grade not in grades:
                raise ScslabError(
                    f'{regime.id} has no grade "{compare.grade}"',
                    where=where(("compare", k, "grade")),
                    hint=near(compare.grade, grades),
                )
        dimensions = regime.score.dimensions if regime.score else {}
        for name in use.brings:
            if name not in dimensions:
                raise ScslabError(
                    f'{regime.id} has no dimension "{name}"',
                    where=where(("regimes", i, "brings", name)),
                    hint=near(name, dimensions),
                )
        missing = [d for d in dimensions if d not in use.brings]
        if missing:
            raise ScslabError(
                f"say what persons bring to {', '.join(missing)}", where=where(("regimes", i))
            )
        agree = needs_members(regime, last_day(file.months[-1]))
        asks = regime.score or regime.grades or [x for x in regime.lists.values() if x.members_only]
        if agree and asks and use.joins is None:
            raise ScslabError(
                f"{regime.id} asks for consent, so the study must say who joins",
                where=where(("regimes", i)),
                hint="joins: {share: ...}",
            )
        only = [n for n, x in regime.lists.items() if x.members_only]
        if only and use.joins is None:
            raise ScslabError(
                f'only members can stand on "{only[0]}", so the study must say who joins',
                where=where(("regimes", i)),
                hint="joins: {share: ...}",
            )
        if regime.grades and len(regime.grades.names) > GRADES:
            raise ScslabError(
                f"{regime.id} has more than {GRADES} grades", where=where(("regimes", i))
            )


def check_inspections(file: StudyFile, regimes: list[Regime]) -> None:
    """Whoever inspects by grade needs a regime of the study with grades and visits."""
    for name, agency in file.study.agencies.items():
        if agency.inspects is None:
            continue
        where = file.document.where(("agencies", name, "inspects", "by"))
        found = [r for r in regimes if r.id == agency.inspects.by]
        if not found:
            raise ScslabError(
                f'no regime "{agency.inspects.by}" in this study',
                where=where,
                hint=near(agency.inspects.by, [r.id for r in regimes]),
            )
        if found[0].inspections is None:
            raise ScslabError(f"{found[0].id} sets no inspections", where=where)
        if file.study.society.organisations is None:
            raise ScslabError(
                "only organisations are inspected, and this society has none",
                where=file.document.where(("agencies", name, "inspects")),
            )


def make_society(
    file: StudyFile, regimes: list[Regime], persons: int | None, organisations: int | None
) -> tuple[Margins, Society]:
    """The society of a study, of another size where asked."""
    spec = file.study.society
    size = spec.persons if persons is None else persons
    where = "--persons" if persons is not None else file.document.where(("society", "persons"))
    if size < 1:
        raise ScslabError("a society needs at least 1 person", where=where, got=size)
    if size > 1_400_000_000:
        raise ScslabError(
            "a society has at most 1,400,000,000 persons", where=where, got=f"{size:,}"
        )
    margins = margins_of(file, spec.margins, ("society", "margins"))
    localities = find_localities(file, regimes, margins)
    last = last_day(file.months[-1])
    stands_for = None
    if spec.stands_for is not None:
        stands_for = number_on(spec.stands_for, last, float(size))
    only = {name: tuple(found) for name, found in spec.only.items()} or None
    place: Place = ("society", "only" if only else "margins")
    found = society_of(file, margins, size, only, stands_for, localities, place)
    others = make_organisations(file, organisations, localities, size / spec.persons)
    try:
        return margins, join_societies(found, others)
    except ScslabError as error:
        at = file.document.where(("society", "organisations", "margins"))
        raise moved_to(error, at) from error


def make_organisations(
    file: StudyFile, count: int | None, localities: dict[str, Locality] | None, scale: float
) -> Society | None:
    """The organisations of a study, of another number where asked; none where it has none.

    Where only the number of persons is another one, organisations go along (`scale`).
    """
    spec = file.study.society.organisations
    if spec is None:
        if count is not None:
            raise ScslabError("the study has no organisations", where="--organisations", got=count)
        return None
    scaled = spec.count if scale == 1 else max(round(spec.count * scale), 1)
    size = scaled if count is None else count
    where = ("society", "organisations", "count")
    at = "--organisations" if count is not None else file.document.where(where)
    if not 1 <= size <= 50_000_000:
        raise ScslabError("a society has 1 to 50,000,000 organisations", where=at, got=f"{size:,}")
    place: Place = ("society", "organisations", "margins")
    margins = margins_of(file, spec.margins, place)
    last = last_day(file.months[-1])
    stands_for = None
    if spec.stands_for is not None:
        stands_for = number_on(spec.stands_for, last, float(size))
    only = {name: tuple(found) for name, found in spec.only.items()} or None
    return society_of(file, margins, size, only, stands_for, localities, place)


def margins_of(file: StudyFile, named: str | dict[str, Any], place: Place) -> Margins:
    """Margins given in a study, or named by it."""
    if isinstance(named, dict):
        return parse_margins(named, file.document.where(place))
    beside = file.folder / named if file.folder is not None else Path(named)
    try:
        return read_margins(beside if beside.exists() else named)
    except ScslabError as error:
        if error.where not in ("", "margins"):
            raise
        raise moved_to(error, file.document.where(place)) from error


def society_of(
    file: StudyFile,
    margins: Margins,
    size: int,
    only: dict[str, tuple[str, ...]] | None,
    stands_for: float | None,
    localities: dict[str, Locality] | None,
    place: Place,
) -> Society:
    """A society of persons or of organisations; mistakes are told at their place in the study."""
    # A district holds some 30,000 persons, and more where there would be over 4,096 of them.
    district = max(32_768, size // 4096)
    try:
        return build_society(margins, size, only, stands_for, district, localities)
    except ScslabError as error:
        if error.where.startswith("localities: "):
            name = error.where.removeprefix("localities: ")
            at = file.document.where(("society", "localities", name))
            raise moved_to(error, at) from error
        at = file.document.where(place)
        raise moved_to(error, f"{at}: {error.where}" if error.where else at) from error
