"""A list experiment's answers, checked: counts, arms, and who is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.analysis.indirect.common import Arms, arms_of, missing_note, not_empty
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Code


@dataclass(frozen=True)
class Lists:
    """The answers of a list experiment.

    Attributes
    ----------
    counts : f8[n]
        How many items each respondent says yes to; 0 where `used` is False.
    used : bool[n]
        Who counts and has both a count and an arm.
    items : int
        Control items, J.
    """

    counts: np.ndarray
    arms: Arms
    used: np.ndarray
    items: int
    notes: tuple[str, ...]


def read_lists(
    sample: Sample,
    count: str,
    treatment: str,
    items: int,
    control: Code | None = None,
) -> Lists:
    """Read and check the answers of a list experiment.

    Parameters
    ----------
    count, treatment : str
        The variables with the number of items and with the group.
    items : int
        Control items; the treatment group has one more.
    control : code or label, optional
        Of the control group; without it, code 0.

    Raises
    ------
    ScslabError
        Counts that are not whole or lie outside the list, no two groups, an empty group.
    """
    if items < 1:
        raise ScslabError(
            "a list needs control items", where="items", got=items, expected="1 or more"
        )
    counts = sample.number(count)
    arms = arms_of(sample, treatment, control)
    inside = sample.design.inside
    known, placed = ~np.isnan(counts), arms.codes >= 0
    used = inside & known & placed
    counts = np.where(used, counts, 0.0)
    check_counts(counts, arms, items, count)
    not_empty(arms, used, treatment)
    lost = {
        "a count": int(np.count_nonzero(inside & ~known)),
        "a group": int(np.count_nonzero(inside & known & ~placed)),
    }
    return Lists(counts, arms, used, items, missing_note(lost))


def check_counts(counts: np.ndarray, arms: Arms, items: int, name: str) -> None:
    """Counts are whole numbers that the list allows.

    Raises
    ------
    ScslabError
        Some are not; says how many and the first row.
    """
    where = f"item count {name}"
    broken = counts != np.floor(counts)
    if broken.any():
        row = int(np.flatnonzero(broken)[0])
        raise ScslabError(
            "an item count that is not a whole number",
            where=where,
            got=f"{counts[row]:g} in row {row + 1:,}, and {int(broken.sum()) - 1:,} more",
            expected=f"whole numbers from 0 to {items + 1}",
        )
    most = items + (arms.codes > 0)
    outside = (counts < 0) | (counts > most)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        group = arms.names[int(arms.codes[row])]
        raise ScslabError(
            "an item count that the list does not allow",
            where=where,
            got=f'{counts[row]:g} in row {row + 1:,} (group "{group}"), '
            f"and {int(outside.sum()) - 1:,} more",
            expected=f"0 to {items} in the control group, 0 to {items + 1} in a treatment group",
            hint="check the number of control items, and which group is the control",
        )
