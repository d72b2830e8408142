"""Truth and error: everybody counted one by one, and steps that are nil where nothing happens."""

import copy
import json
import math

import numpy as np
import pytest

from scslab.lab.simulate import simulate
from scslab.lab.waves import frame
from scslab.lab.waves.census import census
from scslab.lab.waves.frame import everybody, population, respondents
from scslab.lab.waves.lives import Moment, Someone
from scslab.lab.waves.read import read_waves
from scslab.lab.waves.result import finish
from scslab.study.read import read_study
from scslab.world.attitudes.truth import traits, truths
from small import lived_through
from small_wave import small_study, wave, with_variable, write
from small_wave_parts import QUESTIONS, VARIABLES, chance, instrument, number

REACH = {"age=18-30": number(0.8), "pilots": number(-0.5), "internet=online": number(1.1)}
STARTS = {"trust": 0.7, "confidence": 0.3, "residence=urban": -0.4}
FINISHES = {"approval": 0.5, "party": -0.6}
SAFER = {"risk": chance(0.0, {"trust": 0.4}), "answers": {"approval": {"1": 3, "2": 3}}}
CARELESS = {
    "who": chance(-1.0),
    "straight": number(0.6, 0, 1),
    "wild": number(0.5, 0, 1),
    "pace": number(0.4, 0, 1),
}
NOISY = {
    "reach": REACH,
    "starts": chance(0.3, STARTS),
    "finishes": chance(0.5, FINISHES),
    "safer": SAFER,
    "careless": CARELESS,
    "skips": number(0.05, 0, 1),
}
SCREEN = {"screen": {"grids": [{"items": ["fair", "safe", "useful"]}], "straight_grids": 0.5}}
RAKE = {"weighting": [{"method": "rake", "to": {"sex": {"female": 0.6, "male": 0.4}}}]}
STEPS = (
    "coverage",
    "panel",
    "nonresponse",
    "luck",
    "screening",
    "weights",
    "falsification",
    "measurement",
)


