"""What a study and its rules say about each other must fit, as far as it needs no society."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import get_args

from scslab.core.acts import acts
from scslab.core.calendar import first_day, last_day, month, month_of
from scslab.core.errors import ScslabError, near
from scslab.core.tables import GRADES
from scslab.regimes.lists import Field_
from scslab.regimes.load import find_regime, read_regime
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import followed, needs_members
from scslab.study.read import StudyFile

OF_LISTS = ("entries", "listed", "exits", "performed", "performed-within-a-month")


def check_rules(file: StudyFile, regimes: list[Regime]) -> None:
    """What the study and its rules say about each other, as far as it needs no society."""
    check_listings(file, regimes)
    check_parts(file, regimes)
    check_subjects(file, regimes)
    check_inspections(file, regimes)
    check_oversight(file, regimes)


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
