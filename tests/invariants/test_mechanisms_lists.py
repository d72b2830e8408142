"""Lists: grounds of several acts, waits, ends, escalation, closing; one judge, books in order."""

import pytest

from dossiers import checked, coin, gather, lists_of, same_lists, verdict_on
from mechanisms import ACTS, FAULTS, FINE, OFF, ONCE, PRAISE, a_list, busy, ground, times
from scslab.core.calendar import last_day
from scslab.core.tables import STAYS
from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    held,
    monthly,
    months,
    one_score,
    points,
    run,
    share,
    step_through,
    totals,
    write_regime,
    yes,
)


def drawn_lists(number: int) -> dict:
    """Lists with options drawn by number; terms change on a day."""
    stays = months(6, ("2020-07-01", 4)) if coin(number, "shorter") else months(5)
    first = a_list(grounds={"a": ground(BREACH, OTHER), "b": ground(FINE, stays=months(3))})
    first["stays"] = stays
    if coin(number, "several"):
        first["grounds"]["a"] |= {"times": times(2), "within": months(4)}
    if coin(number, "extends"):
        first["extends"] = months(3, ("2020-09-01", 1))
    if coin(number, "waits"):
        first["waits"] = months(2)
    if coin(number, "ends"):
        first["ends_on"] = [GOOD]
    if coin(number, "escalates"):
        first["escalates"] = {"to": "second", "after": months(2 if coin(number, "soon") else 3)}
    second = a_list(PRAISE, stays=months(3))
    if coin(number, "endless") or "escalates" in first:
        # Whether a term ends before or after a move of the same month is a question of days.
        second.pop("stays")
    third = a_list(BREACH, PRAISE, says="Praised", colour="red", stays=months(6))
    if coin(number, "closes"):
        third["closed"] = yes(False, ("2020-10-01", True))
    return {"first": first, "second": second, "third": third}


@pytest.mark.parametrize("number", range(12))
def test_lists_are_those_of_the_dossiers(tmp_path, number):
    lists = drawn_lists(number)
    write_regime(tmp_path, "lists", lists=lists)
    count, on = same_lists(busy(tmp_path), alone=GOOD)
    assert count > 150
    assert on["first"] > 5
    assert (on["third"] == 0) == ("closed" in lists["third"])


@pytest.mark.parametrize("number", range(12))
def test_the_books_add_up_whatever_the_rules(tmp_path, number):
    lists = drawn_lists(number)
    lists["first"] |= {"removal_after_performance": held("working days", 15)}
    if coin(number, "repair"):
        opens = months(2, ("2020-08-01", 3))
        lists["second"] |= {"repair_opens": opens, "repair_after": "listing"}
        lists["third"] |= {"repair_opens": months(1), "repair_after": "performance"}
    low = {"low": {"says": "Low", "score_below": points(985), "holds": yes()}}
    lists["low"] = a_list(grounds=low, stays=months(4), score_after=points(990))
    lists["fell"] = a_list(grounds={"c": {"says": "C", "grades": ["C"], "holds": yes()}})
    lists["fell"]["stays"] = months(2)
    practice = {
        "notice": share(0.7),
        "objects_wronged": share(0.8),
        "objects_rightful": share(0.2),
        "desk": {"decisions": held("decisions per 1000 persons and year", 400)},
        "performs_first": share(0.2),
        "performs_later": share(0.1),
        "repairs": share(0.3),
    }
    write_regime(
        tmp_path,
        "lists",
        lists=lists,
        score=one_score(1000, breach=-6, other=-9, good=4),
        grades={"lowest": "C", "floors": {"A": points(1000), "B": points(980)}},
        remedy={"record_ends": months(8), "repair_opens_ordinary": months(3)},
    )
    agencies = agency(*ACTS, detection=0.9, lag=months(1), **FAULTS)
    file = busy(
        tmp_path, length=20, agencies=agencies, regimes=[{"use": "lists", "practice": practice}]
    )
    for _ in checked(file):
        pass
    found = run(file)
    for column in ("entries", "exits", "wrongful_exits", "corrected", "performed"):
        assert totals(found, column).sum() > 0, column


@pytest.mark.parametrize("first", [0.0, 0.4, 1.0])
def test_nobody_is_listed_before_the_wait_is_over_and_who_performs_in_time_never_is(
    tmp_path, first
):
    write_regime(tmp_path, "lists", lists={"listed": a_list(BREACH, waits=months(2), **OFF)})
    use = {"use": "lists", "practice": {"performs_first": share(first)}}
    file = busy(tmp_path, conduct=ONCE, agencies=agency(), regimes=[use], length=6)
    for _ in checked(file):
        pass
    found = run(file)
    entries, records = totals(found, "entries"), len(gather(file, most=99)[0])
    assert entries.nonzero()[0].tolist() == ([2] if first < 1 else [])
    assert totals(found, "exits").sum() == 0
    assert entries.sum() == records - totals(found, "performed").sum()
    if first == 1.0:
        assert totals(found, "performed")[1] == records > 50


def test_a_wait_that_is_abolished_still_ends(tmp_path):
    waits = months(3, ("2020-03-01", None))
    write_regime(tmp_path, "lists", lists={"listed": a_list(BREACH, waits=waits, stays=months(4))})
    file = busy(tmp_path)
    standing = []
    for _, month, _, (shard,) in checked(file):
        waits_still = (shard.entries["list"] >= 0) & (shard.entries["begun"] > month.index)
        standing.append(int(waits_still.sum()))
    # Whoever waits since February waits until May; from March on nobody begins to wait.
    assert all(standing[:4]) and not any(standing[4:])


