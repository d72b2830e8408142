"""The folder of a run: complete, sealed, and enough to run the study again."""

import json
import shutil

import pytest

from scslab.core.errors import ScslabError
from scslab.core.files import sha256
from scslab.lab.run import read_run
from scslab.report.page import write_report
from scslab.study.read import read_study
from small import (
    BREACH,
    everything,
    listing_study,
    monthly,
    months,
    run,
    study,
    totals,
)

TABLES = ("tallies", "measures", "histograms")
OTHERS = {
    "none": {"says": "Without notice", "set": {"safeguards": []}},
    "more": {"says": "Notice and a limit", "set": {"safeguards": ["notice", "five-years"]}},
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("everything")
    file = everything(folder)
    found = run(file, seed=5, out=folder / "run", draw=write_report)
    return folder / "run", found


def manifest(folder) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_the_manifest_seals_every_other_file(written):
    folder, _ = written
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(manifest(folder)["outputs"]) == files - {"manifest.json"}
    for name, digest in manifest(folder)["outputs"].items():
        assert sha256(folder / name) == digest


def test_a_run_folder_holds_what_it_should(written):
    folder, _ = written
    expected = {"study.yaml", "report.html", "survey-wave.parquet", "manifest.json"}
    expected |= {f"{t}.parquet" for t in TABLES}
    expected |= {f"regimes/{r}/regime.yaml" for r in ("points-and-list", "debtors", "joined")}
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert expected <= files


def test_the_manifest_says_what_the_run_is(written):
    folder, found = written
    said = manifest(folder)
    assert said["synthetic"] is True
    assert said["seed"] == 5
    assert said["persons"] == 4000
    assert said["scale"] == said["stands_for"] / 4000 == 1.0
    assert (said["first_month"], said["last_month"]) == ("2020-01", "2021-02")
    assert said["regimes"] == ["points-and-list", "debtors", "joined"]
    assert said["lists"] == said["regimes"]
    assert said["scored"] == ["points-and-list", "joined"]
    assert said["grades"] == {"points-and-list": ["A", "B", "C"]}
    assert said["surveys"] == ["wave"]
    assert {"fingerprint", "versions", "rules_sha256", "timings", "warnings"} <= set(said)
    assert said["fingerprint"] == found.manifest["fingerprint"]


def test_the_scale_is_real_persons_for_each_simulated_one(tmp_path):
    stands_for = {"unit": "persons", "rows": months(1_000_000)["rows"]}
    society = {"margins": "cn-2018", "persons": 2000, "stands_for": stands_for}
    file = listing_study(tmp_path, society=society, length=1)
    assert run(file).manifest["scale"] == 500.0


def test_what_decides_the_results_decides_the_fingerprint(tmp_path):
    def mark(file, **more):
        return run(file, **more).manifest["fingerprint"]

    file = listing_study(tmp_path)
    first = mark(file)
    assert mark(file, threads=2, shards=3) == first
    others = [
        mark(file, seed=2),
        mark(file, persons=1999),
        mark(file, months=11),
        mark(listing_study(tmp_path, 11)),
        mark(listing_study(tmp_path, conduct={BREACH: {"rate": monthly(0.03)}})),
    ]
    assert len({first, *others}) == 6


def test_a_run_reads_back_as_it_was(written):
    folder, found = written
    again = read_run(folder)
    for name in ("records", "listings", "exits", "scores", "grades", "objections", "measures"):
        for by in ([], ["sex"], ["region", "sex"]):
            one, two = found.table(name, by=by), again.table(name, by=by)
            assert list(one.columns) == list(two.columns)
            assert one.astype(str).equals(two.astype(str)), name
    assert again.histograms["persons"].tolist() == found.histograms["persons"].tolist()
    assert again.surveys["wave"]["weight"].tolist() == found.surveys["wave"]["weight"].tolist()
    assert again.manifest["fingerprint"] == found.manifest["fingerprint"]


@pytest.mark.parametrize(
    "name", ["tallies.parquet", "survey-wave.parquet", "study.yaml", "regimes/debtors/regime.yaml"]
)
@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_harmed_file_is_found(written, tmp_path, name, harm):
    copy = tmp_path / "copy"
    shutil.copytree(written[0], copy)
    assert read_run(copy)
    if harm == "missing":
        (copy / name).unlink()
    else:
        data = bytearray((copy / name).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / name).write_bytes(bytes(data))
    with pytest.raises(ScslabError, match=harm) as error:
        read_run(copy)
    assert name in str(error.value)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"outputs": 3}', "not json"])
def test_a_broken_manifest_is_one_message(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ScslabError, match="manifest"):
        read_run(tmp_path)


def test_what_is_no_run_folder_is_told(tmp_path):
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(ScslabError, match="not a run folder"):
            read_run(folder)


def test_the_studys_copy_gives_the_same_run_again(written, tmp_path):
    folder, _ = written
    run(read_study(folder), seed=5, out=tmp_path / "again")
    for name in (*TABLES, "survey-wave"):
        digest = sha256(folder / f"{name}.parquet")
        assert sha256(tmp_path / "again" / f"{name}.parquet") == digest
    assert manifest(tmp_path / "again")["fingerprint"] == manifest(folder)["fingerprint"]


