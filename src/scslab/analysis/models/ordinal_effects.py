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
from scslab.analysis.formula.matrix import with_step, with_value, with_values
from scslab.analysis.models.ordinal import OrdinalModel
from scslab.analysis.models.ordinal_probabilities import mean_probabilities
from scslab.analysis.variance import spread_of_replicates
from scslab.core.printed import Column, ResultTable, Row
from scslab.core.threads import calm

# The step of a derivative, in standard deviations: central differences err by its square.
STEP = 1e-4


@dataclass(frozen=True)
class Effect:
    """One change of one predictor and what it does to the probability of one category."""

    variable: str
    change: str  # "no -> yes", "+1 unit"
    category: str
    value: float
    standard_error: float
    low: float
    high: float


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

    def table(self, id: str = "effects") -> ResultTable:
        """Categories side by side, standard errors beneath."""
        categories = list(dict.fromkeys(r.category for r in self.rows))
        lines: list[Row] = []
        for key in dict.fromkeys((r.variable, r.change) for r in self.rows):
            of = {r.category: r for r in self.rows if (r.variable, r.change) == key}
            name = f"{key[0]}: {key[1]}" if key[0] else key[1]
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
            notes=(self.note,),
            synthetic=self.synthetic,
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
            rows += contrast(model, up, down, 2 * step, variable, "per unit")
        else:
            base = with_value(model.matrix, variable, levels[0])
            for level in levels[1:]:
                there = with_value(model.matrix, variable, level)
                rows += contrast(model, there, base, 1.0, variable, f"{levels[0]} → {level}")
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
        rows += contrast(model, X, None, 1.0, "", says)
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
        Effect(variable, change, c, float(v), float(e), float(v - reach * e), float(v + reach * e))
        for c, v, e in zip(model.fitted.levels, value, error, strict=True)
    ]
