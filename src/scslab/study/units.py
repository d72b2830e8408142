"""Which unit each place of a study takes."""

from __future__ import annotations

from scslab.core.errors import ScslabError
from scslab.core.values import Dated
from scslab.core.yamlfile import Document, Place

UNITS = {
    "rate": {"acts per 1000 person-years"},
    "from_nothing": {"records per 1000 person-years"},
    "frailty": {"exponent"},
    "while_listed": {"times"},
    "lag": {"months"},
    "delay": {"months"},
    "fades": {"months"},
    "stands_for": {"persons"},
    "decisions": {"decisions per 1000 persons and year"},
    "stay": {"months"},
    "within": {"months"},
    "after": {"months"},
    "above": {"voices per 1000"},
    "learns_when_refused": {"yes/no"},
    "staff": {"clerks per 1000000 subjects"},
    "case_takes": {"working days"},
    "takes": {"months"},
    "corrections_take": {"months"},
    **dict.fromkeys(
        ("own", "tie", "detection", "wrong_subject", "coverage", "share", "mean", "spread")
        + ("permit", "finds", "speaks", "outlets", "repairs"),
        {"share"},
    ),
    **dict.fromkeys(
        ("notice", "objects_wronged", "objects_rightful", "rejects_wronged", "corrects_rightful"),
        {"share"},
    ),
    **dict.fromkeys(
        ("reaches", "appears_wronged", "appears_rightful", "clears_wronged", "clears_rightful")
        + ("stops_wronged", "stops_rightful", "marked", "complains_wronged", "complains_rightful")
        + ("upholds_wronged", "upholds_rightful", "corrections_reach", "applies", "grants")
        + ("applies_others", "grants_others", "reasons", "method", "help", "withdraws", "lifts"),
        {"share"},
    ),
    **dict.fromkeys(
        ("performs_first", "performs_later", "completes", "falsifies", "falsifies_when_heard"),
        {"share"},
    ),
}


def check_whole_months(place: Place, dated: Dated, document: Document) -> None:
    """Delays are whole months: records, notices and supervisors move from month to month."""
    whole = place[-1] in ("delay", "after", "takes", "corrections_take")
    for i, row in enumerate(dated.rows if whole else ()):
        if row.value is not None and row.value != int(row.value):
            raise ScslabError(
                "months must be a whole number",
                where=document.where((*place, "rows", i, "value")),
                got=row.value,
            )


def check_study_unit(place: Place, unit: str, document: Document) -> None:
    """Each place of a study takes one unit."""
    name = str(place[-1])
    if len(place) > 1 and place[-2] == "bites":
        wanted = {"attempts per listed person-year"}
    elif len(place) > 1 and place[-2] == "enforces":
        wanted = {"share"}
    elif place[:2] == ("society", "localities"):
        wanted = {"persons"}
    elif place[:3] == ("society", "organisations", "stands_for"):
        wanted = {"organisations"}
    elif "attitude" in place:
        wanted = {"share"} if place[-2] == "confidence" else {"log-odds"}
    else:
        wanted = UNITS.get(name, set())
    if wanted and unit not in wanted:
        raise ScslabError(
            "this unit does not fit here",
            where=document.where((*place, "unit")),
            got=unit,
            expected=" or ".join(sorted(wanted)),
        )
