"""A worked case in words: the dossier, the judge's steps with the rows behind them, the end."""

from __future__ import annotations

from scslab.core.errors import ScslabError
from scslab.core.values import Row, walk_dated
from scslab.regimes.cases import Case, CasePerson, CaseRecord
from scslab.regimes.describe import row_text, wrapped
from scslab.regimes.judge import Verdict, check_case, judge
from scslab.regimes.model import Regime
from scslab.regimes.steps import Step
from scslab.regimes.telling import row_line

WHOSE = {"representative": "the organisation represented", "family": "a member of the household"}
# Where a row without a value still says something.
NO_TERM = "no fixed term"


def explain(regime: Regime, case: Case) -> str:
    """What the rules make of a case, step by step.

    Raises
    ------
    ScslabError
        The day is outside the days that the file covers, or the case names what the rules lack.
    """
    verdict = judge(regime, case)
    behind = rows_by_place(regime)
    lines = wrapped(case.name, "", "  ")
    lines += wrapped(f"on {case.on}: {dossier(case)}", "  ", "    ")
    for number, step in enumerate(verdict.steps, 1):
        lines += step_lines(regime, step, number, behind)
    lines += wrapped(f"=> {outcome(regime, verdict)}", "  ", "     ")
    return "\n".join([*lines, *expected(regime, case)])


def dossier(case: Case) -> str:
    """The subject and its records in a line."""
    records = "; ".join(record_words(record) for record in case.records)
    return f"{subject_words(case)}; {records or 'no records'}"


def subject_words(case: Case) -> str:
    """The person or organisation of a case: only what is told and is not usual."""
    subject = case.subject
    facts = [f"{attribute}: {category}" for attribute, category in subject.has.items()]
    head = "an organisation"
    if isinstance(subject, CasePerson):
        head = f"a person of {subject.age}"
        if not subject.local:
            facts.append("from elsewhere, " + ("with" if subject.permit else "without") + " permit")
        if "months_resident" in subject.model_fields_set:
            facts.append(f"resident for {subject.months_resident} months")
    if not subject.consents:
        facts.append("has not agreed")
    if subject.place is not None:
        facts.append(f"in {subject.place}")
    facts += [f"exempt as {name}" for name in subject.exempt]
    facts += [f"{name} {share:.0%}" for name, share in subject.dimensions.items()]
    if subject.rank is not None:
        facts.append(f"among the best {subject.rank:.1%}")
    return ", ".join([head, *facts])


def record_words(record: CaseRecord) -> str:
    """A record in a few words."""
    if record.act is not None:
        facts = [f"{record.act} on {record.ended}"]
    else:
        whose = f" ({WHOSE[record.of]})" if record.of in WHOSE else ""
        facts = [f"on the list {record.listed_on}{whose} since {record.ended}"]
    if record.until is not None:
        facts.append(f"until {record.until}")
    if record.performed is not None:
        facts.append(f"performed on {record.performed}")
    if record.applied is not None:
        facts.append(f"applied for repair on {record.applied}")
    return ", ".join(facts)


def rows_by_place(regime: Regime) -> dict[int, tuple[str, str]]:
    """Each row of a regime, by its identity: the place in the file, and the unit."""
    return {
        id(row): (".".join(str(part) for part in place), dated.unit)
        for place, dated in walk_dated(regime)
        for row in dated.rows
    }


def step_lines(
    regime: Regime, step: Step, number: int, behind: dict[int, tuple[str, str]]
) -> list[str]:
    """One step, and below it the rows behind it."""
    lines = wrapped(f"{number:>2}. {step.says}", "  ", "      ")
    for row in step.rows:
        lines += wrapped(step_row(regime, row, behind), "        ", "          ")
    return lines


def step_row(regime: Regime, row: Row, behind: dict[int, tuple[str, str]]) -> str:
    """A row behind a step: where it stands in the file, its value, since when, by which source."""
    place, unit = behind[id(row)]
    none = NO_TERM if place.endswith(".stays") else "ended"
    told = row_line(row, unit, regime.sources[row.source], ("yes", "no"), none)
    return f"{place}: {row_text(told, 'then')}"


def outcome(regime: Regime, verdict: Verdict) -> str:
    """The end of a judgement in a line."""
    facts = []
    if regime.score is not None:
        facts.append("no score" if verdict.score is None else f"score {verdict.score:,}")
    if regime.grades is not None:
        facts.append("no grade" if verdict.grade is None else f"grade {verdict.grade}")
    if regime.rewards:
        facts.append(f"rewards: {', '.join(verdict.rewards) or 'none'}")
    if regime.lists:
        facts.append(f"lists: {', '.join(verdict.lists) or 'none'}")
        facts.append(f"measures: {', '.join(verdict.effects) or 'none'}")
    if verdict.visits is not None:
        facts.append(f"{verdict.visits:g} inspections a year")
    if verdict.passed_on is not None:
        late = f" after {verdict.delay} months" if verdict.passed_on else ""
        facts.append(("passed on" if verdict.passed_on else "not passed on") + late)
    if verdict.matched_by is not None:
        facts.append(f"records matched by {verdict.matched_by}")
    return "; ".join(facts)


def expected(regime: Regime, case: Case) -> list[str]:
    """Whether the case comes out as it expects."""
    wrong = check_case(regime, case)
    if wrong:
        return [line for one in wrong for line in wrapped(f"not as expected: {one}", "  ", "    ")]
    if not case.expect:
        return ["  the case expects nothing"]
    return [f"  as expected ({', '.join(case.expect)})"]


def refuse_empty(cases: list[Case], where: str) -> None:
    """A file of cases holds at least one.

    Raises
    ------
    ScslabError
        It holds none.
    """
    if not cases:
        raise ScslabError("no cases", where=where, expected="a case, or a list of cases")
