"""A study made ready to run: its society, its regimes, and what holds in each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from scslab.core.calendar import last_day, month, month_text
from scslab.core.draws import decision
from scslab.core.errors import ScslabError, near
from scslab.core.tables import FLOWS, STOCKS, People
from scslab.core.values import change_days
from scslab.lab.in_force import asks_residence
from scslab.lab.safeguards import completed
from scslab.lab.world_checks import check_covered, check_rules
from scslab.lab.world_rules import read_platforms, read_regimes
from scslab.lab.world_society import make_society
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import followed, needs_members
from scslab.study.read import StudyFile, walk_varies
from scslab.world.society.cells import Society
from scslab.world.society.kinds import Kinds, find_kinds
from scslab.world.society.margins import BUILTIN, Margins, read_margins
from scslab.world.society.representatives import Registry, registry

RESERVED = {"regime", "month", "measure", "grade", "persons", "refused", *FLOWS, *STOCKS}
RESERVED |= {"comes_of", "person_months", "wrongful_person_months", "wrongful_refused"}
RESERVED |= {"political_capital"}


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
    file, regimes, platforms = read_rules(file, length)
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
        rows=state_rows(file, regimes),
        changes=change_days([regimes, list(platforms.values()), file.study]),
    )


def read_rules(
    file: StudyFile, length: int | None = None
) -> tuple[StudyFile, list[Regime], dict[str, Regime]]:
    """The study, cut to its first months where asked, its regimes and its platforms, checked.

    Where the study says nothing, it has the practice of the safeguards that it lays.

    Raises
    ------
    ScslabError
        Whatever is wrong with the rules, or with what the study says about them.
    """
    regimes, platforms = read_regimes(file), read_platforms(file)
    file = completed(file)
    check_rules(file, regimes)
    if length is not None:
        file = shortened(file, length)
    for i, regime in enumerate(regimes):
        check_covered(file, regime, i)
    return file, regimes, platforms


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
    waves = [w for w in file.study.waves if month(w.month) <= last]
    study = file.study.model_copy(
        update={"period": period, "surveys": kept, "waves": waves, "compare": compare}
    )
    return StudyFile(study, file.document, file.text, file.folder)


def state_rows(file: StudyFile, regimes: list[Regime]) -> dict[str, list[int]]:
    """The row of each regime in the arrays of the state, -1 where it needs none."""
    study, last = file.study, last_day(file.months[-1])
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


def numbered(wanted: list[bool]) -> list[int]:
    """Row numbers for those wanted, -1 for the others."""
    rows, found = [], 0
    for yes in wanted:
        rows.append(found if yes else -1)
        found += yes
    return rows


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
