"""The studies that come with the laboratory are sound, sourced and as well fitted as they say."""

from __future__ import annotations

import re

import numpy as np
import pytest
import yaml
from remake_expected import STUDIES, names, run_small

from scslab import read_study, simulate
from scslab.cli.checks import check_path
from scslab.core.calendar import month
from scslab.core.values import walk_dated
from scslab.evaluation.findings import finding
from scslab.lab.month import month_of_world
from scslab.lab.world import build_world
from scslab.study.read import walk_varies
from scslab.study.variants import variant_file

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


def with_variants(name):
    """A study, and what each of its variants makes of it."""
    file = read_study(STUDIES / name)
    return [file.study, *(variant_file(file, variant).study for variant in file.study.variants)]


@pytest.mark.parametrize("name", names())
def test_every_value_says_where_it_comes_from(name):
    for study in with_variants(name):
        for place, dated in walk_dated(study):
            for row in dated.rows:
                source = study.sources[row.source]
                if source.kind in GUESSED:
                    assert source.because and row.between, place
                    assert row.between[0] < row.between[1], f"{place}: a range of one value"
                else:
                    assert row.at and row.between is None, place
                    assert source.date and source.read, f"{row.source}: issued when, what was read"
        for place, varies in walk_varies(study):
            assert varies.source in study.sources, place


@pytest.mark.parametrize("name", names())
def test_no_source_is_left_over(name):
    used = set()
    for study in with_variants(name):
        used |= {row.source for _, dated in walk_dated(study) for row in dated.rows}
        used |= {varies.source for _, varies in walk_varies(study)}
        used |= {oversight.source for oversight in study.oversight}
    assert set(read_study(STUDIES / name).study.sources) == used


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


OF_ORGANISATIONS = ["firms-and-inspection", "patchwork-2018"]


@pytest.mark.parametrize("name", ["judgment-debtors", "app-score", *OF_ORGANISATIONS])
def test_what_was_calibrated_is_met(name, full_run):
    """Within 5 %, or the published figure lies in the simulated figure's interval."""
    run = run_small(name) if name in OF_ORGANISATIONS else full_run(name)
    calibrated = [c for c in run.summary.comparisons if c.role == "calibrated"]
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


@pytest.fixture(scope="module")
def visits():
    """Visits, and breaches found per visit, of the study of firms and of its variants."""
    run = run_small("firms-and-inspection")
    found = {}
    for name, one in {"by class": run, **run.variants}.items():
        rows = one.inspections[one.inspections["grade"] == "all"]
        made = float(rows["visits"].sum())
        found[name] = made, float(rows["found"].sum()) / made
    return found


@pytest.mark.parametrize(
    ("by_class", "at_random"),
    [("by class", "random"), ("no-persistence", "no-persistence-random")],
)
def test_firms_are_visited_as_often_at_random_as_by_class(by_class, at_random, visits):
    assert visits[at_random][0] == pytest.approx(visits[by_class][0], rel=0.02)


def test_visits_by_class_find_more_because_firms_differ(visits):
    assert visits["by class"][1] > 1.4 * visits["random"][1]


def test_classes_find_nothing_more_once_firms_no_longer_differ(visits):
    """Three standard errors of the two counts, and some 2 % that double visits find for nothing."""
    (made, by_class), (_, at_random) = visits["no-persistence"], visits["no-persistence-random"]
    error = at_random * (2 / (made * at_random)) ** 0.5
    assert abs(by_class - at_random) < 3 * error + 0.02 * at_random
    assert by_class == pytest.approx(visits["random"][1], rel=0.1)


def stopped(run):
    return {row.regime: row.month for row in run.events.itertuples(index=False)}


CITIES_AND_FRAME = (
    "cn-serious-dishonesty-lists",
    "cn-yangzhou-petitioners-2019",
    "cn-dalian-epidemic-2021",
)


def test_oversight_acts_in_the_months_that_the_study_says():
    months = stopped(run_small("contention"))
    outcry = months.pop("cn-pboc-credit-reference")
    assert "2019-06" <= outcry <= "2019-09"  # bills are shown from May, and first recorded then
    assert months == {
        "cn-jiaxing-score": "2016-01",
        "cn-tencent-credit": "2018-02",
        **dict.fromkeys(CITIES_AND_FRAME, "2021-06"),
    }


def test_each_variant_does_without_its_oversight():
    run = run_small("contention")
    silent, unwatched, free = run.variants.values()
    assert set(stopped(run)) - set(stopped(silent)) == {"cn-pboc-credit-reference"}
    assert set(stopped(unwatched)) == {"cn-jiaxing-score", "cn-pboc-credit-reference"}
    assert stopped(unwatched)["cn-pboc-credit-reference"] == outcry_month(run)
    assert stopped(free) == {}


def outcry_month(run):
    return stopped(run)["cn-pboc-credit-reference"]


def listed_months(run, *regimes):
    """Subject-months on the lists of some regimes, of all where none is named."""
    rows = run.tallies
    return int(rows[rows["regime"].isin(regimes or rows["regime"].unique())]["listed"].sum())


def test_oversight_spares_subjects_their_time_on_lists():
    run = run_small("contention")
    silent, unwatched, free = run.variants.values()
    bank, company = "cn-pboc-credit-reference", "cn-sesame"
    assert listed_months(run) < listed_months(unwatched) < listed_months(silent)
    assert listed_months(silent) < listed_months(free)
    assert listed_months(silent, bank) > 1.3 * listed_months(run, bank)
    assert listed_months(unwatched, *CITIES_AND_FRAME) > listed_months(run, *CITIES_AND_FRAME)
    # With shared luck what nobody stops is the same to the last subject.
    assert len({listed_months(one, company) for one in (run, silent, unwatched, free)}) == 1


def test_nothing_differs_before_the_first_stop_that_differs():
    run = run_small("contention")
    tallies = [one.tallies for one in (run, *run.variants.values())]
    early = [t[t["month"].astype(str) < "2015-12"].reset_index(drop=True) for t in tallies]
    for other in early[1:]:
        columns = ["regime", "month", "entries", "listed", "score_sum"]
        totals = [
            t.groupby(columns[:2], observed=True)[columns[2:]].sum() for t in (early[0], other)
        ]
        assert totals[0].equals(totals[1])


def test_patchwork_refuses_about_as_many_tickets_as_were_counted(full_run):
    """Growth of the published totals in 2018: S05 less S04, and S07 less S06; persons only."""
    run = full_run("patchwork-2018")
    measures = run.measures[run.measures["subject"] == "person"]
    measures = measures[measures["regime"] == "cn-spc-judgment-debtors"]
    refused = measures.groupby("measure", observed=True)["refused"].sum() * run.manifest["scale"]
    for effect, first, last in (("flights", "S04", "S05"), ("fast_trains", "S06", "S07")):
        counted = finding(last).number - finding(first).number
        assert refused[effect] == pytest.approx(counted, rel=NEAR)


def test_one_score_only_adds():
    """The patchwork within the study is untouched by the score."""
    run = run_small("one-score-for-all")
    others = run.tallies[run.tallies["regime"] != "cn-national-score"]
    alone = run.variants["patchwork"].tallies
    for column in ("records", "entries", "points_lost"):
        assert others[column].sum() == alone[column].sum()
    assert run.tallies["points_lost"].sum() > 2 * alone["points_lost"].sum()
