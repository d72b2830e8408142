"""Conjoint experiments: effects of attributes (AMCE) and marginal means.

AMCE: average marginal component effects (Hainmueller, Hopkins and Yamamoto 2014). Marginal means
and their differences between groups: Leeper, Hobolt and Tilley (2020).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from scslab.analysis.fitted import Test
from scslab.analysis.indirect.common import about, estimated, missing_note
from scslab.analysis.indirect.conjoint_effects import effects_of, means_of
from scslab.analysis.indirect.conjoint_plan import plan_of
from scslab.analysis.indirect.conjoint_rows import Attribute, Profiles, read_profiles
from scslab.analysis.indirect.records import Estimates, wald
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError

Kind = Literal["amce", "mean"]
Pairs = Sequence[tuple[str, str]] | None
FORCED = "Every task had one chosen profile, so a mean of 50 % is indifference."


def amce(
    sample: Sample,
    outcome: str,
    attributes: Sequence[str],
    respondent: str,
    *,
    task: str | None = None,
    reference: Mapping[str, str] | None = None,
    restricted: Pairs = None,
    by: str | None = None,
    forced: bool | None = None,
    level: float = 0.95,
) -> Estimates:
    """Average marginal component effects: what a level of an attribute does to the choice.

    Parameters
    ----------
    sample : Sample
        A row a profile; `conjoint_long` makes it from a row a respondent.
    outcome : str
        1 for the chosen profile and 0 for the others, or a rating.
    attributes : sequence of str
    respondent, task : str
        Variables with the respondent, whose rows are one cluster (unless the design has larger
        clusters), and the task, by which choices are checked.
    reference : mapping of attribute to level, optional
        The baseline; without it the first level in order.
    restricted : sequence of pairs of attributes, optional
        Pairs of which some combinations were never shown. Without it they are found: a
        combination with no row where chance would give 10 or more.
    by : str, optional
        A variable of respondents whose groups get effects of their own.
    forced : bool, optional
        Whether each task has exactly one chosen profile; without it, whether the outcome is 0-1.

    Raises
    ------
    ScslabError
        Tasks with none or several chosen; attributes with one level; levels that share no
        combination with the baseline.

    Notes
    -----
    Weighted least squares on dummies; equals `svyglm` of R `survey` with respondents as clusters.
    For a restricted pair all its combinations enter, and an effect is the mean over those levels
    of the other attribute that were shown with both the level and the baseline, in the shares in
    which they were shown with the level (as R's `cjoint` with the design's probabilities); these
    shares are taken as known.
    """
    read = read_profiles(sample, outcome, attributes, respondent, task, forced)
    return built(sample, read, "amce", reference, restricted, by, level, outcome)


def marginal_means(
    sample: Sample,
    outcome: str,
    attributes: Sequence[str],
    respondent: str,
    *,
    task: str | None = None,
    by: str | None = None,
    forced: bool | None = None,
    level: float = 0.95,
) -> Estimates:
    """Mean outcome of the profiles with each level, over all else that they showed.

    Parameters are those of `amce`. With forced choices p values test against 0.5.

    Raises
    ------
    ScslabError
        As `amce`.

    Notes
    -----
    Equals `svyglm(outcome ~ 0 + level)` of R `survey` by attribute, as R's `cregg` does; here all
    attributes and groups share one covariance.
    """
    read = read_profiles(sample, outcome, attributes, respondent, task, forced)
    return built(sample, read, "mean", None, None, by, level, outcome)


def conjoint_differences(
    sample: Sample,
    outcome: str,
    attributes: Sequence[str],
    respondent: str,
    by: str,
    *,
    kind: Kind = "mean",
    task: str | None = None,
    reference: Mapping[str, str] | None = None,
    restricted: Pairs = None,
    forced: bool | None = None,
    level: float = 0.95,
) -> Estimates:
    """Differences between groups in marginal means or AMCEs, each against the first group.

    `by` may be a variable of respondents, or one of rows (the task, the place of the profile).
    `tests` holds a joint Wald test for each attribute and for all together. Compare groups by
    marginal means: differences in AMCEs depend on the baseline (Leeper et al. 2020).

    Raises
    ------
    ScslabError
        As `amce`; or `by` has one group only.
    """
    read = read_profiles(sample, outcome, attributes, respondent, task, forced)
    whole = built(sample, read, kind, reference, restricted, by, level, outcome)
    groups = [g for g in dict.fromkeys(whole.groups) if g]
    if len(groups) < 2:
        raise ScslabError(
            "differences need two groups", where=by, got=f"{len(groups)} with an answer"
        )
    size = whole.groups.count("")
    blocks = [np.array([i for i, g in enumerate(whole.groups) if g == x]) for x in groups]
    rows = []
    for block in blocks[1:]:
        contrast = np.zeros((size, len(whole.names)))
        contrast[np.arange(size), block] = 1.0
        contrast[np.arange(size), blocks[0]] = -1.0
        rows.append(contrast)
    matrix = np.vstack(rows)
    values, spread = matrix @ whole.estimates, matrix @ whole.covariance @ matrix.T
    names = whole.names[:size] * (len(groups) - 1)
    tests = joint_tests(names, values, spread, whole.df, by)
    what = "marginal means" if kind == "mean" else "AMCE"
    return replace(
        whole,
        id=f"{whole.id}-differences",
        title=f"Conjoint: differences in {what} by {whole.group_title}",
        names=names,
        groups=tuple(f"{g} less {groups[0]}" for g in groups[1:] for _ in range(size)),
        estimates=values,
        covariance=spread,
        n=tuple(
            whole.n[b] + whole.n[a]
            for block in blocks[1:]
            for a, b in zip(blocks[0], block, strict=True)
        ),
        null=0.0,
        tests=tests,
    )


def joint_tests(
    names: tuple[str, ...], values: np.ndarray, spread: np.ndarray, df: float, by: str
) -> tuple[Test, ...]:
    """A joint test of no difference for each attribute, and for all."""
    heads = [name.split(": ", 1)[0] for name in names]
    found = []
    for head in dict.fromkeys(heads):
        at = [i for i, h in enumerate(heads) if h == head]
        found.append(wald(f"{head} by {by}", values[at], spread[np.ix_(at, at)], df))
    return (wald(f"All attributes by {by}", values, spread, df), *found)


def built(
    sample: Sample,
    read: Profiles,
    kind: Kind,
    reference: Mapping[str, str] | None,
    restricted: Pairs,
    by: str | None,
    level: float,
    outcome: str,
) -> Estimates:
    """Estimates over everybody and each group of `by`."""
    groups = row_groups(sample, by, read.used)
    design = read.design.within(read.used)
    notes: list[str] = []
    if kind == "amce":
        plan = plan_of(read, reference, restricted)
        notes += plan.notes
        names, k = plan.names, len(plan.pick) + 1

        def evaluate(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return stacked([effects_of(read, plan, rows, weights) for _, rows in groups])

        counts = [plan.counts(read, rows) for _, rows in groups]
    else:
        names, k = level_names(read.attributes), 1

        def evaluate(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return stacked([means_of(read, rows, weights) for _, rows in groups])

        counts = [level_counts(read, rows) for _, rows in groups]
    values, spread = estimated(design, evaluate)
    share = bool(np.isin(read.outcome[read.used], (0, 1)).all())
    title = "Marginal means" if kind == "mean" else "Average marginal component effects"
    return Estimates(
        id=f"conjoint-{'means' if kind == 'mean' else 'amce'}-{outcome}",
        title=f"{title}: {outcome}",
        names=names * len(groups),
        groups=tuple(g for g, _ in groups for _ in names),
        estimates=values,
        covariance=spread,
        df=max(design.df + 1 - k, 1.0),
        n=tuple(c for count in counts for c in count),
        rows=int(np.count_nonzero(read.used)),
        form="share" if share else "number",
        null=0.0 if kind == "amce" else (0.5 if read.forced else None),
        level=level,
        notes=(
            "n counts profiles. Assumes levels drawn by lot, no carry-over between tasks, and no "
            "effect of a profile's place (see the checks).",
            "Standard errors are clustered by respondent, or by the design's larger clusters.",
            *([FORCED] if read.forced and kind == "mean" else []),
            *notes,
            *read.notes,
            *missing_note(read.lost),
        ),
        group_title="" if by is None else sample.answers.variable(by).says,
        **about(sample),
    )


def row_groups(sample: Sample, by: str | None, used: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """All rows, and those of each group of a variable."""
    if by is None:
        return [("", used)]
    found = sample.categories(by)
    codes = np.asarray(found.codes)
    parts = [(str(x), used & (codes == i)) for i, x in enumerate(found.categories)]
    return [("", used), *((label, rows) for label, rows in parts if rows.any())]


def stacked(
    parts: Sequence[tuple[np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates of all groups one after the other."""
    return np.concatenate([p[0] for p in parts]), np.hstack([p[1] for p in parts])


def level_names(attributes: Sequence[Attribute]) -> tuple[str, ...]:
    """Names of all levels."""
    return tuple(f"{a.name}: {x}" for a in attributes for x in a.levels)


def level_counts(read: Profiles, rows: np.ndarray) -> list[int]:
    """Rows with each level."""
    return [
        int(c) for a in read.attributes for c in np.bincount(a.codes[rows], minlength=len(a.levels))
    ]
