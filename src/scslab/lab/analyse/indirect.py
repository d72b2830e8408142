"""Indirect questions of a plan: list, randomised response, endorsement, conjoint."""

from __future__ import annotations

from scslab.analysis.indirect.conjoint import amce, conjoint_differences, marginal_means
from scslab.analysis.indirect.conjoint_checks import conjoint_checks
from scslab.analysis.indirect.endorsement import endorsement_effects
from scslab.analysis.indirect.list_checks import design_effect_test, floor_ceiling
from scslab.analysis.indirect.list_experiment import list_shares
from scslab.analysis.indirect.list_regression import list_regression
from scslab.analysis.indirect.randomised_device import device_of
from scslab.analysis.indirect.randomised_regression import randomised_regression
from scslab.analysis.indirect.randomised_response import randomised_shares
from scslab.analysis.sample import Sample
from scslab.analysis.show_code import Asked
from scslab.core.printed import Part
from scslab.lab.analyse.plan import ConjointSpec, ListSpec, RandomisedSpec
from scslab.lab.analyse.read_plan import Plan, at
from scslab.lab.analyse.shown import Shower, renamed


def indirect(plan: Plan, show: Shower) -> list[Part]:
    """Tables of all indirect questions, in the order of the plan."""
    analysis, document = plan.analysis, plan.analysis_document
    below = analysis.smallest_cell
    parts: list[Part] = []
    for i, counted in enumerate(analysis.list_experiments):
        with at(document, "list_experiments", i):
            parts += of_list(counted, show, below)
    for i, hidden in enumerate(analysis.randomised_responses):
        with at(document, "randomised_responses", i):
            parts += of_randomised(hidden, show.prepared.sample, below)
    for i, endorsed in enumerate(analysis.endorsements):
        with at(document, "endorsements", i):
            found = endorsement_effects(
                show.prepared.sample, endorsed.items, endorsed.treatment, by=endorsed.by
            )
            parts.append(renamed(found.table(below=below), endorsed.id))
    for i, profiles in enumerate(analysis.conjoints):
        with at(document, "conjoints", i):
            parts += of_conjoint(profiles, show.prepared.sample, below)
    return parts


def of_list(spec: ListSpec, show: Shower, below: int) -> list[Part]:
    """Shares of a list experiment, its checks, and its regression if one is asked for."""
    sample = show.prepared.sample
    given = (sample, spec.count, spec.treatment, spec.items)
    shares = list_shares(*given, by=spec.by, direct=spec.direct, direct_asked=spec.direct_asked)
    said = Asked("list", (spec.count, spec.treatment), items=spec.items, method="difference")
    table = renamed(shares.table(below=below), spec.id)
    if not spec.by:  # the code is of everybody
        table = show.under(table, said, [spec.treatment], [spec.count])
    parts: list[Part] = [
        table,
        renamed(design_effect_test(*given).table(), f"{spec.id}-design-effect"),
        renamed(floor_ceiling(*given).table(below=below), f"{spec.id}-ends"),
    ]
    if spec.predictors:
        model = list_regression(*given, spec.predictors, method=spec.method, ends=spec.ends)
        parts.append(renamed(model.table(), f"{spec.id}-regression"))
    return parts


def of_randomised(spec: RandomisedSpec, sample: Sample, below: int) -> list[Part]:
    """The share behind a randomised response, and its regression if one is asked for."""
    device = device_of(spec.device, spec.p, forced_yes=spec.forced_yes, other=spec.other)
    found = randomised_shares(sample, spec.answer, device, by=spec.by)
    parts: list[Part] = [renamed(found.table(below=below), spec.id)]
    if spec.predictors:
        model = randomised_regression(sample, spec.answer, device, spec.predictors)
        parts.append(renamed(model.table(), f"{spec.id}-regression"))
    return parts


def of_conjoint(spec: ConjointSpec, sample: Sample, below: int) -> list[Part]:
    """Marginal means and AMCEs of a conjoint, differences of groups, and its checks."""
    given = (sample, spec.chosen, spec.attributes, spec.respondent)
    means = marginal_means(*given, task=spec.task)
    effects = amce(*given, task=spec.task, reference=spec.reference or None)
    parts: list[Part] = [
        renamed(means.table(below=below), spec.id),
        renamed(means.figure(below=below), f"{spec.id}-plot"),
        renamed(effects.table(below=below), f"{spec.id}-amce"),
        renamed(effects.figure(below=below), f"{spec.id}-amce-plot"),
    ]
    if spec.by:
        for kind in ("mean", "amce"):
            found = conjoint_differences(*given, spec.by, kind=kind, task=spec.task)
            parts.append(renamed(found.table(below=below), f"{spec.id}-{kind}-differences"))
    checks = conjoint_checks(*given, task=spec.task)
    return [*parts, renamed(checks.table(), f"{spec.id}-checks")]