def test_the_corrected_and_those_of_a_closed_list_never_enter_while_they_wait(tmp_path):
    closed = {"closed": yes(False, ("2020-02-01", True), ("2020-06-01", False))}
    write_regime(tmp_path, "lists", lists={"listed": a_list(BREACH, waits=months(2), **closed)})
    found = run(busy(tmp_path, conduct=ONCE, agencies=agency()))
    assert totals(found, "entries").sum() == totals(found, "exits").sum() == 0
    told = {"notice": share(1.0), "objects_wronged": share(1.0)}
    write_regime(tmp_path, "lists", lists={"listed": a_list(BREACH, waits=months(2))})
    use = {"use": "lists", "practice": told}
    file = busy(tmp_path, agencies=agency(**FAULTS), regimes=[use])
    found = run(file)
    assert totals(found, "corrected_wronged").sum() > 50
    assert totals(found, "wrongful_entries").sum() == totals(found, "exits").sum() == 0


def test_a_closed_list_lets_everybody_go_at_once_and_takes_nobody(tmp_path):
    lists = {"listed": a_list(BREACH, closed=yes(False, ("2020-05-01", True)))}
    write_regime(tmp_path, "lists", lists=lists)
    found = run(busy(tmp_path))
    assert totals(found, "entries").nonzero()[0].tolist() == [0, 1, 2, 3]
    assert totals(found, "exits").nonzero()[0].tolist() == [4]
    assert totals(found, "lifted")[4] == totals(found, "entries").sum()


@pytest.mark.parametrize("after", ["listing", "performance"])
def test_repair_opens_from_listing_or_from_performance(tmp_path, after):
    """All perform in the second month and apply when they may: after 5 months, from August 2."""
    opens = months(5, ("2020-08-01", 2)) if after == "performance" else months(5)
    rules = {"repair_opens": opens, "repair_after": after}
    write_regime(tmp_path, "lists", lists={"listed": a_list(BREACH, **rules)})
    practice = {"performs_first": share(1.0), "repairs": share(1.0)}
    use = {"use": "lists", "practice": practice}
    begun = {BREACH: {"rate": monthly(0.05, ("2020-07-01", 0.0))}}
    file = busy(tmp_path, conduct=begun, agencies=agency(), regimes=[use])
    kept, crowded, (world, _, state, _) = gather(file)
    singles = {p: r[0] for p, r in kept.items() if len(r) == 1 and p not in crowded}
    for person, record in singles.items():
        begun_in = record["index"]
        counts = begun_in + (after == "performance")
        record["performed"] = last_day(world.months[begun_in + 1]).isoformat()
        term = [2 if after == "performance" and t >= 7 else 5 for t in range(13)]
        applied = next((t for t in range(counts, 13) if t - counts >= term[t]), None)
        assert applied is not None
        record["applied"] = last_day(world.months[applied]).isoformat()
        assert verdict_on(world, [record]).listed == bool(state.listed[0, person])
        moments = {m[1].index: lists_of(m[0], m[2], 0, person) for m in step_through(file)}
        assert [t for t in range(begun_in, 13) if moments[t]] == list(range(begun_in, applied))
        if begun_in > 3:
            break
    assert totals(run(file), "repaired").sum() > 50


def test_an_entry_that_nobody_clears_moves_and_stays_for_the_term_of_the_other_list(tmp_path):
    lists = {
        "first": a_list(BREACH, escalates={"to": "second", "after": months(3)}),
        "second": a_list("market.fraud", stays=months(4)),
    }
    write_regime(tmp_path, "lists", lists=lists)
    file = busy(tmp_path, conduct=ONCE, agencies=agency(), length=10)
    entered = len(gather(file)[0])
    on = []
    for world, _, state, (shard,) in checked(file):
        listed = [lists_of(world, state, 0, int(s)) for s in shard.entries["subject"]]
        on.append({name for names in listed for name in names})
    assert on == [{"first"}] * 3 + [{"second"}] * 4 + [set()] * 3
    found = run(file)
    assert totals(found, "entries").tolist() == [entered, 0, 0, entered] + [0] * 6
    assert totals(found, "exits").tolist() == [0, 0, 0, entered, 0, 0, 0, entered, 0, 0]
    assert totals(found, "listed").tolist() == [entered] * 7 + [0] * 3


def test_who_moves_to_a_list_where_he_is_already_is_on_that_list_alone(tmp_path):
    """The judge of dossiers takes the entry off the first list and lengthens the second."""
    lists = {
        "first": a_list(BREACH, escalates={"to": "second", "after": months(3)}),
        "second": a_list(OTHER),
    }
    write_regime(tmp_path, "lists", lists=lists)
    assert same_lists(busy(tmp_path))[1]["second"] > 20


def test_who_moves_after_performing_begins_anew(tmp_path):
    """Removal after performance comes later than the move, so the other list has its own term."""
    lists = {
        "first": a_list(BREACH, escalates={"to": "second", "after": months(2)})
        | {"removal_after_performance": held("working days", 60)},
        "second": a_list("market.fraud", stays=months(4)),
    }
    write_regime(tmp_path, "lists", lists=lists)
    use = {"use": "lists", "practice": {"performs_first": share(1.0)}}
    file = busy(tmp_path, conduct=ONCE, agencies=agency(), regimes=[use], length=8)
    for _, month, _, (shard,) in checked(file):
        if month.index == 3:
            assert (shard.entries["way_out"] == STAYS).all()
    assert (
        totals(run(file), "expired")[-1] == 0
        or totals(run(file), "removed_on_performance").sum() == 0
    )
