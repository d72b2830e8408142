"""Exhibits of a paper: what stands in each cell, what a figure draws, which mistakes are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from scslab.analysis.model_tables import Hypothesis
from scslab.core.errors import ScslabError
from scslab.core.printed import (
    FrameworkFigure,
    FrameworkLine,
    Part,
    PrintedFigure,
    ResultTable,
    Suppressed,
)
from scslab.core.yamlfile import parse
from scslab.evaluation.exhibits import exhibit_parts
from scslab.evaluation.exhibits.paper import paper_of
from scslab.evaluation.ledger.model import Domain, MeasureSpec

HEAD = """\
paper: paper/1
title: A paper
source: A journal, 2019
short: Paper 2019
"""
FACTORS = """\
factors:
  - name: Persons
    hypotheses:
      - {id: H1, says: Age, finding: K23}
      - {id: H2, says: Party, finding: K16}
  - {name: Habits, hypotheses: [{id: H3, says: Smartphone, finding: K29}, {id: H4, says: Posting}]}
"""
SHARES = """\
exhibits:
  - id: figure-2
    title: Use
    kind: shares
    figure: bars
    unit: "% of respondents"
    rows:
      - {label: Sesame, heading: Commercial, share: {systems_sesame: [1]}, finding: K08}
      - {label: other, heading: Commercial, share: {systems_other: [1]}}
      - {label: local, heading: Local, share: {systems_local: [1]}, where: {pilot: [1]},
         finding: K13}
      - {label: few, heading: Local, share: {few: [1]}, finding: K14}
      - {label: nobody, heading: Local, share: {nobody: [1]}}
"""
CROSS = """\
exhibits:
  - id: table-2
    title: Approval
    kind: crosstab
    where: {age: [1]}
    columns:
      - {id: doubts, label: Doubts, share: {approval: [1]}, drawn: false}
      - {id: approves, label: Approves, share: {approval: [2]}}
    rows:
      - {label: all, heading: All, findings: {approves: K01}}
      - {label: urban, heading: Residence, where: {residence: [1]}}
"""
MODELS = """\
exhibits:
  - id: table-4
    title: Models
    kind: models
    models: {m1: Model 1, m3: Model 3}
    coefficients:
      - {label: Age, name: age, heading: Persons}
      - {label: Party, name: party, heading: Politics}
    findings: {m1.age: K23, m3.party: K16}
