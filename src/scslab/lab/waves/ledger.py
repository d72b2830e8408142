"""Published findings beside waves: what each asks, and what a wave answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from scslab.analysis.fitted import Fitted
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.evaluation.findings import Finding, finding
from scslab.evaluation.ledger.convert import KnownModel, known_model, measure_of, where_of
from scslab.evaluation.ledger.measure import Model, measure
from scslab.evaluation.ledger.model import Domain, LedgerFile, MeasureSpec
from scslab.evaluation.ledger.plan import Item, ledger_items, measure_items
from scslab.evaluation.ledger.read import read_ledger
from scslab.evaluation.ledger.records import Measured, Wanted
from scslab.lab.analyse.models import fit_one
from scslab.lab.analyse.read_plan import Plan
from scslab.lab.waves.read import Wave
from scslab.lab.waves.result import WaveResult


def ledger_of(wave: Wave) -> LedgerFile | None:
    """The ledger of a wave, if it names one.

    Raises
    ------
    ScslabError
        The first mistake in the file, or it is the ledger of another wave.
    """
    document = wave.document
    if document.wave.findings is None or document.folder is None:
        return None
    found = read_ledger(document.folder / document.wave.findings)
    if found.ledger.wave != wave.id:
        raise ScslabError(
            "this is the ledger of another wave",
            where=found.document.where(("wave",)),
            got=found.ledger.wave,
            expected=wave.id,
        )
    return found


def known_models(plan: Plan) -> dict[str, KnownModel]:
    """The models of an analysis, before any is fitted."""
    return {spec.id: known_model(spec.kind, spec.formula) for spec in plan.analysis.models}


def items_of(wanted: Iterable[Finding], ledger: LedgerFile, result: WaveResult) -> list[Item]:
    """What each finding asks of a wave, and its role."""
    variables = result.ready.sample.answers.variables
    return ledger_items(wanted, ledger, variables, known_models(result.fielded.plan))


def fitter(plan: Plan, sample: Sample) -> Callable[[str], Fitted]:
    """Models of an analysis by their ids, each fitted when it is first asked for."""
    specs = {spec.id: spec for spec in plan.analysis.models}

    @cache
    def fitted(name: str) -> Fitted:
        return fit_one(specs[name], sample).fitted

    return fitted


def answered(
    items: Iterable[Item], result: WaveResult, model: Model | None = None
) -> dict[str, Measured]:
    """What one wave answers, by finding."""
    sample = result.ready.sample
    return measure_items(items, sample, model or fitter(result.fielded.plan, sample), result.rates)


def exhibited(result: WaveResult, model: Model) -> Callable[[MeasureSpec, Domain], Measured | None]:
    """Figures of one wave as a paper's tables ask for them; None where nobody is asked."""
    sample = result.ready.sample
    variables, models = sample.answers.variables, known_models(result.fielded.plan)

    def measured(spec: MeasureSpec, where: Domain) -> Measured | None:
        one = spec.coefficient
        if one is not None and one.model in models and not models[one.model].has(one.name or ""):
            return None  # a table of nested models has rows that the first of them lack
        wanted = Wanted(measure_of(spec, variables, models), where_of(where, variables))
        found = measure(wanted, sample, model, result.rates)
        return found if found.n else None

    return measured


def printed(name: str) -> tuple[str, str]:
    """The printed value and n of a finding, as text."""
    found = finding(name)
    return found.value, found.n
