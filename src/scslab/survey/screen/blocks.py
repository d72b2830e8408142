"""Checks over grids, scales and the reasons of missing answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scslab.core.errors import ScslabError
from scslab.survey.answers import BLANK, VALID, Answers
from scslab.survey.screen.plan import Grid, ScreenPlan, numbers
from scslab.survey.screen.result import Check
from scslab.survey.screen.straight import even_odd, longest_true, same_answer

Results = Iterator[Check | str]
NOT_PUT = ("not_asked", "not_applicable", "attrition")


def block_warnings(answers: Answers, items: tuple[str, ...], values: np.ndarray) -> Iterator[str]:
    """Say where items of a block are on different scales: equal codes then mean nothing."""
    scales: dict[tuple[float, float], list[str]] = {}
    by_label = all(answers.variable(name).labels for name in items)
    for name, row in zip(items, values, strict=True):
        codes = np.array([float(c) for c in answers.variable(name).labels]) if by_label else row
        if not np.isnan(codes).all():
            key = (float(np.nanmin(codes)), float(np.nanmax(codes)))
            scales.setdefault(key, []).append(name)
    if len(scales) > 1:
        parts = [f"{low:g} to {high:g}: {', '.join(n)}" for (low, high), n in scales.items()]
        yield (
            "The items are on different scales, so runs of the same code and the variability "
            f"across items say little ({'; '.join(parts)})."
        )


def scale_of(answers: Answers, grid: Grid, values: np.ndarray) -> tuple[float, float, bool]:
    """Lowest and highest code of a grid, and whether they were guessed from the answers."""
    if grid.scale is not None:
        return (*grid.scale, False)
    codes = [float(c) for name in grid.items for c in answers.variable(name).labels]
    if codes:
        return min(codes), max(codes), False
    return float(np.nanmin(values)), float(np.nanmax(values)), True


def straight_grids(answers: Answers, plan: ScreenPlan) -> Results:
    """Share of grids with one answer throughout, and grids where that contradicts itself.

    In a grid with reversed items the same answer to all says yes and no at once, unless it is the
    middle of the scale.
    """
    count, straight, opposed = (np.zeros(answers.n) for _ in range(3))
    any_reverse = np.zeros(answers.n, dtype=bool)
    for k, grid in enumerate(plan.grids):
        values = numbers(answers, grid.items, f"grids[{k + 1}]")
        yield from block_warnings(answers, grid.items, values)
        one = same_answer(values)
        enough = (~np.isnan(values)).sum(axis=0) > 1
        count += enough
        straight += ~np.isnan(one)
        turned = np.isin(grid.items, grid.reverse)
        if turned.any():
            low, high, guessed = scale_of(answers, grid, values)
            if guessed:
                yield guess_warning(f"grid {k + 1}", low, high)
            there = ~np.isnan(values)
            both = there[turned].any(axis=0) & there[~turned].any(axis=0)
            any_reverse |= both
            opposed += both & ~np.isnan(one) & (one != (low + high) / 2)
    share = np.where(count > 0, straight / np.maximum(count, 1), np.nan)
    rule = f"one answer throughout in {plan.straight_grids:.3g} or more of {len(plan.grids)} grids"
    flagged = (share >= plan.straight_grids) & (straight > 0)
    yield Check("straight_grids", "Straight-lined grids", rule, plan.straight_grids, share, flagged)
    if any(grid.reverse for grid in plan.grids):
        values = np.where(any_reverse, opposed, np.nan)
        rule = "the same answer, not the middle one, to items and reversed items of a grid"
        yield Check("opposed_items", "Agrees to opposites", rule, 1, values, opposed >= 1)


def guess_warning(where: str, low: float, high: float) -> str:
    """That a scale was read off the answers."""
    return (
        f"The scale of {where} was taken from its answers ({low:g} to {high:g}); state it if the "
        "ends may not have been chosen."
    )


def even_odd_check(answers: Answers, plan: ScreenPlan) -> Results:
    """Even-odd inconsistency over scales.

    Raises
    ------
    ScslabError
        Fewer than three scales.
    """
    if len(plan.scales) < 3:
        raise ScslabError(
            "the even-odd index needs at least three scales",
            where="scales",
            got=len(plan.scales),
            why="the correlation of two points is always 1 or -1",
        )
    turned = []
    for k, grid in enumerate(plan.scales):
        values = numbers(answers, grid.items, f"scales[{k + 1}]")
        reverse = np.isin(grid.items, grid.reverse)
        if reverse.any():
            low, high, guessed = scale_of(answers, grid, values)
            if guessed:
                yield guess_warning(f"scale {k + 1}", low, high)
            values[reverse] = low + high - values[reverse]
        turned.append(values)
    found = even_odd(turned)
    limit = -plan.even_odd_below
    rule = (
        f"even-odd correlation over {len(turned)} scales, Spearman-Brown corrected, below "
        f"{plan.even_odd_below:g} (careless 1.2 gives it with the sign changed)"
    )
    yield Check("even_odd", "Inconsistent within scales", rule, limit, found, found > limit)


def marks_of(answers: Answers, name: str) -> np.ndarray | None:
    """Marks of a variable, None where every answer is there."""
    marks = answers.marks.get(name)
    if marks is not None:
        return marks
    gone = answers.column(name).isna().to_numpy()
    return np.where(gone, BLANK, VALID).astype(np.int16) if gone.any() else None


def marked(answers: Answers, name: str, reasons: tuple[str, ...]) -> np.ndarray:
    """Whose answer (bool[n]) is missing for one of these reasons ("blank" for none given)."""
    marks = marks_of(answers, name)
    if marks is None:
        return np.zeros(answers.n, dtype=bool)
    codes = [k for k, m in enumerate(answers.variable(name).missing, 1) if m.reason in reasons]
    return np.isin(marks, [*codes, *([BLANK] if "blank" in reasons else [])])


def dont_know_runs(answers: Answers, plan: ScreenPlan) -> Results:
    """Longest run of don't-knows over the items in their order."""
    run = longest_true(np.array([marked(answers, name, ("dk",)) for name in plan.items]))
    limit = plan.dont_know_run
    rule = f"{limit} or more don't-knows in a row, of {len(plan.items)} items"
    yield Check(
        "dont_know", "Don't-know run", rule, limit, run.astype(float), run >= limit
    )  # fmt: skip


