"""Organisations: their margins, and one society of persons and organisations."""

import copy
from typing import Any

import numpy as np
import pytest

from scslab.core.draws import decision
from scslab.core.errors import ScslabError
from scslab.world.society.cells import Society, build_society
from scslab.world.society.derive_organisations import FOLDER, derive
from scslab.world.society.kinds import find_kinds
from scslab.world.society.localities import Locality
from scslab.world.society.margin_checks import sum_over
from scslab.world.society.margins import parse_margins, read_margins
from scslab.world.society.organisations import join_societies
from scslab.world.society.ties import ties_of

CN = read_margins("cn-2018")
FIRMS = read_margins("cn-2018-organisations")
LOCALITIES = {"Suzhou": Locality("Jiangsu", 0.13), "Shanghai": Locality("Shanghai", 1.0)}
SMALL: dict[str, Any] = {
    "id": "firms",
    "counts": "organisations",
    "attributes": {"sector": ["trade", "other"], "sex": ["female", "male"]},
    "margins": [
        {"over": ["sector"], "organisations": {"trade": 30, "other": 70}},
        {"over": ["sex"], "shares": {"female": 0.5, "male": 0.5}},
    ],
}


def test_shipped_targets_are_a_fresh_derivation() -> None:
    assert (FOLDER / "targets.csv").read_text(encoding="utf-8") == derive()


def test_shipped_margins_keep_the_published_values() -> None:
    assert (FIRMS.total, FIRMS.counts) == (21_789_000, "organisations")
    assert FIRMS.attributes["province"] == CN.attributes["province"]
    assert FIRMS.regions == CN.regions
    by = {}
    for table in FIRMS.tables:
        assert (table.target == np.round(table.target)).all()
        for name in table.over:
            counts = sum_over(table.target, table.over, [name]).tolist()
            by[name] = dict(zip(FIRMS.attributes[name], counts, strict=True))
            if table.name == "sector x ownership":
                industry = dict(zip(FIRMS.attributes["ownership"], table.target[0], strict=True))
    assert by["body"] == {
        "firm": 18_570_000,
        "government body": 1_075_000,
        "social organisation": 816_000,
        "other": 1_328_000,
    }
    # The firms of the parts of the census add up to all but for its rounding.
    assert by["sector"]["industry"] == pytest.approx(3_451_000, abs=2)
    assert by["sector"]["trade"] == pytest.approx(6_499_000, abs=2)
    assert by["sector"]["public"] == 21_789_000 - 18_570_000
    assert by["size"]["small"] == pytest.approx(2_400_000, abs=2)
    assert by["ownership"]["state"] == pytest.approx(242_000, abs=2)
    assert by["ownership"]["foreign"] == pytest.approx(222_000, abs=2)
    assert industry["foreign"] == pytest.approx(87_000, abs=2)
    province = by["province"]
    for name, count in (("Guangdong", 3_127_000), ("Jiangsu", 2_054_000), ("Beijing", 989_000)):
        assert province[name] == pytest.approx(count, abs=200)
    west = sum(n for p, n in province.items() if FIRMS.regions[p] == "West")
    assert west == pytest.approx(4_058_000, abs=200)


def test_every_row_says_where_it_comes_from() -> None:
    for line in (FOLDER / "targets.csv").read_text(encoding="utf-8").splitlines()[1:]:
        assert ",published," in line or not line.endswith(","), line
    for table in FIRMS.tables:
        assert set(table.status_counts) <= {"published", "derived", "assumed"}
        assert set(table.sources) <= set(FIRMS.sources)
    for key, source in FIRMS.sources.items():
        assert source["title"], key
        assert source["kind"] != "assumption" or source["because"], key


@pytest.mark.parametrize("number", [10, 100, 1_000, 33_333, 50_000_000])
def test_every_margin_is_met_within_one_organisation(number: int) -> None:
    society = build_society(FIRMS, number)
    assert society.cell_start[-1] == society.persons == number
    assert max(line.deviation for line in society.fit_report) < 1
    codes = society.cell_codes
    firm = codes["body"] == 0
    for name in ("sector", "size", "ownership"):
        last = len(society.attributes[name]) - 1
        np.testing.assert_array_equal(codes[name] != last, firm)
    assert len(society.group_codes["body"]) <= 250
    assert society.stands_for == 21_789_000


