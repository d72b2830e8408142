"""A bias-audit table after New York City's Local Law 144: rates and impact ratios by group."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from scslab.core.impact import Basis, ImpactDraft, ImpactSection, MachinePart, Part
from scslab.core.printed import Cell, Column, Row, Suppressed
from scslab.core.results import SourceLine
from scslab.evaluation.harm import SMALLEST_N
from scslab.evaluation.impact.figures import Figures, last_month
from scslab.evaluation.impact.frame import ask, draft, signed
from scslab.evaluation.impact.outcomes import Outcome, outcomes
from scslab.evaluation.impact.ratios import Group, groups_of
from scslab.evaluation.impact.say import (
    count,
    listed,
    of_run,
    of_table,
    plural,
    share,
    table,
    title,
)

INSTRUMENT = (
    "New York City Administrative Code 20-870 to 20-874 (Local Law 144 of 2021) and its rules, "
    "6 RCNY 5-300 to 5-304: the shape of the bias audit only"
)
LAW = SourceLine(
    "nyc-ll-144",
    "this draft",
    "rule",
    "Rules of the City of New York, title 6, 5-300 to 5-304 (automated employment decision tools): "
    "selection and scoring rates, impact ratios, unknown categories, categories under 2 %",
    "2023-04-06",
    "https://codelibrary.amlegal.com/codes/newyorkcity/latest/NYCrules/0-0-0-138530",
    "",
)
FOUR_FIFTHS = SourceLine(
    "four-fifths",
    "this draft",
    "rule",
    "Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D): a rate below four "
    "fifths of the highest is generally regarded as evidence of adverse impact",
    "1978-08-25",
    "https://www.ecfr.gov/current/title-29/subtitle-B/chapter-XIV/part-1607",
    "",
)
LINE = 0.8
BOTH = (
    "This regime has lists of sanctions and lists of praise, and a run counts those on either "
    "together. Being listed is therefore not shown as an outcome."
)
PAIRED = ("residence", "age", "education", "income", "party")


def bias(found: Figures, pairs: Sequence[tuple[str, str]] | None = None) -> ImpactDraft:
    """Draft a bias-audit table for one regime.

    Parameters
    ----------
    found : Figures
        The regime's rules and what a run counted about it.
    pairs : sequence of pairs of attributes, optional
        Intersections; by default sex with each other attribute of persons.

    Returns
    -------
    ImpactDraft
        A section for each favourable outcome that the regime knows.
    """
    chosen = default_pairs(found) if pairs is None else list(pairs)
    sections = [about(found)]
    for outcome in outcomes(found):
        heading = f"Selected: {outcome.says}"
        parts = tuple(outcome_parts(found, outcome, chosen))
        sections.append(ImpactSection(outcome.id, heading, "6 RCNY 5-301(b)", parts))
    sections.append(audit())
    limits = (
        "Local Law 144 is about tools that select people for jobs in New York City. Only the shape "
        "of its audit is borrowed; nothing here fulfils that law, which asks for sex and "
        "race/ethnicity, and for data of real use.",
        "A selection rate tells what became of a group, not why: conduct, detection, errors and "
        "remedies are all in it.",
    )
    title_ = f"Bias-audit table: {found.regime.name}"
    return draft(found, "bias", title_, INSTRUMENT, sections, (LAW, FOUR_FIFTHS), limits)


def default_pairs(found: Figures) -> list[tuple[str, str]]:
    """Sex with each other attribute of persons."""
    if "sex" not in found.groups:
        return []
    return [("sex", other) for other in PAIRED if other in found.groups]


def about(found: Figures) -> ImpactSection:
    """What is selected here, the data, and what the four-fifths line is."""
    names = [outcome.says for outcome in outcomes(found)]
    month = found.manifest["last_month"]
    text = (
        f"Selected here means: {listed(names)}."
        if names
        else "This regime has no list of sanctions, no grades and no rewards in force at the end "
        "of the run, so there is no favourable outcome to count."
    )
    data = (
        f"Test data, not data of use: a synthetic society, study {found.manifest['study']}, seed "
        f"{found.manifest['seed']}, as it stands at the end of {month}. No attribute was inferred: "
        "they are those of the simulated subjects."
    )
    line = (
        "The line at 0.8 comes from guidelines on selection for jobs (29 CFR 1607.4(D)). It is "
        "shown as a mark, not as a verdict: neither a ratio below it nor one above it decides "
        "anything about a scoring system. Where nearly everybody is favoured, ratios are near 1 "
        "however unequal the harm; the columns on the opposite outcome show that."
    )
    score = (
        "The scoring rate of 6 RCNY 5-301(c), the share above the median score, is not given: a "
        "run keeps the scores of groups as sums, not one by one. Grades stand in its place."
    )
    pool = int(last_month(found)["covered"].sum())
    n = plural(pool, "subject covered", "subjects covered")
    parts: list[Part] = [
        of_run(found, "tallies, measures, last month", n, text=text, heading="What is selected"),
        of_run(found, "tallies, last month", n, text=data, heading="Data, source and date"),
        MachinePart(Basis("29 CFR 1607.4(D)"), "The four-fifths line", line),
    ]
    if len({rules.colour for rules in found.regime.lists.values()}) > 1:
        parts.append(of_run(found, "tallies", n, text=BOTH, heading="Lists of both colours"))
    if found.regime.id in found.manifest["scored"]:
        parts.append(MachinePart(Basis("6 RCNY 5-301(c)"), "Scoring rate", score))
    return ImpactSection("about", "What is audited", "6 RCNY 5-301 to 5-303", tuple(parts))


def outcome_parts(
    found: Figures, outcome: Outcome, pairs: Sequence[tuple[str, str]]
) -> Iterator[MachinePart]:
    """The whole, each attribute, each intersection."""
    rows = outcome.rows
    n, selected = int(rows["pool"].sum()), int(rows["selected"].sum())
    text = (
        f"{count(selected)} of {count(n)} simulated subjects ({share(selected, n)}) are selected: "
        f"{outcome.says}."
    )
    yield of_run(found, outcome.tables, plural(n, "subject"), text=text)
    keys: list[tuple[str, ...]] = [(one,) for one in found.groups]
    for attributes in (*keys, *pairs):
        made = audit_table(found, outcome, attributes)
        if made is not None:
            yield made


def audit_table(
    found: Figures, outcome: Outcome, attributes: tuple[str, ...]
) -> MachinePart | None:
    """One table: a row for each group, flagged where it is small or under the line."""
    groups, missing = groups_of(outcome.rows, attributes)
    if len(groups) < 2:
        return None
    n = sum(group.n for group in groups)
    reference = next(group for group in groups if group.best)
    least = min(1 - group.rate for group in groups if not group.small)
    by = " by ".join(title(one).lower() for one in attributes)
    made = table(
        found,
        f"{outcome.id}-{'-'.join(attributes)}",
        f"Selection rate and impact ratio by {by}",
        (
            Column("group", "Group"),
            Column("n", "n", "count"),
            Column("rate", "Selection rate", "share"),
            Column("ratio", "Impact ratio", "number", 3),
            Column("interval", "95% interval of the ratio"),
            Column("opposite", f"{outcome.opposite.capitalize()}, share", "share"),
            Column("times", "Times the lowest share", "number", 2),
            Column("flag", "Note"),
        ),
        (Row(group_cells(group, least)) for group in groups),
        n,
        unit="share of the group; ratio to the best group",
        notes=(
            f"Best group of 2 % or more: {reference.name}, {100 * reference.rate:.1f} %",
            f"Group missing, or not one that applies to the subject: {count(missing)} subjects",
            "Interval: delta method on the logarithm of the ratio (Katz and others 1978), for the "
            "luck of this run",
            "Below 0.8: the four-fifths line, shown as a mark",
        ),
    )
    return of_table(found, outcome.tables, made, plural(n, "subject"), "95 %")


def group_cells(group: Group, least: float) -> tuple[Cell, ...]:
    """The cells of one group."""
    hidden = Suppressed(SMALLEST_N)
    if group.n < SMALLEST_N:
        return (group.name, group.n, *(hidden,) * 5, "under 2 %" if group.small else "")
    unfavoured = 1 - group.rate
    interval = "" if math.isnan(group.low) else f"{group.low:.3f} to {group.high:.3f}"
    times = unfavoured / least if least > 0 else None
    return (
        group.name,
        group.n,
        group.rate,
        group.ratio,
        "reference" if group.best else interval,
        unfavoured,
        times,
        "; ".join(flags(group)),
    )


def flags(group: Group) -> Iterator[str]:
    """What to note about a group, in words."""
    if group.ratio < LINE:
        yield "below 0.8"
    if group.small:
        yield "under 2 %, may be left out"


def audit() -> ImpactSection:
    """What only a person can add."""
    parts: tuple[Part, ...] = (
        ask(
            "Which groups of less than 2 % are left out, and why?",
            "6 RCNY 5-301(d): the auditor may leave out a category under 2 % of the data, gives "
            "the reason, and still prints its number and rate.",
        ),
        ask(
            "Which groups that matter here are not among the attributes?",
            "Race and ethnicity, disability, religion, and others that the society does not have.",
        ),
        ask(
            "Why do rates differ, and is it justified?",
            "Look at the harm by group (scslab assess RUN --kind fria) and at the findings on the "
            "rules (scslab audit).",
        ),
        ask("Is there data of real use, and what does it show?", "6 RCNY 5-302."),
        signed("Independent auditor", "Date of the audit", "Results published at"),
    )
    return ImpactSection("audit", "For the auditor", "6 RCNY 5-301(d) to 5-303", parts)
