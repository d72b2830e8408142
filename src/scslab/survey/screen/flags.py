"""The quality screen: every declared check over all respondents.

Checks and cut-offs follow the literature on careless responding (Meade and Craig 2012; Curran
2016) and R's `careless`; none is proof, so respondents are flagged and never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy.special import chdtri

from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers
from scslab.survey.screen.blocks import (
    block_warnings,
    dont_know_runs,
    even_odd_check,
    straight_grids,
    unanswered,
    unanswered_by_reason,
)
from scslab.survey.screen.duplicates import group_sizes
from scslab.survey.screen.multivariate import mahalanobis
from scslab.survey.screen.plan import ScreenPlan, check_plan, holds, numbers
from scslab.survey.screen.result import Check, Screen
from scslab.survey.screen.straight import longest_run, variability


def screen(answers: Answers, plan: ScreenPlan) -> Screen:
    """Flag respondents by the checks of a plan; nobody is dropped.

    Parameters
    ----------
    answers : Answers
    plan : ScreenPlan
        Which variables to look at and the thresholds; a check without variables is not made.

    Returns
    -------
    Screen
        Flags (bool[n]) and values (f8[n]) of each check, with tables.

    Raises
    ------
    ScslabError
        Unknown variables, text where numbers are needed, negative seconds, fewer than two items,
        answers that are all missing.

    Examples
    --------
    >>> from scslab.survey.answers import Variable
    >>> frame = pd.DataFrame({"seconds": [300.0, 310.0, 50.0]})
    >>> answers = Answers(frame, {"seconds": Variable("seconds")})
    >>> screen(answers, ScreenPlan(seconds="seconds")).flagged().tolist()
    [False, False, True]
    """
    if answers.n == 0:
        raise ScslabError("there are no respondents to screen", where=answers.source)
    check_plan(plan, answers)
    checks: list[Check] = []
    warnings: list[str] = []
    for applies, make in CHECKS:
        if applies(plan):
            for result in make(answers, plan):
                (checks if isinstance(result, Check) else warnings).append(result)  # type: ignore[arg-type]
    return Screen(
        checks=tuple(checks),
        n=answers.n,
        source=answers.source,
        synthetic=answers.synthetic,
        warnings=tuple(dict.fromkeys(warnings)),
        unanswered=unanswered_by_reason(answers, plan.items) if plan.items else (),
        asked=len(plan.items) * answers.n,
    )


Results = Iterator[Check | str]


def seconds_of(answers: Answers, names: tuple[str, ...], where: str) -> np.ndarray:
    """Times as f8[k, n].

    Raises
    ------
    ScslabError
        Some are negative.
    """
    found = numbers(answers, names, where)
    negative = found < 0
    if negative.any():
        k, row = np.argwhere(negative)[0]
        raise ScslabError(
            "negative seconds",
            where=names[k],
            got=f"{int(negative[k].sum()):,} rows; the first is row {row + 1:,} "
            f"({found[k, row]:g})",
            expected="seconds of 0 or more",
            hint="mend the variable, or mark these values as missing",
        )
    return found


def speeders(answers: Answers, plan: ScreenPlan) -> Results:
    """Whole interviews below a share of the median, or below a number of seconds."""
    taken = seconds_of(answers, (plan.seconds,), "seconds")[0]
    middle = float(np.nanmedian(taken))
    limit = plan.fastest * middle if plan.seconds_below is None else plan.seconds_below
    rule = (
        f"less than {limit:.4g} seconds ({plan.fastest:.3g} of the median, {middle:.4g})"
        if plan.seconds_below is None
        else f"less than {limit:.4g} seconds (median {middle:.4g})"
    )
    yield Check("speeders", "Too fast", rule, limit, taken, taken < limit)


def page_speeders(answers: Answers, plan: ScreenPlan) -> Results:
    """Share of pages below a share of the page's median."""
    taken = seconds_of(answers, plan.page_seconds, "page_seconds")
    seen = ~np.isnan(taken)
    middles = np.array(
        [np.median(t[s]) if s.any() else np.nan for t, s in zip(taken, seen, strict=True)]
    )
    fast = (taken < plan.fastest * middles[:, None]).sum(axis=0)
    pages = seen.sum(axis=0)
    share = np.where(pages > 0, fast / np.maximum(pages, 1), np.nan)
    rule = (
        f"{plan.pages_fast:.3g} or more of the pages in less than {plan.fastest:.3g} of the "
        "page's median"
    )
    flagged = (share >= plan.pages_fast) & (fast > 0)
    yield Check("page_speeders", "Pages too fast", rule, plan.pages_fast, share, flagged)


