"""Tests of several coefficients at once, of nested models, and pseudo R-squared.

Wald tests as R's `regTermTest`; likelihood-ratio tests with Rao and Scott's correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from scslab.analysis.distributions import MixtureMethod, chi2_tail, f_tail, mixture_tail
from scslab.analysis.fitted import Fitted, Test
from scslab.analysis.models.gram import INTERCEPT
from scslab.core.errors import ScslabError, near


@dataclass(frozen=True)
class PseudoR2:
    """Shares of explained likelihood, as McFadden (1974), Cox and Snell, and Nagelkerke (1991)."""

    mcfadden: float
    cox_snell: float
    nagelkerke: float


def canonical(term: str) -> tuple[str, ...]:
    """A term whatever the order of its variables: "a:b" is "b:a"."""
    return tuple(sorted(term.split(":")))


def places_of_terms(fitted: Fitted, terms: Sequence[str]) -> np.ndarray:
    """Places of the coefficients of terms, in every equation.

    Raises
    ------
    ScslabError
        A term that the model has not.
    """
    known = {canonical(t) for t in fitted.terms}
    for term in terms:
        if canonical(term) not in known:
            shown = tuple(t for t in dict.fromkeys(fitted.terms) if t != INTERCEPT)
            raise ScslabError(
                f'no term "{term}" in the model', where=fitted.formula, hint=near(term, shown)
            )
    wanted = {canonical(t) for t in terms}
    return np.flatnonzero([canonical(t) in wanted for t in fitted.terms])


def wald_terms(fitted: Fitted, terms: str | Sequence[str], *, chi2: bool = False) -> Test:
    """Whether all coefficients of a term, or of several, are 0 (R's `regTermTest`).

    Parameters
    ----------
    terms : str or sequence of str
        As the formula has them: "education", "age:sex".
    chi2 : bool
        The chi-squared test rather than the F test with the model's degrees of freedom.

    Raises
    ------
    ScslabError
        No such term; too few degrees of freedom.
    """
    wanted = [terms] if isinstance(terms, str) else list(terms)
    return wald(fitted, places_of_terms(fitted, wanted), None, chi2, " + ".join(wanted))


def wald_coefficients(
    fitted: Fitted,
    names: Sequence[str],
    *,
    values: Sequence[float] | None = None,
    chi2: bool = False,
) -> Test:
    """Whether coefficients, by their names, all have given values (0 by default).

    Raises
    ------
    ScslabError
        No such coefficient; too few degrees of freedom.
    """
    for name in names:
        if name not in fitted.names:
            raise ScslabError(
                f'no coefficient "{name}" in the model',
                where=fitted.formula,
                hint=near(name, fitted.names),
            )
    places = np.array([fitted.names.index(n) for n in names])
    null = None if values is None else np.asarray(values, dtype=float)
    return wald(fitted, places, null, chi2, " + ".join(names))


def wald(
    fitted: Fitted, places: np.ndarray, null: np.ndarray | None, chi2: bool, what: str
) -> Test:
    """Wald's test that coefficients at some places are `null`.

    Raises
    ------
    ScslabError
        Nothing to test, or a covariance of lower rank than the coefficients: the design has too
        few clusters.
    """
    q = len(places)
    if not q:
        raise ScslabError("no coefficients to test", where=fitted.formula)
    off = fitted.coefficients[places] - (0.0 if null is None else null)
    statistic = quadratic(off, fitted.covariance[np.ix_(places, places)], fitted.formula)
    if chi2 or not np.isfinite(fitted.df):
        return Test("Wald chi2", statistic, float(q), np.inf, chi2_tail(statistic, q), what)
    check_df(fitted)
    f = statistic / q
    return Test("Wald F", f, float(q), fitted.df, f_tail(f, q, fitted.df), what)


def check_df(fitted: Fitted) -> None:
    """That degrees of freedom are left.

    Raises
    ------
    ScslabError
        None is.
    """
    if fitted.df <= 0:
        raise ScslabError(
            "no degrees of freedom are left for a test",
            where=fitted.formula,
            got=f"{fitted.df:g}: clusters less strata less coefficients",
            hint="a smaller model, or chi2=True, which takes the covariance as known",
        )


def quadratic(off: np.ndarray, covariance: np.ndarray, formula: str) -> float:
    """The quadratic form off' covariance^-1 off.

    Raises
    ------
    ScslabError
        The covariance is singular.
    """
    scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    if (scale > 0).all():
        correlation = covariance / np.outer(scale, scale)
        roots = np.linalg.eigvalsh(correlation)
        if roots[0] > 1e-10 * roots[-1]:
            scaled = off / scale
            return float(scaled @ linalg.solve(correlation, scaled, assume_a="pos"))
    raise ScslabError(
        "these coefficients cannot be tested together: their covariance is singular",
        where=formula,
        got=f"{len(off)} coefficients",
        why="the design has fewer degrees of freedom than coefficients, or one has no variance",
        hint="test fewer coefficients",
    )


def check_nested(small: Fitted, large: Fitted) -> None:
    """That two models can be compared: same kind, same rows, the one within the other.

    Raises
    ------
    ScslabError
        They cannot. Models on different rows are refused: what changes between them may be the
        respondents and not the terms.
    """
    where = f"{small.formula} and {large.formula}"
    for what in ("kind", "link", "outcome", "levels", "source", "errors"):
        a, b = getattr(small, what), getattr(large, what)
        if a != b:
            raise ScslabError(
                f"the two models differ in their {what}", where=where, got=f"{a}, {b}"
            )
    if len(small.used) != len(large.used) or not np.array_equal(small.used, large.used):
        raise other_rows(small, large, where)
    if not np.isclose(small.weighted_n, large.weighted_n, rtol=1e-9):
        raise ScslabError("the two models have different weights", where=where)
    missing = [n for n in small.names if n not in large.names]
    if missing or len(small.names) >= len(large.names):
        raise ScslabError(
            "the models are not nested",
            where=where,
            got=f"only the smaller has {', '.join(missing[:5])}" if missing else "no terms added",
            expected="all terms of the first in the second, and some more",
        )


def other_rows(small: Fitted, large: Fitted, where: str) -> ScslabError:
    """The mistake of comparing models of different respondents."""
    if len(small.used) != len(large.used):
        return ScslabError("the two models are of different files", where=where)
    only_small = int(np.count_nonzero(small.used & ~large.used))
    only_large = int(np.count_nonzero(large.used & ~small.used))
    parts = [
        f"{count:,} rows are in the {which} model only"
        for count, which in ((only_small, "first"), (only_large, "second"))
        if count
    ]
    return ScslabError(
        "the two models rest on different respondents",
        where=where,
        got=f"{'; '.join(parts)} (n = {small.n:,} and {large.n:,})",
        why=f"{small.dropped:,} and {large.dropped:,} rows lack an answer to one of the variables; "
        "what differs may be the people and not the terms",
        hint="fit both on the rows of the model with more variables: sample.within(model.used)",
    )


def compare_nested(small: Fitted, large: Fitted, *, chi2: bool = False) -> Test:
    """Whether the terms that a larger model adds to a smaller one are all 0: Wald's test.

    Raises
    ------
    ScslabError
        The models rest on different rows, or are not nested.
    """
    check_nested(small, large)
    added = np.array([i for i, n in enumerate(large.names) if n not in small.names])
    what = " + ".join(dict.fromkeys(large.terms[i] for i in added))
    return wald(large, added, None, chi2, what)


def compare_likelihoods(
    small: Fitted,
    large: Fitted,
    inverse: np.ndarray,
    *,
    chi2: bool = False,
    method: MixtureMethod = "saddlepoint",
) -> Test:
    """Rao and Scott's likelihood-ratio test of nested models (`regTermTest(method = "LRT")`).

    Under a design the statistic is a sum of chi-squared variables with weights lambda: the
    eigenvalues of the design's covariance of the added coefficients against the one that
    weights as counts would give (Rao and Scott 1984; Lumley and Scott 2014).

    Parameters
    ----------
    inverse : f8[k, k]
        The larger model's inverse information under weights of mean 1 (`Model.inverse`).
    method : "saddlepoint", "exact" or "satterthwaite"
        How the tail of the mixture is found; R takes the saddlepoint.

    Returns
    -------
    Test
        The statistic divided by the mean of lambda; p from the whole mixture.

    Raises
    ------
    ScslabError
        As `compare_nested`.
    """
    check_nested(small, large)
    added = np.array([i for i, n in enumerate(large.names) if n not in small.names])
    change = likelihood_ratio(small, large)
    lambdas = misspecification(large, inverse, added)
    ddf = np.inf if chi2 else large.df
    if not chi2:
        check_df(large)
    what = " + ".join(dict.fromkeys(large.terms[i] for i in added))
    return Test(
        "Rao-Scott LRT",
        change / float(lambdas.mean()),
        float(len(added)),
        ddf,
        mixture_tail(change, lambdas, ddf, method),
        what,
    )


def likelihood_ratio(small: Fitted, large: Fitted) -> float:
    """Twice the rise of the log-likelihood; of a linear model R's fall of the deviance."""
    if large.kind == "linear":
        # The weighted sum of squares that the normal likelihood was made from.
        sums = [np.exp(-2 * m.log_likelihood / m.n) for m in (small, large)]
        return float(large.n * (sums[0] - sums[1]) / (2 * np.pi * np.e))
    return 2 * (large.log_likelihood - small.log_likelihood)


def misspecification(large: Fitted, inverse: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Eigenvalues (f8[q], falling) of the design's covariance against that of counts."""
    found = linalg.eigh(
        large.covariance[np.ix_(added, added)], inverse[np.ix_(added, added)], eigvals_only=True
    )
    return np.asarray(found[::-1])


def pseudo_r2(fitted: Fitted) -> PseudoR2:
    """Pseudo R-squared from the weighted likelihoods (weights of mean 1), as R's `psrsq`.

    Cox and Snell's of a linear model is its R-squared.
    """
    gain = 2 * (fitted.log_likelihood - fitted.null_log_likelihood) / fitted.n
    cox_snell = -float(np.expm1(-gain))
    if fitted.kind == "linear":
        return PseudoR2(float("nan"), cox_snell, float("nan"))
    most = -float(np.expm1(2 * fitted.null_log_likelihood / fitted.n))
    mcfadden = 1 - fitted.log_likelihood / fitted.null_log_likelihood
    return PseudoR2(mcfadden, cox_snell, cox_snell / most)
