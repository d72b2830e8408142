"""Nothing comes from nowhere: records, listings, objections, scores."""

import numpy as np
import pytest

from small import (
    BREACH,
    GOOD,
    agency,
    desk_monthly,
    everything,
    false_monthly,
    held,
    listing_study,
    lived_through,
    monthly,
    months,
    one_list,
    one_score,
    places,
    points,
    run,
    share,
    step_through,
    study,
    totals,
    write_regime,
)

MIXED = {
    "wrong_subject": share(0.2),
    "from_nothing": false_monthly(0.005),
    "lag": months(1),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run(everything(tmp_path_factory.mktemp("everything"), persons=4000))


@pytest.fixture(scope="module")
def by_group(found):
    """Each column as an array [regime, month, group], in the order of the table."""
    regimes, rows = found.manifest["regimes"], found.tallies
    length = rows["month"].nunique()
    return {
        c: rows[c].to_numpy().reshape(len(regimes), length, -1)
        for c in rows.columns
        if rows[c].dtype.kind == "i"
    }


def before(stock: np.ndarray) -> np.ndarray:
    """A stock at the end of the month before; nothing before the first."""
    return np.concatenate([np.zeros_like(stock[:, :1]), stock[:, :-1]], axis=1)


@pytest.mark.parametrize(
    ("stock", "comes", "goes"),
    [
        ("listed", "entries", "exits"),
        ("wrongful_listed", "wrongful_entries", "wrongful_exits"),
    ],
)
def test_a_stock_is_what_was_there_and_came_and_did_not_go(by_group, stock, comes, goes):
    expected = before(by_group[stock]) + by_group[comes] - by_group[goes]
    assert (by_group[stock] == expected).all()
    assert (by_group[stock] >= 0).all()


def test_exits_are_by_performance_expiry_or_correction(by_group):
    known = by_group["expired"] + by_group["removed_by_correction"]
    left = by_group["exits"] - known
    assert (left >= 0).all()
    # Who performs leaves in the same month or soon after; nobody leaves so without performing.
    assert (left.cumsum(axis=1) <= by_group["performed"].cumsum(axis=1)).all()


def test_objections_wait_are_decided_or_lapse(by_group):
    open_ = by_group["objections"].cumsum(axis=1) - by_group["decided"].cumsum(axis=1)
    lapsed = open_ - by_group["waiting"]
    assert (lapsed >= 0).all()
    assert (np.diff(lapsed, axis=1) >= 0).all()
    assert (by_group["waiting"] >= 0).all()
    assert lapsed[:, -1].sum() > 0


def test_without_a_way_out_nothing_lapses(tmp_path):
    practice = {
        "notice": share(1.0),
        "objects_wronged": share(1.0),
        "objects_rightful": share(0.5),
        "desk": {"decisions": desk_monthly(0.002)},
    }
    file = listing_study(tmp_path, None, length=24, practice=practice, agencies=agency(**MIXED))
    found = run(file)
    filed, decided = (totals(found, c).cumsum() for c in ("objections", "decided"))
    assert (totals(found, "waiting") == filed - decided).all()
    assert totals(found, "waiting")[-1] > 0


def test_the_decided_are_corrected_or_rejected(by_group):
    assert (by_group["decided"] == by_group["corrected"] + by_group["rejected"]).all()
    for column in ("corrected", "rejected", "objections"):
        assert (by_group[f"{column}_wronged"] <= by_group[column]).all()
    assert (by_group["removed_by_correction"] <= by_group["corrected"]).all()


def test_records_are_true_misattributed_or_from_nothing(by_group):
    parts = ("true_records", "misattributed", "from_nothing")
    assert (by_group["records"] == sum(by_group[p] for p in parts)).all()


def test_grades_add_up_to_the_scored(by_group):
    graded = by_group["scored"].sum(axis=(1, 2)) > 0
    grades = sum(v for k, v in by_group.items() if k.startswith("grade_"))
    assert (grades[0] == by_group["scored"][0]).all()  # the only regime with grades
    assert (grades[1:] == 0).all()
    assert graded.tolist() == [True, False, True]


def test_score_sums_move_by_the_points_alone(by_group):
    """In the regime whose members do not change."""
    moved = by_group["points_gained"][0] - by_group["points_lost"][0]
    expected = by_group["covered"][0] * 1000 + moved.cumsum(axis=0)
    assert (by_group["score_sum"][0] == expected).all()


def test_mean_score_is_the_sum_over_the_scored(found):
    scores = found.table("scores", by=["sex"])
    sums = found.tallies.groupby(["regime", "month", "sex"], observed=True)["score_sum"].sum()
    for row in scores.itertuples():
        expected = sums[row.regime, row.month, row.sex]
        assert row.mean_score * row.scored == pytest.approx(expected, rel=1e-12)


def test_the_covered_stay_the_covered_without_consent(by_group):
    for regime in (0, 1):
        assert (by_group["covered"][regime] == by_group["covered"][regime][:1]).all()
        assert by_group["covered"][regime, 0].sum() == 4000


def test_a_histogram_holds_every_scored_person(found):
    for regime in ("points-and-list", "joined"):
        rows = found.histograms[found.histograms["regime"] == regime]
        scored = totals(found, "scored", regime)
        for month, persons in rows.groupby("month", observed=True)["persons"].sum().items():
            index = (int(month[:4]) - 2020) * 12 + int(month[5:]) - 1
            assert persons == scored[index]


@pytest.mark.parametrize("start", [0, 10, -30, 1000])
def test_a_histogram_puts_scores_into_their_bins(tmp_path, start):
    write_regime(tmp_path, "points", score=one_score(start, breach=10))
    file = study(tmp_path, length=12, conduct={BREACH: {"rate": monthly(0.1)}}, regimes=["points"])
    _, _, state, _ = lived_through(file)
    rows = run(file).histograms
    edges = [*rows["low"], int(rows["high"].iloc[-1])]
    expected = np.histogram(state.score[0], edges)[0]
    assert rows["persons"].tolist() == expected.tolist()
    assert rows["persons"].sum() == 2000


def test_books_agree_with_what_persons_remember(tmp_path):
    """Stocks are carried along event by event; here they are counted from scratch."""
    for world, month, state, parts in step_through(everything(tmp_path, surveys=[]), shards=3):
        stocks = sum(p.books.stocks for p in parts)
        grades = sum(p.books.grades for p in parts)
        for r, regime in enumerate(world.regimes):
            row = world.rows["member"][r]
            inside = state.member[row] == 1 if row >= 0 else np.ones(4000, bool)
            assert stocks[r, :, 0].sum() == inside.sum()
            if regime.score is not None:
                scores = state.score[world.rows["score"][r]].astype(int)
                assert stocks[r, :, 1].sum() == inside.sum()
                assert stocks[r, :, 2].sum() == scores[inside].sum()
            if regime.grades is not None:
                floors = month.rules.floors[r][: month.rules.floor_count[r]]
                counts = [(scores[inside] >= f).sum() for f in floors]
                counts = np.diff([0, *counts, inside.sum()])
                assert grades[r].sum(axis=0)[: len(counts)].tolist() == counts.tolist()
            entries = np.concatenate([p.entries for p in parts])
            listed = entries[(entries["regime"] == r) & (entries["list"] >= 0)]
            assert stocks[r, :, 3].sum() == len(listed)
            assert stocks[r, :, 4].sum() == (listed["truth"] != 0).sum()
            waiting = entries[(entries["regime"] == r) & (entries["state"] == 3)]
            assert stocks[r, :, 5].sum() == len(waiting)
            bits = np.zeros(4000, np.uint8)
            for entry in listed:
                assert not bits[entry["subject"]] & (1 << entry["list"]), "listed twice"
                bits[entry["subject"]] |= 1 << entry["list"]
            assert (bits == state.listed[world.rows["listed"][r]]).all()


def test_misattributed_records_are_lost_by_one_and_gained_by_another(tmp_path):
    parts = {"persons": 2000, "length": 24, "margins": places(10)}
    right, wrong = (
        run(listing_study(tmp_path, None, agencies=agency(wrong_subject=share(w)), **parts))
        for w in (0, 1)
    )
    assert (totals(right, "acts") == totals(wrong, "acts")).all()
    assert (totals(right, "records") == totals(wrong, "records")).all()
    assert totals(right, "misattributed").sum() == 0
    assert (totals(wrong, "misattributed") == totals(wrong, "records")).all()
    assert (totals(wrong, "wrongful_entries") == totals(wrong, "entries")).all()
    assert (totals(wrong, "wrongful_listed") == totals(wrong, "listed")).all()
    by_region = [
        r.table("records", by=["region"])[["region", "month", "records"]] for r in (right, wrong)
    ]
    assert by_region[0].equals(by_region[1])


def test_a_wrong_subject_lives_in_the_same_place_and_is_another(tmp_path):
    file = listing_study(
        tmp_path,
        None,
        persons=2000,
        length=6,
        margins=places(10),
        agencies=agency(wrong_subject=share(1.0)),
    )
    for world, _, _, (shard,) in step_through(file):
        acts, records = shard.acts, shard.deliveries
        assert (acts["luck"].size, acts["subject"].size) == (records.size, records.size)
        assert (acts["subject"] != records["subject"]).all()
        start = world.society.district_start
        places_ = [np.searchsorted(start, x["subject"], side="right") for x in (acts, records)]
        assert (places_[0] == places_[1]).all()
        inside = world.people.cell_start[records["cell"]] <= records["subject"]
        inside &= records["subject"] < world.people.cell_start[records["cell"] + 1]
        assert inside.all()


def test_each_person_of_a_place_is_as_likely_to_be_taken_for_another(tmp_path):
    file = listing_study(
        tmp_path,
        None,
        persons=40,
        length=24,
        margins=places(1),
        conduct={BREACH: {"rate": monthly(2.0)}},
        agencies=agency(wrong_subject=share(1.0)),
    )
    hits = np.zeros(40)
    for _, _, _, (shard,) in step_through(file):
        hits += np.bincount(shard.deliveries["subject"], minlength=40)
    chi2 = ((hits - hits.mean()) ** 2 / hits.mean()).sum()
    assert abs(chi2 - 39) < 3 * np.sqrt(78)


def test_whoever_lives_alone_keeps_his_own_records(tmp_path):
    file = listing_study(
        tmp_path,
        None,
        persons=10,
        margins=places(10),
        conduct={BREACH: {"rate": monthly(0.3)}},
        agencies=agency(wrong_subject=share(1.0)),
    )
    found = run(file)
    assert totals(found, "records").sum() == totals(found, "acts").sum() > 0
    assert totals(found, "misattributed").sum() == 0


def test_points_are_given_back_when_a_record_ends(tmp_path):
    write_regime(
        tmp_path,
        "points",
        score=one_score(1000, breach=-30, good=5),
        remedy={"record_ends": months(5)},
    )
    conduct = {
        BREACH: {"rate": monthly(0.1, ("2020-07-01", 0.0))},
        GOOD: {"rate": monthly(0.1, ("2020-07-01", 0.0))},
    }
    file = study(
        tmp_path,
        length=14,
        conduct=conduct,
        agencies=agency(BREACH, GOOD),
        regimes=["points"],
    )
    world, _, state, (shard,) = lived_through(file)
    assert len(shard.entries) == 0
    assert (state.score[0] == 1000).all()
    assert world.regimes[0].id == "points"


def test_a_score_stays_within_its_scale(tmp_path):
    scale = {"lowest": points(980), "highest": points(1010)}
    write_regime(tmp_path, "points", score=one_score(1000, breach=-15, good=4) | scale)
    file = study(
        tmp_path,
        length=24,
        conduct={BREACH: {"rate": monthly(0.2)}, GOOD: {"rate": monthly(0.2)}},
        agencies=agency(BREACH, GOOD),
        regimes=["points"],
    )
    for _, _, state, _ in step_through(file):
        assert state.score.min() >= 980
        assert state.score.max() <= 1010
    assert {980, 1010} <= set(state.score[0].tolist())


def test_misattributed_records_do_not_fall_on_whom_no_regime_rates(tmp_path):
    """A debtor's namesake is an adult, else the record would be lost on its way to the list."""
    ages = {"over": ["age"], "shares": {"14-17": 0.2, "18+": 0.8}}
    margins = {
        "attributes": {"sex": ["female", "male"], "age": ["14-17", "18+"]},
        "margins": [{"over": ["sex"], "shares": {"female": 0.5, "male": 0.5}}, ages],
    }
    write_regime(
        tmp_path, "adults", who={"adults_from": held("years", 18)}, lists=one_list(stays=None)
    )
    grown = [{"with": "age", "times": {"14-17": 0}, "source": "made-up"}]
    file = study(
        tmp_path,
        margins=margins,
        conduct={BREACH: {"rate": monthly(0.05), "varies": grown}},
        agencies=agency(wrong_subject=share(1.0)),
        regimes=["adults"],
    )
    found = run(file)
    assert totals(found, "records").sum() == totals(found, "acts").sum()
