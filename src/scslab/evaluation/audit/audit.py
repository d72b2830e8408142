"""The audit: every criterion against every rule of every file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scslab.core.audit import AuditReport, Criterion, Finding, NotApplied, with_evidence
from scslab.core.calendar import day as as_day
from scslab.core.errors import ScslabError
from scslab.core.ledger import version
from scslab.evaluation.audit import (
    ai_act,
    chinese_inputs,
    chinese_lists,
    chinese_measures,
    chinese_others,
    chinese_procedure,
    chinese_terms,
    gdpr,
    pipl,
)
from scslab.evaluation.audit.evidence import RunTables, error_rows, evidence_of, impact_rows
from scslab.evaluation.audit.register import criteria, elements, register
from scslab.evaluation.audit.rule_files import RuleFile, audited, day_of, resolver
from scslab.evaluation.audit.view import View, view_of

Test = Callable[[View], list[Finding]]

TESTS: dict[str, Test] = {
    "ai-act.unrelated": ai_act.unrelated,
    "ai-act.disproportionate": ai_act.disproportionate,
    "gdpr.human-decision": gdpr.human_decision,
    "gdpr.contest": gdpr.contest,
    "gdpr.special-data": gdpr.special_data,
    "gdpr.score-as-decision": gdpr.score_as_decision,
    "pipl.transparent": pipl.transparent,
    "pipl.explanation": pipl.explanation,
    "pipl.human-decision": pipl.human_decision,
    "pipl.equal-terms": pipl.equal_terms,
    "pipl.sensitive-data": pipl.sensitive_data,
    "pipl.deletion": pipl.deletion,
    "pipl.assessment": pipl.assessment,
    "pipl.assessment-kept": pipl.assessment_kept,
    "cn.catalogue": chinese_inputs.catalogue,
    "cn.banned-data": chinese_inputs.banned_data,
    "cn.slight-acts": chinese_inputs.slight_acts,
    "cn.published-measures": chinese_measures.published_measures,
    "cn.related": chinese_measures.related_measures,
    "cn.proportionate": chinese_measures.proportionate,
    "cn.notice": chinese_procedure.notice,
    "cn.reasons": chinese_procedure.reasons,
    "cn.hearing": chinese_procedure.hearing,
    "cn.remedy-told": chinese_procedure.remedy_told,
    "cn.five-years": chinese_terms.five_years,
    "cn.objection-mark": chinese_procedure.objection_mark,
    "cn.objection-deadline": chinese_terms.objection_deadline,
    "cn.basis-cancelled": chinese_terms.basis_cancelled,
    "cn.consent": chinese_procedure.consent,
    "cn.score-alone": chinese_measures.score_alone,
    "cn.credit-related": chinese_inputs.credit_related,
    "cn.explainable": chinese_inputs.explainable,
    "cn.banks-not-forced": chinese_others.banks_not_forced,
    "cn.family": chinese_others.family,
    "cn.four-fields": chinese_lists.four_fields,
    "cn.list-basis": chinese_lists.list_basis,
    "cn.names": chinese_others.names,
}
# What can be asked of a system that neither scores nor lists: praise, and what a platform takes.
OF_BENEFITS = ("ai-act.unrelated", "ai-act.disproportionate")


def audit(
    files: Sequence[RuleFile],
    *,
    on: str | None = None,
    run: RunTables | None = None,
    chosen: Sequence[Criterion] | None = None,
    target: str = "",
    filters: str = "",
) -> AuditReport:
    """Test every rule of some files by every criterion.

    Parameters
    ----------
    files : sequence of RuleFile
        The rules; listings elsewhere are looked up among them first, then in the library.
    on : str, optional
        The day whose rules are tested; by default the last day that each file covers, or that of
        its last review. Of several files those that do not cover the day are left out.
    run : RunTables, optional
        A run, which adds people hit, months and groups.
    chosen : sequence of Criterion, optional
        Only these criteria.

    Raises
    ------
    ScslabError
        The day is not covered by the only file, or by none.
    """
    wanted = tuple(criteria().values()) if chosen is None else tuple(chosen)
    known = {f.regime.id: f.regime for f in files}
    scope, findings, not_applied, left_out = [], [], [], []
    for file in files:
        try:
            day, why = day_of(file.regime, on)
        except ScslabError as error:
            if len(files) == 1:
                raise
            left_out.append((file.regime.id, error.what))
            continue
        view = view_of(file.regime, day, file.document, resolver(known, as_day(day)))
        scope.append(audited(file, view, why))
        for criterion in wanted:
            found, reason = tested(criterion, view)
            findings += found
            if reason:
                not_applied.append(NotApplied(criterion.id, file.regime.id, reason))
    if not scope:
        raise ScslabError("no file covers this day", where="--on", got=on)
    regimes = [rules.id for rules in scope]
    if run is not None:
        findings = [with_evidence(f, evidence_of(f, run)) for f in findings]
    return AuditReport(
        version=version(),
        target=target,
        criteria=wanted,
        elements=elements(),
        scope=tuple(scope),
        findings=tuple(findings),
        not_applied=tuple(not_applied),
        left_out=tuple(left_out),
        filters=filters,
        run=None if run is None else run.note,
        impact=() if run is None else impact_rows(regimes, run),
        errors=() if run is None else error_rows(regimes, run),
    )


def tested(criterion: Criterion, view: View) -> tuple[list[Finding], str]:
    """The findings of one criterion, or why it does not apply."""
    reason = not_for(criterion, view)
    if reason:
        return [], reason
    found = TESTS[criterion.id](view)
    return found, "" if found else "no rule of the file is of the kind that it tests"


def not_for(criterion: Criterion, view: View) -> str:
    """Why a criterion does not apply to a regime; empty where it does."""
    subjects = view.regime.who.subjects
    if not set(criterion.subjects) & set(subjects):
        return f"it protects {' and '.join(criterion.subjects)}; only {subjects[0]} are rated"
    binds = register().criteria[criterion.id].binds
    if binds == "public body" and view.public == "company":
        return "it binds public bodies; the operator is a company"
    if binds == "company" and view.public != "company":
        return "it binds companies; the operator is none"
    platform = view.regime.platform is not None and criterion.id == "cn.catalogue"
    praised = criterion.id in OF_BENEFITS and bool(view.benefits)
    if not (view.scores or view.lists or platform or praised):
        return "nobody is scored, and no blacklist is open on the day"
    if "list" in criterion.kinds and not view.lists:
        return "no blacklist is open on the day"
    if "score" in criterion.kinds and not view.scores:
        return "nobody is scored or graded"
    return ""
