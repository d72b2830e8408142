"""Rates of harm, by hand; intervals against scipy; what must hold whatever the figures."""

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import chi2

from made_tallies import lived, society
from scslab.core.errors import ScslabError
from scslab.evaluation.harm import (
    ALL,
    COUNTED,
    QUANTITIES,
    cost_kind,
    cost_kinds,
    harm,
    measure_totals,
    totals,
)
from scslab.evaluation.harm.counts import count_all
from scslab.evaluation.harm.intervals import mean_limits, poisson_limits, rate_limits
from scslab.regimes.load import LIBRARY
from small import everything, one_list, run, study, write_regime, yes

Row = pd.Series


def made(by: list[str] | None = None) -> pd.DataFrame:
    return harm(totals(society(), by or []), measure_totals(lived(), by or []), by or [])


def row(frame: pd.DataFrame, quantity: str, regime: str = ALL, **group: str) -> Row:
    found = frame[(frame["quantity"] == quantity) & (frame["regime"] == regime)]
    for name, category in group.items():
        found = found[found[name] == category]
    assert len(found) == 1
    return found.iloc[0]


YEARS = 2 * 1800 / 12
BY_HAND = {
    "wrongful_entries": (7, YEARS, 7 / YEARS * 1e5),
    "wrongful_months": (10, YEARS, 10 / YEARS * 1e5),
    "listed_months": (115, YEARS, 115 / YEARS * 1e3),
    "refused": (35, YEARS, 35 / YEARS * 1e3),
    "refused_trips": (35, YEARS, 35 / YEARS * 1e3),
    "travel_cost_months": (115, YEARS, 115 / YEARS * 1e3),
    "lost_credit_months": (45, YEARS, 45 / YEARS * 1e3),
    "lost_post_months": (0, YEARS, 0),
    "wrongful_refused": (3, YEARS, 3 / YEARS * 1e5),
    "wrongful_cost_months": (12, YEARS, 12 / YEARS * 1e5),
    "points_lost": (7, YEARS, 7 / YEARS * 1e3),
    "hardship_entries": (6, YEARS, 6 / YEARS * 1e5),
    "hardship_months": (11, YEARS, 11 / YEARS * 1e5),
    "months_to_correction": (2, 2, 1),
    "never_corrected": (5, 7, 5 / 7),  # 2 exits and 5 who stand, 2 of them corrected
    "compounding": (160, 115, 160 / 115),
    "wrongful_compounding": (12, 10, 1.2),
    "systems_holding": (3, 8, 3 / 8),
    "copies_left": (2, 3, 2 / 3),
    "false_records": (10, 111, 10 / 111),
    "wrongful_share": (7, 75, 7 / 75),
    "missed_share": (90, 200, 0.45),
    "wrongly_rejected": (3, 5, 0.6),
    "wrongly_corrected": (6, 15, 0.4),
    "benefit_months": (600, YEARS, 600 / YEARS),
    "breaches": (200, YEARS, 200 / YEARS * 1e3),
    "breaches_listed": (68, 200, 34),
    "performed_share": (10, 68, 10 / 68),
}


@pytest.mark.parametrize("quantity", BY_HAND)
def test_by_hand(quantity: str) -> None:
    found = row(made(), quantity)
    amount, n, rate = BY_HAND[quantity]
    assert found["amount"] == amount
    assert found["n"] == pytest.approx(n)
    assert found["rate"] == pytest.approx(rate)


def test_groups_by_hand() -> None:
    by = made(["residence"])
    assert row(by, "missed_share", residence="rural")["rate"] == pytest.approx(0.3)
    assert row(by, "missed_share", residence="urban")["rate"] == pytest.approx(0.6)
    assert row(by, "benefit_months", residence="rural")["rate"] == 0
    # 600 months of benefits over 600 persons for two months.
    assert row(by, "benefit_months", residence="urban")["rate"] == pytest.approx(6.0)
    # Of the club's own members each had two.
    club = row(by, "benefit_months", "club", residence="urban")
    assert (club["n"], club["rate"]) == (50, 12)


