"""Numbers, tables and parts as drafts write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scslab.core.impact import Basis, MachinePart
from scslab.core.printed import Column, ResultTable, Row
from scslab.evaluation.impact.figures import Figures


def count(value: float) -> str:
    """A whole number with thousands commas.

    Examples
    --------
    >>> count(1234567.2)
    '1,234,567'
    """
    return f"{value:,.0f}"


def share(part: float, whole: float) -> str:
    """A share in percent, or that there is none.

    Examples
    --------
    >>> share(1, 8), share(0, 0)
    ('12.5%', 'none')
    """
    return f"{100 * part / whole:.1f}%" if whole else "none"


def plural(value: float, one: str, many: str = "") -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "entry", "entries"), plural(1200, "entry", "entries")
    ('1 entry', '1,200 entries')
    """
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def listed(items: Iterable[str]) -> str:
    """Items in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    found = list(items)
    return (
        found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""
    )


def one_line(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def title(name: str) -> str:
    """A key as a heading.

    Examples
    --------
    >>> title("fast_travel")
    'Fast travel'
    """
    said = name.replace("_", " ").replace("-", " ")
    return said[:1].upper() + said[1:]


def table(
    found: Figures,
    name: str,
    heading: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    n: int,
    unit: str = "",
    notes: Sequence[str] = (),
    synthetic: bool = True,
) -> ResultTable:
    """A table of a draft; its id is unique within the draft."""
    return ResultTable(
        id=f"{found.regime.id}-{name}",
        title=heading,
        columns=tuple(columns),
        rows=tuple(rows),
        n=n,
        source=found.source,
        unit=unit,
        notes=tuple(notes),
        synthetic=synthetic,
    )


def of_run(
    found: Figures, tables: str, n: str, *, text: str = "", interval: str = "", heading: str = ""
) -> MachinePart:
    """A paragraph filled from the run."""
    return MachinePart(Basis(tables, found.months, n, interval), heading, text)


def of_table(
    found: Figures, tables: str, one: ResultTable, n: str, interval: str = "", heading: str = ""
) -> MachinePart:
    """A table filled from the run."""
    return MachinePart(Basis(tables, found.months, n, interval), heading, "", one)


def of_rules(found: Figures, source: str, text: str, heading: str = "") -> MachinePart:
    """A paragraph filled from the regime file."""
    return MachinePart(Basis(f"regime file {found.regime.id}, {source}"), heading, text)
