"""What an estimate stands on: who is counted, in which group, with which weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np
import pandas as pd

from scslab.analysis.design import Design
from scslab.analysis.estimate.groups import Group, grouping, quoted, with_answers
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError

Deff = Literal["srs", "replace", "none"]
Df = Literal["group", "design", "counted"]
SEEN = 50_000_000  # pairs of clusters and groups that are marked in a table, not hashed


class DomainOptions(TypedDict, total=False):
    """What every estimate can be asked for.

    Attributes
    ----------
    where : bool[n]
        A domain. The design stays whole: nobody is filtered.
    confidence : float
        Of the intervals, 0.95.
    deff : {"srs", "replace", "none"}
        Design effect against simple random sampling without replacement (R's `deff=TRUE`) or with
        (`deff="replace"`). "srs" needs weights that add up to the population; where they plainly
        do not (no finite population in the design and a sum below 1.5 n) "replace" is taken and
        a note says so. R then gives infinite, negative or no design effects.
    df : float, "design", "group" or "counted"
        Degrees of freedom of intervals. "design": of the whole domain, for all groups (as R's
        `confint(svyby(...), df = degf(design))`). "group": clusters less strata with a member of
        the group, so that its interval is that of the same domain. "counted": of those in the
        domain who answered (as `svyglm` and `svyttest`). Each function's default is R's: "group"
        for shares and quantiles (`svyciprop` and `svyquantile` within `svyby`), "counted" for
        `compare`, "design" for all others. Groups of few clusters are better served by "group".
    """

    where: np.ndarray | None
    confidence: float
    deff: Deff
    df: float | Df


class Options(DomainOptions, total=False):
    """What an estimate can be asked for by groups.

    Attributes
    ----------
    by : str or sequence of str
        Grouping variables; those without an answer to one of them are in no group.
    many : bool
        Allows more than 1,000 groups.
    """

    by: str | Sequence[str]
    many: bool


@dataclass(frozen=True)
class Ground:
    """Rows that are counted and their groups.

    Attributes
    ----------
    design : Design
        Of the rows that are counted, as a domain of the whole design.
    rows : int64[m]
        Their places in the sample.
    code : int64[m]
        Their groups.
    weights : f8[m]
    n, weighted_n : int64[groups], f8[groups]
    df : f8[groups]
    deff : str
        As used, "srs" or "replace" or "none".
    notes : tuple of str
    """

    sample: Sample
    design: Design
    rows: np.ndarray
    code: np.ndarray
    weights: np.ndarray
    groups: tuple[Group, ...]
    n: np.ndarray
    weighted_n: np.ndarray
    df: np.ndarray
    confidence: float
    deff: Deff
    notes: tuple[str, ...]

    @property
    def count(self) -> int:
        """Groups."""
        return len(self.groups)


def find_ground(
    sample: Sample,
    names: Sequence[str],
    *,
    by: str | Sequence[str] = (),
    where: np.ndarray | None = None,
    confidence: float = 0.95,
    deff: Deff = "srs",
    df: float | Df = "design",
    many: bool = False,
) -> Ground:
    """Those who answered all of some variables, in groups; see `Options`.

    Raises
    ------
    ScslabError
        Nobody in the domain, no answers, too many groups, or an option that makes no sense.
    """
    if not 0 < confidence < 1:
        raise ScslabError("a level of confidence lies between 0 and 1", got=confidence)
    if deff not in ("srs", "replace", "none"):
        raise ScslabError("unknown design effect", got=deff, expected='"srs", "replace" or "none"')
    asked = in_domain(sample, where)
    answered = sample.answered(names) & asked
    if not answered.any():
        raise ScslabError(
            f"nobody in the domain has an answer to {quoted(names)}",
            where=sample.answers.source,
            got=f"{int(asked.sum()):,} respondents in the domain",
        )
    notes = missing_notes(sample, names, asked)
    by = (by,) if isinstance(by, str) else tuple(by)
    member, groups = grouping(sample, by, asked, many)
    code = np.where(answered, member, -1)
    ungrouped = int(answered.sum() - (code >= 0).sum())
    if ungrouped:
        notes.append(f"In no group, as {quoted(by)} is missing: {ungrouped:,} respondents.")
    code, member, groups, silent = with_answers(code, member, groups)
    if silent:
        notes.append(f"Groups without an answer, left out: {silent:,}.")
    rows = np.flatnonzero(code >= 0)
    code = code[rows]
    weights = sample.design.weights[rows]
    n = np.bincount(code, minlength=len(groups))
    weighted = np.bincount(code, weights, len(groups))
    if deff == "srs" and not counts_population(sample.design):
        deff = "replace"
        notes.append(
            "The weights do not add up to a population, so design effects are against sampling "
            "with replacement."
        )
    counted = np.zeros(sample.answers.n, dtype=bool)
    counted[rows] = True
    return Ground(
        sample=sample,
        design=sample.design.within(counted),
        rows=rows,
        code=code,
        weights=weights,
        groups=groups,
        n=n,
        weighted_n=weighted,
        df=degrees(
            sample.design.within(counted if df == "counted" else asked), df, member, len(groups)
        ),
        confidence=confidence,
        deff=deff,
        notes=tuple(notes),
    )


def in_domain(sample: Sample, where: np.ndarray | None) -> np.ndarray:
    """Who (bool[n]) is in the design's domain and in `where`.

    Raises
    ------
    ScslabError
        `where` is not bool[n], or nobody is in it.
    """
    inside = sample.design.inside
    if where is None:
        mask = inside
    else:
        given = np.asarray(where)
        if given.dtype != bool or given.shape != (sample.answers.n,):
            raise ScslabError(
                "a domain is true or false for every respondent",
                got=f"{given.dtype} of shape {given.shape}",
                expected=f"bool of shape ({sample.answers.n},)",
            )
        mask = inside & given
    if not mask.any():
        raise ScslabError(
            "nobody is in the domain",
            where=sample.answers.source,
            got=f"0 of {sample.answers.n:,} respondents",
        )
    return mask


def missing_notes(sample: Sample, names: Sequence[str], asked: np.ndarray) -> list[str]:
    """How many in the domain have no answer, by reason, a note for each variable."""
    notes = []
    for name in names:
        variable = sample.answers.variable(name)
        gone = sample.answers.column(name).isna().to_numpy() & asked
        if not gone.any():
            continue
        marks = sample.answers.marks.get(name)
        words: list[str] = []
        if marks is not None:
            counts = np.bincount(np.maximum(marks[gone], 0), minlength=len(variable.missing) + 1)
            for k, code in enumerate(variable.missing, 1):
                if counts[k]:
                    words.append(f"{code.label or code.reason.replace('_', ' ')} {counts[k]:,}")
            if words and counts[0]:
                words.append(f"blank {counts[0]:,}")
        detail = f" ({', '.join(words)})" if words else ""
        notes.append(f"Without an answer to {variable.says}: {int(gone.sum()):,}{detail}.")
    return notes


def counts_population(design: Design) -> bool:
    """Whether weights can be numbers of people in the population, not shares of the sample."""
    total, n = float(design.weights.sum()), design.n
    finite = any(np.isfinite(stage.population).any() for stage in design.stages)
    return total > n if finite else total >= 1.5 * n


def degrees(design: Design, df: float | Df, member: np.ndarray, count: int) -> np.ndarray:
    """Degrees of freedom of each group (f8[count]); `member` (int64[n]) has -1 for none.

    Raises
    ------
    ScslabError
        Neither a word that is known nor a positive number.
    """
    if df in ("design", "counted") or (
        df == "group" and count == 1 and (member >= 0).sum() == design.n
    ):
        return np.full(count, design.df)
    if df == "group" and design.replicates is not None:
        return np.array([design.within(member == g).df for g in range(count)])
    if df == "group":
        rows = np.flatnonzero(member >= 0)
        clusters, strata = pairs_by_group(design, rows, member[rows], count)
        return (clusters - strata).astype(float)
    if isinstance(df, str) or not df > 0:
        raise ScslabError(
            "unknown degrees of freedom",
            got=df,
            expected='"group", "design", "counted" or a positive number',
        )
    return np.full(count, float(df))


def pairs_by_group(
    design: Design, rows: np.ndarray, code: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """First-stage clusters and strata with a member of each group, int64[count] both."""
    first = design.stages[0]
    cluster = first.cluster[rows]
    found = []
    for unit, size in ((cluster, len(first.stratum)), (first.stratum[cluster], len(first.sampled))):
        if size == len(first.cluster):  # every row is a cluster of its own
            found.append(np.bincount(code, minlength=count))
        else:
            found.append(
                np.bincount(met(unit * count + code, size * count) % count, minlength=count)
            )
    return found[0], found[1]


def met(pairs: np.ndarray, size: int) -> np.ndarray:
    """The different numbers (below `size`) that occur, without a sort."""
    if size > SEEN:
        return np.asarray(pd.unique(pairs))
    seen = np.zeros(size, dtype=bool)
    seen[pairs] = True
    return np.flatnonzero(seen)
