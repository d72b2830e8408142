"""The shape of `paper.yaml` (`paper/1`): the tables and figures of a paper, to be made again.

Rows are measured in the language of the ledger; a `finding` names the printed value. What a paper
prints and was never found is left out here, and stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import Strict
from scslab.core.yamlfile import Document, Place, read
from scslab.evaluation.findings import finding
from scslab.evaluation.ledger.model import Domain, MeasureSpec, Name

Pair = Annotated[list[float], Field(min_length=2, max_length=2)]
Kind = Literal["framework", "hypotheses", "shares", "crosstab", "models"]
MEASURES = ("share", "mean", "coefficient", "rate")  # of a row
FITTING: dict[str, tuple[str, ...]] = {  # what an exhibit of each kind needs
    "framework": ("outcome",),
    "hypotheses": (),
    "shares": ("rows",),
    "crosstab": ("rows", "columns"),
    "models": ("models", "coefficients"),
}
OPTIONAL: dict[str, tuple[str, ...]] = {"models": ("findings", "drawn")}


class PaperRow(MeasureSpec):
    """A row: what it measures, among whom, and the finding that prints it.

    In a crosstab either the row or the column says what is measured.
    """

    label: str
    """As the table has it."""
    heading: str = Field("", description="rows of one heading stand together beneath it")
    where: Domain = Field(default_factory=dict, description="a domain: variable -> codes")
    finding: str | None = Field(None, description="the printed value; left out if never found")
    value: str | None = Field(
        None, description="the printed value, where only the note of the finding has it"
    )
    range: Pair | None = Field(None, description="the printed range, where one is printed")
    findings: dict[str, str] = Field(
        default_factory=dict, description="of a crosstab: column -> finding"
    )


class PaperColumn(MeasureSpec):
    """A column of a crosstab."""

    id: Name
    """Its name; findings of the rows refer to it."""
    label: str
    """As the table has it."""
    where: Domain = Field(default_factory=dict, description="a domain: variable -> codes")
    drawn: bool = Field(True, description="whether the figure has it")


class PaperCoefficient(Strict):
    """A row of a table of models."""

    label: str
    """As the table has it."""
    heading: str = Field("", description="rows of one heading stand together beneath it")
    name: str
    """The coefficient, as the model names it."""


class Exhibit(Strict):
    """A table or a figure of the paper; it is made again as both."""

    id: Name
    """Its name, such as table-2."""
    title: str
    """Its title."""
    kind: Kind
    """What it is made from."""
    note: str = Field("", description="what stands beneath it")
    unit: str = Field("", description="what its figures count")
    table: bool = Field(True, description="whether it is given as a table")
    figure: Literal["bars", "dots", "none"] = Field("dots", description="how it is drawn")
    where: Domain = Field(default_factory=dict, description="a domain of all its figures")
    rows: list[PaperRow] = Field(default_factory=list, description="of shares and crosstab")
    columns: list[PaperColumn] = Field(default_factory=list, description="of crosstab")
    models: dict[str, str] = Field(default_factory=dict, description="of models: id -> its head")
    coefficients: list[PaperCoefficient] = Field(default_factory=list, description="of models")
    findings: dict[str, str] = Field(
        default_factory=dict, description="of models: model.coefficient -> finding"
    )
    drawn: Literal["first", "every"] = Field(
        "first", description="of models: each coefficient in the first model that has it, or in all"
    )
    outcome: str = Field("", description="of framework: what the factors point at")


class FactorLine(Strict):
    """A hypothesis of a factor."""

    id: str
    """The hypothesis in the analysis."""
    says: str
    """In few words: what the coefficient is of."""
    finding: str | None = Field(None, description="the printed effect; left out if never found")


class Factor(Strict):
    """A group of hypotheses: a box of the framework, a heading of their table."""

    name: str
    """Its name."""
    hypotheses: Annotated[list[FactorLine], Field(min_length=1)]
    """In the paper's order."""


class Paper(Strict):
    """The exhibits of a paper (`paper/1`)."""

    paper: Literal["paper/1"]
    """The version of this shape."""
    title: str
    """Of the paper."""
    source: str
    """Its citation."""
    short: str
    """Its citation in a legend, such as Kostka 2019."""
    factors: list[Factor] = Field(default_factory=list, description="of framework and hypotheses")
    exhibits: Annotated[list[Exhibit], Field(min_length=1)]
    """In the paper's order."""


@dataclass(frozen=True)
class PaperFile:
    """A paper with the document it was read from, so that later mistakes can name a line."""

    paper: Paper
    document: Document


def read_paper(path: str | Path) -> PaperFile:
    """Read and check the exhibits of a paper.

    Raises
    ------
    ScslabError
        The first mistake, with file and line: a shape, an id twice, a finding that is not known,
        a row that measures nothing or two things.
    """
    return paper_of(read(Path(path)))


def paper_of(document: Document) -> PaperFile:
    """The exhibits of a parsed file; see `read_paper`."""
    paper = fit(Paper, document)
    check_factors(paper, document)
    seen: set[str] = set()
    for i, exhibit in enumerate(paper.exhibits):
        place: Place = ("exhibits", i)
        if exhibit.id in seen:
            raise ScslabError(
                f'the id "{exhibit.id}" is used twice', where=document.where((*place, "id"))
            )
        seen.add(exhibit.id)
        check_kind(exhibit, paper, place, document)
        check_rows(exhibit, place, document)
    for at, name in printed_in(paper):
        finding(name, document.where(at))
    check_values(paper, document)
    return PaperFile(paper, document)


