"""Shares of answers, of valid answers or of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Unpack

import numpy as np
import pandas as pd

from scslab.analysis.estimate.ground import Options, find_ground
from scslab.analysis.estimate.intervals import METHOD_WORDS, ShareMethod, share_interval
from scslab.analysis.estimate.means import Means
from scslab.analysis.estimate.records import Estimates
from scslab.analysis.estimate.smooth import design_effect, group_sums, records, solve
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError, near
from scslab.survey.answers import BLANK, Code, Variable, plain

Missing = Literal["exclude", "show"]


@dataclass(frozen=True)
class Coded:
    """A variable as numbered answers: `code` int64[n], -1 where it does not count."""

    name: str
    code: np.ndarray
    levels: tuple[str, ...]
    valid: int  # levels that are answers; those after them are reasons of missing ones


def share(
    sample: Sample,
    variable: str,
    level: Code | Sequence[Code] | None = None,
    *,
    method: ShareMethod = "logit",
    missing: Missing = "exclude",
    **options: Unpack[Options],
) -> Estimates:
    """Shares of answers under the design (R's `svyciprop`, and `svymean` of a factor).

    Parameters
    ----------
    sample : Sample
    variable : str
        Of numbers or text; its values are answers.
    level : code or label, or several, optional
        The answers whose shares are wanted; all without it. Answers that have a label and that
        nobody gave have a share of 0.
    method : str
        Of the intervals: see `estimate.intervals.share_interval`.
    missing : {"exclude", "show"}
        "exclude" gives shares of valid answers ("valid %" in SPSS), "show" shares of everybody in
        the domain, with a level for each reason of a missing answer ("all %").
    **options
        As `mean`.

    Raises
    ------
    ScslabError
        No such variable or answer, more than 1,000 different answers, an unknown method, and as
        `mean`.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> found = share(three_classes(), "sex", method="mean")
    >>> [(row.level, row.value, row.n) for row in found.rows]
    [('man', 0.5, 6), ('woman', 0.5, 6)]
    """
    options.setdefault("df", "group")
    coded = coded_answers(sample, variable, missing)
    wanted = list(range(len(coded.levels))) if level is None else places(sample, coded, level)
    ground = find_ground(within_coded(sample, [coded]), [coded.name], **options)
    at = coded.code[ground.rows]
    yes = (at[:, None] == np.array(wanted)).astype(float)
    solved = solve(ground, np.column_stack([np.ones(len(at)), yes]), Means())
    p, n = solved.values, ground.n[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        of_row = p * (1 - p) * n / (n - 1)
    se = np.sqrt(np.maximum(solved.variance, 0.0))
    interval = share_interval(p, se, n, ground.df[:, None], ground.confidence, method)
    cases = group_sums(ground.code, ground.count, yes, np.ones(len(at)))
    found = records(
        ground,
        "share",
        [(variable, coded.levels[k]) for k in wanted],
        solved,
        deff=design_effect(ground, solved.variance, of_row),
        interval=interval,
        method=METHOD_WORDS[method],
        cases=np.rint(cases).astype(np.int64),
        notes=[base_note(missing)],
    )
    return replace(found, labels={**found.labels, variable: sample.answers.variable(variable).says})


def base_note(missing: Missing) -> str:
    """What the shares are of."""
    return "Shares are of valid answers." if missing == "exclude" else "Shares are of everybody."


def coded_answers(sample: Sample, name: str, missing: Missing = "exclude") -> Coded:
    """A variable's answers by number, with reasons of missing ones after them if they are shown.

    Raises
    ------
    ScslabError
        More than 1,000 different answers, or an unknown way with missing ones.
    """
    if missing not in ("exclude", "show"):
        raise ScslabError(
            "unknown way with missing answers", got=missing, expected='"exclude" or "show"'
        )
    found = sample.answers.column(name).nunique()
    if found > 1000:
        raise ScslabError(
            f'"{name}" has {found:,} different answers, too many for shares',
            where=sample.answers.source,
            expected="no more than 1,000",
            hint=f'mean(sample, "{name}"), or cut it into classes first',
        )
    category = sample.categories(name)
    levels = [str(c) for c in category.categories]
    code = np.asarray(category.codes, dtype=np.int64)
    valid = len(levels)
    if missing == "show":
        code, levels = with_reasons(sample, name, code, levels)
    return Coded(name, code, tuple(levels), valid)


def with_reasons(
    sample: Sample, name: str, code: np.ndarray, levels: list[str]
) -> tuple[np.ndarray, list[str]]:
    """Answers with a level for each missing code that occurs, and one for blanks."""
    variable = sample.answers.variable(name)
    marks = sample.answers.marks.get(name, np.full(len(code), BLANK, dtype=np.int16))
    gone, found = code < 0, code.copy()
    levels = list(levels)
    for mark in np.unique(marks[gone]).tolist():
        word = "no answer in the file" if mark <= 0 else reason(variable, mark)
        if word in levels:
            word = f"{word} (missing)"
        if word not in levels:
            levels.append(word)
        found[gone & (marks == mark)] = levels.index(word)
    return found, levels


def reason(variable: Variable, mark: int) -> str:
    """What a missing code means."""
    code = variable.missing[mark - 1]
    return code.label or code.reason.replace("_", " ")


def places(sample: Sample, coded: Coded, level: Code | Sequence[Code]) -> list[int]:
    """Where the wanted answers, by code or label, stand among the levels.

    Raises
    ------
    ScslabError
        There is no such answer.
    """
    wanted = [level] if isinstance(level, (str, int, float)) else list(level)
    labels = sample.answers.variable(coded.name).labels
    found = []
    for one in wanted:
        word = one if one in coded.levels else labels.get(one, one)
        word = word if isinstance(word, str) else plain(float(word))
        if word not in coded.levels:
            raise ScslabError(
                f'"{coded.name}" has no answer "{one}"',
                where=sample.answers.source,
                hint=near(str(one), coded.levels),
            )
        found.append(coded.levels.index(word))
    return found


def within_coded(sample: Sample, coded: Sequence[Coded]) -> Sample:
    """A sample in which coded variables are missing just where their code is -1.

    Marks and dictionaries stay, so that the notes can tell the reasons.
    """
    frame = sample.answers.frame.copy(deep=False)
    for one in coded:
        if len(one.levels) > one.valid:  # reasons are shown: nobody is without an answer
            frame[one.name] = pd.Series(one.code, index=frame.index)
    return replace(sample, answers=replace(sample.answers, frame=frame))
