"""What is counted as harm, error, benefit and compliance: one registry, with words and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scslab.evaluation.harm.costs import OTHER, cost_kinds

Kind = Literal["harm", "error", "benefit", "compliance"]
Luck = Literal[
    "share", "mean", "events", "listings", "wronged", "refusals", "wrongful refusals", "points",
    "benefits",
]  # fmt: skip

PERSON_YEARS = "person_years"
COSTS = {name.replace("-", "_"): says for name, says in cost_kinds().items()}


@dataclass(frozen=True)
class Quantity:
    """One figure of harm, error, benefit or compliance.

    Attributes
    ----------
    says : what the figure is, in a sentence
    unit : of the rate
    amount : the count on top, a key of `COUNTED`
    per : the count beneath, a key of `COUNTED`
    better : whether less or more of it is better for those it falls on
    times : the rate is amount / per times this
    luck : whose luck the interval tells, see `scslab.evaluation.harm.intervals`
    together_only : whether it is only given for all regimes together
    """

    name: str
    says: str
    kind: Kind
    unit: str
    amount: str
    per: str | None
    better: Literal["less", "more"]
    times: float = 1.0
    luck: Luck = "events"
    together_only: bool = False


# What is counted. Counts are over the whole run; months are taken at the ends of months.
COUNTED = {
    PERSON_YEARS: "years of subjects on file with the regime; for all regimes together, years of "
    "subjects on file anywhere, each counted once",
    "entries": "listings that took effect",
    "wrongful_entries": "listings that rest on a false record",
    "listings": "listings that stood at some time: those that ended and those that stand at last",
    "wrongful_listings": "the same of listings that rest on a false record",
    "rightful_entries": "listings that rest on a true record",
    "rightful_listings": "listings of true records that stood at some time",
    "listed_months": "months on a list",
    "wrongful_listed_months": "months on a list for a false record",
    "hardship_listed_months": "months on a list for an act that hardship brought about",
    "hardship_entries": "listings for acts that hardship brought about",
    "cost_months": "months under a measure, each measure counted",
    "wrongful_cost_months": "the same of those listed for a false record",
    "cost_refused": "attempts that a measure refused",
    "wrongful_cost_refused": "the same of those listed for a false record",
    "points_lost": "points taken by records",
    "months_wronged": "months that wrongful listings had lasted when they were corrected",
    "wrongs_corrected": "wrongful listings that a correction ended",
    "not_corrected": "wrongful listings that no correction has ended",
    "copies": "entries of other systems that rest on a record found false",
    "copies_left": "those that the correction did not reach",
    "found_false": "corrections: by a hearing, a desk or a supervisor",
    "records": "records that reached a regime",
    "false_records": "records of another's act or of none",
    "breaches": "acts that are breaches, of subjects on file",
    "missed": "breaches of which no true record reached the regime",
    "objections_of_wronged": "decided objections to false records",
    "rejected_wronged": "those that were rejected",
    "objections_of_others": "decided objections to true records",
    "corrected_others": "those that were upheld",
    "decided": "decided objections",
    "late": "objections decided after the term of the rules",
    "benefit_months": "months with a benefit of a score or of a list of praise, each counted",
    "performed": "duties performed by the rightly listed",
}
COUNTED |= {f"{k}_months": f"months under measures: {says.lower()}" for k, says in COSTS.items()}
COUNTED |= {f"{k}_refused": f"refused attempts: {says.lower()}" for k, says in COSTS.items()}
COUNTED |= {
    f"wrongful_{k}_{x}": f"the same of those listed for a false record: {says.lower()}"
    for k, says in COSTS.items()
    for x in ("months", "refused")
}

THOUSAND = "per 1,000 person-years"
LAKH = "per 100,000 person-years"


def per_years(
    name: str,
    says: str,
    amount: str,
    luck: Luck,
    times: float = 1e5,
    what: str = "",
    kind: Kind = "harm",
) -> Quantity:
    """A quantity per person-year."""
    unit = f"{what} {LAKH if times == 1e5 else THOUSAND}".strip()
    better: Literal["less", "more"] = "more" if kind == "benefit" else "less"
    return Quantity(name, says, kind, unit, amount, PERSON_YEARS, better, times, luck)


def share(
    name: str, says: str, kind: Kind, amount: str, per: str, better: Literal["less", "more"]
) -> Quantity:
    """A share of what stands beneath."""
    return Quantity(name, says, kind, "share", amount, per, better, 1.0, "share")


def of_costs() -> list[Quantity]:
    """Months under measures by kind of cost."""
    names = {"credit": "lost_credit_months", "posts": "lost_post_months"}
    return [
        per_years(
            names.get(kind, f"{kind}_cost_months"),
            f"Months under measures that cost: {says.lower()}",
            f"{kind}_months",
            "listings",
            1e3,
            "months",
        )
        for kind, says in COSTS.items()
    ]


def of_wrongful_costs() -> list[Quantity]:
    """What the wrongly listed bear, apart."""
    months = [
        per_years(
            f"wrongful_{name}",
            f"Months of the wrongly listed under measures that cost: {COSTS[kind].lower()}",
            f"wrongful_{kind}_months",
            "wronged",
            1e5,
            "months",
        )
        for kind, name in (("credit", "lost_credit_months"), ("posts", "lost_post_months"))
    ]
    return [
        per_years(
            "wrongful_cost_months",
            "Months of the wrongly listed under measures, each measure counted",
            "wrongful_cost_months",
            "wronged",
            1e5,
            "months",
        ),
        *months,
        per_years(
            "wrongful_refused",
            "Attempts of the wrongly listed that were refused",
            "wrongful_cost_refused",
            "wrongful refusals",
        ),
        per_years(
            "wrongful_refused_trips",
            "Trips refused to the wrongly listed",
            "wrongful_travel_refused",
            "wrongful refusals",
        ),
    ]


HARMS = [
    per_years("wrongful_entries", "Listings on a false record", "wrongful_entries", "events"),
    per_years(
        "wrongful_months",
        "Months on a list for a false record",
        "wrongful_listed_months",
        "wronged",
        1e5,
        "months",
    ),
    per_years("listed_months", "Months on a list", "listed_months", "listings", 1e3, "months"),
    per_years(
        "refused", "Attempts that a measure refused", "cost_refused", "refusals", 1e3
    ),
    per_years("refused_trips", "Trips that were refused", "travel_refused", "refusals", 1e3),
    *of_costs(),
    *of_wrongful_costs(),
    per_years("points_lost", "Points lost", "points_lost", "points", 1e3, "points"),
    per_years(
        "hardship_entries",
        "Listings for acts that hardship brought about",
        "hardship_entries",
        "events",
    ),
    per_years(
        "hardship_months",
        "Months on a list for an act that hardship brought about",
        "hardship_listed_months",
        "listings",
        1e5,
        "months",
    ),
    Quantity(
        "months_to_correction",
        "Mean months that a wrongful listing lasted, of those that a correction ended",
        "harm", "months", "months_wronged", "wrongs_corrected", "less", 1.0, "mean",
    ),
    share(
        "never_corrected",
        "Wrongful listings that no correction ended within the run",
        "harm", "not_corrected", "wrongful_listings", "less",
    ),
    Quantity(
        "compounding",
        "Measures that bite at once, in a month on a list",
        "harm", "measures", "cost_months", "listed_months", "less", 1.0, "listings",
    ),
    Quantity(
        "wrongful_compounding",
        "Measures that bite at once, in a month on a list for a false record",
        "harm", "measures", "wrongful_cost_months", "wrongful_listed_months", "less", 1.0,
        "wronged",
    ),
    Quantity(
        "systems_holding",
        "Other entries that rest on a record when it is found false",
        "harm", "entries", "copies", "found_false", "less", 1.0, "events", True,
    ),
    share(
        "copies_left",
        "Other entries on a record found false that the correction did not reach",
        "harm", "copies_left", "copies", "less",
    ),
]  # fmt: skip
OTHERS = [
    share(
        "false_records", "Records of another's act or of none",
        "error", "false_records", "records", "less",
    ),
    share(
        "wrongful_share", "Listings that rest on a false record",
        "error", "wrongful_entries", "entries", "less",
    ),
    share(
        "missed_share", "Breaches of which no true record reached the regime",
        "error", "missed", "breaches", "less",
    ),
    share(
        "wrongly_rejected", "Objections to false records that were rejected",
        "error", "rejected_wronged", "objections_of_wronged", "less",
    ),
    share(
        "wrongly_corrected", "Objections to true records that were upheld",
        "error", "corrected_others", "objections_of_others", "less",
    ),
    share(
        "late_share", "Objections decided after the term of the rules",
        "error", "late", "decided", "less",
    ),
    Quantity(
        "benefit_months", "Months with a benefit, each benefit counted",
        "benefit", "months per person-year", "benefit_months", PERSON_YEARS, "more", 1.0,
        "benefits",
    ),
    per_years("breaches", "Breaches", "breaches", "events", 1e3, "", "compliance"),
    Quantity(
        "breaches_listed", "Rightful listings for 100 breaches",
        "compliance", "per 100 breaches", "rightful_entries", "breaches", "more", 100.0, "events",
    ),
    share(
        "performed_share", "Rightful listings whose duty was performed",
        "compliance", "performed", "rightful_listings", "more",
    ),
]  # fmt: skip
QUANTITIES: dict[str, Quantity] = {q.name: q for q in (*HARMS, *OTHERS)}
assert OTHER in COSTS  # what fits no kind is counted, too
