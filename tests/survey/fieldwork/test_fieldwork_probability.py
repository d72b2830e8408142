"""Probability samples: chances, weights, unbiased totals, and intervals that cover."""

import numpy as np
import pandas as pd
import pytest

from scslab.analysis import estimate
from scslab.analysis.design import make_design
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Variable
from scslab.survey.fieldwork import (
    adjust,
    decide,
    draw_clusters,
    draw_persons,
    draw_within,
    wave_word,
)
from scslab.survey.fieldwork.clusters import inclusion


def word(seed):
    return wave_word(np.uint64(seed), "spring")


def population(clusters, largest=120):
    """Persons in clusters of unequal size in six strata, with answers that go with both."""
    rng = np.random.default_rng(1)
    sizes = rng.integers(largest // 6, largest, clusters)
    strata = np.arange(clusters) % 6
    place = np.repeat(np.arange(clusters), sizes)
    level = strata * 0.5 + rng.normal(0, 0.7, clusters) + sizes / 60
    return sizes, strata, place, level[place] + rng.normal(0, 1, len(place))


def test_chances_are_exact_and_add_up_to_the_sample():
    sizes, strata, place, _ = population(90)
    drawn = draw_clusters(sizes, strata, 30, word(1))
    assert len(drawn.chosen) == 30
    assert (np.diff(drawn.chosen) > 0).all()
    for h in range(6):
        here = drawn.stratum == h
        m = here.sum()
        assert m >= 2
        np.testing.assert_allclose(
            drawn.chance[here], m * sizes[drawn.chosen[here]] / sizes[strata == h].sum()
        )
    got = draw_within(place, np.arange(len(place)), drawn, 307, word(1))
    times = np.bincount(got.cluster, minlength=90)[drawn.chosen]
    assert times.sum() == 307
    assert set(times) == {10, 11}
    np.testing.assert_allclose(got.second, times[np.searchsorted(drawn.chosen, got.cluster)]
                               / sizes[got.cluster])  # fmt: skip
    np.testing.assert_allclose(got.weight, 1 / (got.first * got.second))
    assert (place[got.chosen] == got.cluster).all()
    assert (strata[got.cluster] == got.stratum).all()


def test_clusters_are_drawn_as_often_as_their_chance_says():
    sizes, strata, *_ = population(24)
    sizes[0] = 600  # certain
    times, n = np.zeros(24), 2000
    for seed in range(n):
        drawn = draw_clusters(sizes, strata, 14, word(seed))
        assert len(drawn.chosen) == 14
        times[drawn.chosen] += 1
    chance = np.zeros(24)
    for h in range(6):
        here = strata == h
        chance[here], _ = inclusion(sizes[here].astype(float), int((drawn.stratum == h).sum()))
    assert chance[0] == 1
    assert times[0] == n
    z = (times - n * chance) / np.sqrt(np.maximum(n * chance * (1 - chance), 1e-9))
    assert np.abs(z[chance < 1]).max() < 4


def test_any_two_clusters_can_be_drawn_together():
    pairs = {}
    for seed in range(1200):
        pair = tuple(draw_clusters(np.full(4, 9), np.zeros(4), 2, word(seed)).chosen)
        pairs[pair] = pairs.get(pair, 0) + 1
    assert len(pairs) == 6
    assert max(abs(times - 200) for times in pairs.values()) < 4 * np.sqrt(200 * 5 / 6)


def test_horvitz_thompson_totals_are_unbiased_in_two_stages_and_in_one():
    sizes, strata, place, y = population(60)
    persons, n = np.arange(len(y)), 1000
    totals = np.empty((n, 4))
    for seed in range(n):
        clusters = draw_clusters(sizes, strata, 20, word(seed))
        two = draw_within(place, persons, clusters, 110, word(seed))
        one = draw_persons(persons, 110, word(seed), strata[place])
        simple = draw_persons(persons, 110, word(seed))
        totals[seed] = [
            (two.weight * y[two.chosen]).sum(),
            two.weight.sum(),
            (one.weight * y[one.chosen]).sum(),
            (simple.weight * y[simple.chosen]).sum(),
        ]
    truth = np.array([y.sum(), len(y), y.sum(), y.sum()])
    spread = totals.std(axis=0) / np.sqrt(n)
    assert (np.abs(totals.mean(axis=0) - truth) < 4 * spread + 1e-6).all()


def covered(drawn, values, truth):
    """Whether the 95 % interval of the mean, by the design, holds the truth."""
    frame = pd.DataFrame({"y": values})
    design = make_design(drawn.weight, strata=[drawn.stratum], clusters=[drawn.cluster])
    row = estimate.mean(Sample(Answers(frame, {"y": Variable("y")}), design), "y").rows[0]
    return row.low <= truth <= row.high


def test_intervals_cover():
    # Few of many clusters, since the interval takes clusters as drawn with replacement.
    sizes, strata, place, y = population(900, largest=48)
    persons, n = np.arange(len(y)), 400
    hits = np.zeros(2)
    for seed in range(n):
        clusters = draw_clusters(sizes, strata, 60, word(seed))
        two = draw_within(place, persons, clusters, 480, word(seed))
        one = draw_persons(persons, 480, word(seed), strata[place])
        hits += [covered(d, y[d.chosen], y.mean()) for d in (two, one)]
    assert (np.abs(hits / n - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / n)).all()


def test_certain_clusters_are_strata_of_their_own():
    sizes = np.array([500, 40, 40, 40, 40, 60, 60, 60])
    strata = np.array([0, 0, 0, 0, 0, 1, 1, 1])
    place = np.repeat(np.arange(8), sizes)
    drawn = draw_clusters(sizes, strata, 5, word(3))  # three in stratum 0, one of them certain
    assert drawn.certain.tolist() == (drawn.chosen == 0).tolist()
    assert (drawn.alone == drawn.certain).all()
    got = draw_within(place, np.arange(len(place)), drawn, 50, word(3))
    own = place[got.chosen] == 0
    assert (got.first[own] == 1).all()
    assert len(set(got.stratum[own])) == 1
    assert not set(got.stratum[own]) & set(got.stratum[~own])
    assert len(set(got.cluster[own])) == own.sum()
    assert got.notes == (
        "1 of 5 clusters were taken with certainty; each of these is a stratum of its own, with "
        "persons as its units.",
    )
    assert make_design(got.weight, strata=[got.stratum], clusters=[got.cluster]).df == own.sum() + 1


def test_a_stratum_never_keeps_one_unit_for_the_variance():
    sizes = np.array([500, 40, 40, 60, 60, 60])
    strata = np.array(["a", "a", "a", "b", "b", "b"])
    drawn = draw_clusters(sizes, strata, 4, word(3))  # in a one certain, one left to chance
    assert drawn.certain.sum() == 1
    assert not drawn.alone.any()
    got = draw_within(np.repeat(np.arange(6), sizes), np.arange(sizes.sum()), drawn, 20, word(3))
    assert "0 of these are strata of their own" in got.notes[0]
    units = {h: set(got.cluster[got.stratum == h]) for h in set(got.stratum)}
    assert all(len(found) == 2 for found in units.values())


def test_a_small_cluster_is_taken_whole_and_said():
    sizes, strata = np.array([3, 50, 50]), np.array([0, 0, 0])
    drawn = draw_clusters(sizes, strata, 3, word(1))
    got = draw_within(np.repeat(np.arange(3), sizes), np.arange(103), drawn, 30, word(1))
    assert len(got.chosen) == 23
    assert "1 of 3 clusters had fewer persons than wanted" in got.notes[1]
    assert "(7 persons missing)" in got.notes[1]
    assert got.weight.sum() == pytest.approx(103)


def test_persons_are_drawn_by_their_own_luck():
    sizes, strata, place, _ = population(30)
    persons = np.arange(len(place)) * 3
    drawn = draw_clusters(sizes, strata, 15, word(2))
    got = draw_within(place, persons, drawn, 150, word(2))
    order = np.random.default_rng(1).permutation(len(place))
    again = draw_within(place[order], persons[order], drawn, 150, word(2))
    assert sorted(persons[order][again.chosen]) == sorted(persons[got.chosen])


def test_a_larger_simple_sample_holds_the_smaller():
    small, large = (draw_persons(np.arange(500), n, word(2)).chosen for n in (50, 80))
    assert set(small) < set(large)


def test_what_cannot_be_drawn_is_told():
    with pytest.raises(ScslabError, match="1 of 2 strata have fewer than 2 units"):
        draw_clusters(np.array([5, 5, 5]), np.array(["east", "east", "west"]), 3, word(1))
    with pytest.raises(ScslabError, match="3 units cannot be drawn from 2 strata"):
        draw_clusters(np.ones(6, int), np.array([0, 0, 0, 1, 1, 1]), 3, word(1))
    drawn = draw_clusters(np.full(4, 9), np.zeros(4, int), 3, word(1))
    with pytest.raises(ScslabError, match="2 persons cannot be spread over 3 clusters"):
        draw_within(np.repeat(np.arange(4), 9), np.arange(36), drawn, 2, word(1))
    with pytest.raises(ScslabError, match="7 persons cannot be drawn from 6"):
        draw_persons(np.arange(6), 7, word(1))


def test_weights_for_nonresponse_keep_the_weight_of_each_group():
    rng = np.random.default_rng(4)
    groups, weights = rng.integers(0, 8, 400), rng.uniform(1, 5, 400)
    answered = rng.random(400) < 0.6
    got = adjust(weights, answered, groups)
    assert (got[~answered] == 0).all()
    np.testing.assert_allclose(np.bincount(groups, got), np.bincount(groups, weights))
    equal = adjust(np.full(400, 2.0), answered, groups)
    drawn, kept = np.bincount(groups), np.bincount(groups, answered)
    np.testing.assert_allclose(equal[answered], (2 * drawn / kept)[groups][answered])


def test_empty_clusters_are_carried_by_their_stratum():
    groups, strata = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 0, 0, 0, 1, 1])
    answered, weights = np.array([1, 0, 0, 0, 1, 1], bool), np.full(6, 10.0)
    got = adjust(weights, answered, groups, strata)
    assert got.tolist() == [40, 0, 0, 0, 10, 10]
    # First within clusters (20, and 10 twice), then the 20 of the empty one by halves to both.
    two = np.array([0, 0, 1, 1, 2, 2])
    got = adjust(weights, np.array([1, 0, 1, 1, 0, 0], bool), two, np.zeros(6))
    assert got.tolist() == [30, 0, 15, 15, 0, 0]
    with pytest.raises(ScslabError, match="nobody answered in 1 of 3 groups"):
        adjust(weights, answered, groups)
    with pytest.raises(ScslabError, match="nobody answered in 1 of 2 groups"):
        adjust(weights, answered & (strata == 0), groups, strata)


def test_adjusted_totals_are_right_where_answering_hangs_on_the_stratum():
    _, strata, place, y = population(60)
    of, persons, n = strata[place], np.arange(len(y)), 800
    plain, mended = np.empty(n), np.empty(n)
    for seed in range(n):
        drawn = draw_persons(persons, 400, word(seed), of)
        answered = decide(word(seed), "starts", drawn.chosen, 0.3 + 0.1 * drawn.stratum)
        weights = adjust(drawn.weight, answered, drawn.stratum)
        values = y[drawn.chosen]
        plain[seed] = values[answered].mean()
        mended[seed] = (weights * values).sum() / weights.sum()
    error = mended.std() / np.sqrt(n)
    assert abs(mended.mean() - y.mean()) < 4 * error
    assert abs(plain.mean() - y.mean()) > 20 * error
