"""Estimates, crosstabs and Likert figures of a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scslab.analysis import estimate as est
from scslab.analysis.compare import compare
from scslab.analysis.crosstab import crosstab
from scslab.analysis.domain import domain_of, domain_words
from scslab.analysis.estimate.hidden import hide_lone_cells
from scslab.analysis.estimate.records import Estimate
from scslab.analysis.estimate.shares import reason
from scslab.analysis.sample import Sample
from scslab.analysis.show_code import Asked
from scslab.core.errors import ScslabError
from scslab.core.printed import (
    Column,
    Form,
    LikertFigure,
    LikertItem,
    Part,
    ResultTable,
    Row,
    Suppressed,
)
from scslab.lab.analyse.plan import CrosstabSpec, EstimateSpec, LikertSpec
from scslab.lab.analyse.read_plan import Plan, at
from scslab.lab.analyse.shown import Shower
from scslab.survey.answers import Code


def estimates(plan: Plan, show: Shower, sound: np.ndarray | None) -> list[Part]:
    """Tables of estimates; `sound` (bool[n]) are those whom the screen did not flag."""
    parts: list[Part] = []
    for i, spec in enumerate(plan.analysis.estimates):
        with at(plan.analysis_document, "estimates", i):
            parts += one_estimate(spec, plan, show, sound)
    return parts


def one_estimate(
    spec: EstimateSpec, plan: Plan, show: Shower, sound: np.ndarray | None
) -> list[Part]:
    """One table of estimates, with comparisons and without those whom the screen flagged."""
    sample, below = inside(show.prepared.sample, spec.where), plan.analysis.smallest_cell
    found = estimated(spec, sample)
    table = found.table(spec.id, title=titled(spec.title or found.title(), spec.where), below=below)
    parts: list[Part] = [under(table, spec, show, asked(spec, show, sample))]
    if spec.compare:
        parts += compared(spec, sample, show, below)
    if sound is not None and spec.statistic != "total":  # a total of fewer is just smaller
        left = sample.design.inside & sound
        kept = estimated(spec, sample.within(sound)) if left.any() else None
        parts.append(without(spec, found, kept, below))
    return parts


def under(table: ResultTable, spec: EstimateSpec, show: Shower, said: Asked) -> ResultTable:
    """A table with its code: groups are categories, and so is what shares are of."""
    of = [*spec.of, *spec.per]
    if spec.statistic == "share":
        return show.under(table, said, [*of, *spec.by])
    return show.under(table, said, spec.by, of)


def inside(sample: Sample, where: dict[str, list[str | int | float | bool]]) -> Sample:
    """The sample within a domain of the plan."""
    return sample.within(domain_of(sample.answers, where)) if where else sample


def titled(title: str, where: dict[str, list[str | int | float | bool]]) -> str:
    """A title that names the domain."""
    return f"{title} ({domain_words(where)})" if where else title


def estimated(spec: EstimateSpec, sample: Sample) -> est.Estimates:
    """The estimates of one item of the plan.

    Raises
    ------
    ScslabError
        Variables that do not fit the statistic.
    """
    by = tuple(spec.by)
    statistic = spec.statistic
    if statistic == "share":
        parts = [
            est.share(sample, name, method=spec.interval, missing=spec.missing, by=by)
            for name in spec.of
        ]
        return joined(parts)
    if statistic == "ratio":
        if len(spec.per) != len(spec.of):
            raise ScslabError(
                "a ratio needs a denominator for each variable",
                got=f"{len(spec.of)} and {len(spec.per)}",
                hint="per: [...]",
            )
        pairs = zip(spec.of, spec.per, strict=True)
        return joined([est.ratio(sample, top, bottom, by=by) for top, bottom in pairs])
    # One by one: who left one question open still counts in the others.
    if statistic == "quantile":
        return joined([est.quantile(sample, name, spec.at, by=by) for name in spec.of])
    if statistic == "correlation":
        return est.correlation(sample, spec.of, by=by)
    plain: dict[str, Callable[..., est.Estimates]] = {
        "mean": est.mean, "total": est.total, "sd": est.sd,
    }  # fmt: skip
    return joined([plain[statistic](sample, name, by=by) for name in spec.of])


def joined(parts: Sequence[est.Estimates]) -> est.Estimates:
    """Estimates of several variables in one table."""
    first = parts[0]
    if len(parts) == 1:
        return first
    labels = {k: v for p in parts for k, v in p.labels.items()}
    return replace(
        first,
        rows=tuple(row for p in parts for row in p.rows),
        covariance=None,
        notes=tuple(dict.fromkeys(note for p in parts for note in p.notes)),
        labels=labels,
    )


def asked(spec: EstimateSpec, show: Shower, sample: Sample) -> Asked:
    """An item of the plan as the code says it."""
    variables = (*spec.of, *spec.per) if spec.statistic == "ratio" else tuple(spec.of)
    return Asked(
        kind=spec.statistic,
        variables=variables,
        quantiles=tuple(spec.at),
        by=tuple(spec.by),
        domain=show.domain(spec.where),
        method=spec.interval if spec.statistic == "share" else "",
        reasons=reasons(spec, sample),
    )


def reasons(
    spec: EstimateSpec, sample: Sample
) -> tuple[tuple[str, tuple[tuple[Code, str], ...]], ...]:
    """The codes of missing answers that shares show as levels, with their words."""
    if spec.statistic != "share" or spec.missing != "show":
        return ()
    found = []
    for name in spec.of:
        levels = {str(c) for c in sample.categories(name).categories}
        said = []
        for mark, code in enumerate(sample.answers.variable(name).missing, 1):
            words = reason(sample.answers.variable(name), mark)
            said.append((code.code, f"{words} (missing)" if words in levels else words))
        found.append((name, tuple(said)))
    return tuple(found)


def compared(spec: EstimateSpec, sample: Sample, show: Shower, below: int) -> list[ResultTable]:
    """Differences between groups with their test: of means, or of each answer's share.

    Raises
    ------
    ScslabError
        No groups, several grouping variables, or another statistic.
    """
    if len(spec.by) != 1:
        raise ScslabError("a comparison needs one grouping variable", got=", ".join(spec.by))
    if spec.statistic not in ("share", "mean"):
        raise ScslabError("only means and shares are compared", got=spec.statistic)
    tables = []
    for name in spec.of:
        levels: list[str | None] = [None]
        if spec.statistic == "share":
            levels = [str(c) for c in sample.categories(name).categories]
        for k, level in enumerate(levels, 1):
            found = compare(sample, name, spec.by[0], level=level)
            part = f"-{k}" if len(levels) > 1 else ""
            table = found.table(f"{spec.id}-{name}-differences{part}", below=below)
            said = Asked(
                "differences",
                (name, spec.by[0]),
                level=level or "",
                groups=tuple(row.groups[0][1] for row in found.groups.rows),
                domain=show.domain(spec.where),
            )
            tables.append(under(table, spec, show, said))
    return tables


def without(
    spec: EstimateSpec, every: est.Estimates, kept: est.Estimates | None, below: int
) -> ResultTable:
    """Estimates with all respondents beside those without the flagged ones.

    See `hidden_rows` for what is hidden. Without `kept` everybody was flagged.
    """
    there = {} if kept is None else {key(r): r for r in kept.rows}
    rows = []
    for r, hidden in zip(every.rows, hidden_rows(every, kept, below), strict=True):
        words = [*(c for _, c in r.groups), every.says(r.variable), r.level]
        name = ", ".join(w for w in words if w)
        other = there.get(key(r))
        if hidden:
            rows.append(Row((name, *[Suppressed(below)] * 5)))
        elif other is None:
            rows.append(Row((name, r.value, r.n, None, 0, None)))
        else:
            rows.append(Row((name, r.value, r.n, other.value, other.n, other.value - r.value)))
    gone = list(dict.fromkeys(words_of(r) for r in every.rows if key(r) not in there))
    notes = ["Weights are those of all respondents; nobody is dropped from other tables."]
    if gone:
        notes.append(f"Everybody is flagged here, so nobody is left: {'; '.join(gone)}.")
    form: Form = "share" if every.statistic == "share" else "number"
    return ResultTable(
        id=f"{spec.id}-screened",
        title=f"{spec.title or every.title()}, with and without flagged respondents",
        columns=(
            Column("of", ""),
            Column("all", "All", form),
            Column("n_all", "n", "count"),
            Column("screened", "Without flagged", form),
            Column("n_screened", "n", "count"),
            Column("difference", "Difference", form),
        ),
        rows=tuple(rows),
        n=every.respondents(),
        source=every.source,
        notes=tuple(notes),
        synthetic=every.synthetic,
    )


def key(row: Estimate) -> tuple[object, ...]:
    """What names a row."""
    return row.groups, row.variable, row.level


def words_of(row: Estimate) -> str:
    """The group of a row."""
    return ", ".join(c for _, c in row.groups) or "all"


def hidden_rows(every: est.Estimates, kept: est.Estimates | None, below: int) -> np.ndarray:
    """Which rows (bool[k]) of the table without flagged respondents are hidden.

    A row is where either estimate is, or where the flagged ones in it are so few that the
    difference would give their answers away. Shares of a group add up to 1, so never one alone is
    hidden; nor is a group shown of which no other share could be hidden with it.
    """
    rows = [] if kept is None else list(zip(kept.rows, kept.hidden(below), strict=True))
    there = {key(r): (r.cases, gone) for r, gone in rows}
    hidden = np.array(every.hidden(below), dtype=bool)
    fewest = np.array([r.cases for r in every.rows])
    places: dict[object, list[int]] = {}
    for k, r in enumerate(every.rows):
        cases, gone = there.get(key(r), (0, False))
        few = 0 < r.cases - cases < below
        hidden[k] |= gone or few
        fewest[k] = min(r.cases, r.cases - cases) if r.cases > cases else r.cases
        places.setdefault((r.groups, r.variable), []).append(k)
    if every.statistic != "share":
        return hidden
    for found in places.values():
        hidden[found] = hide_lone_cells(hidden[found], fewest[found])
        flagged = every.rows[found[0]].n - sum(
            there.get(key(every.rows[k]), (0,))[0] for k in found
        )
        if 0 < flagged < below:  # n of the two columns would tell as much
            hidden[found] = True
    return hidden


def crosstabs(plan: Plan, show: Shower) -> list[Part]:
    """Tables of two variables with their test."""
    parts: list[Part] = []
    for i, spec in enumerate(plan.analysis.crosstabs):
        with at(plan.analysis_document, "crosstabs", i):
            parts.append(one_crosstab(spec, plan, show))
    return parts


def one_crosstab(spec: CrosstabSpec, plan: Plan, show: Shower) -> ResultTable:
    """One table of two variables."""
    sample = inside(show.prepared.sample, spec.where)
    found = crosstab(sample, spec.rows, spec.columns, statistic=spec.test)
    title = titled(spec.title or f"{found.columns} by {found.rows}", spec.where)
    table = found.table(
        spec.id, percent=spec.shares, below=plan.analysis.smallest_cell, title=title
    )
    said = Asked(
        "crosstab",
        (spec.rows, spec.columns),
        domain=show.domain(spec.where),
        test=spec.test,
        percent=spec.shares,
    )
    return show.under(table, said, [spec.rows, spec.columns])


def likert(plan: Plan, show: Shower) -> list[Part]:
    """Diverging bars."""
    parts: list[Part] = []
    for i, spec in enumerate(plan.analysis.likert):
        with at(plan.analysis_document, "likert", i):
            sample = inside(show.prepared.sample, spec.where)
            parts.append(one_likert(spec, sample, plan.analysis.smallest_cell))
    return parts


def one_likert(spec: LikertSpec, sample: Sample, below: int) -> LikertFigure:
    """Bars of several items on one scale, or of one item by groups.

    A bar with a level of fewer than `below` respondents is left out, and named in a note.

    Raises
    ------
    ScslabError
        Items with different levels, or groups with several items.
    """
    if spec.by and len(spec.items) > 1:
        raise ScslabError("bars by groups are of one item", got=f"{len(spec.items)} items")
    levels = [str(c) for c in sample.categories(spec.items[0]).categories]
    items: list[LikertItem] = []
    left_out: list[str] = []
    for name in spec.items:
        other = [str(c) for c in sample.categories(name).categories]
        if other != levels:
            raise ScslabError(
                "items of a Likert figure have one scale",
                got=f"{name}: {', '.join(other)}",
                expected=", ".join(levels),
            )
        found = est.share(sample, name, by=[spec.by] if spec.by else [])
        for groups in dict.fromkeys(r.groups for r in found.rows):
            rows = [r for r in found.rows if r.groups == groups]
            label = groups[0][1] if groups else sample.answers.variable(name).says
            if any(0 < r.cases < below for r in rows):
                left_out.append(label)
                continue
            items.append(LikertItem(label, tuple(r.value for r in rows), rows[0].n))
    if not items:
        raise ScslabError("no bar is left to draw", why=too_small(left_out, below))
    if spec.neutral is not None and spec.neutral not in levels:
        raise ScslabError(f'no level "{spec.neutral}"', where="neutral", expected=", ".join(levels))
    return LikertFigure(
        id=spec.id,
        title=titled(spec.title, spec.where),
        unit="% of answers, weighted",
        source=sample.answers.source,
        levels=tuple(levels),
        items=tuple(items),
        neutral=None if spec.neutral is None else levels.index(spec.neutral),
        neutral_apart=spec.neutral_apart,
        notes=(too_small(left_out, below),) if left_out else (),
        synthetic=sample.answers.synthetic,
    )


def too_small(names: Sequence[str], below: int) -> str:
    """Which bars a figure leaves out."""
    return f"Left out, an answer rests on fewer than {below} respondents: {', '.join(names)}."
