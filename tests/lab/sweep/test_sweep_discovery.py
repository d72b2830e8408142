"""PRIM finds a box that was planted, and says where there is none."""

import numpy as np
import pytest

from scslab.core.sweep import Factor
from scslab.lab.sweep.discovery import boxes, peel, worst
from scslab.lab.sweep.samplers import Design, values_of
from small_sweep import designed, plain_factors

FACTORS = [
    *plain_factors({"a": (0, 1), "b": (0, 10), "c": (0, 1)}),
    Factor("rule", "rule", "", 0, 2, ("none", "notice", "help")),
    Factor("term", "term", "months", 1, 10, whole=True),
    *plain_factors({"idle": (0, 1)}),
]


def planted(design: Design) -> np.ndarray:
    """High where a > 0.6 and b < 5 and the rule is not help; else low, with a slope."""
    rows = [values_of(design, i) for i in range(design.cases)]
    inside = [r[0] > 0.6 and r[1] < 5 and r[3] != "help" for r in rows]
    slope = np.array([0.1 * r[2] for r in rows])
    return np.where(inside, 10.0, 0.0) + slope


def test_a_planted_box_is_found() -> None:
    design = designed(FACTORS, method="lhs", cases=1000)
    values = planted(design)
    share = 100 * float((values > 5).mean())
    assert 10 < share < 17  # 0.4 x 0.5 x 2/3
    found, why = boxes(design, values, "y", share)
    assert why == ""
    box = found[0]
    assert {limit.factor for limit in box.limits} == {"a", "b", "rule"}
    limits = {limit.factor: limit for limit in box.limits}
    assert limits["a"].low == pytest.approx(0.6, abs=0.03) and limits["a"].high == 1.0
    assert limits["b"].high == pytest.approx(5.0, abs=0.3) and limits["b"].low == 0.0
    assert limits["rule"].levels == ("none", "notice")
    assert box.held.coverage > 0.9 and box.held.density > 0.9
    assert all(limit.p < 0.001 for limit in box.limits)
    assert box.side == "above"


def test_the_way_to_a_box_goes_up_and_gets_narrow() -> None:
    design = designed(FACTORS, method="lhs", cases=500)
    box = boxes(design, planted(design), "y", 13)[0][0]
    cases = [p.cases for p in box.peels]
    assert cases == sorted(cases, reverse=True) and len(set(cases)) == len(cases)
    assert box.peels[0].coverage == 1.0 and box.peels[0].mass == 1.0
    assert box.peels[0].density == pytest.approx(0.13, abs=0.01)
    assert max(p.density for p in box.peels) > 0.95
    for p in box.peels:
        assert p.bad == round(p.density * p.cases)


def test_a_second_box_is_looked_for_outside_the_first() -> None:
    design = designed([*FACTORS[:3], FACTORS[5]], method="sobol", cases=1024)
    rows = np.array([values_of(design, i) for i in range(1024)], float)
    one = (rows[:, 0] > 0.6) & (rows[:, 1] > 5)
    two = (rows[:, 2] < 0.3) & (rows[:, 3] < 0.3)
    values = np.where(one | two, 1.0, 0.0) + 1e-6 * rows[:, 0]
    found, _ = boxes(design, values, "y", 100 * float((one | two).mean()))
    assert [{limit.factor for limit in box.limits} for box in found] == [{"a", "b"}, {"c", "idle"}]
    assert sum(box.held.coverage for box in found) > 0.9
    assert min(box.held.density for box in found) > 0.9


def test_low_values_are_bad_where_more_is_better() -> None:
    design = designed(FACTORS[:2], method="lhs", cases=200)
    values = np.array([values_of(design, i)[0] for i in range(200)])
    box = boxes(design, values, "y", 20, "more")[0][0]
    assert box.side == "below"
    assert box.limits[0].low == 0.0 and box.limits[0].high == pytest.approx(0.2, abs=0.02)


def test_noise_gives_no_box() -> None:
    found = 0
    for seed in range(1, 21):
        design = designed(FACTORS, seed, method="lhs", cases=200)
        luck = designed(plain_factors({"y": (0, 1)}), seed, method="lhs", cases=200)
        found += len(boxes(design, luck.positions[:, 0], "y")[0])
    assert found <= 16  # peeling always finds something; pruning leaves little of it


def test_whole_numbers_are_cut_between_them() -> None:
    design = designed(FACTORS, method="lhs", cases=400)
    values = np.array([float(values_of(design, i)[4] >= 8) for i in range(400)])
    values += 0.001 * design.positions[:, 5]
    box = boxes(design, values, "y", 30)[0][0]
    (limit,) = box.limits
    assert (limit.factor, limit.low, limit.high) == ("term", 8, 10)
    assert box.held.coverage == box.held.density == 1.0


@pytest.mark.parametrize(
    ("cases", "values", "why"),
    [
        (10, np.arange(10.0), "no boxes: 10 cases with a value are too few"),
        (50, np.zeros(50), "no boxes: too many cases have the same value"),
        (30, np.where(np.arange(30) < 12, np.nan, 1.0), "no boxes: 18 cases with a value are too"),
    ],
)
def test_where_there_is_no_box_it_says_why(cases: int, values: np.ndarray, why: str) -> None:
    found, said = boxes(designed(FACTORS[:2], method="lhs", cases=cases), values)
    assert found == [] and said.startswith(why)


def test_one_factor_at_a_time_has_no_boxes() -> None:
    design = designed(FACTORS, method="one-at-a-time", levels=9)
    assert boxes(design, np.arange(float(design.cases)))[1] == (
        "no boxes: one factor moves at a time"
    )


def test_the_worst_are_above_their_percentile() -> None:
    values = np.array([*np.arange(10.0), np.nan])
    bad, limit, side = worst(values, 20, "less")
    assert (limit, side) == (7.2, "above") and np.flatnonzero(bad).tolist() == [8, 9]
    bad, limit, side = worst(values, 20, "more")
    assert side == "below" and np.flatnonzero(bad).tolist() == [0, 1]


def test_a_peel_takes_a_thin_slice() -> None:
    table = np.linspace(0, 1, 100)[:, None]
    peels, _ = peel(FACTORS[:1], table, table[:, 0] > 0.8, 20)
    assert [p.cases for p in peels[:4]] == [100, 95, 91, 87]


def test_a_box_hardly_denser_than_all_cases_is_not_told() -> None:
    design = designed(FACTORS, method="lhs", cases=400)
    luck = designed(plain_factors({"y": (0, 1)}), 9, method="lhs", cases=400).positions[:, 0]
    values = luck + 0.05 * np.array([values_of(design, i)[3] == "none" for i in range(400)])
    found, why = boxes(design, values)
    assert all(box.held.density >= 1.5 * 0.2 for box in found)
    assert found or why == "no boxes: nowhere do bad cases lie close together"
