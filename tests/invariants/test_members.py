"""Who is scored: consent, joining, leaving, and what members bring."""

import math

import numpy as np
import pytest

from small import (
    BREACH,
    PLAIN,
    monthly,
    months,
    near,
    one_list,
    one_score,
    points,
    run,
    share,
    step_through,
    study,
    totals,
    write_regime,
    yes,
)

CONSENT = {"who": {"consent": yes()}}


def joined(tmp_path, shares, varies=(), score=None, lists=None, **more):
    """A regime that persons join, with the shares given."""
    write_regime(
        tmp_path,
        "joined",
        score=score or one_score(600, breach=-10),
        **CONSENT,
        **({"lists": lists} if lists else {}),
        remedy=more.pop("remedy", {}),
    )
    use = {"use": "joined", "joins": {"share": shares, "varies": list(varies)}}
    return study(tmp_path, regimes=[use], **({"persons": 10_000} | more))


def test_the_share_of_members_is_the_share_given(tmp_path):
    found = run(joined(tmp_path, share(0.3)))
    covered = totals(found, "covered")
    assert near(covered[0], 3000, math.sqrt(2100))
    assert (covered == covered[0]).all()
    assert (totals(found, "scored") == covered).all()


def test_shares_differ_by_attribute_and_stop_at_everybody(tmp_path):
    varies = [{"with": "sex", "times": {"female": 0.5, "male": 2.0}, "source": "made-up"}]
    found = run(joined(tmp_path, share(0.6), varies)).table("scores", by=["sex"])
    first = found[found["month"] == "2020-01"].set_index("sex")["covered"]
    assert first["male"] == 5000
    assert near(first["female"], 1500, math.sqrt(5000 * 0.21))


def test_early_joiners_stay_while_the_share_grows(tmp_path):
    shares = share(0.1, ("2020-04-01", 0.4), ("2020-08-01", 0.9))
    before = np.zeros(10_000, np.uint8)
    sizes = []
    for _, _, state, _ in step_through(joined(tmp_path, shares)):
        assert (state.member[0] >= before).all()
        before = state.member[0].copy()
        sizes.append(int(before.sum()))
    for month, p in ((0, 0.1), (3, 0.4), (7, 0.9), (11, 0.9)):
        assert near(sizes[month], 10_000 * p, math.sqrt(10_000 * p * (1 - p)))


def test_the_last_to_join_are_the_first_to_leave(tmp_path):
    shares = share(0.2, ("2020-04-01", 0.6), ("2020-08-01", 0.2))
    members = [s.member[0].copy() for _, _, s, _ in step_through(joined(tmp_path, shares))]
    assert (members[0] == members[-1]).all()
    assert members[5].sum() > members[0].sum()


def test_who_leaves_has_no_score_and_gets_no_points(tmp_path):
    shares = share(0.8, ("2020-06-01", 0.0))
    file = joined(tmp_path, shares, conduct={BREACH: {"rate": monthly(0.3)}})
    found = run(file)
    for column in ("covered", "scored", "score_sum", "points_lost"):
        assert (totals(found, column)[5:] == 0).all()
        assert (totals(found, column)[:5] > 0).all()
    assert len(found.histograms) == 0 or found.histograms["persons"].sum() == 0


def test_who_comes_back_starts_anew(tmp_path):
    shares = share(1.0, ("2020-03-01", 0.0), ("2020-06-01", 1.0))
    rate = monthly(0.5, ("2020-03-01", 0.0))
    found = run(joined(tmp_path, shares, conduct={BREACH: {"rate": rate}}))
    assert totals(found, "score_sum")[1] < 600 * 10_000
    assert (totals(found, "score_sum")[5:] == 600 * 10_000).all()


def test_who_comes_back_is_not_given_points_of_an_old_file(tmp_path):
    """Records of the first membership end after the second has begun."""
    shares = share(1.0, ("2020-03-01", 0.0), ("2020-05-01", 1.0))
    rate = monthly(0.5, ("2020-03-01", 0.0))
    file = joined(
        tmp_path,
        shares,
        score=one_score(600, breach=-10),
        conduct={BREACH: {"rate": rate}},
        remedy={"record_ends": months(6)},
    )
    assert (totals(run(file), "score_sum")[4:] == 600 * 10_000).all()


