"""What a reviewer found wrong once: each of these gave another number before."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from small import (
    BREACH,
    agency,
    everything,
    held,
    listing_study,
    monthly,
    one_list,
    one_score,
    points,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

AGES = {
    "attributes": {"age": ["14-17", "18+"]},
    "margins": [{"over": ["age"], "shares": {"14-17": 0.3, "18+": 0.7}}],
}


def test_every_exit_has_one_way(tmp_path):
    found = run(everything(tmp_path)).table("exits")
    ways = found[["expired", "removed_by_correction", "removed_on_performance"]].sum(axis=1)
    assert (ways == found["exits"]).all()
    assert (found[["expired", "removed_by_correction", "removed_on_performance"]].sum() > 0).all()


def test_whom_a_lower_age_brings_in_gets_the_starting_score(tmp_path):
    write_regime(
        tmp_path,
        "ages",
        who={"adults_from": held("years", 18, ("2020-06-01", 14))},
        score=one_score(1000, breach=-10),
    )
    file = study(tmp_path, regimes=["ages"], margins=AGES, conduct={BREACH: {"rate": monthly(0)}})
    scores = run(file).table("scores", by=["age"])
    young = scores[(scores["age"] == "14-17") & (scores["month"] == "2020-06")]
    assert young["scored"].item() > 0
    assert young["mean_score"].item() == 1000


@pytest.mark.parametrize("joins", [0.1, 0.3])
def test_identity_errors_neither_make_nor_lose_records_of_members(tmp_path, joins):
    write_regime(tmp_path, "club", who={"consent": yes()}, score=one_score(600, breach=-10))
    records = []
    for wrong in (0.0, 0.2):
        file = study(
            tmp_path,
            regimes=[{"use": "club", "joins": {"share": share(joins)}}],
            persons=20_000,
            agencies=agency(wrong_subject=share(wrong)),
        )
        found = run(file)
        records.append(totals(found, "records").sum())
    assert records[0] == records[1] > 0
    false = totals(found, "misattributed").sum() / records[1]
    assert abs(false - 0.2) < 4 * np.sqrt(0.16 / records[1])


def test_a_score_after_the_list_stays_on_the_scale(tmp_path):
    limits = {"lowest": points(0), "highest": points(100)}
    lists = one_list(stays=2) | {}
    next(iter(lists.values()))["score_after"] = points(900)
    write_regime(tmp_path, "scale", score=one_score(50, breach=0) | limits, lists=lists)
    found = run(study(tmp_path, regimes=["scale"], conduct={BREACH: {"rate": monthly(0.2)}}))
    means = found.table("scores")["mean_score"]
    assert means.iloc[-1] > 60
    assert means.max() <= 100


def test_a_fingerprint_knows_the_margins(tmp_path):
    marks = set()
    for women in (0.5, 0.9):
        margins = {
            "attributes": {"sex": ["female", "male"]},
            "margins": [{"over": ["sex"], "shares": {"female": women, "male": 1 - women}}],
        }
        (tmp_path / "margins").mkdir(exist_ok=True)
        file = listing_study(tmp_path, margins=margins, length=1)
        marks.add(run(file).manifest["fingerprint"])
    assert len(marks) == 2


def test_desks_begin_their_round_by_the_seed(tmp_path):
    practice = {
        "notice": share(1.0),
        "objects_rightful": share(1.0),
        "desk": {"decisions": held("decisions per 1000 persons and year", 0.6)},
    }
    file = listing_study(tmp_path, None, persons=2000, length=24, practice=practice)
    when = {tuple(np.flatnonzero(totals(run(file, seed=seed), "decided"))) for seed in range(1, 6)}
    assert len(when) > 1


def test_an_impossible_rate_is_told_and_not_tried(tmp_path):
    file = listing_study(tmp_path, conduct={BREACH: {"rate": monthly(1e18)}})
    with pytest.raises(ScslabError, match="nobody does this so often"):
        run(file)


def test_a_society_without_groups_lives(tmp_path):
    margins = {
        "attributes": {"internet": ["offline", "online"]},
        "margins": [{"over": ["internet"], "shares": {"offline": 0.5, "online": 0.5}}],
    }
    assert totals(run(listing_study(tmp_path, margins=margins)), "entries").sum() > 0


@pytest.mark.parametrize("name", ["regime", "month", "acts"])
def test_an_attribute_cannot_have_the_name_of_a_column(tmp_path, name):
    margins = {
        "attributes": {name: ["a", "b"]},
        "margins": [{"over": [name], "shares": {"a": 0.5, "b": 0.5}}],
    }
    with pytest.raises(ScslabError, match=f'no attribute can be called "{name}"'):
        run(listing_study(tmp_path, margins=margins))


def test_coverage_that_ended_passes_nothing_on(tmp_path):
    receives = {"coverage": share(0.5, ("2020-06-01", None))}
    write_regime(tmp_path, "a-list", lists=one_list())
    file = study(tmp_path, regimes=[{"use": "a-list", "receives": receives}])
    records = totals(run(file), "records")
    assert records[:5].sum() > 0
    assert records[5:].sum() == 0


def test_a_rate_that_begins_late_is_a_warning(tmp_path):
    late = {"unit": "acts per 1000 person-years", "rows": held("x", ("2020-04-01", 100))["rows"]}
    found = run(listing_study(tmp_path, conduct={BREACH: {"rate": late}}))
    assert totals(found, "acts")[:3].sum() == 0
    assert found.manifest["warnings"] == [
        f"conduct.{BREACH}.rate begins on 2020-04-01 and is 0 until then"
    ]


def test_histograms_of_one_regime_have_the_same_bins(tmp_path):
    write_regime(tmp_path, "scores", score=one_score(1000, breach=-10))
    file = study(tmp_path, regimes=["scores"], length=36, conduct={BREACH: {"rate": monthly(0.3)}})
    found = run(file).histograms
    edges = [tuple(rows["low"]) for _, rows in found.groupby("month")]
    assert len(edges) == 3
    assert len(set(edges)) == 1
    assert found.groupby("month")["persons"].sum().tolist() == [2000] * 3


def test_python_writes_the_report_with_the_folder(tmp_path):
    import scslab

    file = listing_study(tmp_path, length=2)
    found = scslab.simulate(file, seed=0, out=tmp_path / "run")
    assert "Synthetic" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    scslab.write_report(found, tmp_path / "again.html")
    assert (tmp_path / "again.html").is_file()
    with pytest.raises(ScslabError, match="no summary"):
        scslab.write_report(scslab.read_run(tmp_path / "run"), tmp_path / "third.html")
