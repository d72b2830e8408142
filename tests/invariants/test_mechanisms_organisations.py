"""Organisations, places, platforms, identity codes and inspections."""

import math
from typing import Any

import numpy as np
import pytest

from dossiers import checked
from mechanisms import BOTH, BOTH_BUSY, CITY, FIRM_ACT, FIRM_GOOD, mixed, society, visits
from scslab.core.errors import ScslabError
from scslab.core.tables import FOUND_ON_VISIT, MISATTRIBUTED
from small import (
    BREACH,
    agency,
    in_first_month,
    lived_through,
    monthly,
    months,
    near,
    one_list,
    one_score,
    points,
    run,
    share,
    step_through,
    totals,
    write_regime,
    yes,
)


def test_acts_are_committed_and_rated_by_whose_they_are(tmp_path):
    acts = (BREACH, FIRM_ACT, BOTH)
    for kind in ("persons", "organisations"):
        write_regime(tmp_path, kind, who={"subjects": [kind]}, lists=one_list(acts))
    write_regime(
        tmp_path, "all", who={"subjects": ["persons", "organisations"]}, lists=one_list(acts)
    )
    seen = set()
    file = mixed(tmp_path, "persons", "organisations", "all")
    for world, _, state, (shard,) in checked(file):  # noqa: B007
        for act in shard.acts:
            seen.add((world.conducts[act["conduct"]], bool(act["subject"] >= 600)))
    assert seen == {(BREACH, False), (FIRM_ACT, True), (BOTH, False), (BOTH, True)}
    assert not state.listed[0][600:].any() and not state.listed[1][:600].any()
    assert (state.listed[2] == state.listed[0] | state.listed[1]).all()
    found = run(file)
    assert totals(found, "covered", "all")[0] == 1200
    assert (totals(found, "covered", "persons") == totals(found, "covered", "organisations")).all()


def test_only_some_sectors_are_rated(tmp_path):
    among = {"with": "sector", "are": ["trade"], "source": "made-up", "at": "here"}
    who = {"subjects": ["organisations"], "among": [among]}
    write_regime(tmp_path, "trade", who=who, lists=one_list((FIRM_ACT,)))
    found = run(mixed(tmp_path, "trade"))
    assert totals(found, "covered")[0] == 300
    assert set(found.tallies[found.tallies["entries"] > 0]["subject"]) == {"organisation"}


@pytest.mark.parametrize("carved", [True, False])
def test_a_city_covers_its_locality_or_all_where_there_are_none(tmp_path, carved):
    who = {"places": ["Xia"], "subjects": ["persons", "organisations"]}
    write_regime(tmp_path, "city", who=who, lists=one_list((BREACH, FIRM_ACT)))
    more = {"localities": CITY} if carved else {}
    world, _, state, _ = lived_through(mixed(tmp_path, "city", society=society(**more)))
    if not carved:
        assert world.where.all()
        return
    code = world.society.attributes["locality"].index("Xia")
    cells = np.repeat(world.society.cell_codes["locality"], np.diff(world.people.cell_start))
    assert (cells == code).sum() == 100
    assert state.listed[0][cells == code].any() and not state.listed[0][cells != code].any()


def test_a_province_is_a_place_too_and_unknown_places_have_a_message(tmp_path):
    write_regime(tmp_path, "anhui", who={"places": ["Anhui"]}, lists=one_list())
    assert totals(run(mixed(tmp_path, "anhui")), "covered")[0] == 200
    write_regime(tmp_path, "elsewhere", who={"places": ["Xa"]}, lists=one_list())
    with pytest.raises(ScslabError, match='applies in "Xa"') as error:
        run(mixed(tmp_path, "elsewhere", society=society(localities=CITY)))
    assert "Xia" in str(error.value)
    lost = {"Xia": {**CITY["Xia"], "in": "Anhai"}}
    with pytest.raises(ScslabError, match='"Anhai" is no province'):
        run(mixed(tmp_path, "anhui", society=society(localities=lost)))


