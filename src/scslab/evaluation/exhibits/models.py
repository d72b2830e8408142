"""Exhibits of models: coefficients side by side, with what is printed of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scslab.core.errors import ScslabError
from scslab.core.printed import (
    Cell,
    Column,
    Part,
    Row,
    Suppressed,
)
from scslab.core.yamlfile import Place
from scslab.evaluation.exhibits.beside import (
    Beside,
    Measured,
    cells,
    measured_at,
    says,
    with_headings,
)
from scslab.evaluation.exhibits.making import (
    Making,
    chart,
    table,
)
from scslab.evaluation.exhibits.paper import Exhibit
from scslab.evaluation.ledger.model import CoefficientSpec, MeasureSpec

REACH = (
    "Beneath each coefficient: how far its 95 % interval reaches to either side; what is printed"
)


def models(making: Making, place: int) -> list[Part]:
    """Models in columns, intervals beneath, printed coefficients in a row of their own."""
    exhibit = making.file.paper.exhibits[place]
    at: Place = ("exhibits", place, "coefficients")
    grid = [
        [coefficient(making, exhibit, k, model, at) for model in exhibit.models]
        for k in range(len(exhibit.coefficients))
    ]
    check_found(making, exhibit, grid, at)
    every = [one for line in grid for one in line]
    parts: list[Part] = []
    if exhibit.table:
        heads = (
            Column("term", ""),
            *(Column(key, head, "number", 3) for key, head in exhibit.models.items()),
        )
        body = with_headings([pair for line in grid for pair in model_rows(line, making.below)])
        n = [max((line[k].n for line in grid), default=0) for k in range(len(exhibit.models))]
        foot = Row(("n (unweighted)", *n), "foot", "count")
        parts.append(
            table(
                making, exhibit, heads, (*body, foot), every, note=f"{REACH}; then what is printed"
            )
        )
    drawn = [one for line in grid for one in drawn_of(exhibit, line)]
    if exhibit.drawn == "every":
        heads_first = list(exhibit.models.values())
        drawn.sort(key=lambda one: heads_first.index(one.heading))
    return [*parts, *chart(making, exhibit, drawn, zero=0.0)]


def check_found(
    making: Making, exhibit: Exhibit, grid: Sequence[Sequence[Beside]], at: Place
) -> None:
    """Every coefficient is in some model, and every model has one of them.

    Raises
    ------
    ScslabError
        One is not, or does not.
    """
    document = making.file.document
    for k, line in enumerate(grid):
        if all(one.found is None for one in line):
            raise ScslabError(
                f'no model has a coefficient "{exhibit.coefficients[k].name}"',
                where=document.where((*at, k, "name")),
                got=", ".join(exhibit.models),
            )
    for place, model in enumerate(exhibit.models):
        if all(line[place].found is None for line in grid):
            raise ScslabError(
                f'there is no model "{model}", or it has none of the coefficients',
                where=document.where((*at[:2], "models", model)),
            )


def coefficient(making: Making, exhibit: Exhibit, k: int, model: str, at: Place) -> Beside:
    """One coefficient of one model, beside print; models that lack it have no figure."""
    row = exhibit.coefficients[k]
    try:
        found = effect(making, exhibit, model, row.name, (*at, k))
    except ScslabError:
        found = None
    said, n = making.look_up(exhibit.findings.get(f"{model}.{row.name}"))
    return Beside(row.label, found, "number", said, n, row.heading, sign=True)


def effect(making: Making, exhibit: Exhibit, model: str, name: str, at: Place) -> Measured | None:
    """A coefficient of a model."""
    spec = MeasureSpec(coefficient=CoefficientSpec(model=model, name=name))
    return measured_at(making.measured, spec, exhibit.where, making.file.document, at)


def model_rows(line: Sequence[Beside], below: int) -> Iterator[tuple[str, Row]]:
    """Estimates, beneath them the reach of their intervals, and what is printed of them."""
    first = line[0]
    found = [cells(one, below) for one in line]
    yield first.heading, Row((first.label, *("" if c is None else c for c, *_ in found)))
    beneath: list[Cell] = [
        "" if isinstance(cell[0], Suppressed) else reach(one)
        for one, cell in zip(line, found, strict=True)
    ]
    yield first.heading, Row(("", *beneath), "beneath")
    if any(one.said for one in line):
        yield first.heading, Row(("printed", *(says(one) for one in line)), "beneath")


def reach(one: Beside) -> str:
    """Half of an interval: intervals of coefficients are symmetric.

    Examples
    --------
    >>> from types import SimpleNamespace as Found
    >>> reach(Beside("age", Found(value=0.01, low=-0.01, high=0.03, n=9), "number"))
    '±0.020'
    """
    if not one.known or one.found is None:
        return ""
    return f"\N{PLUS-MINUS SIGN}{(one.found.high - one.found.low) / 2:.3f}"


def drawn_of(exhibit: Exhibit, line: Sequence[Beside]) -> list[Beside]:
    """Which models of a coefficient the figure has, each under the model's head."""
    there = [
        replace(one, heading=head)
        for one, head in zip(line, exhibit.models.values(), strict=True)
        if one.found is not None
    ]
    if exhibit.drawn == "every":
        return there
    return [next((one for one in there if one.said), there[0])]