"""
TABLE_1 = "exhibits: [{id: table-1, title: Hypotheses, kind: hypotheses}]\n"
FIGURE_1 = "exhibits: [{id: figure-1, title: Framework, kind: framework, outcome: Approval}]\n"

PRINTED = {"K08": ("0.58", "2209"), "K13": ("0.11", ""), "K01": ("0.80", "2209")}
PRINTED |= {"K14": ("0.16", "2209"), "K23": ("+", "2209"), "K16": ("0.314", "2209")}
PRINTED |= {"K29": ("0", "2209"), "K62": ("0.64", ""), "L21": ("3.60", "1173")}
EFFECTS = {
    ("m1", "age"): (0.02, 0.01, 0.03), ("m3", "age"): (0.01, -0.01, 0.03),
    ("m3", "party"): (0.3, 0.1, 0.5), ("m2", "smartphone"): (-0.2, -0.3, -0.1),
    ("m2", "posting"): (0.05, -0.05, 0.15),
}  # fmt: skip
HYPOTHESES = [
    Hypothesis("H1", "The younger approve more", "m1", "age", "-"),
    Hypothesis("H2", "Members approve more", "m3", "party", "+"),
    Hypothesis("H3", "Heavy users approve more", "m2", "smartphone", "+"),
    Hypothesis("H4", "Posters approve more", "m2", "posting", "+"),
]


@dataclass(frozen=True)
class Found:
    value: float
    low: float
    high: float
    n: int


def measured(spec: MeasureSpec, where: Domain) -> Found | None:
    if spec.coefficient is not None:
        found = EFFECTS.get((spec.coefficient.model or "", spec.coefficient.name or ""))
        return None if found is None else Found(*found, 2100)
    if spec.mean is not None:
        return Found(3.58, 3.52, 3.64, 1150)
    if spec.rate is not None:
        return Found(0.66, 0.64, 0.68, 3000)
    assert spec.share is not None
    ((name, codes),) = spec.share.items()
    if name == "nobody":
        return None
    n = {"few": 4}.get(name, 2200 if not where.keys() - {"age"} else 900)
    base = {"systems_sesame": 0.575, "systems_other": 0.3, "systems_local": 0.14}.get(name, 0.8)
    value = base if codes == [1] else 0.78
    return Found(value, value - 0.02, value + 0.02, n)


def parts_of(text: str, **more: Any) -> list[Part]:
    file = paper_of(parse(HEAD + text, "paper.yaml"))
    return exhibit_parts(file, measured, PRINTED.__getitem__, HYPOTHESES, source="A wave", **more)


def pair(text: str) -> tuple[ResultTable, Any]:
    table, figure = parts_of(text)
    assert isinstance(table, ResultTable)
    return table, figure


def body(table: ResultTable) -> dict[Any, tuple[Any, ...]]:
    return {row.cells[0]: row.cells[1:] for row in table.rows if row.kind == "body"}


# Shares


def test_rows_stand_beside_their_printed_values() -> None:
    table, figure = pair(SHARES)
    assert [c.name for c in table.columns] == [
        "row", "simulated", "low", "high", "n", "printed", "agrees",
    ]  # fmt: skip
    rows = body(table)
    assert rows["Sesame"] == pytest.approx((0.575, 0.555, 0.595, 2200, 0.58, "inside"))
    assert rows["local"] == pytest.approx((0.14, 0.12, 0.16, 900, 0.11, "outside"))
    assert rows["other"][4:] == ("", "")  # never found: blank, not a dash
    assert [row.cells for row in table.rows if row.kind == "heading"] == [
        ("Commercial",),
        ("Local",),
    ]
    assert (table.id, table.title) == ("paper-figure-2", "Figure 2 of the paper: Use")
    assert table.synthetic and table.n == 2200
    said = " ".join(table.notes)
    assert "Printed: A journal, 2019" in said and "n = 2,209" in said
    assert "The ledger judges over seeds" in said
    assert isinstance(figure, PrintedFigure)
    assert (figure.id, figure.form, figure.values) == ("paper-figure-2-chart", "bars", "share")
    assert [row.label for row in figure.rows] == ["Sesame", "other", "local"]
    first = figure.rows[0]
    assert (first.printed, first.says, first.heading) == (
        0.58,
        "58\N{NO-BREAK SPACE}%",
        "Commercial",
    )
    assert figure.rows[1].printed is None and figure.rows[1].says == ""


def test_figures_on_few_respondents_are_not_shown() -> None:
    table, figure = pair(SHARES)
    assert body(table)["few"] == (*(Suppressed(5),) * 4, 0.16, "")
    assert body(table)["nobody"] == (None, None, None, 0, "", "")
    assert "Left out, on fewer than 5 respondents: few, nobody" in figure.notes
    shown, _ = parts_of(SHARES, below=0)
    assert body(shown)["few"][0] == 0.8  # type: ignore[arg-type]


def test_a_printed_value_stands_for_all_that_round_to_it() -> None:
    row = "rows: [{label: a, share: {systems_sesame: [1]}, finding: K01}]}]\n"
    file = HEAD + "exhibits: [{id: a, title: A, kind: shares, " + row

    def near(value: float) -> str:
        parts = exhibit_parts(
            paper_of(parse(file, "p")), lambda *_: Found(value, value, value, 99),
            PRINTED.__getitem__, source="s",
        )  # fmt: skip
        assert isinstance(parts[0], ResultTable)
        return str(parts[0].rows[0].cells[-1])

    assert [near(v) for v in (0.7951, 0.8049, 0.7949, 0.806)] == [
        "inside", "inside", "outside", "outside",
    ]  # fmt: skip


def test_means_and_rates_are_told_in_their_own_numbers() -> None:
    mean = "rows: [{label: index, mean: surveillance, finding: L21}]}]\n"
    table, figure = pair("exhibits: [{id: a, title: A, kind: shares, " + mean)
    assert body(table)["index"] == (3.58, 3.52, 3.64, 1150, 3.6, "inside")
    assert (table.columns[5].form, table.columns[5].digits) == ("number", 2)
    assert figure.rows[0].says == "3.60" and figure.values == "number"
    rate = "rows: [{label: finished, rate: finished, finding: K62}]}]\n"
    table, figure = pair("exhibits: [{id: a, title: A, kind: shares, " + rate)
    assert body(table)["finished"][4:] == (0.64, "inside")
    assert table.title == "A"


def test_a_table_or_a_figure_can_be_left_out() -> None:
    assert len(parts_of(SHARES.replace("figure: bars", "figure: none"))) == 1
    (only,) = parts_of(SHARES.replace("figure: bars", "table: false"))
    assert isinstance(only, PrintedFigure)


# Rows by columns


def test_a_crosstab_measures_each_cell_in_both_domains() -> None:
    asked: list[tuple[Any, Domain]] = []

    def noted(spec: MeasureSpec, where: Domain) -> Found | None:
        asked.append((spec.share, where))
        return measured(spec, where)

    exhibit_parts(paper_of(parse(HEAD + CROSS, "p")), noted, PRINTED.__getitem__, source="s")
    assert asked == [
        ({"approval": [1]}, {"age": [1]}), ({"approval": [2]}, {"age": [1]}),
        ({"approval": [1]}, {"age": [1], "residence": [1]}),
        ({"approval": [2]}, {"age": [1], "residence": [1]}),
    ]  # fmt: skip


def test_a_crosstab_has_intervals_beneath_and_printed_values_beside() -> None:
    table, figure = pair(CROSS)
    assert [c.name for c in table.columns] == [
        "row", "doubts", "approves", "approves-printed", "approves-n",
    ]  # fmt: skip
    rows = [row.cells for row in table.rows if row.kind != "heading"]
    assert rows[0] == ("all", 0.8, 0.78, 0.80, 2200)
    assert rows[1] == ("", "78.0 to 82.0", "76.0 to 80.0", "inside", "")
    assert rows[2] == ("urban", 0.8, 0.78, "", 900)
    assert [(row.heading, row.label) for row in figure.rows] == [
        ("All", "all"), ("Residence", "urban"),
    ]  # fmt: skip


def test_with_several_columns_drawn_each_row_is_a_heading() -> None:
    _, figure = pair(CROSS.replace(", drawn: false", ""))
    assert [(row.heading, row.label) for row in figure.rows] == [
        ("all", "Doubts"), ("all", "Approves"), ("urban", "Doubts"), ("urban", "Approves"),
    ]  # fmt: skip


def test_the_measure_may_stand_in_the_rows() -> None:
    text = """\
