"""What the regimes brought, beside the state of each person looked up one by one."""

import math

import numpy as np
import pytest

from scslab.lab.waves.lives import Moment, Someone, lived
from scslab.lab.world import shortened
from scslab.study.wave import Life
from scslab.world.society.ties import ties_of
from small import in_first_month, lived_through, one_score, write_regime
from small_wave import regimes, small_study

LOW, BLACK, RED = 1, 1, 2  # bits of the lists of each regime, in their order
PERSONS = 700


@pytest.fixture(scope="module")
def moment(tmp_path_factory):
    file = small_study(tmp_path_factory.mktemp("lives"), persons=PERSONS, length=5)
    world, month, state, _ = lived_through(file, seed=2)
    return Moment(world, month, state)


@pytest.fixture(scope="module")
def everybody(moment):
    people = moment.world.people
    kinds = np.repeat(people.kind, np.diff(people.cell_start)).astype(np.int64)
    return Someone(np.arange(PERSONS), kinds)


def life(moment, who, **way):
    found = lived(Life(says="a life", **way), who, moment, "wave.yaml:9")
    assert found.shape == who.persons.shape and found.dtype == float
    return found


def attribute(moment, who, name):
    kinds = moment.world.kinds
    return [kinds.attributes[name][kinds.codes[name][k]] for k in who.kinds]


def members(moment, who):
    """Members of the app: adults who joined, by the state."""
    adult = [age != "14-17" for age in attribute(moment, who, "age")]
    return [bool(a and moment.state.member[0, p]) for p, a in zip(who.persons, adult, strict=True)]


def app_score(moment, who):
    return [
        float(moment.state.score[0, p]) if m else math.nan
        for p, m in zip(who.persons, members(moment, who), strict=True)
    ]


def bits(moment, row):
    return moment.state.listed[row]


def test_something_happened(moment, everybody):
    inside = np.array(members(moment, everybody))
    assert 200 < inside.sum() < 450
    assert ((bits(moment, 0) & LOW) != 0).sum() > 10
    assert ((bits(moment, 1) & BLACK) != 0).sum() > 20
    assert ((bits(moment, 1) & RED) != 0).sum() > 50


def test_member_of(moment, everybody):
    found = life(moment, everybody, member_of=["an-app"])
    assert found.tolist() == [float(m) for m in members(moment, everybody)]
    # A regime that nobody joins rates everybody whom its rules cover.
    assert life(moment, everybody, member_of=["a-court"]).tolist() == [1.0] * PERSONS
    either = life(moment, everybody, member_of=["an-app", "a-court"])
    assert either.tolist() == [1.0] * PERSONS


def test_score_of_members_alone(moment, everybody):
    found = life(moment, everybody, score_of="an-app")
    assert np.array_equal(found, app_score(moment, everybody), equal_nan=True)
    assert np.isnan(life(moment, everybody, score_of="a-court")).all()


def test_order_and_repetition_of_persons_do_not_matter(moment, everybody):
    some = np.array([5, 3, 3, 600, 0])
    who = Someone(everybody.persons[some], everybody.kinds[some])
    for way in (
        {"score_of": "an-app"},
        {"beside_ties": "an-app"},
        {"heard": True},
        {"listed": []},
        {"lives_in": ["Xia"]},
    ):
        whole = life(moment, everybody, **way)
        assert np.array_equal(life(moment, who, **way), whole[some], equal_nan=True)


def test_score_below(moment, everybody):
    below = [s < 580 for s in app_score(moment, everybody)]
    assert 0 < sum(below) < PERSONS
    assert life(moment, everybody, score_below={"an-app": 580.0}).tolist() == below
    nobody = life(moment, everybody, score_below={"a-court": 1e9})
    assert not nobody.any()


EARN = {
    "bikes": lambda s: s >= 615,
    "visa": lambda s: s >= 640,
    "odd": lambda s: s >= 640 or s < 590,  # grades A and C: those of B earn nothing
}


@pytest.mark.parametrize("reward", EARN)
def test_rewarded_by_score_or_grade(moment, everybody, reward):
    scores = app_score(moment, everybody)
    expected = [EARN[reward](s) for s in scores]
    assert 0 < sum(expected) < PERSONS
    assert {590, 600, 615, 640} & set(scores) and any(590 <= s < 640 for s in scores)
    assert life(moment, everybody, rewarded=[f"an-app.{reward}"]).tolist() == expected


def test_rewards_not_yet_given_are_earned_by_nobody(moment, everybody):
    assert not life(moment, everybody, rewarded=["an-app.later"]).any()
    both = life(moment, everybody, rewarded=["an-app.later", "an-app.bikes"])
    assert np.array_equal(both, life(moment, everybody, rewarded=["an-app.bikes"]))


def test_barred_by_a_list_whose_effect_is_in_force(moment, everybody):
    flights = (bits(moment, 1) & BLACK) != 0
    loans = (bits(moment, 0) & LOW) != 0
    assert life(moment, everybody, barred=["a-court.flights"]).tolist() == flights.tolist()
    assert not life(moment, everybody, barred=["a-court.trains"]).any()
    either = life(moment, everybody, barred=["an-app.loans", "a-court.flights"])
    assert either.tolist() == (loans | flights).tolist()
    assert (loans & ~flights).any() and (flights & ~loans).any()


