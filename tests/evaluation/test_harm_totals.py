"""Sums over months: every count once, whoever is on file anywhere once."""

import numpy as np
import pandas as pd
import pytest

from made_tallies import lived, month_rows, society, tallies
from scslab.core.errors import ScslabError
from scslab.core.tables import FLOWS
from scslab.evaluation.harm import measure_totals, political_capital, totals
from scslab.evaluation.harm.totals import ANYWHERE, MEASURE_SUMS, SUMS, collapse, regroup
from small import everything, run


def test_totals_by_hand() -> None:
    found = totals(society()).set_index("regime")
    court = found.loc["court"]
    assert court["entries"] == 40 + 20 + 10 + 5
    assert court["covered_months"] == 2 * 1200 + 2 * 600
    assert court["listed_months"] == 40 + 50 + 10 + 15
    assert court["listed_end"] == 50 + 15
    assert court["wrongful_listed_end"] == 4 + 1
    assert court["months"] == 2
    assert list(found.index) == ["club", "court"]


def test_who_is_on_file_with_two_regimes_counts_once() -> None:
    found = totals(society())
    assert (found[ANYWHERE] == 2 * 1800).all()
    by = totals(society(), ["residence"]).set_index(["regime", "residence"])[ANYWHERE]
    assert by["club", "urban"] == by["court", "urban"] == 2 * 600


def test_anywhere_takes_the_widest_file_of_each_group() -> None:
    rows = [
        *month_rows("a", {"place": "x"}, covered=100),
        *month_rows("a", {"place": "y"}, covered=(5, 50)),
        *month_rows("b", {"place": "x"}, covered=70),
        *month_rows("b", {"place": "y"}, covered=30),
    ]
    found = totals(tallies(*rows))
    assert (found[ANYWHERE] == 200 + 30 + 50).all()


def test_sums_over_groups_are_those_of_all() -> None:
    whole = totals(society())[list(SUMS)].sum()
    for by in (["residence"], ["income", "party"], ["residence", "income", "party"]):
        parts = totals(society(), by)
        assert parts[list(SUMS)].sum().equals(whole), by


def test_totals_of_merged_groups_add() -> None:
    fine = totals(society(), ["residence", "party"])
    merged = fine.groupby(["regime", "party"], observed=True)[list(SUMS)].sum()
    coarse = totals(society(), ["party"]).set_index(["regime", "party"])[list(SUMS)]
    assert merged.to_numpy().tolist() == coarse.to_numpy().tolist()


def test_two_halves_of_a_society_add() -> None:
    whole = society()
    halves = [whole[whole["residence"] == r] for r in ("rural", "urban")]
    added = sum(totals(half)[list(FLOWS)].sum() for half in halves)
    assert (added == totals(whole)[list(FLOWS)].sum()).all()


def test_groups_keep_the_order_of_their_categories() -> None:
    by = totals(society(order=("urban", "rural")), ["residence"])
    court = by[by["regime"] == "court"]["residence"]
    assert list(court) == ["urban", "rural"]


def test_regrouped_sums_are_those_made_at_once() -> None:
    collapsed = collapse(society(), ["residence", "party"])
    for by in ([], ["party"], ["residence", "party"]):
        at_once = totals(society(), by)
        pd.testing.assert_frame_equal(regroup(collapsed, by), at_once)


def test_whom_an_attribute_does_not_concern_is_left_out() -> None:
    frame = society()
    firms = tallies(*month_rows("court", {"residence": None}, covered=10, entries=3))  # type: ignore[dict-item]
    both = pd.concat([frame, firms], ignore_index=True)
    assert totals(both)["entries"].sum() == totals(frame)["entries"].sum() + 6
    by = totals(both, ["residence"])
    assert by["entries"].sum() == totals(frame)["entries"].sum()
    assert not by["residence"].isna().any()


def test_measures_by_hand() -> None:
    found = measure_totals(lived(), ["residence"]).set_index(["measure", "residence"])
    assert found.loc[("flights", "rural"), "refused"] == 30
    assert found.loc[("flights", "rural"), "wrongful_refused"] == 3
    assert list(found.loc[[("public_bikes", "urban")], "comes_of"]) == ["score"]
    whole = measure_totals(lived())[list(MEASURE_SUMS)].sum()
    assert whole.equals(measure_totals(lived(), ["income", "party"])[list(MEASURE_SUMS)].sum())


def test_political_capital_needs_both() -> None:
    rows = pd.DataFrame(
        {
            "party": ["no", "no", "yes", "yes", None],
            "education": ["low", "high", "medium", "low", "high"],
            "income": ["low", "low", "low", "high", "high"],
        }
    )
    found = political_capital(rows)
    assert list(found[:4]) == ["low", "middle", "middle", "high"]
    assert found.isna().tolist() == [False] * 4 + [True]
    by = totals(society(), ["political_capital"]).set_index(["regime", "political_capital"])
    assert by.loc[("court", "high"), "entries"] == 15
    with pytest.raises(ScslabError, match="political capital cannot be told here"):
        political_capital(rows[["party"]])
    other = rows.assign(party=pd.Categorical(["a", "a", "b", "b", None]))
    with pytest.raises(ScslabError, match="cannot be told from party"):
        political_capital(other)


def test_an_older_run_is_told_to_run_again() -> None:
    with pytest.raises(ScslabError, match="lack columns") as caught:
        totals(society().drop(columns=["breaches", "missed"]))
    assert "breaches, missed" in str(caught.value)
    assert "run the study again" in str(caught.value)
    with pytest.raises(ScslabError, match="these measures lack columns"):
        measure_totals(lived().drop(columns="comes_of"))


def test_unknown_attributes_are_named() -> None:
    with pytest.raises(ScslabError, match='cannot be split by "residense"') as caught:
        totals(society(), ["residense"])
    assert "residence" in str(caught.value)
    with pytest.raises(ScslabError, match="twice"):
        totals(society(), ["party", "party"])
    with pytest.raises(ScslabError, match="takes a list"):
        totals(society(), "party")
    with pytest.raises(ScslabError, match="political_capital"):
        totals(society().drop(columns="party"), ["political_capital"])


def test_a_large_table_is_summed_quickly(tmp_path) -> None:
    import time

    rows = pd.concat([society()] * 20_000, ignore_index=True)
    rows["group"] = pd.Categorical(np.arange(len(rows)) // 6 % 2_000)
    started = time.process_time()
    found = totals(rows, ["residence", "group"])
    assert time.process_time() - started < 5
    assert found["entries"].sum() == 20_000 * 75


def test_a_run_gives_the_same_sums_as_its_tables(tmp_path) -> None:
    lived_run = run(everything(tmp_path))
    sums = totals(lived_run.tallies).set_index("regime")
    listings = lived_run.table("listings").groupby("regime").sum(numeric_only=True)
    for regime in listings.index:
        assert sums.loc[regime, "entries"] == listings.loc[regime, "entries"]
        assert sums.loc[regime, "listed_months"] == listings.loc[regime, "listed"]
    measures = measure_totals(lived_run.measures)
    assert measures["refused"].sum() == lived_run.measures["refused"].sum()
    wrongly = measures["wrongful_person_months"] <= measures["person_months"]
    assert wrongly.all()
    # Whoever is listed wrongly leaves in the run or stands at its end.
    kept = sums["wrongful_exits"] + sums["wrongful_listed_end"]
    assert (kept == sums["wrongful_entries"]).all()
    assert (sums["exits"] + sums["listed_end"] == sums["entries"]).all()
