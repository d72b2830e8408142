"""What all indirect questions share: who was in which arm, who answered, and linearisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scslab.analysis.design import Design
from scslab.analysis.indirect.records import joined
from scslab.analysis.sample import Sample
from scslab.analysis.variance import covariance
from scslab.core.errors import ScslabError
from scslab.survey.answers import Code, plain

Evaluate = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Arms:
    """Who was asked which version: code 0 is the control, -1 a missing answer.

    `names` are the arms' labels in the order of their codes.
    """

    codes: np.ndarray
    names: tuple[str, ...]


def arms_of(sample: Sample, name: str, control: Code | None = None) -> Arms:
    """Read who was in which arm of an experiment.

    Parameters
    ----------
    name : str
        The variable that says it.
    control : code or label, optional
        Of the control group. Without it, 0 if the variable holds 0.

    Raises
    ------
    ScslabError
        Fewer than two arms, more arms than answers could make, or no known control group.
    """
    variable, column = sample.answers.variable(name), sample.answers.column(name)
    values = [v for v in pd.unique(column) if not pd.isna(v)]
    where = f"treatment variable {name}"
    if len(values) < 2:
        raise ScslabError(
            "an experiment needs a control group and a treatment group",
            where=where,
            got=f"{len(values)} value" + ("" if len(values) == 1 else "s"),
            expected="two groups or more",
        )
    if len(values) > 20:
        raise ScslabError(
            "too many groups for an experiment",
            where=where,
            got=f"{len(values)} different values",
            expected="two groups or more, at most 20",
            hint="name the variable that says which version a respondent was given",
        )
    codes = sorted(values, key=lambda c: (isinstance(c, str), c))
    labels = [variable.labels.get(c) or plain(c) for c in codes]
    if control is None:
        if 0 not in codes:
            raise ScslabError(
                "which group is the control?",
                where=where,
                got=joined([f'"{x}"' for x in labels]),
                expected="a group with code 0, or the control group named",
                hint=f'control: "{labels[0]}"',
            )
        first = codes.index(0)
    else:
        first = place_of(control, codes, labels, where)
    order = [first, *(i for i in range(len(codes)) if i != first)]
    raw = column.to_numpy()
    found = np.full(len(raw), -1, np.int8)
    for place, i in enumerate(order):  # sums, for masked assignment takes ten times as long
        found += (raw == codes[i]).view(np.int8) * np.int8(place + 1)
    return Arms(found, tuple(labels[i] for i in order))


def place_of(wanted: Code, codes: Sequence[Code], labels: Sequence[str], where: str) -> int:
    """The place of a code or label.

    Raises
    ------
    ScslabError
        It is neither.
    """
    if wanted in codes:
        return list(codes).index(wanted)
    if wanted in labels:
        return list(labels).index(str(wanted))
    raise ScslabError(
        f'no answer "{wanted}"', where=where, expected=joined([f'"{x}"' for x in labels])
    )


def two_arms(arms: Arms, name: str) -> None:
    """An experiment with one treatment group.

    Raises
    ------
    ScslabError
        It has several.
    """
    if len(arms.names) != 2:
        raise ScslabError(
            "this analysis compares two groups",
            where=f"treatment variable {name}",
            got=f"{len(arms.names)} groups: {joined(arms.names)}",
            hint="keep one treatment group and the control group as a domain",
        )


def not_empty(arms: Arms, used: np.ndarray, name: str) -> None:
    """Every arm has a respondent who counts.

    Raises
    ------
    ScslabError
        One has none.
    """
    for code, label in enumerate(arms.names):
        if not (used & (arms.codes == code)).any():
            raise ScslabError(
                f'nobody with an answer in group "{label}"',
                where=f"treatment variable {name}",
                expected="respondents in every group",
            )


def yes_of(sample: Sample, name: str, yes: Code | None = None) -> np.ndarray:
    """A yes-no question as f8[n]: 1 yes, 0 no, NaN missing.

    Parameters
    ----------
    yes : code or label, optional
        What counts as yes; without it the variable must hold 0 and 1.

    Raises
    ------
    ScslabError
        Other values than 0 and 1, or nobody could say `yes`.
    """
    variable, column = sample.answers.variable(name), sample.answers.column(name)
    values = [v for v in pd.unique(column) if not pd.isna(v)]
    codes = sorted(values, key=lambda c: (isinstance(c, str), c))
    labels = [variable.labels.get(c) or plain(c) for c in codes]
    if yes is None:
        if not set(codes) <= {0, 1}:
            raise ScslabError(
                "a yes-no question with other values than 0 and 1",
                where=name,
                got=joined([f'"{x}"' for x in labels[:8]]) + (" ..." if len(labels) > 8 else ""),
                expected="0 (no) and 1 (yes), or the answer that counts as yes",
                hint=f'yes: "{labels[-1]}"',
            )
        return sample.number(name)
    code = codes[place_of(yes, codes, labels, name)]
    return np.where(column.isna().to_numpy(), np.nan, (column.to_numpy() == code).astype(float))


def groups_of(sample: Sample, name: str | None, used: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Everybody used and then each group of a variable among them: label and bool[n]."""
    everybody = [("", used)]
    if name is None:
        return everybody
    found = sample.categories(name)
    codes = np.asarray(found.codes)
    parts = [(str(x), used & (codes == i)) for i, x in enumerate(found.categories)]
    return [*everybody, *((label, rows) for label, rows in parts if rows.any())]


def estimated(design: Design, evaluate: Evaluate) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and their covariance from a function of weights.

    Parameters
    ----------
    evaluate : function of weights f8[n]
        Gives estimates f8[k] and their weighted influence f8[n, k].
    """
    values, influence = evaluate(design.weights)
    return values, covariance(design, values, influence, refit=lambda w: evaluate(w)[0])


def mean_of(values: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
    """Weighted mean of finite values over rows (bool[n]), with weighted influence f8[n].

    NaN over no rows.
    """
    counted = weights * rows
    total = counted.sum()
    if total == 0:
        return float("nan"), np.zeros(len(rows))
    mean = float(counted @ values / total)
    influence = values - mean
    influence *= counted
    influence /= total
    return mean, influence


def missing_note(lost: Mapping[str, int]) -> tuple[str, ...]:
    """A note on rows left out for missing answers, by what was missing."""
    parts = [f"{count:,} without {what}" for what, count in lost.items() if count]
    return (f"Left out of the sample: {joined(parts)}.",) if parts else ()


def about(sample: Sample) -> dict[str, Any]:
    """Where results are from, as every record says it."""
    return {"source": sample.answers.source, "synthetic": sample.answers.synthetic}
