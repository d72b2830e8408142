"""What a wave's report says: the truth and the errors, the paper's tables, the findings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scslab.analysis.model_tables import Hypothesis
from scslab.core.printed import (
    AnalysisReport,
    AnalysisSection,
    Column,
    Paragraph,
    Part,
    ResultTable,
    Row,
)
from scslab.evaluation.exhibits import error_parts, exhibit_parts, framing_parts, read_paper
from scslab.evaluation.findings import findings
from scslab.evaluation.ledger.measure import Model
from scslab.evaluation.ledger.plan import ledger_rows
from scslab.evaluation.ledger.records import LedgerRow
from scslab.evaluation.ledger.summary import ledger_table
from scslab.lab.analyse.run import Analysed, analyse_ready
from scslab.lab.waves.ledger import answered, exhibited, items_of, ledger_of, printed
from scslab.lab.waves.result import WaveResult
from scslab.survey.answers import Answers, Variable
from scslab.survey.fieldwork.dispositions import SampleKind, disposition_table
from scslab.survey.fieldwork.luck import wave_word
from scslab.survey.fieldwork.paradata import left_at
from scslab.survey.instrument.columns import columns_of, pages

WEIGHT = "analysis_weight"
TRUTH = (
    "The society's true opinion is known, and so is every error between it and the measured share. "
    "No real survey can show this table."
)


@dataclass(frozen=True)
class WaveReport:
    """A wave as it is told: the report, its answers, and what the respondents truly think.

    Attributes
    ----------
    analysed : Analysed
        The analysis of the answers, with the sections of a simulated wave before it.
    truth : DataFrame
        True answers of the respondents kept, in the order of the answers.
    ledger : tuple of LedgerRow
        Published findings beside this one wave.
    """

    id: str
    result: WaveResult
    analysed: Analysed
    truth: pd.DataFrame
    ledger: tuple[LedgerRow, ...]

    @property
    def report(self) -> AnalysisReport:
        """The report."""
        return self.analysed.report


def wave_report(result: WaveResult) -> WaveReport:
    """Analyse a wave and set truth and print beside it.

    Raises
    ------
    ScslabError
        The first thing in the analysis, the paper or the ledger that cannot be done.
    """
    fielded = result.fielded
    analysed = analyse_ready(result.ready, fielded.plan, lambda _: None)
    rows = one_wave_rows(result, analysed)
    sections = [
        section("truth", "Truth beside measurement", truth_parts(result)),
        section("paper", "The paper's tables and figures", paper_parts(result, analysed)),
        section("findings", "Published findings", findings_parts(result, rows)),
        *analysed.report.sections,
        section("fieldwork", "Fieldwork", fieldwork_parts(result)),
    ]
    report = replace(
        analysed.report,
        sections=tuple(one for one in sections if one is not None),
        warnings=(*result.notes, *analysed.report.warnings),
    )
    answers = with_weights(analysed.answers, result)
    analysed = replace(analysed, report=report, answers=answers)
    names = [n for n in fielded.answers.frame.columns if n in fielded.truth]
    truth = pd.DataFrame({name: fielded.truth[name][fielded.kept] for name in names})
    return WaveReport(result.wave.id, result, analysed, truth, rows)


def with_weights(answers: Answers, result: WaveResult) -> Answers:
    """The answers with the weights under which they were analysed."""
    variable = Variable(WEIGHT, "weight of the analysis, 1 on average", measure="scale")
    weights = result.ready.sample.design.weights
    return answers.with_columns({WEIGHT: (variable, pd.Series(weights / weights.mean()))})


def model_of(analysed: Analysed) -> Model:
    """The models that were fitted, by their ids."""
    return lambda name: analysed.models[name].fitted


def one_wave_rows(result: WaveResult, analysed: Analysed) -> tuple[LedgerRow, ...]:
    """Published findings beside this one wave; those that it cannot produce are left out."""
    ledger = ledger_of(result.wave)
    if ledger is None:
        return ()
    items = items_of(list(findings().values()), ledger, result)
    rows = ledger_rows(items, [answered(items, result, model_of(analysed))])
    return tuple(row for row in rows if row.agrees != "cannot be produced")


def findings_parts(result: WaveResult, rows: tuple[LedgerRow, ...]) -> list[Part]:
    """The ledger of this one wave."""
    if not rows:
        return []
    said = (
        "One wave is one draw of luck: the command scslab findings judges over seeds. Findings of "
        "role fitted were used by the calibration, input ones are values of the study, others were "
        "held out."
    )
    sample = result.ready.sample
    table = ledger_table(rows, source=sample.answers.source, n=sample.design.n)
    return [Paragraph(said), table]


def section(name: str, title: str, parts: list[Part]) -> AnalysisSection | None:
    """A section, if there is anything in it."""
    return AnalysisSection(name, title, tuple(parts)) if parts else None


def truth_parts(result: WaveResult) -> list[Part]:
    """Errors of the headlines, and experiments."""
    source = result.fielded.answers.source
    parts: list[Part] = []
    if result.errors:
        parts += [Paragraph(TRUTH), *error_parts(result.errors, source=source)]
    for framing in result.wave.document.wave.framings:
        parts += framing_parts(
            f"Experiment: {framing.says}",
            result.framings[framing.id],
            id=f"framing-{framing.id}",
            unit="% of those who answered" if framing.codes else "points",
            source=source,
            values="share" if framing.codes else "number",
            n=result.ready.sample.design.n,
        )
    return parts


def paper_parts(result: WaveResult, analysed: Analysed) -> list[Part]:
    """The paper's exhibits, made from this wave."""
    document = result.wave.document
    name = document.wave.paper
    if name is None or document.folder is None:
        return []
    return exhibit_parts(
        read_paper(document.folder / name),
        exhibited(result, model_of(analysed)),
        printed,
        expected(result),
        source=result.fielded.answers.source,
    )