def item_block(answers: Answers, plan: ScreenPlan) -> Results:
    """Longest run, variability and Mahalanobis distance of the items."""
    values = numbers(answers, plan.items, "items")
    k = len(plan.items)
    yield from block_warnings(answers, plan.items, values)
    limit = plan.longest_run or (k + 1) // 2
    run = longest_run(values)
    rule = f"the same answer {limit} times or more in a row, of {k} items"
    yield Check("longest_run", "Straight line", rule, limit, run, run >= limit)
    spread = variability(values)
    yield variability_check(spread, plan)
    try:
        found = mahalanobis(values)
    except ScslabError as error:  # of the data, not of the plan: the other checks still hold
        yield f"There is no Mahalanobis distance: {error.what}; {error.hint}."
        return
    for item in found.redundant:
        yield (
            f"{plan.items[item]} is left out of the Mahalanobis distance: it is constant, or the "
            "items before it determine it."
        )
    cut = float(chdtri(max(len(found.used), 1), plan.mahalanobis_p))
    rule = (
        f"squared Mahalanobis distance above {cut:.4g} (chi-squared, {len(found.used)} df, "
        f"p = {plan.mahalanobis_p:g})"
    )
    flagged = found.squared > cut
    yield Check("mahalanobis", "Unusual pattern", rule, cut, found.squared, flagged)


def variability_check(spread: np.ndarray, plan: ScreenPlan) -> Check:
    """Low intra-individual variability (Dunn and others 2018)."""
    known = spread[~np.isnan(spread)]
    limit = plan.irv_below
    if limit is None:
        limit = float(np.quantile(known, plan.irv_lowest)) if len(known) else 0.0
        rule = (
            f"standard deviation across items 0 or below {limit:.4g}, the {plan.irv_lowest:g} "
            "quantile (so about that share by construction)"
        )
        # With many straight lines the quantile is 0 and "below" would flag none of them.
        flagged = (spread < limit) | (spread == 0.0)
    else:
        rule = f"standard deviation across items below {limit:g}"
        flagged = spread < limit
    return Check("variability", "Little variability", rule, limit, spread, flagged)


def contradictions(answers: Answers, plan: ScreenPlan) -> Results:
    """Pairs that must agree and combinations that cannot be."""
    count = np.zeros(answers.n)
    judged = np.zeros(answers.n, dtype=bool)
    for a, b in plan.agree:
        if answers.variable(a).kind == answers.variable(b).kind == "number":
            first, second = (answers.column(x).to_numpy(float, na_value=np.nan) for x in (a, b))
            both = ~np.isnan(first + second)
            count += both & (np.abs(first - second) > plan.agree_within)
        else:
            left, right = answers.column(a), answers.column(b)
            both = (left.notna() & right.notna()).to_numpy()
            count += both & (left.astype(object) != right.astype(object)).to_numpy()
        judged |= both
    for combination in plan.impossible:
        met = np.ones(answers.n, dtype=bool)
        there = np.ones(answers.n, dtype=bool)
        for clause in combination.clauses:
            met &= holds(answers, clause)
            there &= answers.column(clause.variable).notna().to_numpy()
        count += met
        judged |= there
    said = [f"{a} and {b} differ" for a, b in plan.agree] + [i.title for i in plan.impossible]
    values = np.where(judged, count, np.nan)
    rule = "any of: " + "; ".join(said)
    yield Check("inconsistent", "Contradictory answers", rule, 1, values, count >= 1)


