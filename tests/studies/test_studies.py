"""The studies that come with the laboratory are sound, sourced and as well fitted as they say."""

from __future__ import annotations

import re

import numpy as np
import pytest
import yaml
from remake_expected import STUDIES, names

from scslab import read_study, simulate
from scslab.cli.checks import check_path
from scslab.core.calendar import month
from scslab.core.values import walk_dated
from scslab.evaluation.findings import finding
from scslab.lab.month import month_of_world
from scslab.lab.world import build_world
from scslab.study.read import walk_varies

GUESSED = {"assumption", "calibration"}
NEAR = 0.05


@pytest.fixture(scope="module")
def full_run():
    """A study at its own size with seed 1, run once for all tests of this file."""
    runs = {}

    def run(name):
        if name not in runs:
            runs[name] = simulate(read_study(STUDIES / name), seed=1)
        return runs[name]

    return run


@pytest.mark.parametrize("name", names())
def test_check_passes(name):
    assert f"study {name} is sound" in check_path(str(STUDIES / name))


@pytest.mark.parametrize("name", names())
def test_every_value_says_where_it_comes_from(name):
    study = read_study(STUDIES / name).study
    for place, dated in walk_dated(study):
        for row in dated.rows:
            source = study.sources[row.source]
            if source.kind in GUESSED:
                assert source.because and row.between, place
                assert row.between[0] < row.between[1], f"{place}: a range of one value"
            else:
                assert row.at and row.between is None, place
                assert source.date and source.read, f"{row.source}: when issued, and what was read"
    for place, varies in walk_varies(study):
        assert varies.source in study.sources, place


@pytest.mark.parametrize("name", names())
def test_no_source_is_left_over(name):
    study = read_study(STUDIES / name).study
    used = {row.source for _, dated in walk_dated(study) for row in dated.rows}
    used |= {varies.source for _, varies in walk_varies(study)}
    assert set(study.sources) == used


@pytest.mark.parametrize("name", names())
def test_a_value_taken_from_a_finding_is_that_finding(name):
    study = read_study(STUDIES / name).study
    for place, dated in walk_dated(study):
        for row in dated.rows:
            cited = re.search(r"\b([A-Z]\d\d)\b", row.at or "")
            if cited:
                assert row.value == finding(cited[1]).number, place


@pytest.mark.parametrize("name", names())
def test_finished_texts_are_there(name):
    readme = (STUDIES / name / "README.md").read_text(encoding="utf-8")
    for part in ("## What is known", "## What is assumed", "## Run it", "## What it cannot tell"):
        assert part in readme
    assert f"scslab simulate {name} --seed 1" in readme
    expected = yaml.safe_load((STUDIES / name / "expected.yaml").read_text(encoding="utf-8"))
    assert expected["study"] == name


@pytest.mark.parametrize("name", ["judgment-debtors", "app-score"])
def test_what_was_calibrated_is_met(name, full_run):
    """Within 5 %, or the published figure lies in the simulated figure's interval."""
    calibrated = [c for c in full_run(name).summary.comparisons if c.role == "calibrated"]
    assert calibrated
    for row in calibrated:
        low, high = row.interval or (row.simulated, row.simulated)
        off = abs(row.simulated / row.published - 1)
        assert off <= NEAR or low <= row.published <= high, (row.finding, row.simulated)


def records_per_1000(name, when):
    """Records that reach the first regime in a year for 1,000 persons, by act, as rates say."""
    world = build_world(read_study(STUDIES / name), 0)
    now = month_of_world(world, month(when) - world.months[0], None)
    people = np.bincount(world.people.kind, np.diff(world.people.cell_start), world.kinds.count)
    monthly = (now.rates.candidates * people).sum(axis=1) / people.sum() / (now.rates.frailty + 1)
    seen = monthly * 12_000 * now.faults.detection * now.faults.coverage[:, 0]
    return dict(zip(world.conducts, seen.tolist(), strict=True))


def test_city_keeps_to_the_order_of_its_file_of_2015():
    """260,000 bad and 33,000 good entries on 590,000 persons, if gathered in four years."""
    yearly = records_per_1000("city-points", "2016-06")
    good = yearly.pop("honour.city") + yearly.pop("civic.volunteering")
    listed_only = {"judgment.refused", "safety.grave-harm", "market.fraud", "defence.refused"}
    bad = sum(rate for act, rate in yearly.items() if act not in listed_only)
    assert bad == pytest.approx(260_000 / 590 / 4, rel=NEAR)
    assert good == pytest.approx(33_000 / 590 / 4, rel=NEAR)


def test_city_loses_members_when_it_must_ask(full_run):
    scores = full_run("city-points").table("scores")
    scored = dict(zip(scores["month"].astype(str), scores["scored"], strict=True))
    assert scored["2016-01"] == 0  # the first rules are of 5 January
    assert scored["2016-02"] == scored["2021-06"] == 590_000
    assert 0.4 < scored["2021-07"] / 590_000 < 0.6
    listings = full_run("city-points").table("listings")
    entries = listings.groupby(listings["month"].astype(str))["entries"].sum()
    assert entries[:"2020-09"].sum() == 0 < entries["2020-10":].sum()


def test_app_is_used_by_as_many_respondents_as_published(full_run):
    """Finding K08; the share of members is computed from the respondents' attributes."""
    run = full_run("app-score")
    world = build_world(read_study(STUDIES / "app-score"), 1)
    now = month_of_world(world, month("2018-03") - world.months[0], None)
    shares = now.members[0].share * now.rules.covered[0]
    attributes = list(world.kinds.codes)
    kinds = zip(
        *(np.array(world.kinds.attributes[a])[world.kinds.codes[a]] for a in attributes),
        strict=True,
    )
    share_of = dict(zip(kinds, shares, strict=True))
    answers = run.surveys["approval"]
    shares = [share_of[row] for row in answers[attributes].itertuples(index=False, name=None)]
    found = np.average(shares, weights=answers["weight"])
    assert found == pytest.approx(finding("K08").number, rel=NEAR)


def test_most_app_scores_lie_in_the_middle_bands(full_run):
    run = full_run("app-score")
    grades = run.table("grades")
    last = grades[grades["month"].astype(str) == run.manifest["last_month"]]
    persons = dict(zip(last["grade"], last["persons"], strict=True))
    middle = sum(persons[grade] for grade in ("medium", "good", "excellent"))
    assert middle > 0.75 * sum(persons.values())
