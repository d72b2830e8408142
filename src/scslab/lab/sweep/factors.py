"""Factors: the values of a study that vary, found from a sweep file; `levers` moves them."""

from __future__ import annotations

import math
import re
from fnmatch import fnmatchcase
from typing import Any

from scslab.core.errors import ScslabError, near
from scslab.core.sweep import Factor
from scslab.lab.sweep.levers import Lever, counted, has_range, is_whole
from scslab.lab.sweep.paths import Spot, dated, find_spot, months_of, row_in_force
from scslab.study.read import StudyFile
from scslab.study.sweep import FACTOR_NAME, FactorSpec, Steps, SweepFile

DROPPED = frozenset(("conduct", "agencies", "regimes", "rules", "practice"))
MOST_LEVELS = 100_000
WEIGHT = re.compile(r"(regimes\.[^.]+\.rules\.score\.dimensions\.).+\.weight\Z")


def find_levers(
    sweep: SweepFile, file: StudyFile, known: dict[str, Spot], months: range
) -> tuple[list[Lever], list[str]]:
    """All factors of a sweep, those of the file first; and the assumptions that cannot matter.

    Raises
    ------
    ScslabError
        A path or a pattern leads nowhere, or a range does not fit its value.
    """
    where = sweep.document.where
    levers = []
    for name, spec in sweep.spec.factors.items():
        at = where(("factors", name))
        spot = find_spot(file, spec.path, known, where(("factors", name, "path")))
        levers.append(Lever(factor_of(name, spec, spot, at), spot, whole_of(spot, known)))
        twice = [x.factor.name for x in levers[:-1] if x.spot.place == spot.place]
        if twice:
            raise ScslabError(
                f'"{name}" and "{twice[0]}" move the same value', where=at, got=spec.path
            )
    taken = {lever.spot.path for lever in levers}
    guessed, left_out = assumptions(sweep, file, known, months, taken)
    names = {lever.factor.name for lever in levers}
    for lever in guessed:
        if lever.factor.name in names:
            raise ScslabError(
                f'an assumption is called "{lever.factor.name}" too',
                where=where(("factors", lever.factor.name)),
                why=f"it is that of {lever.spot.path}",
                hint="call the factor something else",
            )
    if not levers and not guessed:
        raise ScslabError(
            "nothing varies",
            where=where(("assumptions",)),
            why=f"{file.study.id} and its regimes have no value with a range in these months",
        )
    return [*levers, *guessed], left_out


def whole_of(spot: Spot, known: dict[str, Spot]) -> tuple[Spot, ...]:
    """All weights of a score, where a value is one of them."""
    match = WEIGHT.match(spot.path)
    if match is None:
        return ()
    return tuple(s for p, s in known.items() if WEIGHT.match(p) and p.startswith(match[1]))


def factor_of(name: str, spec: FactorSpec, spot: Spot, where: str) -> Factor:
    """A factor of the sweep file."""
    unit = str(spot.now["unit"]) if dated(spot.now) else ""
    if spec.low is None and spec.values is None and spec.range is None:
        found = between_factor(name, spot, range(0)) if dated(spot.now) else None
        if found is None:
            raise ScslabError(
                f'"{spec.path}" has no range of its own',
                where=where,
                why=f"no row at {spot.where} says between: [low, high]",
                hint="low and high, values, or range",
            )
        return found
    base = base_of(spot.now)
    numbers = [r["value"] for r in spot.now["rows"]] if dated(spot.now) else [spot.now]
    numbers = [n for n in numbers if n is not None]
    if spec.values is None or spec.as_ == "times":
        check_numbers(spec, spot, numbers, where)
    moves = spec.as_
    if moves == "times":
        base = 1.0
    if spec.values is not None:
        levels = tuple(tuple(v) if isinstance(v, list) else v for v in spec.values)
        return Factor(name, spec.path, unit, 0, len(levels) - 1, levels, False, moves, base)
    if spec.range is not None:
        levels = stepped(spec.range, where)
        return Factor(name, spec.path, unit, 0, len(levels) - 1, levels, False, moves, base)
    assert spec.low is not None and spec.high is not None  # checked with the file
    known = [*numbers, spec.low, spec.high]
    if unit:
        whole = moves == "set" and counted(spot, known)
    else:
        whole = moves == "set" and all(isinstance(n, int) for n in numbers)
    low, high = whole_ends(spec.low, spec.high) if whole else (spec.low, spec.high)
    if not low < high:
        raise ScslabError(
            "this value takes whole numbers, and there are not two in the range",
            where=where,
            got=f"{spec.low:g} to {spec.high:g}",
        )
    return Factor(name, spec.path, unit, low, high, None, whole, moves, base)


def whole_ends(low: float, high: float) -> tuple[int, int]:
    """The first and the last whole number of a range."""
    return math.ceil(low), math.floor(high)


def check_numbers(spec: FactorSpec, spot: Spot, numbers: list[Any], where: str) -> None:
    """A range needs a number to move."""
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        yes = any(isinstance(n, bool) for n in numbers)
        raise ScslabError(
            f'"{spec.path}" is no number',
            where=where,
            got=f"{spot.where} says {str(numbers[0]).lower()}",
            hint="values: [false, true]" if yes else "values: [..., ...]",
        )