@pytest.fixture(scope="module")
def persons() -> Society:
    return build_society(CN, 20_000, district_size=1_024)


@pytest.fixture(scope="module")
def organisations() -> Society:
    return build_society(FIRMS, 900)


@pytest.fixture(scope="module")
def joined(persons: Society, organisations: Society) -> Society:
    return join_societies(persons, organisations)


def test_persons_alone_stay_the_same_society(persons: Society) -> None:
    assert join_societies(persons, None) is persons
    assert (persons.organisations, persons.organisations_stand_for) == (0, 0.0)
    assert persons.subjects == persons.persons
    assert persons.persons_districts == len(persons.district_place)


def test_persons_keep_their_numbers_districts_and_groups(
    persons: Society, organisations: Society, joined: Society
) -> None:
    assert (joined.persons, joined.organisations, joined.subjects) == (20_000, 900, 20_900)
    assert (joined.stands_for, joined.scale) == (persons.stands_for, persons.scale)
    assert joined.organisations_stand_for == 21_789_000
    assert joined.id == "cn-2018 + cn-2018-organisations"
    cells, districts = persons.cell_rated.size, len(persons.district_place)
    assert joined.persons_districts == districts
    np.testing.assert_array_equal(joined.cell_start[: cells + 1], persons.cell_start)
    np.testing.assert_array_equal(joined.cell_start[cells:], organisations.cell_start + 20_000)
    np.testing.assert_array_equal(joined.cell_rated[:cells], persons.cell_rated)
    np.testing.assert_array_equal(joined.cell_group[:cells], persons.cell_group)
    np.testing.assert_array_equal(joined.district_start[: districts + 1], persons.district_start)
    np.testing.assert_array_equal(
        joined.district_start[districts:], organisations.district_start + 20_000
    )
    np.testing.assert_array_equal(joined.district_start, joined.cell_start[joined.district_cells])
    assert joined.district_place == persons.district_place + organisations.district_place
    for name, codes in persons.cell_codes.items():
        np.testing.assert_array_equal(joined.cell_codes[name][:cells], codes)
    for name, codes in organisations.cell_codes.items():
        np.testing.assert_array_equal(joined.cell_codes[name][cells:], codes)


def test_what_does_not_apply_is_minus_one(persons: Society, joined: Society) -> None:
    cells = persons.cell_rated.size
    assert list(joined.attributes) == [
        *("subject", "province", "region", "residence", "sex", "age", "education", "income"),
        *("party", "internet", "body", "sector", "size", "ownership"),
    ]
    assert joined.attributes["subject"] == ("person", "organisation")
    assert list(joined.cell_codes) == list(joined.attributes)
    assert set(joined.cell_codes["subject"][:cells].tolist()) == {0}
    assert set(joined.cell_codes["subject"][cells:].tolist()) == {1}
    for name in ("residence", "sex", "age", "education", "income", "party", "internet"):
        assert set(joined.cell_codes[name][cells:].tolist()) == {-1}
    for name in ("body", "sector", "size", "ownership"):
        assert set(joined.cell_codes[name][:cells].tolist()) == {-1}
    for codes in joined.cell_codes.values():
        assert codes.dtype == np.int8


def test_groups_of_organisations_follow(
    persons: Society, organisations: Society, joined: Society
) -> None:
    first = len(persons.group_codes["sex"])
    assert list(joined.group_codes) == [
        a for a in joined.attributes if a not in ("province", "internet")
    ]
    count = first + len(organisations.group_codes["body"])
    assert {len(codes) for codes in joined.group_codes.values()} == {count}
    for name, codes in joined.group_codes.items():
        np.testing.assert_array_equal(codes[joined.cell_group], joined.cell_codes[name])
    assert joined.cell_group.dtype == np.int32
    assert set(joined.group_codes["subject"][:first].tolist()) == {0}
    assert set(joined.group_codes["subject"][first:].tolist()) == {1}


def test_the_fit_report_shows_both(
    persons: Society, organisations: Society, joined: Society
) -> None:
    split = len(persons.fit_report)
    assert joined.fit_report[:split] == persons.fit_report
    assert [line.name for line in joined.fit_report[split:]] == [
        "organisations: province x body",
        "organisations: sector x size",
        "organisations: sector x ownership",
    ]
    assert len(joined.fit_report) == split + len(organisations.fit_report)