def test_the_copy_of_a_smaller_and_shorter_run_gives_that_run_again(tmp_path):
    file = everything(tmp_path)
    run(file, persons=900, months=6, out=tmp_path / "run")
    run(read_study(tmp_path / "run"), out=tmp_path / "again")
    one, two = (sha256(tmp_path / r / "tallies.parquet") for r in ("run", "again"))
    assert one == two
    assert manifest(tmp_path / "again")["last_month"] == "2020-06"


def test_the_copy_keeps_changes_of_rules(tmp_path):
    changes = {"lists.listed.stays": months(3, ("2020-06-01", 5))}
    run(listing_study(tmp_path, 12, changes=changes), out=tmp_path / "run")
    shutil.rmtree(tmp_path / "a-list")  # the run folder stands alone
    run(read_study(tmp_path / "run"), out=tmp_path / "again")
    one, two = (sha256(tmp_path / r / "tallies.parquet") for r in ("run", "again"))
    assert one == two


def test_the_copy_lays_safeguards_and_those_of_variants_once(tmp_path):
    file = listing_study(tmp_path, safeguards=["notice"], variants=OTHERS)
    found = run(file, seed=4, out=tmp_path / "run")
    again = run(read_study(tmp_path / "run"), seed=4)
    assert again.tallies.equals(found.tallies)
    for name in OTHERS:
        assert again.variants[name].tallies.equals(found.variants[name].tallies), name
    heard = [one.tallies["heard"].sum() for one in (found, *found.variants.values())]
    assert heard[0] == heard[2] > 0 == heard[1]
    assert (tmp_path / "run" / "as-written" / "a-list" / "regime.yaml").read_text() == (
        tmp_path / "a-list" / "regime.yaml"
    ).read_text()


def test_the_copy_keeps_rows_that_end_a_value(tmp_path):
    """`value: null` says that a rule ended; the copy must say so too."""
    changes = {"lists.listed.stays": months(3, ("2020-06-01", None))}
    conduct = {BREACH: {"rate": {**monthly(0.02), "rows": monthly(0.02)["rows"]}}}
    row = {"from": "2020-09-01", "value": None, "source": "made-up", "at": "here"}
    conduct[BREACH]["rate"]["rows"].append(row)
    found = run(listing_study(tmp_path, 12, changes=changes, conduct=conduct), out=tmp_path / "run")
    assert (totals(found, "acts")[8:] == 0).all()
    again = run(read_study(tmp_path / "run"))
    assert (totals(again, "listed") == totals(found, "listed")).all()


def test_the_copy_of_a_study_with_margins_in_a_folder_stands_alone(tmp_path):
    folder = tmp_path / "here"
    (folder / "people").mkdir(parents=True)
    text = (
        "attributes: {sex: [female, male]}\n"
        "margins: [{over: [sex], shares: {female: 0.5, male: 0.5}}]\n"
    )
    (folder / "people" / "margins.yaml").write_text(text)
    file = listing_study(folder, margins="people")
    run(file, out=tmp_path / "run")
    run(read_study(tmp_path / "run"), out=tmp_path / "again")
    one, two = (sha256(tmp_path / r / "tallies.parquet") for r in ("run", "again"))
    assert one == two


def test_nothing_is_written_without_a_folder(tmp_path):
    file = listing_study(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    run(file)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_in_use_is_refused_before_the_work(tmp_path):
    file = listing_study(tmp_path)
    done = []
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    with pytest.raises(ScslabError, match="not empty"):
        run(file, out=tmp_path / "run", progress=lambda *a: done.append(a))
    assert done == []
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": None}, "seed"),
        ({"threads": 0}, "threads"),
        ({"shards": 0}, "shards"),
        ({"shards": 2.0}, "shards"),
        ({"persons": 0}, "persons"),
        ({"persons": -5}, "persons"),
        ({"persons": 2_000_000_000}, "persons"),
        ({"persons": 10.5}, "persons"),
        ({"months": 0}, "months"),
        ({"months": 1.5}, "months"),
    ],
)
def test_a_wrong_option_is_one_message(tmp_path, options, word):
    with pytest.raises(ScslabError, match=word):
        run(listing_study(tmp_path), **options)


def test_more_months_than_the_study_has_are_refused(tmp_path):
    with pytest.raises(ScslabError, match="the study has 12 months"):
        run(listing_study(tmp_path), months=500)


def test_one_person_is_enough(tmp_path):
    found = run(everything(tmp_path, surveys=[]), persons=1, shards=5)
    assert totals(found, "covered", "debtors").tolist() == [1] * 14


def test_progress_is_told_month_by_month(tmp_path):
    told = []
    run(listing_study(tmp_path), progress=lambda done, of: told.append((done, of)))
    assert told == [(i, 12) for i in range(1, 13)]


def test_a_study_without_conduct_is_refused(tmp_path):
    with pytest.raises(ScslabError, match="a study needs at least one of conduct"):
        study(tmp_path, conduct={}, agencies={}, regimes=[])
