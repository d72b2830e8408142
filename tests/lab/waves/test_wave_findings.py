"""Published findings beside a study: rows over seeds, roles, files, and studies without waves."""

import csv
import json

import numpy as np
import pytest

from scslab import findings
from scslab.cli.findings import findings_text
from scslab.core.errors import ScslabError
from scslab.evaluation.findings import findings as known
from scslab.evaluation.ledger.records import Measured
from scslab.evaluation.ledger.summary import write_ledger_csv
from scslab.lab.waves.fitting import moment_value
from scslab.lab.waves.seeds import over_seeds
from small_wave import small_study, wave
from small_wave_parts import LEDGER

SEEDS = (1, 2, 5)
PRODUCED = {"K01", "K02", "K04", "K05", "K06", "K16", "K17", "K25", "K27", "K56", "K57", "K59"}
NO_WAVE = "the study fields no questionnaire and compares no such figure"
HEADER = "id,source,quantity,group,kind,value,n,note\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return small_study(tmp_path_factory.mktemp("findings"))


@pytest.fixture(scope="module")
def rows(study):
    return {row.id: row for row in findings(study, seeds=SEEDS, threads=1)}


@pytest.fixture(scope="module")
def results(study):
    return [found["first"] for found in over_seeds(study, SEEDS)]


def test_a_row_for_every_finding_in_their_order(rows):
    assert list(rows) == list(known())
    produced = {name for name, row in rows.items() if row.agrees != "cannot be produced"}
    assert produced == PRODUCED
    for name, row in rows.items():
        one = known()[name]
        assert (row.source, row.quantity, row.group) == (one.source, one.quantity, one.group)
        assert (row.kind, row.printed) == (one.kind, one.value)
        if name in PRODUCED:
            assert row.seeds == 3 and row.agrees in ("yes", "no")
        else:
            assert row.reason and not row.simulated


def test_figures_are_means_over_seeds(rows, results):
    said = [r.fielded.answers.frame for r in results]
    approves = [f["approval"].isin((4, 5)) for f in said]
    assert rows["K01"].simulated[0] == pytest.approx(np.mean([a.mean() for a in approves]))
    urban = [a[f["residence"] == 1].mean() for a, f in zip(approves, said, strict=True)]
    assert rows["K05"].simulated[0] == pytest.approx(np.mean(urban))
    assert rows["K59"].simulated[0] == pytest.approx(np.mean([f["residence"].mean() for f in said]))
    strongly = [(f["approval"] == 5).mean() for f in said]
    assert rows["K04"].simulated[0] == pytest.approx(np.mean(strongly))


def test_a_printed_value_agrees_where_it_lies_in_the_interval(rows):
    for name in PRODUCED - {"K25", "K27", "K16", "K17"}:
        row = rows[name]
        inside = row.low[0] <= float(row.printed) <= row.high[0]
        assert (row.agrees == "yes") == inside, row
        assert row.low[0] < row.simulated[0] < row.high[0]
    assert {rows[name].agrees for name in PRODUCED} == {"yes", "no"}


def test_signs_are_judged_by_how_many_seeds_show_them(rows):
    # Urban residence was planted with 0.5, sex with nothing.
    assert rows["K27"].shown_as_printed == 1.0 and rows["K27"].agrees == "yes"
    assert rows["K25"].shown_as_printed < 0.5 and rows["K25"].agrees == "no"
    assert rows["K27"].simulated[0] == pytest.approx(0.5, abs=0.25)


def test_roles_are_those_of_the_ledger(rows):
    roles = {name: row.role for name, row in rows.items()}
    assert {name for name, role in roles.items() if role == "fitted"} == {"K01", "K04"}
    assert {name for name, role in roles.items() if role == "input"} == {"K59"}


def test_findings_of_other_surveys_are_not_produced(rows):
    assert rows["L01"].reason == "it is of another survey: Liu 2022"
    assert rows["X01"].reason == "it is of another survey: Xu Kostka Cao 2022"
    assert rows["S02"].reason == "a survey of some persons gives no count of all"
    assert rows["K08"].reason == "no quantity of this wording"