def duplicate_answers(answers: Answers, plan: ScreenPlan) -> Results:
    """Rows that share all their answers with another."""
    others = group_sizes([answers.column(name).to_numpy() for name in plan.duplicates])
    rule = f"all answers to {len(plan.duplicates)} items as another respondent's"
    yield Check("duplicates", "Duplicate answers", rule, 1, others, others >= 1)


def duplicate_ids(answers: Answers, plan: ScreenPlan) -> Results:
    """Ids and devices that occur more than once."""
    found = [group_sizes([answers.column(name).to_numpy()]) for name in plan.duplicate_ids]
    known = np.array(found)
    none = np.isnan(known).all(axis=0)
    others = np.where(none, np.nan, np.where(np.isnan(known), 0.0, known).max(axis=0))
    rule = f"the same {' or '.join(plan.duplicate_ids)} as another respondent"
    yield Check("duplicate_ids", "Duplicate id or device", rule, 1, others, others >= 1)


def attention_checks(answers: Answers, plan: ScreenPlan) -> Results:
    """Attention checks answered wrongly or not at all; those not asked do not count."""
    failed = np.zeros(answers.n)
    asked = np.zeros(answers.n, dtype=bool)
    for check in plan.attention:
        reasons = answers.reasons(check.item)
        put = ~np.isin(reasons, ["not_asked", "not_applicable", "attrition"])
        asked |= put
        failed += put & ~answers.column(check.item).isin(check.right).to_numpy()
    values = np.where(asked, failed, np.nan)
    limit = plan.attention_failed
    rule = f"{limit} or more of {len(plan.attention)} attention checks failed"
    yield Check("attention", "Attention check failed", rule, limit, values, failed >= limit)


def field_dates(answers: Answers, plan: ScreenPlan) -> Results:
    """Starts before the first day or after the last; the value is days outside.

    Raises
    ------
    ScslabError
        No field dates, dates that cannot be read, or a variable that is no date.
    """
    try:
        if plan.field is None:
            raise ValueError("no dates")
        first, last = (pd.Timestamp(day) for day in plan.field)
        if last < first:
            raise ValueError(f"{plan.field[1]} before {plan.field[0]}")
    except ValueError as error:
        raise ScslabError(
            "field dates are needed to judge starts",
            where="field",
            got=error,
            expected='two dates such as "2024-03-01", the first day first',
        ) from None
    variable = answers.variable(plan.started)
    if variable.kind not in ("date", "datetime"):
        raise ScslabError(
            f'"{plan.started}" is {variable.kind}, not a date',
            where="started",
            expected="a variable of dates",
        )
    day = pd.to_datetime(answers.column(plan.started)).dt.normalize()
    before, after = ((first - day).dt.days, (day - last).dt.days)
    outside = np.maximum(np.maximum(before.to_numpy(float), after.to_numpy(float)), 0.0)
    rule = f"started before {plan.field[0]} or after {plan.field[1]}"
    yield Check("field_dates", "Outside field dates", rule, 1, outside, outside >= 1)


CHECKS: tuple[tuple[Callable[[ScreenPlan], bool], Callable[[Answers, ScreenPlan], Results]], ...]
CHECKS = (
    (lambda p: bool(p.seconds), speeders),
    (lambda p: bool(p.page_seconds), page_speeders),
    (lambda p: bool(p.items), item_block),
    (lambda p: bool(p.grids), straight_grids),
    (lambda p: bool(p.scales), even_odd_check),
    (lambda p: bool(p.agree or p.impossible), contradictions),
    (lambda p: bool(p.duplicates), duplicate_answers),
    (lambda p: bool(p.duplicate_ids), duplicate_ids),
    (lambda p: bool(p.items), dont_know_runs),
    (lambda p: bool(p.items), unanswered),
    (lambda p: bool(p.attention), attention_checks),
    (lambda p: bool(p.started), field_dates),
)