def test_kinds_of_persons_and_organisations(joined: Society) -> None:
    kinds, people = find_kinds(joined)
    for name, codes in kinds.codes.items():
        np.testing.assert_array_equal(codes[people.kind], joined.cell_codes[name])
    firm = kinds.organisations()
    np.testing.assert_array_equal(kinds.persons(), ~firm)
    np.testing.assert_array_equal(firm[people.kind], joined.cell_codes["subject"] == 1)
    assert not kinds.having("age", joined.attributes["age"], "x")[firm].any()
    assert kinds.having("age", joined.attributes["age"], "x")[~firm].all()
    assert not kinds.having("ownership", ["private", "none"], "x")[~firm].any()
    adult = kinds.aged_from(18)
    assert adult[firm].all()
    np.testing.assert_array_equal(adult[~firm], kinds.codes["age"][~firm] >= 2)
    np.testing.assert_array_equal(kinds.aged_from(0), kinds.rated)


def test_kinds_of_persons_alone(persons: Society) -> None:
    kinds, _ = find_kinds(persons)
    assert kinds.persons().all()
    assert not kinds.organisations().any()
    np.testing.assert_array_equal(kinds.aged_from(18), kinds.codes["age"] >= 2)


def test_localities_hold_for_both() -> None:
    both = join_societies(
        build_society(CN, 20_000, localities=LOCALITIES),
        build_society(FIRMS, 900, localities=LOCALITIES),
    )
    assert both.attributes["locality"] == ("elsewhere", "Suzhou", "Shanghai")
    weight = np.diff(both.cell_start)
    firm = both.cell_codes["subject"] == 1
    suzhou = both.cell_codes["locality"] == 1
    jiangsu = both.cell_codes["province"] == both.attributes["province"].index("Jiangsu")
    for part in (firm, ~firm):
        have, all_ = weight[part & suzhou].sum(), weight[part & jiangsu].sum()
        assert abs(have - 0.13 * all_) < 1


def test_organisations_change_no_ties_of_persons(persons: Society, joined: Society) -> None:
    seed = decision("seed 1")
    subjects = np.arange(joined.subjects)
    district = np.searchsorted(joined.district_start, subjects, side="right") - 1
    both = ties_of(seed, subjects, district, joined.district_start, joined.persons)
    alone = ties_of(seed, subjects[:20_000], district[:20_000], persons.district_start)
    np.testing.assert_array_equal(both[:20_000], alone)
    firms = both[20_000:]
    assert firms.min() >= 20_000
    assert firms.max() < joined.subjects
    for i in range(900):
        for j in firms[i]:
            assert 20_000 + i in both[j]


def test_different_categories_are_named(persons: Society) -> None:
    raw = copy.deepcopy(SMALL)
    raw["attributes"]["sex"] = ["male", "female"]
    with pytest.raises(ScslabError) as told:
        join_societies(persons, build_society(parse_margins(raw, "s"), 50))
    assert str(told.value) == (
        "firms: persons and organisations have different categories of sex\n"
        "  got: male, female\n  expected: female, male\n"
        "  why: one rule or place must mean the same for both"
    )


def test_subject_is_a_reserved_name(persons: Society) -> None:
    raw = copy.deepcopy(SMALL)
    raw["attributes"]["subject"] = ["a", "b"]
    raw["margins"].append({"over": ["subject"], "shares": {"a": 0.5, "b": 0.5}})
    with pytest.raises(ScslabError, match='"subject" tells persons from organisations'):
        join_societies(persons, build_society(parse_margins(raw, "s"), 50))


def test_inline_margins_may_count_organisations(persons: Society) -> None:
    firms = build_society(parse_margins(SMALL, "s"), 50)
    assert firms.stands_for == 100
    both = join_societies(persons, firms)
    assert both.attributes["sector"] == ("trade", "other")
    assert set(both.cell_codes["province"][persons.cell_rated.size :].tolist()) == {-1}
    with pytest.raises(ScslabError) as told:
        build_society(parse_margins(SMALL, "s"), 0)
    assert "organisations: not a possible number of organisations" in str(told.value)
    with pytest.raises(ScslabError, match="s: counts: margins count persons or organisations"):
        parse_margins({**SMALL, "counts": "firms"}, "s")
