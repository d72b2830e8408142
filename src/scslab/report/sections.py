"""The sections of the report in order; a section without data is left out."""

from __future__ import annotations

from functools import partial

from scslab.core.results import RunSummary, SurveyResult
from scslab.report import charts, flow, harm, parts, series, systems, tables, words
from scslab.report.parts import Block, Section
from scslab.report.words import count, plural, share

FEWEST = 20  # wrongful entries below which shares by group are largely chance


def sections(run: RunSummary) -> list[Section]:
    """All sections that have something to say, in the order of the page."""
    built = (
        Section("published", "Published beside simulated", _published(run)),
        Section("waves", "Questionnaires fielded", _waves(run)),
        Section("variants", "The study beside its variants", systems.variants(run, names(run))),
        Section("oversight", "What oversight stopped", systems.oversight(run, names(run))),
        Section("systems", "All systems at a glance", systems.at_a_glance(run, names(run))),
        Section("inspections", "Inspections", systems.inspections(run, names(run))),
        Section("lists", "Lists, month by month", _lists(run)),
        Section("scores", "Scores and grades", _scores(run)),
        Section("flow", "From records to corrections", _flows(run)),
        Section("wrongly-listed", "Who was wrongly listed", _groups(run)),
        Section("measures", "Measures lived through", _measures(run)),
        Section("harm", "Harm, costs and benefits", harm.harm(run.harm, names(run))),
        Section("fairness", "Groups side by side", harm.fairness(run.harm)),
        Section("surveys", "Simulated surveys beside the truth", _surveys(run)),
        Section("society", "The society", _society(run)),
        Section("sources", "Sources, assumptions and what is left out", _sources(run)),
        Section("fingerprint", "Fingerprint", _fingerprint(run)),
    )
    return [section for section in built if section.blocks]


def names(run: RunSummary) -> dict[str, str]:
    """Regime names by id."""
    return {regime.id: regime.name for regime in run.regimes}


def _published(run: RunSummary) -> tuple[Block, ...]:
    rows = run.comparisons
    if not rows:
        return ()
    said = {
        "calibrated": "Calibrated means that the study was tuned to meet the finding, so agreement "
        "is no evidence.",
        "input": "Input means that the finding itself is a value of the study, so agreement shows "
        "only that it was put to use.",
        "check": "A check was not used in tuning, so agreement or disagreement tells something "
        "about the model.",
    }
    roles = {role: sum(row.role == role for row in rows) for role in said}
    found = ", ".join(f"{count(n)} {role}" for role, n in roles.items() if n)
    blocks = [
        parts.text(
            f"{plural(len(rows), 'published finding')} beside the simulated figure for the same "
            f"quantity: {found}. " + " ".join(said[role] for role, n in roles.items() if n)
        )
    ]
    drawn = [row for row in rows if charts.ratio(row) is not None]
    if drawn:
        missing = [row.quantity for row in rows if charts.ratio(row) is None]
        note = "Line: 95% interval of the simulated figure, where it has one. At 1 both are equal."
        if missing:
            note += f" Without a ratio, so in the table only: {words.listed(missing)}."
        blocks.append(
            parts.figure(
                partial(charts.comparisons, rows),
                title="Simulated figures relative to the published ones",
                unit="ratio, logarithmic",
                n=plural(len(drawn), "finding"),
                note=note,
            )
        )
    blocks.append(parts.table(tables.comparisons(rows)))
    return tuple(blocks)


def _lists(run: RunSummary) -> tuple[Block, ...]:
    called = names(run)
    blocks = []
    drawn = systems.with_lists(run)
    for row in run.lists:
        if not row.months or row.regime not in drawn:
            continue
        regime = called.get(row.regime, row.regime)
        name = regime if row.name in (regime, "") else f"{regime}, {row.name}"
        entries, wrongful = sum(row.entries), sum(row.wrongful_entries)
        part = f" ({share(wrongful / entries)})" if entries else ""
        blocks.append(
            parts.text(
                f"{name}: over {plural(len(row.months), 'month')} there were "
                f"{plural(entries, 'entry', 'entries')}, {count(wrongful)} of them wrongful{part}, "
                f"and {plural(sum(row.exits), 'exit')}. At the end {count(row.listed[-1])} "
                f"simulated subjects were listed, {count(row.wrongful_listed[-1])} wrongfully."
            )
        )
        blocks.append(
            parts.figure(
                partial(series.list_months, row),
                title=f"Entries, exits and subjects listed: {name}",
                unit="simulated subjects: per month, at its end, and as a share",
                n=plural(entries, "entry", "entries"),
                note="Wrongful: the cause of the entry was a false record.",
                table=tables.list_months(row, name),
            )
        )
    return tuple(blocks)


