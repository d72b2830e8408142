"""The example of the docs: a real file from the command to tables that equal R's."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reference.values import load
from scslab.analysis.model_tables import readable
from scslab.survey.file.read import read_answers

ROOT = Path(__file__).resolve().parents[2]
WVS = ROOT / "examples" / "wvs"
TERMS = ("religion", "degree", "country", "age", "gender")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wvs") / "out"
    done = subprocess.run(
        [Path(sys.executable).with_name("scslab"), "analyse", WVS / "wvs.csv", "--design"]
        + [WVS / "design.yaml", "--analysis", WVS / "analysis.yaml", "--out", out],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Respondents" in done.stdout and "5,381" in done.stdout
    return out


def column(folder: Path, name: str, place: str) -> dict[str, tuple[float, float]]:
    """Estimates and standard errors of one model in a written table, by the rows' names."""
    found: dict[str, tuple[float, float]] = {}
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for above, beneath in zip(rows, rows[1:], strict=False):
        if beneath["row_kind"] == "beneath" and above[place]:
            found[above["term"]] = float(above[place]), float(beneath[place])
    return found


@pytest.mark.parametrize("record", ["docs/wvs-poverty", "wvs/ordered-docs-logit"])
def test_the_ordinal_model_equals_r(folder: Path, record: str) -> None:
    told = load("models")[record]["values"]
    ours = column(folder, "models", "m2")
    names = [
        readable(name, next((t for t in TERMS if name.startswith(t)), name))
        for name in told["names"]
    ]
    assert sorted(ours) == sorted(names)
    estimates, errors = np.array([ours[name] for name in names]).T
    np.testing.assert_allclose(estimates, told["estimate"], rtol=1e-6)
    np.testing.assert_allclose(errors, told["se"], rtol=1e-5)


def test_the_interaction_equals_r(folder: Path) -> None:
    told = load("models")["wvs/ordered-interaction-logit"]["values"]
    # Terms stand in another order, so only the values are compared.
    ours = sorted(column(folder, "models", "m3").values())
    pairs = sorted(zip(told["estimate"], told["se"], strict=True))
    np.testing.assert_allclose([a for a, _ in ours], [a for a, _ in pairs], rtol=1e-6)
    np.testing.assert_allclose([b for _, b in ours], [b for _, b in pairs], rtol=1e-5)


def test_shares_are_those_of_the_file(folder: Path) -> None:
    answers = pd.read_csv(WVS / "wvs.csv")
    expected = answers.groupby("country").poverty.value_counts(normalize=True)
    found = pd.read_csv(folder / "tables" / "poverty-by-country.csv")
    assert len(found) == 12
    for row in found.itertuples():
        assert row.estimate == pytest.approx(expected[row.country, row.level])


def test_the_page_has_no_script_and_no_outside_link(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page and "javascript:" not in page
    links = re.findall(r"""(?:src|href|action)\s*=\s*["']?([^"'\s>]*)""", page)
    links += re.findall(r"""url\(\s*["']?([^"')\s]*)""", page)
    assert len(links) > 5
    assert [link for link in links if not link.startswith(("#", "data:"))] == []
    assert "@import" not in page


def test_the_codebook_is_picked_up(folder: Path) -> None:
    answers = read_answers(WVS / "wvs.csv")
    assert answers.variable("poverty").question.startswith("Do you think that what the government")
    assert answers.variable("religion").says == "Member of a religion"
    assert answers.source in (folder / "report.html").read_text(encoding="utf-8")


def test_the_manifest_has_every_file(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert set(manifest["outputs"]) == there - {"manifest.json"}
    assert manifest["synthetic"] is False
