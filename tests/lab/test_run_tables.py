"""Tables of a run: their columns, their sums, and what is said about a wrong name."""

import pytest

from scslab.core.errors import ScslabError
from small import everything, run

COLUMNS = {
    "records": [
        "covered",
        "acts",
        "records",
        "true_records",
        "misattributed",
        "from_nothing",
        "points_gained",
        "points_lost",
    ],
    "listings": ["covered", "entries", "exits", "listed", "wrongful_entries", "wrongful_listed"],
    "exits": [
        "exits",
        "wrongful_exits",
        "performed",
        "performed_first",
        "expired",
        "removed_by_correction",
        "removed_on_performance",
        "repaired",
        "lifted",
    ],
    "scores": ["covered", "scored", "mean_score"],
    "objections": [
        "objections",
        "objections_wronged",
        "waiting",
        "decided",
        "corrected",
        "corrected_wronged",
        "rejected",
        "rejected_wronged",
        "mean_wait_months",
        "late",
    ],
    "grades": ["grade", "persons"],
    "remedies": [
        "told",
        "heard",
        "cleared",
        "cleared_wronged",
        "screened",
        "screened_wronged",
        "complaints",
        "upheld",
        "upheld_wronged",
        "copies",
        "copies_corrected",
        "hardship_entries",
        "exempted",
        "mean_days_waited",
        "wrongs_corrected",
        "months_wronged",
    ],
    "measures": [
        "measure",
        "comes_of",
        "person_months",
        "refused",
        "wrongful_person_months",
        "wrongful_refused",
    ],
}
REGIMES = {
    "records": ["points-and-list", "debtors", "joined"],
    "listings": ["points-and-list", "debtors", "joined"],
    "exits": ["points-and-list", "debtors", "joined"],
    "scores": ["points-and-list", "joined"],
    "objections": ["points-and-list", "debtors", "joined"],
    "grades": ["points-and-list"],
    "remedies": ["points-and-list", "debtors", "joined"],
    "measures": ["points-and-list"],
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run(everything(tmp_path_factory.mktemp("everything")))


@pytest.mark.parametrize("by", [[], ["sex"], ["region"], ["sex", "region"]])
@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_has_the_columns_promised(found, name, by):
    table = found.table(name, by=by)
    assert list(table.columns) == ["regime", "month", *by, *COLUMNS[name]]
    assert len(table) > 0
    assert sorted(set(table["regime"])) == sorted(REGIMES[name])


@pytest.mark.parametrize("name", ["records", "listings", "exits", "scores", "objections"])
def test_a_table_has_one_row_per_regime_month_and_group(found, name):
    assert len(found.table(name)) == len(REGIMES[name]) * 14
    assert len(found.table(name, by=["sex"])) == len(REGIMES[name]) * 14 * 2
    assert len(found.table(name, by=["region", "sex"])) == len(REGIMES[name]) * 14 * 6
    keys = ["regime", "month", "sex"]
    assert not found.table(name, by=["sex"]).duplicated(keys).any()


@pytest.mark.parametrize("by", [["sex"], ["region"], ["sex", "region"]])
@pytest.mark.parametrize("name", COLUMNS)
def test_groups_add_up_to_the_whole(found, name, by):
    means = {"mean_score", "mean_wait_months", "mean_days_waited"}
    words = [c for c in COLUMNS[name] if c in ("grade", "measure", "comes_of")]
    keys, counts = ["regime", "month", *words], [c for c in COLUMNS[name] if c not in means]
    counts = [c for c in counts if c not in words]
    whole = found.table(name).groupby(keys, observed=True)[counts].sum()
    parts = found.table(name, by=by).groupby(keys, observed=True)[counts].sum()
    assert (whole - parts).abs().to_numpy().max() == 0


def test_means_are_weighted_by_those_they_are_of(found):
    for name, mean, of in (
        ("scores", "mean_score", "scored"),
        ("objections", "mean_wait_months", "decided"),
    ):
        whole = found.table(name)
        parts = found.table(name, by=["region"])
        parts["sum"] = parts[mean].fillna(0) * parts[of]
        sums = parts.groupby(["regime", "month"], observed=True)["sum"].sum()
        for row in whole[whole[of] > 0].itertuples():
            expected = sums[row.regime, row.month] / getattr(row, of)
            assert getattr(row, mean) == pytest.approx(expected)


def test_a_mean_of_nobody_is_missing(found):
    table = found.table("objections")
    nobody = table["decided"] == 0
    assert nobody.any()
    assert table.loc[nobody, "mean_wait_months"].isna().all()
    assert found.table("remedies").loc[nobody, "mean_days_waited"].isna().all()
    # Without clerks a wait of a month is one of 21 working days.
    months, days = table["mean_wait_months"], found.table("remedies")["mean_days_waited"]
    assert days[~nobody].to_numpy() == pytest.approx(21 * months[~nobody].to_numpy())
    assert table.loc[~nobody, "mean_wait_months"].notna().all()


def test_the_order_of_attributes_is_the_callers(found):
    one = found.table("listings", by=["sex", "region"])
    two = found.table("listings", by=["region", "sex"])
    assert list(one.columns[2:4]) == ["sex", "region"]
    assert list(two.columns[2:4]) == ["region", "sex"]
    assert one["entries"].sum() == two["entries"].sum()


def test_months_are_in_order(found):
    for name in ("listings", "scores"):
        for _, rows in found.table(name).groupby("regime", observed=True):
            months = [str(m) for m in rows["month"]]
            assert months == sorted(months)
            assert (months[0], months[-1]) == ("2020-01", "2021-02")


def test_rewards_are_counted_in_person_months(found):
    measures, grades = found.table("measures"), found.table("grades")
    praised = measures[measures["measure"] == "praise"]["person_months"].sum()
    assert praised == grades[grades["grade"] == "A"]["persons"].sum() > 0


def test_an_unknown_table_is_told_with_the_nearest(found):
    with pytest.raises(ScslabError, match='no table "listing"') as error:
        found.table("listing")
    assert 'did you mean "listings"?' in str(error.value)


def test_an_unknown_attribute_is_told_with_the_nearest(found):
    with pytest.raises(ScslabError, match='cannot be split by "sexe"') as error:
        found.table("listings", by=["sexe"])
    assert 'did you mean "sex"?' in str(error.value)


def test_an_attribute_that_is_not_tallied_is_refused(found):
    with pytest.raises(ScslabError, match='cannot be split by "province"'):
        found.table("listings", by=["province"])


def test_an_attribute_twice_is_refused_or_kept_once(found):
    try:
        table = found.table("listings", by=["sex", "sex"])
    except ScslabError:
        return
    assert list(table.columns).count("sex") == 1


def test_a_text_instead_of_a_list_is_told(found):
    with pytest.raises(ScslabError, match="list of attributes"):
        found.table("listings", by="sex")


def test_a_table_can_be_changed_without_changing_the_run(found):
    before = found.table("listings")["entries"].sum()
    for name in COLUMNS:
        table = found.table(name)
        table[table.columns[-1]] = 0
    assert found.table("listings")["entries"].sum() == before
