"""Cases follow from the sweep alone, fill the ranges evenly, and keep their luck."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.core.sweep import Factor, share_of, value_at
from scslab.lab.sweep.samplers import count_cases, level_positions, values_of
from scslab.study.sweep import Sampler
from small_sweep import designed, plain_factors

ABC = plain_factors({"a": (0, 1), "b": (-2, 2), "c": (10, 20)})
WORDS = Factor("w", "w", "", 0, 2, ("none", "notice", "help"))
TERMS = Factor("t", "t", "months", 1, 4, whole=True)


@pytest.mark.parametrize("cases", [1, 7, 64])
def test_a_latin_hypercube_has_one_case_in_each_part(cases: int) -> None:
    found = designed(ABC, method="lhs", cases=cases).positions
    parts = np.floor(found * cases).astype(int)
    for j in range(3):
        assert sorted(parts[:, j]) == list(range(cases))
    assert (found > 0).all() and (found < 1).all()


def test_a_factor_more_leaves_the_others_as_they_were() -> None:
    two = designed(ABC[:2], method="lhs", cases=32).positions
    three = designed([ABC[2], *ABC[:2]], method="lhs", cases=32).positions
    assert two.tobytes() == np.ascontiguousarray(three[:, 1:]).tobytes()
    other = designed(ABC[:2], method="lhs", cases=32, seed=2).positions
    assert not np.array_equal(two, other)


def test_cases_are_the_same_on_every_machine() -> None:
    """Numbers that were written down once: tasks of an array must agree on them."""
    lhs = designed(ABC, method="lhs", cases=4)
    assert values_of(lhs, 0) == [0.445712, -0.698835, 12.70338]
    sobol = designed(ABC, method="sobol", cases=4)
    assert values_of(sobol, 0) == [0.590476, 1.614179, 13.68877]


def test_sobol_points_fill_every_box() -> None:
    """256 points with a shift: one in each of 16 x 16 boxes of any two of the first factors."""
    found = designed(ABC[:2], method="sobol", cases=256).positions
    boxes = np.floor(found * 16).astype(int)
    assert len({tuple(row) for row in boxes}) == 256
    halves = designed(ABC, method="sobol", cases=64).positions < 0.5
    assert (halves.sum(axis=0) == 32).all()


def test_a_factorial_has_every_combination_once() -> None:
    design = designed([WORDS, TERMS, ABC[0]], method="factorial", levels=2)
    rows = [tuple(values_of(design, i)) for i in range(design.cases)]
    assert len(rows) == len(set(rows)) == 3 * 2 * 2
    assert {row[0] for row in rows} == {"none", "notice", "help"}
    assert {row[1] for row in rows} == {1, 4}
    assert {row[2] for row in rows} == {0.0, 1.0}
    assert rows[:3] == [("none", 1, 0.0), ("none", 1, 1.0), ("none", 4, 0.0)]


def test_one_at_a_time_begins_with_the_study_as_it_is() -> None:
    design = designed([WORDS, TERMS], method="one-at-a-time", levels=3)
    rows = [values_of(design, i) for i in range(design.cases)]
    assert rows[0] == [None, None]
    assert rows[1:4] == [["none", None], ["notice", None], ["help", None]]
    assert [row[1] for row in rows[4:]] == [1, 3, 4]


def test_a_list_is_taken_as_it_stands() -> None:
    points = [{"w": "help", "t": 3}, {"t": 1}, {"w": "none"}]
    design = designed([WORDS, TERMS], method="list", points=points)
    assert [values_of(design, i) for i in range(3)] == [["help", 3], [None, 1], ["none", None]]


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        ({"x": 1}, 'no factor "x"'),
        ({"w": "nothing"}, "got: nothing\n  expected: none, notice, help"),
        ({"t": 2.5}, "got: 2.5\n  expected: a whole number from 1 to 4"),
        ({"t": True}, "got: true\n  expected: a number from 1 to 4"),
        ({"t": 9}, '"t" does not take this value'),
    ],
)
def test_a_list_with_wrong_values_is_told(point: dict, sentence: str) -> None:
    with pytest.raises(ScslabError) as error:
        designed([WORDS, TERMS], method="list", points=[point])
    assert sentence in str(error.value)


@pytest.mark.parametrize("factor", [WORDS, TERMS, *ABC])
def test_levels_and_their_positions_go_together(factor: Factor) -> None:
    positions = level_positions(factor, 4)
    values = [value_at(factor, p) for p in positions]
    assert len(set(values)) == len(positions)
    assert [value_at(factor, share_of(factor, v)) for v in values] == values


def test_whole_numbers_and_levels_are_equally_likely() -> None:
    design = designed([WORDS, TERMS], method="lhs", cases=120)
    rows = [values_of(design, i) for i in range(120)]
    assert {v: sum(r[0] == v for r in rows) for v in WORDS.levels or ()} == dict.fromkeys(
        ("none", "notice", "help"), 40
    )
    assert [sum(r[1] == n for r in rows) for n in (1, 2, 3, 4)] == [30] * 4


def test_morris_and_saltelli_have_their_numbers_of_cases() -> None:
    for sampler, cases in (
        (Sampler(method="saltelli", base=8), 8 * 5),
        (Sampler(method="saltelli", base=8, second_order=True), 8 * 8),
        (Sampler(method="morris", trajectories=5), 5 * 4),
    ):
        assert count_cases(ABC, sampler) == cases
        assert designed(ABC, **sampler.model_dump(exclude_none=True)).cases == cases
    morris = designed(ABC, method="morris", trajectories=5, levels=6).positions
    assert set(np.round(np.unique(morris) * 5, 9)) <= {0, 1, 2, 3, 4, 5}


def test_too_many_cases_are_refused() -> None:
    many = plain_factors({f"f{i}": (0, 1) for i in range(12)})
    with pytest.raises(ScslabError) as error:
        designed(many, method="factorial", levels=4)
    assert "got: 16,777,216 cases of 12 factors\n  expected: at most 1,000,000" in str(error.value)
