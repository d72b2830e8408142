"""Sensitivity: how much of an outcome's variation each factor brings about.

Which indices there are hangs on the method by which cases were chosen:

- saltelli: Sobol's indices of first order and in total (S1, ST; of pairs S2), by SALib;
- morris: mu* (mean absolute effect of moving over the range), mu and sigma, by SALib;
- factorial: S1 and ST of the levels, exactly, from sums of squares;
- one-at-a-time: swing, the outcome's way from the lowest to the highest level of one factor;
- lhs, sobol: partial rank correlations, and S1 from the means of parts of a range.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from scipy import optimize, stats

from scslab.core.sweep import Factor, Index, ordered
from scslab.lab.sweep.problems import salib, unit_problem
from scslab.lab.sweep.samplers import Design

RESAMPLES = 1000
LEVEL = 0.95
PARTS = 8  # of a range, where shares of variance come of a design without a scheme
Finding = tuple[list[Index], str]


def indices(design: Design, values: np.ndarray, outcome: str = "outcome") -> Finding:
    """The sensitivity of an outcome to each factor of a sweep.

    Parameters
    ----------
    design : Design
        The cases.
    values : f8[cases]
        The outcome of each; NaN where it has none.
    outcome : str
        Its name.

    Returns
    -------
    list of Index, and a note why there are none
    """
    if not np.isfinite(values).all():
        missing = int((~np.isfinite(values)).sum())
        rank = design.method in ("lhs", "sobol")
        if not rank or missing > len(values) // 2:
            return [], f"no indices: {missing} of {len(values)} cases have no value"
    known = values[np.isfinite(values)]
    if not len(known) or np.ptp(known) == 0:
        return [], "no indices: it is the same in all cases"
    methods: dict[str, Callable[[Design, np.ndarray, str], Finding]] = {
        "saltelli": by_sobol,
        "morris": by_morris,
        "factorial": by_squares,
        "one-at-a-time": by_swing,
        "lhs": by_ranks,
        "sobol": by_ranks,
    }
    if design.method not in methods:
        return [], "no indices: the cases are a list"
    return methods[design.method](design, values, outcome)


def by_sobol(design: Design, values: np.ndarray, outcome: str) -> Finding:
    """Sobol's indices with 95 % intervals by resampling (Saltelli et al. 2010)."""
    problem = unit_problem([f.name for f in design.factors], design.groups)
    names = list(dict.fromkeys(design.groups)) or problem["names"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constants give 0, as they should
        found = salib("analyze.sobol").analyze(
            problem,
            values,
            calc_second_order=design.second_order,
            num_resamples=RESAMPLES,
            conf_level=LEVEL,
            seed=design.seed + 1,  # it takes 0 for none
        )
    rows = [
        interval(outcome, name, measure, found[measure][j], found[f"{measure}_conf"][j])
        for measure in ("S1", "ST")
        for j, name in enumerate(names)
    ]
    if design.second_order:
        rows += [
            interval(
                outcome, f"{one} x {names[k]}", "S2", found["S2"][j, k], found["S2_conf"][j, k]
            )
            for j, one in enumerate(names)
            for k in range(j + 1, len(names))
        ]
    return rows, ""


def interval(outcome: str, factor: str, measure: str, value: float, half: float) -> Index:
    """An index with half the width of its interval."""
    value, half = float(value), float(half)
    return Index(outcome, factor, measure, value, value - half, value + half)


def by_morris(design: Design, values: np.ndarray, outcome: str) -> Finding:
    """Elementary effects of moving over a whole range (Morris 1991; Campolongo et al. 2007)."""
    problem = unit_problem([f.name for f in design.factors], design.groups)
    found = salib("analyze.morris").analyze(
        problem,
        design.positions,
        values,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        num_levels=design.levels,
        seed=design.seed,
    )
    names = list(found["names"])
    rows = [
        interval(outcome, name, "mu*", found["mu_star"][j], found["mu_star_conf"][j])
        for j, name in enumerate(names)
    ]
    for measure in ("mu", "sigma"):
        rows += [
            Index(outcome, name, measure, float(found[measure][j])) for j, name in enumerate(names)
        ]
    return rows, ""


def by_squares(design: Design, values: np.ndarray, outcome: str) -> Finding:
    """Shares of variance of all combinations of levels: they are exact, so have no interval."""
    counts = [len(np.unique(design.positions[:, j])) for j in range(len(design.factors))]
    table = values.reshape(counts)
    whole = float(table.var())
    rows, totals = [], []
    for j, factor in enumerate(design.factors):
        others = tuple(a for a in range(table.ndim) if a != j)
        first = float(table.mean(axis=others).var()) / whole
        rows.append(Index(outcome, factor.name, "S1", first))
        totals.append(Index(outcome, factor.name, "ST", float(table.var(axis=j).mean()) / whole))
    return rows + totals, ""


def by_swing(design: Design, values: np.ndarray, outcome: str) -> Finding:
    """The lowest and the highest outcome while one factor moves, and the way between them."""
    rows = []
    for j, factor in enumerate(design.factors):
        mine = values[np.isfinite(design.positions[:, j])]
        low, high = float(mine.min()), float(mine.max())
        rows.append(Index(outcome, factor.name, "swing", high - low, low, high))
    return rows, ""


def by_ranks(design: Design, values: np.ndarray, outcome: str) -> Finding:
    """Partial rank correlations with Fisher's intervals (Marino et al. 2008, section 2.2).

    Ranks of the outcome and of one factor, both without what the others explain. Levels without
    an order are taken as they are, and their correlation has a size and no sign.
    """
    known = np.isfinite(values)
    table = levelled(design)[known]
    columns = [column_of(f, table[:, j]) for j, f in enumerate(design.factors)]
    n, k = int(known.sum()), sum(c.shape[1] for c in columns)
    if n - k - 2 < 10:
        return [], f"no rank correlations: {n} cases are too few for {len(columns)} factors"
    target = stats.rankdata(values[known])
    rows, shares = [], []
    for j, factor in enumerate(design.factors):
        if not columns[j].shape[1]:
            continue
        others = np.column_stack([np.ones(n), *(c for i, c in enumerate(columns) if i != j)])
        left = target - others @ np.linalg.lstsq(others, target, rcond=None)[0]
        own = columns[j] - others @ np.linalg.lstsq(others, columns[j], rcond=None)[0]
        found = signed(own[:, 0], left, n - k - 1) if ordered(factor) else sized(own, left, n - k)
        rows.append(Index(outcome, factor.name, "rank correlation", *found))
        shares.append(Index(outcome, factor.name, "S1", *explained(table[:, j], values[known])))
    return rows + shares, ""


def column_of(factor: Factor, column: np.ndarray) -> np.ndarray:
    """A factor as columns of a regression on ranks: none where it does not move, f8[n, columns]."""
    different = np.unique(column)
    if ordered(factor):
        ranks = stats.rankdata(column)[:, None]
        return ranks if len(different) > 1 else ranks[:, :0]
    return (column[:, None] == different[1:]).astype(float)


def signed(own: np.ndarray, left: np.ndarray, degrees: int) -> tuple[float, float, float]:
    """A correlation of residuals with its interval."""
    size = float(np.sqrt((own @ own) * (left @ left)))
    r = float(np.clip(own @ left / size, -0.999999, 0.999999)) if size > 0 else 0.0
    half = float(stats.norm.ppf(0.5 + LEVEL / 2)) / np.sqrt(max(degrees - 1, 1))
    low, high = (float(np.tanh(np.arctanh(r) + sign * half)) for sign in (-1, 1))
    return r, low, high


def sized(own: np.ndarray, left: np.ndarray, degrees: int) -> tuple[float, float, float]:
    """The root of the share of residuals that levels explain, adjusted for their number."""
    fitted = own @ np.linalg.lstsq(own, left, rcond=None)[0]
    shares = share_of_squares(
        float(fitted @ fitted), float((left - fitted) @ (left - fitted)), own.shape[1], degrees
    )
    first, low, high = (float(np.sqrt(share)) for share in shares)
    return first, low, high


def explained(column: np.ndarray, values: np.ndarray) -> tuple[float, float, float]:
    """The share of variance that the means of a factor's parts explain: S1 without a scheme.

    The range is cut into at most `PARTS` parts with the same number of cases. The share is
    epsilon squared, cut at 0, which chance alone does not raise; the interval is that of the
    non-central F (Steiger 2004, Psychological Methods 9). Coarser than Sobol's S1.
    """
    edges = np.unique(np.quantile(column, np.linspace(0, 1, PARTS + 1)[1:-1]))
    part = np.unique(np.searchsorted(edges, column, side="right"), return_inverse=True)[1]
    counts = np.bincount(part)
    parts, n = len(counts), len(values)
    means = np.bincount(part, values) / counts
    between = float(counts @ (means - values.mean()) ** 2)
    inner = float(((values - means[part]) ** 2).sum())
    return share_of_squares(between, inner, parts - 1, n - parts)


def share_of_squares(
    between: float, inner: float, top: int, bottom: int
) -> tuple[float, float, float]:
    """Epsilon squared, cut at 0, and its interval by the non-central F."""
    if inner <= 0 or between <= 0:
        return (1.0, 1.0, 1.0) if inner <= 0 else (0.0, 0.0, 0.0)
    ratio, n = (between / top) / (inner / bottom), top + bottom + 1
    share = (between - top * inner / bottom) / (between + inner)
    low, high = (lambda_at(ratio, top, bottom, p) for p in (0.5 + LEVEL / 2, 0.5 - LEVEL / 2))
    return max(share, 0.0), low / (low + n), high / (high + n)


def lambda_at(ratio: float, top: int, bottom: int, chance: float) -> float:
    """The non-centrality at which F lies below a ratio with this chance; 0 where it never does."""

    def away(noncentral: float) -> float:
        return float(stats.ncf.cdf(ratio, top, bottom, noncentral)) - chance

    if away(1e-9) <= 0:
        return 0.0
    highest = 10.0
    while away(highest) > 0 and highest < 1e6:
        highest *= 2
    return float(optimize.brentq(away, 1e-9, highest, xtol=1e-6)) if highest < 1e6 else highest


def levelled(design: Design) -> np.ndarray:
    """Positions in which a level, or a whole number, is one number; f8[cases, factors]."""
    found = design.positions.copy()
    for j, factor in enumerate(design.factors):
        count = len(factor.levels or ()) or (factor.high - factor.low + 1 if factor.whole else 0)
        if count:
            found[:, j] = np.minimum(np.floor(found[:, j] * count), count - 1)
    return found


def ranked(rows: list[Index]) -> list[tuple[int, Index]]:
    """The indices by which factors are ranked, strongest first, with their ranks.

    Sobol's in total, Morris's mu*, swings and rank correlations by their size.
    """
    order = ("ST", "mu*", "swing", "rank correlation")
    by = next((m for m in order if any(row.measure == m for row in rows)), "")
    mine = sorted((r for r in rows if r.measure == by), key=lambda r: (-abs(r.value), r.factor))
    return list(enumerate(mine, 1))