def test_members_keep_their_score_when_others_join(tmp_path):
    shares = share(0.5, ("2020-03-01", 1.0))
    rate = monthly(0.5, ("2020-03-01", 0.0))
    file = joined(tmp_path, shares, conduct={BREACH: {"rate": rate}})
    scores = [(s.member[0] == 1, s.score[0].copy()) for _, _, s, _ in step_through(file)]
    early = scores[1][0]
    assert (scores[-1][1][early] == scores[1][1][early]).all()
    assert (scores[-1][1][~early] == 600).all()
    assert (scores[1][1][early] < 600).any()


def test_a_list_for_members_takes_members_only(tmp_path):
    lists = one_list(stays=None, members_only=True)
    rate = {BREACH: {"rate": monthly(1.0)}}
    file = joined(tmp_path, share(0.4), lists=lists, conduct=rate)
    for _, _, state, _ in step_through(file):
        assert (state.member[0][state.listed[0] > 0] == 1).all()
    assert state.listed[0].sum() == state.member[0].sum()


def test_a_score_turned_on_later_starts_everybody_then(tmp_path):
    late = one_score(600, breach=-10)
    late["start"] = points(None, ("2020-05-01", 700))
    write_regime(tmp_path, "late", score=late)
    found = run(study(tmp_path, regimes=["late"]))
    assert (totals(found, "scored")[:4] == 0).all()
    assert (totals(found, "scored")[4:] == 2000).all()
    lost = totals(found, "points_lost")
    assert (lost[:4] == 0).all()
    assert totals(found, "score_sum")[4] == 700 * 2000 - lost[4]


def test_a_dimension_starts_around_its_mean(tmp_path):
    """Half of a scale from 350 to 950 from a dimension of mean 0.5 and spread 0.2."""
    score = {
        "lowest": points(350),
        "highest": points(950),
        "dimensions": {
            "one": {"says": "One", "weight": share(0.75)},
            "two": {"says": "Two", "weight": share(0.25)},
        },
        "acts": {},
    }
    write_regime(tmp_path, "weighted", score=score)
    brings = {
        "one": {"mean": share(0.5), "spread": share(0.2)},
        "two": {"mean": share(0.8), "spread": share(0.0)},
    }
    use = {"use": "weighted", "brings": brings}
    for _, _, state, _ in step_through(study(tmp_path, persons=10_000, length=1, regimes=[use])):
        scores = state.score[0].astype(float)
    mean, half = 350 + 600 * (0.75 * 0.5 + 0.25 * 0.8), 600 * 0.75 * 0.2
    assert near(scores.mean(), mean, half / math.sqrt(3 * 10_000))
    assert near(scores.var(), half**2 / 3, half**2 * math.sqrt(4 / 45 / 10_000))
    assert mean - half - 0.5 <= scores.min() < mean - 0.95 * half
    assert mean + half + 0.5 >= scores.max() > mean + 0.95 * half


@pytest.mark.parametrize("adults_from", [0, 18, 31])
def test_only_the_old_enough_are_covered(tmp_path, adults_from):
    margins = {
        "attributes": PLAIN["attributes"] | {"age": ["14-17", "18-30", "31+"]},
        "margins": [
            *PLAIN["margins"],
            {"over": ["age"], "shares": {"14-17": 0.2, "18-30": 0.3, "31+": 0.5}},
        ],
    }
    years = {"unit": "years", "rows": points(adults_from)["rows"]}
    write_regime(tmp_path, "aged", who={"adults_from": years}, score=one_score(0, breach=1))
    found = run(study(tmp_path, margins=margins, regimes=["aged"]))
    rows = found.table("records", by=["age"])
    rated = {
        age for age, start in (("14-17", 14), ("18-30", 18), ("31+", 31)) if start >= adults_from
    }
    assert set(rows[rows["covered"] > 0]["age"]) == rated
    assert set(rows[rows["records"] > 0]["age"]) == rated
