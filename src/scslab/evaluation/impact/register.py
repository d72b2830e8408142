"""The risk register of a DPIA: simulated likelihoods, and severities by the measures that follow.

Likelihood and severity come as words of the ICO's sample template. The thresholds between the
words are our own and are printed beneath the register; a person has to confirm each word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scslab.core.contexts import DEGREES, measure_severity
from scslab.core.impact import MachinePart
from scslab.core.printed import Column, Row
from scslab.core.values import on
from scslab.evaluation.harm import QUANTITIES
from scslab.evaluation.impact.figures import Figures
from scslab.evaluation.impact.say import of_table, plural, table

LIKELIHOOD = ("remote", "possible", "probable")
SEVERITY = {"slight": "minimal", "ordinary": "significant", "serious": "severe"}
# From this rate on a risk is possible, from that on probable.
PER_YEAR = (0.0001, 0.01)  # events per covered person-year
PER_CASE = (0.01, 0.2)  # share of cases
THRESHOLDS = (
    "Likelihood, by the simulated rate: of a year on file, possible from 1 in 10,000 and probable "
    "from 1 in 100; of cases, possible from 1 % and probable from 20 %; below that remote. Where "
    "the interval crosses a threshold, both words stand",
    "Severity, by the gravest measure in force, a benefit that a score brings or takes included: "
    "minimal for slight ones, significant for ordinary ones, severe for serious ones; minimal "
    "where no measure is known",
    "Thresholds and words are the laboratory's: a person has to confirm or change them",
)


@dataclass(frozen=True)
class Risk:
    """A risk that a run can count.

    Attributes
    ----------
    count, n : how often it happened, and the base
    rate, low, high : events per person-year on file, or share of cases; 95 %
    per : "year" or "case"
    base : what the base is
    shown : whether n is large enough to say a rate
    """

    quantity: str
    says: str
    count: int
    n: float
    rate: float
    low: float
    high: float
    per: Literal["year", "case"]
    base: str
    severity: str
    shown: bool

    @property
    def likelihood(self) -> str:
        """One word, or two where the interval crosses a threshold."""
        if not self.shown:
            return "too few cases to say"
        low, high = word(self.low, self.per), word(self.high, self.per)
        return low if low == high else f"{low} to {high}"


def word(rate: float, per: str) -> str:
    """The word for a likelihood.

    Examples
    --------
    >>> word(0.005, "year"), word(0.005, "case")
    ('possible', 'remote')
    """
    possible, probable = PER_YEAR if per == "year" else PER_CASE
    return LIKELIHOOD[(rate >= possible) + (rate >= probable)]


def severity(found: Figures) -> str:
    """The word for the gravest measure in force: an effect of a blacklist, or a benefit."""
    regime, day = found.regime, found.day
    degrees = [
        effect.severity or measure_severity(name)
        for rules in regime.lists.values()
        if rules.colour == "black"
        for name, effect in rules.effects.items()
        if on(effect.holds, day).value
    ]
    degrees += [measure_severity(n) for n, r in regime.rewards.items() if on(r.gives, day).value]
    grave = [DEGREES.index(degree) for degree in degrees if degree is not None]
    return SEVERITY[DEGREES[max(grave, default=0)]]


def simulates_hardship(found: Figures) -> bool:
    """Whether the study says how many acts hardship brings about; else none are counted."""
    return any(place.startswith("hardship.") for place in found.practice.values)


# Quantity of harm -> the risk in words, and of what the base is made.
RISKS = {
    "false_records": ("A false record is taken in: of another's act, or of none", "records"),
    "wrongful_entries": ("Listed on a false record", ""),
    "wrongful_refused": ("Refused something while listed on a false record", ""),
    "hardship_entries": ("Listed for an act that hardship brought about", ""),
    "never_corrected": ("A wrongful listing is not ended by a correction", "wrongful listings"),
    "wrongly_rejected": ("A founded objection is rejected", "founded objections decided"),
    "late_share": ("An objection is decided after the term of the rules", "objections decided"),
    "copies_left": ("A correction does not reach another holder of the record", "other holders"),
    "missed_share": ("A breach goes unrecorded, while others are held to the rules", "breaches"),
}
HARMS_NOBODY = ("missed_share",)  # an unequal hand, but no detriment of the person


def risks(found: Figures) -> Iterator[Risk]:
    """Every risk with a base in this run."""
    grave = severity(found)
    rows = {str(row.quantity): row for row in found.harm.itertuples()}
    for name, (says, base) in RISKS.items():
        row = rows[name]
        if not row.n > 0 or (not base and not found.regime.lists):
            continue
        if name == "hardship_entries" and not simulates_hardship(found):
            continue
        times = QUANTITIES[name].times
        yield Risk(
            quantity=name,
            says=says,
            count=round(row.amount),
            n=float(row.n),
            rate=row.rate / times,
            low=row.low / times,
            high=row.high / times,
            per="case" if base else "year",
            base=base or "years on file",
            severity=SEVERITY["slight"] if name in HARMS_NOBODY else grave,
            shown=bool(row.shown),
        )


def register(found: Figures) -> tuple[MachinePart, tuple[Risk, ...]]:
    """The register as a table, and its risks."""
    rows = tuple(risks(found))
    body = [
        Row(
            (
                f"{risk.says} ({rate_words(risk)})",
                risk.count,
                risk.n,
                risk.likelihood,
                risk.severity,
            )
        )
        for risk in rows
    ]
    made = table(
        found,
        "register",
        "Risk register: simulated likelihood, and severity by the rules",
        (
            Column("risk", "Risk (rate, 95% interval)"),
            Column("count", "Count", "count"),
            Column("n", "Base, n", "count"),
            Column("likelihood", "Likelihood"),
            Column("severity", "Severity, to be confirmed"),
        ),
        body,
        found.count("covered_months"),
        unit="events; base: years on file, or cases as named",
        notes=THRESHOLDS,
    )
    n = plural(found.count("covered_months"), "covered subject-month")
    return of_table(found, "tallies, measures", made, n, "95 %"), rows


def rate_words(risk: Risk) -> str:
    """The rate of a risk with its interval."""
    if not risk.shown:
        return f"of {risk.base}"
    if risk.per == "case":
        rate, low, high = (f"{100 * x:.1f}%" for x in (risk.rate, risk.low, risk.high))
        return f"{rate} of {risk.base}, {low} to {high}"
    rate, low, high = (f"{100_000 * x:,.1f}" for x in (risk.rate, risk.low, risk.high))
    return f"{rate} per 100,000 years on file, {low} to {high}"