def test_movers_stay_long_enough_or_have_a_permit_or_are_not_rated(tmp_path):
    """Organisations do not move: all of them are rated."""
    who = {"subjects": ["persons", "organisations"], "residence": months(12)}
    who["permit_for_non_locals"] = yes()
    write_regime(tmp_path, "settled", who=who, score=one_score(1000, breach=-1))
    movers = {"share": share(0.4), "stay": months(24), "permit": share(0.5)}
    found = run(mixed(tmp_path, "settled", society=society(6000, 3000, movers=movers)))
    scored = found.tallies[found.tallies["month"] == "2020-01"]
    by = scored.groupby("subject", observed=True)["scored"].sum()
    p = 1 - 0.4 * (1 - math.exp(-12 / 24) * 0.5)
    assert near(by["person"], 6000 * p, math.sqrt(6000 * p * (1 - p)), 4)
    assert by["organisation"] == 3000


def platform(folder, **more: Any) -> None:
    link = {"says": "Firms' records", "acts": [FIRM_ACT], "holds": yes()}
    rules = {"coverage": share(0.6), "delay": months(2), **more}
    write_regime(folder, "platform", platform={"links": {"l": link}, **rules})


def test_a_platform_passes_on_what_it_takes_in_part_and_late(tmp_path):
    platform(tmp_path)
    write_regime(
        tmp_path, "both", who={"subjects": ["organisations"]}, lists=one_list((FIRM_ACT, BOTH))
    )
    write_regime(tmp_path, "same", who={"subjects": ["organisations"]}, lists=one_list((FIRM_ACT,)))
    receives = {"through": "platform", "coverage": share(0.5), "delay": months(1)}
    conduct = {a: {"rate": in_first_month(1.0)} for a in (FIRM_ACT, BOTH)}
    file = mixed(tmp_path, {"use": "both", "receives": receives}, "same", conduct=conduct, length=6)
    found = run(file)
    records, acts = totals(found, "records", "both"), totals(found, "records", "same").sum()
    assert records.nonzero()[0].tolist() == [3]
    assert near(records.sum(), 0.3 * acts, math.sqrt(acts * 0.21), 4)
    plain = run(mixed(tmp_path, "both", "same", conduct=conduct, length=6))
    assert totals(plain, "records", "same").tolist() == totals(found, "records", "same").tolist()


def test_a_platform_that_passes_all_on_at_once_leaves_no_trace(tmp_path):
    platform(tmp_path, coverage=share(1.0), delay=months(0))
    write_regime(
        tmp_path, "firms", who={"subjects": ["organisations"]}, lists=one_list((FIRM_ACT,))
    )
    agencies = agency(*BOTH_BUSY, detection=0.7, wrong_subject=share(0.2))
    through = {"use": "firms", "receives": {"through": "platform"}}
    one, two = (run(mixed(tmp_path, use, agencies=agencies)) for use in ("firms", through))
    assert one.tallies.equals(two.tallies)


@pytest.mark.parametrize("code", [False, True])
def test_misfiled_records_stay_among_organisations_and_the_code_removes_its_share(tmp_path, code):
    wrong, removes = 0.2, 0.75
    platform(tmp_path, wrong_organisation=share(wrong), coverage=share(1.0), delay=months(0))
    identity = {"says": "Code", "holds": yes(), "removes": share(removes)}
    write_regime(tmp_path, "code", identity=identity)
    acts = (BREACH, FIRM_ACT)
    for kind in ("organisations", "persons"):
        write_regime(tmp_path, kind, who={"subjects": [kind]}, lists=one_list(acts, None))
    uses = [{"use": "organisations", "receives": {"through": "platform"}}, "persons"]
    faults = agency(*acts, wrong_subject=share(wrong))
    more = {"identity": "code"} if code else {}
    file = mixed(tmp_path, *uses, agencies=faults, society=society(1500, 1500), **more)
    gone = 0
    for world, _, _, (shard,) in step_through(file):
        rows = shard.deliveries
        firm = np.array([world.conducts[k] == FIRM_ACT for k in rows["conduct"]])
        assert ((rows["subject"] >= 1500) == firm).all()
        gone += ((rows["truth"] == MISATTRIBUTED) & (rows["regime"] == 1) & ~firm).sum()
    found = run(file)
    left = 1 - removes if code else 1.0
    # Wrong at the agency, or right there and wrong on the platform.
    for kind, p in (("organisations", 1 - (1 - wrong * left) ** 2), ("persons", wrong)):
        records = totals(found, "records", kind).sum()
        got = totals(found, "misattributed", kind).sum()
        assert records == totals(found, "acts", kind).sum()  # lost by one, gained by another
        assert near(got, records * p, math.sqrt(records * p * (1 - p)))
    assert gone == totals(found, "misattributed", "persons").sum()


