"""The survey statistics beside R and statsmodels: ``python -m benchmarks.survey_statistics``.

Every measurement is a fresh process that reads its data, imports, does the work once on few rows,
and then times the work alone, several times where it is quick. Tools take turns. Results must
agree with scslab's, or the times mean nothing. Exits 1 where they do not, where a tool fails, or
where a goal is missed. ``--large`` adds the peers that take minutes; ``--write`` puts the table
into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.survey.measure import (
    ROOT,
    Place,
    Row,
    compare,
    launch,
    make_data,
    measure,
    missing_peers,
)
from benchmarks.survey.tasks import SMALL, TASKS, Runner

README = ROOT / "benchmarks" / "README.md"
MARKERS = ("<!-- survey -->", "<!-- /survey -->")
COLUMNS = ("work", "rows", "tool", "seconds", "times scslab", "peak MiB", "goal")


def first_of(row: Row, rows: Sequence[Row]) -> Row | None:
    """The row that a row's time is set against: its task's first."""
    for other in rows:
        if other.task is row.task and other.tool is row.task.tools[0]:
            return other if other.runs else None
    return None


def times_first(row: Row, rows: Sequence[Row]) -> float | None:
    """How many times as long as the first tool it takes; None without a first."""
    first = first_of(row, rows)
    return None if first is None else row.seconds / first.seconds


def goals(row: Row, rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """The goals of a row that was measured, and whether each is kept."""
    tool = row.tool
    found = []
    if tool.seconds is not None:
        found.append((f"under {tool.seconds:g} s", row.seconds < tool.seconds))
    if tool.memory is not None:
        words = f"under {tool.memory:g} times the data"
        found.append((words, row.peak_mib < tool.memory * row.data_mib))
    if tool.slower is not None:
        ratio = times_first(row, rows)
        found.append((f"{tool.slower:g} times", ratio is not None and ratio >= tool.slower))
    return found


def cells(row: Row, rows: Sequence[Row]) -> list[str]:
    """One line of the table."""
    head = [row.task.title, f"{row.task.rows:,}", row.tool.says]
    if not row.runs:
        return [*head, "failed", "", "", ""]
    ratio = times_first(row, rows)
    said = [f"{words}: {'kept' if kept else 'MISSED'}" for words, kept in goals(row, rows)]
    return [
        *head,
        f"{row.seconds:.3g}",
        "-" if ratio is None else f"{ratio:.3g}",
        f"{row.peak_mib:,.0f}",
        "; ".join(said),
    ]


def table(rows: Sequence[Row]) -> str:
    """The table, as aligned Markdown."""
    lines = [list(COLUMNS), *(cells(row, rows) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    right = (False, True, False, True, True, True, False)
    written = [
        [
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(line, widths, right, strict=True)
        ]
        for line in lines
    ]
    rule = ["-" * (width - flush) + ":" * flush for width, flush in zip(widths, right, strict=True)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [written[0], rule, *written[1:]])


def agreement_lines(rows: Sequence[Row]) -> list[str]:
    """What was compared, with the largest difference."""
    return [
        f"- {row.name}: "
        + "; ".join(
            f"{a.what} {a.difference:.1e} (limit {a.limit:.0e}{'' if a.kept else ', MISSED'})"
            for a in row.agreements
        )
        for row in rows
        if row.agreements
    ]


def memory_lines(rows: Sequence[Row]) -> list[str]:
    """How the memory of a fit compares with its data."""
    return [
        f"Memory of {row.tool.says} at {row.task.rows:,} rows: peak of the whole process "
        f"{row.peak_mib:,.0f} MiB, {row.peak_mib / row.data_mib:.2f} times its data "
        f"({row.tool.columns} columns of 8 bytes: {row.data_mib:,.0f} MiB); "
        f"{row.peak_mib - row.idle_mib:,.0f} MiB above a process that has imported, loaded and "
        f"fitted {SMALL:,} rows ({row.idle_mib:,.0f} MiB)."
        for row in rows
        if row.tool.memory and row.runs and row.idle_mib
    ]


def verdict(rows: Sequence[Row], left_out: Sequence[str]) -> tuple[list[str], bool]:
    """What was kept, missed, failed, and not judged; and whether all is well."""
    judged = [
        (row.name, words, kept) for row in rows if row.runs for words, kept in goals(row, rows)
    ]
    missed = [f"{name}: {words}" for name, words, kept in judged if not kept]
    apart = [row.name for row in rows if not all(a.kept for a in row.agreements)]
    failed = [f"{row.name}: {row.failed}" for row in rows if row.failed]
    said = [f"{len(judged) - len(missed)} of {len(judged)} goals kept."]
    said += [f"Goal missed: {one}." for one in missed]
    said += [f"Results disagree: {one}." for one in apart]
    said += [f"Failed: {one}." for one in failed]
    said += [f"Goal not judged: {one}." for one in left_out]
    return said, not (missed or apart or failed)


def machine(missing: Mapping[Runner, str], svy_python: str) -> list[str]:
    """The processor, its load, and the versions that matter."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        named = [
            line.partition(":")[2].strip()
            for line in described.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        model = named[0] if named else model
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = (
        "from importlib.metadata import version as v; print(*[f'{p} {v(p)}' for p in %r], sep=', ')"
    )
    packages = ["numpy", "scipy", "pandas"]
    packages += [] if "statsmodels" in missing else ["statsmodels"]
    versions = [
        f"Python {platform.python_version()}",
        launch([sys.executable, "-c", python % (packages,)])[0].strip(),
    ]
    if "R" not in missing:
        asked = (
            'cat(R.version$major, ".", R.version$minor, ", survey ", '
            'as.character(packageVersion("survey")), ", ", '
            'basename(extSoftVersion()[["BLAS"]]), sep = "")'
        )
        versions.append("R " + launch(["Rscript", "--vanilla", "-e", asked])[0].strip())
    if "svy" not in missing:
        versions.append(launch([svy_python, "-c", python % (["svy"],)])[0].strip())
    load = f"; load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return [f"Machine: {model}, {cores} cores{load}; {platform.system()}; {'; '.join(versions)}."]


