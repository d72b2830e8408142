"""A score or ladder as it can be drawn: its ends, its grades, where subjects start."""

from __future__ import annotations

from scslab.core.cards import GradeBand, Scale
from scslab.core.values import Dated
from scslab.regimes.model import Grades, Regime
from scslab.regimes.telling import number_words


def scale_of(regime: Regime) -> Scale | None:
    """The scale by the latest rows of the file, or None where nobody gets a score or grade."""
    grades, score = regime.grades, regime.score
    if grades is not None and grades.ladder:
        return ladder(grades)
    if score is None:
        return None
    low, high, start = (latest(d) for d in (score.lowest, score.highest, score.start))
    if grades is not None and grades.quotas:
        return Scale("worst", "best", -1, "", quota_bands(grades))
    floors = {n: latest(f) for n, f in grades.floors.items()} if grades is not None else {}
    known = {name: floor for name, floor in floors.items() if floor is not None}
    points = [p for p in (low, high, start, *known.values()) if p is not None]
    if len(set(points)) < 2:
        return None
    margin = 0.2 * (max(points) - min(points))
    left = low if low is not None else min(points) - margin
    right = high if high is not None else max(points) + margin
    place = -1.0 if start is None else (start - left) / (right - left)
    lowest = grades.lowest if grades is not None else None
    return Scale(
        low=end_words(low, "no lowest score"),
        high=end_words(high, "no highest score"),
        start=place,
        start_says="" if start is None else f"everybody starts at {number_words(start)}",
        bands=floor_bands(known, lowest or "", left, right),
    )


def latest(dated: Dated | None) -> float | None:
    """The last value of a rule that has one."""
    values = [row.value for row in dated.rows if row.value is not None] if dated else []
    return None if not values else float(values[-1])


def end_words(value: float | None, none: str) -> str:
    """An end of the scale."""
    return none if value is None else number_words(value)


def floor_bands(
    floors: dict[str, float], lowest: str, left: float, right: float
) -> tuple[GradeBand, ...]:
    """Grades with floors, worst first."""
    bands: list[GradeBand] = []
    above = right
    said = ""
    for name, floor in floors.items():
        says = f"{number_words(floor)} {said}".strip() if said else f"from {number_words(floor)}"
        bands.append(GradeBand(name, says, share(floor, left, right), share(above, left, right)))
        above, said = floor, f"to below {number_words(floor)}"
    if floors:
        bands.append(GradeBand(lowest, said.removeprefix("to "), 0.0, share(above, left, right)))
    return tuple(reversed(bands))


def share(value: float, left: float, right: float) -> float:
    """A score as its place on the drawn scale."""
    return min(max((value - left) / (right - left), 0.0), 1.0)


def quota_bands(grades: Grades) -> tuple[GradeBand, ...]:
    """Grades by quota, worst first."""
    above, bands = 1.0, []
    for name, quota in grades.quotas.items():
        part = latest(quota) or 0.0
        says = f"at most {number_words(100 * part)}% of subjects"
        bands.append(GradeBand(name, says, max(above - part, 0.0), above))
        above = max(above - part, 0.0)
    bands.append(GradeBand(grades.lowest or "", "all others", 0.0, above))
    return tuple(reversed(bands))


def ladder(grades: Grades) -> Scale:
    """Steps of equal width, worst first."""
    count = len(grades.ladder)
    names = list(reversed(grades.ladder))
    bands = [GradeBand(n, "", i / count, (i + 1) / count) for i, n in enumerate(names)]
    start = (names.index(grades.start) + 0.5) / count if grades.start in names else -1.0
    return Scale("worst", "best", start, f"everybody begins at {grades.start}", tuple(bands))
