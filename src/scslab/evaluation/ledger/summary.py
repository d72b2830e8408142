"""How many findings agree, as records, text, CSV and a table for reports."""

from __future__ import annotations

import csv
import io
import os
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scslab.core.errors import ScslabError
from scslab.core.printed import Cell, Column, ResultTable, Row
from scslab.evaluation.ledger.records import LedgerRow

COLUMNS = (
    "id", "quantity", "group", "kind", "printed", "simulated", "low", "high", "role", "agrees",
)  # fmt: skip
WIDTH = 110
ROLES = ("fitted", "input", "held out")
FEW = 6  # findings of one reason up to which their nearest wordings are shown
OFF = "sign and significance are as printed in half of the seeds or fewer"
RULE = (
    "The printed value agrees if it lies in the interval: 1.96 standard deviations of the mean "
    "over simulations, of the printed sample and of rounding. Signs agree if they and their "
    "significance are as printed in more than half of the simulations."
)


@dataclass(frozen=True)
class Count:
    """How many of some findings agree, do not, and cannot be produced."""

    of: str
    agree: int
    disagree: int
    missing: int

    @property
    def share(self) -> float | None:
        """Share of those that can be produced that agree; none if there are none."""
        both = self.agree + self.disagree
        return self.agree / both if both else None

    def says(self) -> str:
        """The count in a line."""
        if self.share is None:
            return f"{self.of}: none can be produced, {self.missing} cannot"
        both = self.agree + self.disagree
        text = f"{self.of}: {self.agree} of {both} agree ({100 * self.share:.0f} %)"
        return text + (f"; {self.missing} cannot be produced" if self.missing else "")


def summary(rows: Sequence[LedgerRow]) -> tuple[Count, ...]:
    """Counts of all findings, then of each role that occurs.

    Examples
    --------
    >>> [count.says() for count in summary([])]
    ['all: none can be produced, 0 cannot']
    """
    found = [count_of("all", rows)]
    for role in ROLES:
        mine = [row for row in rows if row.role == role]
        if mine:
            found.append(count_of(role, mine))
    return tuple(found)


def count_of(name: str, rows: Iterable[LedgerRow]) -> Count:
    """The count of some rows."""
    said = [row.agrees for row in rows]
    return Count(name, said.count("yes"), said.count("no"), said.count("cannot be produced"))


def ledger_text(rows: Sequence[LedgerRow]) -> str:
    """The ledger for a terminal, at most 110 characters wide.

    Findings that cannot be produced stand below, a line a reason.
    """
    shown = [row for row in rows if row.agrees != "cannot be produced"]
    lines: list[str] = []
    if shown:
        cells = [line for row in shown for line in cells_of(row)]
        heads = ("id", "quantity", "group", "printed", "simulated", "interval", "role", "agrees")
        lines += aligned([heads, *cells])
        off = [
            f"{r.id} in {round(r.shown_as_printed * r.seeds)} of {r.seeds}"
            for r in shown
            if r.agrees == "no" and r.shown_as_printed is not None and r.shown_as_printed <= 0.5
        ]
        if off:
            lines += ["", *wrapped(f"{OFF}: {', '.join(off)}")]
        for row in shown:
            if row.agrees == "no" and row.reason:
                lines += wrapped(f"{row.id} does not agree: {row.reason}")
    missing = reasons(rows)
    if missing:
        lines += ["", "cannot be produced"]
    for reason, found in missing.items():
        lines += wrapped(f"  {reason}: {ids_of(found)}", "    ")
        for row in found if len(found) <= FEW else ():
            if row.nearest:
                lines += wrapped(f"    {row.id}: nearest is {row.nearest}", "      ")
    lines += ["", *(count.says() for count in summary(rows))]
    return "\n".join(lines).strip("\n") + "\n"


def reasons(rows: Iterable[LedgerRow]) -> dict[str, list[LedgerRow]]:
    """Findings that cannot be produced by their reason."""
    found: dict[str, list[LedgerRow]] = {}
    for row in rows:
        if row.agrees == "cannot be produced":
            found.setdefault(row.reason, []).append(row)
    return found


def ids_of(rows: Sequence[LedgerRow]) -> str:
    """The ids of rows; three or more numbers in a row as first and last.

    Examples
    --------
    >>> from scslab.evaluation.findings import Finding
    >>> from scslab.evaluation.ledger.agree import not_produced
    >>> from scslab.evaluation.ledger.records import NotProduced
    >>> names = ("L01", "L02", "L03", "S01", "S03", "Q")
    >>> blank = {"source": "", "quantity": "", "group": "", "kind": "", "value": "", "n": ""}
    >>> ids_of([not_produced(Finding(id=n, note="", **blank), NotProduced("")) for n in names])
    'L01 to L03, S01, S03, Q'
    """
    runs: list[list[str]] = []
    for row in rows:
        if runs and follows(runs[-1][-1], row.id):
            runs[-1].append(row.id)
        else:
            runs.append([row.id])
    said = []
    for run in runs:
        said += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
    return ", ".join(said)


