"""The code that stands under each table: the same computation in R's and Stata's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scslab.analysis.show_code import (
    Asked,
    Domain,
    Setting,
    Step,
    columns_of,
    design_code,
    show_code,
)
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

    def under(
        self,
        table: ResultTable,
        asked: Asked,
        categories: Sequence[str],
        numbers: Sequence[str] = (),
    ) -> ResultTable:
        """A table with its code; without, where a tool cannot say it at all.

        `categories` are the variables taken as categories, `numbers` those taken as numbers:
        labelled ones may be either, as the table has it.
        """
        margins = [n for n in self.margins() if n not in categories]
        asked = replace(asked, numbers=tuple(n for n in margins if n in numbers))
        try:
            code = show_code(self.setting([*categories, *margins]), asked)
        except ScslabError:
            return table
        return replace(table, code=code)

    def margins(self) -> list[str]:
        """Variables that weights are brought to; the code needs their labels."""
        return list(dict.fromkeys(name for step in self.steps for name in step.margins))

    def setting(self, categories: Sequence[str]) -> Setting:
        """The file and its design, with variables of categories."""
        sample = self.prepared.sample
        names = [n for n in dict.fromkeys(categories) if n in sample.answers.variables]
        return Setting(
            ANSWERS,
            self.about,
            sample.design.lonely,
            sample.design.replicates,
            self.steps,
            columns_of(sample.answers, names),
        )

    def weights(self, table: ResultTable) -> ResultTable:
        """A table of weights with the code of the design and its steps."""
        said = self.setting(self.margins())
        code = design_code(
            said.about, ANSWERS, said.lonely, said.replicates, said.steps, said.columns
        )
        return replace(table, code=code)

    def domain(self, where: Mapping[str, list[Scalar]]) -> Domain | None:
        """The domain of a result within that of the whole analysis."""
        clauses = []
        for name, wanted in [*self.where.items(), *where.items()]:
            variable = self.prepared.sample.answers.variable(name)
            codes = {label: code for code, label in variable.labels.items()}
            values = tuple(codes.get(str(v), v) if isinstance(v, str) else v for v in wanted)
            clauses.append(Clause(name, "in", values))
        return Domain(tuple(clauses)) if clauses else None


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
