"""Checks of a list experiment: design effects, floor and ceiling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.special import chdtrc, ndtr

from scslab.analysis.indirect.common import about, estimated, mean_of, two_arms
from scslab.analysis.indirect.list_data import Lists, read_lists
from scslab.analysis.indirect.orthant import orthant
from scslab.analysis.indirect.records import Estimates
from scslab.analysis.sample import Sample
from scslab.core.printed import Form, ResultTable, Row
from scslab.survey.answers import Code


@dataclass(frozen=True)
class DesignEffect:
    """The test for a design effect of Blair and Imai (2012).

    Attributes
    ----------
    cells : Estimates
        Population shares of the respondent types (control items y, sensitive item z); under no
        design effect none is below 0.
    statistics : two float
        Distance of the shares from the allowed region, for z = 1 and z = 0.
    p_each : two float
        p of each.
    p : float
        The smaller, times 2 (Bonferroni), at most 1.
    selected : bool
        Whether generalised moment selection left out cells clearly above 0.
    warnings : tuple of str
        Says so where p is below 0.05.
    """

    cells: Estimates
    statistics: tuple[float, float]
    p_each: tuple[float, float]
    p: float
    selected: bool
    warnings: tuple[str, ...]

    def table(self) -> ResultTable:
        """The shares of the types, with the test below a rule."""
        table = self.cells.table()
        blank = (None,) * (len(table.columns) - 2)
        words: tuple[tuple[str, float, Form], ...] = (
            ("Distance, sensitive item yes", self.statistics[0], "number"),
            ("Distance, sensitive item no", self.statistics[1], "number"),
            ("p of no design effect (Bonferroni)", self.p, "p"),
        )
        feet = tuple(Row((name, value, *blank), "foot", form) for name, value, form in words)
        return replace(table, rows=(*table.rows, *feet), notes=(*self.warnings, *table.notes))


def design_effect_test(
    sample: Sample,
    count: str,
    treatment: str,
    items: int,
    *,
    control: Code | None = None,
    select: bool = True,
    level: float = 0.95,
) -> DesignEffect:
    """Test whether the sensitive item changed the answers to the control items.

    Without such an effect the estimated share of every type is at least 0; the test adds up how
    far below they lie, given their covariance under the design, for z = 1 and for z = 0, and
    takes the smaller p twice (Blair and Imai 2012, section 3.1).

    Parameters
    ----------
    select : bool
        Generalised moment selection (Andrews and Soares 2010): leaves out cells with estimate
        above sqrt(log n) standard errors, which makes the test sharper.

    Raises
    ------
    ScslabError
        As `list_shares`; or several treatment groups.

    Notes
    -----
    As `ict.test` of R's `list`, but for three things: covariances follow the sampling design;
    the selection compares with standard errors, as published, where `ict.test` (9.2.6) divides
    by the spread of the estimates among themselves; and the weights of the chi-squared mixture
    for four cells and more are computed (`orthant`), not drawn.
    """
    lists = read_lists(sample, count, treatment, items, control)
    two_arms(lists.arms, treatment)
    design = sample.design.within(lists.used)
    values, covariance = estimated(design, lambda w: type_shares(lists, w))
    n = int(np.count_nonzero(lists.used))
    yes, no = slice(0, items), slice(items + 2, 2 * items + 2)
    tests = [below_zero(values[s], covariance[s, s], n, select) for s in (yes, no)]
    smaller = [p for _, p in tests if not np.isnan(p)]
    p = min(1.0, 2 * min(smaller)) if smaller else 1.0
    cells = Estimates(
        id=f"list-types-{count}",
        title=f"List experiment: types of respondents, {count}",
        names=tuple(
            f"{y} of {items} control items, sensitive item {z}"
            for z in ("yes", "no")
            for y in range(items + 1)
        ),
        groups=("",) * len(values),
        estimates=values,
        covariance=covariance,
        df=design.df,
        n=(n,) * len(values),
        rows=n,
        form="share",
        null=None,
        level=level,
        notes=(
            "Shares below 0 speak for a design effect. Test of Blair and Imai (2012): smaller of "
            "two p values, doubled (Bonferroni)"
            + (", with generalised moment selection." if select else "."),
            *lists.notes,
        ),
        **about(sample),
    )
    warnings = (
        (
            "A design effect: answers to the control items differ with the sensitive item in the "
            f"list (p = {p:.3f}). Shares and regressions of this list are not to be trusted.",
        )
        if p < 0.05
        else ()
    )
    return DesignEffect(
        cells=cells,
        statistics=(tests[0][0], tests[1][0]),
        p_each=(tests[0][1], tests[1][1]),
        p=p,
        selected=select,
        warnings=warnings,
    )


def type_shares(lists: Lists, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of types (y, z = 1) and then (y, z = 0), y from 0 to J, with influence.

    P(y, 1) = F0(y) - F1(y) and P(y, 0) = F1(y) - F0(y - 1), with F0 and F1 the shares of counts up
    to y in the control and treatment group (Glynn 2013; Blair and Imai 2012, table 1).
    """
    below: list[list[tuple[float, np.ndarray]]] = []
    for arm in (0, 1):
        rows = lists.used & (lists.arms.codes == arm)
        below.append([mean_of(lists.counts <= y, rows, weights) for y in range(lists.items + 1)])
    nothing = (0.0, np.zeros(len(weights)))
    pairs = [(below[0][y], below[1][y]) for y in range(lists.items + 1)]
    pairs += [(below[1][y], below[0][y - 1] if y else nothing) for y in range(lists.items + 1)]
    values = np.array([a[0] - b[0] for a, b in pairs])
    return values, np.column_stack([a[1] - b[1] for a, b in pairs])