def test_the_csv_has_a_line_a_finding(rows, tmp_path):
    write_ledger_csv(list(rows.values()), tmp_path / "ledger.csv")
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [line["id"] for line in found] == list(rows)
    first = found[0]
    assert first["printed"] == "0.80" and first["role"] == "fitted"
    assert float(first["simulated"]) == pytest.approx(rows["K01"].simulated[0], rel=1e-3)
    assert float(first["low"]) < float(first["simulated"]) < float(first["high"])
    missing = next(line for line in found if line["id"] == "L01")
    assert missing["agrees"] == "cannot be produced" and missing["simulated"] == ""


def test_the_command_says_and_writes_the_same(study, rows, tmp_path):
    path = tmp_path / "ledger.csv"
    text = findings_text(str(study.folder), 2, None, None, path, 1, True)
    assert text.startswith("A small study (synthetic)\n")
    assert "K27  effect of urban residence on approval" in text
    assert "all: " in text and f"{len(known()) - len(PRODUCED)} cannot be produced" in text
    assert f"findings: {path}" in text
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(rows) + 1
    with pytest.raises(ScslabError, match="no such folder"):
        findings_text(str(study.folder), 2, None, None, tmp_path / "no" / "x.csv", 1, True)


def test_the_result_does_not_depend_on_threads(study, rows):
    assert {r.id: r for r in findings(study, seeds=SEEDS, threads=3)} == rows


def test_so_many_seeds_are_counted_from_one(study):
    assert findings(study, seeds=2, threads=1) == findings(study, seeds=[1, 2], threads=1)
    with pytest.raises(ScslabError, match="seeds must be a whole number from 1 on"):
        findings(study, seeds=0)


def test_another_size_of_the_society(study):
    told = []
    row = findings(study, seeds=1, persons=3000, progress=lambda *x: told.append(x), threads=1)[0]
    assert row.seeds == 1 and told == [(1, 1)]
    assert row.simulated != findings(study, seeds=1, threads=1)[0].simulated


# Findings from a file


UNSEEN = HEADER + (
    "N1,A new paper,strongly approves,rural,share,0.30,500,\n"
    "N2,A new paper,effect of age on approval,all,sign,+,500,significant\n"
    "N3,A new paper,owns a dog,all,share,0.20,500,\n"
    "N4,A new paper,neither approves nor disapproves,urban,share,0.99,500,\n"
    "N5,A new paper,approves,all,share,0.80,2209,\n"
)


