"""Total survey error of headlines, and framing experiments, as tables and figures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

from scslab.core.errors import ScslabError
from scslab.core.printed import (
    Cell,
    Column,
    ErrorsFigure,
    ErrorStep,
    FramingResult,
    HeadlineErrors,
    Part,
    PrintedFigure,
    PrintedRow,
    ResultTable,
    Row,
)

EXACT = 1e-6  # how far truth and steps may miss the measured share, by rounding
RECOVERED = "Recovered by the list: measured less list"


def error_parts(
    headlines: Sequence[HeadlineErrors], *, source: str, synthetic: bool = True
) -> list[Part]:
    """One table of the errors of all headlines, and a waterfall of each.

    Parameters
    ----------
    headlines : sequence of HeadlineErrors
        In the order wanted.
    source : str
        Where the answers are from, as tables say it.

    Raises
    ------
    ScslabError
        Steps that do not lead from the truth to the measured share.
    """
    for one in headlines:
        reached = one.truth + sum(change for _, change, _ in one.steps)
        if not abs(reached - one.measured) <= EXACT:
            raise ScslabError(
                "the steps of an error do not lead from the truth to the measured share",
                where=one.says,
                got=f"{reached:.6f}",
                expected=f"{one.measured:.6f}",
            )
    if not headlines:
        return []
    parts: list[Part] = [errors_table(headlines, source, synthetic)]
    for place, one in enumerate(headlines, 1):
        parts.append(errors_figure(one, place, source, synthetic))
    return parts


def errors_table(headlines: Sequence[HeadlineErrors], source: str, synthetic: bool) -> ResultTable:
    """Headlines in columns, the sources of error in rows."""
    steps: dict[str, str] = {}
    for one in headlines:
        steps.update((name, meaning) for name, _, meaning in one.steps if not steps.get(name))

    def row(label: str, cells: Sequence[Cell], meaning: str = "", foot: bool = False) -> Row:
        return Row((label, *cells, meaning), "foot" if foot else "body")

    rows = [row("Truth in the population", [one.truth for one in headlines])]
    for name, meaning in steps.items():
        changes = [{n: change for n, change, _ in one.steps}.get(name) for one in headlines]
        rows.append(row(capital(name), changes, meaning))
    rows += [
        row("As measured", [one.measured for one in headlines], "weighted", True),
        row("95% interval from", [one.low for one in headlines], "", True),
        row("to", [one.high for one in headlines], "", True),
    ]
    if any(one.by_list for one in headlines):
        rows += list_rows(headlines)
    return ResultTable(
        id="survey-errors",
        title="Total survey error of the headlines",
        columns=(
            Column("step", ""),
            *(
                Column(f"headline-{k}", capital(one.says), "share", 2)
                for k, one in enumerate(headlines, 1)
            ),
            Column("meaning", "What it is"),
        ),
        rows=tuple(rows),
        n=max(one.n for one in headlines),
        source=source,
        unit="shares, and changes of shares in percentage points",
        notes=(
            "Each step is what the share changes by where that source of error is added to those "
            "above it, so the order matters",
            *list_notes(headlines),
        ),
        synthetic=synthetic,
    )


def capital(words: str) -> str:
    """Words that begin a line.

    Examples
    --------
    >>> capital("approves of Sesame Credit")
    'Approves of Sesame Credit'
    """
    return words[:1].upper() + words[1:]


def list_rows(headlines: Sequence[HeadlineErrors]) -> list[Row]:
    """What the list experiment says of each headline, and what it recovers of the falsification."""
    lists = [one.by_list or (None, None, None) for one in headlines]

    def recovered(place: int) -> list[Cell]:
        return [
            None if one.by_list is None else one.measured - one.by_list[place] for one in headlines
        ]

    found: list[tuple[str, list[Cell], str]] = [
        ("By the list experiment", [one[0] for one in lists], "1 less the share of the opposite"),
        ("interval of the list from", [one[1] for one in lists], ""),
        ("interval of the list to", [one[2] for one in lists], ""),
        (RECOVERED, recovered(0), "to be set beside the change by falsification"),
        ("recovered from", recovered(2), ""),
        ("recovered to", recovered(1), ""),
    ]
    return [Row((label, *cells, meaning), "foot") for label, cells, meaning in found]


def list_notes(headlines: Sequence[HeadlineErrors]) -> tuple[str, ...]:
    """How to read the list experiment; nothing where there is none."""
    if not any(one.by_list for one in headlines):
        return ()
    return (
        "The list hides single answers, so it should be free of falsification; it keeps all other "
        "errors. Its intervals are of the list alone",
    )


def errors_figure(one: HeadlineErrors, place: int, source: str, synthetic: bool) -> ErrorsFigure:
    """The waterfall of one headline."""
    recovers: tuple[str, ...] = ()
    if one.by_list is not None and one.falsification is not None:
        back = 100 * (one.measured - one.by_list[0])
        recovers = (
            f"The list experiment recovers {back:.1f} percentage points where falsification "
            f"moved the share by {100 * one.falsification:.1f}".replace("-", "\N{MINUS SIGN}"),
        )
    name = one.id or re.sub(r"[^a-z0-9]+", "-", one.says.lower()).strip("-") or str(place)
    return ErrorsFigure(
        id=f"survey-errors-{name}",
        title=f"{capital(one.says)}: from the truth to the measured share",
        unit="%; changes in percentage points",
        n=one.n,
        source=source,
        truth=one.truth,
        steps=tuple(
            ErrorStep(capital(name), change, meaning) for name, change, meaning in one.steps
        ),
        measured=one.measured,
        low=one.low,
        high=one.high,
        by_list=one.by_list,
        notes=("The axis need not begin at zero", *recovers, *list_notes([one])),
        synthetic=synthetic,
    )


def framing_parts(
    says: str,
    results: Sequence[FramingResult],
    *,
    id: str,
    unit: str,
    source: str,
    values: Literal["share", "number"] = "share",
    printed_in: str = "",
    synthetic: bool = True,
    n: int | None = None,
    notes: Sequence[str] = (),
) -> list[Part]:
    """A framing experiment: a table, a figure of the arms and one of their differences.

    Parameters
    ----------
    says : str
        What was tried, in words.
    results : sequence of FramingResult
        An arm each, the control (which has no difference) among them.
    id, unit, source : str
        Name of the parts; what is measured; where the answers are from.
    values : {"share", "number"}
        Whether the outcome is a share or a mean.
    n : int, optional
        Respondents, where the arms are the same ones before and after.
    printed_in : str
        The print in the legend, such as "Xu and others 2022".
    """
    parts: list[Part] = [
        framing_table(says, results, id, unit, source, values, synthetic, tuple(notes), n)
    ]
    arms = tuple(
        PrintedRow(one.arm, one.value, one.low, one.high, one.n, one.printed) for one in results
    )
    differences = tuple(
        PrintedRow(
            one.arm,
            *(one.difference or (math.nan,) * 3),
            one.n,
            one.printed_difference,
        )
        for one in results
        if one.difference is not None
    )
    for name, title, of, rows, zero in (
        ("arms", says, unit, arms, None),
        ("differences", f"{says}: differences from the control", difference_unit(values, unit),
         differences, 0.0),
    ):  # fmt: skip
        if rows:
            parts.append(
                PrintedFigure(
                    f"{id}-{name}",
                    title,
                    of,
                    source,
                    rows,
                    "dots",
                    values,
                    printed_in,
                    zero,
                    tuple(notes),
                    synthetic,
                )  # fmt: skip
            )
    return parts


def difference_unit(values: str, unit: str) -> str:
    """What a difference is counted in."""
    return "difference in percentage points" if values == "share" else f"difference, {unit}"


def framing_table(
    says: str,
    results: Sequence[FramingResult],
    id: str,
    unit: str,
    source: str,
    values: Literal["share", "number"],
    synthetic: bool,
    notes: tuple[str, ...],
    n: int | None,
) -> ResultTable:
    """Arms with their figures, differences and printed values."""
    digits = 1 if values == "share" else 2
    heads = (
        ("value", "Share" if values == "share" else "Mean"), ("low", "95% interval from"),
        ("high", "to"), ("n", "n"), ("printed", "Printed"),
        ("difference", "Difference from the control"), ("difference-low", "95% interval from"),
        ("difference-high", "to"), ("printed-difference", "Printed difference"),
    )  # fmt: skip
    rows = tuple(
        Row(
            (
                one.arm, one.value, one.low, one.high, one.n, blank(one.printed),
                *(one.difference or ("",) * 3), blank(one.printed_difference),
            )
        )
        for one in results
    )  # fmt: skip
    return ResultTable(
        id=id,
        title=says,
        columns=(
            Column("arm", ""),
            *(
                Column(key, head, "count") if key == "n" else Column(key, head, values, digits)
                for key, head in heads
            ),
        ),
        rows=rows,
        n=n or sum(one.n for one in results),
        source=source,
        unit=unit,
        notes=("Where no printed value stands, none was found", *notes),
        synthetic=synthetic,
    )


def blank(value: float | None) -> Cell:
    """A printed value; where none was found the cell is empty."""
    return "" if value is None else value