def _scores(run: RunSummary) -> tuple[Block, ...]:
    called = names(run)
    blocks = []
    owners = [*(row.regime for row in run.histograms), *(row.regime for row in run.grades)]
    drawn = systems.with_scores(run)
    for regime in dict.fromkeys(owner for owner in owners if owner in drawn):
        name = called.get(regime, regime)
        shots = [row for row in run.histograms if row.regime == regime and row.persons]
        if shots:
            blocks.append(
                parts.figure(
                    partial(series.histograms, shots),
                    title=f"Scores at {plural(len(shots), 'snapshot')}: {name}",
                    unit="share of scored simulated subjects per bin",
                    n=f"{count(sum(shots[-1].persons))} subjects in the last month shown",
                    table=tables.histograms(shots, name),
                )
            )
        for row in run.grades:
            if row.regime == regime and row.months and row.grades:
                blocks.append(
                    parts.figure(
                        partial(series.grades, row),
                        title=f"Grades over time, best on top: {name}",
                        unit="share of scored simulated subjects",
                        n=f"{count(row.scored[-1])} subjects in the last month",
                        note=f"Mean score at the end: {words.number(row.mean_score[-1], 1)}.",
                        table=tables.grades(row, name),
                    )
                )
    return tuple(blocks)


def _flows(run: RunSummary) -> tuple[Block, ...]:
    if not run.flows:
        return ()
    called = names(run)
    blocks = [
        parts.text(
            "A record may tell of an act of the person, of another person's act, or of no act at "
            "all. In a synthetic society the truth is known, so the two are drawn apart. Each "
            "lane has its own scale, so that the smaller one can be seen."
        )
    ]
    for row in run.flows:
        name = called.get(row.regime, row.regime)
        entries = row.entries_rightful + row.entries_wrongful
        if not entries or row.regime not in systems.with_lists(run):
            continue
        records = row.records_true + row.records_misattributed + row.records_from_nothing
        blocks.append(
            parts.figure(
                partial(flow.flow, row),
                title=f"From records to corrections: {name}",
                unit="cases over the whole run",
                n=f"{plural(records, 'record')}, {plural(entries, 'entry', 'entries')}",
                note="Where bands join and part, they are divided in proportion.",
                table=tables.flow(row, name),
            )
        )
    return (*blocks, parts.table(tables.flows(run.flows, called)))


def _groups(run: RunSummary) -> tuple[Block, ...]:
    if not run.groups:
        return ()
    called = names(run)
    blocks = [
        parts.text(
            "A group's share of wrongful entries has two causes: how often errors fall on it, and "
            "how few of it are listed rightly. Where few owe, the same errors are a larger share; "
            "the last column of the table counts errors per 100,000 person-years instead. A share "
            "that rests on fewer than some twenty wrongful entries is largely chance."
        )
    ]
    drawn = systems.with_lists(run)
    for regime in dict.fromkeys(row.regime for row in run.groups if row.regime in drawn):
        rows = [row for row in run.groups if row.regime == regime]
        name = called.get(regime, regime)
        first = [row for row in rows if row.attribute == rows[0].attribute]
        if any(row.shown for row in rows) and sum(row.wrongful for row in first) >= FEWEST:
            blocks.append(
                parts.figure(
                    partial(charts.groups, rows),
                    title=f"Share of list entries that were wrongful, by group: {name}",
                    unit="share of the group's entries, with Wilson's 95% interval",
                    n=plural(sum(row.n for row in first), "entry", "entries"),
                    note="Dashed line: all groups of the trait together. "
                    f"Groups with n < {words.SMALLEST_N} are not drawn.",
                )
            )
        blocks.append(parts.table(tables.groups(rows, name)))
    return tuple(blocks)


