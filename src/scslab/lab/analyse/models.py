"""Models of a plan: fits, tests, effects, tables side by side, hypotheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from scslab.analysis.fitted import Fitted, Test
from scslab.analysis.formula.variables import use_of
from scslab.analysis.model_tables import (
    Hypothesis,
    coefficient_figure,
    dummy_counts,
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
from scslab.analysis.sample import Sample
from scslab.analysis.show_code import Asked
from scslab.analysis.show_code.formula import names_in, split
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
            found[spec.id] = fit_one(spec, show.prepared.sample)
    return found


def fit_one(spec: ModelSpec, sample: Sample) -> AnyModel:
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
    return FITS[spec.kind](inside(sample, spec.where), spec.formula, **options)


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
                parts += of_one(spec, model, show, plan.analysis.smallest_cell)
    return parts


def side_by_side(
    table: ModelTable, plan: Plan, show: Shower, models: dict[str, AnyModel]
) -> list[Part]:
    """Models in one table, with a plot of their coefficients."""
    specs = {spec.id: spec for spec in plan.analysis.models}
    below = plan.analysis.smallest_cell
    fits = [(specs[m].title or m, as_asked(specs[m], models[m])) for m in table.models]
    counts = [dummy_counts(models[m].matrix) for m in table.models]
    tests: list[Test | None] = []
    if table.nested:
        tests = [None]
        whole = [models[m].fitted for m in table.models]  # terms freed or not, the same terms
        tests += [compare_nested(a, b) for a, b in zip(whole, whole[1:], strict=False)]
    printed = models_table(
        fits, id=table.id, title=table.title, tests=tests, counts=counts, below=below
    )
    parts: list[Part] = [with_all_code(printed, [specs[m] for m in table.models], show)]
    if table.plot and all(m.kind != "multinomial" for _, m in fits):
        figure = coefficient_figure(
            fits, id=f"{table.id}-plot", title=table.title, counts=counts, below=below
        )
        if figure.rows:
            parts.append(figure)
    return parts


def as_asked(spec: ModelSpec, model: AnyModel) -> Fitted:
    """A model as a table shows it: with free terms where the plan frees some."""
    if spec.free and isinstance(model, OrdinalModel):
        return fit_partial(model, spec.free)
    return model.fitted


def with_all_code(table: ResultTable, specs: Sequence[ModelSpec], show: Shower) -> ResultTable:
    """A table of several models with a script for each."""
    scripts: dict[str, list[str]] = {}
    for spec in specs:
        for tool, code in with_code(table, spec, show).code.items():
            scripts.setdefault(tool, []).append(code)
    whole = {k: "\n".join(parts) for k, parts in scripts.items() if len(parts) == len(specs)}
    return replace(table, code=whole)


def with_code(table: ResultTable, spec: ModelSpec, show: Shower) -> ResultTable:
    """A table with the code of one model."""
    sample = inside(show.prepared.sample, spec.where)
    formula, factors = without_factor(spec.formula)
    try:
        outcome, names = split(formula)[0], names_in(formula)
    except ScslabError:
        return table  # the formula has what the code has no words for
    categories = [
        n
        for n in names
        if n in factors
        or (n == outcome and n not in spec.treat and has_levels(sample, n, spec.kind))
        or (n != outcome and use_of(sample, n, spec.treat) == "categories")
    ]
    kept, reference = [], []
    for name in categories:
        found = sample.categories(name)[sample.design.inside]
        occurring = set(found.dropna())
        if len(occurring) < len(found.categories):
            kept.append((name, tuple(str(c) for c in found.categories if c in occurring)))
        if name in spec.reference:
            code = spec.reference[name]
            labels = sample.answers.variable(name).labels
            known = [str(c) for c in found.categories]
            label = str(code) if str(code) in known else labels.get(code, str(code))
            reference.append((name, label))
    said = Asked(
        spec.kind,
        formula=formula,
        link=spec.link or "logit",
        domain=show.domain(spec.where),
        effects=tuple(spec.effects),
        kept=tuple(kept),
        reference=tuple(reference),
    )
    return show.under(table, said, categories, [n for n in names if n not in categories])


FACTOR = re.compile(r"\bfactor\(\s*(`[^`]+`|[^\W\d][\w.]*)\s*\)")


def without_factor(formula: str) -> tuple[str, list[str]]:
    """A formula whose factor(x) is x, and these variables, which the code makes factors.

    A variable that stands in the formula both ways keeps its factor(), which has no code.

    Examples
    --------
    >>> without_factor("factor(trust) ~ age")
    ('trust ~ age', ['trust'])
    """
    found = [name.strip("`") for name in FACTOR.findall(formula)]
    rest = FACTOR.sub("", formula)
    if any(re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", rest) for name in found):
        return formula, []
    return FACTOR.sub(r"\1", formula), found


def has_levels(sample: Sample, outcome: str, kind: str) -> bool:
    """Whether the outcome of such a model is categories rather than numbers."""
    variable = sample.answers.variable(outcome)
    if kind == "linear":
        return False
    coded = variable.kind == "text" or bool(variable.labels)
    return coded or kind in ("ordinal", "multinomial")


def of_one(spec: ModelSpec, model: OrdinalModel, show: Shower, below: int) -> list[Part]:
    """Effects, tests of proportional odds and the partial model of one ordinal model."""
    parts: list[Part] = []
    if spec.effects:
        table = average_effects(model, spec.effects).table(f"{spec.id}-effects", below=below)
        parts.append(with_code(table, spec, show))
    if spec.parallel:
        parts.append(brant_test(model).table(f"{spec.id}-parallel"))
    if spec.free:
        partial = fit_partial(model, spec.free)
        heads: list[tuple[str, Fitted]] = [
            ("proportional odds", model.fitted),
            ("partial proportional odds", partial),
        ]
        counts = [dummy_counts(model.matrix)] * 2
        parts.append(models_table(heads, id=f"{spec.id}-partial", counts=counts, below=below))
    return parts


def hypothesis_parts(plan: Plan, models: dict[str, AnyModel]) -> list[Part]:
    """The hypotheses with their verdicts."""
    specs = plan.analysis.hypotheses
    if not specs:
        return []
    with at(plan.analysis_document, "hypotheses"):
        rows = [Hypothesis(h.id, h.says, h.model, h.coefficient, h.expected) for h in specs]
        counts = {name: dummy_counts(m.matrix) for name, m in models.items()}
        fits = {h.id: as_asked(h, models[h.id]) for h in plan.analysis.models}
        below = plan.analysis.smallest_cell
        return [hypotheses_table(rows, fits, counts=counts, below=below)]
