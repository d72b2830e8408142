"""The command `compare`: safeguards beside each other, with the same luck."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scslab.core.trial import DifferenceLine, QuantityLine, TrialSummary


def compare(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY", help="A study file or folder, or the name of a shipped study."
        ),
    ],
    safeguard: Annotated[
        list[str] | None,
        typer.Option(help="none, notice, notice+help; once for each side. The first is the base."),
    ] = None,
    seeds: Annotated[int, typer.Option(help="How many seeds, from 1 on; at least 2.")] = 20,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Split by an attribute, or residence+sex; once for each split."),
    ] = None,
    quantity: Annotated[
        str, typer.Option(help="By which safeguards are ranked.")
    ] = "wrongful_months",
    persons: Annotated[
        int | None, typer.Option(help="Simulated persons instead of the study's.")
    ] = None,
    months: Annotated[int | None, typer.Option(help="Only the first months.")] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1, help="Runs at once, by default one a processor; no result depends on it."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder, new or empty; by default runs/compare-STUDY."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Compare safeguards over the same seeds: harm, errors and benefits, with intervals."""
    from scslab.study.read import read_study

    file = read_study(study)
    # Slow imports come after the first mistakes that can be seen.
    from scslab.api.trials import compare as compare_safeguards
    from scslab.cli.shown import Bar
    from scslab.lab.compare.compose import check_asked

    folder = out if out is not None else new_folder(file.study.id)
    sizes = {"persons": persons, "months": months, "threads": threads}
    check_asked(file, safeguard or (), seeds, quantity, by, folder, **sizes)
    with Bar(quiet, "run") as bar:
        trial = compare_safeguards(
            file,
            safeguards=safeguard or (),
            seeds=seeds,
            persons=persons,
            months=months,
            threads=threads,
            by=by,
            quantity=quantity,
            out=folder,
            progress=bar.step,
        )
    typer.echo(text_of(trial.summary))
    typer.echo(f"\ncomparison: {folder}\nreport:     {folder / 'report.html'}")


def new_folder(study: str) -> Path:
    """A new folder under `runs/` for a comparison."""
    folder, number = Path("runs") / f"compare-{study}", 2
    while folder.exists():
        folder = Path("runs") / f"compare-{study}-{number}"
        number += 1
    return folder


def text_of(summary: TrialSummary) -> str:
    """The main figures of a comparison in a few lines."""
    labels = [arm.label for arm in summary.arms]
    lines = {line.name: line for line in summary.quantities}
    head = [
        f"{summary.title} (synthetic)",
        "; ".join(f"{name.lower()} {value}" for name, value in summary.facts),
        *(f"warning: {one}" for one in summary.warnings),
        "",
    ]
    rows = [(f"difference to {labels[0]}", f"{labels[0]}", *labels[1:])]
    found = {(row.quantity, row.arm): row for row in summary.differences}
    for name in summary.main:
        own = [found[name, label] for label in labels[1:]]
        if name != summary.ranked and not any(row.difference for row in own):
            continue
        cells = [difference(row, lines[name]) for row in own]
        rows.append((f"{name} ({unit(lines[name])})", figure(own[0].first, lines[name]), *cells))
    return "\n".join([*head, *aligned(rows), "", *ranking(summary), *saved(summary)])


def unit(line: QuantityLine) -> str:
    """A unit in a few letters."""
    return "%" if line.unit == "share" else line.unit


def figure(value: float, line: QuantityLine, size: float | None = None) -> str:
    """A figure in its unit, with decimals for a size, by default its own.

    Examples
    --------
    >>> from scslab.core.trial import QuantityLine
    >>> share = QuantityLine("s", "", "error", "share", "less", "rate")
    >>> figure(0.1234, share), figure(0.1234, share, 0.001), figure(float("nan"), share)
    ('12.3', '12.340', '-')
    """
    if not math.isfinite(value):
        return "-"
    times = 100 if line.unit == "share" else 1
    size = times * abs(value if size is None else size)
    digits = 0 if size >= 1000 else 1 if size >= 1 or size == 0 else 3 if size >= 0.01 else 5
    return f"{times * value:,.{digits}f}"


def difference(row: DifferenceLine, line: QuantityLine) -> str:
    """A difference with its interval; exactly zero is said so."""
    if row.low == row.high == 0:
        return "0 exactly"
    if not math.isfinite(row.difference):
        return "-"
    size = max(abs(row.low), abs(row.high))
    return "{} ({} to {})".format(
        *(signed(figure(v, line, size)) for v in (row.difference, row.low, row.high))
    )


def signed(said: str) -> str:
    """A figure with its sign."""
    return said if said.startswith("-") else f"+{said}"


def ranking(summary: TrialSummary) -> list[str]:
    """The ranking in a line."""
    if not all(math.isfinite(row.place) for row in summary.ranking):
        return []
    placed = (f"{row.place:g}. {row.arm} (first in {row.best:.0%})" for row in summary.ranking)
    return [f"ranking by {summary.ranked}: {'; '.join(placed)}"]


def saved(summary: TrialSummary) -> list[str]:
    """What pairing saves, in a line."""
    found = [
        f"{row.arm} {row.saves:,.0f}"
        for row in summary.differences
        if row.quantity == summary.ranked and row.saves is not None and math.isfinite(row.saves)
    ]
    if not found:
        return []
    return [f"the same luck saves seeds, so many times fewer than unpaired: {', '.join(found)}"]


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as columns; all but the first stand right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(w) if i else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
