"""Estimates with their covariance: what every analysis of indirect questions gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scslab.analysis.distributions import chi2_tail, f_tail, t_quantile, t_two_sided
from scslab.analysis.estimate.hidden import BELOW, hide_lone_cells, rule
from scslab.analysis.fitted import Test
from scslab.core.errors import ScslabError
from scslab.core.printed import (
    Cell,
    CoefficientFigure,
    CoefficientRow,
    Column,
    Form,
    ResultTable,
    Row,
    Suppressed,
)


@dataclass(frozen=True)
class Estimates:
    """Estimates under a design, with their covariance.

    Attributes
    ----------
    names, groups : tuples of str
        What each estimate is, and for whom; groups are "" where there is one group only.
    estimates, covariance : f8[k], f8[k, k]
    df : float
        Of t intervals and tests.
    n : tuple of int
        Respondents (in a conjoint: rows) behind each estimate, unweighted.
    null : float or None
        What p values test against; None where a test makes no sense.
    tests : tuple of Test
        Joint tests.
    notes, warnings : tuples of str
        What is assumed; what the reader should look at.
    """

    id: str
    title: str
    names: tuple[str, ...]
    groups: tuple[str, ...]
    estimates: np.ndarray
    covariance: np.ndarray
    df: float
    n: tuple[int, ...]
    rows: int
    source: str
    form: Form = "number"
    null: float | None = 0.0
    level: float = 0.95
    tests: tuple[Test, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    synthetic: bool = False
    group_title: str = "Group"
    unit: str = ""

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard errors, f8[k]."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def intervals(self) -> np.ndarray:
        """Lower and upper ends of the t intervals, f8[k, 2]; never cut at 0 or 1."""
        half = quantile(self.level, self.df) * self.standard_errors
        return np.column_stack([self.estimates - half, self.estimates + half])

    @property
    def p_values(self) -> np.ndarray:
        """Two-sided p of each estimate against `null`, f8[k]; NaN without one."""
        if self.null is None:
            return np.full(len(self.estimates), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (self.estimates - self.null) / self.standard_errors
        return t_two_sided(t, max(self.df, 1.0))

    def at(self, name: str, group: str = "") -> int:
        """The place of an estimate.

        Raises
        ------
        ScslabError
            No such estimate.
        """
        known = list(zip(self.names, self.groups, strict=True))
        if (name, group) not in known:
            raise ScslabError(
                f'no estimate "{name}"' + (f' of group "{group}"' if group else ""),
                where=self.title,
                expected="one of " + "; ".join(" | ".join(x for x in k if x) for k in known[:12]),
            )
        return known.index((name, group))

    def hidden(self, below: int = BELOW) -> np.ndarray:
        """Which estimates rest on fewer than `below` respondents or tell of one that does, bool[k].

        The n of groups add up to that of the table, so that never one alone is hidden.
        """
        n = np.array(self.n, dtype=np.int64)
        small: np.ndarray = n < below
        if any(self.groups):
            for name in dict.fromkeys(self.names):
                at = np.array([other == name for other in self.names])
                small[at] = hide_lone_cells(small[at], n[at], below)
        return small

    def table(self, *, below: int = BELOW) -> ResultTable:
        """The estimates as a table: a row each, joint tests and what is assumed as notes.

        Rows on fewer than `below` respondents are hidden (`hidden`); 0 hides none.
        """
        grouped, tested = any(self.groups), self.null is not None
        percent = f"{self.level * 100:g} %"
        columns = [
            Column("what", "Estimate of"),
            *([Column("group", self.group_title)] if grouped else []),
            Column("estimate", "Estimate", self.form),
            Column("se", "Standard error", self.form),
            Column("low", f"{percent} interval: low", self.form),
            Column("high", "high", self.form),
            *([Column("p", "p", "p")] if tested else []),
            Column("n", "n", "count", 0),
        ]
        rows = []
        errors, ends, p = self.standard_errors, self.intervals, self.p_values
        hidden = self.hidden(below)
        for i, (name, group) in enumerate(zip(self.names, self.groups, strict=True)):
            numbers = (self.estimates[i], errors[i], *ends[i])
            cells: list[Cell] = [name, *([group or "all"] if grouped else [])]
            if hidden[i]:
                rows.append(Row((*cells, *[Suppressed(below)] * (len(columns) - len(cells)))))
                continue
            cells += map(cell, numbers)
            cells += [*([cell(p[i])] if tested else []), self.n[i]]
            behind = tuple(
                cell(p[i]) if x == "estimate" else None for x in (c.name for c in columns)
            )
            rows.append(Row(tuple(cells), p=behind if tested else ()))
        return ResultTable(
            id=self.id,
            title=self.title,
            columns=tuple(columns),
            rows=tuple(rows),
            n=self.rows,
            source=self.source,
            unit=self.unit,
            notes=(
                *(in_words(t) for t in self.tests),
                *self.warnings,
                *self.notes,
                *([rule(below)] if hidden.any() else []),
            ),
            synthetic=self.synthetic,
        )

    def figure(self, *, below: int = BELOW) -> CoefficientFigure:
        """The estimates with their intervals as a coefficient plot, without hidden ones."""
        ends, hidden = self.intervals, self.hidden(below)
        rows = tuple(
            CoefficientRow(self.groups[i], self.names[i], float(self.estimates[i]), *map(float, e))
            for i, e in enumerate(ends)
            if not hidden[i]
        )
        return CoefficientFigure(
            id=self.id,
            title=self.title,
            unit=self.unit,
            n=self.rows,
            source=self.source,
            rows=rows,
            notes=(*self.warnings, *self.notes, *([rule(below)] if hidden.any() else [])),
            synthetic=self.synthetic,
            zero=self.null,
        )


def cell(number: float) -> float | None:
    """A number as a cell; None where there is none."""
    return float(number) if np.isfinite(number) else None


def in_words(test: Test) -> str:
    """A test as a note says it."""
    df = f"{test.df:g}" + (f", {test.ddf:g}" if np.isfinite(test.ddf) else "")
    shown = "p < 0.001" if test.p < 0.001 else f"p = {test.p:.3f}"
    letter = "F" if np.isfinite(test.ddf) else "chi-squared"
    return f"{test.name}: {letter}({df}) = {test.statistic:.3f}, {shown}." + (
        f" {test.note}" if test.note else ""
    )


def quantile(level: float, df: float) -> float:
    """The t quantile of a two-sided interval; at least one degree of freedom is taken.

    Raises
    ------
    ScslabError
        The level is not between 0 and 1.

    Examples
    --------
    >>> round(quantile(0.95, 10), 6)
    2.228139
    """
    if not 0 < level < 1:
        raise ScslabError(
            "a confidence level outside 0-1", got=f"{level:g}", expected="such as 0.95"
        )
    return float(t_quantile(0.5 + level / 2, max(df, 1.0)))


def wald(name: str, values: np.ndarray, covariance: np.ndarray, ddf: float, note: str = "") -> Test:
    """A joint test that all values are 0, with F on the design's degrees of freedom.

    Directions that the covariance does not know (rank deficiency) are left out and lower the
    degrees of freedom, as R's `regTermTest` does for aliased terms.

    Parameters
    ----------
    values, covariance : f8[k], f8[k, k]
    ddf : float
        Denominator degrees of freedom; infinite for a chi-squared test.

    Examples
    --------
    >>> wald("both", np.array([2.0, 0.0]), np.eye(2), float("inf")).statistic
    4.0
    """
    scale = np.sqrt(np.diag(covariance))
    scale[scale == 0] = 1.0
    roots, directions = np.linalg.eigh(covariance / np.outer(scale, scale))
    kept = roots > 1e-9 * max(len(values), 1)
    rank = int(kept.sum())
    if rank == 0:
        return Test(name, float("nan"), 0.0, ddf, float("nan"), note)
    along = directions[:, kept].T @ (values / scale)
    chi = float((along**2 / roots[kept]).sum())
    if not np.isfinite(ddf):
        return Test(name, chi, float(rank), ddf, chi2_tail(chi, rank), note)
    ddf = max(ddf, 1.0)
    return Test(name, chi / rank, float(rank), ddf, f_tail(chi / rank, rank, ddf), note)


def joined(parts: Sequence[str]) -> str:
    """Words for a note: "a, b and c".

    Examples
    --------
    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