def _measures(run: RunSummary) -> tuple[Block, ...]:
    if not run.measures:
        return ()
    return (parts.table(tables.measures(run.measures, names(run))),)


def _waves(run: RunSummary) -> tuple[Block, ...]:
    if not run.waves:
        return ()
    blocks = [
        parts.text(
            "Simulated respondents answer a whole questionnaire; their answers are analysed like "
            "those of a real survey, and each has a report of its own."
        ),
        parts.table(tables.waves(run.waves)),
    ]
    blocks += [parts.link(wave.href, f"The report of {wave.title}") for wave in run.waves]
    return tuple(blocks)


def _surveys(run: RunSummary) -> tuple[Block, ...]:
    if not run.surveys:
        return ()
    blocks = [
        parts.text(
            "Simulated respondents answer a questionnaire inside the synthetic society. Here, "
            "unlike in the world, the true value is known and stands beside the measured one. "
            "The intervals tell the sampling error only, not the error of the model."
        ),
        parts.figure(
            partial(charts.surveys, run.surveys),
            title="True and measured shares",
            unit="share; line: 95% interval; right: measured minus true, percentage points (pp)",
            n=words.listed(count(row.n) for row in run.surveys) + " simulated respondents",
        ),
        parts.table(tables.surveys(run.surveys)),
    ]
    for row in run.surveys:
        if row.categories:
            blocks.append(
                parts.figure(
                    partial(charts.answers, row),
                    title=f"Answers, true and measured: {row.question}",
                    unit="share; right: measured minus true, percentage points (pp)",
                    n=f"{_respondents(row)} of {count(row.eligible)} eligible ({row.population})",
                    note=f"Design effect {words.number(row.deff)}.",
                    table=tables.answers(row),
                )
            )
    return tuple(blocks)


def _respondents(row: SurveyResult) -> str:
    return f"{count(row.n)} simulated respondents, {words.month_name(row.month)}"


def _society(run: RunSummary) -> tuple[Block, ...]:
    blocks = [parts.text(one) for one in paragraphs(run.society)]
    if run.fit:
        blocks.append(parts.table(tables.fit(run.fit)))
    return tuple(blocks)


def _sources(run: RunSummary) -> tuple[Block, ...]:
    blocks = []
    total = sum(row.total for row in run.values)
    if total:
        owners = [
            f"{row.owner}: {share(row.assumed / row.total)} of {plural(row.total, 'value')} assumed"
            for row in run.values
            if row.total
        ]
        blocks.append(
            parts.text(
                f"{'; '.join(owners)}. Rows of a census are many and well sourced, so the first "
                "figure is the one to mind. An assumption is listed as a source, with its reason."
            )
        )
        blocks.append(
            parts.figure(
                partial(charts.value_kinds, run.values),
                title="What the values rest on",
                unit="share of an owner's values; in the bars: number of values",
                n=plural(total, "value"),
                note="From left to right: rules or papers, press, assumed.",
            )
        )
        blocks.append(parts.table(tables.value_kinds(run.values)))
    if run.left_out:
        blocks.append(parts.table(tables.left_out(run.left_out, names(run))))
    if run.sources:
        blocks.append(Block(heading="List of sources"))
        blocks.append(Block(sources=run.sources))
    return tuple(blocks)


def _fingerprint(run: RunSummary) -> tuple[Block, ...]:
    rows = (
        ("Version", f"scslab {run.version}"),
        ("Seed", str(run.seed)),
        ("Fingerprint", run.fingerprint),
        ("Machine", run.machine),
        ("Time", f"{words.number(run.seconds, 1)} seconds"),
    )
    return (
        parts.table(parts.Table("What this run was", ("Fact", "Value"), rows, synthetic=False)),
        parts.text("The same study, version and seed give the same numbers. To run it again:"),
        Block(code=f"scslab simulate {run.study or 'STUDY'} --seed {run.seed}"),
    )


def paragraphs(text: str) -> list[str]:
    """Text cut at its empty lines.

    Examples
    --------
    >>> paragraphs("One.\\n\\nTwo.")
    ['One.', 'Two.']
    """
    return [words.one_line(part) for part in text.split("\n\n") if part.strip()]