def stepped(steps: Steps, where: str) -> tuple[Any, ...]:
    """The numbers of a range with steps.

    Examples
    --------
    >>> stepped(Steps(start=0.1, step=0.1, stop=0.45), "")
    (0.1, 0.2, 0.3, 0.4)
    >>> stepped(Steps(start=12, step=12, stop=36), "")
    (12, 24, 36)
    """
    count = int((steps.stop - steps.start) / steps.step + 1e-9) + 1
    if count > MOST_LEVELS:
        raise ScslabError(
            "too many steps", where=where, got=count, expected=f"at most {MOST_LEVELS}"
        )
    found = [round(steps.start + i * steps.step, 12) for i in range(count)]
    whole = all(map(is_whole, found))
    return tuple(int(v) if whole else v for v in found)


def base_of(now: Any) -> Any:
    """What a value is in the study, where it is one value over all its rows."""
    if not dated(now):
        return tuple(now) if isinstance(now, list) else now
    numbers = [row["value"] for row in now["rows"] if row["value"] is not None]
    return numbers[0] if numbers and all(n == numbers[0] for n in numbers) else None


def between_factor(name: str, spot: Spot, months: range) -> Factor | None:
    """A factor over the ranges of the rows of a value; none where no row in force has one."""
    rows = spot.now["rows"]
    moved = [i for i, row in enumerate(rows) if has_range(row)]
    if not any(not months or row_in_force(rows, i, months) for i in moved):
        return None
    unit = str(spot.now["unit"])
    ranges = {tuple(rows[i]["between"]) for i in moved}
    fixed = [r for i, r in enumerate(rows) if i not in moved and r["value"] is not None]
    if len(ranges) > 1:
        return Factor(name, spot.path, "position", 0.0, 1.0, None, False, "between", None)
    low, high = next(iter(ranges))
    base = base_of(spot.now) if not fixed else None
    if isinstance(low, bool):
        return Factor(name, spot.path, unit, 0, 1, (False, True), False, "between", base)
    whole = counted(spot, [low, high, *(rows[i]["value"] for i in moved)])
    low, high = whole_ends(low, high) if whole else (low, high)
    if not low < high:
        return None
    return Factor(name, spot.path, unit, low, high, None, whole, "between", base)


def assumptions(
    sweep: SweepFile,
    file: StudyFile,
    known: dict[str, Spot],
    months: range,
    taken: set[str],
) -> tuple[list[Lever], list[str]]:
    """The values with a range that vary as well, and those that no month of the run reads."""
    wanted = sweep.spec.assumptions
    if wanted is None:
        return [], []
    patterns = ["*"] if wanted == "all" else wanted
    regimes = [use.use for use in file.study.regimes]
    guessed = [p for p, s in known.items() if any(map(has_range, s.now["rows"]))]
    names = readable(guessed, regimes[0] if len(regimes) == 1 else "")
    used: set[str] = set()
    levers, left_out = [], []
    for path, name in names.items():
        fits = [p for p in patterns if fnmatchcase(path, p) or fnmatchcase(name, p)]
        used |= set(fits)
        if not fits or path in taken:
            continue
        spot = known[path]
        factor = between_factor(name, spot, months_of(file, spot, months))
        if factor is None:
            left_out.append(f"{path}: no row with a range is in force in these months")
        else:
            levers.append(Lever(factor, spot, whole_of(spot, known)))
    for i, pattern in enumerate(patterns):
        if pattern not in used and wanted != "all":
            raise ScslabError(
                f'no assumption fits "{pattern}"',
                where=sweep.document.where(("assumptions", i)),
                hint=near(pattern, names),
            )
    return levers, left_out


def readable(paths: list[str], only: str = "") -> dict[str, str]:
    """Names of values by their paths: without the words that say where, if they stay unique.

    Parameters
    ----------
    only : str
        The regime of a study that has no other: its values do without its name.

    Examples
    --------
    >>> names = readable(["regimes.list.practice.notice", "conduct.judgment.refused.rate"], "list")
    >>> list(names.values())
    ['notice', 'judgment.refused rate']
    """
    short = {path: short_name(path.replace(f"regimes.{only}.", "regimes.")) for path in paths}
    counts: dict[str, int] = {}
    for name in short.values():
        counts[name] = counts.get(name, 0) + 1
    plain = {p: n if counts[n] == 1 and FACTOR_NAME.match(n) else p for p, n in short.items()}
    return {path: name[:100] for path, name in plain.items()}


def short_name(path: str) -> str:
    """The words of a path that tell it from others."""
    from scslab.core.acts import acts

    act = next((a for a in acts() if f".{a}." in f"{path}."), "")
    parts = path.replace(act, "\0").split(".") if act else path.split(".")
    kept = [p for p in parts[:-1] if p not in DROPPED] + parts[-1:]
    return " ".join(kept).replace("\0", act).replace("_", " ")
