"""The sense of what a study says about practice: notice, and desks of clerks."""

from __future__ import annotations

from scslab.core.calendar import first_day, month
from scslab.core.errors import ScslabError
from scslab.core.values import Dated
from scslab.core.yamlfile import Document, Place
from scslab.study.model import Desk, Practice, Study


def check_practice(study: Study, document: Document) -> None:
    """Notice is given in one way of two, and a desk of clerks says all that a queue needs.

    Raises
    ------
    ScslabError
        With the line of what does not fit together.
    """
    blocks: list[tuple[Place, Practice]] = [(("practice",), study.practice)]
    blocks += [(("regimes", i, "practice"), use.practice) for i, use in enumerate(study.regimes)]
    for place, practice in blocks:
        check_notice(practice, place, document)
        check_desk(practice.desk, (*place, "desk"), document)
        check_times(practice.desk, study, (*place, "desk"), document)
        check_clerks(practice.desk.staff, study, (*place, "desk", "staff"), document)


def check_notice(practice: Practice, place: Place, document: Document) -> None:
    """Whom notice reaches is said by one share, or channel by channel."""
    if practice.notice is not None and practice.notices:
        raise ScslabError(
            "notice is given by one share or by channels, not by both",
            where=document.where((*place, "notice")),
            hint="make it one of the channels: notices: {...: {says: ..., reaches: {...}}}",
        )


def check_desk(desk: Desk, place: Place, document: Document) -> None:
    """A desk has clerks or a capacity; clerks need a time for each case, and it needs clerks."""
    if desk.staff is not None and desk.decisions is not None:
        raise ScslabError(
            "a desk has clerks or decisions, not both",
            where=document.where((*place, "decisions")),
            hint="leave out staff and case_takes, or decisions",
        )
    if desk.staff is not None and desk.case_takes is None:
        raise ScslabError(
            "say how long a case takes a clerk",
            where=document.where((*place, "staff")),
            expected="case_takes in working days",
        )
    if desk.case_takes is not None and desk.staff is None:
        raise ScslabError(
            "a case takes time of clerks, and this desk has none",
            where=document.where((*place, "case_takes")),
            hint="say how many: staff, in clerks per 1000000 subjects",
        )


def check_times(desk: Desk, study: Study, place: Place, document: Document) -> None:
    """A case takes some time from the first clerk on."""
    if desk.staff is None or desk.case_takes is None:
        return
    begins = max(first_day(month(study.period.from_)).isoformat(), desk.staff.rows[0].from_)
    if desk.case_takes.rows[0].from_ > begins:
        raise ScslabError(
            "there are clerks before it is said how long a case takes",
            where=document.where((*place, "case_takes", "rows", 0, "from")),
            got=desk.case_takes.rows[0].from_,
            expected=f"{begins} or before",
        )
    for i, row in enumerate(desk.case_takes.rows):
        if not row.value:
            raise ScslabError(
                "a case must take some time",
                where=document.where((*place, "case_takes", "rows", i, "value")),
                got="nothing" if row.value is None else row.value,
                hint="a desk without a queue has neither staff nor decisions",
            )


def check_clerks(staff: Dated | None, study: Study, place: Place, document: Document) -> None:
    """Whoever says clerks has at least one, whenever it is not said that there are none."""
    if staff is None:
        return
    organisations = study.society.organisations
    subjects = study.society.persons + (organisations.count if organisations else 0)
    first = first_day(month(study.period.from_)).isoformat()
    last = first_day(month(study.period.to)).isoformat()
    for i, row in enumerate(staff.rows):
        replaced = i + 1 < len(staff.rows) and staff.rows[i + 1].from_ <= first
        if replaced or row.from_ > last or not row.value:
            continue
        clerks = row.value * subjects / 1_000_000
        if round(clerks) == 0:
            raise ScslabError(
                "this society is too small for one clerk",
                where=document.where((*place, "rows", i, "value")),
                got=f"{clerks:.2g} clerks for {subjects:,} subjects",
                hint="more persons, or decisions in place of staff",
            )
