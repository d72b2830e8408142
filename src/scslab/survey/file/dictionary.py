"""The data dictionary of answers: as a table, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
import json

from scslab.core.printed import Cell, Column, ResultTable, Row, Suppressed
from scslab.survey.answers import Answers, plain
from scslab.survey.file.codebook import codebook_csv, codebook_json
from scslab.survey.file.counts import FEWEST, Count, counts

_COLUMNS = (
    Column("variable", "Variable"),
    Column("label", "Label"),
    Column("kind", "Kind"),
    Column("measure", "Measure"),
    Column("value", "Value"),
    Column("value_label", "Value label"),
    Column("missing", "Missing because"),
    Column("n", "n", "count"),
)


def dictionary_table(answers: Answers) -> ResultTable:
    """The data dictionary as a table: a row a variable with its valid n, beneath it its codes.

    Counts of 1 to 4 are left out. Values without a label are not listed.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.survey.answers import Variable
    >>> answers = Answers(pd.DataFrame({"x": [1] * 5}), {"x": Variable("x", labels={1: "yes"})})
    >>> [row.cells[-1] for row in dictionary_table(answers).rows]
    [5, 5]
    """
    rows = []
    for name, variable in answers.variables.items():
        found = counts(answers, name)
        head: tuple[Cell, ...] = (name, variable.says, variable.kind, variable.measure)
        rows.append(Row((*head, "", "", "", found.valid)))
        for value in found.values:
            cells: tuple[Cell, ...] = (
                plain(value.code),
                value.label,
                value.reason or "",
                value.n,
            )
            rows.append(Row(("", "", "", "", *cells)))
        if found.blank:
            rows.append(Row(("", "", "", "", "", "", "blank", found.blank)))
    return ResultTable(
        id="dictionary",
        title="Data dictionary",
        columns=_COLUMNS,
        rows=tuple(rows),
        n=answers.n,
        source=answers.source,
        unit="respondents, unweighted",
        notes=(f"Counts of 1 to {FEWEST - 1} are not shown.",),
        synthetic=answers.synthetic,
    )


def dictionary_json(answers: Answers) -> str:
    """The codebook as JSON, with n for every variable and code (null where it is not shown)."""
    book = json.loads(codebook_json(answers))
    book["n"] = answers.n
    for entry in book["variables"]:
        found = counts(answers, entry["name"])
        entry |= {"n": _shown(found.valid), "n_blank": found.blank}
        ns = {value.code: _shown(value.n) for value in found.values}
        for missing in entry.get("missing", []):
            missing["n"] = ns[missing["code"]]
        if "labels" in entry:
            entry["n_labels"] = [ns[code] for code, _ in entry["labels"]]
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def dictionary_csv(answers: Answers) -> str:
    """The codebook as CSV, one row a value, with a last column n (empty where it is not shown)."""
    rows = list(csv.reader(io.StringIO(codebook_csv(answers))))
    ns = {
        (name, plain(value.code)): value.n
        for name in answers.variables
        for value in counts(answers, name).values
    }
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*rows[0], "n"])
    for row in rows[1:]:
        n = ns.get((row[0], row[2]))
        if n is None and row[0] and not row[2]:
            n = counts(answers, row[0]).valid
        writer.writerow([*row, "" if n is None or isinstance(n, Suppressed) else n])
    return out.getvalue()


def _shown(count: Count) -> int | None:
    return None if isinstance(count, Suppressed) else count