def test_every_quantity_is_explained_and_counted() -> None:
    measures = measure_totals(lived())
    counts = count_all(totals(society()), measures, ["regime"])
    for quantity in QUANTITIES.values():
        assert quantity.says[0].isupper() and not quantity.says.endswith("."), quantity.name
        assert quantity.kind in ("harm", "error", "benefit", "compliance")
        for part in (quantity.amount, quantity.per):
            assert part in counts and part in COUNTED, quantity.name
        assert quantity.better == ("less" if quantity.kind in ("harm", "error") else "more") or (
            quantity.name == "breaches"
        )
    assert set(made()["quantity"]) == set(QUANTITIES)


def test_all_regimes_together_are_the_sum() -> None:
    for by in ([], ["residence"]):
        frame = made(by)
        keys = ["quantity", *by]
        single = frame[frame["regime"] != ALL].groupby(keys, observed=True)["amount"].sum()
        together = frame[frame["regime"] == ALL].set_index(keys)["amount"]
        for key, amount in single.items():
            assert together[key] == amount, key


def test_groups_add_to_all() -> None:
    whole = made().set_index(["quantity", "regime"])
    parts = made(["residence", "party"]).groupby(["quantity", "regime"])[["amount", "n"]].sum()
    for key, found in parts.iterrows():
        assert found["amount"] == pytest.approx(whole.loc[key, "amount"]), key
        assert found["n"] == pytest.approx(whole.loc[key, "n"]), key


def test_rates_lie_in_their_intervals() -> None:
    frame = made(["residence"])
    known = frame[frame["rate"].notna()]
    assert (known["low"] <= known["rate"] + 1e-12).all()
    assert (known["rate"] <= known["high"] + 1e-12).all()
    shares = known[known["quantity"].map(lambda q: QUANTITIES[q].unit == "share")]
    assert shares[["rate", "low", "high"]].to_numpy().min() >= 0
    assert shares[["rate", "low", "high"]].to_numpy().max() <= 1


def test_counts_have_the_exact_poisson_interval() -> None:
    found = row(made(), "wrongful_entries")
    low, high = chi2.ppf([0.025, 0.975], [14, 16]) / 2 / YEARS * 1e5
    assert (found["low"], found["high"]) == pytest.approx((low, high))
    assert found["events"] == 7


def test_shares_have_wilsons_interval() -> None:
    from scslab.analysis.estimate import wilson

    found = row(made(), "missed_share")
    assert (found["low"], found["high"]) == pytest.approx(wilson(90, 200))


def test_months_rest_on_listings_not_on_months() -> None:
    # 115 months of 10 + 50 + 15 listings that stood at some time.
    found = row(made(), "listed_months")
    assert found["events"] == pytest.approx(75)
    low, high = chi2.ppf([0.025, 0.975], [150, 152]) / 2 / 75 * found["rate"]
    assert (found["low"], found["high"]) == pytest.approx((low, high))
    # 35 refusals of 75 listings: some listings had several.
    assert row(made(), "refused")["events"] == pytest.approx(35 * 75 / (35 + 75))


def test_limits_against_scipy() -> None:
    counts = np.array([0.0, 1.0, 7.0, 40.5, 3000.0])
    low, high = poisson_limits(counts)
    assert low[1:] == pytest.approx(chi2.ppf(0.025, 2 * counts[1:]) / 2)
    assert low[0] == 0
    assert high == pytest.approx(chi2.ppf(0.975, 2 * counts + 2) / 2)
    n = np.array([5.0, 100.0])
    low, high = mean_limits(np.array([3.0, 3.0]), n)
    assert low == pytest.approx(2 * 3 * n / chi2.ppf(0.975, 2 * n))
    assert high == pytest.approx(2 * 3 * n / chi2.ppf(0.025, 2 * n))
    none = rate_limits(np.zeros(1), np.zeros(1), np.array([2.0]))
    assert none[1][0] == pytest.approx(2 * chi2.ppf(0.975, 2) / 2)


