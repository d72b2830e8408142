"""What an ordinal model says in probabilities: average marginal effects and predictions.

Averages are over the weighted sample as it is; standard errors are by the delta method with the
design-based covariance, with predictors held as they are (Stata's `margins` after `svy: ologit`,
`vce(delta)`; R's `marginaleffects`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scslab.analysis.distributions import t_quantile
from scslab.analysis.estimate.hidden import BELOW
from scslab.analysis.formula.matrix import with_step, with_value, with_values
from scslab.analysis.formula.walk import written
from scslab.analysis.models.ordinal import OrdinalModel
from scslab.analysis.models.ordinal_probabilities import mean_probabilities
from scslab.analysis.variance import spread_of_replicates
from scslab.core.printed import Column, ResultTable, Row, Suppressed
from scslab.core.threads import calm

# The step of a derivative, in standard deviations: central differences err by its square.
STEP = 1e-4


@dataclass(frozen=True)
class Effect:
    """One change of one predictor and what it does to the probability of one category.

    `n` is the fewest rows used that have one of the values it is between, None where it is between
    none in particular.
    """

    variable: str
    change: str  # "no -> yes", "+1 unit"
    category: str
    value: float
    standard_error: float
    low: float
    high: float
    n: int | None = None


@dataclass(frozen=True)
class Effects:
    """Effects or predictions of a model."""

    title: str
    rows: tuple[Effect, ...]
    n: int
    df: float
    source: str
    synthetic: bool
    note: str

    def table(self, id: str = "effects", *, below: int = BELOW) -> ResultTable:
        """Categories side by side, standard errors beneath.

        Changes to or from a category of fewer than `below` respondents are hidden; 0 hides none.
        """
        categories = list(dict.fromkeys(r.category for r in self.rows))
        lines: list[Row] = []
        for key in dict.fromkeys((r.variable, r.change) for r in self.rows):
            of = {r.category: r for r in self.rows if (r.variable, r.change) == key}
            name = f"{key[0]}: {key[1]}" if key[0] else key[1]
            if any(r.n is not None and r.n < below for r in of.values()):
                gone = [Suppressed(below)] * len(categories)
                lines += [Row((name, *gone)), Row(("", *gone), kind="beneath")]
                continue
            lines.append(Row((name, *(of[c].value for c in categories))))
            lines.append(Row(("", *(of[c].standard_error for c in categories)), kind="beneath"))
        return ResultTable(
            id=id,
            title=self.title,
            columns=(
                Column("change", "Change" if self.rows and self.rows[0].variable else "At"),
                *(Column(c, c, "share", 1) for c in categories),
            ),
            rows=tuple(lines),
            n=self.n,
            source=self.source,
            unit="percentage points" if "effect" in self.title.lower() else "%",
            notes=(self.note, *small_note(self.rows, below)),
            synthetic=self.synthetic,
        )


def small_note(rows: Sequence[Effect], below: int) -> tuple[str, ...]:
    """The note of a table that hides some."""
    if not any(r.n is not None and r.n < below for r in rows):
        return ()
    return (
        f"What rests on a category of fewer than {below} respondents (unweighted) is not shown.",
    )


@calm
def average_effects(model: OrdinalModel, variables: Sequence[str]) -> Effects:
    """Average marginal effects on the probability of every category.

    A predictor of numbers moves by one unit (the mean slope); of categories from the reference
    to each other one.

    Raises
    ------
    ScslabError
        A variable that is not in the formula.
    """
    rows: list[Effect] = []
    for variable in variables:
        levels = levels_of(model, variable)
        if levels is None:
            step = STEP * spread_of(model, variable)
            up, down = (with_step(model.matrix, variable, s) for s in (step, -step))
            few = fewer_of_two(model, variable)
            rows += contrast(model, up, down, 2 * step, variable, "per unit", few)
        else:
            base = with_value(model.matrix, variable, levels[0])
            counts = level_counts(model, variable)
            for level in levels[1:]:
                there = with_value(model.matrix, variable, level)
                change = f"{levels[0]} → {level}"
                few = min(counts[level], counts[levels[0]])
                rows += contrast(model, there, base, 1.0, variable, change, few)
    return told(model, "Average marginal effects", rows, "Predictors are as in the sample.")


@calm
def predicted(model: OrdinalModel, at: Sequence[Mapping[str, object]]) -> Effects:
    """Mean predicted probabilities with some variables set, others as in the sample.

    Raises
    ------
    ScslabError
        A variable that is not in the formula, or a level it does not have.
    """
    rows: list[Effect] = []
    for setting in at:
        X = with_values(model.matrix, setting) if setting else model.matrix.X
        says = ", ".join(f"{k} = {v}" for k, v in setting.items()) or "as in the sample"
        few = [n for k, v in setting.items() if (n := rows_at(model, k, v)) is not None]
        rows += contrast(model, X, None, 1.0, "", says, min(few, default=None))
    return told(model, "Predicted probabilities", rows, "Other predictors are as in the sample.")


def told(model: OrdinalModel, title: str, rows: Sequence[Effect], note: str) -> Effects:
    """Effects with what a table says about them."""
    fitted = model.fitted
    return Effects(
        title=f"{title}, {fitted.outcome}",
        rows=tuple(rows),
        n=fitted.n,
        df=fitted.df,
        source=fitted.source,
        synthetic=fitted.synthetic,
        note=f"{note} Standard errors ({fitted.errors}) beneath, by the delta method.",
    )


def levels_of(model: OrdinalModel, variable: str) -> tuple[str, ...] | None:
    """Levels of a predictor of categories, the reference first; None for numbers."""
    for name in (variable, f"factor({variable})"):
        if name in model.matrix.factors:
            return model.matrix.factors[name].levels
    return None


def level_counts(model: OrdinalModel, variable: str) -> dict[str, int]:
    """Rows used at each level of a predictor of categories."""
    store = model.matrix.store
    assert store is not None
    for place, found in store.categories.items():
        if written(store.factors[place]) in (variable, f"factor({variable})"):
            codes = store.block(0, store.n).factor(place).astype(np.int64)
            counts = np.bincount(codes, minlength=len(found.levels))
            return dict(zip(found.levels, counts.tolist(), strict=True))
    return {}


def fewer_of_two(model: OrdinalModel, variable: str) -> int | None:
    """Rows used at the rarer value of a predictor of two numbers, None where it has more."""
    values = model.sample.number(variable)[model.matrix.rows]
    low = int(np.count_nonzero(values == values.min()))
    high = int(np.count_nonzero(values == values.max()))
    return min(low, high) if low + high == len(values) else None


def rows_at(model: OrdinalModel, variable: str, value: object) -> int | None:
    """Rows used that have a value of a predictor, None where it has more than two numbers."""
    store = model.matrix.store
    assert store is not None
    for place, found in store.categories.items():
        if written(store.factors[place]) in (variable, f"factor({variable})"):
            return level_counts(model, variable)[found.levels[found.place(value)]]
    if isinstance(value, str) or fewer_of_two(model, variable) is None:
        return None
    return int(np.count_nonzero(model.sample.number(variable)[model.matrix.rows] == value))


def spread_of(model: OrdinalModel, variable: str) -> float:
    """Standard deviation of a predictor among the rows used, 1 where it has none."""
    values = model.sample.number(variable)[model.matrix.rows]
    return float(values.std()) or 1.0


def contrast(
    model: OrdinalModel,
    there: np.ndarray,
    here: np.ndarray | None,
    divide: float,
    variable: str,
    change: str,
    n: int | None = None,
) -> list[Effect]:
    """Mean probabilities at one matrix less those at another, with their standard errors."""
    link, w = model.problem.link, model.weights

    def difference(parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value, slope = mean_probabilities(there, parameters, link, w)
        if here is not None:
            below, under = mean_probabilities(here, parameters, link, w)
            value, slope = value - below, slope - under
        return value / divide, slope / divide

    value, slope = difference(model.peak.b)
    if model.replicates is not None and model.sample.design.replicates is not None:
        found = np.array([difference(p)[0] for p in model.replicates])
        spread = spread_of_replicates(model.sample.design.replicates, value, found)
    else:
        spread = slope @ model.fitted.covariance @ slope.T
    error = np.sqrt(np.maximum(np.diag(spread), 0))
    reach = t_quantile(0.975, model.fitted.df)
    return [
        Effect(
            variable, change, c, float(v), float(e), float(v - reach * e), float(v + reach * e), n
        )
        for c, v, e in zip(model.fitted.levels, value, error, strict=True)
    ]
