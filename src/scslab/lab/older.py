"""Runs of an older version: which of them can still be counted from."""

from __future__ import annotations

from pathlib import Path

from scslab.core.errors import ScslabError
from scslab.core.ledger import version
from scslab.core.tables import FLOWS, STOCKS
from scslab.lab.run import Run


def check_counts(run: Run, folder: Path) -> None:
    """A run read from a folder has all the counts that this version keeps.

    Raises
    ------
    ScslabError
        An older version wrote it, and did not count everything; with the folder and the version.
    """
    missing = [name for name in (*FLOWS, *STOCKS) if name not in run.tallies.columns]
    if missing:
        raise ScslabError(
            "this run was written by an older version of scslab",
            where=str(folder),
            got=f"version {run.manifest['versions']['scslab']}; this is {version()}",
            why=f"it did not count {', '.join(missing[:4])}"
            + (f" and {len(missing) - 4} more" if missing[4:] else ""),
            hint="run the study again",
        )