def notes(repeats: int) -> list[str]:
    """How the table came about."""
    return [
        f"Quick tools: {repeats} fresh processes (at most 2 at a million rows), each with several "
        f"times after an untimed one on {SMALL:,} rows; medians, and the highest peak of a whole "
        "process. Slow ones: one process, one time. *times scslab* is to the first line of the "
        "same work, within this run. Threads are those that each tool takes by itself.",
        "Weights, 7 strata, 20 columns, an outcome of five categories. statsmodels takes no "
        "weights and is compared with an unweighted fit. R's 50 bootstrap replicates are scslab's "
        "first 50, its time is multiplied by ten. Raking: from equal weights to equal shares, each "
        "met to 1e-8; R has no cap inside raking.",
    ]


def write(text: str) -> None:
    """Put the text between the markers of the README.

    Raises
    ------
    SystemExit
        There are no markers.
    """
    page = README.read_text(encoding="utf-8")
    before, opening, rest = page.partition(MARKERS[0])
    _, closing, after = rest.partition(MARKERS[1])
    if not opening or not closing:
        raise SystemExit(f"{README} lacks {' ... '.join(MARKERS)}")
    README.write_text(f"{before}{opening}\n{text}\n{closing}{after}", encoding="utf-8")


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.survey_statistics", description=__doc__.partition("\n")[0]
    )
    parser.add_argument(
        "--large", action="store_true", help="also the peers that take minutes (10 in all)"
    )
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="work whose title has this in it")
    parser.add_argument("--svy", default="", metavar="PYTHON", help="an interpreter that has svy")
    asked = parser.parse_args(words)
    if asked.repeats < 1:
        parser.error("repeats must be at least 1")
    if asked.write and asked.only:
        parser.error("--write needs the whole run")
    return asked


def main(words: Sequence[str] | None = None) -> int:
    """Measure, compare, print; 0 if all goals that could be judged are kept, else 1."""
    asked = arguments(words)
    started = time.perf_counter()
    missing = missing_peers(asked.svy)
    for line in missing.values():
        print(line, file=sys.stderr)
    header = machine(missing, asked.svy)
    rows, left_out = [], []
    for task in TASKS:
        for tool in task.tools:
            row = Row(task, tool)
            if asked.only not in task.title:
                continue
            if tool.runner in missing or (tool.large and not asked.large):
                if tool.slower is not None:
                    left_out.append(f"{row.name}: {tool.slower:g} times")
            else:
                rows.append(row)
    if not rows:
        print(f'nothing is called "{asked.only}"', file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), asked.svy)
        make_data(place.folder, sorted({row.task.rows for row in rows} | {SMALL}))
        measure(rows, place, asked.repeats)
        compare(rows, place)
    said, well = verdict(rows, left_out)
    absent = [line + "." for runner, line in missing.items() if runner != "svy"]
    parts = [table(rows), *header, *notes(asked.repeats), *absent, *memory_lines(rows)]
    agreed = agreement_lines(rows)
    if agreed:
        parts.append("Largest differences from scslab's results:\n\n" + "\n".join(agreed))
    parts.append("\n".join(said))
    text = "\n\n".join(parts)
    print(text)
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    if asked.write:
        write(text)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
