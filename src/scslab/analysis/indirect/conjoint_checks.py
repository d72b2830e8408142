"""Checks of a conjoint: carry-over between tasks, the place of profiles, balance of attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scslab.analysis.design import Design
from scslab.analysis.fitted import Test
from scslab.analysis.indirect.common import estimated, mean_of
from scslab.analysis.indirect.conjoint import conjoint_differences
from scslab.analysis.indirect.conjoint_plan import plan_of
from scslab.analysis.indirect.conjoint_rows import Attribute, read_profiles
from scslab.analysis.indirect.records import wald
from scslab.analysis.sample import Sample
from scslab.core.printed import Column, ResultTable, Row


@dataclass(frozen=True)
class ConjointChecks:
    """Tests of what a conjoint assumes; a small p speaks against it."""

    tests: tuple[Test, ...]
    n: int
    source: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    synthetic: bool = False

    def table(self) -> ResultTable:
        """The tests, a row each."""
        columns = (
            Column("test", "Test of no difference"),
            Column("f", "F", "number"),
            Column("df", "df", "number", 0),
            Column("ddf", "Denominator df", "number", 0),
            Column("p", "p", "p"),
        )
        return ResultTable(
            id="conjoint-checks",
            title="Conjoint: checks",
            columns=columns,
            rows=tuple(Row((t.name, t.statistic, t.df, t.ddf, t.p)) for t in self.tests),
            n=self.n,
            source=self.source,
            notes=(*self.warnings, *self.notes),
            synthetic=self.synthetic,
        )


def conjoint_checks(
    sample: Sample,
    outcome: str,
    attributes: Sequence[str],
    respondent: str,
    *,
    task: str | None = None,
    profile: str | None = None,
    covariates: Sequence[str] = (),
    forced: bool | None = None,
) -> ConjointChecks:
    """Test what a conjoint assumes (Hainmueller et al. 2014, section 5).

    Parameters
    ----------
    task : str, optional
        Marginal means must not differ between tasks (carry-over, tiring).
    profile : str, optional
        Nor with the place of the profile on the screen.
    covariates : sequence of str
        Numbers known of respondents before the experiment; their means must not differ between
        the levels of an attribute (balance of the lot).

    Raises
    ------
    ScslabError
        As `amce`.
    """
    read = read_profiles(sample, outcome, attributes, respondent, task, forced)
    tests: list[Test] = []
    for by in (task, profile):
        if by is not None:
            found = conjoint_differences(
                sample, outcome, attributes, respondent, by, kind="mean", task=task, forced=forced
            )
            tests += found.tests
    for name in covariates:
        tests += balance(sample, name, read.design, read.used, read.attributes)
    small = [t for t in tests if t.p < 0.05]
    warnings = (
        (
            f"{len(small)} of {len(tests)} tests have p below 0.05; chance alone gives about "
            f"{0.05 * len(tests):.1f}.",
        )
        if small
        else ()
    )
    return ConjointChecks(
        tests=tuple(tests),
        n=int(np.count_nonzero(read.used)),
        source=sample.answers.source,
        notes=(*plan_of(read, None, None).notes, *read.notes),
        warnings=warnings,
        synthetic=sample.answers.synthetic,
    )


def balance(
    sample: Sample,
    name: str,
    design: Design,
    used: np.ndarray,
    attributes: Sequence[Attribute],
) -> list[Test]:
    """Whether a covariate has the same mean at all levels of each attribute."""
    values = sample.number(name)
    known = used & ~np.isnan(values)
    values = np.nan_to_num(values)
    inside = design.within(known)
    found = []
    for a in attributes:

        def evaluate(weights: np.ndarray, a: Attribute = a) -> tuple[np.ndarray, np.ndarray]:
            parts = [mean_of(values, known & (a.codes == x), weights) for x in range(len(a.levels))]
            rest = parts[1:]
            return (
                np.array([m - parts[0][0] for m, _ in rest]),
                np.column_stack([own - parts[0][1] for _, own in rest]),
            )

        differences, spread = estimated(inside, evaluate)
        found.append(wald(f"Balance: {name} by {a.name}", differences, spread, inside.df))
    return found
