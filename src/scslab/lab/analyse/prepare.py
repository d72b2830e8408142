"""From a survey file to a weighted sample: read, define, design, weight, screen."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from scslab.analysis.design import Design
from scslab.analysis.design_columns import design_from
from scslab.analysis.domain import domain_of
from scslab.analysis.replicates import with_replicates
from scslab.analysis.replicates_read import replicates_from
from scslab.analysis.sample import Sample
from scslab.analysis.weighting.calibrate import calibrate
from scslab.analysis.weighting.diagnostics import WeightingReport
from scslab.analysis.weighting.margins import Margins, margins, read_margins
from scslab.analysis.weighting.poststratify import poststratify
from scslab.analysis.weighting.rake import rake
from scslab.analysis.weighting.trim import trim
from scslab.core.errors import ScslabError
from scslab.core.yamlfile import NUMBER
from scslab.lab.analyse.plan import Define, GridSpec, ReplicateColumns, ScreenSpec, Weighting
from scslab.lab.analyse.read_plan import Plan, at
from scslab.survey.answers import Answers
from scslab.survey.definitions import AnyOf, Combine, Copy, Cut, Definition, Recode, Reverse
from scslab.survey.derive import derive
from scslab.survey.file.read import read_answers
from scslab.survey.screen.flags import screen
from scslab.survey.screen.plan import Attention, Clause, Grid, Impossible, ScreenPlan
from scslab.survey.screen.result import Screen


@dataclass(frozen=True)
class Prepared:
    """A sample that is ready to be analysed, and how it came to its weights."""

    sample: Sample
    weighting: tuple[WeightingReport, ...]
    screen: Screen | None


def read_for(
    file: Path, plan: Plan, *, drop: Sequence[str] = (), encoding: str | None = None
) -> Answers:
    """Read a file as a plan describes it.

    Raises
    ------
    ScslabError
        Whatever is wrong in the file.
    """
    spec = plan.design
    return read_answers(
        file,
        missing=spec.missing,
        drop=[*spec.drop, *(d for d in drop if d not in spec.drop)],
        encoding=encoding,
        synthetic=spec.synthetic,
    )


def prepare(answers: Answers, plan: Plan) -> Prepared:
    """Make the sample that a plan describes.

    Raises
    ------
    ScslabError
        Whatever is wrong in the plan for these answers, with the plan's line.
    """
    spec, analysis = plan.design, plan.analysis
    if spec.source:
        answers = replace(answers, source=spec.source)
    with at(plan.analysis_document, "define"):
        answers = derive(answers, [definition(one, answers) for one in analysis.define])
    with at(plan.design_document):
        sample = Sample(answers, make(answers, plan))
    reports = []
    for i, step in enumerate(spec.weighting):
        with at(plan.design_document, "weighting", i):
            sample, report = weigh(sample, step, Path(plan.design_document.name).parent)
        reports.append(report)
    # Margins are of the whole sample, so a domain of the analysis is taken after weighting.
    with at(plan.analysis_document, "where"):
        sample = sample.within(domain_of(answers, analysis.where))
    found = None
    if analysis.screen is not None:
        with at(plan.analysis_document, "screen"):
            found = screen(answers, screen_plan(analysis.screen))
    return Prepared(sample, tuple(reports), found)


def make(answers: Answers, plan: Plan) -> Design:
    """The design of the file's columns, with replicate weights where the plan has them."""
    spec = plan.design
    found = design_from(
        answers,
        weight=spec.weight or answers.weight or None,
        strata=spec.strata,
        clusters=spec.clusters,
        fpc=spec.fpc,
        nest=spec.nest,
        lonely=spec.lonely,
    )
    if spec.replicates is None:
        return found
    with at(plan.design_document, "replicates"):
        return replicated(found, answers, spec.replicates)


def replicated(design: Design, answers: Answers, spec: ReplicateColumns) -> Design:
    """A design with replicate weights read from columns, or made."""
    if spec.columns is None:
        if spec.kind == "other":
            raise ScslabError('replicates of kind "other" must be columns of the file')
        if spec.kind.endswith("bootstrap") and spec.seed is None:
            raise ScslabError("a bootstrap needs a seed", hint="seed: 1")
        return with_replicates(
            design,
            spec.kind,
            count=spec.count or 500,
            rho=0.5 if spec.rho is None else spec.rho,
            seed=spec.seed or 0,
            mse=spec.mse,
        )
    names = replicate_columns(answers, spec)
    sample = Sample(answers, design)
    made = replicates_from(
        np.column_stack([sample.number(n) for n in names]),
        spec.kind,
        weights=design.weights,
        scale=spec.scale,
        rscales=None if spec.rscales is None else np.array(spec.rscales),
        rho=spec.rho,
        combined=spec.combined,
        mse=spec.mse,
    )
    said = f"{spec.kind}, {len(names)} columns {names[0]} to {names[-1]}"
    return replace(design, replicates=made, about=(*design.about, ("replicates", said)))


def replicate_columns(answers: Answers, spec: ReplicateColumns) -> list[str]:
    """The columns of replicate weights; none where they are made.

    Raises
    ------
    ScslabError
        No column fits the pattern.
    """
    if not isinstance(spec.columns, str):
        return spec.columns or []
    found = [n for n in answers.variables if fnmatch.fnmatchcase(n, spec.columns)]
    if not found:
        raise ScslabError("no column has such a name", where="columns", got=spec.columns)
    return found