def follows(one: str, other: str) -> bool:
    """Whether an id is the next after another: L02 after L01."""
    a, b = (re.fullmatch(r"(\D*)(\d+)", name) for name in (one, other))
    return bool(a and b) and a[1] == b[1] and int(b[2]) == int(a[2]) + 1  # type: ignore[index]


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """A text in lines of the terminal's width."""
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent)


def cells_of(row: LedgerRow) -> list[tuple[str, ...]]:
    """A row for the terminal; a line for each part of a distribution or of several effects."""
    printed = row.printed.split("/") if row.kind != "sign" else [row.printed]
    printed += [""] * (len(row.simulated) - len(printed))
    found: list[tuple[str, ...]] = []
    for k, value in enumerate(row.simulated):
        interval = f"{short(row.low[k])} .. {short(row.high[k])}" if row.low else ""
        head = (row.id, row.quantity, row.group) if k == 0 else ("", "", "")
        tail = (row.role, row.agrees) if k == 0 else ("", "")
        found.append((*head, printed[k], short(value), interval, *tail))
    return found


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Columns side by side; the words of quantity and group are cut to fit."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    fixed = sum(w for k, w in enumerate(widths) if k not in (1, 2)) + 2 * (len(widths) - 1)
    widths[2] = min(widths[2], 18)
    widths[1] = max(12, min(widths[1], WIDTH - fixed - widths[2]))
    lines = []
    for row in rows:
        cells = [cut(row[k], widths[k]).ljust(widths[k]) for k in range(len(row))]
        lines.append("  ".join(cells).rstrip())
    return lines


def cut(text: str, width: int) -> str:
    """A text in at most so many characters."""
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."


def short(value: float) -> str:
    """A figure as a reader writes it.

    Examples
    --------
    >>> short(0.80345), short(-1.2), short(9590000.0)
    ('0.803', '-1.200', '9,590,000')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3f}"


def long(value: float) -> str:
    """A figure for a data file: six decimals at most, never with an exponent.

    Examples
    --------
    >>> long(0.5), long(9590000.0), long(-0.0000001)
    ('0.5', '9590000', '0')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def ledger_csv(rows: Iterable[LedgerRow]) -> str:
    """The rows as CSV; values of several parts stand with slashes between them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        figures = ["/".join(map(long, part)) for part in (row.simulated, row.low, row.high)]
        head = (row.id, row.quantity, row.group, row.kind, row.printed)
        writer.writerow((*head, *figures, row.role, row.agrees))
    return out.getvalue()


def write_ledger_csv(rows: Iterable[LedgerRow], path: str | Path) -> None:
    """Write the rows to a file, whole or not at all.

    Raises
    ------
    ScslabError
        The file cannot be written.
    """
    target = Path(path)
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        partial.write_text(ledger_csv(rows), encoding="utf-8", newline="")
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ScslabError(
            "the findings could not be written",
            where=str(target),
            got=error.strerror,
            hint="name another file with --csv",
        ) from error


def said_of(rows: Iterable[LedgerRow]) -> list[str]:
    """What the rows note, each note once with its findings."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for note in row.notes if row.low else ():
            found.setdefault(note, []).append(row.id)
    return [f"{', '.join(ids)}: {note}." for note, ids in found.items()]


def ledger_table(
    rows: Sequence[LedgerRow], *, source: str = "", synthetic: bool = True, n: int = 0
) -> ResultTable:
    """The ledger as a table of a report; `n` are the respondents of one simulation."""
    body = []
    for row in rows:
        if row.agrees != "cannot be produced":
            many = len(row.simulated) > 1
            figures: list[Cell] = [
                " / ".join(map(short, part)) if many else part[0]
                for part in (row.simulated, row.low, row.high)
            ]
            head = (row.id, row.quantity, row.group, row.printed)
            body.append(Row((*head, *figures, row.role, row.agrees)))
    notes = [RULE, *(count.says() for count in summary(rows))]
    for reason, found in reasons(rows).items():
        notes.append(f"Cannot be produced, {reason}: {ids_of(found)}.")
    notes += [f"{r.id} does not agree: {r.reason}" for r in rows if r.agrees == "no" and r.reason]
    notes += said_of(rows)
    return ResultTable(
        id="findings",
        title="Published findings beside the simulation",
        columns=(
            Column("id", "Finding"),
            Column("quantity", "Quantity"),
            Column("group", "Group"),
            Column("printed", "Printed"),
            Column("simulated", "Simulated", "number"),
            Column("low", "Low", "number"),
            Column("high", "High", "number"),
            Column("role", "Role"),
            Column("agrees", "Agrees"),
        ),
        rows=tuple(body),
        n=n,
        source=source,
        notes=tuple(notes),
        synthetic=synthetic,
    )
