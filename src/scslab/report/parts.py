"""What a report is made of: sections holding paragraphs, figures, tables and sources."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from scslab.core.results import SourceLine
from scslab.report import vega


@dataclass(frozen=True)
class Group:
    """Rows of a table under one heading."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Table:
    """A captioned table; the first cell of each row is its header.

    `head` ends a name with `#` where the column holds numbers (set right). A row of one cell is
    the heading of the rows after it. A line break in a cell starts a smaller second line.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    synthetic: bool = True

    @property
    def groups(self) -> tuple[Group, ...]:
        """Rows under their headings; without headings one group without a name."""
        found: list[tuple[str, list[tuple[str, ...]]]] = [("", [])]
        for row in self.rows:
            if len(row) == 1 < len(self.head):
                found.append((row[0], []))
            else:
                found[-1][1].append(row)
        return tuple(Group(name, tuple(rows)) for name, rows in found if rows)

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Column names, each with whether its cells are numbers."""
        return tuple((name.removesuffix("#"), name.endswith("#")) for name in self.head)


@dataclass(frozen=True)
class Figure:
    """A figure in two widths (page and phone) with its caption and its numbers."""

    title: str
    unit: str
    n: str
    wide: str
    narrow: str
    note: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Block:
    """One thing in a section; exactly one of the fields is filled."""

    text: str = ""
    heading: str = ""
    figure: Figure | None = None
    table: Table | None = None
    sources: tuple[SourceLine, ...] = ()
    code: str = ""
    link: tuple[str, str] = ("", "")  # where to, and its words


@dataclass(frozen=True)
class Section:
    """A numbered section of the report; `id` is its link target."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def figure(
    draw: Callable[[int], str],
    *,
    title: str,
    unit: str,
    n: str,
    note: str = "",
    table: Table | None = None,
) -> Block:
    """Draw a figure for the page and for the phone."""
    # The renderer works outside the interpreter's lock: two widths take the time of one.
    with ThreadPoolExecutor(2) as pool:
        wide, narrow = pool.map(draw, (vega.WIDE, vega.NARROW))
    return Block(figure=Figure(title, unit, n, wide, narrow, note, table))


def text(words: str) -> Block:
    """A paragraph."""
    return Block(text=words)


def link(href: str, words: str) -> Block:
    """A paragraph that leads to another file of the run."""
    return Block(link=(href, words))


def table(one: Table) -> Block:
    """A table that stands in the text."""
    return Block(table=one)