def unanswered(answers: Answers, plan: ScreenPlan) -> Results:
    """Share of the items put to a respondent that have no answer, for whatever reason."""
    put = np.zeros(answers.n)
    missing = np.zeros(answers.n)
    for name in plan.items:
        marks = marks_of(answers, name)
        here = ~marked(answers, name, NOT_PUT)
        put += here
        if marks is not None:
            missing += here & (marks != VALID)
    share = np.where(put > 0, missing / np.maximum(put, 1), np.nan)
    limit = plan.nonresponse
    rule = (
        f"{limit:.3g} or more of the items put to the respondent unanswered (don't know and "
        "refused included; not asked and not applicable left out)"
    )
    flagged = (share >= limit) & (missing > 0)
    yield Check("nonresponse", "Items unanswered", rule, limit, share, flagged)


def unanswered_by_reason(answers: Answers, items: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Missing answers of the items by reason, the most frequent first."""
    count: dict[str, int] = {}
    for name in items:
        marks = marks_of(answers, name)
        if marks is None:
            continue
        words = ["blank", "", *(m.reason for m in answers.variable(name).missing)]
        for word, times in zip(words, np.bincount(marks + 1, minlength=len(words)), strict=False):
            if word and times:
                count[word] = count.get(word, 0) + int(times)
    return tuple(sorted(count.items(), key=lambda item: -item[1]))
