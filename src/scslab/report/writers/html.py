"""A result table as a web page of its own."""

from __future__ import annotations

from scslab.core.printed import ResultTable
from scslab.report.templates import fill
from scslab.report.writers.grid import prepared


def html_text(table: ResultTable, stars: bool = False) -> str:
    """A page that holds one table with its notes and its code, and needs nothing else.

    Parameters
    ----------
    table : ResultTable
        The table; every text of it is escaped.
    stars : bool
        Whether estimates get stars by their p values.

    Returns
    -------
    str
        HTML without scripts; its rules forbid the browser to load anything.
    """
    return fill("table.html", "page.css", "analysis.css", table=prepared(table, stars))