@pytest.fixture(scope="module")
def unseen(study, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "new.csv"
    path.write_text(UNSEEN, encoding="utf-8")
    return {row.id: row for row in findings(study, seeds=SEEDS, file=path, threads=1)}


def test_a_finding_that_nobody_has_seen_is_produced(unseen, results):
    assert list(unseen) == ["N1", "N2", "N3", "N4", "N5"]
    said = [r.fielded.answers.frame for r in results]
    rural = [(f["approval"][f["residence"] == 0] == 5).mean() for f in said]
    row = unseen["N1"]
    assert row.simulated[0] == pytest.approx(np.mean(rural))
    assert row.role == "held out" and row.agrees in ("yes", "no")
    assert unseen["N4"].agrees == "no"


def test_what_cannot_be_produced_says_why(unseen):
    for name in ("N2", "N3"):
        row = unseen[name]
        assert row.agrees == "cannot be produced" and row.reason and not row.simulated, row
    assert unseen["N3"].reason == "no quantity of this wording"


def test_what_was_fitted_is_fitted_under_any_name(unseen):
    assert unseen["N5"].role == "fitted"


def test_a_file_that_is_none_is_refused(study, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("id,quantity\nN1,approves\n", encoding="utf-8")
    with pytest.raises(ScslabError, match='column "source" is missing'):
        findings(study, seeds=1, file=path)


# Studies without waves, without a ledger, with two waves


@pytest.fixture(scope="module")
def debtors():
    return {r.id: r for r in findings("judgment-debtors", seeds=3, persons=20_000, threads=1)}


def test_a_study_without_waves_gives_its_comparisons(debtors):
    assert list(debtors) == list(known())
    produced = {name for name, row in debtors.items() if row.agrees != "cannot be produced"}
    assert produced >= {"S02", "S03", "S04", "S05", "S06", "S07", "K01"}
    roles = {name: debtors[name].role for name in ("S02", "S03", "S04", "S05")}
    assert roles == {"S02": "fitted", "S03": "held out", "S04": "fitted", "S05": "held out"}
    for name in ("S02", "S03"):
        row = debtors[name]
        assert row.low[0] < row.simulated[0] < row.high[0] and row.seeds == 1
        assert row.simulated[0] == pytest.approx(float(row.printed), rel=0.5)
    assert debtors["L01"].reason == NO_WAVE


def test_a_finding_of_a_file_is_found_among_comparisons_by_what_it_says(debtors, tmp_path):
    path = tmp_path / "counts.csv"
    one = known()["S03"]
    path.write_text(
        HEADER
        + f"C9,somebody,{one.quantity},{one.group},count,12000000,,\n"
        + "C8,somebody,cumulative entries on another list,end of 2018,count,12000000,,\n",
        encoding="utf-8",
    )
    rows = findings("judgment-debtors", seeds=1, persons=20_000, file=path, threads=1)
    assert [row.id for row in rows] == ["C9", "C8"]
    assert rows[0].simulated == debtors["S03"].simulated
    assert rows[0].printed == "12000000" and rows[0].agrees in ("yes", "no")
    assert rows[1].agrees == "cannot be produced" and rows[1].reason == NO_WAVE


def test_of_two_waves_the_first_that_can_answers(tmp_path):
    quantities = [q for q in LEDGER["quantities"] if "strongly approves" not in q["says"]]
    less = LEDGER | {"quantities": quantities, "roles": {"fitted": ["K01"]}}
    folder = tmp_path
    one = wave(findings="less.yaml")
    two = wave(id="second", findings="findings.yaml")
    study = small_study(folder, one, two, persons=3000)
    (folder / "less.yaml").write_text(json.dumps(less), encoding="utf-8")
    (folder / "findings.yaml").write_text(json.dumps(LEDGER | {"wave": "second"}), encoding="utf-8")
    rows = {row.id: row for row in findings(study, seeds=[4], threads=1)}
    (results,) = over_seeds(study, [4])
    first, second = (results[name].fielded.answers.frame for name in ("first", "second"))
    assert rows["K01"].simulated[0] == pytest.approx(first["approval"].isin((4, 5)).mean())
    assert rows["K04"].simulated[0] == pytest.approx((second["approval"] == 5).mean())
    assert not first.equals(second)


def test_a_wave_without_a_ledger_says_so(tmp_path):
    asked = wave()
    del asked["findings"]
    study = small_study(tmp_path, asked, persons=2000)
    row = findings(study, seeds=1, threads=1)[0]
    assert row.agrees == "cannot be produced"
    assert row.reason == (
        "no questionnaire of the study says how published figures are computed from it"
    )


def test_a_ledger_of_another_wave_is_refused(tmp_path):
    study = small_study(tmp_path, persons=2000, ledger={"wave": "other"})
    with pytest.raises(ScslabError) as caught:
        findings(study, seeds=1, threads=1)
    ledger = study.folder / "findings.yaml"
    assert str(caught.value) == (
        f"{ledger}:3: wave: this is the ledger of another wave\n  got: other\n  expected: first"
    )


def test_a_sign_without_a_figure_has_no_z_value():
    assert np.isnan(moment_value(known()["K25"], Measured(float("nan"), float("nan"), 0)))