def expected(result: WaveResult) -> list[Hypothesis]:
    """The hypotheses of the analysis."""
    return [
        Hypothesis(h.id, h.says, h.model, h.coefficient, h.expected)
        for h in result.fielded.plan.analysis.hypotheses
    ]


def fieldwork_parts(result: WaveResult) -> list[Part]:
    """Dispositions, and what a methods report of a simulated wave must say."""
    fielded = result.fielded
    river = result.wave.document.wave.sample.kind == "river"
    kind: SampleKind = "opt-in" if river else "drawn"
    table = disposition_table(
        result.fielded.taken.dispositions, kind=kind, source=result.fielded.answers.source
    )
    kept, all_ = int(result.fielded.kept.sum()), len(result.fielded.kept)
    dropped = (
        f"{all_ - kept:,} of {all_:,} completed interviews were dropped for careless answers; "
        f"{kept:,} are analysed. Respondents are simulated: how they are reached, what they think "
        "and what they say follow the wave file, whose guesses carry their ranges."
    )
    screen = () if fielded.screen is None else fielded.screen.tables()
    return [table, break_offs(result), *screen, Paragraph(dropped)]


def break_offs(result: WaveResult) -> ResultTable:
    """On which page those who broke off left."""
    fielded = result.fielded
    persons = fielded.taken.left.persons
    seed_word = wave_word(result.seed, result.wave.document.wave.id)
    places = pages(fielded.instrument)
    left = left_at(seed_word, persons, np.zeros(len(persons), bool), len(places))
    counts = np.bincount(left, minlength=len(places))
    first = columns_of(fielded.instrument)
    return ResultTable(
        id="break-offs",
        title="Where those who broke off left",
        columns=(
            Column("page", "Page", "count"),
            Column("first", "Its first question"),
            Column("left", "Left there", "count"),
            Column("share", "Share of break-offs", "share"),
        ),
        rows=tuple(
            Row((k, first[names[0]].question.name, int(n), n / max(len(persons), 1)))
            for k, (names, n) in enumerate(zip(places, counts, strict=True), 1)
        ),
        n=len(persons),
        source=fielded.answers.source,
        unit="persons who began and did not come to the end",
        notes=("Each page is as likely as the next, by assumption",),
        synthetic=True,
    )
