"""Who is asked: rivers and their quotas, drawn samples and their weights, panels."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.lab.waves.draw import PLACES, communities
from scslab.lab.waves.field import field_wave
from scslab.lab.waves.lives import Moment
from scslab.lab.waves.read import one_wave
from scslab.lab.waves.seeds import over_seeds
from scslab.survey.fieldwork.dispositions import BREAK_OFF, COMPLETE, IMPLICIT_REFUSAL, QUOTA_FILLED
from scslab.survey.fieldwork.whole import largest_remainder
from small import lived_through
from small_wave import small_study, wave
from small_wave_parts import chance, number

MARGINS = """\
source: Made up for a test
margins:
  sex: {female: 0.25, male: 0.75}
  age: {young: 0.5, middle: 0.3, old: 0.2}
"""
ON = {"sex": {}, "age": {"young": ["18-30"], "middle": ["31-50"], "old": ["51-65"]}}
SHARES = np.multiply.outer([0.25, 0.75], [0.5, 0.3, 0.2]).ravel()


@pytest.fixture(scope="module")
def at_the_end(tmp_path_factory):
    """The society at the end of the month of the wave; other waves are fielded in it."""
    file = small_study(tmp_path_factory.mktemp("samples"), persons=9000, length=3)
    world, month, state, _ = lived_through(file, seed=7)
    return Moment(world, month, state)


def fielded(moment, folder, earlier=None, **parts):
    file = small_study(folder, wave(**parts), persons=9000, length=3)
    (folder / "quotas.yaml").write_text(MARGINS, encoding="utf-8")
    one = one_wave(file, 0, values=False)
    return field_wave(moment, one.document, one.tools, earlier)


def codes(moment, who, *names):
    kinds = moment.world.kinds
    return [kinds.codes[name][who.kinds] for name in names]


def cells(moment, who):
    """Sex and age of each person as a quota cell."""
    sex, age = codes(moment, who, "sex", "age")
    return sex * 3 + age - 1  # the first age, 14-17, is not asked


# Rivers


def test_quotas_are_met_to_the_person(at_the_end, tmp_path):
    sample = {"kind": "river", "wanted": 400, "quotas": {"to": "quotas.yaml", "on": ON}}
    field = {"starts": chance(0.0), "reach": {"age=18-30": number(1.0)}}
    found = fielded(at_the_end, tmp_path, sample=sample, field=field)
    counts = np.bincount(cells(at_the_end, found.taken.who), minlength=6)
    assert counts.tolist() == largest_remainder(SHARES, 400).tolist()
    codes_, times = np.unique(found.taken.dispositions, return_counts=True)
    assert set(codes_) == {COMPLETE, IMPLICIT_REFUSAL, QUOTA_FILLED}
    assert times[codes_ == COMPLETE] == 400
    assert found.taken.dispositions[-1] == COMPLETE


def test_quotas_may_be_overfilled_by_their_slack(at_the_end, tmp_path):
    quotas = {"to": "quotas.yaml", "on": ON, "slack": number(0.2, 0, 1)}
    sample = {"kind": "river", "wanted": 400, "quotas": quotas}
    found = fielded(at_the_end, tmp_path, sample=sample)
    counts = np.bincount(cells(at_the_end, found.taken.who), minlength=6)
    limits = np.floor(largest_remainder(SHARES, 400) * 1.2 + 1e-9)
    assert counts.sum() == 400
    assert (counts <= limits).all() and (counts > largest_remainder(SHARES, 400)).any()


def test_a_margin_of_some_ages_leaves_the_others_out(at_the_end, tmp_path):
    on = {"sex": {}, "age": {"young": ["18-30"], "middle": ["31-50"], "old": []}}
    sample = {"kind": "river", "wanted": 100, "quotas": {"to": "quotas.yaml", "on": on}}
    found = fielded(at_the_end, tmp_path, sample=sample)
    (age,) = codes(at_the_end, found.taken.who, "age")
    assert set(age) == {1, 2}
    assert "20 of 100 completes are missing" in found.taken.notes[0]


def test_nobody_outside_the_frame_is_asked_and_nobody_twice(at_the_end, tmp_path):
    frame = {"internet": ["online"], "province": ["Anhui", "Gansu"]}
    found = fielded(at_the_end, tmp_path, frame=frame)
    who = found.taken.who
    internet, province, age = codes(at_the_end, who, "internet", "province", "age")
    assert set(internet) == {1} and set(province) == {0, 2} and set(age) == {1, 2, 3}
    assert len(set(who.persons)) == len(who.persons) == 600


def test_the_panel_is_reached_by_its_odds(at_the_end, tmp_path):
    field = {"reach": {"internet=online": number(1.5), "pilots": number(-40)}}
    found = fielded(at_the_end, tmp_path, field=field)
    who = found.taken.who
    internet, locality = codes(at_the_end, who, "internet", "locality")
    names = at_the_end.world.kinds.attributes["locality"]
    assert names.index("Xia") not in set(locality)
    # 70 % are online, with odds of e^1.5; a sample of 600 of 8,100 takes few from anybody.
    expected = 0.7 * np.exp(1.5) / (0.7 * np.exp(1.5) + 0.3)
    assert (internet == 1).mean() == pytest.approx(expected, abs=0.04)


def test_who_begins_and_who_breaks_off(at_the_end, tmp_path):
    field = {"starts": chance(0.5), "finishes": chance(1.5)}
    taken = fielded(at_the_end, tmp_path, field=field).taken
    codes_, times = np.unique(taken.dispositions, return_counts=True)
    count = dict(zip(codes_.tolist(), times.tolist(), strict=True))
    assert set(count) == {COMPLETE, BREAK_OFF, IMPLICIT_REFUSAL}
    begun = count[COMPLETE] + count[BREAK_OFF]
    n = len(taken.dispositions)
    assert begun / n == pytest.approx(1 / (1 + np.exp(-0.5)), abs=4 * 0.5 / np.sqrt(n))
    finished = count[COMPLETE] / begun
    assert finished == pytest.approx(1 / (1 + np.exp(-1.5)), abs=4 * 0.4 / np.sqrt(begun))


def test_days_follow_the_river(at_the_end, tmp_path):
    field = {"starts": chance(-0.5)}
    found = fielded(at_the_end, tmp_path, field=field)
    day = found.answers.frame["day"]
    assert day.is_monotonic_increasing
    assert day.iloc[0] == 0 and day.iloc[-1] == 59


def test_a_society_that_is_too_small_says_so(at_the_end, tmp_path):
    frame = {"province": ["Anhui"], "age": ["51-65"]}
    found = fielded(at_the_end, tmp_path / "a", frame=frame)
    assert found.taken.notes == (
        "150 of 600 completes are missing: everybody in the frame was invited. "
        "Simulate more persons",
    )
    some = fielded(at_the_end, tmp_path / "b", frame={"province": ["Anhui"]})
    assert some.taken.notes == (
        "600 of 2,025 in the frame were invited; so large a part exhausts those who are easy to "
        "reach. Simulate more persons",
    )
    none = {"sample": {"kind": "river", "wanted": 100}, "frame": {"province": ["Anhui"]}}
    assert not fielded(at_the_end, tmp_path / "c", **none).taken.notes
    with pytest.raises(ScslabError, match="nobody completed the questionnaire"):
        fielded(at_the_end, tmp_path / "d", field={"starts": chance(-60.0)})


# Drawn samples


def test_a_stratified_sample_stands_for_the_frame(at_the_end, tmp_path):
    sample = {"kind": "probability", "wanted": 500, "strata": ["province", "sex"]}
    found = fielded(at_the_end, tmp_path, sample=sample)
    said = found.answers.frame
    province, sex = codes(at_the_end, found.respondents.who, "province", "sex")
    assert np.array_equal(np.unique(said["stratum"], return_inverse=True)[1], province * 2 + sex)
    counts = np.bincount(said["stratum"].astype(int))
    assert counts.sum() == 500 and counts.min() >= 62 and counts.max() <= 63
    assert said["weight"].sum() == pytest.approx(8100, abs=1e-6)
    for _, rows in said.groupby("stratum"):
        assert rows["weight"].to_numpy() == pytest.approx(8100 / 8 / len(rows), rel=1e-3)
    assert found.answers.weight == "weight"
    assert set(said["day"]) <= set(range(60)) and said["day"].nunique() > 50


def test_nonresponse_is_made_up_for_within_strata(at_the_end, tmp_path):
    sample = {"kind": "probability", "wanted": 600, "strata": ["residence"]}
    field = {"starts": chance(0.0, {"residence=urban": 1.5})}
    found = fielded(at_the_end, tmp_path, sample=sample, field=field)
    said = found.answers.frame
    (urban,) = codes(at_the_end, found.respondents.who, "residence")
    assert 250 < len(said) < 500
    assert said["weight"].sum() == pytest.approx(8100, abs=1e-6)
    assert said["weight"][urban == 1].sum() == pytest.approx(0.6 * 8100, rel=0.01)
    assert (urban == 1).mean() > 0.65


def test_clusters_are_communities_within_their_strata(at_the_end, tmp_path):
    sample = {"kind": "probability", "wanted": 300, "strata": ["region"], "clusters": 30}
    found = fielded(at_the_end, tmp_path, sample=sample)
    said, who = found.answers.frame, found.respondents.who
    (region,) = codes(at_the_end, who, "region")
    place = communities(at_the_end, who.persons)
    for cluster, rows in said.groupby("cluster").indices.items():
        assert len(set(place[rows])) == len(set(region[rows])) == 1, cluster
        assert len(rows) <= 10
    assert said["cluster"].nunique() == 30
    assert said.groupby("stratum")["cluster"].nunique().tolist() == [15, 15]
    assert said["weight"].sum() == pytest.approx(8100, rel=0.1)


def test_communities_are_parts_of_their_districts(at_the_end):
    persons = np.arange(9000)
    place = communities(at_the_end, persons)
    start = at_the_end.world.society.district_start
    district = np.searchsorted(start, persons, "right") - 1
    assert np.array_equal(place // PLACES, district)
    sizes = np.bincount(place)
    assert len(sizes) == PLACES * (len(start) - 1)
    # A person's community is the same whoever else is asked.
    assert np.array_equal(communities(at_the_end, persons[::7]), place[::7])
    expected = np.diff(start)[np.arange(len(sizes)) // PLACES] / PLACES
    assert np.abs((sizes - expected) / np.sqrt(expected)).max() < 5


def test_a_stratum_that_cuts_communities_is_refused(at_the_end, tmp_path):
    sample = {"kind": "probability", "wanted": 300, "strata": ["sex"], "clusters": 30}
    with pytest.raises(ScslabError) as caught:
        fielded(at_the_end, tmp_path, sample=sample)
    message = str(caught.value)
    assert "a community lies in several strata" in message and "got: sex" in message
    assert "sample.strata" in message


# Panels


def test_a_panel_asks_respondents_of_the_earlier_wave_alone(at_the_end, tmp_path):
    first = fielded(at_the_end, tmp_path / "a").respondents
    sample = {"kind": "panel", "of": "first", "wanted": 1000}
    field = {"starts": chance(0.4), "finishes": chance(1.0)}
    parts = {"id": "again", "sample": sample, "field": field}
    again = fielded(at_the_end, tmp_path / "b", {"first": first}, **parts)
    assert set(again.taken.who.persons) < set(first.who.persons)
    assert len(again.taken.dispositions) == 600
    kept = len(again.taken.who.persons) / 600
    assert kept == pytest.approx(1 / (1 + np.exp(-0.4)) / (1 + np.exp(-1.0)), abs=0.08)
    kind = dict(zip(first.who.persons, first.who.kinds, strict=True))
    assert [kind[p] for p in again.taken.who.persons] == again.taken.who.kinds.tolist()


def test_a_panel_invites_at_most_as_many_as_wanted(at_the_end, tmp_path):
    first = fielded(at_the_end, tmp_path / "a").respondents
    sample = {"kind": "panel", "of": "first", "wanted": 150}
    again = fielded(at_the_end, tmp_path / "b", {"first": first}, id="again", sample=sample)
    assert len(again.taken.dispositions) == len(again.taken.who.persons) == 150


def test_a_panel_asks_nobody_outside_its_own_frame(at_the_end, tmp_path):
    first = fielded(at_the_end, tmp_path / "a").respondents
    sample = {"kind": "panel", "of": "first", "wanted": 1000}
    parts = {"id": "again", "sample": sample, "frame": {"internet": ["online"]}}
    again = fielded(at_the_end, tmp_path / "b", {"first": first}, **parts)
    (before,) = codes(at_the_end, first.who, "internet")
    assert np.array_equal(again.taken.who.persons, first.who.persons[before == 1])
    assert len(again.taken.dispositions) == (before == 1).sum() < 600


def test_a_panel_of_a_drawn_sample_keeps_its_design(at_the_end, tmp_path):
    drawn = {"kind": "probability", "wanted": 300, "strata": ["region"], "clusters": 30}
    first = fielded(at_the_end, tmp_path / "a", sample=drawn)
    sample = {"kind": "panel", "of": "first", "wanted": 1000}
    parts = {"id": "again", "sample": sample, "field": {"starts": chance(1.0)}}
    again = fielded(at_the_end, tmp_path / "b", {"first": first.respondents}, **parts)
    before = first.answers.frame.set_index(first.respondents.who.persons)
    after = again.answers.frame.set_index(again.respondents.who.persons)
    assert 150 < len(after) < 270
    for name in ("stratum", "cluster"):
        assert (after[name] == before.loc[after.index, name]).all()
    # Those who stay stand for the others of their stratum.
    for stratum, weights in after.groupby("stratum")["weight"]:
        whole = before["weight"][before["stratum"] == stratum].sum()
        assert weights.sum() == pytest.approx(whole, rel=1e-12)
    factor = after["weight"] / before.loc[after.index, "weight"]
    assert factor.groupby(after["stratum"]).nunique().max() <= 2  # but for rounding
    assert factor.min() > 1.1


def test_a_panel_leaves_out_whom_the_screen_dropped(tmp_path):
    careless = {
        "who": chance(0.0),
        "straight": number(1.0, 0, 1),
        "wild": number(0.0, 0, 1),
        "pace": number(0.4, 0, 1),
    }
    sample = {"kind": "panel", "of": "first", "wanted": 1000}
    again = wave(id="again", sample=sample)
    grids = {"screen": {"grids": [{"items": ["fair", "safe", "useful"]}]}}
    file = small_study(
        tmp_path, wave(field={"careless": careless}), again, analysis=grids, persons=9000
    )
    found = next(iter(over_seeds(file, [1])))
    first, later = found["first"].fielded, found["again"].fielded
    assert 200 < first.kept.sum() < 500
    assert set(later.taken.who.persons) == set(first.respondents.who.persons)
    assert len(first.taken.who.persons) == 600
