"""The sense of a regime file: what a shape cannot say."""

from __future__ import annotations

from scslab.core.acts import check_act
from scslab.core.calendar import day
from scslab.core.errors import ScslabError, near
from scslab.core.values import Dated, check_dated, check_sources, walk_dated
from scslab.core.yamlfile import Document, Place
from scslab.regimes.check_bounds import check_bounds, check_contexts, check_hardship
from scslab.regimes.check_lists import acts_of, check_links, check_lists
from scslab.regimes.check_scores import check_grades, check_once, check_score
from scslab.regimes.model import Regime

# Which units a place takes, by its last part.
UNITS = {
    "adults_from": {"years"},
    "consent": {"yes/no"},
    "points": {"points"},
    "moves": {"share of dimension"},
    "weight": {"share"},
    "holds": {"yes/no"},
    "stays": {"months"},
    "extends": {"months"},
    "record_ends": {"months"},
    "start": {"points"},
    "lowest": {"points"},
    "highest": {"points"},
    "score_below": {"points"},
    "score_after": {"points"},
    "from_score": {"points"},
    "removal_after_performance": {"working days"},
    "waits": {"working days", "days", "months"},
    "repair_opens": {"months"},
    "after": {"months"},
    "times": {"times"},
    "within": {"months"},
    "closed": {"yes/no"},
    "drops": {"grades"},
    "restarts": {"month of the year"},
    "coverage": {"share"},
    "delay": {"months"},
    "wrong_subject": {"share"},
    "wrong_organisation": {"share"},
    "removes": {"share"},
    "objection": {"working days", "days"},
    "objection_own_data": {"working days", "days"},
    "objection_others_data": {"working days", "days"},
    "residence": {"months"},
    "permit_for_non_locals": {"yes/no"},
    "updated": {"days"},
    "warning_first": {"yes/no"},
    **dict.fromkeys(
        ("heard_before_listing", "human_review", "reasons_given", "method_published")
        + ("help_with_objections", "marked_as_disputed", "complaint", "correction_reaches")
        + ("withdrawal",),
        {"yes/no"},
    ),
    "notice_before_listing": {"working days", "days"},
    "basis_cancelled": {"working days", "days"},
    **{f"repair_opens_{g}": {"months"} for g in ("slight", "ordinary", "serious")},
    **{f"shown_at_most_{g}": {"months"} for g in ("slight", "ordinary", "serious")},
}

# The same for places whose last part is a name of the file's own.
BY_GROUP = {
    "grades.floors": {"points"},
    "grades.quotas": {"share"},
    "inspections.visits": {"visits per year"},
}
# Where a number has ends of its own, by the last part of its place.
ENDS = {
    "restarts": (1, 12),
    "updated": (1, 31),
    "adults_from": (0, 120),
    "times": (1, 1000),
}
WHOLE = ("points", "months", "days", "working days", "grades", "times", "month of the year")


def check_regime(regime: Regime, document: Document) -> None:
    """Check values, acts, grades and ranges of a regime.

    Raises
    ------
    ScslabError
        The first mistake, with its line.
    """
    check_sources(regime.sources, document)
    for place, dated in walk_dated(regime):
        check_unit(dated, place, document)
        check_ends(dated, place, document)
        check_dated(dated, place, regime.sources, document)
        check_whole(dated, place, document)
    check_covers(regime, document)
    check_who(regime, document)
    check_score(regime, document)
    check_grades(regime, document)
    check_lists(regime, document)
    check_links(regime, document)
    check_bounds(regime, document)
    check_hardship(regime, document)
    check_contexts(regime, document)


def check_unit(dated: Dated, place: Place, document: Document) -> None:
    """A place that the judge reads takes only the units that the judge knows."""
    if place[0] == "limits":  # free names
        return
    wanted = BY_GROUP.get(".".join(str(p) for p in place[:2])) or UNITS.get(str(place[-1]))
    if wanted and dated.unit not in wanted:
        raise ScslabError(
            "this unit does not fit here",
            where=document.where((*place, "unit")),
            got=dated.unit,
            expected=" or ".join(sorted(wanted)),
        )


def check_whole(dated: Dated, place: Place, document: Document) -> None:
    """Points and terms are whole numbers: the judge counts in them."""
    if dated.unit not in WHOLE:
        return
    for i, row in enumerate(dated.rows):
        if row.value is not None and row.value != int(row.value):
            raise ScslabError(
                f"{dated.unit} must be a whole number",
                where=document.where((*place, "rows", i, "value")),
                got=row.value,
            )


def check_ends(dated: Dated, place: Place, document: Document) -> None:
    """Months of the year, days of a month, ages and counts lie between their ends."""
    if place[0] == "limits" or str(place[-1]) not in ENDS:
        return
    low, high = ENDS[str(place[-1])]
    for i, row in enumerate(dated.rows):
        if row.value is not None and not low <= row.value <= high:
            raise ScslabError(
                "this number does not fit here",
                where=document.where((*place, "rows", i, "value")),
                got=row.value,
                expected=f"{low} to {high}, or null where the rule ended",
            )


def check_covers(regime: Regime, document: Document) -> None:
    """The days covered run forward."""
    start = day(regime.covers.from_, document.where(("covers", "from")))
    if (
        regime.covers.to is not None
        and day(regime.covers.to, document.where(("covers", "to"))) < start
    ):
        raise ScslabError("covers ends before it begins", where=document.where(("covers", "to")))
    day(regime.reviewed, document.where(("reviewed",)))


def check_who(regime: Regime, document: Document) -> None:
    """Whom the regime rates is said with its source."""
    if not regime.who.subjects:
        raise ScslabError(
            "a regime rates somebody",
            where=document.where(("who", "subjects")),
            expected="persons, organisations or both",
        )
    check_once(regime.who.subjects, ("who", "subjects"), document)
    check_once(regime.who.places, ("who", "places"), document)
    for i, among in enumerate(regime.who.among):
        place: Place = ("who", "among", i)
        source = regime.sources.get(among.source)
        if source is None:
            raise ScslabError(
                f'source "{among.source}" is not in sources',
                where=document.where((*place, "source")),
                hint=near(among.source, regime.sources),
            )
        if source.kind not in ("assumption", "calibration") and not among.at:
            raise ScslabError(
                f'say at which place in "{among.source}" this stands (at: ...)',
                where=document.where(place),
            )
        if not among.are:
            raise ScslabError("nobody is left to rate", where=document.where((*place, "are")))
        check_once(among.are, (*place, "are"), document)
    known = {*regime.rates, *(a for rules in regime.lists.values() for a in acts_of(rules))}
    for name, exemption in regime.who.exempt.items():
        for i, act in enumerate(exemption.acts):
            where = document.where(("who", "exempt", name, "acts", i))
            check_act(act, where)
            if act not in known:
                raise ScslabError(
                    f'"{act}" is spared, but nothing in this regime is done about it',
                    where=where,
                    hint=near(act, known),
                )
