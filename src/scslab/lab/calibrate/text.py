"""What `scslab calibrate` prints: each target beside its simulation, each value with its error."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.lab.calibrate.store import CalibratedFile, FittedValue, TargetFit

SIGNS = {"equal": "", "at least": ">= ", "at most": "<= "}
FAR = 2.0


def told(file: CalibratedFile) -> str:
    """All that is printed of a calibrated file."""
    parts = [head(file)]
    if file.targets:
        parts.append(targets("Targets (fitted to)", file.targets))
    if file.held_out:
        parts.append(targets("Held out (not looked at)", file.held_out))
    parts.append(values(file.values))
    return "\n\n".join([*parts, *file.notes]) + "\n"


def head(file: CalibratedFile) -> str:
    """What was fitted, from what, and how well."""
    far = [t for t in file.targets if t.away is not None and abs(t.away) > FAR]
    lines = [
        f"{file.study}, wave {file.wave}: {len(file.values)} values fitted to "
        f"{len(file.targets)} findings, {len(file.held_out)} held out (synthetic)",
        f"{file.evaluations:,} simulations of {file.respondents:,} respondents in "
        f"{file.seconds:,.0f} s; ended: {file.stopped}",
        f"{len(file.targets) - len(far)} of {len(file.targets)} targets within "
        f"{FAR:g} standard errors of the printed value",
    ]
    blind = sum(not v.identified for v in file.values.values())
    if blind:
        lines.append(
            f"{blind} of {len(file.values)} values are not identified: the targets do not tell "
            "them, so nothing may rest on them"
        )
    return "\n".join(lines)


def targets(title: str, rows: Sequence[TargetFit]) -> str:
    """Printed and simulated figures, and how far off."""
    cells = [("finding", "what", "printed", "simulated", "error", "off")]
    for t in rows:
        what = f"{t.quantity}, {t.group}" if t.group else t.quantity
        printed = SIGNS[t.kind] + number(t.printed)
        away = "-" if t.away is None else f"{t.away + 0.0:+.1f}" if round(t.away, 1) else "0.0"
        cells.append((t.id, what, printed, number(t.simulated), number(t.error), away))
    return f"{title}\n{aligned(cells, left=2)}"


def values(rows: dict[str, FittedValue]) -> str:
    """Fitted values with where they started and their errors."""
    cells = [("value", "start", "fitted", "se", "range", "note")]
    for path, v in rows.items():
        low, high = v.between
        cells.append(
            (path, number(v.start), number(v.value), number(v.se), f"{low:g} to {high:g}",
             v.note or "")
        )  # fmt: skip
    return f"Values\n{aligned(cells, left=1, last_left=True)}"


def number(value: float | None) -> str:
    """A figure with at most four decimals, or a dash."""
    if value is None:
        return "-"
    return f"{round(value, 4) + 0.0:,.4f}".rstrip("0").rstrip(".")


def aligned(cells: Sequence[tuple[str, ...]], left: int, last_left: bool = False) -> str:
    """Rows in columns: the first `left` to the left, the others to the right."""
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = []
    for row in cells:
        parts = []
        for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
            to_left = i < left or (last_left and i == len(row) - 1)
            parts.append(cell.ljust(width) if to_left else cell.rjust(width))
        lines.append(("  " + "  ".join(parts)).rstrip())
    return "\n".join(lines)
