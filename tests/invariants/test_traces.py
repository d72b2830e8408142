"""What must make no difference makes none."""

import pytest

from scslab.core.errors import ScslabError
from small import (
    BREACH,
    GOOD,
    PLAIN,
    agency,
    everything,
    false_monthly,
    listing_study,
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

FAULTS = {"wrong_subject": share(0.1), "from_nothing": false_monthly(0.002), "lag": months(1)}
PRACTICE = {"notice": share(0.8), "objects_wronged": share(0.9), "performs_later": share(0.1)}


def of(found, regime):
    """The tallies of one regime, but for its copies of records that others have corrected."""
    rows = found.tallies[found.tallies["regime"] == regime]
    others = ["regime", "copies", "copies_corrected"]
    return rows.drop(columns=others).reset_index(drop=True)


@pytest.mark.parametrize("order", [("points", "a-list"), ("a-list", "points")])
def test_a_regime_turned_off_leaves_no_trace(tmp_path, order):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-20, good=5))
    write_regime(tmp_path, "a-list", lists=one_list())
    parts = {
        "length": 24,
        "conduct": {BREACH: {"rate": monthly(0.05)}, GOOD: {"rate": monthly(0.05)}},
        "agencies": agency(BREACH, GOOD, detection=0.8, **FAULTS),
    }
    uses = {name: {"use": name, "practice": PRACTICE} for name in order}
    both = run(study(tmp_path, regimes=[uses[n] for n in order], **parts))
    for name in order:
        alone = run(study(tmp_path, regimes=[uses[name]], **parts))
        assert of(alone, name).equals(of(both, name))


def test_each_of_three_regimes_is_the_same_without_the_others(tmp_path):
    nothing_links = {"learning": None, "surveys": []}
    file = everything(tmp_path)
    conduct = {k: v.model_dump(by_alias=True, mode="json") for k, v in file.study.conduct.items()}
    conduct[BREACH].pop("while_listed")
    uses = [u.model_dump(by_alias=True, mode="json") for u in file.study.regimes]
    more = {"conduct": conduct, **nothing_links}
    whole = run(everything(tmp_path, **more))
    for use in uses:
        alone = run(everything(tmp_path, regimes=[use], **more))
        assert of(alone, use["use"]).equals(of(whole, use["use"]))


def test_a_study_without_regimes_runs_or_says_why_not(tmp_path):
    try:
        found = run(study(tmp_path, regimes=[]))
    except ScslabError as error:
        assert "regime" in str(error)
    else:
        assert len(found.tallies) == 0


@pytest.mark.parametrize(
    "rows",
    [
        months(12),
        months(12, ("2020-06-01", 12)),
        months(12, ("2020-06-15", 12), ("2020-07-01", 12)),
    ],
)
def test_a_change_that_changes_nothing_changes_nothing(tmp_path, rows):
    parts = {"length": 24, "agencies": agency(detection=0.8, **FAULTS), "practice": PRACTICE}
    plain = run(listing_study(tmp_path, 12, **parts))
    changed = run(listing_study(tmp_path, 12, changes={"lists.listed.stays": rows}, **parts))
    assert changed.tallies.equals(plain.tallies)


@pytest.mark.parametrize("target", ["score.start", "score.acts.contract.breach.points"])
def test_a_split_row_of_a_score_changes_nothing(tmp_path, target):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-20, good=5))
    value = 1000 if target == "score.start" else -20
    use = {"use": "points", "changes": {target: points(value, ("2020-05-01", value))}}
    conduct = {BREACH: {"rate": monthly(0.05)}, GOOD: {"rate": monthly(0.05)}}
    parts = {"length": 24, "conduct": conduct, "agencies": agency(BREACH, GOOD)}
    plain = run(study(tmp_path, regimes=["points"], **parts))
    changed = run(study(tmp_path, regimes=[use], **parts))
    assert changed.tallies.equals(plain.tallies)
    assert changed.histograms.equals(plain.histograms)


def test_split_rows_of_the_study_change_nothing(tmp_path):
    plain = run(listing_study(tmp_path, conduct={BREACH: {"rate": monthly(0.02)}}))
    split = {BREACH: {"rate": monthly(0.02, ("2020-03-01", 0.02), ("2020-04-10", 0.02))}}
    agencies = agency()
    agencies["watch"]["detection"] = share(1.0, ("2020-02-01", 1.0))
    changed = run(listing_study(tmp_path, conduct=split, agencies=agencies))
    assert changed.tallies.equals(plain.tallies)


def test_a_change_may_take_its_source_from_the_study(tmp_path):
    sources = {"mine": {"kind": "assumption", "title": "What if", "because": "To see."}}
    row = {"from": "2020-01-01", "value": 3, "source": "mine", "between": [1, 6]}
    changes = {"lists.listed.stays": {"unit": "months", "rows": [row]}}
    made_up = {"made-up": {"kind": "commentary", "title": "Made up for a test"}}
    file = listing_study(tmp_path, 12, changes=changes, sources=made_up | sources)
    found = run(file)
    assert totals(found, "listed")[-1] == totals(found, "entries")[-3:].sum()


def test_a_change_takes_effect_on_its_day(tmp_path):
    changes = {"lists.listed.stays": months(12, ("2020-05-01", 2))}
    plain = run(listing_study(tmp_path, 12))
    changed = run(listing_study(tmp_path, 12, changes=changes))
    assert (totals(plain, "exits")[:6] == 0).all()
    assert (totals(changed, "exits")[:6] == 0).all()
    # Entries of May leave in July: two months, not twelve.
    assert totals(changed, "exits")[6] == totals(changed, "entries")[4]


def test_an_idle_attribute_changes_nothing_but_luck(tmp_path):
    hand = {"over": ["hand"], "shares": {"left": 0.1, "right": 0.9}}
    split = {
        "attributes": {"hand": ["left", "right"], **PLAIN["attributes"]},
        "margins": [hand, *PLAIN["margins"]],
    }
    varies = [{"with": "sex", "times": {"female": 0.4}, "source": "made-up"}]
    parts = {
        "persons": 20_000,
        "length": 24,
        "conduct": {BREACH: {"rate": monthly(0.02), "varies": varies}},
        "agencies": agency(detection=0.8, wrong_subject=share(0.1)),
        "practice": PRACTICE,
    }
    plain = run(listing_study(tmp_path, 6, **parts))
    found = run(listing_study(tmp_path, 6, margins=split, **parts))
    assert list(totals(plain, "entries")) != list(totals(found, "entries"))
    for column in (
        "acts",
        "records",
        "entries",
        "exits",
        "wrongful_entries",
        "removed_by_correction",
    ):
        a, b = totals(plain, column).sum(), totals(found, column).sum()
        assert abs(a - b) < 4 * (a + b) ** 0.5, column
    by_hand = found.table("records", by=["hand"]).groupby("hand", observed=True)["acts"].sum()
    left = by_hand["left"] / by_hand.sum()
    assert abs(left - 0.1) < 4 * (0.09 / by_hand.sum()) ** 0.5


def test_the_order_of_conduct_in_the_file_does_not_matter_to_acts(tmp_path):
    conduct = {BREACH: {"rate": monthly(0.05)}, GOOD: {"rate": monthly(0.02)}}
    turned = dict(reversed(conduct.items()))
    write_regime(tmp_path, "points", score=one_score(1000, breach=-20, good=5))
    parts = {"agencies": agency(BREACH, GOOD), "regimes": ["points"]}
    one, two = (run(study(tmp_path, conduct=c, **parts)) for c in (conduct, turned))
    assert one.tallies.equals(two.tallies)
