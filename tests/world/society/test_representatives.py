"""Who represents an organisation: an adult of its place, the same however one asks."""

import numpy as np
import pytest

from scslab.core.draws import decision
from scslab.core.errors import ScslabError
from scslab.world.society.cells import Society, build_society
from scslab.world.society.kinds import find_kinds
from scslab.world.society.localities import Locality
from scslab.world.society.margins import read_margins
from scslab.world.society.organisations import join_societies
from scslab.world.society.representatives import Registry, registry, representatives

CN = read_margins("cn-2018")
FIRMS = read_margins("cn-2018-organisations")
LOCALITIES = {"Suzhou": Locality("Jiangsu", 0.13), "Shanghai": Locality("Shanghai", 1.0)}
SEED = decision("seed 1")


def book_of(society: Society) -> Registry:
    kinds, people = find_kinds(society)
    return registry(society, kinds, people.kind)


def subject_codes(society: Society, name: str, subjects: np.ndarray) -> np.ndarray:
    cell = np.searchsorted(society.cell_start, subjects, side="right") - 1
    return society.cell_codes[name][cell]


@pytest.fixture(scope="module")
def society() -> Society:
    return join_societies(
        build_society(CN, 20_000, district_size=512, localities=LOCALITIES),
        build_society(FIRMS, 30_000, district_size=512, localities=LOCALITIES),
    )


@pytest.fixture(scope="module")
def found(society: Society) -> np.ndarray:
    firms = np.arange(society.persons, society.subjects)
    return representatives(SEED, firms, book_of(society))


def test_an_adult_of_the_same_place(society: Society, found: np.ndarray) -> None:
    firms = np.arange(society.persons, society.subjects)
    assert (found >= 0).all()
    assert (found < society.persons).all()
    assert subject_codes(society, "age", found).min() >= 2
    np.testing.assert_array_equal(
        subject_codes(society, "province", found), subject_codes(society, "province", firms)
    )
    local = subject_codes(society, "locality", firms)
    np.testing.assert_array_equal(
        subject_codes(society, "locality", found)[local > 0], local[local > 0]
    )


def test_the_same_for_any_batch_and_another_for_another_seed(
    society: Society, found: np.ndarray
) -> None:
    book = book_of(society)
    firms = np.arange(society.persons, society.subjects)
    for batch in np.array_split(np.arange(firms.size), 7):
        part = batch[::-1]
        np.testing.assert_array_equal(representatives(SEED, firms[part], book), found[part])
    other = representatives(decision("seed 2"), firms, book)
    assert (other != found).mean() > 0.95


def test_every_adult_is_as_likely_as_the_next(society: Society, found: np.ndarray) -> None:
    people = np.arange(society.persons)
    guangdong = society.attributes["province"].index("Guangdong")
    inside = (subject_codes(society, "province", people) == guangdong) & (
        subject_codes(society, "age", people) >= 2
    )
    times = np.bincount(found, minlength=society.persons)[inside]
    mean = times.mean()
    # A Poisson count has its mean as variance; 5 sigma of the ratio for so many adults.
    assert mean > 2
    assert abs(times.var() / mean - 1) < 5 * np.sqrt(2 / times.size)
    half = times.size // 2
    assert abs(times[:half].sum() - times[half:].sum()) < 5 * np.sqrt(times.sum())


def test_more_persons_move_representatives_only_by_place() -> None:
    # The luck is that of the organisation's own number, whatever number of persons goes before.
    where = []
    for persons in (20_000, 40_000):
        society = join_societies(build_society(CN, persons), build_society(FIRMS, 200))
        book = book_of(society)
        firms = np.arange(society.persons, society.subjects)
        found = representatives(SEED, firms, book)
        district = np.searchsorted(book.start, firms, side="right") - 1
        low, high = book.cell_start[book.first[district]], book.cell_start[book.end[district]]
        where.append((found - low) / (high - low))
    close = np.abs(where[0] - where[1]) < 0.02
    assert close.mean() > 0.8


def test_a_province_without_persons_is_represented_from_elsewhere() -> None:
    society = join_societies(build_society(CN, 12), build_society(FIRMS, 500))
    found = representatives(SEED, np.arange(12, 512), book_of(society))
    assert found.max() < 12
    assert subject_codes(society, "age", found).min() >= 2


def test_few_adults_are_found_all_the_same() -> None:
    # Where luck finds nobody in 64 tries, the next adult in the order of cells is taken.
    book = Registry(
        cell_start=np.array([0, 100_000, 100_001, 200_000]),
        adult=np.array([False, True, False]),
        start=np.array([200_000, 200_050]),
        first=np.array([0]),
        end=np.array([3]),
    )
    assert set(representatives(SEED, np.arange(200_000, 200_050), book).tolist()) == {100_000}


def test_nobody_to_represent() -> None:
    children = build_society(CN, 100, only={"age": ("0-13", "14-17")})
    society = join_societies(children, build_society(FIRMS, 50))
    with pytest.raises(ScslabError, match="nobody can represent an organisation"):
        book_of(society)
