"""Rows of the ledger from comparisons of a run without waves: counts, and shares of what happened.

A comparison has an interval of the simulated figure: of counts as Poisson counts of simulated
persons, scaled; of shares by Wilson; of a survey by its design. The printed side adds the variance
of a share, p (1 - p) / n, where n is printed, and of rounding (zeros at the end of a count are no
digits: "13000000" may be half a million off). A printed count is of all cases, so it has no
variance of sampling. What such an interval cannot hold is what a society of some persons leaves
out; a run of few persons has wide intervals and agrees easily. Without an interval nothing is said:
a figure near the printed one is not agreement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scslab.analysis.distributions import Z_95
from scslab.core.results import Comparison
from scslab.evaluation.findings import Finding, findings
from scslab.evaluation.ledger.agree import not_produced, unit_of
from scslab.evaluation.ledger.plan import says_the_same
from scslab.evaluation.ledger.records import LedgerRow, NotProduced, Role

ROLES: dict[str, Role] = {"calibrated": "fitted", "input": "input", "check": "held out"}
NO_INTERVAL = "no interval: the run gives a figure and not how certain it is"


def from_comparison(comparison: Comparison, finding: Finding, part: int | None = None) -> LedgerRow:
    """The row of one comparison; of a distribution one part, counted from 0.

    Examples
    --------
    >>> found = Finding("S03", "court", "entries", "end of 2018", "count", "13000000", "", "")
    >>> run = Comparison("S03", "entries", "", "court", "count", 13e6, 12.5e6,
    ...     (12.4e6, 12.6e6), "check", "")
    >>> row = from_comparison(run, found)
    >>> row.agrees, row.role, round(row.high[0])
    ('yes', 'held out', 13074562)
    """
    role = ROLES.get(comparison.role, "held out")
    if comparison.interval is None:
        row = not_produced(finding, NotProduced(NO_INTERVAL), role)
        return replace(row, simulated=(comparison.simulated,), seeds=1)
    printed = finding.value.split("/")[part or 0]
    low, high = comparison.interval
    variance = ((high - low) / (2 * Z_95)) ** 2
    value = comparison.simulated
    if comparison.kind == "share" and finding.n:
        variance += value * (1 - value) / int(finding.n)
    variance += unit_of(printed, finding.kind) ** 2 / 12
    # Wilson's interval is not symmetric: its middle, not the figure, is the centre.
    middle, half = (low + high) / 2, Z_95 * math.sqrt(variance)
    low, high = max(0.0, middle - half), middle + half
    if comparison.kind == "share":
        high = min(1.0, high)
    row = not_produced(finding, NotProduced(""), role)
    return replace(
        row,
        agrees="yes" if low <= float(printed) <= high else "no",
        simulated=(value,),
        low=(low,),
        high=(high,),
        seeds=1,
        notes=tuple(n for n in ("one run", comparison.note) if n),
    )


def from_comparisons(
    comparisons: Sequence[Comparison],
    wished: Mapping[str, Finding],
    known: Mapping[str, Finding] | None = None,
) -> list[LedgerRow]:
    """One row a finding that a run compares, in the order of the findings.

    A finding is that of a comparison if it says the same: the same kind, quantity and group, in its
    own words. Its id does not count, and its own printed value is judged. A distribution agrees if
    every part does; if parts are missing and no other is off, it cannot be produced.

    Parameters
    ----------
    comparisons : sequence of Comparison
        All of a run.
    wished : mapping of id to Finding
        Those to be printed, of the package or of a file.
    known : mapping of id to Finding, optional
        The findings that comparisons name; by default those of the package.
    """
    names = findings() if known is None else known
    rows = []
    for finding in wished.values():
        mine = [
            one
            for one in comparisons
            if one.finding in names and says_the_same(finding, names[one.finding])
        ]
        if finding.kind == "distribution":
            if mine:
                parts = names[mine[0].finding].value.split("/")
                rows.append(together([part_row(one, finding, parts) for one in mine], finding))
        else:
            rows += [from_comparison(one, finding) for one in mine[:1]]
    return rows


def part_row(comparison: Comparison, finding: Finding, printed: Sequence[str]) -> LedgerRow:
    """The row of one part of a distribution; `printed` are the parts that the comparison knows."""
    part = [float(p) for p in printed].index(comparison.published)
    if part >= len(finding.value.split("/")):
        return not_produced(finding, NotProduced("fewer parts are printed than compared"))
    return from_comparison(comparison, finding, part)


def together(parts: Sequence[LedgerRow], finding: Finding) -> LedgerRow:
    """One row of the parts of a distribution."""
    wanted = len(finding.value.split("/"))
    judged = [p for p in parts if p.agrees != "cannot be produced"]
    row = replace(
        parts[0],
        simulated=tuple(x for p in parts for x in p.simulated),
        low=tuple(x for p in parts for x in p.low),
        high=tuple(x for p in parts for x in p.high),
        notes=tuple(dict.fromkeys(n for p in parts for n in p.notes)),
        reason="",
    )
    if any(p.agrees == "no" for p in parts):
        return replace(row, agrees="no")
    if len(judged) == len(parts) == wanted:
        return replace(row, agrees="yes")
    why = f"{len(judged)} of {wanted} parts are compared"
    return replace(row, agrees="cannot be produced", reason=why)