def weigh(sample: Sample, step: Weighting, folder: Path) -> tuple[Sample, WeightingReport]:
    """One step of weighting."""
    if step.method == "trim":
        return trim(
            sample,
            np.inf if step.upper is None else step.upper,
            -np.inf if step.lower is None else step.lower,
            strict=step.strict,
            in_means=True,
        )
    target = margins_of(step, folder)
    if step.method == "rake":
        return rake(sample, target, cap=step.cap)
    if step.method == "post-stratify":
        return poststratify(sample, target)
    low, high = step.bounds or (-np.inf, np.inf)
    return calibrate(sample, target, kind=step.distance, bounds=(low, high))


def margins_of(step: Weighting, folder: Path) -> Margins:
    """The margins of a step: a named set, a file beside the design, or written in place."""
    if step.to is None:
        raise ScslabError(f"{step.method} needs margins", hint="to: a name, a file, or margins")
    if isinstance(step.to, dict):
        found = margins(step.to, total=step.total)
    else:
        beside = folder / step.to
        found = read_margins(beside if beside.is_file() else step.to)
    if not step.on:
        return found
    known = {m.name for m in found.margins}
    lost = [name for name in step.on if name not in known]
    if lost:
        raise ScslabError(f'no margin "{lost[0]}"', where="on", expected=", ".join(sorted(known)))
    return replace(found, margins=tuple(m for m in found.margins if m.name in step.on))


def definition(spec: Define, answers: Answers) -> Definition:
    """A derived variable as the survey room knows it."""
    source = spec.from_ or ""
    text = source in answers.variables and answers.variables[source].kind == "text"
    scale = None if spec.scale is None else (spec.scale[0], spec.scale[1])
    items = spec.mean_of or spec.sum_of or []
    combined = Combine(tuple(items), spec.at_least, tuple(spec.turned), scale) if items else None
    made = Definition(
        name=spec.name,
        label=spec.label,
        labels={as_code(k): v for k, v in spec.labels.items()} if spec.cut is None else {},
        measure=spec.measure,
        replace=spec.replace,
        recode=None if spec.recode is None else recode_of(spec, source, text),
        cut=None if spec.cut is None else cut_of(spec, source),
        mean_of=combined if spec.mean_of else None,
        sum_of=combined if spec.sum_of else None,
        any_of=AnyOf(tuple(spec.any_of), tuple(spec.codes), spec.unticked) if spec.any_of else None,
        reverse=Reverse(source, scale) if spec.reverse else None,
        standardise=source if spec.standardise else "",
        copy=None if spec.order is None else Copy(source, tuple(spec.order)),
    )
    plain = not any((spec.recode, spec.cut, items, spec.any_of, spec.reverse, spec.standardise))
    if plain and spec.order is None:
        return replace(made, copy=Copy(source))
    return made


def cut_of(spec: Define, source: str) -> Cut:
    """Classes of a number, with their labels in order."""
    assert spec.cut is not None
    return Cut(
        source,
        tuple(spec.cut),
        tuple(spec.labels.values()),
        spec.closed,
        None if spec.otherwise == "error" else "missing",
    )


def recode_of(spec: Define, source: str, text: bool) -> Recode:
    """Old codes to new ones; keys of a file are text, also where the codes are numbers."""
    assert spec.recode is not None
    codes = {k if text else as_code(k): v for k, v in spec.recode.items()}
    return Recode(source, codes, None if spec.otherwise == "error" else spec.otherwise)


def as_code(key: str | float | bool) -> str | float:
    """A key of a file as a code: a number where it looks like one.

    Examples
    --------
    >>> as_code("9"), as_code("-1.5"), as_code("yes")
    (9.0, -1.5, 'yes')
    """
    if isinstance(key, str) and NUMBER.match(key):
        return float(key)
    return key if isinstance(key, str) else float(key)


def screen_plan(spec: ScreenSpec) -> ScreenPlan:
    """A screen as the survey room knows it."""
    same: dict[str, Any] = {
        name: as_tuple(getattr(spec, name))
        for name in ScreenSpec.model_fields
        if name not in ("grids", "scales", "impossible", "attention", "at_least")
    }
    return ScreenPlan(
        **same,
        grids=tuple(map(grid, spec.grids)),
        scales=tuple(map(grid, spec.scales)),
        impossible=tuple(
            Impossible(title, tuple(Clause(k, "in", tuple(v)) for k, v in clauses.items()))
            for title, clauses in spec.impossible.items()
        ),
        attention=tuple(Attention(item, tuple(right)) for item, right in spec.attention.items()),
    )


def grid(spec: GridSpec) -> Grid:
    """A block of items."""
    scale = None if spec.scale is None else (spec.scale[0], spec.scale[1])
    return Grid(tuple(spec.items), tuple(spec.reverse), scale, spec.title)


def as_tuple(value: object) -> object:
    """Lists of a file as tuples of a record."""
    if isinstance(value, list):
        return tuple(as_tuple(v) for v in value)
    return value
