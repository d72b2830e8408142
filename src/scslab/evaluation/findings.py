"""Published findings, and how to set a simulated figure beside one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import read_text

KINDS = ("share", "mean", "count", "log-odds", "sign", "distribution")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\Z")


@dataclass(frozen=True)
class Finding:
    """One published number or sign with its source."""

    id: str
    source: str
    quantity: str
    group: str
    kind: str
    value: str
    n: str
    note: str

    @property
    def number(self) -> float:
        """The published number.

        Raises
        ------
        ScslabError
            The finding is a sign or a distribution.
        """
        try:
            return float(self.value)
        except ValueError as error:
            raise ScslabError(f"finding {self.id} is no single number", got=self.value) from error

    def part(self, place: int | None) -> float:
        """The published number, or a part of a published distribution, counted from 1.

        Raises
        ------
        ScslabError
            No number, or no such part.
        """
        if place is None:
            return self.number
        parts = self.value.split("/")
        if len(parts) == 1:
            raise ScslabError(
                f"finding {self.id} is no distribution, so it has no part {place}", got=self.value
            )
        if not 1 <= place <= len(parts):
            raise ScslabError(
                f"finding {self.id} has no part {place}",
                got=self.value,
                expected=f"1 to {len(parts)}",
            )
        return float(parts[place - 1])


@cache
def findings() -> dict[str, Finding]:
    """All published findings that come with the package, by id."""
    with Path(__file__).with_name("findings.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: Finding(**row) for row in csv.DictReader(file)}


def finding(name: str, where: str = "") -> Finding:
    """A finding by its id.

    Raises
    ------
    ScslabError
        No such finding, with the nearest id.
    """
    if name not in findings():
        raise ScslabError(f'no finding "{name}"', where=where, hint=near(name, findings()))
    return findings()[name]


def read_findings(path: str | Path) -> dict[str, Finding]:
    """Findings of a file, by id: comma-separated, with the columns of the package's own.

    Parameters
    ----------
    path : str or Path
        With the columns id, source, quantity, group, kind, value, n and note in any order; others
        are not read. Shares are numbers from 0 to 1, signs "+", "-" or "0", the parts of a
        distribution stand with slashes between them; n may be empty.

    Raises
    ------
    ScslabError
        A missing column, an id written twice, an unknown kind, a value or n that does not fit;
        with the line.
    """
    name = str(path)
    text = read_text(Path(path)).removeprefix("\ufeff")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    check_header(reader.fieldnames, name)
    found: dict[str, Finding] = {}
    lines: dict[str, int] = {}
    for row in rows_of(reader, name):
        where = f"{name}:{reader.line_num}"
        one = finding_of(row, where)
        if one.id in found:
            raise ScslabError(
                f'finding "{one.id}" is written twice (first at line {lines[one.id]})', where=where
            )
        found[one.id], lines[one.id] = one, reader.line_num
    if not found:
        raise ScslabError("the file has no findings", where=name)
    return found


def rows_of(reader: csv.DictReader[str], name: str) -> Iterator[dict[str, str]]:
    """The rows that are not blank.

    Raises
    ------
    ScslabError
        A row that the header does not fit, or text that is no CSV.
    """
    try:
        for row in reader:
            values = [v for v in row.values() if v]
            if not values:
                continue
            where = f"{name}:{reader.line_num}"
            if None in row:
                raise ScslabError(
                    "a row has more cells than the header",
                    where=where,
                    hint="put a text with a comma in double quotes",
                )
            if None in row.values():
                raise ScslabError("a row has fewer cells than the header", where=where)
            yield row
    except csv.Error as error:
        raise ScslabError("this is not CSV", where=name, got=str(error)) from error


def check_header(names: object, where: str) -> None:
    """The columns that a file of findings must have.

    Raises
    ------
    ScslabError
        One is missing or stands twice.
    """
    columns = [str(n).strip() for n in names] if isinstance(names, list | tuple) else []
    wanted = [f.name for f in fields(Finding)]
    for one in wanted:
        if columns.count(one) != 1:
            raise ScslabError(
                f'column "{one}" ' + ("stands twice" if one in columns else "is missing"),
                where=f"{where}:1",
                got=", ".join(columns) or "nothing",
                expected=",".join(wanted),
                hint="separate the columns by commas" if len(columns) == 1 else "",
            )


def finding_of(row: dict[str, str], where: str) -> Finding:
    """A finding of one row.

    Raises
    ------
    ScslabError
        A value that does not fit its kind.
    """
    cells = {key.strip(): value.strip() for key, value in row.items()}
    cells["value"] = cells["value"].replace("\N{MINUS SIGN}", "-")
    one = Finding(**{f.name: cells[f.name] for f in fields(Finding)})
    if not one.id or not one.quantity:
        raise ScslabError("a finding needs an id and a quantity", where=where)
    if one.kind not in KINDS:
        raise ScslabError(
            f'unknown kind "{one.kind}"',
            where=where,
            expected=", ".join(KINDS),
            hint=near(one.kind, KINDS),
        )
    if one.n and not (one.n.isdigit() and int(one.n) > 0):
        raise ScslabError(
            "n is a whole number of respondents, or empty",
            where=where,
            got=one.n,
            hint=comma_hint(one.n, "count"),
        )
    if one.kind == "sign":
        if one.value not in ("+", "-", "0"):
            raise ScslabError("a sign is +, - or 0", where=where, got=one.value)
        return one
    parts = one.value.split("/") if one.kind == "distribution" else [one.value]
    for part in parts:
        if not NUMBER.match(part.strip()):
            raise ScslabError(
                f"this is no number of the kind {one.kind}",
                where=where,
                got=one.value or "nothing",
                hint="write a share as 0.80" if "%" in part else comma_hint(part, one.kind),
            )
        if one.kind in ("share", "distribution") and abs(float(part)) > 1:
            raise ScslabError(
                "a share lies between 0 and 1 (a relative change may be below 0)",
                where=where,
                got=one.value,
                hint="write 80 % as 0.80" if float(part) > 1 else "",
            )
    return one


def comma_hint(text: str, kind: str) -> str:
    """How to write a number that has a comma, or "".

    Examples
    --------
    >>> comma_hint("0,80", "share"), comma_hint("2,209", "count"), comma_hint("many", "count")
    ('a point, not a comma: 0.80', 'no thousands separators: 2209', '')
    """
    if kind == "count" and re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", text):
        return f"no thousands separators: {text.replace(',', '')}"
    if re.fullmatch(r"[-+]?\d*,\d+", text):
        return f"a point, not a comma: {text.replace(',', '.')}"
    return ""
