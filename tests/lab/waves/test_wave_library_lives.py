"""Lives under the regimes of the library, beside their rules as data, applied by hand."""

import math
from typing import Any

import numpy as np
import pytest

from scslab.lab.waves.frame import respondents
from scslab.lab.waves.lives import Moment, Someone
from scslab.lab.waves.seeds import moment_of, seeded, with_waves, world_of
from scslab.study.read import read_study

DAY = "2018-03-01"  # the first of the month of the wave
PERSONS = 3000
ADULT = 18


@pytest.fixture(scope="module")
def asked() -> tuple[Moment, Any, Someone]:
    file, waves = with_waves(read_study("kostka-2018"))
    moment = moment_of(seeded(world_of(file, waves, PERSONS), 3), waves[-1], 1)
    people = moment.world.people
    kinds = np.repeat(people.kind, np.diff(people.cell_start)).astype(np.int64)
    return moment, waves[-1].document, Someone(np.arange(PERSONS), kinds)


def rules(moment: Moment, name: str) -> dict:
    """The rules as data, with what the study changes in them."""
    found = moment.world.regimes[regime(moment, name)]
    return found.model_dump(mode="json", by_alias=True, exclude_none=True)


def held(dated: dict) -> Any:
    """What a rule says on the day: its last row that has begun."""
    begun = [row for row in dated["rows"] if str(row["from"]) <= DAY]
    return begun[-1]["value"] if begun else None


def regime(moment: Moment, name: str) -> int:
    return [r.id for r in moment.world.regimes].index(name)


def scores(moment: Moment, name: str) -> list[float]:
    """Scores of members by the arrays of the state; NaN of others."""
    world, place = moment.world, regime(moment, name)
    row, member = world.rows["score"][place], world.rows["member"][place]
    ages = world.kinds.attributes["age"]
    kinds = np.repeat(world.people.kind, np.diff(world.people.cell_start))
    found = []
    for person, kind in enumerate(kinds):
        adult = int(ages[world.kinds.codes["age"][kind]].split("-")[0].rstrip("+")) >= ADULT
        inside = adult and moment.state.member[member, person]
        found.append(float(moment.state.score[row, person]) if inside else math.nan)
    return found


def grade(spec: dict, score: float) -> str:
    for name, floor in spec["floors"].items():
        if score >= held(floor):
            return name
    return spec["lowest"]


def earns(spec: dict, reward: str, score: float) -> bool:
    found = spec["rewards"][reward]
    if math.isnan(score) or not held(found["gives"]):
        return False
    if "from_score" in found:
        floor = held(found["from_score"])
        return floor is not None and score >= floor
    return grade(spec["grades"], score) in found["grades"]


def lives(asked: tuple[Moment, Any, Someone]) -> Any:
    moment, document, who = asked
    return respondents(who, moment, document).lives


REWARDED = ("easy_credit", "cheap_loans", "good_savings", "no_deposit", "visa", "check_in")


@pytest.mark.parametrize("name", REWARDED)
def test_rewards_by_the_rules_of_the_day(asked, name) -> None:
    moment, document, _ = asked
    named = [one.split(".") for one in document.wave.lives[name].rewarded]
    files = {system: rules(moment, system) for system, _ in named}
    mine = {system: scores(moment, system) for system in files}
    expected = [
        any(earns(files[system], reward, mine[system][p]) for system, reward in named)
        for p in range(PERSONS)
    ]
    found = lives(asked)[name]
    assert 0 < sum(expected) < PERSONS
    assert found.tolist() == [float(yes) for yes in expected]


@pytest.mark.parametrize(
    ("name", "system"), [("sesame", "cn-sesame"), ("tencent", "cn-tencent-credit")]
)
def test_scores_lie_on_the_scale_of_the_regime(asked, name, system) -> None:
    found, expected = lives(asked)[name], scores(asked[0], system)
    assert np.array_equal(found, expected, equal_nan=True)
    spec = rules(asked[0], system)["score"]
    assert held(spec["lowest"]) <= np.nanmin(found) < np.nanmax(found) <= held(spec["highest"])
    member = lives(asked)["in_sesame" if name == "sesame" else "in_tencent"]
    assert np.array_equal(member == 1, ~np.isnan(found))


def test_the_lowest_band_of_any_system(asked) -> None:
    moment, document, _ = asked
    below = document.wave.lives["low"].score_below
    mine = {system: scores(moment, system) for system in below}
    expected = [any(mine[s][p] < limit for s, limit in below.items()) for p in range(PERSONS)]
    assert 0 < sum(expected) < PERSONS
    assert lives(asked)["low"].tolist() == expected


def test_blacklists_of_all_regimes(asked) -> None:
    moment = asked[0]
    black = np.zeros(PERSONS, bool)
    seen = 0
    for place, one in enumerate(moment.world.regimes):
        spec = rules(moment, one.id).get("lists", {})
        for bit, rule in enumerate(spec.values()):
            if rule.get("colour", "black") == "black":
                row = moment.world.rows["listed"][place]
                black |= (moment.state.listed[row, :PERSONS] >> bit) & 1 == 1
                seen += 1
    assert seen >= 2 and 0 < black.sum() < 0.2 * PERSONS
    assert lives(asked)["listed"].tolist() == black.tolist()
    assert (lives(asked)["listed"] >= lives(asked)["barred"]).all()
    assert (lives(asked)["heard"] >= lives(asked)["listed"]).all()


def test_pilots_are_those_of_the_localities(asked) -> None:
    moment, _, who = asked
    kinds = moment.world.kinds
    place = [kinds.attributes["locality"][c] for c in kinds.codes["locality"][who.kinds]]
    found = lives(asked)["in_pilot"]
    inside = {p for p, yes in zip(place, found, strict=True) if yes}
    outside = {p for p, yes in zip(place, found, strict=True) if not yes}
    assert "elsewhere" in outside and not inside & outside
    assert len(inside) > 10