def test_listed_on_a_blacklist_and_not_on_a_redlist(moment, everybody):
    black, low = (bits(moment, 1) & BLACK) != 0, (bits(moment, 0) & LOW) != 0
    red_alone = (bits(moment, 1) == RED) & ~low
    assert red_alone.any()
    assert life(moment, everybody, listed=["a-court"]).tolist() == black.tolist()
    anywhere = life(moment, everybody, listed=[])
    assert anywhere.tolist() == (black | low).tolist()
    assert not anywhere[red_alone].any()


def test_heard_is_having_been_listed_or_knowing_somebody(moment, everybody):
    own, ties = moment.state.own, moment.state.tie
    expected = [bool(own[p] >= 0 or ties[p] >= 0) for p in range(PERSONS)]
    assert 0 < sum(expected) < PERSONS
    assert life(moment, everybody, heard=True).tolist() == expected
    # Whoever stands on a blacklist now has heard of it.
    assert np.array(expected)[life(moment, everybody, listed=[]) == 1].all()


def test_lives_in_localities_and_pilots(moment, everybody):
    where = attribute(moment, everybody, "locality")
    assert {"elsewhere", "Xia", "Shang"} == set(where)
    for names, places in ((["Xia"], {"Xia"}), (["pilots"], {"Xia"})):
        found = life(moment, everybody, lives_in=names)
        assert found.tolist() == [float(w in places) for w in where]
    both = life(moment, everybody, lives_in=["pilots", "Shang"])
    assert both.tolist() == [float(w != "elsewhere") for w in where]


def six_ties(moment, person):
    start = moment.world.society.district_start
    district = max(d for d in range(len(start) - 1) if start[d] <= person)
    one, place = np.array([person]), np.array([district])
    return ties_of(moment.world.seed, one, place, start, PERSONS)[0].tolist()


def test_beside_ties(moment, everybody):
    scores = app_score(moment, everybody)
    expected = []
    for person in range(PERSONS):
        known = [scores[t] for t in six_ties(moment, person) if t != person]
        known = [s for s in known if not math.isnan(s)]
        expected.append(scores[person] - sum(known) / len(known) if known else math.nan)
    found = life(moment, everybody, beside_ties="an-app")
    assert np.isnan(expected).sum() > 200 and (~np.isnan(expected)).sum() > 200
    np.testing.assert_allclose(found, expected, atol=1e-9)


# Before a regime begins, and without learning, nobody has a life of it


@pytest.fixture(scope="module")
def early(tmp_path_factory):
    folder = tmp_path_factory.mktemp("early")
    uses = [u | {"since": "2020-05"} for u in regimes(folder)]
    file = small_study(folder, persons=300, length=5, regimes=uses)
    world, month, state, _ = lived_through(shortened(file, 4), seed=2)
    return Moment(world, month, state)


@pytest.mark.parametrize(
    "way",
    [
        {"member_of": ["an-app", "a-court"]},
        {"rewarded": ["an-app.bikes", "an-app.odd"]},
        {"barred": ["a-court.flights", "an-app.loans"]},
        {"listed": []},
        {"score_below": {"an-app": 1e9}},
        {"heard": True},
    ],
)
def test_a_regime_that_has_not_begun_brings_nothing(early, way):
    kinds = np.repeat(early.world.people.kind, np.diff(early.world.people.cell_start))
    who = Someone(np.arange(300), kinds.astype(np.int64))
    assert not life(early, who, **way).any()
    for score in ({"score_of": "an-app"}, {"beside_ties": "an-app"}):
        assert np.isnan(life(early, who, **score)).all()


def test_heard_needs_learning(tmp_path):
    file = small_study(tmp_path, persons=300, learning=None, conduct=BUSY)
    world, month, state, _ = lived_through(file)
    kinds = np.repeat(world.people.kind, np.diff(world.people.cell_start)).astype(np.int64)
    who = Someone(np.arange(300), kinds)
    here = Moment(world, month, state)
    assert life(here, who, listed=[]).any()
    assert not life(here, who, heard=True).any()


BUSY = {
    "contract.breach": {"rate": in_first_month(0.5)},
    "judgment.refused": {"rate": in_first_month(0.5)},
    "civic.volunteering": {"rate": in_first_month(0.5)},
}


def test_no_list_in_the_study_is_a_list_of_nobody(tmp_path):
    write_regime(tmp_path, "points", score=one_score(600, breach=-10))
    file = small_study(tmp_path, persons=300, regimes=[{"use": "points"}], waves=[])
    world, month, state, _ = lived_through(file)
    kinds = np.repeat(world.people.kind, np.diff(world.people.cell_start)).astype(np.int64)
    found = life(Moment(world, month, state), Someone(np.arange(300), kinds), listed=[])
    assert found.tolist() == [0.0] * 300
