"""Whole persons, cells and districts."""

from itertools import product

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.world.society.cells import Society, build_society
from scslab.world.society.margin_checks import sum_over
from scslab.world.society.margins import parse_margins, read_margins
from scslab.world.society.synthesis import fit_cells, fit_report, margin_slots, whole_persons

CN = read_margins("cn-2018")
FIT = fit_cells(CN)
SIZES = (100, 184, 706, 1_000, 59_213, 1_000_000, 1_400_000_000)
NAMES = list(CN.attributes)


def counted(codes: dict[str, np.ndarray], over: tuple[str, ...], counts: np.ndarray) -> np.ndarray:
    shape = tuple(len(CN.attributes[a]) for a in over)
    flat = np.ravel_multi_index(tuple(codes[a].astype(int) for a in over), shape)
    return np.bincount(flat, weights=counts, minlength=int(np.prod(shape))).reshape(shape)


def test_fit_meets_every_margin() -> None:
    assert FIT.error <= 1e-9
    codes = dict(zip(NAMES, FIT.codes, strict=True))
    for table in CN.tables:
        np.testing.assert_allclose(
            counted(codes, table.over, FIT.persons), table.target, rtol=1e-9, atol=1e-3
        )


def test_fit_keeps_the_association_of_the_seed() -> None:
    table = np.zeros(CN.seed.shape)
    table.ravel()[FIT.cells] = FIT.persons

    def odds(by: str, category: str, of: str, high: str) -> float:
        t = sum_over(table, NAMES, [by, of])
        t = t / t.sum(axis=1, keepdims=True)
        return float(t[CN.attributes[by].index(category), CN.attributes[of].index(high)])

    assert odds("residence", "urban", "education", "high") > 3 * odds(
        "residence", "rural", "education", "high"
    )
    assert odds("internet", "online", "education", "high") > 3 * odds(
        "internet", "offline", "education", "high"
    )
    assert odds("education", "high", "income", "high") > 2 * odds(
        "education", "low", "income", "high"
    )
    assert odds("province", "Beijing", "income", "high") > 2 * odds(
        "province", "Gansu", "income", "high"
    )


@pytest.mark.parametrize("persons", SIZES)
def test_every_margin_is_met_within_one_person(persons: int) -> None:
    counts = whole_persons(FIT, persons)
    assert counts.dtype == np.int64
    assert counts.sum() == persons
    assert counts.min() >= 0
    codes = dict(zip(NAMES, FIT.codes, strict=True))
    for table in CN.tables:
        apart = counted(codes, table.over, counts) - table.target * persons / CN.total
        assert np.abs(apart).max() < 1, table.name
        for attribute in table.over:
            want = sum_over(table.target, table.over, [attribute]) * persons / CN.total
            assert np.abs(counted(codes, (attribute,), counts) - want).max() < 1, attribute
    expected = FIT.persons * persons / CN.total
    assert np.abs(counts - expected).max() < 1 + 1e-6 * expected.max()
    assert max(line.deviation for line in fit_report(FIT, counts, persons)) < 1


@pytest.mark.parametrize("persons", SIZES)
@pytest.mark.parametrize(
    "only", [{"province": ("Shandong",)}, {"age": ("18-30", "31-50"), "internet": ("online",)}]
)
def test_a_part_is_met_within_one_person(persons: int, only: dict[str, tuple[str, ...]]) -> None:
    counts = whole_persons(FIT, persons, only)
    inside = np.ones(FIT.cells.size, dtype=bool)
    for name, words in only.items():
        wanted = [CN.attributes[name].index(w) for w in words]
        inside &= np.isin(FIT.codes[NAMES.index(name)], wanted)
    assert counts[inside].sum() == persons
    assert counts[~inside].sum() == 0
    for table in CN.tables:
        slots = margin_slots(FIT.codes, CN.attributes, table.over)
        size = table.target.size
        want = np.bincount(slots, FIT.persons * inside, size)
        want *= persons / FIT.persons[inside].sum()
        assert np.abs(np.bincount(slots, counts, size) - want).max() < 1, table.name


def test_rounding_follows_the_fit_beyond_the_margins() -> None:
    # Three-way counts are controlled by no margin; systematic rounding keeps them close.
    counts = whole_persons(FIT, 1_000_000)
    codes = dict(zip(NAMES, FIT.codes, strict=True))
    for over in (("province", "education", "age"), ("education", "income", "internet")):
        have = counted(codes, over, counts)
        want = counted(codes, over, FIT.persons * 1_000_000 / CN.total)
        large = want > 5
        chi_square = ((have - want)[large] ** 2 / want[large]).sum() / large.sum()
        assert chi_square < 0.5, over


@pytest.mark.parametrize("persons", [1, 7, 12, 29, 100, 12_345])
def test_a_small_table_with_three_two_way_margins(persons: int) -> None:
    words = {"a": ["1", "2", "3"], "b": ["1", "2", "3"], "c": ["1", "2"]}
    full = {cell: 1 + (7 * i * i + 3 * i) % 11 for i, cell in enumerate(product(*words.values()))}
    margins = []
    for pair in (("a", "b"), ("b", "c"), ("a", "c")):
        rows: dict[tuple[str, ...], int] = {}
        for cell, n in full.items():
            key = tuple(w for w, name in zip(cell, words, strict=True) if name in pair)
            rows[key] = rows.get(key, 0) + n
        margins.append(
            {
                "over": list(pair),
                "rows": [
                    {**dict(zip(pair, key, strict=True)), "persons": n} for key, n in rows.items()
                ],
            }
        )
    fit = fit_cells(parse_margins({"attributes": words, "margins": margins}, "s"))
    counts = whole_persons(fit, persons)
    assert counts.sum() == persons
    assert max(line.deviation for line in fit_report(fit, counts, persons)) < 1