def check_factors(paper: Paper, document: Document) -> None:
    """No hypothesis stands in two factors."""
    seen: set[str] = set()
    for i, factor in enumerate(paper.factors):
        for k, line in enumerate(factor.hypotheses):
            if line.id in seen:
                where = document.where(("factors", i, "hypotheses", k, "id"))
                raise ScslabError(f'hypothesis "{line.id}" stands twice', where=where)
            seen.add(line.id)


def check_kind(exhibit: Exhibit, paper: Paper, place: Place, document: Document) -> None:
    """An exhibit has what its kind needs, and nothing of another kind."""
    needed = FITTING[exhibit.kind]
    known = {name for names in (*FITTING.values(), *OPTIONAL.values()) for name in names}
    for name in needed:
        if not getattr(exhibit, name):
            raise ScslabError(f'"{name}" is missing', where=document.where(place), why=why(exhibit))
    for name in sorted(known - {*needed, *OPTIONAL.get(exhibit.kind, ())}):
        if name in exhibit.model_fields_set:
            where = document.where((*place, name))
            raise ScslabError(f'"{name}" does not belong here', where=where, why=why(exhibit))
    if exhibit.kind in ("framework", "hypotheses") and not paper.factors:
        where = document.where(place)
        raise ScslabError('"factors" are missing', where=where, why=why(exhibit))


def why(exhibit: Exhibit) -> str:
    """The reason that a kind gives."""
    return f"the exhibit is of kind {exhibit.kind}"


def check_rows(exhibit: Exhibit, place: Place, document: Document) -> None:
    """Rows measure one thing each, all in one unit; names within the exhibit are known."""
    columns = {column.id for column in exhibit.columns}
    if len(columns) < len(exhibit.columns):
        where = document.where((*place, "columns"))
        raise ScslabError("two columns have one id", where=where)
    forms: dict[str, int] = {}
    for i, row in enumerate(exhibit.rows):
        at = (*place, "rows", i)
        for k, other in enumerate(exhibit.columns or [None]):
            found = [name for one in (row, other) if one is not None for name in told(one)]
            if len(found) != 1 or found[0] not in MEASURES:
                raise ScslabError(
                    "a cell measures one thing" if other else "a row measures one thing",
                    where=document.where(at if k == 0 else (*place, "columns", k)),
                    got=", ".join(found) or "nothing",
                    expected=f"one of {', '.join(MEASURES)}",
                )
            forms.setdefault("share" if found[0] in ("share", "rate") else found[0], i)
        for name in row.findings:
            if name not in columns:
                where = document.where((*at, "findings", name))
                raise ScslabError(f'no column "{name}"', where=where, hint=near(name, columns))
        if exhibit.columns and (row.finding or row.range):
            where = document.where(at)
            raise ScslabError("a row of a crosstab has no single printed value", where=where)
    if len(forms) > 1:
        raise ScslabError(
            "rows of one exhibit are measured alike",
            where=document.where((*place, "rows", max(forms.values()))),
            got=" and ".join(forms),
        )
    check_cells(exhibit, place, document)


def check_values(paper: Paper, document: Document) -> None:
    """A value that a row gives stands in the note of its finding: none is made up."""
    for i, exhibit in enumerate(paper.exhibits):
        for k, row in enumerate(exhibit.rows):
            if row.value is None:
                continue
            where = document.where(("exhibits", i, "rows", k, "value"))
            note = finding(row.finding, where).note if row.finding else ""
            if not re.search(rf"(?<![\d.]){re.escape(row.value)}(?![\d.]*\d)", note):
                raise ScslabError(
                    "the note of the finding has no such value",
                    where=where,
                    got=row.value,
                    expected=note or "a finding with a note",
                )


def check_cells(exhibit: Exhibit, place: Place, document: Document) -> None:
    """Findings of models name a model and a coefficient of the table."""
    names = {one.name for one in exhibit.coefficients}
    for cell in exhibit.findings:
        model, _, name = cell.partition(".")
        if model not in exhibit.models or name not in names:
            where = document.where((*place, "findings", cell))
            known = [f"{m}.{n}" for m in exhibit.models for n in names]
            raise ScslabError(f'no cell "{cell}"', where=where, hint=near(cell, known))


def told(measure: MeasureSpec) -> list[str]:
    """Which ways of measuring are given.

    Examples
    --------
    >>> told(MeasureSpec(mean="age"))
    ['mean']
    """
    return [
        name
        for name in MeasureSpec.model_fields
        if name != "base" and getattr(measure, name) is not None
    ]


def printed_in(paper: Paper) -> Iterator[tuple[Place, str]]:
    """All findings that a paper names, with their places."""
    for i, factor in enumerate(paper.factors):
        for k, line in enumerate(factor.hypotheses):
            if line.finding:
                yield ("factors", i, "hypotheses", k, "finding"), line.finding
    for i, exhibit in enumerate(paper.exhibits):
        for k, row in enumerate(exhibit.rows):
            at: Place = ("exhibits", i, "rows", k)
            if row.finding:
                yield (*at, "finding"), row.finding
            for column, name in row.findings.items():
                yield (*at, "findings", column), name
        for cell, name in exhibit.findings.items():
            yield ("exhibits", i, "findings", cell), name


def paper_schema() -> dict[str, Any]:
    """The JSON Schema of the exhibits of a paper."""
    return Paper.model_json_schema(by_alias=True)
