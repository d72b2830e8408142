"""Fitted models as tables and figures: side by side, as a plot, and beside what was expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from scslab.analysis.distributions import t_quantile, t_two_sided
from scslab.analysis.estimate.hidden import BELOW
from scslab.analysis.fitted import Fitted, Test
from scslab.analysis.model_cells import dummy_counts as dummy_counts
from scslab.analysis.model_cells import hidden_coefficients, hidden_in_all
from scslab.core.errors import ScslabError, near
from scslab.core.printed import (
    Cell,
    CoefficientFigure,
    CoefficientRow,
    Column,
    ResultTable,
    Row,
    Suppressed,
)

Expected = Literal["+", "-", "0"]
ERRORS = {
    "linearised": "design-based (linearised)",
    "replicates": "from replicate weights",
    "model": "model-based",
}
WEIGHTED = ("weight", "rake", "poststratify", "calibrate")
KINDS = {"ordinal": "ordered", "linear": "linear", "logit": "binary", "multinomial": "multinomial"}
LEVEL = 0.05  # of hypotheses' verdicts


@dataclass(frozen=True)
class Hypothesis:
    """What was expected of one coefficient of one model."""

    id: str
    says: str
    model: str
    coefficient: str
    expected: Expected


def readable(name: str, term: str) -> str:
    """A coefficient's name for readers.

    Examples
    --------
    >>> readable("educationhigh", "education"), readable("age:sexmale", "age:sex")
    ('education: high', 'age × sex: male')
    """
    parts, of = name.split(":"), term.split(":")
    if len(parts) != len(of):
        return name
    return " × ".join(
        f"{t}: {p[len(t) :]}" if p.startswith(t) and len(p) > len(t) else p
        for p, t in zip(parts, of, strict=True)
    )


def models_table(
    models: Sequence[tuple[str, Fitted]],
    *,
    id: str = "models",
    title: str = "",
    tests: Sequence[Test | None] = (),
    counts: Sequence[Mapping[str, int]] = (),
    below: int = BELOW,
) -> ResultTable:
    """Models in columns, standard errors beneath.

    Parameters
    ----------
    models : sequence of (heading, model)
    tests : sequence of Test or None, optional
        Of each model against the one before it, as `compare_nested` gives.
    counts : sequence of mapping of column to respondents, optional
        Of each model, as `dummy_counts(model.matrix)` gives; without them nothing is hidden.
    below : int
        Coefficients that rest on a category of fewer respondents are hidden; 0 hides none.

    Raises
    ------
    ScslabError
        No model, models of different outcomes, or counts of fewer or more models.
    """
    fits = [m for _, m in models]
    if not fits:
        raise ScslabError("a table of models needs at least one model")
    keys = [f"m{i + 1}" for i in range(len(fits))]
    hidden, said = hidden_in_all(fits, counts, below)
    rows = estimate_rows(
        fits,
        lambda m: m.coefficients,
        lambda m: tuple(zip(m.names, m.terms, strict=True)),
        0,
        hidden,
        Suppressed(below),
    )
    if any(len(m.thresholds) for m in fits):
        rows.append(Row(("Thresholds",), kind="heading"))
        rows += estimate_rows(
            fits,
            lambda m: m.thresholds,
            lambda m: tuple((t, "") for t in m.threshold_names),
            1,
            hidden,
            Suppressed(below),
        )
    return ResultTable(
        id=id,
        title=title or f"Models of {fits[0].outcome}",
        columns=(
            Column("term", ""),
            *(Column(k, head, "number", 3) for k, (head, _) in zip(keys, models, strict=True)),
        ),
        rows=(*rows, *foot_rows(fits, tests)),
        n=max(m.n for m in fits),
        source=fits[0].source,
        unit=unit_of(fits[0]),
        notes=(*notes_of(fits), *said),
        synthetic=any(m.synthetic for m in fits),
    )


def unit_of(model: Fitted) -> str:
    """What a coefficient is measured in."""
    if model.kind == "linear":
        return f"units of {model.outcome}"
    return "log-odds" if model.link == "logit" else f"{model.link} scale"


def estimate_rows(
    fits: Sequence[Fitted],
    values: Callable[[Fitted], np.ndarray],
    labels: Callable[[Fitted], tuple[tuple[str, str], ...]],
    part: int,
    hidden: Sequence[np.ndarray],
    instead: Suppressed,
) -> list[Row]:
    """A row for each coefficient that any model has, standard errors beneath."""
    order = dict.fromkeys(label for m in fits for label in labels(m))
    rows: list[Row] = []
    for name, term in order:
        estimates: list[Cell] = []
        errors: list[Cell] = []
        ps: list[float | None] = []
        for m, gone in zip(fits, hidden, strict=True):
            names = [n for n, _ in labels(m)]
            at = names.index(name) if name in names else -1
            place = at + part * len(m.coefficients)
            if at < 0 or gone[place]:
                cell = None if at < 0 else instead
                estimates.append(cell)
                errors.append(cell)
                ps.append(None)
                continue
            error = float(m.standard_errors[place])
            value = float(values(m)[at])
            estimates.append(value)
            errors.append(error)
            # Whether a threshold is 0 is no question.
            ps.append(None if part else float(t_two_sided(value / error, m.df)))
        rows.append(Row((readable(name, term) if term else name, *estimates), p=(None, *ps)))
        rows.append(Row(("", *errors), kind="beneath"))
    return rows


def foot_rows(fits: Sequence[Fitted], tests: Sequence[Test | None]) -> list[Row]:
    """n, degrees of freedom, fit, and the test against the model before."""
    rows = [
        Row(("n (unweighted)", *(m.n for m in fits)), kind="foot", form="count"),
        Row(("left out, an answer missing", *(m.dropped for m in fits)), kind="foot", form="count"),
    ]
    if any(np.isfinite(m.df) for m in fits):
        cells: list[Cell] = [m.df if np.isfinite(m.df) else None for m in fits]
        rows.append(Row(("degrees of freedom", *cells), kind="foot", form="count"))
    rows.append(Row(("McFadden's R²", *(mcfadden(m) for m in fits)), kind="foot"))
    if any(tests):
        found = list(tests)
        rows.append(
            Row(
                ("F against the model before", *(t.statistic if t else None for t in found)),
                kind="foot",
            )
        )
        rows.append(Row(("p", *(t.p if t else None for t in found)), kind="foot", form="p"))
    return rows


def mcfadden(model: Fitted) -> float:
    """1 less the ratio of log-likelihoods (McFadden 1974); of a linear model its R²."""
    if model.kind == "linear":
        return 1 - float(np.exp((model.null_log_likelihood - model.log_likelihood) * 2 / model.n))
    return 1 - model.log_likelihood / model.null_log_likelihood


def notes_of(fits: Sequence[Fitted]) -> tuple[str, ...]:
    """What estimator and standard errors the table shows."""
    kinds = dict.fromkeys(f"{KINDS[m.kind]} regression, {m.link} link" for m in fits)
    errors = dict.fromkeys(ERRORS[m.errors] for m in fits)
    weights = " + ".join(v for k, v in fits[0].about if k in WEIGHTED)
    said = [
        f"{'; '.join(kinds).capitalize()}. Weighted by {weights}."
        if weights
        else f"{'; '.join(kinds).capitalize()}. Not weighted.",
        f"Standard errors in brackets, {'; '.join(errors)}.",
    ]
    return (*said, *dict.fromkeys(n for m in fits for n in m.notes))


def coefficient_figure(
    models: Sequence[tuple[str, Fitted]],
    *,
    id: str = "coefficients",
    title: str = "",
    counts: Sequence[Mapping[str, int]] = (),
    below: int = BELOW,
) -> CoefficientFigure:
    """Coefficients of models with 95 % intervals, without constants.

    Those that rest on a category of fewer than `below` respondents are left out: see
    `models_table`. Where all are, the figure has no rows.
    """
    rows = []
    hidden, said = hidden_in_all([m for _, m in models], counts, below)
    for (head, m), gone in zip(models, hidden, strict=True):
        reach = float(t_quantile(0.975, m.df))
        for name, term, b, e, away in zip(
            m.names, m.terms, m.coefficients, m.standard_errors, gone, strict=False
        ):
            if name != "(Intercept)" and not away:
                label = readable(name, term)
                rows.append(CoefficientRow(head, label, b, b - reach * e, b + reach * e))
    first = models[0][1]
    return CoefficientFigure(
        id=id,
        title=title or f"Coefficients, {first.outcome}",
        unit=unit_of(first),
        n=max(m.n for _, m in models),
        source=first.source,
        rows=tuple(rows),
        notes=("Intervals at 95 %, " + ERRORS[first.errors] + ".", *said),
        synthetic=any(m.synthetic for _, m in models),
    )


def hypotheses_table(
    hypotheses: Sequence[Hypothesis],
    models: dict[str, Fitted],
    id: str = "hypotheses",
    *,
    counts: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
    below: int = BELOW,
) -> ResultTable:
    """What was expected beside what came out.

    `counts` are those of the models by their names; what `models_table` hides is hidden.

    Raises
    ------
    ScslabError
        A hypothesis about a model or a coefficient that is not there.
    """
    rows = []
    for h in hypotheses:
        if h.model not in models:
            raise ScslabError(
                f'no model "{h.model}"', where=f"hypothesis {h.id}", hint=near(h.model, models)
            )
        m = models[h.model]
        if h.coefficient not in m.names:
            raise ScslabError(
                f'model {h.model} has no coefficient "{h.coefficient}"',
                where=f"hypothesis {h.id}",
                hint=near(h.coefficient, m.names),
            )
        at = m.names.index(h.coefficient)
        if hidden_coefficients(m, counts.get(h.model, {}), below)[0][at]:
            rows.append(Row((h.id, h.says, sign_words(h.expected), *[Suppressed(below)] * 4)))
            continue
        b, e = float(m.coefficients[at]), float(m.standard_errors[at])
        p = float(t_two_sided(b / e, m.df))
        rows.append(Row((h.id, h.says, sign_words(h.expected), b, e, p, verdict(h.expected, b, p))))
    first = next(iter(models.values()))
    return ResultTable(
        id=id,
        title="Hypotheses and their verdicts",
        columns=(
            Column("id", ""),
            Column("hypothesis", "Hypothesis"),
            Column("expected", "Expected"),
            Column("estimate", "Estimate", "number", 3),
            Column("se", "Standard error", "number", 3),
            Column("p", "p", "p"),
            Column("verdict", "Verdict"),
        ),
        rows=tuple(rows),
        n=max(m.n for m in models.values()),
        source=first.source,
        notes=(
            f"A verdict needs p < {LEVEL:g} (two-sided t with the design's degrees of freedom).",
        ),
        synthetic=any(m.synthetic for m in models.values()),
    )


def sign_words(expected: Expected) -> str:
    """An expected sign in words."""
    return {"+": "positive", "-": "negative", "0": "none"}[expected]


def verdict(expected: Expected, estimate: float, p: float) -> str:
    """Whether an estimate is as expected.

    Examples
    --------
    >>> verdict("+", 0.3, 0.01), verdict("+", -0.3, 0.01), verdict("-", -0.3, 0.2)
    ('as expected', 'contrary', 'not significant')
    """
    if not np.isfinite(p):
        return "cannot be tested"
    if expected == "0":  # no evidence against it is not evidence for it
        return "not contradicted" if p >= LEVEL else "contrary"
    if p >= LEVEL:
        return "not significant"
    return "as expected" if (estimate > 0) == (expected == "+") else "contrary"
