"""Randomised response: luck answers for the respondent, so that no answer gives anybody away.

Every design makes P(yes) = c * share + d with c and d known from its probabilities, so that the
share is (P(yes) - d) / c (Blair, Imai and Zhou 2015).
"""

from __future__ import annotations

import numpy as np

from scslab.analysis.indirect.common import (
    about,
    estimated,
    groups_of,
    mean_of,
    missing_note,
    yes_of,
)
from scslab.analysis.indirect.randomised_device import Device
from scslab.analysis.indirect.records import Estimates
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Code


def randomised_shares(
    sample: Sample,
    answer: str,
    device: Device,
    *,
    yes: Code | None = None,
    by: str | None = None,
    level: float = 0.95,
) -> Estimates:
    """Share of the sensitive answer from a randomised response question.

    Parameters
    ----------
    answer : str
        The answers given; 1 is yes unless `yes` names another.
    device : Device
        From `device_of`.
    by : str, optional
        A variable whose groups get shares of their own.

    Raises
    ------
    ScslabError
        Other answers than yes and no; nobody answered.

    Notes
    -----
    The standard error is that of the share of yes under the design, divided by |c|. A share
    outside 0-1 is given as it is, with a warning.
    """
    answers = yes_of(sample, answer, yes)
    used = sample.design.inside & ~np.isnan(answers)
    if not used.any():
        raise ScslabError("nobody answered", where=answer)
    design, groups = sample.design.within(used), groups_of(sample, by, used)
    known = np.nan_to_num(answers)

    def evaluate(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = [mean_of(known, rows, weights) for _, rows in groups]
        shares = np.array([(mean - device.base) / device.slope for mean, _ in found])
        return shares, np.column_stack([own / device.slope for _, own in found])

    values, spread = estimated(design, evaluate)
    lost = int(np.count_nonzero(sample.design.inside)) - int(np.count_nonzero(used))
    return Estimates(
        id=f"randomised-{answer}",
        title=f"Randomised response: {answer}",
        names=("Share of the sensitive answer",) * len(groups),
        groups=tuple(g for g, _ in groups),
        estimates=values,
        covariance=spread,
        df=design.df,
        n=tuple(int(np.count_nonzero(rows)) for _, rows in groups),
        rows=int(np.count_nonzero(used)),
        form="share",
        null=None,
        level=level,
        notes=(*assumptions(device), *missing_note({"an answer": lost})),
        warnings=outside_warnings(values, tuple(g for g, _ in groups), device),
        group_title="" if by is None else sample.answers.variable(by).says,
        **about(sample),
    )


def assumptions(device: Device) -> tuple[str, ...]:
    """What the estimates rest on."""
    return (
        f"Design: {device.words}; P(yes) = {device.slope:.4g} x share + {device.base:.4g}. Assumes "
        "that respondents did as the device told them and answered honestly.",
    )


def outside_warnings(
    values: np.ndarray, groups: tuple[str, ...], device: Device
) -> tuple[str, ...]:
    """Says plainly which shares lie outside 0-1."""
    low, high = sorted((device.base, device.base + device.slope))
    return tuple(
        f"The share{f' of {group}' if group else ''} is {value * 100:.1f} %, outside 0-100 %: the "
        f"share of yes lies outside {low * 100:.1f}-{high * 100:.1f} %, which this design allows, "
        "by chance or because instructions were not followed."
        for value, group in zip(values, groups, strict=True)
        if not 0 <= value <= 1
    )
