"""Total survey error of headlines, and framing experiments, as tables and figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scslab.core.errors import ScslabError
from scslab.core.printed import (
    ErrorsFigure,
    FramingResult,
    HeadlineErrors,
    PrintedFigure,
    ResultTable,
)
from scslab.evaluation.exhibits import error_parts, framing_parts

APPROVES = HeadlineErrors(
    says="Approves",
    truth=0.70,
    steps=(("coverage", 0.02, "who is offline"), ("falsification", 0.06, "safer answers")),
    measured=0.78,
    low=0.76,
    high=0.80,
    by_list=(0.73, 0.67, 0.79),
    falsification=0.06,
    n=2209,
)
TRAVEL = HeadlineErrors(
    says="Supports restricting travel!", truth=0.8, steps=(("selection", -0.03, "opts in"),),
    measured=0.77, low=0.74, high=0.8, n=1173, id="travel",
)  # fmt: skip


def made(*headlines: HeadlineErrors) -> list[Any]:
    return error_parts(headlines, source="A wave")


def cells(table: ResultTable) -> dict[Any, tuple[Any, ...]]:
    return {row.cells[0]: row.cells[1:] for row in table.rows}


def test_one_table_for_all_headlines_and_a_waterfall_for_each() -> None:
    table, first, second = made(APPROVES, TRAVEL)
    assert isinstance(first, ErrorsFigure) and isinstance(second, ErrorsFigure)
    assert (first.id, second.id) == ("survey-errors-approves", "survey-errors-travel")
    rows = cells(table)
    assert rows["Truth in the population"][:2] == (0.70, 0.8)
    assert rows["Coverage"] == (0.02, None, "who is offline")
    assert rows["Selection"] == (None, -0.03, "opts in")
    assert rows["As measured"][:2] == (0.78, 0.77)
    assert [c.title for c in table.columns] == [
        "", "Approves", "Supports restricting travel!", "What it is",
    ]  # fmt: skip
    assert table.n == 2209 and table.synthetic


def test_the_list_recovers_what_it_is_below_the_measured_share() -> None:
    table, figure, _ = made(APPROVES, TRAVEL)
    rows = cells(table)
    assert rows["By the list experiment"][:2] == (0.73, None)
    assert rows["Recovered by the list: measured less list"][:2] == pytest.approx((0.05, None))
    assert rows["recovered from"][0] == pytest.approx(-0.01)
    assert rows["recovered to"][0] == pytest.approx(0.11)
    assert figure.by_list == (0.73, 0.67, 0.79)
    said = " ".join(figure.notes)
    assert "recovers 5.0 percentage points where falsification moved the share by 6.0" in said
    table, figure = made(TRAVEL)
    assert "By the list experiment" not in cells(table)
    assert not any("list" in note for note in (*table.notes, *figure.notes))


def test_the_figure_keeps_all_steps_in_order() -> None:
    _, figure = made(APPROVES)
    assert [(s.name, s.change, s.meaning) for s in figure.steps] == [
        (name.capitalize(), change, meaning) for name, change, meaning in APPROVES.steps
    ]
    assert (figure.truth, figure.measured, figure.low, figure.high, figure.n) == (
        0.70, 0.78, 0.76, 0.80, 2209,
    )  # fmt: skip


def test_steps_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ScslabError, match="do not lead from the truth") as error:
        made(replace(APPROVES, measured=0.781))
    assert "got: 0.780000" in str(error.value)
    with pytest.raises(ScslabError, match="do not lead"):
        made(replace(APPROVES, truth=float("nan")))
    assert made() == []


ARMS = (
    FramingResult("control", 7.5, 7.3, 7.7, 250, printed=7.5),
    FramingResult("repression", 6.7, 6.4, 7.0, 251, (-0.8, -1.1, -0.5), printed_difference=-0.9),
    FramingResult("order", 7.45, 7.2, 7.7, 249, (-0.05, -0.35, 0.25)),
)


def test_a_framing_experiment_has_arms_and_differences() -> None:
    table, arms, differences = framing_parts(
        "Support by text", ARMS, id="framing", unit="0 to 10", source="A wave", values="number"
    )
    assert isinstance(table, ResultTable) and table.n == 750
    rows = cells(table)
    assert rows["control"] == (7.5, 7.3, 7.7, 250, 7.5, "", "", "", "")
    assert rows["repression"] == (6.7, 6.4, 7.0, 251, "", -0.8, -1.1, -0.5, -0.9)
    assert isinstance(arms, PrintedFigure) and isinstance(differences, PrintedFigure)
    assert [(r.label, r.printed) for r in arms.rows] == [
        ("control", 7.5), ("repression", None), ("order", None),
    ]  # fmt: skip
    assert arms.zero is None and differences.zero == 0.0
    assert [(r.label, r.estimate, r.printed) for r in differences.rows] == [
        ("repression", -0.8, -0.9), ("order", -0.05, None),
    ]  # fmt: skip
    assert {table.id, arms.id, differences.id} == {"framing", "framing-arms", "framing-differences"}


def test_without_differences_only_the_arms_are_drawn() -> None:
    parts = framing_parts("Support", ARMS[:1], id="f", unit="%", source="A wave")
    assert len(parts) == 2
