"""The samples of schools under each design of the example, against R."""

import csv
from pathlib import Path

import numpy as np
import pytest

import scslab
from reference.values import load
from scslab.core.printed import ResultTable

SCHOOLS = Path(__file__).resolve().parents[2] / "examples" / "schools"
# pw is rounded to six decimals.
DESIGNS = {
    "strat": ("apistrat", "estimates", "strat/by-mean"),
    "strat-jkn": ("apistrat", "replicates", "strat_JKn/by-mean"),
    "two-stage": ("apiclus2", "estimates", "clus2/by-mean"),
}


def tables(file: str, design: str) -> dict[str, ResultTable]:
    report = scslab.analyse(
        SCHOOLS / f"{file}.csv",
        analysis=SCHOOLS / "analysis.yaml",
        design=SCHOOLS / f"{design}.yaml",
    )
    parts = [part for section in report.sections for part in section.parts]
    return {part.id: part for part in parts if isinstance(part, ResultTable)}


def figures(table: ResultTable, first: int) -> tuple[list[float], list[float]]:
    """Estimates and standard errors: two columns from the first on."""
    rows = [[float(str(c)) for c in row.cells[first : first + 2]] for row in table.rows]
    return [a for a, _ in rows], [b for _, b in rows]


@pytest.mark.parametrize("design", DESIGNS)
def test_means_by_kind_equal_r(design: str) -> None:
    file, values, record = DESIGNS[design]
    told = load(values)[record]["values"]
    means, errors = figures(tables(file, design)["index-by-kind"], 1)
    np.testing.assert_allclose(means, told["estimate"], rtol=1e-6)
    np.testing.assert_allclose(errors, told["se"], rtol=1e-5)


def test_the_two_stage_ratio_and_logit_equal_r() -> None:
    found = tables("apiclus2", "two-stage")
    ratio = load("estimates")["clus2/ratio"]["values"]
    values, errors = figures(found["tested"], 1)
    np.testing.assert_allclose(values, ratio["estimate"], rtol=1e-6)
    np.testing.assert_allclose(errors, ratio["se"], rtol=1e-5)
    logit = load("models")["clus2/logit"]["values"]
    rows = found["target-table"].rows
    body = [float(str(r.cells[1])) for r in rows if r.kind == "body"]
    beneath = [float(str(r.cells[1])) for r in rows if r.kind == "beneath"]
    np.testing.assert_allclose(body, logit["estimate"], rtol=1e-6)
    np.testing.assert_allclose(beneath, logit["se"], rtol=1e-5)


def test_the_calibrated_mean_equals_r() -> None:
    told = load("weights")["strat/calibrate-raking-margins/mean"]["values"]
    means, errors = figures(tables("apistrat", "calibrated")["index"], 0)
    assert means == pytest.approx(told["estimate"][:1], rel=1e-6)
    assert errors == pytest.approx(told["se"][:1], rel=1e-5)


def test_the_files_are_those_of_r() -> None:
    for name in ("apistrat", "apiclus2"):
        original = Path(__file__).resolve().parents[1] / "reference" / "data" / f"{name}.csv"
        with original.open(newline="") as file:
            theirs = list(csv.DictReader(file))
        with (SCHOOLS / f"{name}.csv").open(newline="") as file:
            ours = list(csv.DictReader(file))
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs, strict=True):
            same = {k: v for k, v in mine.items() if k != "pw"}
            assert same == {k: other[k] for k in same}
            assert float(mine["pw"]) == pytest.approx(float(other["pw"]), abs=1e-6)
