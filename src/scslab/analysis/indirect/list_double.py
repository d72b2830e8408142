"""Double list experiments: two lists, each group the control of one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scslab.analysis.indirect.common import about, estimated, groups_of
from scslab.analysis.indirect.list_data import Lists, read_lists
from scslab.analysis.indirect.list_experiment import (
    ASSUMES,
    Cells,
    cells_of,
    check_cells,
    combined,
    contrasts,
    counts_of,
    with_warnings,
)
from scslab.analysis.indirect.records import Estimates
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Code


def double_list(
    sample: Sample,
    first: str,
    second: str,
    treatment: str,
    items: tuple[int, int],
    *,
    control: Code | None = None,
    by: str | None = None,
    level: float = 0.95,
) -> Estimates:
    """Share from two lists: each group is the control of one and the treatment of the other.

    The treatment group sees the sensitive item in the first list, the control group in the
    second; the share is the mean of the two differences (Droitcour et al. 1991; Glynn 2013).

    Parameters
    ----------
    first, second : str
        Variables with the counts of the two lists.
    treatment : str
        The group; those treated in the first list are the control of the second.
    items : two int
        Control items of each list.

    Raises
    ------
    ScslabError
        As `list_shares`, for either list.
    """
    one = read_lists(sample, first, treatment, items[0], control)
    if len(one.arms.names) != 2:
        raise ScslabError(
            "two lists need two groups",
            where=f"treatment variable {treatment}",
            got=f"{len(one.arms.names)} groups",
        )
    other = one.arms.names[1]
    two = read_lists(sample, second, treatment, items[1], other)
    used = one.used | two.used
    design = sample.design.within(used)
    groups = groups_of(sample, by, used)
    parts = [
        (cells_of(one, r, None, "control"), cells_of(two, r, None, "control")) for _, r in groups
    ]
    for place in (0, 1):
        check_cells([p[place] for p in parts], groups, treatment)
    values, covariance = estimated(design, lambda w: two_lists(one, two, parts, w))
    labels = ["Share, mean of both lists", f"Share, list {first}", f"Share, list {second}"]
    labels.append("First list less second")
    sizes = [(counts_of(a)[0], counts_of(b)[0]) for a, b in parts]
    return with_warnings(
        Estimates(
            id=f"double-list-{first}-{second}",
            title=f"Double list experiment: {first}, {second}",
            names=tuple(labels * len(groups)),
            groups=tuple(g for g, _ in groups for _ in labels),
            estimates=values,
            covariance=covariance,
            df=design.df,
            n=tuple(n for a, b in sizes for n in (max(a, b), a, b, max(a, b))),
            rows=int(np.count_nonzero(used)),
            form="share",
            level=level,
            notes=(
                *ASSUMES,
                "The mean of both lists gives each list half; a difference between them far from "
                "0 speaks against one of the lists.",
                *dict.fromkeys((*one.notes, *two.notes)),
            ),
            group_title="" if by is None else sample.answers.variable(by).says,
            **about(sample),
        )
    )


def two_lists(
    one: Lists, two: Lists, parts: Sequence[tuple[Cells, Cells]], weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Shares from both lists, their mean and difference, with influence."""
    found = []
    for first, second in parts:
        (a,), (own_a,) = contrasts(one.counts, None, first, weights)
        (b,), (own_b,) = contrasts(two.counts, None, second, weights)
        values = [(a + b) / 2, a, b, a - b]
        found.append((values, [(own_a + own_b) / 2, own_a, own_b, own_a - own_b]))
    return combined(found)
