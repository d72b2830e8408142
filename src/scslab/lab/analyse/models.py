"""Models of a plan: fits, tests, effects, tables side by side, hypotheses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scslab.analysis.fitted import Fitted, Test
from scslab.analysis.model_tables import (
    Hypothesis,
    coefficient_figure,
    hypotheses_table,
    models_table,
)
from scslab.analysis.models.linear import fit_linear
from scslab.analysis.models.logit import fit_logit
from scslab.analysis.models.model import Model
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.ordinal import OrdinalModel, fit_ordinal
from scslab.analysis.models.ordinal_effects import average_effects
from scslab.analysis.models.ordinal_tests import brant_test, fit_partial
from scslab.analysis.models.wald import compare_nested
from scslab.analysis.show_code import Asked
from scslab.core.errors import ScslabError
from scslab.core.printed import Part, ResultTable
from scslab.lab.analyse.plan import ModelSpec, ModelTable
from scslab.lab.analyse.read_plan import Plan, at
from scslab.lab.analyse.results import inside
from scslab.lab.analyse.shown import Shower

AnyModel = OrdinalModel | Model
FITS: dict[str, Callable[..., AnyModel]] = {
    "ordinal": fit_ordinal,
    "linear": fit_linear,
    "logit": fit_logit,
    "multinomial": fit_multinomial,
}
LINKED = ("ordinal", "logit")


def fit_all(plan: Plan, show: Shower) -> dict[str, AnyModel]:
    """All models of a plan by their ids."""
    found = {}
    for i, spec in enumerate(plan.analysis.models):
        with at(plan.analysis_document, "models", i):
            found[spec.id] = fit_one(spec, show)
    return found


def fit_one(spec: ModelSpec, show: Shower) -> AnyModel:
    """One model.

    Raises
    ------
    ScslabError
        An option that this kind of model does not have, or whatever is wrong in the formula.
    """
    options: dict[str, Any] = {
        "treat": spec.treat or None,
        "reference": {k: str(v) for k, v in spec.reference.items()} or None,
    }
    if spec.link is not None:
        if spec.kind not in LINKED:
            raise ScslabError(f"a {spec.kind} model has no link to choose", got=spec.link)
        options["link"] = spec.link
    for name in ("parallel", "free", "effects"):
        if getattr(spec, name) and spec.kind != "ordinal":
            raise ScslabError(f'"{name}" is of ordinal models', got=spec.kind)
    return FITS[spec.kind](inside(show.prepared.sample, spec.where), spec.formula, **options)


def model_parts(plan: Plan, show: Shower, models: dict[str, AnyModel]) -> list[Part]:
    """Tables side by side, then what was asked of single models."""
    parts: list[Part] = []
    shown = {name for table in plan.analysis.model_tables for name in table.models}
    alone = [
        ModelTable(id=f"{spec.id}-table", title=spec.title, models=[spec.id], plot=True)
        for spec in plan.analysis.models
        if spec.id not in shown
    ]
    for i, table in enumerate([*plan.analysis.model_tables, *alone]):
        with at(plan.analysis_document, "model_tables", i):
            parts += side_by_side(table, plan, show, models)
    for i, spec in enumerate(plan.analysis.models):
        with at(plan.analysis_document, "models", i):
            model = models[spec.id]
            if isinstance(model, OrdinalModel):
                parts += of_one(spec, model, show)
    return parts


def side_by_side(
    table: ModelTable, plan: Plan, show: Shower, models: dict[str, AnyModel]
) -> list[Part]:
    """Models in one table, with a plot of their coefficients."""
    specs = {spec.id: spec for spec in plan.analysis.models}
    fits = [(specs[m].title or m, models[m].fitted) for m in table.models]
    tests: list[Test | None] = []
    if table.nested:
        tests = [None]
        tests += [compare_nested(a, b) for (_, a), (_, b) in zip(fits, fits[1:], strict=False)]
    printed = models_table(fits, id=table.id, title=table.title, tests=tests)
    last = specs[table.models[-1]]
    parts: list[Part] = [with_code(printed, last, show)]
    if table.plot and all(m.kind != "multinomial" for _, m in fits):
        parts.append(coefficient_figure(fits, id=f"{table.id}-plot", title=table.title))
    return parts


def with_code(table: ResultTable, spec: ModelSpec, show: Shower) -> ResultTable:
    """A table with the code of one model."""
    names = [n for n in show.prepared.sample.answers.variables if n in spec.formula]
    said = Asked(
        spec.kind,
        formula=spec.formula,
        link=spec.link or "logit",
        domain=show.domain(spec.where),
        effects=tuple(spec.effects),
    )
    return show.under(table, said, names)


def of_one(spec: ModelSpec, model: OrdinalModel, show: Shower) -> list[Part]:
    """Effects, tests of proportional odds and the partial model of one ordinal model."""
    parts: list[Part] = []
    if spec.effects:
        table = average_effects(model, spec.effects).table(f"{spec.id}-effects")
        parts.append(with_code(table, spec, show))
    if spec.parallel:
        parts.append(brant_test(model).table(f"{spec.id}-parallel"))
    if spec.free:
        partial = fit_partial(model, spec.free)
        heads: list[tuple[str, Fitted]] = [
            ("proportional odds", model.fitted),
            ("partial proportional odds", partial),
        ]
        parts.append(models_table(heads, id=f"{spec.id}-partial"))
    return parts


def hypothesis_parts(plan: Plan, models: dict[str, AnyModel]) -> list[Part]:
    """The hypotheses with their verdicts."""
    specs = plan.analysis.hypotheses
    if not specs:
        return []
    with at(plan.analysis_document, "hypotheses"):
        rows = [Hypothesis(h.id, h.says, h.model, h.coefficient, h.expected) for h in specs]
        return [hypotheses_table(rows, {name: m.fitted for name, m in models.items()})]
