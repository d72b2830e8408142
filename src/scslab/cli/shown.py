"""What the command line shows: progress, short tables."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scslab.core.results import RunSummary
    from scslab.lab.pipeline import Stage
    from scslab.study.read import StudyFile


class Bar:
    """Progress on standard error: a bar with the time left on a terminal, else plain lines."""

    def __init__(self, quiet: bool, unit: str = "month") -> None:
        self.quiet = quiet
        self.unit = unit
        self.terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.started = 0.0
        self.shown = 0.0

    def __enter__(self) -> Bar:
        """Say that the work has begun."""
        if not self.quiet:
            from scslab.core.compiled import FIRST_USE

            note = "building the society and loading the rules"
            if FIRST_USE:
                note += "; the first run compiles for about a minute"
            print(
                note if not self.terminal else f"\r{note} ...",
                end="" if self.terminal else "\n",
                file=sys.stderr,
                flush=True,
            )
        return self

    def step(self, done: int, total: int) -> None:
        """Show that some months (or seeds) of all are done."""
        now = time.monotonic()
        if done == 1:
            self.started = now
        if self.quiet or (done < total and now - self.shown < (0.1 if self.terminal else 5)):
            return
        self.shown = now
        left = (now - self.started) / max(done - 1, 1) * (total - done)
        if not self.terminal:
            print(f"{self.unit} {done} of {total}", file=sys.stderr, flush=True)
            return
        filled = "#" * (30 * done // total)
        print(
            f"\r\033[K{self.unit} {done:>3} of {total} [{filled:<30}] {left:3.0f} s left",
            end="",
            file=sys.stderr,
            flush=True,
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal's line clean."""
        if self.terminal and not self.quiet:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def columns(rows: dict[str, str]) -> str:
    """Names and texts in two columns."""
    width = max(len(name) for name in rows)
    return "\n".join(f"  {name:<{width}}  {text}" for name, text in rows.items())


def number(value: float, kind: str) -> str:
    """A figure as a reader writes it."""
    return f"{value:.1%}" if kind == "share" else f"{value:,.0f}"


def short_table(summary: RunSummary) -> str:
    """The main figures of a run in a few lines."""
    lines = [
        f"{summary.title} (synthetic)",
        f"{summary.persons:,} simulated persons for {summary.stands_for:,.0f} real ones; "
        f"{summary.first_month} to {summary.last_month}; seed {summary.seed}",
        "",
    ]
    for series in (x for x in summary.lists if sum(x.entries) or len(summary.lists) < 4):
        lines.append(
            f"{series.regime}: {sum(series.entries):,} entries "
            f"({sum(series.wrongful_entries):,} wrongful), {sum(series.exits):,} exits, "
            f"{series.listed[-1]:,} listed at the end ({series.wrongful_listed[-1]:,} wrongly)"
        )
    for scores in summary.grades:
        if scores.months[-1] == summary.last_month:
            mean = round(scores.mean_score[-1], 1) + 0.0  # no minus before a nought
            lines.append(
                f"{scores.regime}: {scores.scored[-1]:,} scored at the end, mean score {mean:,.1f}"
            )
    for survey in summary.surveys:
        lines.append(
            f"survey {survey.id}: {survey.measured:.1%} approve (weighted, {survey.n:,} simulated "
            f"respondents); the truth is {survey.true_value:.1%}"
        )
    for wave in summary.waves:
        for line in wave.headlines:
            lines.append(
                f"wave {wave.id}: {line.measured:.1%} {line.says} (weighted, {wave.n:,} simulated "
                f"respondents); the truth is {line.truth:.1%}"
            )
        if wave.compared:
            lines.append(
                f"wave {wave.id}: {wave.agree} of {wave.compared} findings are as printed in this "
                "wave (scslab findings judges over seeds)"
            )
    if summary.comparisons:
        rows: list[tuple[str, ...]] = [
            ("finding", "published", "simulated", "ratio", "role", "what")
        ]
        rows += [
            (
                c.finding,
                number(c.published, c.kind),
                number(c.simulated, c.kind),
                f"{c.simulated / c.published:.2f}" if c.published else "-",
                c.role,
                f"{c.quantity}, {c.group}",
            )
            for c in summary.comparisons
        ]
        lines += ["", *aligned(rows)]
    lines += [*inspection_lines(summary), *event_lines(summary), *variant_lines(summary)]
    lines += [f"warning: {w}" for w in summary.warnings]
    return "\n".join(lines)


def inspection_lines(summary: RunSummary) -> list[str]:
    """What visits found in the study itself."""
    return [
        f"{row.regime}: {row.visits:,.0f} visits expected, {row.found:,} breaches found"
        for row in summary.inspections
        if row.grade == "all" and row.variant == summary.inspections[0].variant
    ]


def event_lines(summary: RunSummary) -> list[str]:
    """What oversight stopped in the study itself."""
    return [
        f"stopped from {row.month}: {row.regime}, {row.what}"
        for row in summary.events
        if row.variant == "as it stands"
    ]


def variant_lines(summary: RunSummary) -> list[str]:
    """The study beside its variants: figures of all systems, and yields of visits, that differ."""
    rows = [
        row
        for row in summary.variant_rows
        if (not row.regime or row.figure.startswith("breaches found")) and len(set(row.values)) > 1
    ]
    if not rows:
        return []
    table = [("same luck", "as it stands", *(name for name, _ in summary.variants))]
    table += [
        (row.figure, *("-" if v is None else f"{v:,.0f}" for v in row.values)) for row in rows
    ]
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    return [
        "",
        *(
            "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(line, widths, strict=True))
            )
            for line in table
        ),
    ]


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as columns; all but the first, fifth and last are numbers and stand right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(w) if 0 < i < 4 else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def plan_text(file: StudyFile, stages: list[Stage], after: list[Stage]) -> str:
    """The order of a month for a study."""
    study = file.study
    lines = [
        f"{study.title}: {study.period.from_} to {study.period.to}, {len(file.months)} months",
        f"acts: {', '.join(study.conduct)}",
        f"agencies: {', '.join(study.agencies)}",
        f"regimes: {', '.join(u.use for u in study.regimes)}",
        "",
        "each month, in each shard of the society:",
    ]
    for i, stage in enumerate(stages, 1):
        lines += stage_lines(i, stage)
    lines.append("when all shards have finished the month:")
    for i, stage in enumerate(after, len(stages) + 1):
        lines += stage_lines(i, stage)
    for survey in study.surveys:
        lines.append(
            f"at the end of {survey.month}: survey {survey.id} ({survey.respondents:,} respondents)"
        )
    return "\n".join(lines)


def stage_lines(number: int, stage: Stage) -> list[str]:
    """One stage in three lines."""
    return [
        f"  {number}. {stage.name} ({stage.room}): {stage.does}",
        f"     reads  {', '.join(stage.reads)}",
        f"     writes {', '.join(stage.writes)}",
    ]
