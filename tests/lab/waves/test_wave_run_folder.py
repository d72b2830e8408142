"""What a run writes of its waves: a report, tables, answers, and what the respondents think."""

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from scslab import read_run, simulate
from scslab.core.errors import ScslabError
from scslab.core.files import sha256
from scslab.lab.frames import read_parquet
from scslab.survey.file.read import read_answers
from small_wave import small_study, wave
from small_wave_parts import chance, number

SAFER = {"risk": chance(0.0), "answers": {"approval": {"1": 3, "2": 3}}}
AGAIN = {"id": "again", "sample": {"kind": "panel", "of": "first", "wanted": 200}}
FILES = ("report.html", "answers.sav", "codebook.xml", "truth.parquet")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waves")
    field = {"safer": SAFER, "skips": number(0.02, 0, 1)}
    study = small_study(folder / "study", wave(field=field), wave(field=field, **AGAIN))
    run = simulate(study, seed=1, out=folder / "run", threads=1)
    return folder / "run", run


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_each_wave_has_its_folder(written):
    folder, run = written
    assert list(run.waves) == ["first", "again"]
    for name in run.waves:
        inside = folder / f"wave-{name}"
        assert set(FILES) <= {p.name for p in inside.iterdir()}
        tables = {p.name for p in (inside / "tables").iterdir()}
        assert {"survey-errors.csv", "m1-table.csv", "framing-news.csv"} <= {
            t for t in tables if t.endswith(".csv")
        }, sorted(tables)


def test_the_manifest_lists_waves_and_hashes_of_their_files(written):
    folder, _ = written
    found = manifest(folder)
    assert found["waves"] == ["first", "again"]
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(found["outputs"]) == files - {"manifest.json"}
    for name in FILES:
        path = f"wave-first/{name}"
        assert found["outputs"][path] == sha256(folder / path)


def test_the_report_shows_truth_beside_measurement(written):
    folder, run = written
    page = (folder / "wave-first" / "report.html").read_text(encoding="utf-8")
    error = run.waves["first"].result.errors[0]
    for text in (
        "Truth beside measurement",
        "Total survey error of the headlines",
        "No real survey can show this table",
        "Experiment: news on social credit",
        "Published findings",
        "Fieldwork",
        f"{100 * error.truth:.2f}",
        f"{100 * error.measured:.2f}",
        "synthetic",
    ):
        assert text in page, text


def test_truth_stands_beside_the_answers_in_their_order(written):
    folder, run = written
    for name, report in run.waves.items():
        truth = read_parquet(folder / f"wave-{name}" / "truth.parquet")
        pd.testing.assert_frame_equal(truth, report.truth)
        said = report.result.fielded.answers.frame
        assert len(truth) == len(said)
        same = truth["approval"] == said["approval"]
        turned = said["approval"].notna() & ~same
        assert 0 < turned.sum() < 80
        assert set(truth["approval"][turned]) <= {1.0, 2.0}
        assert (said["approval"][turned] == 3).all()
        assert truth["approval"].notna().all() and said["approval"].isna().any()


def test_no_file_of_a_wave_holds_the_number_of_a_person(written):
    folder, run = written
    for name, report in run.waves.items():
        inside = folder / f"wave-{name}"
        persons = report.result.fielded.respondents.who.persons
        truth = read_parquet(inside / "truth.parquet")
        answers = read_answers(inside / "answers.sav").frame
        for frame in (truth, answers):
            words = re.compile("person|subject|number|cell|kind|district|id$")
            assert not [c for c in frame.columns if words.search(c)]
            for column in frame.columns:
                values = frame[column].to_numpy(dtype=float)
                assert not np.array_equal(values, persons), column
                if np.nanmin(values) == np.nanmax(values):
                    continue
                held = pd.Series(values).corr(pd.Series(persons.astype(float)), method="spearman")
                assert not abs(held) > 0.9, column


def test_answers_are_read_back_with_their_dictionary(written):
    folder, run = written
    found = read_answers(folder / "wave-first" / "answers.sav")
    mine = run.waves["first"].analysed.answers
    assert found.n == mine.n == 600
    for name in ("approval", "confidence", "systems_app", "support", "list_count"):
        one, two = found.array(name), mine.array(name)
        assert np.array_equal(np.isnan(one), np.isnan(two)), name
        assert np.array_equal(one[~np.isnan(one)], two[~np.isnan(two)]), name
    assert found.variables["approval"].labels[5.0] == "yes"
    assert found.variables["score_app"].label == mine.variables["score_app"].label
    unasked = {c.code for c in found.variables["score_app"].missing if c.label == "not asked"}
    assert unasked == {-3.0}


def test_a_run_with_waves_is_read_back(written):
    folder, run = written
    again = read_run(folder)
    assert again.manifest["waves"] == ["first", "again"]
    assert again.manifest["fingerprint"] == run.manifest["fingerprint"]
    assert again.table("listings").equals(run.table("listings"))


@pytest.mark.parametrize("name", ["truth.parquet", "report.html", "answers.sav"])
def test_a_harmed_file_of_a_wave_is_found(written, tmp_path, name):
    copy = tmp_path / "copy"
    shutil.copytree(written[0], copy)
    with (copy / "wave-again" / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ScslabError, match="has changed since it was written"):
        read_run(copy)


def test_warnings_of_a_wave_stand_in_the_manifest(tmp_path):
    asked = wave(sample={"kind": "river", "wanted": 1200})
    run = simulate(small_study(tmp_path, asked, persons=1000), seed=1, threads=1)
    (warning,) = [w for w in run.manifest["warnings"] if w.startswith("wave first: ")]
    assert warning == (
        "wave first: 300 of 1,200 completes are missing: everybody in the frame was invited. "
        "Simulate more persons"
    )
    assert run.waves["first"].result.fielded.answers.n == 900
    assert warning.removeprefix("wave first: ") in run.waves["first"].report.warnings


def test_nothing_is_left_where_a_wave_cannot_be_fielded(tmp_path):
    asked = wave(field={"starts": chance(-60.0)})
    with pytest.raises(ScslabError, match="nobody completed the questionnaire"):
        simulate(small_study(tmp_path / "s", asked), seed=1, out=tmp_path / "run", threads=1)
    assert not (tmp_path / "run").exists()


def test_the_study_of_a_run_folder_runs_again(written, tmp_path):
    folder, run = written
    again = simulate(folder / "study.yaml", seed=1, threads=1, out=tmp_path / "again")
    assert again.manifest["waves"] == ["first", "again"]
    one, two = (r.waves["first"].result.fielded.answers.frame for r in (run, again))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_the_fingerprint_knows_the_waves(tmp_path):
    def mark(name, **parts):
        study = small_study(tmp_path / name, wave(**parts), persons=2000)
        return simulate(study, seed=1, threads=1).manifest["fingerprint"]

    first = mark("a")
    assert mark("b") == first
    assert mark("c", field={"safer": SAFER}) != first
