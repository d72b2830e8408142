"""The whole analysis of a survey file, in the order of reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from scslab.analysis.weighting.diagnostics import kish, weighting_table
from scslab.core.ledger import version
from scslab.core.printed import AnalysisReport, AnalysisSection, Paragraph, Part
from scslab.lab.analyse.indirect import indirect
from scslab.lab.analyse.models import AnyModel, fit_all, hypothesis_parts, model_parts
from scslab.lab.analyse.prepare import Prepared, prepare, read_for
from scslab.lab.analyse.read_plan import Plan, check_ids
from scslab.lab.analyse.results import crosstabs, estimates, likert
from scslab.lab.analyse.shown import Shower, shower
from scslab.survey.answers import Answers
from scslab.survey.file.dictionary import dictionary_table

Progress = Callable[[str], None]
Titled = tuple[str, str, list[Part]]  # id, title and parts of a section


@dataclass(frozen=True)
class Analysed:
    """What came out: the report, the answers as they were analysed, the models by their ids."""

    report: AnalysisReport
    answers: Answers
    models: dict[str, AnyModel]


def analyse(
    file: Path,
    plan: Plan,
    *,
    drop: Sequence[str] = (),
    encoding: str | None = None,
    progress: Progress | None = None,
) -> Analysed:
    """Do everything that a plan asks of a survey file.

    Raises
    ------
    ScslabError
        The first thing that cannot be done, with the line of the plan.
    """
    say = progress or (lambda _: None)
    say("reading and weighting")
    return analyse_ready(
        prepare(read_for(file, plan, drop=drop, encoding=encoding), plan), plan, say
    )


def analyse_ready(ready: Prepared, plan: Plan, say: Progress) -> Analysed:
    """The estimates, tables and models of a prepared sample."""
    show = shower(ready, plan)
    sound = None
    if ready.screen is not None and plan.analysis.screen is not None:
        flagged = ready.screen.flagged(plan.analysis.screen.at_least)
        sound = ~flagged if flagged.any() else None
    say("estimating")
    middle: list[Titled] = [
        ("estimates", "Estimates", [*estimates(plan, show, sound), *likert(plan, show)]),
        ("crosstabs", "Two questions at a time", crosstabs(plan, show)),
    ]
    say("fitting models")
    models = fit_all(plan, show)
    middle += [
        ("models", "Models", model_parts(plan, show, models)),
        ("hypotheses", "Hypotheses", hypothesis_parts(plan, models)),
        ("indirect", "Indirect questions", indirect(plan, show)),
    ]
    last: Titled = ("methods", "Methods", [methods(ready, plan)])
    sections = [*before(ready, plan, show), *middle, last]
    check_ids(part for _, _, parts in sections for part in parts)
    answers = ready.sample.answers
    report = AnalysisReport(
        title=plan.analysis.title,
        about=plan.analysis.about,
        source=answers.source,
        n=ready.sample.design.n,
        synthetic=answers.synthetic,
        version=version(),
        facts=facts(ready, plan),
        sections=tuple(
            AnalysisSection(id, title, tuple(parts)) for id, title, parts in sections if parts
        ),
        warnings=warnings(ready),
    )
    return Analysed(report, answers, models)


def before(ready: Prepared, plan: Plan, show: Shower) -> list[Titled]:
    """The file, its screen and its weights."""
    answers = ready.sample.answers
    weights: list[Part] = [
        show.weights(
            replace(
                weighting_table(report, probability=plan.design.sample == "probability"),
                id="weights" if k == 1 else f"weights-{k}",
            )
        )
        for k, report in enumerate(ready.weighting, 1)
    ]
    screened: list[Part] = list(ready.screen.tables()) if ready.screen is not None else []
    return [
        ("file", "The file", [dictionary_table(answers)]),
        ("screen", "Quality of the answers", screened),
        ("weights", "Weights", weights),
    ]


def facts(ready: Prepared, plan: Plan) -> tuple[tuple[str, str], ...]:
    """The key facts at the head of the report."""
    design = ready.sample.design
    weights = kish(design.weights[design.inside])
    found = [
        ("Variables", f"{len(ready.sample.answers.variables):,}"),
        ("Design", design_words(ready)),
        ("Degrees of freedom", f"{design.df:,.0f}"),
        ("Design effect of the weights (Kish)", f"{weights.deff:.2f}"),
        ("Effective n", f"{weights.effective_n:,.0f}"),
    ]
    if plan.design.population:
        found.insert(0, ("Population", plan.design.population))
    if plan.design.sample == "probability":
        found.append(("Margin of error of 50 %", f"{weights.margin_of_error:.1f} points"))
    return tuple(found)


def design_words(ready: Prepared) -> str:
    """The design in a line."""
    words = {"weight": "weighted by", "strata": "strata", "clusters": "clusters"}
    words |= {"fpc": "finite population", "replicates": "replicates", "rake": "raked to"}
    words |= {"poststratify": "post-stratified by", "calibrate": "calibrated to"}
    about = ready.sample.design.about
    said = [f"{words[key]} {value}" for key, value in about if key in words]
    if "fpc" in dict(about) and "weight" not in dict(about):
        said.append("weights from it")
    return "; ".join(said) or "simple sample, no weights"


def methods(ready: Prepared, plan: Plan) -> Paragraph:
    """How the figures were made."""
    design, spec = ready.sample.design, plan.design
    errors = (
        "from replicate weights"
        if design.replicates is not None
        else "linearised (Binder 1983), as in R's survey package"
    )
    lines = [
        f"Standard errors are {errors}; domains are estimated with the whole design. Intervals are "
        f"at 95 %; the design has {design.df:,.0f} degrees of freedom, shares and quantiles of a "
        "group have the group's own, models those left after their coefficients.",
        f"Cells on fewer than {plan.analysis.smallest_cell} respondents are not shown.",
    ]
    if "strata" in dict(design.about):
        lines.append(f"A stratum with one cluster: {design.lonely}.")
    if spec.sample == "non-probability":
        lines.append(
            "The sample was not drawn with known chances: intervals hold only as far as the "
            "weights make respondents like those who did not answer."
        )
    return Paragraph(" ".join(lines))


def warnings(ready: Prepared) -> tuple[str, ...]:
    """What a reader should know first."""
    found = [*ready.sample.answers.notes]
    if ready.screen is not None:
        found += ready.screen.warnings
    weights = ready.sample.design.weights
    if np.ptp(weights[weights != 0]) == 0 and not ready.sample.design.about:
        found.append("The design names no weights, strata or clusters: all weigh the same.")
    return tuple(found)
