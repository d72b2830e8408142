"""Oversight: a decision, a supervisor, an outcry; what falls stays fallen."""

from typing import Any

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.lab.loop import run_months
from scslab.lab.world import build_world
from small import (
    BREACH,
    OTHER,
    agency,
    held,
    monthly,
    months,
    one_list,
    one_score,
    points,
    run,
    share,
    study,
    totals,
    write_regime,
)

CONDUCT = {BREACH: {"rate": monthly(0.1)}, OTHER: {"rate": monthly(0.1)}}


def outcry(above: float, outlets: float = 1.0, speaks: float = 1.0, fades: Any = 1000) -> dict:
    return {
        "speaks": share(speaks),
        "outlets": share(outlets),
        "fades": months(fades),
        "above": held("voices per 1000", above),
    }


def watched(folder, *oversight: dict, **parts: Any):
    """A score with two lists, one of them for health, and a second regime beside it."""
    lists = one_list((BREACH,), None) | {"health": one_list((OTHER,), None)["listed"]}
    lists["health"]["grounds"]["did"]["field"] = "health-and-life"
    lists["red"] = one_list((BREACH,), None)["listed"] | {"colour": "red"}
    floors = {"A": points(1000), "B": points(900)}
    write_regime(
        folder,
        "watched",
        score=one_score(1000, breach=-10, other=-10),
        grades={"lowest": "C", "floors": floors},
        lists=parts.pop("lists", lists),
    )
    write_regime(folder, "beside", lists=one_list((BREACH,), None))
    about = {"says": "It stops", "regimes": ["watched"], "source": "made-up", "at": "here"}
    spec = [about | o for o in oversight]
    parts = {"persons": 800, "length": 10, "conduct": CONDUCT} | parts
    return study(
        folder,
        regimes=["watched", "beside"],
        agencies=agency(BREACH, OTHER),
        oversight=spec,
        **parts,
    )


def lived(file) -> Any:
    """The tallies and events of a study, and each month the row of the score and what is closed."""
    moments = []

    def watch(world, month, state) -> None:
        moments.append((month.rules.score_row[0], int(month.rules.closed[0])))

    tallies = run_months(build_world(file, 1), 1, watch=watch)
    return tallies, moments


def test_a_decision_ends_the_whole_regime_on_its_day_and_for_good(tmp_path):
    file = watched(tmp_path, {"decided": "2020-05"})
    tallies, moments = lived(file)
    assert tallies.events == [("2020-05", "watched", "all of it", "It stops (decided)")]
    found, alone = run(file), run(watched(tmp_path))
    for column in ("listed", "scored", "score_sum", "entries"):
        got, plain = totals(found, column, "watched"), totals(alone, column, "watched")
        assert (got[:4] == plain[:4]).all() and (got[4:] == 0).all(), column
    assert totals(found, "exits", "watched")[4] == totals(found, "listed", "watched")[3] > 100
    assert totals(found, "lifted", "watched")[4] == totals(found, "exits", "watched")[4]
    assert all(row == -1 and closed == 255 for row, closed in moments[4:])
    for name in ("entries", "listed", "records"):
        assert (totals(found, name, "beside") == totals(alone, name, "beside")).all()
    grades = tallies.grades[:, 0].sum(axis=(1, 2))
    assert (grades[:4] == 800).all() and (grades[4:] == 0).all()


def test_a_decision_for_the_first_month_is_in_force_from_the_first_month(tmp_path):
    found = run(watched(tmp_path, {"decided": "2020-01"}))
    assert totals(found, "entries", "watched").sum() == 0


@pytest.mark.parametrize("part", ["health", OTHER])
def test_a_list_or_an_act_falls_alone(tmp_path, part):
    file = watched(tmp_path, {"decided": "2020-05", "withdraws": [part]})
    tallies, _ = lived(file)
    assert tallies.events[0][:3] == ("2020-05", "watched", part)
    found, plain = run(file), run(watched(tmp_path))
    fewer = totals(plain, "entries", "watched") - totals(found, "entries", "watched")
    assert (fewer[:4] == 0).all() and (fewer[4:8] > 0).all()
    lost = totals(found, "points_lost", "watched") == totals(plain, "points_lost", "watched")
    assert lost[:4].all() and lost[4:].any() == (part == "health")
    # What rests on the act that fell, or stands on the list that closed, ends with it.
    assert totals(found, "exits", "watched")[4] > totals(plain, "exits", "watched")[4]


