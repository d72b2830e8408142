"""A study made ready to run: its society, its regimes, and what holds in each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from scslab.core.calendar import first_day, last_day, month, month_of, month_text
from scslab.core.draws import decision
from scslab.core.errors import ScslabError, near
from scslab.core.tables import FLOWS, GRADES, STOCKS, People
from scslab.core.values import change_days, check_dated, number_on
from scslab.regimes.load import find_regime, read_regime
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import needs_members
from scslab.study.read import StudyFile, walk_varies
from scslab.world.society.cells import Society, build_society
from scslab.world.society.kinds import Kinds, find_kinds
from scslab.world.society.margins import Margins, parse_margins, read_margins

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
    regimes: list[Regime]
    conducts: list[str]
    effects: list[tuple[int, int, str]]
    rows: dict[str, list[int]]
    changes: set[date]

    @property
    def months(self) -> range:
        """The numbers of the study's months."""
        return self.file.months

    @property
    def groups(self) -> int:
        """How many tally groups there are."""
        return int(self.people.group.max()) + 1


def build_world(
    file: StudyFile, seed: int, persons: int | None = None, length: int | None = None
) -> World:
    """Read the rules, build the society and number everything.

    Raises
    ------
    ScslabError
        Whatever is wrong with the study, its margins or its regimes.
    """
    regimes = read_regimes(file)
    if length is not None:
        file = shortened(file, length)
    for i, regime in enumerate(regimes):
        check_covered(file, regime, i)
    margins, society = make_society(file, persons)
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
    check_parts(file, regimes)
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
        regimes=regimes,
        conducts=list(file.study.conduct),
        effects=effects,
        rows={
            "score": numbered([r.score is not None for r in regimes]),
            "member": numbered(
                [
                    r.score is not None and (needs_members(r, last) or use.joins is not None)
                    for r, use in zip(regimes, file.study.regimes, strict=True)
                ]
            ),
            "listed": numbered([bool(r.lists) for r in regimes]),
        },
        changes=change_days([regimes, file.study]),
    )


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
            if error.what.startswith("a change sets"):
                error = moved_to(error, file.document.where(("regimes", i, "changes")))
            raise error
        for target, dated in use.changes.items():
            place = ("regimes", i, "changes", target)
            check_dated(dated, place, {**file.study.sources, **regime.sources}, file.document)
        regimes.append(regime)
    return regimes


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
    first, last = first_day(file.months[0]), last_day(file.months[-1])
    where = file.document.where(("regimes", i, "use"))
    until = f"to {covers.to}" if covers.to else "onward"
    starts_before = month_of(first) < int(covers.from_[:4]) * 12 + int(covers.from_[5:7]) - 1
    if starts_before or (covers.to is not None and last.isoformat() > covers.to):
        raise ScslabError(
            f"{regime.id} covers {covers.from_} {until}; {period.from_} to {period.to} was asked",
            where=where,
            hint="shorten the period, or extend the regime file with sourced rows",
        )


def check_parts(file: StudyFile, regimes: list[Regime]) -> None:
    """What a study says about a regime must exist in the regime."""
    for i, (use, regime) in enumerate(zip(file.study.regimes, regimes, strict=True)):
        where = file.document.where
        effects = [e for rules in regime.lists.values() for e in rules.effects]
        for name in use.bites:
            if name not in effects:
                raise ScslabError(
                    f'{regime.id} has no effect "{name}"',
                    where=where(("regimes", i, "bites", name)),
                    hint=near(name, effects),
                )
        for k, compare in enumerate(file.study.compare):
            if compare.regime == use.use and compare.effect and compare.effect not in effects:
                raise ScslabError(
                    f'{regime.id} has no effect "{compare.effect}"',
                    where=where(("compare", k, "effect")),
                    hint=near(compare.effect, effects),
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
        if agree and regime.score is not None and use.joins is None:
            raise ScslabError(
                f"{regime.id} asks for consent, so the study must say who joins",
                where=where(("regimes", i)),
                hint="joins: {share: ...}",
            )
        if regime.grades and len(regime.grades.floors) >= GRADES:
            raise ScslabError(
                f"{regime.id} has more than {GRADES} grades", where=where(("regimes", i))
            )


def make_society(file: StudyFile, persons: int | None) -> tuple[Margins, Society]:
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
    if isinstance(spec.margins, dict):
        margins = parse_margins(spec.margins, file.document.where(("society", "margins")))
    else:
        beside = file.folder / spec.margins if file.folder is not None else Path(spec.margins)
        try:
            margins = read_margins(beside if beside.exists() else spec.margins)
        except ScslabError as error:
            if error.where:
                raise
            raise moved_to(error, file.document.where(("society", "margins"))) from error
    stands_for = None
    if spec.stands_for is not None:
        stands_for = number_on(spec.stands_for, last_day(file.months[-1]), float(size))
    only = {name: tuple(found) for name, found in spec.only.items()} or None
    # A district holds some 30,000 persons, and more where there would be over 4,096 of them.
    try:
        society = build_society(margins, size, only, stands_for, max(32_768, size // 4096))
    except ScslabError as error:
        at = file.document.where(("society", "only" if only else "margins"))
        raise moved_to(error, f"{at}: {error.where}" if error.where else at) from error
    return margins, society