def test_intervals_of_counts_cover() -> None:
    """Of many Poisson counts of a known mean, some 95 in 100 intervals hold it."""
    counts = np.random.default_rng(1).poisson(12.0, 4000).astype(float)
    low, high = poisson_limits(counts)
    covered = ((low <= 12.0) & (high >= 12.0)).mean()
    assert 0.95 <= covered <= 0.98  # exact intervals cover a little more


def test_small_n_is_flagged() -> None:
    frame = made()
    assert not row(frame, "copies_left")["shown"]  # 3 copies
    assert row(frame, "missed_share")["shown"]
    assert (frame["shown"] == (frame["n"] >= 30)).all()


def test_lists_of_praise_are_no_harm() -> None:
    praise = lived().assign(comes_of="redlist")
    found = harm(totals(society()), measure_totals(praise))
    assert row(found, "wrongful_entries")["amount"] == 0
    assert row(found, "listed_months")["amount"] == 0
    assert row(found, "refused")["amount"] == 0
    assert row(found, "benefit_months")["amount"] == 600 + 90 + 45 + 25
    assert row(found, "missed_share")["amount"] == 90


def test_only_some_quantities_on_request() -> None:
    frame = harm(totals(society()), measure_totals(lived()), only=["refused", "missed_share"])
    assert list(dict.fromkeys(frame["quantity"])) == ["refused", "missed_share"]
    with pytest.raises(ScslabError, match='no quantity "refusals"'):
        harm(totals(society()), measure_totals(lived()), only=["refusals"])


def test_every_measure_of_the_library_has_a_kind_of_cost() -> None:
    names = set()
    for path in sorted(LIBRARY.glob("*/regime.yaml")):
        rules = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for rows in (rules.get("lists") or {}).values():
            if rows.get("colour", "black") == "black":
                names |= set(rows.get("effects") or {})
    assert len(names) > 100
    other = {name for name in names if cost_kind(name) == "other"}
    assert other == {"court", "fine", "fined", "fined_more", "internet", "joint_punishment",
                     "limits_of_2020"}  # fmt: skip
    assert {cost_kind(n) for n in names} == set(cost_kinds())


def test_without_errors_nothing_is_wrongful(tmp_path) -> None:
    flights = {"says": "No flights", "holds": yes()}
    write_regime(tmp_path, "court", lists=one_list(effects={"flights": flights}))
    lived_run = run(study(tmp_path, regimes=[{"use": "court"}], persons=3000))
    found = lived_run.harm()
    assert row(found, "listed_months")["amount"] > 0
    for name in ("wrongful_entries", "wrongful_months", "wrongful_cost_months", "false_records"):
        assert row(found, name)["amount"] == 0, name
    assert row(found, "missed_share")["amount"] == 0  # detection 1, no delay, no wrong name


def test_harm_of_a_run(tmp_path) -> None:
    lived_run = run(everything(tmp_path))
    frame = lived_run.harm()
    entries = int(lived_run.tallies["wrongful_entries"].sum())
    assert entries > 0
    assert row(frame, "wrongful_entries")["amount"] == entries
    assert row(frame, "refused")["amount"] == lived_run.measures["refused"].sum() > 0
    with pytest.raises(ScslabError, match='harm cannot be split by "sexx"'):
        lived_run.harm(by=["sexx"])
    with pytest.raises(ScslabError, match="takes a list"):
        lived_run.harm(by="sex")
    by = lived_run.harm(by=["sex"])
    parts = by[(by["quantity"] == "wrongful_entries") & (by["regime"] == ALL)]
    assert parts["amount"].sum() == entries
    remedies = lived_run.table("remedies", by=["sex"])
    assert {"told", "copies", "mean_days_waited", "months_wronged"} <= set(remedies.columns)
