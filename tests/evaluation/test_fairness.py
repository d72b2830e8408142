"""Groups side by side: ratios, gaps and questions, by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from made_tallies import lived, society
from scslab.analysis.estimate import wilson
from scslab.core.errors import ScslabError
from scslab.core.harm import FOUR_FIFTHS
from scslab.evaluation.harm import (
    ALL,
    error_rates,
    escape,
    harm,
    harm_report,
    impact_ratios,
    measure_totals,
    middling,
    totals,
    urban_bias,
)
from scslab.evaluation.harm.intervals import gap_limits, ratio_limits

RURAL, URBAN = (("residence", "rural"),), (("residence", "urban"),)


def made(*by: str) -> pd.DataFrame:
    return harm(totals(society(), by), measure_totals(lived(), by), by)


def test_impact_ratio_of_a_harm_by_hand() -> None:
    found = {(r.regime, r.group): r for r in impact_ratios(made("residence"), "missed_share")}
    rural, urban = found[ALL, RURAL], found[ALL, URBAN]
    assert (rural.rate, urban.rate) == pytest.approx((0.3, 0.6))
    assert rural.ratio == rural.low == rural.high == 1  # beside itself
    assert urban.best == RURAL
    assert urban.times == pytest.approx(2)
    assert urban.ratio == pytest.approx(0.5)
    assert urban.line == FOUR_FIFTHS == 0.8
    low, high = ratio_limits(0.5, 1 / 30 + 1 / 60 - 1 / 100 - 1 / 100)
    assert (urban.low, urban.high) == pytest.approx((low, high))
    assert urban.shown and rural.shown


def test_impact_ratio_of_a_benefit_is_taken_the_other_way_round() -> None:
    frame = made("residence")
    at = (frame["quantity"] == "benefit_months") & (frame["residence"] == "rural")
    frame.loc[at, ["rate", "amount", "events"]] = [1.5, 300.0, 150.0]
    found = {r.group: r for r in impact_ratios(frame, "benefit_months") if r.regime == ALL}
    assert found[URBAN].ratio == 1
    assert found[RURAL].ratio == found[RURAL].times == pytest.approx(1.5 / 6)


def test_each_groups_ratio_to_itself_is_one_and_no_other_exceeds_it() -> None:
    for quantity in ("listed_months", "missed_share", "wrongful_entries", "breaches"):
        for one in impact_ratios(made("residence"), quantity):
            if one.group == one.best:
                assert one.ratio == 1
            if one.shown:
                assert one.ratio <= 1


def test_a_group_of_few_events_is_not_taken_as_the_best() -> None:
    frame = made("residence")
    at = (frame["quantity"] == "wrongful_entries") & (frame["regime"] == ALL)
    frame.loc[at, "n"] = [100_000.0, 40.0]
    frame.loc[at, "rate"] = [6.0, 0.0]
    frame.loc[at, "events"] = [600.0, 0.0]
    found = {r.group: r for r in impact_ratios(frame, "wrongful_entries") if r.regime == ALL}
    assert found[RURAL].best == RURAL
    assert not found[URBAN].shown
    assert math.isnan(found[URBAN].ratio)


def test_without_a_group_large_enough_there_is_no_ratio() -> None:
    found = impact_ratios(made("residence"), "copies_left")
    assert found and not any(one.shown for one in found)
    assert all(math.isnan(one.ratio) and one.best == () for one in found)


def test_unknown_quantities_are_named() -> None:
    with pytest.raises(ScslabError, match='no quantity "missed"') as caught:
        impact_ratios(made("residence"), "missed")
    assert "missed_share" in str(caught.value)


def test_error_rates_and_gaps_by_hand() -> None:
    found = {(e.quantity, e.group): e for e in error_rates(made("residence")) if e.regime == ALL}
    rural, urban = found["missed_share", RURAL], found["missed_share", URBAN]
    assert rural.gap == rural.gap_low == rural.gap_high == 0
    assert urban.least == RURAL
    assert urban.gap == pytest.approx(0.3)
    # Method 10 of Newcombe (1998), written out.
    (l1, u1), (l2, u2) = wilson(60, 100), wilson(30, 100)
    assert urban.gap_low == pytest.approx(0.3 - math.hypot(0.6 - l1, u2 - 0.3))
    assert urban.gap_high == pytest.approx(0.3 + math.hypot(u1 - 0.6, 0.3 - l2))
    assert not found["wrongly_rejected", RURAL].shown  # 5 objections
    assert found["wrongful_entries", RURAL].rate == pytest.approx(6 / 200 * 1e5)


def test_limits_of_a_gap_are_newcombes() -> None:
    # Newcombe (1998), table II, a: 56/70 - 48/80, method 10.
    low, high = gap_limits(56 / 70, wilson(56, 70), 48 / 80, wilson(48, 80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_limits_of_a_ratio_cover() -> None:
    draws = np.random.default_rng(2).poisson([[80.0, 40.0]] * 4000)
    limits = [ratio_limits(a / b, 1 / a + 1 / b) for a, b in draws]
    covered = np.mean([low <= 2 <= high for low, high in limits])
    assert 0.935 <= covered <= 0.965


def test_urban_bias_of_benefits() -> None:
    assert math.isnan(urban_bias(made("residence"))[0].ratio)  # the rural have none at all
    frame = made("residence")
    at = (frame["quantity"] == "benefit_months") & (frame["residence"] == "rural")
    frame.loc[at, ["rate", "events"]] = [1.5, 100.0]
    found = urban_bias(frame)[0]
    assert found.ratio == pytest.approx(4)
    assert found.group == URBAN and found.against == RURAL
    assert found.low < 4 < found.high


def test_escape_of_the_powerful() -> None:
    missed, listed = escape(made("income"))
    assert (missed.quantity, listed.quantity) == ("missed_share", "breaches_listed")
    assert missed.ratio == pytest.approx(2)  # 60 of 100 against 30 of 100
    assert listed.rate == pytest.approx(14)  # 15 listings less a wrongful one, of 100 breaches
    assert listed.against_rate == pytest.approx(54)
    assert escape(made("party"))[0].group == (("party", "yes"),)
    assert escape(made("residence")) == []


def test_middling_political_capital() -> None:
    frame = society()
    middle = frame.assign(party="no", residence="urban")  # rich without the Party
    both = pd.concat([frame, middle[middle["income"] == "high"]], ignore_index=True)
    by = ["political_capital"]
    measures = pd.concat([lived(), lived().assign(party="no")], ignore_index=True)
    found = middling(harm(totals(both, by), measure_totals(measures, by), by))
    compared = {(c.quantity, dict(c.against)["political_capital"]): c for c in found}
    assert len(compared) == 8
    assert {dict(c.group)["political_capital"] for c in found} == {"middle"}
    assert compared["listed_months", "high"].ratio == pytest.approx(1)
    low = compared["listed_months", "low"]
    assert low.ratio == pytest.approx((25 / 100) / (90 / 200))


def test_the_report_holds_all_parts() -> None:
    report = harm_report(society(), lived(), ["residence", "income", "party", "not there"])
    assert {line.group for line in report.whole} == {()}
    assert {line.regime for line in report.systems} == {"court", "club"}
    attributes = {tuple(name for name, _ in line.group) for line in report.groups}
    assert attributes == {
        ("residence",), ("income",), ("party",), ("political_capital",), ("residence", "income"),
    }  # fmt: skip
    assert {line.regime for line in report.groups} == {ALL}
    questions = {c.question for c in report.contrasts}
    assert questions == {"Do benefits go to the towns?", "Do the powerful escape?"}
    assert "proxy" in report.capital
    whole = {line.quantity: line for line in report.whole}
    assert whole["wrongful_entries"].amount == 7
    bare = harm_report(
        society().drop(columns=["income", "party"]), lived().drop(columns=["income", "party"]), []
    )
    assert bare.groups == () and bare.capital == ""


def test_persons_and_organisations_are_kept_apart() -> None:
    people = society().assign(subject="person")
    firms = society().assign(subject="organisation", residence=None, income=None, party=None)
    frames = pd.concat([people, firms], ignore_index=True)
    measures = pd.concat(
        [
            lived().assign(subject="person"),
            lived().assign(subject="organisation", residence=None, income=None, party=None),
        ],
        ignore_index=True,
    )
    report = harm_report(frames, measures, ["residence"])
    for quantity, amount in (("wrongful_entries", 7), ("refused", 35), ("benefit_months", 600)):
        found = {line.group: line.amount for line in report.whole if line.quantity == quantity}
        both = {(("subject", "person"),): amount, (("subject", "organisation"),): amount}
        assert found == both, quantity
    of_groups = [line for line in report.groups if line.quantity == "wrongful_entries"]
    assert sum(line.amount for line in of_groups) == 7
