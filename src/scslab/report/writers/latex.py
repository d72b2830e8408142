r"""A result table as LaTeX, for the packages booktabs and array."""

from __future__ import annotations

import re

from scslab.core.printed import ResultTable
from scslab.report.texts import columns, wrapped
from scslab.report.writers.grid import Line, Printed, Shown, prepared

# Text columns beyond this many characters break into lines.
LONG = 34
HEAD = 13
MANY_COLUMNS = 5

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': r"{\char34}",
    # Read as options of the line break before them, or joined to a dash or a quotation mark.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "-": "-{}",
    "'": "'{}",
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": "--",
    "\N{NO-BREAK SPACE}": "~",
    "\N{INFINITY}": r"$\infty$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
}
_ANY = re.compile("|".join(map(re.escape, _SPECIAL)))


def latex_text(table: ResultTable, stars: bool = False) -> str:
    r"""A `table` environment without a preamble, to be read in by \\input.

    It needs the packages booktabs and array. Chinese text is left as it is: compile it with
    XeLaTeX or LuaLaTeX and a Chinese font (package ctex or xeCJK).

    Parameters
    ----------
    table : ResultTable
        The table; in its texts every character that LaTeX reads as a command is escaped.
    stars : bool
        Whether estimates get stars by their p values.

    Returns
    -------
    str
        The text of a .tex file.
    """
    ready = prepared(table, stars)
    label = re.sub(r"[^A-Za-z0-9:.-]+", "-", table.id).strip("-") or "table"
    title = f"{ready.title} (synthetic)" if ready.synthetic else ready.title
    lines = [
        "% Written by scslab. Needs the packages booktabs and array.",
        r"\begin{table}[htbp]",
        r"\centering",
        *([r"\small"] if len(ready.head) > MANY_COLUMNS else []),
        rf"\caption{{{escaped(title)}}}",
        rf"\label{{tab:{label}}}",
        rf"\begin{{tabular}}{{{_layout(ready)}}}",
        r"\toprule",
        " & ".join(map(_head, ready.head)) + r" \\",
        *_body(ready),
        r"\bottomrule",
        r"\end{tabular}",
        "",
        r"\smallskip",
        r"\begin{minipage}{0.95\linewidth}",
        r"\footnotesize\raggedright",
        *map(escaped, ready.notes),
        r"\end{minipage}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    r"""Text that LaTeX prints as it stands.

    Examples
    --------
    >>> print(escaped("50 % & more_or_less"))
    50 \% \& more\_or\_less
    >>> print(escaped("\\input{x}"))
    \textbackslash{}input\{x\}
    """
    return _ANY.sub(lambda found: _SPECIAL[found[0]], text)


def _layout(ready: Printed) -> str:
    """Column letters: right for numbers, a box that breaks lines for long text."""
    room = max(0.95 - 0.12 * sum(one.right for one in ready.head), 0.3)
    asked = [min(_widest(ready, place), 90.0) for place in range(len(ready.head))]
    texts = sum(wide for wide, one in zip(asked, ready.head, strict=True) if not one.right)
    found = []
    for wide, one in zip(asked, ready.head, strict=True):
        share = min(room * wide / texts, 0.6) if texts else 0.0
        box = rf">{{\raggedright\arraybackslash}}p{{{share:.2f}\linewidth}}"
        found.append("r" if one.right else box if wide > LONG else "l")
    return "".join(found)


def _widest(ready: Printed, place: int) -> float:
    cells = [line.cells[place].text for line in ready.lines if line.kind != "heading"]
    return max(map(columns, [ready.head[place].text, *cells]))


def _head(one: Shown) -> str:
    """A column's title, in several lines where it is long."""
    lines = wrapped(one.text, HEAD, 6).split("\n")
    if not one.right or len(lines) == 1:
        return escaped(one.text)
    broken = r" \\ ".join(map(escaped, lines))
    return rf"\shortstack[r]{{{broken}}}"


def _body(ready: Printed) -> list[str]:
    found = [r"\midrule"]
    names = iter(_names(ready))
    for place, group in enumerate(ready.groups):
        if place and group[0].kind == "heading":
            found.append(r"\addlinespace")
        elif place and group[0].kind == "foot":
            found.append(r"\midrule")
        found += [_row(line, ready, next(names)) for line in group]
    return found


def _names(ready: Printed) -> list[str]:
    """The first cell of every line: what a long name leaves over stands beside the brackets."""
    long = _widest(ready, 0) > LONG
    found: list[str] = []
    rest = ""
    for line in ready.lines:
        first = rest if line.span == 0 else line.cells[0].text
        rest = ""
        if line.span > 1 and long:
            first, _, rest = wrapped(first, LONG + 4, 99).partition("\n")
        found.append(first.replace("\n", " "))
    return found


def _row(line: Line, ready: Printed, name: str) -> str:
    if line.kind == "heading":
        return rf"\multicolumn{{{len(ready.head)}}}{{l}}{{\textit{{{escaped(name)}}}}} \\"
    cells = [_cell(cell, line, ready) for cell in line.cells[1:]]
    return " & ".join([escaped(name), *cells]) + r" \\"


def _cell(cell: Shown, line: Line, ready: Printed) -> str:
    text = escaped(cell.text)
    if line.kind == "beneath":
        return rf"{{\footnotesize {text}}}" if text else ""
    if not cell.right:
        return text
    # What hangs out at the right takes room in every row, so that digits stay beneath each other.
    if cell.stars:
        text += rf"\rlap{{\textsuperscript{{{cell.stars}}}}}"
    return text + (r"{\footnotesize\phantom{)}}" if ready.bracketed else "")