def fielded(folder, *, field=None, persons=4000, **more):
    """The wave of a study at the end of its month, with its moment."""
    analysis, design = more.pop("analysis", None), more.pop("design", None)
    file = small_study(
        folder,
        wave(field=field or {}, **more),
        persons=persons,
        length=3,
        analysis=analysis,
        design=design,
    )
    world, month, state, _ = lived_through(file, seed=5)
    moment = Moment(world, month, state)
    (one,) = read_waves(file)
    return moment, one, finish(moment, one)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return fielded(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def noisy(tmp_path_factory):
    return fielded(
        tmp_path_factory.mktemp("noisy"),
        field=NOISY,
        frame={"internet": ["online"]},
        analysis=SCREEN,
        design=RAKE,
    )


def steps(error, luck="quotas and luck"):
    """Changes by step; how persons are drawn gives one of them its name."""
    names = tuple("luck" if name == luck else name for name, _, _ in error.steps)
    assert names == STEPS
    return {name: change for name, (_, change, _) in zip(names, error.steps, strict=True)}


# Nothing between truth and answer


def test_answers_are_the_truth(clean):
    _, _, result = clean
    said, truth = result.fielded.answers.frame, result.fielded.truth
    asked = [name for name in said.columns if name in truth]
    assert len(asked) == 18 + 1
    for name in asked:
        assert np.array_equal(said[name].to_numpy(), truth[name], equal_nan=True), name
    assert result.fielded.kept.all()
    assert np.array_equal(np.isnan(said["score_app"]), said["systems_app"] == 0)


def test_every_step_but_luck_is_nil(clean):
    for error in clean[2].errors:
        found = steps(error)
        luck = found.pop("luck")
        assert set(found.values()) == {0.0}
        assert luck == error.measured - error.truth != 0
        assert error.falsification == 0.0


@pytest.mark.parametrize("base", [0.0, -1.3, 0.7])
def test_constant_chances_move_nothing(tmp_path, base):
    field = {"starts": chance(base), "finishes": chance(base)}
    _, _, result = fielded(tmp_path, field=field, sample={"kind": "river", "wanted": 200})
    assert len(result.fielded.taken.dispositions) > 300
    for error in result.errors:
        found = steps(error)
        assert found["coverage"] == found["panel"] == 0.0
        assert found["nonresponse"] == pytest.approx(0.0, abs=1e-13)
        assert found["falsification"] == found["measurement"] == 0.0


def test_a_wave_of_everybody_has_no_luck(tmp_path):
    sample = {"kind": "probability", "wanted": 1800}
    _, _, result = fielded(tmp_path, persons=2000, sample=sample)
    assert result.fielded.answers.n == 1800
    for error in result.errors:
        assert error.measured == pytest.approx(error.truth, abs=1e-12)
        found = steps(error, "luck")
        # Nobody is missing, so nobody is drawn by luck; all weigh the same.
        assert found["luck"] == pytest.approx(0.0, abs=1e-12)
        assert found["weights"] == pytest.approx(0.0, abs=1e-12)


# With all of it


def test_steps_lead_from_the_truth_to_the_measured_share(noisy):
    for error in noisy[2].errors:
        found = steps(error)
        assert error.truth + sum(found.values()) == pytest.approx(error.measured, abs=1e-12)
        nil = {name for name, change in found.items() if change == 0}
        assert nil == (set() if error.id == "accepts" else {"falsification"})
        assert error.low < error.measured < error.high
        assert error.n == noisy[2].fielded.answers.n < 600


def test_falsification_is_the_share_of_those_turned(noisy):
    result = noisy[2]
    fielded_, sample = result.fielded, result.ready.sample
    turned = next(s for s in fielded_.said.steps if s.name == "safer").changed["approval"]
    assert turned.any()
    assert np.isin(fielded_.truth["approval"][turned], (1, 2)).all()
    weights = sample.design.weights
    expected = float(np.average(turned[fielded_.kept], weights=weights))
    accepts, strong, fair = result.errors
    assert steps(accepts)["falsification"] == pytest.approx(expected, abs=1e-12)
    assert accepts.falsification == pytest.approx(expected, abs=1e-12)
    # Nobody is turned into, or out of, strong approval; nor is any other question.
    assert steps(strong)["falsification"] == steps(fair)["falsification"] == 0.0


def test_screening_is_what_the_dropped_change(noisy):
    fielded_ = noisy[2].fielded
    assert 0 < (~fielded_.kept).sum() < 250
    counts = np.isin(fielded_.truth["fair"], (4, 5))
    expected = counts[fielded_.kept].mean() - counts.mean()
    assert steps(noisy[2].errors[2])["screening"] == pytest.approx(expected, abs=1e-12)


def test_the_measured_share_is_the_weighted_share_of_valid_answers(noisy):
    result = noisy[2]
    said = result.ready.sample.answers.array("approval")
    weights, there = result.ready.sample.design.weights, ~np.isnan(said)
    assert not there.all()
    assert np.ptp(weights) > 0
    expected = np.average(said[there] >= 3, weights=weights[there])
    assert result.errors[0].measured == pytest.approx(expected, abs=1e-12)


# Everybody, one by one


def by_hand(moment, one):
    """Shares of everybody, by a loop over persons with the formulas of the wave file."""
    world, document = moment.world, one.document
    kinds = np.repeat(world.people.kind, np.diff(world.people.cell_start)).astype(np.int64)
    who = Someone(np.arange(world.society.persons), kinds)
    people = respondents(who, moment, document)
    truth = truths(document.wave, people, world.seed)
    trust = traits(document.wave, people, world.seed)["trust"]

    def has(name, person, *categories):
        names = world.kinds.attributes[name]
        return names[world.kinds.codes[name][kinds[person]]] in categories

    sums = {id: np.zeros((4, 2)) for id in ("accepts", "strong", "fair")}
    for p in range(world.society.persons):
        if has("age", p, "14-17"):
            continue
        inside = has("internet", p, "online")
        log_odds = 0.8 * has("age", p, "18-30") - 0.5 * has("locality", p, "Xia") + 1.1
        starts = (
            0.3 + 0.7 * trust[p] + 0.3 * truth["confidence"][p] - 0.4 * has("residence", p, "urban")
        )
        finishes = 0.5 + 0.5 * truth["approval"][p] - 0.6 * truth["party"][p]
        panel = math.exp(log_odds) * inside
        taking = panel / (1 + math.exp(-starts)) / (1 + math.exp(-finishes))
        counts = {
            "accepts": truth["approval"][p] >= 3,
            "strong": truth["approval"][p] == 5,
            "fair": truth["fair"][p] >= 4,
        }
        for id, yes in counts.items():
            sums[id] += np.array([(w, w * yes) for w in (1.0, float(inside), panel, taking)])
    return sums


def test_census_is_a_count_of_everybody(noisy):
    moment, one, _ = noisy
    found = census(moment, one.document)
    expected = by_hand(moment, one)
    assert list(found) == list(expected)
    for id, rows in expected.items():
        asked = found[id]
        assert (asked.persons, asked.framed) == (rows[0, 0], rows[1, 0])
        shares = (asked.population, asked.frame, asked.panel, asked.response)
        np.testing.assert_allclose(shares, rows[:, 1] / rows[:, 0], rtol=1e-12)
        assert len(set(shares)) == 4


def test_census_is_the_same_in_parts_and_on_threads(noisy, monkeypatch):
    moment, one, _ = noisy
    whole = census(moment, one.document)
    monkeypatch.setattr(frame, "PART", 333)
    parts = [census(moment, one.document, threads) for threads in (1, 2, 5)]
    assert parts[0] == parts[1] == parts[2]
    for id, asked in whole.items():
        other = parts[0][id]
        assert (other.persons, other.framed) == (asked.persons, asked.framed)
        assert other.response == pytest.approx(asked.response, abs=1e-12)


@pytest.mark.parametrize("part", [1, 50, 333, 10**6])
def test_everybody_comes_once_and_in_order(noisy, monkeypatch, part):
    moment, one, _ = noisy
    monkeypatch.setattr(frame, "PART", part)
    asked = population(moment.world, one.document)
    found = list(everybody(moment.world, asked))
    persons = np.concatenate([who.persons for who in found])
    kinds = np.repeat(moment.world.people.kind, np.diff(moment.world.people.cell_start))
    assert np.array_equal(persons, np.flatnonzero(asked[kinds]))
    assert np.array_equal(np.concatenate([who.kinds for who in found]), kinds[persons])
    assert len(found) > 1 or part > 4000


# A question that not all are asked


def routed(folder, **field):
    """The wave where only users of the app are asked whether it is useful."""
    questions = copy.deepcopy(QUESTIONS)
    rows = {q["name"]: q for q in questions}
    rows["opinions"]["items"] = rows["opinions"]["items"][:2]
    useful = {"name": "useful", "type": "single", "scale": "agree", "shows_when": "systems_app"}
    questions.append(useful | {"ask": {"en": "Is it useful?"}})
    headline = {"id": "useful", "says": "finds it useful", "variable": "useful", "codes": [4, 5]}
    asked = wave(
        field=field,
        variables=with_variable(VARIABLES, "useful", among="systems_app"),
        headlines=[headline],
    )
    path = write(folder, asked, persons=4000, length=3)
    form = instrument()
    form["parts"][0]["questions"] = questions
    (path / "questions.yaml").write_text(json.dumps(form), encoding="utf-8")
    return simulate(read_study(path), seed=5, threads=1).waves["first"].result


def test_a_share_of_those_asked_has_them_as_its_base(tmp_path):
    result = routed(tmp_path)
    (error,) = result.errors
    truth = result.fielded.truth["useful"]
    there = ~np.isnan(truth)
    assert 200 < there.sum() < 400
    assert error.measured == pytest.approx((truth[there] >= 4).mean(), abs=1e-12)
    found = steps(error)
    assert found["falsification"] == found["measurement"] == found["weights"] == 0.0
    assert abs(error.measured - error.truth) < 0.1
