"""Tables of the report: plain text in rows, made HTML (and escaped) by the page template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scslab.core.results import (
    Comparison,
    FitRow,
    Flow,
    GradeSeries,
    GroupShare,
    LeftOut,
    ListSeries,
    MeasureTotal,
    ScoreHistogram,
    SurveyResult,
    ValueShares,
    WaveLine,
)
from scslab.report import words
from scslab.report.parts import Table
from scslab.report.words import NONE, count, number, one_line, points, quantity, share, spread

Names = Mapping[str, str]


def comparisons(rows: Sequence[Comparison]) -> Table:
    """Published findings beside simulated figures."""
    head = ("Quantity", "Published#", "Simulated#", "Ratio#", "Role", "Source")
    body = tuple(
        (
            f"{one_line(row.quantity)}\n{one_line(row.group)}; {row.kind}; {row.finding}"
            + (f"; n = {one_line(row.n)}" if row.n else ""),
            quantity(row.published, row.kind),
            quantity(row.simulated, row.kind)
            + (f"\n{spread(*row.interval, row.kind)}" if row.interval else ""),
            NONE if times is None else f"{times:,.2f}",
            row.role,
            f"{one_line(row.source)}\n{one_line(row.note)}",
        )
        for row in rows
        for times in [words.ratio(row.published, row.simulated, row.kind)]
    )
    note = (
        "Counts are scaled to the real population. Under a simulated figure: its interval at 95%, "
        "for the luck of this one run (counts as Poisson, shares by Wilson or by the survey's "
        "design); it does not hold what the assumptions may be wrong by. n: of the published "
        "figure. Ratio: simulated divided by published."
    )
    return Table("Published findings beside simulated figures", head, body, note)


def list_months(row: ListSeries, name: str) -> Table:
    """One list, month by month."""
    head = (
        "Month",
        "Entries#",
        "of these wrongful#",
        "Exits#",
        "Listed#",
        "of these wrongful#",
        "Wrongful share#",
    )
    body = tuple(
        (
            words.month_name(month),
            count(entries),
            count(wrongful),
            count(exits),
            count(stock),
            count(wrongful_stock),
            share(wrongful_stock / stock) if stock else NONE,
        )
        for month, entries, wrongful, exits, stock, wrongful_stock in zip(
            row.months,
            row.entries,
            row.wrongful_entries,
            row.exits,
            row.listed,
            row.wrongful_listed,
            strict=True,
        )
    )
    return Table(f"{name}: simulated subjects per month", head, body)


def histograms(rows: Sequence[ScoreHistogram], name: str) -> Table:
    """Persons per score bin, one column a snapshot."""
    bins = sorted({pair for row in rows for pair in zip(row.low, row.high, strict=True)})
    held = [
        dict(zip(zip(row.low, row.high, strict=True), row.persons, strict=True)) for row in rows
    ]
    body = tuple(
        (f"{count(low)} to below {count(high)}", *(count(one.get((low, high), 0)) for one in held))
        for low, high in bins
    )
    head = ("Score", *(f"{words.month_name(row.month)}#" for row in rows))
    return Table(f"{name}: simulated subjects per score bin", head, body)


def grades(row: GradeSeries, name: str) -> Table:
    """Share of each grade and the mean score, month by month."""
    head = ("Month", "Scored#", "Mean score#", *(f"{grade}#" for grade in row.grades))
    body = tuple(
        (
            words.month_name(month),
            count(row.scored[place]),
            number(row.mean_score[place], 1),
            *(
                share(persons[place] / total) if (total := _all(row, place)) else NONE
                for persons in row.grades.values()
            ),
        )
        for place, month in enumerate(row.months)
    )
    return Table(f"{name}: share of simulated subjects in each grade", head, body)


def _all(row: GradeSeries, place: int) -> int:
    return sum(persons[place] for persons in row.grades.values())


def flow(row: Flow, name: str) -> Table:
    """One regime from acts to corrections, true and false apart."""
    false = row.records_misattributed + row.records_from_nothing
    entries, wrongful = row.entries_rightful, row.entries_wrongful
    open_rightful = row.objections_rightful - row.corrected_rightful - row.rejected_rightful
    open_wrongful = row.objections_wrongful - row.corrected_wrongful - row.rejected_wrongful
    body = (
        ("Acts", count(row.acts), NONE),
        ("Records", count(row.records_true), count(false)),
        ("of these of another person's act", NONE, count(row.records_misattributed)),
        ("of these of no act at all", NONE, count(row.records_from_nothing)),
        ("List entries", count(entries), count(wrongful)),
        ("Objections", count(row.objections_rightful), count(row.objections_wrongful)),
        ("Corrected", count(row.corrected_rightful), count(row.corrected_wrongful)),
        ("Rejected", count(row.rejected_rightful), count(row.rejected_wrongful)),
        ("Undecided", count(max(0, open_rightful)), count(max(0, open_wrongful))),
    )
    return Table(f"{name}: whole run", ("Stage", "True or rightful#", "False or wrongful#"), body)


def flows(rows: Sequence[Flow], names: Names) -> Table:
    """All regimes side by side, with waits and late decisions."""
    head = (
        "Regime",
        "Acts#",
        "Records#",
        "False records#",
        "Entries#",
        "Wrongful entries#",
        "False ones corrected#",
        "Waiting at end#",
        "Mean wait, months#",
    )
    body = []
    for row in rows:
        false = row.records_misattributed + row.records_from_nothing
        records = row.records_true + false
        entries = row.entries_rightful + row.entries_wrongful
        body.append(
            (
                names.get(row.regime, row.regime),
                count(row.acts),
                count(records),
                _part(false, records),
                count(entries),
                _part(row.entries_wrongful, entries),
                _part(row.corrected_wrongful, false if row.by_record else row.entries_wrongful),
                count(row.waiting),
                f"{number(row.mean_wait_months, 1)}\n{count(row.late)} late",
            )
        )
    note = (
        "Percentages: false records of records, wrongful entries of entries, corrected ones of "
        "wrongful entries or, where records move a score, of false records. Late: decided after "
        "the term of the rule."
    )
    return Table("From records to corrections, whole run", head, tuple(body), note)


def _part(part: int, whole: int) -> str:
    return f"{count(part)}\n{share(part / whole)}" if whole else count(part)


def groups(rows: Sequence[GroupShare], name: str) -> Table:
    """Wrongful share of entries per group; small groups keep their row but show no share."""
    head = ("Group", "Entries, n#", "Wrongful#", "Share#", "95% interval#", "Per 100,000#")
    hidden = f"n < {words.SMALLEST_N}, not shown"
    body: list[tuple[str, ...]] = []
    for attribute in dict.fromkeys(row.attribute for row in rows):
        body.append((words.title(attribute),))
        body.extend(
            (
                one_line(row.category),
                count(row.n) if row.shown else f"< {words.SMALLEST_N}",
                count(row.wrongful) if row.shown else NONE,
                share(row.share) if row.shown else hidden,
                spread(row.low, row.high) if row.shown else NONE,
                words.fixed(row.per_100k) if row.shown else NONE,
            )
            for row in rows
            if row.attribute == attribute
        )
    note = (
        "Share: wrongful entries of all list entries of the group, with Wilson's interval. "
        "Per 100,000: wrongful entries per 100,000 covered person-years."
    )
    return Table(f"{name}: wrongful entries by group", head, tuple(body), note)


def measures(rows: Sequence[MeasureTotal], names: Names) -> Table:
    """What people lived through over the run."""
    head = ("Measure", "Regime", "Person-months#", "Scaled person-months#", "Refused attempts#")
    body = tuple(
        (
            f"{words.title(row.measure)}\n{one_line(row.says)}",
            names.get(row.regime, row.regime),
            count(row.person_months),
            count(row.scaled),
            count(row.events) if row.events else NONE,
        )
        for row in rows
    )
    note = (
        "Scaled: times the real persons, or organisations, for whom a simulated one stands. "
        "Attempts are counted where the study says how often they are made."
    )
    return Table("Measures lived through, whole run", head, body, note)


def waves(rows: Sequence[WaveLine]) -> Table:
    """Each questionnaire: its headlines as they are and as measured, and the findings it meets."""
    head = ("Questionnaire", "Headline", "n#", "True#", "Measured#", "Error, pp#", "As printed#")
    body = tuple(
        (
            f"{one_line(row.title)}\n{words.month_name(row.month)}",
            one_line(line.says),
            count(row.n),
            share(line.truth),
            f"{share(line.measured)}\n{spread(line.low, line.high)}",
            points(line.measured - line.truth),
            f"{row.agree} of {row.compared}" if row.compared else words.NONE,
        )
        for row in rows
        for line in row.headlines
    )
    note = (
        "True: in the whole population asked about. As printed: published findings that agree in "
        "this one wave; the command scslab findings judges over seeds."
    )
    return Table("Questionnaires: the truth beside the measurement", head, body, note)


def surveys(rows: Sequence[SurveyResult]) -> Table:
    """Each survey: the truth, the measurement, and what came between."""
    head = (
        "Question",
        "Simulated respondents, n#",
        "True#",
        "Measured#",
        "Error, pp#",
        "Design effect#",
        "Un\u00adweighted#",
        "Without falsi\u00adfication#",
    )
    body = tuple(
        (
            f"{one_line(row.question)}\n{words.month_name(row.month)}, {one_line(row.population)}",
            f"{count(row.n)}\nof {count(row.drawn)} drawn",
            share(row.true_value),
            f"{share(row.measured)}\n{spread(row.low, row.high)}",
            points(row.measured - row.true_value),
            number(row.deff) + (f"\nn eff. {count(row.n / row.deff)}" if row.deff else ""),
            share(row.unweighted),
            share(row.without_falsification),
        )
        for row in rows
    )
    note = (
        "Under a measured share: its 95% interval, which holds sampling error inside the "
        "synthetic society only. Design effect: Kish's, of the weights; n eff.: respondents "
        "divided by it. Without falsification: had everybody answered sincerely."
    )
    return Table("Simulated surveys: the truth beside the measurement", head, body, note)


def answers(row: SurveyResult) -> Table:
    """Answer categories of one survey."""
    body = tuple(
        (name, share(true), share(measured), points(measured - true))
        for name, true, measured in row.categories
    )
    head = ("Answer", "True#", "Measured#", "Error, pp#")
    return Table(f"{row.question}: answers of simulated respondents", head, body)


def fit(rows: Sequence[FitRow]) -> Table:
    """How well the society meets its margins."""
    head = ("Margin", "Over", "Cells#", "Largest deviation#", "At", "Target there#", "Status")
    body = tuple(
        (
            row.margin,
            row.over,
            count(row.categories),
            words.fixed(row.deviation),
            row.at,
            words.fixed(row.target),
            row.status,
        )
        for row in rows
    )
    note = "Deviation and target in persons."
    return Table("Fit of the society: largest deviation per margin", head, body, note)


def value_kinds(rows: Sequence[ValueShares]) -> Table:
    """What sourced values rest on."""
    head = ("Owner", "Values#", "Rules or papers#", "Press#", "Assumed#", "Assumed share#")
    body = tuple(
        (
            row.owner,
            count(row.total),
            count(row.published),
            count(row.press),
            count(row.assumed),
            share(row.assumed / row.total) if row.total else NONE,
        )
        for row in rows
    )
    return Table("What the values rest on", head, body, synthetic=False)


def left_out(rows: Sequence[LeftOut], names: Names) -> Table:
    """What the regime files do not model."""
    body = tuple((row.what, names.get(row.regime, row.regime), row.why, row.effect) for row in rows)
    head = ("What", "Regime", "Why", "Which way that errs")
    return Table("Not modelled", head, body, synthetic=False)
