"""The code that stands under each table: the same computation in R's and Stata's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scslab.analysis.show_code import Asked, Domain, Setting, Step, columns_of, show_code
from scslab.analysis.weighting.diagnostics import WeightingReport
from scslab.core.errors import ScslabError
from scslab.core.printed import CoefficientFigure, ResultTable
from scslab.lab.analyse.plan import Scalar, Weighting
from scslab.lab.analyse.prepare import Prepared, replicate_columns
from scslab.lab.analyse.read_plan import Plan
from scslab.survey.screen.plan import Clause

# The answers as they were analysed, with the variables that were made; written beside the report.
ANSWERS = "answers.sav"


@dataclass(frozen=True)
class Shower:
    """Puts code under tables; knows the file, the design and the steps of weighting."""

    prepared: Prepared
    steps: tuple[Step, ...]
    about: tuple[tuple[str, str], ...]
    where: Mapping[str, list[Scalar]]

    def under(self, table: ResultTable, asked: Asked, names: Sequence[str]) -> ResultTable:
        """A table with its code; without, where a tool cannot say it at all."""
        sample = self.prepared.sample
        categories = [n for n in dict.fromkeys(names) if is_coded(sample.answers.variable(n))]
        setting = Setting(
            ANSWERS,
            self.about,
            sample.design.lonely,
            sample.design.replicates,
            self.steps,
            columns_of(sample.answers, categories),
        )
        try:
            return replace(table, code=show_code(setting, asked))
        except ScslabError:
            return table

    def domain(self, where: Mapping[str, list[Scalar]]) -> Domain | None:
        """The domain of a result within that of the whole analysis."""
        clauses = []
        for name, wanted in {**self.where, **where}.items():
            variable = self.prepared.sample.answers.variable(name)
            codes = {label: code for code, label in variable.labels.items()}
            values = tuple(codes.get(str(v), v) if isinstance(v, str) else v for v in wanted)
            clauses.append(Clause(name, "in", values))
        return Domain(tuple(clauses)) if clauses else None


def is_coded(variable: object) -> bool:
    """Whether a variable is of categories."""
    return bool(getattr(variable, "labels", None)) or getattr(variable, "kind", "") == "text"


def shower(prepared: Prepared, plan: Plan) -> Shower:
    """What puts code under the tables of one analysis."""
    steps = tuple(
        step_of(spec, report)
        for spec, report in zip(plan.design.weighting, prepared.weighting, strict=True)
    )
    design = prepared.sample.design
    about = tuple((key, value) for key, value in design.about if key != "replicates")
    spec = plan.design.replicates
    if spec is not None and spec.columns is not None:
        columns = replicate_columns(prepared.sample.answers, spec)
        about = (*about, ("replicates", " + ".join(columns)))
    return Shower(prepared, steps, about, plan.analysis.where)


def step_of(spec: Weighting, report: WeightingReport) -> Step:
    """A step of weighting as the code says it."""
    if spec.method == "trim":
        mean = report.weighted_n / report.n
        bounds = [None if b is None else b * mean for b in (spec.lower, spec.upper)]
        return Step("trim", lower=bounds[0], upper=bounds[1])
    margins: dict[str, dict[str, float]] = {}
    for level in report.levels:
        margins.setdefault(level.variable, {})[level.level] = level.target
    kind = {"rake": "rake", "post-stratify": "poststratify"}.get(spec.method, "calibrate")
    return Step(
        kind,  # type: ignore[arg-type]  # one of three words
        margins=margins,
        shares=True,
        calfun=spec.distance,
        bounds=None if spec.bounds is None else (spec.bounds[0], spec.bounds[1]),
        cap=spec.cap,
    )


P = TypeVar("P", ResultTable, CoefficientFigure)


def renamed(part: P, id: str) -> P:
    """A table or figure under the name that the plan gives it; files are named after it."""
    return replace(part, id=id)
