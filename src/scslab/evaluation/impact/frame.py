"""What every draft has: facts, sources, limits, and questions that recur."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.core.impact import Basis, HumanPart, ImpactDraft, ImpactSection, MachinePart
from scslab.core.printed import Column, Row
from scslab.core.results import SourceLine
from scslab.evaluation.impact.figures import Figures
from scslab.evaluation.impact.say import count, of_rules, one_line, share, table
from scslab.regimes.card import shares_of, source_line

LIMITS = (
    "This is a draft for people to finish. It is not legal advice and decides nothing: whether a "
    "duty applies and is met is for those who answer for the system, and their counsel.",
    "Every number is synthetic. It says what follows from the rules and from assumptions about "
    "errors, detection and remedies; no real person was rated and nothing was measured.",
    "Intervals hold the luck of one run. What the assumptions may be wrong by is not in them: run "
    "other seeds, and vary the assumptions within their ranges.",
    "The laboratory knows a file of rules, not a deployment: software, staff, contracts, security "
    "and the law of a place are not in it.",
)


def draft(
    found: Figures,
    kind: str,
    title: str,
    instrument: str,
    sections: Sequence[ImpactSection],
    sources: Sequence[SourceLine],
    limits: Sequence[str] = (),
) -> ImpactDraft:
    """A draft about one regime, with the facts, sources and limits that all drafts share."""
    return ImpactDraft(
        kind=kind,
        title=title,
        instrument=instrument,
        regime=found.regime.id,
        name=found.regime.name,
        facts=facts(found),
        sections=tuple(sections),
        sources=(*sources, *rule_sources(found), *practice_sources(found)),
        limits=(*limits, *LIMITS, assumed(found)),
    )


def facts(found: Figures) -> tuple[tuple[str, str], ...]:
    """What was assessed, in a few lines."""
    regime, manifest = found.regime, found.manifest
    return (
        ("System", f"{regime.name} ({regime.id}), {regime.kind}"),
        ("Operator", regime.operator),
        ("Rules", f"as on {found.day}; file {regime.status}, reviewed {regime.reviewed}"),
        ("Run", f"study {manifest['study']}, seed {manifest['seed']}, {manifest['fingerprint']}"),
        ("Months", found.months),
        (
            "Society",
            f"{count(manifest['persons'])} simulated persons"
            + (
                f", {count(manifest['organisations'])} organisations"
                if manifest["organisations"]
                else ""
            ),
        ),
    )


def assumed(found: Figures) -> str:
    """How much of the rules rests on assumptions."""
    values = shares_of(found.regime)
    return (
        f"Of {values.total} values in the regime file {values.assumed} "
        f"({share(values.assumed, values.total)}) are assumed and {values.press} are from the "
        "press; the study's assumptions about practice come on top."
    )


def rule_sources(found: Figures) -> tuple[SourceLine, ...]:
    """The sources of the regime file."""
    return tuple(source_line(found.regime.id, k, s) for k, s in found.regime.sources.items())


def practice_sources(found: Figures) -> tuple[SourceLine, ...]:
    """The sources of the study that its practice around these rules rests on."""
    practice = found.practice
    cited = {row.source for dated in practice.values.values() for row in dated.rows}
    return tuple(
        source_line(found.manifest["study"], key, source)
        for key, source in practice.sources.items()
        if key in cited
    )


def left_out(found: Figures) -> MachinePart:
    """What of the real system the rules do not model, and which way that errs."""
    rows = [Row((one_line(x.what), one_line(x.effect))) for x in found.regime.not_modelled]
    if not rows:
        return of_rules(found, "not_modelled", "The regime file names nothing that it leaves out.")
    heading = "What the file of rules leaves out"
    columns = (Column("what", "Left out"), Column("effect", "Which way that errs"))
    made = table(found, "left-out", heading, columns, rows, len(rows), synthetic=False)
    return MachinePart(Basis(f"regime file {found.regime.id}, not_modelled"), table=made)


def ask(question: str, guidance: str = "", *rows: str) -> HumanPart:
    """A question for a person."""
    return HumanPart(question, guidance, rows=rows)


def signed(*who: str) -> HumanPart:
    """Who answers for the document."""
    return HumanPart("Name, role and date", rows=who)
