"""Is a model's question answerable? Columns that say the same, and outcomes that one separates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scslab.analysis.formula.matrix import Matrix
from scslab.analysis.models.gram import INTERCEPT, centred_products
from scslab.core.errors import ScslabError

# The share of a column's variance that others must leave unexplained. R's qr has 1e-7 of its
# length, but loses what a Gram matrix loses already: sqrt(1e-11) = 3e-6 is what double figures
# can tell from nothing.
LEAST_SHARE = 1e-11


def check_rank(
    X: np.ndarray,
    weights: np.ndarray,
    names: Sequence[str],
    *,
    constant: bool = True,
    formula: str = "",
) -> None:
    """That no column of X (f8[n, k]) is a combination of others.

    Parameters
    ----------
    weights : f8[n]
        Positive.
    constant : bool
        Whether the model has a constant beside X: an intercept column in X, or thresholds.

    Raises
    ------
    ScslabError
        Fewer rows than columns, or a column that is a combination of those before it: its
        equation is told. (R leaves such a column out with a NA; an answer that depends on the
        order of the columns is not an answer.)

    Examples
    --------
    >>> x = np.arange(6.0)
    >>> check_rank(np.column_stack([x, 1 - 2 * x]), np.ones(6), ["a", "b"])
    Traceback (most recent call last):
    scslab.core.errors.ScslabError: "b" says the same as other columns
      got: b = 1 - 2 a
      try: leave one of them out of the formula
    """
    kept = [j for j, name in enumerate(names) if name != INTERCEPT]
    needed = len(kept) + constant
    if len(X) < needed:
        raise ScslabError(
            "more coefficients than rows",
            where=formula,
            got=f"{needed:,} coefficients, {len(X):,} rows used",
            hint="join categories or leave out terms",
        )
    if not kept:
        return
    means, S = centred_products(X, weights, constant or INTERCEPT in names)
    means, S = means[kept], S[np.ix_(kept, kept)]
    check_products(means, S, [names[j] for j in kept], constant, formula)


def check_products(
    means: np.ndarray, S: np.ndarray, names: Sequence[str], constant: bool, formula: str = ""
) -> None:
    """`check_rank` from the columns' means and their matrix of (centred) squares and products.

    A Cholesky factor in the order of the columns: what a column adds to those before it is what
    is left on the diagonal.

    Raises
    ------
    ScslabError
        As `check_rank`.
    """
    scale = np.sqrt(np.diag(S))
    flat = np.flatnonzero(scale <= 1e-12 * np.maximum(np.abs(means), 1e-300))
    if len(flat):
        j = int(flat[0])
        raise ScslabError(
            f'"{names[j]}" has one value only among the rows used',
            where=formula,
            got=f"{means[j]:g} in every row",
            hint="leave it out; in an interaction, some combination of categories has no rows",
        )
    R = S / np.outer(scale, scale)
    k = len(R)
    L = np.zeros((k, k))
    for j in range(k):
        L[j, :j] = forward(L, R[:j, j], j)
        left = R[j, j] - L[j, :j] @ L[j, :j]
        if left < LEAST_SHARE:
            b = backward(L, L[j, :j], j) * scale[j] / scale[:j]
            rest = float(means[j] - b @ means[:j]) if constant else 0.0
            raise ScslabError(
                f'"{names[j]}" says the same as other columns',
                where=formula,
                got=equation(names[j], b, names[:j], rest),
                hint="leave one of them out of the formula",
            )
        L[j, j] = np.sqrt(left)


def forward(L: np.ndarray, b: np.ndarray, j: int) -> np.ndarray:
    """Solve L x = b for the leading j rows of a lower triangle."""
    return np.linalg.solve(L[:j, :j], b) if j else b


def backward(L: np.ndarray, b: np.ndarray, j: int) -> np.ndarray:
    """Solve L' x = b for the leading j rows of a lower triangle."""
    return np.linalg.solve(L[:j, :j].T, b) if j else b


def equation(name: str, b: np.ndarray, names: Sequence[str], rest: float) -> str:
    """A column as the combination of others that it is: "c = 1 - a + 0.5 b"."""
    size = max(float(np.abs(b).max(initial=0)), abs(rest))
    parts = [(rest, "")] if abs(rest) > 1e-6 * size else []
    parts += [(v, n) for v, n in zip(b, names, strict=True) if abs(v) > 1e-6 * size]
    shown = parts[:8]
    text = ""
    for value, other in shown:
        sign = " - " if value < 0 else (" + " if text else " ")
        figure = f"{abs(value):.4g}"
        text += sign + (figure if not other else other if figure == "1" else f"{figure} {other}")
    text = text.replace("  - ", " -").strip() if text.startswith(" - ") else text.strip()
    more = len(parts) - len(shown)
    return f"{name} = {text}" + (f" and {more} more" if more else "")


def separation(
    direction: np.ndarray, spread: np.ndarray, names: Sequence[str], formula: str, outcome: str
) -> ScslabError:
    """The mistake of a combination of columns that separates the outcome.

    Parameters
    ----------
    direction : f8[k]
        Coefficients along which the likelihood rises for ever.
    spread : f8[k]
        Standard deviations of the columns; 0 of an intercept.
    """
    pull = np.abs(direction) * spread
    order = np.argsort(-pull)
    shown = [names[j] for j in order if pull[j] > 0.3 * pull[order[0]]][:5]
    one = len(shown) == 1
    return ScslabError(
        f"{', '.join(shown)} {'separates' if one else 'together separate'} the outcome, so "
        f"{'its effect has' if one else 'their effects have'} no finite estimate",
        where=formula,
        why=f"where {'it takes' if one else 'they take'} some values, {outcome} is always the same",
        hint="look at a crosstab of the outcome by it; join categories or leave it out",
    )


def check_df(df: float, design_df: float, coefficients: int) -> tuple[str, ...]:
    """A note where the design leaves no degrees of freedom for tests."""
    if df > 0:
        return ()
    return (
        f"no degrees of freedom are left for tests: the design has {design_df:g}, the model "
        f"{coefficients} coefficients",
    )


def check_three(matrix: Matrix, model: str) -> None:
    """That an outcome has three categories or more.

    Raises
    ------
    ScslabError
        It has two.
    """
    if len(matrix.levels) == 2:
        raise ScslabError(
            "the outcome has two categories among the rows used",
            where=matrix.formula.text,
            got=", ".join(matrix.levels),
            expected=f"three or more for {model}",
            hint="use logit",
        )


def of_shares(y: np.ndarray, weights: np.ndarray) -> float:
    """Log-likelihood of categories (int64[n]) by their weighted shares alone."""
    sums = np.bincount(y, weights)
    return float((sums * np.log(sums / sums.sum())).sum())