@pytest.fixture(scope="module")
def society() -> Society:
    return build_society(CN, 300_000, district_size=4_096)


def test_cells_are_contiguous_and_complete(society: Society) -> None:
    sizes = np.diff(society.cell_start)
    assert society.cell_start[0] == 0
    assert society.cell_start[-1] == society.persons == 300_000
    assert sizes.min() > 0
    counts = whole_persons(FIT, 300_000)
    codes = dict(zip(NAMES, FIT.codes, strict=True))
    for table in CN.tables:
        np.testing.assert_array_equal(
            counted(society.cell_codes, table.over, sizes), counted(codes, table.over, counts)
        )
    assert max(line.deviation for line in society.fit_report) < 1
    assert list(society.attributes)[:2] == ["province", "region"]
    for name, values in society.cell_codes.items():
        assert values.dtype == np.int8
        assert 0 <= values.min() <= values.max() < len(society.attributes[name])


def test_districts_are_even_slices_of_a_province(society: Society) -> None:
    assert society.district_cells[0] == society.district_start[0] == 0
    assert society.district_cells[-1] == society.cell_start.size - 1
    sizes = np.diff(society.district_start)
    assert sizes.max() <= 4_096
    provinces = society.attributes["province"]
    spread: dict[str, list[int]] = {}
    for d, place in enumerate(society.district_place):
        first, last = society.district_cells[d : d + 2]
        assert (society.cell_codes["province"][first:last] == provinces.index(place)).all()
        spread.setdefault(place, []).append(int(sizes[d]))
        order = np.lexsort(
            [society.cell_codes[n][first:last] for n in reversed(society.attributes)]
        )
        assert (order == np.arange(last - first)).all()
    for place, people in spread.items():
        assert max(people) - min(people) <= 1, place
        assert len(people) == -(-sum(people) // 4_096)


def test_groups_and_regions(society: Society) -> None:
    assert list(society.group_codes) == [
        "region",
        "residence",
        "sex",
        "age",
        "education",
        "income",
        "party",
    ]
    for name, codes in society.group_codes.items():
        np.testing.assert_array_equal(codes[society.cell_group], society.cell_codes[name])
    stacked = np.stack(list(society.group_codes.values()))
    assert (np.lexsort(stacked[::-1]) == np.arange(stacked.shape[1])).all()
    assert np.unique(stacked, axis=1).shape == stacked.shape
    assert set(society.cell_group.tolist()) == set(range(stacked.shape[1]))
    tibet = society.cell_codes["province"] == society.attributes["province"].index("Tibet")
    region = society.cell_codes["region"][tibet]
    assert {society.attributes["region"][r] for r in region} == {"West"}


def test_small_children_are_not_rated(society: Society) -> None:
    np.testing.assert_array_equal(society.cell_rated, society.cell_codes["age"] != 0)
    party = society.cell_codes["party"] == 1
    assert society.cell_codes["age"][party].min() >= 2


def test_what_a_society_stands_for() -> None:
    whole = build_society(CN, 1_000)
    assert whole.stands_for == 1_395_380_000
    assert whole.scale == pytest.approx(1_395_380)
    part = build_society(CN, 1_000, only={"province": ("Shandong",)})
    assert part.stands_for == pytest.approx(1_395_380_000 * 10_047 / 139_619, abs=1)
    assert set(part.district_place) == {"Shandong"}
    assert build_society(CN, 1_000, stands_for=5_000).scale == 5
    shares = parse_margins(
        {
            "attributes": {"residence": ["rural", "urban"]},
            "margins": [{"over": ["residence"], "shares": {"rural": 0.4, "urban": 0.6}}],
        },
        "s",
    )
    inline = build_society(shares, 1_000, district_size=300)
    assert (inline.stands_for, inline.scale) == (1_000, 1)
    assert inline.district_place == ("everywhere",) * 4
    assert np.diff(inline.district_start).tolist() == [250] * 4
    assert inline.cell_rated.all()


def test_the_same_society_twice(society: Society) -> None:
    again = build_society(read_margins("cn-2018"), 300_000, district_size=4_096)
    np.testing.assert_array_equal(again.cell_start, society.cell_start)
    np.testing.assert_array_equal(again.cell_group, society.cell_group)
    for name, codes in society.cell_codes.items():
        np.testing.assert_array_equal(again.cell_codes[name], codes)


def test_ten_million_persons() -> None:
    large = build_society(CN, 10_000_000)
    assert large.cell_start[-1] == 10_000_000
    assert np.diff(large.district_start).max() <= 32_768


@pytest.mark.parametrize(
    ("only", "words"),
    [
        ({"provinse": ("Shandong",)}, 'did you mean "province"'),
        ({"province": ("Shangdong",)}, 'did you mean "Shandong"'),
        ({"age": ("0-13",), "party": ("yes",)}, "nobody is left"),
    ],
)
def test_mistakes_in_only(only: dict[str, tuple[str, ...]], words: str) -> None:
    with pytest.raises(ScslabError, match=words):
        build_society(CN, 1_000, only=only)


def test_mistakes_in_numbers() -> None:
    with pytest.raises(ScslabError, match="not a possible number of persons"):
        whole_persons(FIT, 0)
    with pytest.raises(ScslabError, match="at least one person"):
        build_society(CN, 100, district_size=0)
