"""Differences between groups, and between two answers of the same respondents, with their tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, Unpack

import numpy as np
import pandas as pd

from scslab.analysis.contrasts import (
    ADJUSTED,
    ADJUSTMENTS,
    Adjust,
    Difference,
    adjusted,
    contrast,
    wald_equal,
)
from scslab.analysis.estimate.ground import DomainOptions, Options, find_ground
from scslab.analysis.estimate.hidden import BELOW, rule
from scslab.analysis.estimate.means import mean, numbers
from scslab.analysis.estimate.records import Estimates, hidden_shares
from scslab.analysis.estimate.shares import coded_answers, places, share
from scslab.analysis.fitted import Test
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError, near
from scslab.core.printed import Column, ResultTable, Row, Suppressed
from scslab.survey.answers import Code, Variable


@dataclass(frozen=True)
class Comparison:
    """Groups, the test that they are all equal, and differences of pairs.

    `pairs` is of the second less the first, as names say. The interval of a difference is its own,
    not adjusted for the others. `counts` (int64[groups, answers]) are respondents by group and
    answer where the share of one, `answer`, is compared.
    """

    groups: Estimates
    overall: Test | None
    pairs: tuple[Difference, ...]
    adjust: Adjust
    confidence: float
    title: str
    notes: tuple[str, ...] = ()
    counts: np.ndarray | None = None
    answer: int = 0

    def frame(self) -> pd.DataFrame:
        """The differences, a row each; nothing is suppressed."""
        return pd.DataFrame([vars(pair) for pair in self.pairs]).drop(columns="of")

    def hidden(self, below: int) -> np.ndarray:
        """Which groups are hidden, bool[groups], as in a table of all answers."""
        if self.counts is None:
            return np.array(self.groups.hidden(below))
        answers = [
            replace(row, level=str(k), cases=int(cases))
            for row, line in zip(self.groups.rows, self.counts, strict=True)
            for k, cases in enumerate(line)
        ]
        return hidden_shares(answers, below).reshape(self.counts.shape)[:, self.answer]

    def table(self, id: str = "differences", *, below: int = BELOW) -> ResultTable:
        """The differences for reading.

        Parameters
        ----------
        below : int
            Differences of a group that a table of all answers would hide are hidden, and the test
            that all are equal where it would say as much of a single hidden group; 0 hides none.
        """
        shares = self.groups.statistic == "share"
        form: Literal["share", "number"] = "share" if shares else "number"
        digits, percent = 1 if shares else 3, f"{100 * self.confidence:g} %"
        columns = (
            Column("name", "Difference"),
            Column("value", "Estimate", form, digits),
            Column("se", "Standard error", form, 2 if shares else 3),
            Column("low", f"{percent} low", form, digits),
            Column("high", f"{percent} high", form, digits),
            Column("t", "t", "number", 2),
            Column("df", "df", "number", 0),
            Column("p", "p", "p", 3),
            Column("p_adjusted", "Adjusted p", "p", 3),
        )
        hidden = self.hidden(below)
        gone = [bool(hidden[list(d.of)].any()) for d in self.pairs]
        rows = tuple(
            Row((d.name, *((Suppressed(below),) * 8)))
            if away
            else Row((d.name, d.value, d.se, d.low, d.high, d.t, d.df, d.p, d.p_adjusted))
            for d, away in zip(self.pairs, gone, strict=True)
        )
        notes = list(self.notes)
        if self.overall is not None and hidden.any() and (len(hidden) == 2 or hidden.sum() == 1):
            notes.insert(0, f"{self.overall.name}: not shown, it would give a hidden group away.")
        elif self.overall is not None:
            test = self.overall
            p = "p < 0.001" if test.p < 0.001 else f"p = {test.p:.3f}"
            notes.insert(
                0, f"{test.name}: F({test.df:g}, {test.ddf:g}) = {test.statistic:.3f}, {p}."
            )
        if self.adjust in ADJUSTED and len(self.pairs) > 1:
            notes.append(f"Adjusted p: {ADJUSTED[self.adjust]} method for {len(self.pairs)} tests.")
        if any(gone):
            notes.append(rule(below))
        return ResultTable(
            id=id,
            title=self.title,
            columns=columns,
            rows=rows,
            n=self.groups.respondents(),
            source=self.groups.source,
            unit="percentage points" if shares else "",
            notes=tuple(notes),
            synthetic=self.groups.synthetic,
        )


def compare(
    sample: Sample,
    variable: str,
    by: str,
    *,
    level: Code | None = None,
    reference: str | None = None,
    adjust: Adjust = "holm",
    **options: Unpack[DomainOptions],
) -> Comparison:
    """Compare means, or shares of an answer, between groups (waves, countries, sexes).

    Parameters
    ----------
    sample : Sample
    variable : str
        What is compared: its mean, or with `level` the share of that answer.
    by : str
        The groups.
    level : code or label, optional
    reference : str, optional
        The group that all others are set against; all pairs without it.
    adjust : {"holm", "bonferroni", "none"}
        For the number of pairs (Holm 1979).
    **options
        `where`, `confidence`, `df`, as `estimate.mean`, but `df` is by default "counted": tests
        take it less the number of groups plus 1, as R's `svyttest` and `regTermTest` of `svyglm`.

    Returns
    -------
    Comparison
        With two groups t and p are those of `svyttest`; the overall test is the Wald F of
        `regTermTest(svyglm(y ~ group), ~group)`. Covariances between groups that share clusters
        are counted.

    Raises
    ------
    ScslabError
        Fewer than two groups, an unknown reference, a group without a standard error, too many
        groups, and as `estimate.mean` and `estimate.share`.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> found = compare(three_classes(), "hours", "sex").pairs[0]
    >>> found.name, round(found.value, 4), round(found.se, 4), found.df
    ('woman - man', 1.3333, 0.6667, 1.0)
    """
    if adjust not in ADJUSTMENTS:
        raise ScslabError("unknown adjustment", got=adjust, expected=", ".join(ADJUSTMENTS))
    options.setdefault("df", "counted")
    counts, answer = None, 0
    if level is None:
        groups = mean(sample, variable, by=by, **options)
    else:
        groups = share(sample, variable, level, by=by, **options)
        counts, answer = answers_by_group(sample, variable, by, level, options.get("where"))
    names = [row.groups[0][1] for row in groups.rows]
    if len(names) < 2:
        raise ScslabError(
            "a comparison needs two groups", got=f'only "{names[0]}" of "{by}" has answers'
        )
    if groups.covariance is None or not np.isfinite(groups.covariance).all():
        lost = [row.groups[0][1] for row in groups.rows if np.isnan(row.se)]
        raise ScslabError(
            "some groups have no standard error, so they cannot be compared"
            if lost
            else f"{len(names):,} groups are too many to compare",
            where=by,
            got=", ".join(lost[:5]) if lost else None,
            why="a group that lies in one cluster says nothing of its variance" if lost else "",
            hint="join it with another, or leave it out: where=" if lost else "join groups",
        )
    df = min(row.df for row in groups.rows) - (len(names) - 1)
    overall = wald_equal(groups.values, groups.covariance, df)
    pairs = pairs_of(names, reference)
    found = contrast(groups, {f"{b} - {a}": (a, b) for a, b in pairs}, df=df, adjust=adjust)
    what = groups.says(variable) + (f": {groups.rows[0].level}" if level is not None else "")
    return Comparison(
        groups=groups,
        overall=overall,
        pairs=found,
        adjust=adjust,
        confidence=groups.confidence,
        title=f"Differences in {what}, by {groups.says(by)}",
        notes=groups.notes,
        counts=counts,
        answer=answer,
    )


def answers_by_group(
    sample: Sample, variable: str, by: str, level: Code, where: np.ndarray | None
) -> tuple[np.ndarray, int]:
    """Unweighted respondents by group and answer (int64[groups, answers]), and the answer's place.

    All answers are counted: those that are not compared may give away the one that is.
    """
    coded = coded_answers(sample, variable)
    ground = find_ground(sample, [variable], by=by, where=where)
    size = len(coded.levels)
    cells = ground.code * size + coded.code[ground.rows]
    counts = np.bincount(cells, minlength=ground.count * size).reshape(-1, size)
    return counts, places(sample, coded, level)[0]


def pairs_of(names: Sequence[str], reference: str | None) -> list[tuple[str, str]]:
    """Pairs of groups, the earlier first, or the reference first.

    Raises
    ------
    ScslabError
        The reference is no group.
    """
    if reference is None:
        return list(combinations(names, 2))
    if reference not in names:
        raise ScslabError(f'no group "{reference}"', hint=near(reference, names))
    return [(reference, name) for name in names if name != reference]


def change(sample: Sample, before: str, after: str, **options: Unpack[Options]) -> Comparison:
    """Mean change between two answers of the same respondents (a panel, or a pre- and post-test).

    For waves of different respondents, `compare` by the wave.

    Parameters
    ----------
    sample : Sample
    before, after : str
        Variables of numbers; those who answered both are counted.
    **options
        As `estimate.mean`; with `by` a row for each group, which is tested as a domain.

    Returns
    -------
    Comparison
        After less before, with the t test of `svyttest(I(after - before) ~ 0)`: the design's
        degrees of freedom less 1.

    Raises
    ------
    ScslabError
        As `estimate.mean`.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> found = change(three_classes(), "hours", "score").pairs[0]
    >>> found.name, round(found.value, 4), round(found.se, 4)
    ('score - hours', 3.0, 1.1547)
    """
    options.setdefault("df", "group")
    numbers(find_ground(sample, [before, after]), [before, after])  # says what is not a number
    answers = sample.answers
    name = f"{answers.variable(after).says} - {answers.variable(before).says}"
    column = "change"
    while column in answers.variables:
        column += "_"
    differ = pd.Series(sample.number(after) - sample.number(before))
    made = answers.with_columns({column: (Variable(column, label=name), differ)})
    groups = mean(Sample(made, sample.design), column, **options)
    found = []
    for k, row in enumerate(groups.rows):
        weights = np.eye(len(groups.rows))[k]
        label = ", ".join(c for _, c in row.groups) or name
        found.append(contrast(groups, {label: weights}, df=row.df - 1)[0])
    return Comparison(
        groups=groups,
        overall=None,
        pairs=tuple(found),
        adjust="none",
        confidence=groups.confidence,
        title=f"Change: {name}",
        notes=groups.notes,
    )


__all__ = ["Comparison", "Difference", "adjusted", "change", "compare", "contrast"]
