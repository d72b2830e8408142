"""List experiments (item counts): the sensitive share as a difference in means.

The control group counts its J items, the treatment group J + 1. With random groups, no change of
the control items' answers by the sensitive one (no design effect) and honest answers to it (no
liars), the difference in mean counts is the sensitive item's share (Miller 1984; Imai 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from scslab.analysis.indirect.common import about, estimated, groups_of, mean_of, yes_of
from scslab.analysis.indirect.list_data import Lists, read_lists
from scslab.analysis.indirect.records import Estimates
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Code

Asked = Literal["everybody", "control"]

ASSUMES = (
    "Difference in mean item counts (Imai 2011). Assumes groups drawn by lot, control items "
    "answered alike in all groups (no design effect), and honest answers to the sensitive item.",
    "Standard errors follow the sampling design. Intervals are not cut at 0 and 100 %.",
)


def list_shares(
    sample: Sample,
    count: str,
    treatment: str,
    items: int,
    *,
    control: Code | None = None,
    by: str | None = None,
    direct: str | None = None,
    direct_yes: Code | None = None,
    direct_asked: Asked = "control",
    level: float = 0.95,
) -> Estimates:
    """Share of people to whom the sensitive item applies, from a list experiment.

    Parameters
    ----------
    count, treatment : str
        Variables: the number of items said yes to, and the group. With several treatment groups
        (several sensitive items) each is set against the control group, with covariance.
    items : int
        Control items (J).
    control : code or label, optional
        Of the control group; without it code 0.
    by : str, optional
        A variable whose groups get shares of their own.
    direct : str, optional
        The same item asked directly: then its share, and the direct less the list share
        (preference falsification), are given too; the covariance of the two is counted.
    direct_yes : code or label, optional
        The answer to the direct question that means the same; without it 1 of 0 and 1.
    direct_asked : "control" or "everybody"
        Whose direct answers count. Those of the treatment group were given after the sensitive
        item was met in the list, so "control" is the safe choice.

    Raises
    ------
    ScslabError
        Groups, counts or direct answers that cannot be.

    Notes
    -----
    With weights the means are Hajek's; the standard error equals that of
    `svyglm(count ~ treatment)` in R `survey`.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.analysis.design import make_design
    >>> from scslab.survey.answers import Answers, Variable
    >>> frame = pd.DataFrame({"count": [0, 1, 2, 1, 2, 2], "list": [0, 0, 0, 1, 1, 1]})
    >>> answers = Answers(frame, {name: Variable(name) for name in frame})
    >>> found = list_shares(Sample(answers, make_design(n=6)), "count", "list", items=3)
    >>> round(float(found.estimates[0]), 3), round(float(found.standard_errors[0]), 3)
    (0.667, 0.596)
    """
    lists = read_lists(sample, count, treatment, items, control)
    asked = None
    if direct is not None:
        if len(lists.arms.names) > 2:
            raise ScslabError(
                "a direct question goes with one sensitive item",
                where=direct,
                got=f"{len(lists.arms.names) - 1} sensitive items",
                hint="compare one treatment group at a time, as a domain",
            )
        asked = yes_of(sample, direct, direct_yes)
    domain = lists.used if asked is None else sample.design.inside
    design = sample.design.within(domain)
    groups = groups_of(sample, by, domain)
    parts = [cells_of(lists, rows, asked, direct_asked) for _, rows in groups]
    check_cells(parts, groups, treatment)
    values, covariance = estimated(
        design, lambda w: combined([contrasts(lists.counts, asked, p, w) for p in parts])
    )
    labels = names_of(lists, direct)
    reports = [counts_of(p) for p in parts]
    estimates = Estimates(
        id=f"list-{count}",
        title=f"List experiment: {count}",
        names=tuple(labels * len(groups)),
        groups=tuple(g for g, _ in groups for _ in labels),
        estimates=values,
        covariance=covariance,
        df=design.df,
        n=tuple(n for report in reports for n in report),
        rows=int(np.count_nonzero(lists.used)),
        form="share",
        null=0.0,
        level=level,
        notes=(*ASSUMES, *direct_note(direct, direct_asked), *lists.notes),
        group_title="" if by is None else sample.answers.variable(by).says,
        **about(sample),
    )
    return with_warnings(estimates)


Cells = tuple[list[np.ndarray], np.ndarray | None]  # rows of each arm, rows of the direct answers


def cells_of(lists: Lists, rows: np.ndarray, asked: np.ndarray | None, who: Asked) -> Cells:
    """Rows (bool[n]) of each arm and of the direct answers in a group."""
    arms = [rows & lists.used & (lists.arms.codes == a) for a in range(len(lists.arms.names))]
    if asked is None:
        return arms, None
    answered = rows & ~np.isnan(asked)
    return arms, answered & (lists.arms.codes == 0) if who == "control" else answered


def check_cells(parts: Sequence[Cells], groups: list[tuple[str, np.ndarray]], name: str) -> None:
    """Every group has respondents in every arm.

    Raises
    ------
    ScslabError
        One has not.
    """
    for (label, _), (arms, direct) in zip(groups, parts, strict=True):
        empty = [i for i, rows in enumerate(arms) if not rows.any()]
        if empty or (direct is not None and not direct.any()):
            what = "direct answer" if not empty else "respondent in one of the arms"
            raise ScslabError(
                f'group "{label or "all"}" has no {what}',
                where=f"list experiment by {name}",
                hint="join small groups",
            )


def contrasts(
    counts: np.ndarray, asked: np.ndarray | None, cells: Cells, weights: np.ndarray
) -> tuple[list[float], list[np.ndarray]]:
    """Shares of one group under weights, with the influence of each row."""
    arms, direct = cells
    base, base_influence = mean_of(counts, arms[0], weights)
    values: list[float] = []
    influence: list[np.ndarray] = []
    for rows in arms[1:]:
        mean, own = mean_of(counts, rows, weights)
        values.append(mean - base)
        influence.append(own - base_influence)
    if asked is not None and direct is not None:
        share, own = mean_of(np.nan_to_num(asked), direct, weights)
        values += [share, share - values[0]]
        influence += [own, own - influence[0]]
    return values, influence


def combined(
    parts: Sequence[tuple[list[float], list[np.ndarray]]],
) -> tuple[np.ndarray, np.ndarray]:
    """Values f8[k] and influence f8[n, k] of all groups together."""
    columns = [column for _, influence in parts for column in influence]
    values = np.array([value for found, _ in parts for value in found])
    return values, columns[0][:, None] if len(columns) == 1 else np.column_stack(columns)


def names_of(lists: Lists, direct: str | None) -> list[str]:
    """What the estimates of one group are called."""
    names = lists.arms.names[1:]
    found = [f"Share: {x}" for x in names] if len(names) > 1 else ["Share, list experiment"]
    return [*found, *(["Share, asked directly", "Direct less list"] if direct else [])]


def counts_of(cells: Cells) -> list[int]:
    """Respondents behind each estimate of one group."""
    arms, direct = cells
    sizes = [int(np.count_nonzero(a)) for a in arms]
    found = [sizes[0] + size for size in sizes[1:]]
    if direct is not None:
        everybody = np.logical_or.reduce([*arms, direct])
        found += [int(np.count_nonzero(direct)), int(np.count_nonzero(everybody))]
    return found


def direct_note(direct: str | None, asked: Asked) -> tuple[str, ...]:
    """What the comparison with the direct question rests on."""
    if direct is None:
        return ()
    who = "the control group" if asked == "control" else "everybody who answered it"
    return (
        f'"Direct less list": share by the direct question ({direct}, asked of {who}) less the '
        "share by the list; above 0 where the answer is overstated when asked directly.",
    )


def with_warnings(estimates: Estimates) -> Estimates:
    """The estimates with a warning for each share outside 0-1."""
    found = tuple(
        f"{name}{f' ({group})' if group else ''} is {value * 100:.1f} %, outside 0-100 %: chance, "
        "or the assumptions do not hold."
        for name, group, value in zip(
            estimates.names, estimates.groups, estimates.estimates, strict=True
        )
        if not name.startswith("Direct less") and not 0 <= value <= 1
    )
    return replace(estimates, warnings=(*estimates.warnings, *found))
