"""Cases, picks and refusals: the same story each time, and clear words where there is none."""

import dataclasses

import numpy as np
import pytest
from traced import rich, run_folder

from scslab.core.errors import ScslabError
from scslab.lab.run import read_run
from scslab.lab.trace.cases import CASES, counts, in_order
from scslab.lab.trace.census import FOUND
from scslab.lab.trace.trace import count_cases, live_again, story_of, trace
from small import listing_study, places, share, totals

PERFORMS = {"performs_later": share(0.3)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    base = tmp_path_factory.mktemp("rich")
    return run_folder(rich(base, margins=places(6)), base / "run")


@pytest.fixture(scope="module")
def again(folder):
    return live_again(folder, threads=1)


def test_every_listing_of_the_run_is_counted_once(again):
    run = again.run
    wrong = sum(totals(run, "wrongful_entries", r).sum() for r in run.manifest["regimes"])
    entries = sum(totals(run, "entries", r).sum() for r in run.manifest["regimes"])
    found = {one.name: one.found for one in counts(again.found, again.world, None)}
    assert (found["wrongly-listed"], found["rightly-listed"]) == (wrong, entries - wrong)
    assert found["corrected"] + found["never-corrected"] == found["wrongly-listed"]
    over = sum(totals(run, "wrongs_corrected", r).sum() for r in run.manifest["regimes"])
    assert found["corrected"] == over


def test_a_regime_has_its_own_stories(again):
    by_regime = [counts(again.found, again.world, name) for name in again.run.manifest["regimes"]]
    for number, one in enumerate(counts(again.found, again.world, None)):
        assert sum(mine[number].found for mine in by_regime) == one.found
    story = story_of(again, "wrongly-listed", 1, "city")
    assert any(name == "On city/low" for name, _ in story.facts)


@pytest.mark.parametrize("cut", [{"threads": 2}, {"threads": 1, "shards": 5}])
def test_no_story_depends_on_threads_or_shards(folder, again, cut):
    other = live_again(folder, **cut)
    assert np.array_equal(again.found, other.found)
    for case in ("compounded", "rewarded"):
        assert story_of(other, case, 2) == story_of(again, case, 2)


def test_picks_are_other_persons_in_a_stable_order(again):
    numbers = [story_of(again, "wrongly-listed", pick).subject for pick in (1, 2, 3)]
    assert len(set(numbers)) == 3
    assert numbers == [story_of(again, "wrongly-listed", pick).subject for pick in (1, 2, 3)]


def test_most_happened_then_longest_then_earliest():
    rows = np.zeros(5, FOUND)
    rows["subject"] = [7, 7, 3, 4, 5]
    rows["steps"] = [1, 4, 4, 4, 2]
    rows["begun"] = [0, 2, 5, 1, 0]
    rows["left"] = [9, 6, 9, 5, -1]
    ranked = in_order(rows, 11)
    assert ranked["subject"].tolist() == [4, 7, 3, 5]
    assert ranked["steps"].tolist() == [4, 4, 4, 2]


def test_a_changed_folder_is_refused(tmp_path):
    folder = run_folder(listing_study(tmp_path, length=3), tmp_path / "run")
    rules = folder / "regimes" / "a-list" / "regime.yaml"
    rules.write_text(rules.read_text().replace("value: 12", "value: 11"))
    with pytest.raises(ScslabError, match="has changed since it was written"):
        trace(folder, "rightly-listed")


def test_months_that_come_out_differently_are_refused(tmp_path, monkeypatch):
    folder = run_folder(listing_study(tmp_path, length=3), tmp_path / "run")
    run = read_run(folder)
    other = run.tallies.copy()
    other.loc[3, "acts"] += 1
    changed = dataclasses.replace(run, tallies=other)
    monkeypatch.setattr("scslab.lab.trace.trace.read_run", lambda _: changed)
    with pytest.raises(ScslabError, match="come out differently") as error:
        trace(folder, "rightly-listed", threads=1)
    assert run.manifest["fingerprint"] in str(error.value)


def test_a_run_of_another_size_is_lived_again_as_it_was(tmp_path):
    file = listing_study(tmp_path, practice=PERFORMS)
    folder = run_folder(file, tmp_path / "run", persons=700, months=5)
    story = trace(folder, "rightly-listed", threads=1)
    assert story.last_month == "2020-05"
    assert story.case.found == totals(read_run(folder), "entries").sum()


def test_no_such_case_says_how_many_of_each_there_are(tmp_path):
    folder = run_folder(listing_study(tmp_path, length=3), tmp_path / "run")
    with pytest.raises(ScslabError) as error:
        trace(folder, "wrongly-listed", threads=1)
    persons = count_cases(folder, threads=1)[1].persons
    assert str(error.value) == (
        "--case: no story of this case\n"
        "  got: wrongly-listed\n"
        f"  try: there are: rightly-listed {persons}"
    )
    with pytest.raises(ScslabError, match=f"the run has {persons} of this case"):
        trace(folder, "rightly-listed", persons + 1, threads=1)


def test_mistakes_have_hints(folder, again):
    with pytest.raises(ScslabError, match='did you mean "wrongly-listed"'):
        trace(folder, "wrongly-listd")
    with pytest.raises(ScslabError, match="pick counts from 1"):
        trace(folder, "wrongly-listed", 0)
    with pytest.raises(ScslabError, match='did you mean "courts"'):
        story_of(again, "wrongly-listed", 1, "court")
    with pytest.raises(ScslabError, match="not a run folder"):
        trace(folder / "regimes", "wrongly-listed")


def test_each_case_has_a_name_and_says_what_it_is():
    assert len(CASES) >= 9
    for name, case in CASES.items():
        assert name == case.name and case.says[0].islower() and not case.says.endswith(".")