def inspected(folder, by: dict | None, **parts: Any):
    """Grades A to C by good deeds; what visits find is seen besides 20 percent of all."""
    write_regime(
        folder,
        "classes",
        who={"subjects": ["organisations"]},
        score={
            "start": points(0),
            "acts": {
                FIRM_GOOD: {"says": "G", "points": points(1)},
                FIRM_ACT: {"says": "P", "points": points(0)},
            },
        },
        grades={"lowest": "C", "floors": {"A": points(2), "B": points(1)}},
        inspections=visits(A=0, B=1, C=4),
    )
    watch = {
        "says": "W",
        "sees": [FIRM_ACT],
        "detection": share(0.2),
        **({"inspects": by} if by else {}),
    }
    agencies = {
        "praise": {"says": "P", "sees": [FIRM_GOOD], "detection": share(1.0)},
        "watch": watch,
    }
    conduct = {
        FIRM_GOOD: {"rate": in_first_month(1.0)},
        FIRM_ACT: {"rate": monthly(0.0, ("2020-03-01", 0.5))},
    }
    uses = ["classes", *parts.pop("uses", [])]
    parts = {"society": society(100, 3000), "length": 8} | parts
    return mixed(folder, *uses, conduct=conduct, agencies=agencies, **parts)


def test_visits_find_more_at_worse_grades(tmp_path):
    by = {"by": "classes", "finds": share(0.5), "within": months(9)}
    many = {"lowest": "E", "floors": {g: points(1000 - 5 * i) for i, g in enumerate("ABCD")}}
    write_regime(tmp_path, "more-grades", score=one_score(1000, breach=-10), grades=many)
    acts, records, found = np.zeros(3), np.zeros(3), 0
    for world, _, state, (shard,) in checked(inspected(tmp_path, by, uses=["more-grades"])):
        k = world.conducts.index(FIRM_ACT)
        grade = 2 - np.clip(state.score[0], 0, 2)
        acts += np.bincount(grade[shard.acts["subject"][shard.acts["conduct"] == k]], minlength=3)
        rows = shard.deliveries[shard.deliveries["conduct"] == k]
        records += np.bincount(grade[rows["subject"]], minlength=3)
        found += shard.books.flows[0, :, FOUND_ON_VISIT].sum()
    assert min(acts) > 500
    for grade, yearly in enumerate((0, 1, 4)):
        p = 0.2 + 0.8 * (1 - math.exp(-yearly * 9 / 12 * 0.5))
        n = acts[grade]
        assert near(records[grade], n * p, math.sqrt(n * p * (1 - p)), 4), grade
    assert found > 0.8 * (records - 0.2 * acts)[1:].sum()


def test_visits_add_records_and_take_none_away(tmp_path):
    by = {"by": "classes", "finds": share(0.5), "within": months(9)}
    seen = []
    for spec in (None, by):
        got = set()
        for world, month, _, (shard,) in step_through(inspected(tmp_path, spec)):
            rows = shard.deliveries[shard.deliveries["conduct"] == world.conducts.index(FIRM_ACT)]
            got |= {(month.index, int(luck)) for luck in rows["luck"]}
        seen.append(got)
    assert seen[0] < seen[1]


def test_nobody_is_inspected_by_a_grade_that_has_not_begun_or_is_withdrawn(tmp_path):
    by = {"by": "classes", "finds": share(1.0), "within": months(12)}
    decided = {
        "says": "Stops",
        "regimes": ["classes"],
        "decided": "2020-05",
        "source": "made-up",
        "at": "here",
    }
    found = run(inspected(tmp_path, by, oversight=[decided]))
    got = totals(found, "found_on_visit")
    assert (got[2:4] > 0).all() and (got[4:] == 0).all()
