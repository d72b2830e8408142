"""Write the report of a sweep: one HTML file, no script, no network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from scslab.core.sweep import Box, Limit, OutcomePart, Scatter, SweepReport, shown
from scslab.report import charts_sweep, parts, words
from scslab.report.parts import Block, Section, Table
from scslab.report.sections import paragraphs
from scslab.report.templates import Page, fill

MOST_BARS = 20
FEW_CASES = 10  # with fewer, no share of 5 per cent can be told
RANKED = ("ST", "mu*", "swing", "rank correlation")
# Which bars stand beside those that rank, and what all measures say.
BESIDE = {"ST": ("ST", "S1"), "mu*": ("mu*", "sigma")}
SAYS = {
    "S1": "share of the outcome's variance by this factor alone",
    "ST": "share by this factor with all that it does together with others",
    "S2": "share by two factors together, beyond what each does alone",
    "mu*": "mean absolute change of the outcome when the factor moves over its range",
    "mu": "the same with its sign",
    "sigma": "its standard deviation: how much the change hangs on the other factors",
    "rank correlation": "partial rank correlation: direction and strength, the others held; of "
    "levels without an order strength only",
    "swing": "from the lowest to the highest outcome while this factor alone moves",
}


MAY_NOT = (
    "Nobody may conclude from this page how likely an outcome is. Ranges are set by the study and "
    "the sweep, and every value within them counts as much as the next: a share of cases is not a "
    "probability.",
    "An index says how much of the variation over these ranges a factor brings about. A factor "
    "with a narrow range looks unimportant, however much it does.",
)


def write_sweep_page(report: SweepReport, path: Path) -> None:
    """Write the report page of a sweep.

    Parameters
    ----------
    report : SweepReport
        All that the page says; the same record gives the same bytes.
    path : Path
        The HTML file to write.
    """
    path.write_bytes(render(report).encode("utf-8", "replace"))


def render(report: SweepReport) -> str:
    """The HTML text of the report, with every text of the record escaped."""
    seeds = f"seed {report.seed}"
    if report.replications > 1:
        seeds = f"seeds {report.seed} to {report.seed + report.replications - 1}"
    return fill(
        "page.html",
        "page.css",
        run=Page("Report of a sweep", report.title, report.study, report.warnings, report.version),
        about=paragraphs(report.about),
        cannot_tell=[*paragraphs(report.cannot_tell), *MAY_NOT],
        facts=facts(report),
        sections=list(sections(report)),
        source_line=f"scslab {report.version}, {seeds}, synthetic",
        linked=lambda href: href.startswith(("https://", "http://")),
    )


def facts(report: SweepReport) -> list[tuple[str, str]]:
    """The key facts."""
    runs = report.cases * report.replications
    return [
        ("Method", report.method),
        ("Factors", words.count(len(report.factors))),
        ("Cases", words.count(report.cases)),
        ("Runs", words.count(runs)),
        ("Simulated persons", words.count(report.persons)),
        ("Months", report.months),
    ]


def sections(report: SweepReport) -> Iterator[Section]:
    """All sections in the order of the page."""
    yield Section("outcomes", "What was measured", tuple(measured(report)))
    for place, part in enumerate(report.outcomes, 1):
        blocks = tuple(outcome(part))
        yield Section(f"outcome-{place}", part.name, blocks)
    yield Section("factors", "What varied", tuple(varied(report)))
    yield Section("fingerprint", "Fingerprint", tuple(again(report)))


def measured(report: SweepReport) -> Iterator[Block]:
    """The spread of each outcome over the cases."""
    yield parts.text(
        f"The study was run with {words.plural(report.cases, 'set')} of values of "
        f"{words.plural(len(report.factors), 'factor')}, each with the same luck, so that what "
        "differs between two cases is what their values do."
    )
    rows = tuple(
        (
            f"{part.name}\n{part.says}",
            part.unit,
            words.number(part.mean),
            *(words.number(x) if enough(part) else words.NONE for x in (part.low, part.high)),
            words.count(part.cases - part.missing),
        )
        for part in report.outcomes
    )
    head = ("Outcome", "Unit", "Mean#", "5% of cases below#", "5% above#", "Cases#")
    yield parts.table(Table("Outcomes over the cases", head, rows))


def enough(part: OutcomePart) -> bool:
    """Whether there are cases enough for the ends between which 90 per cent of them lie."""
    return part.cases - part.missing >= FEW_CASES


def over(part: OutcomePart) -> str:
    """Which factors an outcome is drawn over: the strongest, or the first where none is ranked."""
    if any(row.measure in RANKED for row in part.indices):
        return "the factors that it answers to most"
    many = len(part.scatters)
    return f"the first {words.plural(many, 'factor')}" if many > 1 else "the first factor"


def outcome(part: OutcomePart) -> Iterator[Block]:
    """One outcome: over its factors, its indices, its boxes."""
    yield parts.text(f"{part.says} ({part.unit}).")
    n = words.count(part.cases - part.missing)
    if part.scatters and part.cases > part.missing:
        yield parts.figure(
            partial(charts_sweep.scatters, part.scatters, part.unit),
            title=f"{part.name} over {over(part)}",
            unit=part.unit,
            n=f"{n} cases",
            note="A point is a case; the lines are means over parts of the range with at least "
            f"{charts_sweep.LEAST} cases. Where they are level, other factors move the points.",
            table=points_table(part),
        )
    yield from index_blocks(part, n)
    for box in part.boxes:
        yield from box_blocks(part, box)
    for note in part.notes:
        yield parts.text(f"{note[:1].upper()}{note[1:]}.")


def points_table(part: OutcomePart) -> Table:
    """Means of the outcome over the lower and the upper half of each factor that is drawn."""
    rows = [
        (f"{one.factor}\n{name}", words.count(len(ys)), mean_of(ys))
        for one in part.scatters
        for name, ys in halves(one)
    ]
    return Table(f"Means of {part.name}", ("Part of the cases", "Cases#", "Mean#"), tuple(rows))


def halves(one: Scatter) -> list[tuple[str, list[float]]]:
    """The outcomes of each level of a factor, or of the lower and the upper half of its range."""
    pairs = list(zip(one.xs, one.ys, strict=True))
    if one.levels:
        return [(level, [y for x, y in pairs if x == level]) for level in one.levels]
    cut = sorted(map(float, one.xs))[len(pairs) // 2] if pairs else 0.0
    lower = [y for x, y in pairs if float(x) < cut]
    upper = [y for x, y in pairs if float(x) >= cut]
    return [(f"below {words.number(cut)}", lower), ("from there on", upper)]


def mean_of(values: list[float]) -> str:
    """A mean, or a dash."""
    return words.number(sum(values) / len(values)) if values else words.NONE


def index_blocks(part: OutcomePart, n: str) -> Iterator[Block]:
    """Bars and a table of the indices."""
    by = next((m for m in RANKED if any(row.measure == m for row in part.indices)), "")
    if not by:
        return
    ranking = [row for row in part.indices if row.measure == by]
    top = [row.factor for row in ranking][:MOST_BARS]
    measures = BESIDE.get(by, (by,))
    drawn = [row for row in part.indices if row.factor in top and row.measure in measures]
    known = list(dict.fromkeys(row.measure for row in part.indices))
    more = f" The {MOST_BARS} strongest of {len(ranking)}." if len(ranking) > MOST_BARS else ""
    meaning = "; ".join(f"{m}: {SAYS[m]}" for m in measures)
    yield parts.figure(
        partial(charts_sweep.bars, drawn, measures),
        title=f"What {part.name} answers to",
        unit=part.unit if by in ("mu*", "swing") else "share of variance" if by == "ST" else by,
        n=f"{n} cases",
        note=f"{meaning[:1].upper()}{meaning[1:]}. Lines are 95% intervals.{more}",
        table=index_table(part, known, [row.factor for row in ranking]),
    )


def index_table(part: OutcomePart, measures: list[str], factors: list[str]) -> Table:
    """All indices of an outcome, the strongest factor first."""
    rows: list[tuple[str, ...]] = []
    for measure in measures:
        rows.append((f"{measure}: {SAYS[measure]}",))
        mine = [row for row in part.indices if row.measure == measure]
        mine.sort(key=lambda row: factors.index(row.factor) if row.factor in factors else 10**6)
        rows += [
            (row.factor, words.number(row.value, 3), end(row.low), end(row.high)) for row in mine
        ]
    head = ("Factor", "Value#", "95% interval from#", "to#")
    return Table(f"Indices of {part.name}", head, tuple(rows))


def end(value: float) -> str:
    """The end of an interval, or a dash."""
    return words.number(value, 3) if math.isfinite(value) else words.NONE


def box_blocks(part: OutcomePart, one: Box) -> Iterator[Block]:
    """A box of the worst cases: in words, its way, its restrictions."""
    peel = one.held
    first = one.peels[0]
    yield Block(heading=f"Where it is worst: box {one.number}")
    yield parts.text(
        f"Counted as worst: cases with {part.name} {one.side} {words.number(one.threshold)}, "
        f"{words.count(first.bad)} of {words.count(first.cases)} looked at. Inside the box are "
        f"{words.plural(peel.cases, 'case')}, of which {words.share(peel.density)} are such "
        f"(density), and with them {words.share(peel.coverage)} of all such cases (coverage)."
    )
    yield parts.figure(
        partial(charts_sweep.trajectory, one),
        title=f"From all cases to a small box: {part.name}, box {one.number}",
        unit="density over coverage, in per cent of cases",
        n=f"{words.count(first.cases)} cases",
        note="Up: density, the share of the cases inside that are among the worst. Each step "
        "peels off a slice of one factor. The diamond is the box that is told: the step with the "
        "best mean of both, without restrictions that may be chance.",
        table=way_table(part, one),
    )
    rows = tuple((limit.factor, *limits(limit), words.number(limit.p, 3)) for limit in one.limits)
    yield parts.table(
        Table(
            f"Restrictions of box {one.number} of {part.name}",
            ("Factor", "From or levels", "To", "Chance without it#"),
            rows,
            note="The chance that a box is as dense without this restriction, were it of no "
            "account (quasi-p-value); restrictions above 0.05 were dropped.",
        )
    )


def limits(limit: Limit) -> tuple[str, str]:
    """The ends of a restriction, or its levels."""
    if limit.levels is not None:
        return ", ".join(map(shown, limit.levels)), ""
    return words.number(limit.low, 4), words.number(limit.high, 4)


def way_table(part: OutcomePart, one: Box) -> Table:
    """All steps of the peeling."""
    rows = tuple(
        (
            str(place),
            words.count(peel.cases),
            words.share(peel.coverage),
            words.share(peel.density),
            words.share(peel.mass),
        )
        for place, peel in enumerate(one.peels)
    )
    peel = one.held
    last = (words.count(peel.cases), *map(words.share, (peel.coverage, peel.density, peel.mass)))
    head = ("Step", "Cases#", "Coverage#", "Density#", "Share of all cases#")
    return Table(f"Steps to box {one.number} of {part.name}", head, (*rows, ("as told", *last)))


def varied(report: SweepReport) -> Iterator[Block]:
    """The factors and their ranges."""
    rows = tuple(
        (f"{f.name}\n{f.path}", f.range, f.unit or words.NONE, f.base or words.NONE, f.moves)
        for f in report.factors
    )
    head = ("Factor", "Range", "Unit", "In the study", "How")
    yield parts.table(Table("Factors and their ranges", head, rows, synthetic=False))
    if report.left_out:
        yield parts.text(
            f"{words.plural(len(report.left_out), 'assumption')} did not vary: "
            f"{'; '.join(report.left_out)}."
        )


def again(report: SweepReport) -> Iterator[Block]:
    """What this sweep was, and how to make it again."""
    rows = (
        ("Version", f"scslab {report.version}"),
        ("Fingerprint", report.fingerprint),
        ("First seed", str(report.seed)),
        ("Replications", str(report.replications)),
    )
    yield parts.table(Table("What this sweep was", ("Fact", "Value"), rows, synthetic=False))
    yield parts.text("The same sweep, study and version give the same numbers:")
    yield Block(code="scslab sweep sweep.yaml")
