"""Localities are carved out of their provinces; nobody is lost, no margin moves."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.world.society.cells import Society, build_society
from scslab.world.society.localities import (
    Locality,
    _systematic,
    check_localities,
    locality_sizes,
    split_cells,
)
from scslab.world.society.margins import parse_margins, read_margins

CN = read_margins("cn-2018")
PROVINCES = CN.attributes["province"]
LOCALITIES = {
    "Rongcheng": Locality("Shandong", 0.007),
    "Suzhou": Locality("Jiangsu", 0.13),
    "Shanghai": Locality("Shanghai", 1.0),
    "Weihai": Locality("Shandong", 0.021),
}
SIZES = (2_000, 59_213, 300_000)


def by_cell(society: Society) -> dict[tuple[int, ...], int]:
    """Persons of each combination of the attributes of the margins."""
    table = np.stack([society.cell_codes[a].astype(int) for a in CN.attributes], axis=1)
    found: dict[tuple[int, ...], int] = {}
    for row, size in zip(table.tolist(), np.diff(society.cell_start).tolist(), strict=True):
        found[tuple(row)] = found.get(tuple(row), 0) + size
    return found


@pytest.mark.parametrize("persons", SIZES)
def test_nobody_is_lost_and_no_margin_moves(persons: int) -> None:
    without = build_society(CN, persons)
    society = build_society(CN, persons, localities=LOCALITIES)
    assert society.cell_start[-1] == society.district_start[-1] == society.persons == persons
    assert np.diff(society.cell_start).min() > 0
    assert by_cell(society) == by_cell(without)
    assert society.fit_report == without.fit_report
    assert list(society.group_codes) == list(without.group_codes)
    for name, codes in society.group_codes.items():
        np.testing.assert_array_equal(codes, without.group_codes[name])
        np.testing.assert_array_equal(codes[society.cell_group], society.cell_codes[name])
    np.testing.assert_array_equal(society.cell_rated, society.cell_codes["age"] != 0)


@pytest.mark.parametrize("persons", SIZES)
def test_each_locality_has_its_share_of_every_category(persons: int) -> None:
    society = build_society(CN, persons, localities=LOCALITIES)
    weight = np.diff(society.cell_start)
    assert list(society.attributes)[:3] == ["province", "region", "locality"]
    assert society.attributes["locality"] == ("elsewhere", *LOCALITIES)
    for number, locality in enumerate(LOCALITIES.values(), 1):
        inside = society.cell_codes["locality"] == number
        province = society.cell_codes["province"] == PROVINCES.index(locality.place)
        assert province[inside].all()
        wanted = locality.share * weight[province].sum()
        assert abs(weight[inside].sum() - wanted) < 1
        for name, words in CN.attributes.items():
            codes, length = society.cell_codes[name], len(words)
            have = np.bincount(codes[inside], weight[inside], length)
            want = np.bincount(codes[province], weight[province], length) * locality.share
            if name != "province":
                assert np.abs(have - want).max() < 2, (locality, name)


def test_localities_have_districts_of_their_own() -> None:
    society = build_society(CN, 300_000, district_size=1_024, localities=LOCALITIES)
    locality = society.cell_codes["locality"]
    sizes = np.diff(society.district_start)
    assert sizes.max() <= 1_024
    found = []
    for d, place in enumerate(society.district_place):
        first, last = society.district_cells[d : d + 2]
        assert len(set(locality[first:last].tolist())) == 1
        found.append((PROVINCES.index(place), int(locality[first])))
        province = society.cell_codes["province"][first:last]
        assert (province == PROVINCES.index(place)).all()
    # In the order of provinces, and in each first elsewhere, then the localities.
    assert found == sorted(found)
    shanghai = PROVINCES.index("Shanghai")
    assert {number for place, number in found if place == shanghai} == {3}
    assert found.count((PROVINCES.index("Jiangsu"), 2)) == 3


def test_without_localities_nothing_changes() -> None:
    one, two = build_society(CN, 20_000), build_society(CN, 20_000, localities={})
    assert one.attributes == two.attributes
    assert "locality" not in one.attributes
    np.testing.assert_array_equal(one.cell_start, two.cell_start)
    np.testing.assert_array_equal(one.district_start, two.district_start)


@pytest.mark.parametrize(
    ("subjects", "shares", "sizes"),
    [
        (1000, [0.1, 0.25], [650, 100, 250]),
        (1000, [0.3, 0.7], [0, 300, 700]),
        (10, [0.001, 0.5], [4, 1, 5]),
        (3, [0.01, 0.01, 0.01], [0, 1, 1, 1]),
        (10, [0.01, 0.99], [0, 1, 9]),
        (7, [1 / 3, 1 / 3, 1 / 3], [0, 3, 2, 2]),
        (5, [], [5]),
    ],
)
def test_sizes(subjects: int, shares: list[float], sizes: list[int]) -> None:
    assert locality_sizes(subjects, shares).tolist() == sizes


def test_split_of_one_province() -> None:
    counts = np.array([1, 0, 7, 3, 12, 1, 1, 100])
    codes = [np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.array([0, 1, 2, 3, 0, 1, 2, 3])]
    sizes = np.array([60, 25, 40])
    parts = split_cells(counts, codes, sizes)
    assert parts.sum(axis=0).tolist() == counts.tolist()
    assert parts.sum(axis=1).tolist() == sizes.tolist()
    assert parts.min() >= 0
    for code in codes:
        for number, size in enumerate(sizes):
            apart = np.bincount(code, parts[number]) - np.bincount(code, counts) * size / 125
            assert np.abs(apart).max() < 1.5


@pytest.mark.parametrize("size", [1, 4, 17, 18])
def test_systematic_rounding_keeps_the_total(size: int) -> None:
    wanted = np.array([3.0, 1.0, 0.5, 7.0, 8.0]) * (size / 19.5)
    whole = _systematic(wanted, size)
    assert whole.sum() == size
    assert (np.abs(whole - wanted) < 1 + 1e-6).all()


MISTAKES = [
    (
        {"Suzhou": Locality("Jiangsoo", 0.1)},
        'localities: Suzhou: no such province\n  got: Jiangsoo\n  try: did you mean "Jiangsu"?',
    ),
    (
        {"Suzhou": Locality("Jiangsu", 0.0)},
        "localities: Suzhou: not a share of a province\n  got: 0.0\n"
        "  expected: above 0 and at most 1",
    ),
    (
        {"Suzhou": Locality("Jiangsu", 0.6), "Nanjing": Locality("Jiangsu", 0.6)},
        "localities: Nanjing: the localities of Jiangsu hold more than all of it\n  got: 1.2\n"
        "  expected: shares that add up to at most 1",
    ),
    (
        {"elsewhere": Locality("Jiangsu", 0.6)},
        'localities: elsewhere: "elsewhere" is who lives in no locality\n'
        "  try: give the locality its own name",
    ),
]


@pytest.mark.parametrize(("localities", "message"), MISTAKES)
def test_mistakes(localities: dict[str, Locality], message: str) -> None:
    with pytest.raises(ScslabError) as told:
        check_localities(localities, PROVINCES)
    assert str(told.value) == message


def test_a_locality_with_nobody_says_how_many_it_takes() -> None:
    with pytest.raises(ScslabError) as told:
        build_society(CN, 20, localities={"Lhasa": Locality("Tibet", 0.2)})
    assert str(told.value) == (
        "localities: Lhasa: a locality has nobody\n  got: 0 in Tibet for 1 localities\n"
        "  try: use 812 persons or more, not 20"
    )
    assert build_society(CN, 812, localities={"Lhasa": Locality("Tibet", 0.2)}).persons == 812


def test_a_locality_of_a_province_left_out() -> None:
    with pytest.raises(ScslabError, match="the society leaves Tibet out; leave its localities"):
        build_society(
            CN,
            2_000,
            only={"province": ("Shandong",)},
            localities={"Lhasa": Locality("Tibet", 0.2)},
        )


def test_localities_need_provinces() -> None:
    raw = {
        "attributes": {"sex": ["f", "m"]},
        "margins": [{"over": ["sex"], "shares": {"f": 0.5, "m": 0.5}}],
    }
    with pytest.raises(ScslabError, match="localities need a society with provinces"):
        build_society(parse_margins(raw, "s"), 100, localities={"x": Locality("y", 0.1)})