def below_zero(
    values: np.ndarray, covariance: np.ndarray, n: int, select: bool
) -> tuple[float, float]:
    """Test of "all values are at least 0": distance and p; (0, NaN) where nothing is left.

    Cells without any variance are left out, and with `select` those clearly above 0.
    """
    errors = np.sqrt(np.diag(covariance))
    kept = errors > 1e-12
    if select:
        kept &= values <= np.sqrt(np.log(n)) * errors
    if not kept.any():
        return 0.0, float("nan")
    values, covariance = values[kept], covariance[np.ix_(kept, kept)]
    if len(values) > 10:  # 2^k corners: take the Bonferroni bound of single cells instead
        z = values / np.sqrt(np.diag(covariance))
        return float(np.minimum(z, 0).min() ** 2), float(min(1.0, len(z) * ndtr(z.min())))
    distance = distance_from_orthant(values, covariance)
    weights = mixture_weights(covariance)
    tails = [1.0 if distance <= 0 else 0.0, *(chdtrc(d, distance) for d in range(1, len(weights)))]
    return distance, float(min(1.0, weights @ np.array(tails)))


def distance_from_orthant(values: np.ndarray, covariance: np.ndarray) -> float:
    """Smallest (v - x)' V^-1 (v - x) over x >= 0, by trying every set of coordinates at 0.

    Examples
    --------
    >>> distance_from_orthant(np.array([-2.0, 3.0]), np.eye(2))
    4.0
    """
    k = len(values)
    best, gap = 0.0, np.inf
    for size in range(k + 1):
        for zero in combinations(range(k), size):
            at = np.array(zero, dtype=int)
            free = np.setdiff1d(np.arange(k), at)
            pull = np.linalg.pinv(covariance[np.ix_(at, at)]) @ values[at]
            left = values[free] - covariance[np.ix_(free, at)] @ pull
            # At the solution the free ones are above 0 and the others pulled up to it.
            wrong = max(0.0, (-left).max(initial=0.0)) + max(0.0, pull.max(initial=0.0))
            if wrong < gap - 1e-12:
                best, gap = float(values[at] @ pull), wrong
    return best


def mixture_weights(covariance: np.ndarray) -> np.ndarray:
    """Weights f8[k + 1] of chi-squared with 0 to k degrees of freedom (Kudo 1963; Shapiro 1988).

    Weight d is the chance that a N(0, V) vector, brought to the nearest point with no value below
    0, has d values at 0.

    Examples
    --------
    >>> mixture_weights(np.eye(2)).tolist()
    [0.25, 0.5, 0.25]
    """
    k = len(covariance)
    found = np.zeros(k + 1)
    for size in range(k + 1):
        for zero in combinations(range(k), size):
            at = np.array(zero, dtype=int)
            free = np.setdiff1d(np.arange(k), at)
            inverse = np.linalg.pinv(covariance[np.ix_(at, at)])
            cross = covariance[np.ix_(free, at)]
            rest = covariance[np.ix_(free, free)] - cross @ inverse @ cross.T
            found[size] += orthant(inverse) * orthant(rest)
    return found / found.sum()


def floor_ceiling(
    sample: Sample,
    count: str,
    treatment: str,
    items: int,
    *,
    control: Code | None = None,
    level: float = 0.95,
) -> Estimates:
    """Shares of counts at the floor (0) and at the ceiling (J), by group.

    Who says yes to all control items (or none) gives the sensitive answer away in the treatment
    group; where many do, an honest answer is not protected (Blair and Imai 2012, section 3.3).

    Raises
    ------
    ScslabError
        As `list_shares`.
    """
    lists = read_lists(sample, count, treatment, items, control)
    design = sample.design.within(lists.used)
    cells, names, groups = [], [], []
    for arm, label in enumerate(lists.arms.names):
        rows = lists.used & (lists.arms.codes == arm)
        ends = [0, items] if arm == 0 else [0, items, items + 1]
        for end in ends:
            cells.append((lists.counts == end, rows))
            names.append(f"Count of {end}")
            groups.append(label)

    def evaluate(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = [mean_of(values, rows, weights) for values, rows in cells]
        return np.array([f[0] for f in found]), np.column_stack([f[1] for f in found])

    values, covariance = estimated(design, evaluate)
    warnings = tuple(
        f"{value * 100:.0f} % of the control group say yes to {what}: {why}."
        for value, what, why in (
            (values[0], "no control item", "a floor, with the sensitive answer in the open"),
            (values[1], "all control items", "a ceiling, with the sensitive answer in the open"),
        )
        if value > 0.15
    )
    return Estimates(
        id=f"list-ends-{count}",
        title=f"List experiment: floor and ceiling, {count}",
        names=tuple(names),
        groups=tuple(groups),
        estimates=values,
        covariance=covariance,
        df=design.df,
        n=tuple(int(np.count_nonzero(rows)) for _, rows in cells),
        rows=int(np.count_nonzero(lists.used)),
        form="share",
        null=None,
        level=level,
        warnings=warnings,
        notes=(f"{items} control items; a warning is given above 15 %.", *lists.notes),
        group_title=sample.answers.variable(treatment).says,
        **about(sample),
    )
