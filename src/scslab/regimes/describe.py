"""A regime in words, with the source behind each value."""

from __future__ import annotations

import textwrap

from scslab.core.calendar import day
from scslab.core.cards import RowLine, RuleLine
from scslab.core.values import Source
from scslab.regimes.judge import check_day
from scslab.regimes.model import Regime
from scslab.regimes.telling import tell

WIDTH = 100


def describe(regime: Regime, when: str | None = None) -> str:
    """The rules in plain text.

    Parameters
    ----------
    when : str, optional
        A day: only the rows in force on it; all rows otherwise.

    Raises
    ------
    ScslabError
        The day is no day, or not covered by the file.
    """
    if when is not None:
        check_day(regime, day(when, "--on"))
    lines = head(regime, when)
    for part in tell(regime, when):
        lines += section(
            part.title, [text for line in part.lines for text in line_text(line, when)]
        )
    left = [f"{x.what} - {x.why} Effect: {x.effect}" for x in regime.not_modelled]
    lines += section("Not modelled", [text for one in left for text in item(one)])
    sources = [source_text(key, source) for key, source in regime.sources.items()]
    lines += section("Sources", [text for one in sources for text in item(one)])
    return "\n".join(lines)


def head(regime: Regime, when: str | None) -> list[str]:
    """Name, kind, operator, days and what it is."""
    chinese = f" ({regime.name_zh})" if regime.name_zh else ""
    on_day = f"; rules in force on {when}" if when else ""
    return [
        regime.name,
        "=" * len(regime.name),
        *wrapped(f"{regime.id}{chinese}, {regime.kind}; operated by {regime.operator}"),
        f"covers {regime.covers.from_} to {regime.covers.to or 'today'}; {regime.status}, "
        f"reviewed {regime.reviewed}{on_day}",
        "",
        *wrapped(regime.about),
    ]


def section(title: str, lines: list[str]) -> list[str]:
    """A titled part, or nothing where it is empty."""
    return ["", title, "-" * len(title), *lines] if lines else []


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Text in lines of at most 100 columns; a web address is never cut."""
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def item(text: str) -> list[str]:
    """One item of a list."""
    return wrapped(text, "- ", "  ")


def line_text(line: RuleLine, when: str | None) -> list[str]:
    """One rule, and below it each of its rows."""
    first = "  " if line.under else ""
    says = f"{line.name}: {line.says}" if line.name else line.says
    found = wrapped(says, first, first + "  ")
    for row in line.rows:
        found += wrapped(row_text(row, when), first + "    ", first + "      ")
    return found


def row_text(row: RowLine, when: str | None = None) -> str:
    """One row with its source; an assumption with its range."""
    first = row.since + (" (day assumed)" if row.day_assumed else "")
    value = f"from {first}: {row.value}" if when is None else f"{row.value}, since {first}"
    note = f" - {row.note}" if row.note else ""
    return f"{value} [{source_words(row)}]{note}"


def source_words(row: RowLine) -> str:
    """The source of a row and the place in it; of an assumption the range."""
    if row.basis == "assumed":
        place = f", {row.at}" if row.at else ""
        return f"assumed: {row.source}{place}" + (f", {row.between}" if row.between else "")
    between = f"; {row.between}" if row.between else ""
    return f"{row.source}, {row.at}{between}"


def source_text(key: str, source: Source) -> str:
    """One source: what it is, its number and day, what of it was read, and why it is assumed."""
    facts = [source.kind, source.number, source.date]
    text = f"{key}: {source.title} ({', '.join(fact for fact in facts if fact)})"
    if source.because:
        text += f" - assumed because: {source.because}"
    if source.read:
        text += f"; read: {source.read}"
    if source.note:
        text += f" - {source.note}"
    return text + (f" {source.href}" if source.href else "")
