"""Corrections that travel to all who hold the record."""

import math
from typing import Any

import numpy as np
import pytest

from mechanisms import a_list, ground, times
from remedies_small import (
    ALL_TOLD,
    FAULTS,
    channel,
    complaint,
    hardship,
    hearing,
    live,
    recount,
    stocks,
    sums,
)
from scslab.core.tables import COPIES, COPIES_CORRECTED, CORRECTED, FILED, TRUE, WAITING
from small import (
    BREACH,
    agency,
    desk_monthly,
    in_first_month,
    months,
    near,
    one_list,
    one_score,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

PARTS = {"persons": 3000, "length": 6, "agencies": agency(**FAULTS)}
ONCE = {"conduct": {BREACH: {"rate": in_first_month(0.4)}}}
ONE_FALSE = {"agencies": agency(wrong_subject=share(0.4))}
PERFECT = {"notice": share(1.0), "objects_wronged": share(1.0)}  # of the one who corrects
NO_DESK = ALL_TOLD | {"desk": {"decisions": desk_monthly(0.0)}}


def spread(n: float, p: float) -> float:
    return math.sqrt(n * p * (1 - p))


def reach(part: float | None, takes: int = 0) -> dict:
    found = {} if part is None else {"corrections_reach": share(part)}
    return found | {"corrections_take": months(takes)}


def pair(folder, told: dict, other: dict | None = None, **parts: Any):
    """`corrects` corrects every false record at once; `holds` has lists or a score of its own.

    `told` goes to the practice of the first, `other` to that of the second.
    """
    remedy = parts.pop("remedy", {})
    write_regime(folder, "corrects", lists=one_list(stays=None), remedy=remedy)
    own = parts.pop("own", {"lists": one_list(stays=None)})
    write_regime(folder, "holds", **own)
    uses = [
        {"use": "corrects", "practice": PERFECT | told},
        {"use": "holds", "practice": other or {}, **parts.pop("use", {})},
    ]
    return study(folder, regimes=uses, **(PARTS | parts))


def test_every_copy_is_found_and_goes_at_once(tmp_path):
    found = run(pair(tmp_path, reach(1.0)))
    one, two = sums(found, "corrects"), sums(found, "holds")
    assert one["corrected_wronged"] > 200
    # Both have the same records, so each correction has its copy, of the same person.
    for column in ("entries", "wrongful_entries", "exits", "wrongful_exits", "wrongs_corrected"):
        assert (totals(found, column, "corrects") == totals(found, column, "holds")).all(), column
    assert two["copies"] == two["copies_corrected"] == two["removed_by_correction"]
    assert two["copies"] == one["corrected"]
    assert two["wrongful_listed"] == two["corrected"] == two["decided"] == 0
    assert one["copies"] == one["copies_corrected"] == 0


def test_nobody_is_reached_without_a_word_and_the_copies_stay(tmp_path):
    for i, told in enumerate(({}, reach(0.0))):
        two = sums(run(pair(tmp_path / str(i), told, **ONCE)), "holds")
        assert two["copies"] > 300 and two["copies_corrected"] == two["wrongful_exits"] == 0
        assert two["removed_by_correction"] == 0


@pytest.mark.parametrize("part", [0.25, 0.7])
def test_a_share_is_reached_and_more_are_where_more_should(tmp_path, part):
    rows = {}
    for p in (part, part + 0.2):
        file = pair(tmp_path / str(p), reach(p), **ONCE, **ONE_FALSE)
        two = sums(run(file), "holds")
        assert near(two["copies_corrected"], two["copies"] * p, spread(two["copies"], p))
        assert two["removed_by_correction"] == two["copies_corrected"]
        *_, (_, _, _, (shard,)) = live(file)
        rows[p] = {int(r["luck"]) for r in shard.entries if r["regime"] == 1}
    assert rows[part + 0.2] < rows[part]  # the same luck: nobody reached is lost again


@pytest.mark.parametrize("takes", [1, 3])
def test_a_correction_arrives_after_the_months_it_takes(tmp_path, takes):
    found = run(pair(tmp_path, reach(1.0, takes), **ONCE, **ONE_FALSE))
    counted = totals(found, "copies_corrected", "holds")
    removed = totals(found, "removed_by_correction", "holds")
    assert counted.nonzero()[0].tolist() == [0] and removed.nonzero()[0].tolist() == [takes]
    assert counted[0] == removed[takes] == totals(found, "corrected", "corrects")[0]
    assert totals(found, "months_wronged", "holds").sum() == takes * removed.sum()


def test_a_term_that_ends_before_the_word_comes_ends_as_it_would_have(tmp_path):
    own = {"own": {"lists": one_list(stays=2)}}
    two = sums(run(pair(tmp_path, reach(1.0, 3), **own, **ONCE, **ONE_FALSE)), "holds")
    assert two["copies_corrected"] > 300 and two["removed_by_correction"] == 0
    assert two["expired"] == two["exits"] == two["entries"]


def test_the_rule_reaches_everybody_whatever_the_practice(tmp_path):
    for part in (None, 0.0, 0.3):
        folder = tmp_path / str(part)
        file = pair(folder, reach(part), remedy={"correction_reaches": yes()}, **ONCE)
        two = sums(run(file), "holds")
        assert two["copies"] == two["copies_corrected"] > 300


def test_the_rule_holds_from_its_day_on(tmp_path):
    later = {"remedy": {"correction_reaches": yes(False, ("2020-04-01", True))}}
    found = run(pair(tmp_path, {}, **later))
    counted = totals(found, "copies_corrected", "holds")
    assert counted[:3].sum() == 0 and (counted[3:] > 0).all()


def test_points_are_given_back_where_nobody_can_object(tmp_path):
    own = {"own": {"score": one_score(1000, breach=-10)}}
    found = run(pair(tmp_path, reach(1.0), **own))
    true = totals(found, "true_records", "holds").cumsum()
    assert true[-1] > 200
    # A record about somebody listed already opens no entry at the first, so its copy stays.
    scores = 3000 * 1000 - totals(found, "score_sum", "holds")
    all_points = 10 * totals(found, "records", "holds").cumsum()
    back = 10 * totals(found, "copies_corrected", "holds").cumsum()
    assert (scores == all_points - back).all() and back[-1] > 2000
    assert totals(found, "points_gained", "holds").sum() == back[-1]


def test_points_are_given_back_where_only_the_rules_speak(tmp_path):
    own = {"own": {"score": one_score(1000, breach=-10)}}
    file = pair(tmp_path, {}, remedy={"correction_reaches": yes()}, **own)
    two = sums(run(file), "holds")
    assert two["copies_corrected"] == two["copies"] > 200
    assert two["points_gained"] == 10 * two["copies_corrected"]


def test_a_system_with_several_entries_on_a_record_is_counted_once(tmp_path):
    """A score, two lists and an act towards a ground of several: one system, one copy."""
    lists = {
        "one": a_list(BREACH),
        "two": a_list(BREACH),
        "often": a_list(grounds={"g": ground(BREACH, times=times(9), within=months(9))}),
    }
    own = {"own": {"lists": lists, "score": one_score(1000, breach=-10)}}
    file = pair(tmp_path, reach(0.5), **own, **ONCE, **ONE_FALSE)
    found = run(file)
    one, two = sums(found, "corrects"), sums(found, "holds")
    assert two["copies"] == one["corrected"]  # a copy for each correction
    n = two["copies"]
    assert n > 300 and near(two["copies_corrected"], 0.5 * n, spread(n, 0.5))
    *_, (_, _, _, (shard,)) = live(file)
    mine = shard.entries[(shard.entries["regime"] == 1) & (shard.entries["truth"] != TRUE)]
    # All entries of a system on one record go, or none: also the act that only counts.
    kinds = {-2, -1, 0, 1}
    for record in np.unique(mine["record"]):
        rows = mine[mine["record"] == record]
        assert {-2, -1} <= set(rows["list"].tolist()) <= kinds
    assert two["points_gained"] == 10 * two["copies_corrected"]


def test_an_operators_own_files_are_never_told(tmp_path):
    """Two lists of one operator: each entry is objected to, and rejected, by itself."""
    lists = {"one": a_list(BREACH), "two": a_list(BREACH)}
    half = PERFECT | {"desk": {"rejects_wronged": share(0.5)}}
    rows = []
    for i, told in enumerate(({}, reach(1.0))):
        write_regime(tmp_path / str(i), "both", lists=lists, score=one_score(1000, breach=-10))
        write_regime(tmp_path / str(i), "other", lists=one_list())
        uses = [{"use": "both", "practice": half | told}, "other"]
        rows.append(run(study(tmp_path / str(i), regimes=uses, **PARTS)))
    mine = [r.tallies[r.tallies["regime"] == "both"] for r in rows]
    assert mine[0].equals(mine[1])
    assert sums(rows[0], "both")["rejected_wronged"] > 300
    assert sums(rows[1], "other")["copies_corrected"] > 150
    assert sums(rows[1], "both")["copies"] == 0


def test_an_entry_stands_only_if_nobody_has_corrected_its_record(tmp_path):
    """Two systems with two lists each, all corrected by chance: recomputed entry by entry.

    What a system has corrected itself in the same month must not hide what others have.
    """
    for name in ("left", "right"):
        write_regime(tmp_path, name, lists={"one": a_list(BREACH), "two": a_list(BREACH)})
    half = PERFECT | {"desk": {"rejects_wronged": share(0.6)}}

    def standing(practice: dict) -> set[tuple[int, int, int]]:
        uses = [{"use": name, "practice": practice} for name in ("left", "right")]
        file = study(tmp_path, regimes=uses, **(PARTS | ONCE | ONE_FALSE | {"length": 1}))
        *_, (_, _, _, (shard,)) = live(file)
        rows = shard.entries[shard.entries["truth"] != TRUE]
        return {(int(r["record"]), int(r["regime"]), int(r["list"])) for r in rows}

    everything, by_itself, told = standing({}), standing(half), standing(half | reach(1.0))
    corrected = {(record, regime) for record, regime, _ in everything - by_itself}
    expected = {x for x in by_itself if (x[0], 1 - x[1]) not in corrected}
    assert told == expected
    assert len(everything) > 4 * len(told) and len(told) > 50
    both = [x for x in by_itself if (x[0], 0) in corrected and (x[0], 1) in corrected]
    assert len(both) > 50  # the case in question


def test_who_is_told_tells_nobody_in_turn(tmp_path):
    """The first reaches half of the others; whom it does not reach, nobody does."""
    names = ("corrects", "second", "third")
    for name in names:
        write_regime(tmp_path, name, lists=one_list(stays=None))
    practice = [PERFECT | reach(0.5, 1), reach(1.0), reach(1.0)]
    uses = [{"use": n, "practice": p} for n, p in zip(names, practice, strict=True)]
    found = run(study(tmp_path, regimes=uses, **(PARTS | ONCE | ONE_FALSE)))
    for name in names[1:]:
        two = sums(found, name)
        n = two["copies"]
        assert n == sums(found, "corrects")["corrected"]
        assert near(two["copies_corrected"], 0.5 * n, spread(n, 0.5))
        assert two["removed_by_correction"] == two["copies_corrected"]


def test_who_corrects_by_itself_tells_even_while_word_is_under_way(tmp_path):
    """The second is told by the first, five months later; before, it corrects and tells all."""
    for name in ("corrects", "second", "third"):
        write_regime(tmp_path, name, lists=one_list(stays=None))
    letter = {"notices": {"post": channel(1.0, 1)}, "objects_wronged": share(1.0)}
    practice = [PERFECT | reach(0.5, 4), letter | reach(1.0), {}]
    names = ("corrects", "second", "third")
    uses = [{"use": n, "practice": p} for n, p in zip(names, practice, strict=True)]
    found = run(study(tmp_path, regimes=uses, **(PARTS | ONCE | ONE_FALSE)))
    wrongful = totals(found, "wrongful_entries", "third")[0]
    removed = totals(found, "removed_by_correction", "third")
    assert removed[1] + removed[4] == removed.sum() == wrongful > 300
    assert near(removed[1], 0.5 * wrongful, spread(wrongful, 0.5))


def test_an_objection_that_waits_is_over_when_the_word_comes(tmp_path):
    """Nobody is decided at the second; its stock of waiting loses the wronged."""
    file = pair(tmp_path, reach(1.0, 1), NO_DESK, **ONCE)
    found = run(file)
    filed, waiting = (totals(found, k, "holds") for k in ("objections", "waiting"))
    removed = totals(found, "removed_by_correction", "holds")
    assert (waiting == (filed - removed).cumsum()).all() and removed[1:].sum() > 300
    for world, month, _, parts in live(file):
        assert (stocks(parts)[:, :, WAITING] == recount(world, month, parts)[WAITING]).all()
        mine = parts[0].entries[parts[0].entries["regime"] == 1]
        old = mine[mine["decided"] < month.index]
        assert ((old["truth"] == TRUE) & (old["state"] == FILED)).all()


def test_a_complaint_that_waits_is_over_too(tmp_path):
    rejects = ALL_TOLD | {
        "desk": {"rejects_wronged": share(1.0)},
        "complaint": complaint(1.0, 1.0, takes=9),
    }
    own = {"own": {"lists": one_list(stays=None), "remedy": {"complaint": yes()}}}
    found = run(pair(tmp_path, reach(1.0, 2), rejects, **own, **ONCE, **ONE_FALSE))
    two = sums(found, "holds")
    assert two["complaints"] == two["entries"] and two["upheld"] == 0
    assert two["removed_by_correction"] == two["wrongful_entries"] > 300


def test_what_a_supervisor_or_a_hearing_corrects_travels_too(tmp_path):
    half = PERFECT | reach(1.0)
    for name, rules, practice, when in (
        (
            "supervisor",
            {"remedy": {"complaint": yes()}},
            {"desk": {"rejects_wronged": share(1.0)}, "complaint": complaint(1.0, 1.0, 2)},
            2,
        ),
        (
            "hearing",
            {"remedy": {"heard_before_listing": yes()}, "waits": months(1)},
            {"hearing": hearing(1.0, 1.0)},
            0,
        ),
    ):
        waits = {"waits": rules["waits"]} if "waits" in rules else {}
        lists = one_list(stays=None, **waits)
        write_regime(tmp_path / name, "corrects", lists=lists, remedy=rules["remedy"])
        write_regime(tmp_path / name, "holds", lists=one_list(stays=None))
        uses = [{"use": "corrects", "practice": half | practice}, "holds"]
        found = run(study(tmp_path / name, regimes=uses, **(PARTS | ONCE | ONE_FALSE)))
        removed = totals(found, "removed_by_correction", "holds")
        assert removed[when] == removed.sum() > 300, name
        assert removed.sum() == sums(found, "holds")["wrongful_entries"]


def test_a_listing_that_has_moved_on_is_found_by_its_record(tmp_path):
    lists = {
        "first": a_list(BREACH, escalates={"to": "second", "after": months(1)}),
        "second": a_list("judgment.refused"),
    }
    own = {"own": {"lists": lists}}
    letter = {"notice": None, "notices": {"post": channel(1.0, 3)}}
    found = run(pair(tmp_path, letter | reach(1.0), **own, **ONCE, **ONE_FALSE))
    removed = totals(found, "removed_by_correction", "holds")
    assert removed[3] == removed.sum() == totals(found, "corrected", "corrects")[3] > 300


def test_who_is_let_off_for_hardship_is_no_wrong_that_travels(tmp_path):
    asks = {"notice": share(1.0), "hardship": hardship(1.0, 1.0, 1.0)} | reach(1.0)
    remedy = {"hardship": {"says": "Ill", "holds": yes()}}
    file = pair(tmp_path, asks | {"objects_wronged": None}, remedy=remedy, agencies=agency())
    found = run(file)
    assert sums(found, "corrects")["exempted"] > 300
    assert sums(found, "holds")["copies"] == sums(found, "holds")["exits"] == 0


def test_one_false_record_against_two_persons_is_corrected_against_both(tmp_path):
    """The second has another namesake on file: its copy names somebody else, and is as false."""
    write_regime(tmp_path, "corrects", lists=one_list(stays=None))
    write_regime(
        tmp_path,
        "holds",
        who={"consent": yes()},
        score=one_score(1000, breach=-10),
        lists=one_list(stays=None, members_only=True),
    )
    uses = [
        {"use": "corrects", "practice": PERFECT | reach(1.0)},
        {"use": "holds", "joins": {"share": share(0.5)}},
    ]
    file = study(tmp_path, regimes=uses, **(PARTS | ONCE | ONE_FALSE))
    seen, two_persons = {}, 0
    plain = [dict(use) for use in uses]
    plain[0]["practice"] = {}
    before = study(tmp_path, regimes=plain, **(PARTS | ONCE | ONE_FALSE))
    for _, _, _, (shard,) in live(before):
        for row in shard.entries:
            seen.setdefault((int(row["record"]), int(row["regime"])), int(row["subject"]))
    records = {r for r, _ in seen}
    two_persons = sum(
        (r, 0) in seen and (r, 1) in seen and seen[r, 0] != seen[r, 1] for r in records
    )
    assert two_persons > 30
    *_, (_, _, _, (shard,)) = live(file)
    gone = {(int(r["record"]), int(r["regime"])) for r in shard.entries if r["truth"] != TRUE}
    assert not any((r, 1) in gone for r in records if (r, 0) in seen)


def test_whom_only_a_platform_misfiled_is_no_copy_of_the_right_record(tmp_path):
    """The second gets records through a platform that misfiles; the first knows who did it."""
    link = {"says": "All", "acts": [BREACH], "holds": yes()}
    rules = {"coverage": share(1.0), "delay": months(0), "wrong_subject": share(0.4)}
    write_regime(tmp_path, "platform", platform={"links": {"l": link}, **rules})
    for name in ("direct", "behind", "beside"):
        write_regime(tmp_path, name, lists=one_list(stays=None))
    through = {"receives": {"through": "platform"}}
    uses = [
        {"use": "direct"},
        {"use": "behind", "practice": PERFECT | reach(1.0), **through},
        {"use": "beside", **through},
    ]
    parts = PARTS | ONCE | {"agencies": agency(), "length": 2}
    found = run(study(tmp_path, regimes=uses, **parts))
    corrected = sums(found, "behind")["corrected"]
    assert corrected > 300
    # Who is behind the same platform has the same mistake; whoever got it directly has none.
    assert sums(found, "beside")["copies_corrected"] == corrected
    assert sums(found, "direct")["copies"] == sums(found, "direct")["exits"] == 0


def test_the_books_of_copies_agree_with_the_entries(tmp_path):
    """Each month: copies counted are systems with a false entry on a record corrected elsewhere."""
    names = ("one", "two", "three")
    half = PERFECT | {"desk": {"rejects_wronged": share(0.6)}} | reach(0.5)
    for name in names:
        write_regime(tmp_path, name, lists=one_list(stays=None))
    uses = [{"use": name, "practice": half} for name in names]
    before: dict[int, set] = {}
    file = study(tmp_path, regimes=uses, **(PARTS | ONCE | ONE_FALSE | {"length": 2}))
    for _, month, _, (shard,) in live(file):
        flows = shard.books.flows.sum(axis=1)
        assert (flows[:, COPIES_CORRECTED] <= flows[:, COPIES]).all()
        standing = {(int(r["record"]), int(r["regime"])) for r in shard.entries}
        before[month.index] = standing
        assert not (shard.entries["state"] == CORRECTED).any()
        if month.index == 0:
            false = shard.entries[shard.entries["truth"] != TRUE]
            by_record = {r: int((false["record"] == r).sum()) for r in np.unique(false["record"])}
            # Copies that stand, of records that some system has corrected: counted, not reached.
            left = sum(n for n in by_record.values() if n < 3)
            missed = (flows[:, COPIES] - flows[:, COPIES_CORRECTED]).sum()
            assert left == missed > 50
