"""The made-up survey: its file can be made again, and the report shows what was put in."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scslab
from scslab.core.printed import AnalysisReport, LikertFigure, ResultTable
from scslab.survey.file.read import read_answers

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "confidence"


@pytest.fixture(scope="module")
def report() -> AnalysisReport:
    return scslab.analyse(
        FOLDER / "confidence.sav", analysis=FOLDER / "analysis.yaml", design=FOLDER / "design.yaml"
    )


def maker() -> Any:
    spec = importlib.util.spec_from_file_location("make_confidence", FOLDER / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def part(report: AnalysisReport, id: str) -> Any:
    return next(p for s in report.sections for p in s.parts if getattr(p, "id", "") == id)


def cells(table: ResultTable) -> dict[str, tuple[Any, ...]]:
    return {str(row.cells[0]): row.cells[1:] for row in table.rows}


def test_the_file_is_what_the_script_makes(tmp_path: Path) -> None:
    maker().make(tmp_path)
    made, kept = (read_answers(f / "confidence.sav") for f in (tmp_path, FOLDER))
    pd.testing.assert_frame_equal(made.frame, kept.frame)
    assert dict(made.variables) == dict(kept.variables)
    assert all((made.marks[name] == kept.marks[name]).all() for name in kept.marks)


def test_labels_and_reasons_are_kept() -> None:
    approval = read_answers(FOLDER / "confidence.sav").variable("approval")
    assert approval.says == "赞成社会信用体系 Approves of social credit systems"
    assert [(m.code, m.reason) for m in approval.missing] == [(98, "dk"), (99, "refused")]


def test_every_table_says_that_it_is_synthetic(report: AnalysisReport) -> None:
    assert report.synthetic
    for section in report.sections:
        for one in section.parts:
            assert getattr(one, "synthetic", True), getattr(one, "id", one)


def test_the_screen_finds_the_careless(report: AnalysisReport) -> None:
    rows = cells(part(report, "screen"))
    assert rows["Too fast"][-2] == maker().CARELESS
    flags = cells(part(report, "screen"))["Straight-lined grids"]
    assert flags[-2] >= maker().CARELESS


def test_weights_meet_the_margins_under_the_cap(report: AnalysisReport) -> None:
    rows = part(report, "weights").rows
    met = [r.cells for r in rows if r.kind == "body"]
    assert len(met) == 8
    for _, _, target, _, after in met:
        assert after == pytest.approx(target, abs=1e-8)
    assert any(abs(before - target) > 0.05 for _, _, target, before, _ in met)
    feet = {r.cells[0]: r.cells[-1] for r in rows if r.kind == "foot"}
    assert feet["Largest weight (mean weights)"] == pytest.approx(2.0, abs=1e-6)
    assert not any("argin of error" in name for name, _ in report.facts)


def test_the_list_finds_what_the_direct_question_hides(report: AnalysisReport) -> None:
    rows = cells(part(report, "lost-confidence"))
    listed, error = rows["Share, list experiment"][:2]
    direct = rows["Share, asked directly"][0]
    assert abs(listed - 0.41) < 2 * error  # 41 % of the respondents as made
    assert direct < 0.18
    assert rows["Direct less list"][3] < 0  # the upper limit
    assert rows["Direct less list"][0] == pytest.approx(direct - listed)


def test_likert_bars_add_up(report: AnalysisReport) -> None:
    figure = part(report, "institutions")
    assert isinstance(figure, LikertFigure)
    assert len(figure.items) == 5
    for item in figure.items:
        assert np.isclose(sum(item.shares), 1)


def test_hypotheses_have_verdicts(report: AnalysisReport) -> None:
    assert [row.cells[-1] for row in part(report, "hypotheses").rows] == ["as expected"] * 3