exhibits:
  - id: table-5
    title: Benefits
    kind: crosstab
    columns: [{id: rural, label: rural, where: {residence: [0]}}, {id: urban, label: urban}]
    rows: [{label: credit, share: {systems_other: [1]}, findings: {rural: K13}}]
"""
    table, figure = pair(text)
    assert [c.name for c in table.columns][-1] == "urban-n"  # n differs: each column has its own
    assert table.rows[0].cells == pytest.approx(("credit", 0.3, 0.11, 900, 0.3, 2200))
    assert [row.n for row in figure.rows] == [900, 2200]


# Models


def test_models_have_reaches_and_printed_effects_beneath() -> None:
    table, figure = pair(MODELS)
    rows = [row.cells for row in table.rows]
    assert rows == [
        ("Persons",), ("Age", 0.02, 0.01), ("", "±0.010", "±0.020"), ("printed", "+", ""),
        ("Politics",), ("Party", "", 0.3), ("", "", "±0.200"), ("printed", "", "0.314"),
        ("n (unweighted)", 2100, 2100),
    ]  # fmt: skip
    assert [(r.label, r.heading, r.says, r.printed) for r in figure.rows] == [
        ("Age", "Model 1", "+", None), ("Party", "Model 3", "0.314", 0.314),
    ]  # fmt: skip
    assert figure.zero == 0.0 and figure.values == "number"


def test_all_models_can_be_drawn() -> None:
    _, figure = pair(MODELS + "    drawn: every\n")
    assert [(r.heading, r.label) for r in figure.rows] == [
        ("Model 1", "Age"), ("Model 3", "Age"), ("Model 3", "Party"),
    ]  # fmt: skip


def test_a_coefficient_that_no_model_has_is_named() -> None:
    with pytest.raises(ScslabError) as error:
        parts_of(MODELS.replace("name: party", "name: partei").replace("m3.party", "m3.partei"))
    assert 'no model has a coefficient "partei"' in str(error.value)
    assert "paper.yaml:12" in str(error.value)


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ScslabError, match=r'paper.yaml:9: .*there is no model "m9"'):
        parts_of(MODELS.replace("m1: Model 1", "m1: Model 1, m9: Model 9"))


def test_a_model_may_refuse_a_coefficient_that_it_lacks() -> None:
    def strict(spec: MeasureSpec, where: Domain) -> Found | None:
        found = measured(spec, where)
        if found is None:
            raise ScslabError("the model has no such predictor")
        return found

    file = paper_of(parse(HEAD + MODELS, "p"))
    table = exhibit_parts(file, strict, PRINTED.__getitem__, source="s")[0]
    assert isinstance(table, ResultTable)
    assert table.rows[5].cells == ("Party", "", 0.3)


# Hypotheses and the framework


def test_hypotheses_have_expected_printed_and_simulated_effects() -> None:
    table, figure = pair(FACTORS + TABLE_1)
    rows = body(table)
    assert rows["H1. The younger approve more"] == ("−", 0.02, 2100, "+", "contrary")
    assert rows["H2. Members approve more"] == ("+", 0.3, 2100, 0.314, "as expected")
    assert rows["H3. Heavy users approve more"] == ("+", -0.2, 2100, "0", "contrary")
    assert rows["H4. Posters approve more"] == ("+", 0.05, 2100, "", "not significant")
    beneath = [row.cells[4] for row in table.rows if row.kind == "beneath"]
    assert beneath == ["same sign", "inside", "not the same sign", ""]
    assert [row.label for row in figure.rows] == [
        "H1 Age", "H2 Party", "H3 Smartphone", "H4 Posting",
    ]  # fmt: skip
    assert [row.heading for row in figure.rows] == ["Persons", "Persons", "Habits", "Habits"]


def test_the_framework_has_a_sign_for_each() -> None:
    table, figure = pair(FACTORS + FIGURE_1)
    assert isinstance(figure, FrameworkFigure)
    assert [factor.name for factor in figure.factors] == ["Persons", "Habits"]
    assert figure.factors[0].lines == (
        FrameworkLine("H1", "Age", "-", "+", "+"), FrameworkLine("H2", "Party", "+", "+", "+"),
    )  # fmt: skip
    assert figure.factors[1].lines == (
        FrameworkLine("H3", "Smartphone", "+", "0", "-"),
        FrameworkLine("H4", "Posting", "+", "", "0"),
    )
    assert body(table)["H1. Age"] == ("−", "+", "+", "contrary")
    assert figure.outcome == "Approval" and figure.n == 2100


def test_a_hypothesis_that_the_analysis_lacks_is_named() -> None:
    with pytest.raises(ScslabError, match=r'paper.yaml:8.*no hypothesis "H11"'):
        parts_of(FACTORS.replace("H1,", "H11,") + TABLE_1)


def test_a_mistake_in_measuring_names_its_line() -> None:
    def fails(spec: MeasureSpec, where: Domain) -> Found:
        raise ScslabError('no variable "systems_sesame"')

    file = paper_of(parse(HEAD + SHARES, "paper.yaml"))
    with pytest.raises(ScslabError, match=r'^paper.yaml:12: .*no variable "systems_sesame"'):
        exhibit_parts(file, fails, PRINTED.__getitem__, source="s")
