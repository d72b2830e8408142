"""The commands `findings` and `calibrate`: text in, text out."""

from __future__ import annotations

import sys
from pathlib import Path

from scslab.cli.shown import Bar
from scslab.core.errors import ScslabError
from scslab.study.read import read_study


def findings_text(
    study: str,
    seeds: int,
    persons: int | None,
    file: Path | None,
    csv: Path | None,
    threads: int | None,
    quiet: bool,
) -> str:
    """The ledger of a study for the terminal; written as CSV as well where asked."""
    if csv is not None and not csv.parent.is_dir():
        raise ScslabError("no such folder", where="--csv", got=str(csv.parent))
    found = read_study(study)
    # Slow imports come after the first mistakes that can be seen.
    from scslab.api.findings import findings
    from scslab.evaluation.ledger.summary import ledger_text, write_ledger_csv

    notes: list[str] = []
    with Bar(quiet, "seed") as bar:
        rows = findings(
            found,
            seeds=seeds,
            persons=persons,
            file=file,
            threads=threads,
            progress=bar.step,
            tell=notes.append,
        )
    if csv is not None:
        write_ledger_csv(rows, csv)
    head = f"{found.study.title} (synthetic)\n\n"
    head += "".join(f"warning: {note}\n" for note in notes) + ("\n" if notes else "")
    return head + ledger_text(rows) + (f"\nfindings: {csv}\n" if csv is not None else "")


def calibrated_text(
    study: str,
    out: Path | None,
    journal: Path | None,
    restart: bool,
    seed: int,
    persons: int | None,
    draws: int,
    minutes: float,
    threads: int | None,
    quiet: bool,
) -> str:
    """Fit a study's wave, write the file of fitted values, and say what came out."""
    found = read_study(study)
    from scslab.api.findings import calibrate
    from scslab.lab.calibrate.text import told

    def tell(evaluations: int, cost: float) -> None:
        if not quiet:
            print(f"{evaluations} simulations, distance {cost:,.1f}", file=sys.stderr, flush=True)

    target, file = calibrate(
        found,
        out=out,
        journal=journal,
        restart=restart,
        seed=seed,
        persons=persons,
        draws=draws,
        minutes=minutes,
        threads=threads,
        tell=tell,
    )
    return f"{told(file)}\nvalues: {target}"
