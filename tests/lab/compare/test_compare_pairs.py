"""Paired by luck: nothing differs between the same rules, and what differs is what a rule did."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from trials import difference, trial, two_systems

from scslab.core.draws import decision
from scslab.evaluation.harm import QUANTITIES, harm, measure_totals, totals
from scslab.evaluation.harm.totals import collapse
from scslab.lab.compare.arms import read_arms
from scslab.lab.compare.compose import splits_of
from scslab.lab.compare.paired import interval, paired
from scslab.lab.compare.run import collapse_run, run_all, worlds_of
from scslab.lab.compare.values import KEYS, harms_of
from scslab.lab.frames import measure_frame, tally_frame
from scslab.lab.loop import run_months
from scslab.lab.reuse import world_like
from scslab.lab.safeguards import with_safeguards
from scslab.lab.waves.seeds import seeded
from scslab.lab.world import World, build_world
from small import everything


def test_none_against_none_is_exactly_zero_everywhere(tmp_path):
    found = trial(everything(tmp_path), "none", "none", by=["sex", "region"], seeds=3)
    pairs = found.pairs
    assert set(pairs["safeguard"]) == {"none (2)"}
    assert set(pairs["by"]) == {"all", "sex", "region"}
    counted = pairs[pairs["first"].notna()]
    assert (counted[["difference", "sd", "se", "low", "high"]] == 0).all(axis=None)
    amounts = pairs[pairs["of"] == "amount"]
    assert amounts["first"].notna().all()
    assert (amounts["first"] > 0).sum() > 100  # something was counted
    assert (found.frontier()["on"]).all()
    assert found.ranking()["best"].tolist() == [0.5, 0.5]


def test_a_safeguard_changes_its_own_system_only(tmp_path):
    found = trial(two_systems(tmp_path), "none", "short", "slow", "short+slow")
    alone = {arm: difference(found, arm, "listed_months", "first") for arm in found.safeguards[1:]}
    assert alone["short"]["difference"] < -1000
    assert alone["slow"]["difference"] == alone["slow"]["sd"] == 0
    rows = found.pairs[(found.pairs["safeguard"] == "short") & (found.pairs["regime"] == "second")]
    assert len(rows) > 100
    assert (rows.loc[rows["first"].notna(), ["low", "high"]] == 0).all(axis=None)


def test_an_unrelated_safeguard_leaves_the_numbers_of_others_unchanged(tmp_path):
    """The arms are run apart: what else is compared, and what else is laid, changes nothing."""
    found = trial(two_systems(tmp_path), "none", "short", "slow", "short+slow")
    less = trial(two_systems(tmp_path), "none", "short")
    values, others = found.values, less.values
    assert (values.keys == others.keys).all(axis=None)
    first = np.flatnonzero(values.keys["regime"] == "first")
    both = values.labels.index("short+slow")
    for name in ("amount", "n", "rate"):
        np.testing.assert_array_equal(
            getattr(values, name)[first, both], getattr(others, name)[first, 1]
        )
        np.testing.assert_array_equal(getattr(values, name)[:, :2], getattr(others, name))


def test_numbers_do_not_depend_on_threads(tmp_path):
    one = trial(two_systems(tmp_path), "none", "slow")
    many = trial(two_systems(tmp_path), "none", "slow", threads=5)
    lots = trial(two_systems(tmp_path), "none", "slow", threads=10**9)
    for other in (many, lots):
        np.testing.assert_array_equal(one.values.amount, other.values.amount)
        assert one.pairs.equals(other.pairs)


def test_a_seed_gives_the_same_numbers_whatever_the_others(tmp_path):
    some = trial(two_systems(tmp_path), "none", "short", seeds=[7, 3])
    more = trial(two_systems(tmp_path), "none", "short", seeds=[0, 3, 5, 7])
    np.testing.assert_array_equal(some.values.amount, more.values.amount[:, :, [3, 1]])
    assert not np.array_equal(more.values.amount[:, :, 0], more.values.amount[:, :, 1])


def test_differences_agree_with_scipy():
    rng = np.random.default_rng(5)
    first = rng.poisson(50, (7, 12)).astype(float)
    other = first - rng.poisson(9, (7, 12))
    found = paired(first, other)
    for row in range(7):
        test = stats.ttest_rel(other[row], first[row])
        limits = test.confidence_interval(0.95)
        assert found.low[row] == pytest.approx(limits.low, rel=1e-12)
        assert found.high[row] == pytest.approx(limits.high, rel=1e-12)
        apart = stats.ttest_ind(other[row], first[row], equal_var=False)
        gap = other[row].mean() - first[row].mean()
        assert found.unpaired_se[row] == pytest.approx(gap / apart.statistic, rel=1e-12)
        ratio = (apart.statistic / test.statistic) ** 2
        assert found.saves[row] == pytest.approx(1 / ratio, rel=1e-9)
    mean, low, high, seeds = interval(first)
    for row in range(7):
        limits = stats.ttest_1samp(first[row], 0).confidence_interval(0.95)
        assert (low[row], high[row]) == pytest.approx((limits.low, limits.high))
    assert (seeds == 12).all()
    assert mean == pytest.approx(first.mean(axis=1))


def test_only_seeds_with_both_sides_count():
    first = np.array([[1.0, np.nan, 3.0, 5.0], [1.0, np.nan, np.nan, 2.0]])
    other = np.array([[2.0, 9.0, 5.0, np.nan], [1.0, 2.0, 3.0, np.nan]])
    found = paired(first, other)
    assert found.seeds.tolist() == [2, 1]
    assert found.difference[0] == 1.5
    assert np.isnan([found.difference[1], found.low[1], found.se[1]]).all()


def test_what_pairing_saves_is_infinite_or_unknown_where_nothing_varies():
    first = np.array([[3.0, 5.0, 4.0], [2.0, 2.0, 2.0]])
    found = paired(first, first + 1.0)
    assert found.saves[0] == np.inf
    assert np.isnan(found.saves[1])
    assert (found.low == 1.0).all() and (found.high == 1.0).all()


def same_world(one: World, other: World) -> None:
    """Every field of two worlds is the same; arrays by their values."""
    for name in World.__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        if name == "file":
            assert a.study == b.study
        elif isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b, err_msg=name)
        elif name in ("society", "kinds", "people", "registry", "margins"):
            assert repr(a) == repr(b), name
        else:
            assert a == b, name


@pytest.mark.parametrize("laid", [(), ("notice",), ("consent", "five-years", "no-shaming")])
def test_a_world_with_other_rules_is_as_if_built_anew(tmp_path, laid):
    file = everything(tmp_path)
    base = build_world(with_safeguards(file, ()), 4, None, 8)
    changed = with_safeguards(file, laid)
    found = world_like(base, changed, 8)
    assert found.people is base.people
    same_world(found, build_world(changed, 4, None, 8))


def test_another_society_is_built_anew_of_the_same_size(tmp_path):
    base = build_world(everything(tmp_path), 4, 1500)
    other = everything(tmp_path, persons=9000, margins=two_systems(tmp_path).study.society.margins)
    found = world_like(base, other)
    assert found.people is not base.people
    assert found.society.persons == 1500
    assert found.seed == base.seed == decision("seed 4")


def test_totals_are_those_of_the_whole_tables(tmp_path):
    file = everything(tmp_path)
    arms = read_arms(["none", "notice"])
    worlds = worlds_of(file, arms, None, None)
    splits = splits_of(worlds[0], ["sex", "region+sex"])
    sums = run_all(worlds, arms, [1, 2], splits, 2)
    for arm, world in enumerate(worlds):
        for seed, number in enumerate((1, 2)):
            tallies = run_months(seeded(world, number), 1)
            rows, measures = tally_frame(world, tallies), measure_frame(world, tallies)
            for split in splits:
                found = sums[split]
                kept = (found.totals["(arm)"] == arm) & (found.totals["(seed)"] == seed)
                mine = found.totals[kept].drop(columns=["(arm)", "(seed)"]).reset_index(drop=True)
                expected = totals(rows, split)
                assert mine.astype(expected.dtypes).equals(expected)
            whole = collapse(rows, ["region", "sex"])
            short = collapse_run(world, tallies, ["region", "sex"])
            assert short.anywhere.equals(whole.anywhere)
            assert short.months == whole.months
            assert len(measure_totals(measures, ["sex"])) > 0


def test_quantities_are_those_of_each_run(tmp_path):
    """Computed for all runs at once, they are what a run alone gives."""
    file = everything(tmp_path)
    arms = read_arms(["none", "notice"])
    worlds = worlds_of(file, arms, None, None)
    sums = run_all(worlds, arms, [1, 2], [("sex",)], 1)[("sex",)]
    table = harms_of(("sex",), sums)
    tallies = run_months(seeded(worlds[1], 2), 1)
    rows, measures = tally_frame(worlds[1], tallies), measure_frame(worlds[1], tallies)
    alone = harm(totals(rows, ["sex"]), measure_totals(measures, ["sex"]), ["sex"])
    mine = table[(table["(arm)"] == 1) & (table["(seed)"] == 1)]
    merged = mine.merge(
        alone.assign(group=alone["sex"].astype(str)).drop(columns="kind"),
        on=["quantity", "regime", "group"],
        suffixes=("", "_alone"),
    )
    assert len(merged) == len(mine) == len(alone) > len(QUANTITIES)
    for name in ("amount", "n", "rate"):
        np.testing.assert_allclose(merged[name], merged[f"{name}_alone"], rtol=1e-12)
    assert set(KEYS) <= set(table)


def test_political_capital_and_joint_groups_add_up(tmp_path):
    found = trial(two_systems(tmp_path), "none", "short", by=["sex", "sex+residence"])
    whole = difference(found, "short", "listed_months")["difference"]
    rows = found.differences(by="sex+residence")
    rows = rows[
        (rows["quantity"] == "listed_months") & (rows["of"] == "amount") & (rows["regime"] == "all")
    ]
    assert sorted(rows["group"])[0] == "female, rural"
    assert len(rows) == 4
    assert rows["difference"].sum() == pytest.approx(whole)
    assert found.differences(by=["sex", "residence"]).equals(found.differences("sex+residence"))


def test_a_study_with_safeguards_of_its_own_is_compared_without_them(tmp_path):
    file = two_systems(tmp_path)
    own = with_safeguards(file, ["short"])
    plain, laid = trial(file, "none", "short"), trial(own, "none", "short")
    np.testing.assert_array_equal(plain.values.amount, laid.values.amount)


def test_months_cut_the_study(tmp_path):
    found = trial(two_systems(tmp_path), "none", "short", months=5)
    assert found.manifest["last_month"] == "2020-05"
    whole = trial(two_systems(tmp_path), "none", "short")
    assert found.harm()["amount"].sum() < whole.harm()["amount"].sum()
    assert replace(found.summary, title="") != found.summary


def test_intervals_of_harm_stay_where_a_figure_can_be(tmp_path):
    found = trial(two_systems(tmp_path), "none", "short", by=["residence+sex"], seeds=2)
    harms = found.harms[found.harms["rate"].notna()]
    for name in ("amount", "rate"):
        assert (harms[f"{name}_low"] >= 0).all()
        assert (harms[f"{name}_low"] <= harms[name]).all()
        assert (harms[f"{name}_high"] >= harms[name]).all()
    shares = harms["quantity"].map(lambda name: QUANTITIES[name].unit == "share")
    assert (harms.loc[shares, "rate_high"] <= 1).all()
    assert (harms.loc[~shares, "rate_high"] > 1).any()
    plain = interval(found.values.amount)  # the cut does something here
    assert (plain[1] < 0).any()
    assert (found.pairs["low"] < 0).any()
