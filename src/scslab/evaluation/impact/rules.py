"""What the rules and the study's practice say about oversight and remedies, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scslab.core.impact import Basis, MachinePart
from scslab.core.printed import Column, Row
from scslab.core.values import Dated, Source, on
from scslab.evaluation.impact.figures import Figures
from scslab.evaluation.impact.say import one_line, table
from scslab.regimes.telling import basis_of, range_words, tell, value_words

SILENT = "the rules say nothing"
OVERSIGHT = {
    "human_review": "A person looks at each record before it counts",
    "heard_before_listing": "The person is heard before being listed",
    "warning_first": "A warning comes before the record (shown, not simulated)",
    "notice_before_listing": "Notice before a listing (shown, not simulated)",
    "reasons_given": "The notice gives reasons",
    "method_published": "Everybody can read how scores and listings come about",
}
REMEDIES = {
    "help_with_objections": "Somebody helps to write an objection",
    "objection": "An objection is decided within",
    "objection_own_data": "An objection to the operator's own data is decided within",
    "objection_others_data": "An objection to data of others is decided within",
    "marked_as_disputed": "An entry is marked while an objection waits",
    "complaint": "A supervisor outside the operator hears complaints",
    "correction_reaches": "A correction must reach everybody who has the record",
    "basis_cancelled": "Removal after the basis fell, within (shown, not simulated)",
    "record_ends": "A record counts, from the end of the conduct, for",
}
PRACTICE = {
    "desk.staff": "Clerks who decide objections",
    "desk.decisions": "Decisions on objections",
    "desk.case_takes": "Mean working days of a clerk for a case",
    "desk.rejects_wronged": "Founded objections that are rejected",
    "desk.corrects_rightful": "Unfounded objections that are upheld",
    "notice": "Entered subjects told in the month of entry",
    "objects_wronged": "Wrongly entered who object once told",
    "hearing.appears_wronged": "Wronged, if told, who are heard before listing",
    "hearing.clears_wronged": "Wronged heard who are then not listed",
    "screening.stops_wronged": "False records that human review stops",
    "screening.stops_rightful": "True records that human review stops",
    "complaint.takes": "Months until a supervisor decides",
    "complaint.upholds_wronged": "Founded complaints that are upheld",
    "marked": "Refusals that a mark of dispute prevents",
    "corrections_reach": "Other systems with the record that learn of a correction",
    "corrections_take": "Months until they learn of it",
}
OF_OVERSIGHT = ("screening.", "hearing.", "desk.")


def value_row(says: str, dated: Dated | None, sources: Mapping[str, Source], when: Any) -> Row:
    """One rule or value on a day: what it says, its value, its source, on what it rests."""
    answer = on(dated, when)
    if dated is None or answer.row is None:
        return Row((says, SILENT, "", ""))
    row, source = answer.row, sources[answer.row.source]
    basis = basis_of(source)
    between = range_words(row, dated.unit, ("yes", "no"), "ended")
    return Row(
        (
            says,
            value_words(row.value, dated.unit),
            f"{row.source}{f', {row.at}' if row.at else ''}",
            f"{basis}{f', {between}' if between else ''}",
        )
    )


COLUMNS = (
    Column("rule", "Rule"),
    Column("value", "Value"),
    Column("source", "Source"),
    Column("basis", "Rests on"),
)


def remedy_table(found: Figures, name: str, heading: str, wanted: Mapping[str, str]) -> MachinePart:
    """The remedies that the rules give on the last month's first day; silence is shown as such."""
    remedy, sources = found.regime.remedy, found.regime.sources
    rows = [
        value_row(says, getattr(remedy, key), sources, found.day) for key, says in wanted.items()
    ]
    if name == "remedies" and remedy.hardship is not None:
        says = f"Let off on application: {one_line(remedy.hardship.says)}"
        rows.append(value_row(says, remedy.hardship.holds, sources, found.day))
    made = table(found, name, heading, COLUMNS, rows, len(rows), synthetic=False)
    basis = Basis(f"regime file {found.regime.id}, remedy, rows in force on {found.day}")
    return MachinePart(basis, table=made)


def practice_table(found: Figures, name: str, heading: str, oversight: bool) -> MachinePart | None:
    """What the study assumes about how remedies work; None where it says nothing."""
    practice = found.practice
    rows = [
        value_row(says, practice.values[key], practice.sources, found.day)
        for key, says in PRACTICE.items()
        if key in practice.values and key.startswith(OF_OVERSIGHT) == oversight
    ]
    if not rows:
        return None
    made = table(
        found,
        name,
        heading,
        (Column("rule", "What happens in practice"), *COLUMNS[1:]),
        rows,
        len(rows),
        notes=(
            "A remedy acts in the run only if the rules give it and the study says how well it "
            "works",
        ),
        synthetic=False,
    )
    basis = Basis(f"study {found.manifest['study']}, practice of {found.regime.id}")
    return MachinePart(basis, table=made)


def rule_table(found: Figures, name: str, heading: str, titles: tuple[str, ...]) -> MachinePart:
    """The rules in force under some titles ("Whom it rates", "List"), each with its source."""
    rows = list(rule_rows(found, titles))
    columns = (Column("rule", "Rule"), Column("value", "Value"), Column("source", "Source"))
    made = table(found, name, heading, columns, rows, len(rows), synthetic=False)
    basis = Basis(f"regime file {found.regime.id}, rows in force on {found.day}")
    return MachinePart(basis, table=made)


def rule_rows(found: Figures, titles: tuple[str, ...]) -> Iterator[Row]:
    """A heading for each part of the rules, and a row for each rule in it."""
    for part in tell(found.regime, found.day.isoformat()):
        if not part.title.startswith(titles):
            continue
        yield Row((part.title,), "heading")
        for line in part.lines:
            row = line.rows[0] if line.rows else None
            source = "" if row is None else row.source + (f", {row.at}" if row.at else "")
            says = line.says[:1].upper() + line.says[1:]
            yield Row((says, "" if row is None else row.value, source))
