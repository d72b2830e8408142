"""The ledger of a study: every published finding beside the study, over seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from scslab.evaluation.findings import Finding
from scslab.evaluation.ledger.agree import not_produced
from scslab.evaluation.ledger.compared import from_comparisons
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.plan import Item, ledger_rows
from scslab.evaluation.ledger.records import LedgerRow, Measured, NotProduced
from scslab.lab.simulate import simulate
from scslab.lab.waves.ledger import answered, items_of, ledger_of
from scslab.lab.waves.seeds import over_seeds
from scslab.study.read import StudyFile

Progress = Callable[[int, int], None]
Tell = Callable[[str], None]
NO_WAVE = "the study fields no questionnaire and compares no such figure"
NO_LEDGER = "no questionnaire of the study says how published figures are computed from it"


def ledger_over_seeds(
    file: StudyFile,
    wanted: Sequence[Finding],
    seeds: Sequence[int],
    persons: int | None,
    threads: int,
    progress: Progress | None,
    tell: Tell | None = None,
) -> list[LedgerRow]:
    """One row for each finding.

    A study without waves is run once, under the first seed: its counts are of the whole society.
    `tell` is called with what a reader should know first, once each.
    """
    if not file.study.waves:
        return of_counts(file, wanted, seeds[0], persons, threads)
    items: dict[str, list[Item]] = {}
    found: dict[str, list[dict[str, Measured]]] = {}
    ledgers: dict[str, LedgerFile | None] = {}
    told: set[str] = set()
    for results in over_seeds(file, seeds, persons, threads, progress):
        for name, result in results.items():
            for note in result.notes:
                if tell is not None and note not in told:
                    tell(f"wave {name}: {note}")
                told.add(note)
            if name not in ledgers:
                ledgers[name] = ledger_of(result.wave)
            ledger = ledgers[name]
            if ledger is None:
                continue
            if name not in items:
                items[name] = items_of(wanted, ledger, result)
            found.setdefault(name, []).append(answered(items[name], result))
    return first_produced(wanted, [ledger_rows(items[name], found[name]) for name in items])


def first_produced(
    wanted: Iterable[Finding], tables: Sequence[Sequence[LedgerRow]]
) -> list[LedgerRow]:
    """Of each finding the row of the first wave that produces it."""
    rows = []
    for place, finding in enumerate(wanted):
        mine = [table[place] for table in tables]
        produced = [row for row in mine if row.agrees != "cannot be produced"]
        rows.append((produced or mine or [not_produced(finding, NotProduced(NO_LEDGER))])[0])
    return rows


def of_counts(
    file: StudyFile, wanted: Sequence[Finding], seed: int, persons: int | None, threads: int
) -> list[LedgerRow]:
    """Rows of a study that compares counts of its own."""
    run = simulate(file, seed=seed, persons=persons, threads=threads)
    assert run.summary is not None
    known = {finding.id: finding for finding in wanted}
    rows = {row.id: row for row in from_comparisons(run.summary.comparisons, known)}
    return [rows.get(f.id) or not_produced(f, NotProduced(NO_WAVE)) for f in wanted]
