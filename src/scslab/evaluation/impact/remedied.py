"""What remedies did in a run: a table of their steps, and the main figures in words."""

from __future__ import annotations

from scslab.core.impact import MachinePart
from scslab.core.printed import Cell, Column, Row
from scslab.evaluation.impact.figures import Figures, last_month
from scslab.evaluation.impact.say import count, of_run, of_table, plural, share, table

REMEDY_STEPS = (
    ("Records stopped by human review", "screened", "screened_wronged", "records"),
    ("Notices given", "told", None, None),
    ("Heard before listing", "heard", None, None),
    ("Cleared by a hearing", "cleared", "cleared_wronged", "heard"),
    ("Let off for hardship", "exempted", None, None),
    ("Objections", "objections", "objections_wronged", None),
    ("Objections decided", "decided", None, "objections"),
    ("Upheld: corrected", "corrected", "corrected_wronged", "decided"),
    ("Rejected", "rejected", "rejected_wronged", "decided"),
    ("Decided late, after the term of the rule", "late", None, "decided"),
    ("Complaints to a supervisor", "complaints", None, "rejected"),
    ("Complaints upheld", "upheld", "upheld_wronged", "complaints"),
    ("Wrongful listings ended by a correction", "wrongs_corrected", None, "wrongful_entries"),
    ("Copies of corrected records elsewhere", "copies", None, None),
    ("Copies that the correction reached", "copies_corrected", None, "copies"),
)


def remedies_table(found: Figures) -> MachinePart:
    """What came of hearings, objections, complaints and corrections over the whole run."""
    body = []
    for says, column, wronged, base in REMEDY_STEPS:
        number = found.count(column)
        of = found.count(base) if base else 0
        if not number and not of:
            continue
        cells: tuple[Cell, ...] = (
            number,
            found.count(wronged) if wronged else None,
            of if base else None,
            number / of if of else None,
        )
        body.append(Row((says, *cells)))
    n = found.count("objections")
    made = table(
        found,
        "remedies-run",
        "What remedies did over the whole run",
        (
            Column("step", "Step"),
            Column("count", "Count, simulated", "count"),
            Column("wronged", "Of these wronged", "count"),
            Column("base", "Base", "count"),
            Column("share", "Share of base", "share"),
        ),
        body,
        n,
        unit="cases",
        notes=(
            "Wronged: the record behind it was false, which only a simulation knows",
            "Base: records, those heard, objections, those decided, those rejected, complaints, "
            "wrongful entries or copies",
        ),
    )
    return of_table(found, "tallies", made, plural(n, "objection"))


def remedies_text(found: Figures) -> MachinePart:
    """Waiting, lateness, correction and propagation in a few sentences."""
    decided, late, days = (found.count(name) for name in ("decided", "late", "days_waited"))
    entries, wrongful = found.count("entries"), found.count("wrongful_entries")
    said_so = [
        f"{plural(found.count('objections'), 'objection')} came in, "
        f"{count(found.count('objections_wronged'))} of them founded; {count(decided)} were "
        f"decided and {count(int(last_month(found)['waiting'].sum()))} still waited at the end."
    ]
    if decided:
        waited = found.count("months_waited") / decided
        said_so.append(
            f"An objection waited {waited:.1f} months on average"
            + (f" ({days / decided:.1f} working days)" if days else "")
            + f"; {share(late, decided)} were decided after the term of the rules."
        )
    if wrongful:
        corrected = found.count("wrongs_corrected")
        said_so.append(
            f"Of {plural(entries, 'listing')}, {count(wrongful)} rested on a false record; "
            f"{count(corrected)} of these ({share(corrected, wrongful)}) ended by a correction"
            + (
                f", after {found.count('months_wronged') / corrected:.1f} months on average."
                if corrected
                else "."
            )
        )
    copies = found.count("copies")
    if copies:
        reached = found.count("copies_corrected")
        said_so.append(
            f"Corrected records lay in {count(copies)} other places; the correction reached "
            f"{count(reached)} of them ({share(reached, copies)})."
        )
    else:
        said_so.append("No other system of this run held a corrected record.")
    n = plural(found.count("objections"), "objection")
    return of_run(found, "tallies", n, text=" ".join(said_so))