def test_what_falls_must_exist(tmp_path):
    with pytest.raises(ScslabError, match="helth") as error:
        run(watched(tmp_path, {"decided": "2020-05", "withdraws": ["helth"]}))
    assert "health" in str(error.value)


@pytest.mark.parametrize("after", [0, 3])
def test_a_supervisor_closes_blacklists_outside_the_fields(tmp_path, after):
    supervisor = {"from": "2020-04", "allows": ["health-and-life"], "after": months(after)}
    file = watched(tmp_path, {"supervisor": supervisor})
    tallies, moments = lived(file)
    when = 3 + after
    assert [e[:3] for e in tallies.events] == [(f"2020-{when + 1:02d}", "watched", "listed")]
    assert [closed for _, closed in moments] == [0] * when + [1] * (10 - when)
    assert totals(run(file), "scored", "watched")[-1] == 800


def test_a_supervisor_has_nothing_to_do_where_all_fields_are_allowed(tmp_path):
    lists = one_list((BREACH,), None)
    lists["listed"]["grounds"]["did"]["field"] = "market-and-order"
    supervisor = {"from": "2020-01", "allows": ["market-and-order"], "after": months(0)}
    tallies, _ = lived(watched(tmp_path, {"supervisor": supervisor}, lists=lists))
    assert tallies.events == []


def test_an_outcry_fires_above_its_level_and_not_below(tmp_path):
    """Nobody forgets and all speak: what was heard is a Poisson count of all that was done."""
    plain = run(watched(tmp_path))
    hurt = totals(plain, "entries", "watched") + totals(plain, "points_lost", "watched") / 100
    heard = hurt.cumsum() / 0.8  # per 1,000 rated
    error = 5 * np.sqrt(heard / 0.8)
    for index in (1, 3, 5):
        level = float(heard[index] + error[index])
        tallies, _ = lived(watched(tmp_path, {"outcry": outcry(level)}))
        fell = [e[0] for e in tallies.events]
        later = next(i for i in range(10) if (heard - error)[i] > level)
        assert fell and f"2020-{index + 3:02d}" <= fell[0] <= f"2020-{later + 2:02d}"
        assert len(fell) == 1
    assert lived(watched(tmp_path, {"outcry": outcry(float((heard + error)[-1]))}))[0].events == []


@pytest.mark.parametrize("silent", [{"outlets": 0.0}, {"speaks": 0.0}])
def test_nothing_falls_where_nobody_is_heard(tmp_path, silent):
    file = watched(tmp_path, {"outcry": outcry(0.0, **silent)})
    assert lived(file)[0].events == []
    assert run(file).tallies.equals(run(watched(tmp_path)).tallies)


def test_praise_raises_no_outcry(tmp_path):
    lists = {"red": one_list((BREACH,), None)["listed"] | {"colour": "red"}}
    file = watched(tmp_path, {"outcry": outcry(0.5)}, lists=lists)
    write_regime(tmp_path, "watched", lists=lists)
    assert lived(file)[0].events == []


def test_all_regimes_fall_where_none_is_named(tmp_path):
    tallies, _ = lived(watched(tmp_path, {"decided": "2020-03", "regimes": []}))
    assert [e[1] for e in tallies.events] == ["watched", "beside"]
    assert (tallies.stocks[2:, :, :, 3] == 0).all()


def test_oversight_leaves_the_months_before_alone_and_cuts_nothing_twice(tmp_path):
    both = ({"decided": "2020-05", "withdraws": ["health"]}, {"decided": "2020-07"})
    file = watched(tmp_path, *both)
    tallies, moments = lived(file)
    assert [e[2] for e in tallies.events] == ["health", "all of it"]
    assert [closed for _, closed in moments] == [0] * 4 + [2] * 2 + [255] * 4
    for shards in (1, 3):
        assert run(file, shards=shards).tallies.equals(run(file).tallies)
