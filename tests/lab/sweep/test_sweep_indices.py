"""Indices agree with theory: the Ishigami function, and the mean wait in an analytic queue."""

import math
import sys
from typing import Any

import numpy as np
import pytest
from scipy import integrate

from scslab.core.errors import ScslabError
from scslab.core.sweep import Factor
from scslab.lab.sweep import problems
from scslab.lab.sweep.indices import indices, ranked
from scslab.lab.sweep.samplers import Design, values_of
from small_sweep import designed, plain_factors

PI = math.pi
ISHIGAMI = plain_factors({"x1": (-PI, PI), "x2": (-PI, PI), "x3": (-PI, PI)})
# Ishigami and Homma (1990) with a = 7 and b = 0.1, in closed form.
FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}
QUEUE = plain_factors({"arrivals": (0.2, 0.6), "service": (0.8, 1.2)})


def table(design: Design) -> np.ndarray:
    """The values of all cases, as a study would get them."""
    return np.array([values_of(design, i) for i in range(design.cases)], dtype=float)


def ishigami(design: Design) -> np.ndarray:
    x = table(design)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def wait(arrivals: Any, service: Any) -> Any:
    """Mean time in an M/M/1 queue, waiting and service."""
    return 1 / (service - arrivals)


def by_measure(design: Design, values: np.ndarray) -> dict[str, dict[str, Any]]:
    rows, why = indices(design, values)
    assert why == ""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.measure, {})[row.factor] = row
    return found


def queue_theory() -> tuple[dict[str, float], dict[str, float]]:
    """Sobol's indices of the queue, from integrals of its means given one rate."""
    (a, b), (c, d) = (0.2, 0.6), (0.8, 1.2)
    both = (b - a) * (d - c)
    mean = integrate.dblquad(lambda s, r: wait(r, s), a, b, c, d)[0] / both
    square = integrate.dblquad(lambda s, r: wait(r, s) ** 2, a, b, c, d)[0] / both
    given = {
        "arrivals": lambda r: integrate.quad(lambda s: wait(r, s), c, d)[0] / (d - c),
        "service": lambda s: integrate.quad(lambda r: wait(r, s), a, b)[0] / (b - a),
    }
    ends = {"arrivals": (a, b), "service": (c, d)}
    first = {}
    for name, of in given.items():
        low, high = ends[name]
        inner = integrate.quad(lambda v, of=of: of(v) ** 2, low, high)[0] / (high - low)
        first[name] = (inner - mean**2) / (square - mean**2)
    total = {"arrivals": 1 - first["service"], "service": 1 - first["arrivals"]}
    return first, total


def test_sobol_indices_of_ishigami() -> None:
    design = designed(ISHIGAMI, method="saltelli", base=2048)
    assert design.cases == 2048 * 5
    found = by_measure(design, ishigami(design))
    for measure, theory in (("S1", FIRST), ("ST", TOTAL)):
        for name, value in theory.items():
            row = found[measure][name]
            assert abs(row.value - value) < 0.01, (measure, name)
            assert row.low <= value <= row.high, (measure, name)
            assert row.high - row.low < 0.15


def test_second_order_of_ishigami() -> None:
    design = designed(ISHIGAMI, method="saltelli", base=2048, second_order=True)
    assert design.cases == 2048 * 8
    pairs = by_measure(design, ishigami(design))["S2"]
    assert list(pairs) == ["x1 x x2", "x1 x x3", "x2 x x3"]
    assert abs(pairs["x1 x x3"].value - 0.2437) < 0.03
    assert abs(pairs["x1 x x2"].value) < 0.03 and abs(pairs["x2 x x3"].value) < 0.03


def test_sobol_indices_of_a_queue() -> None:
    first, total = queue_theory()
    assert 0.3 < first["arrivals"] < first["service"] + 0.4  # both matter
    design = designed(QUEUE, method="saltelli", base=4096)
    x = table(design)
    found = by_measure(design, wait(x[:, 0], x[:, 1]))
    for name in first:
        assert abs(found["S1"][name].value - first[name]) < 0.01
        assert abs(found["ST"][name].value - total[name]) < 0.01
        assert found["S1"][name].low <= first[name] <= found["S1"][name].high
        assert found["ST"][name].low <= total[name] <= found["ST"][name].high


def test_the_factorial_of_a_queue_is_near_theory_and_adds_up() -> None:
    first, total = queue_theory()
    design = designed(QUEUE, method="factorial", levels=41)
    x = table(design)
    found = by_measure(design, wait(x[:, 0], x[:, 1]))
    for name in first:
        assert abs(found["S1"][name].value - first[name]) < 0.02
        assert abs(found["ST"][name].value - total[name]) < 0.02
    # With two factors, what one does in total is all that the other one does not do alone.
    assert found["ST"]["arrivals"].value == pytest.approx(1 - found["S1"]["service"].value)


def test_groups_share_their_indices() -> None:
    from scslab.lab.sweep.samplers import make_design
    from scslab.study.sweep import Sampler

    sampler = Sampler(method="saltelli", base=1024)
    design = make_design(ISHIGAMI, sampler, 1, ["both", "alone", "both"])
    assert design.cases == 1024 * 4
    found = by_measure(design, ishigami(design))
    assert set(found["S1"]) == {"both", "alone"}
    assert abs(found["S1"]["both"].value - (FIRST["x1"] + 0.2437)) < 0.03
    assert abs(found["ST"]["alone"].value - TOTAL["x2"]) < 0.03


def test_morris_of_a_plane() -> None:
    """Elementary effects of a plane are its slopes times the ranges, and do not vary."""
    factors = plain_factors({"a": (0, 10), "b": (-1, 1), "idle": (0, 1)})
    design = designed(factors, method="morris", trajectories=12)
    assert design.cases == 12 * 4
    x = table(design)
    found = by_measure(design, 3 * x[:, 0] - 5 * x[:, 1])
    assert found["mu*"]["a"].value == pytest.approx(30)
    assert found["mu*"]["b"].value == pytest.approx(10)
    assert found["mu"]["b"].value == pytest.approx(-10)
    assert found["mu*"]["idle"].value == pytest.approx(0, abs=1e-9)
    assert found["sigma"]["a"].value == pytest.approx(0, abs=1e-9)
    assert [row.factor for _, row in ranked(list(found["mu*"].values()))] == ["a", "b", "idle"]


def test_rank_correlations_find_direction_and_parts_find_waves() -> None:
    factors = plain_factors({"up": (0, 1), "down": (0, 1), "wave": (0, 1), "idle": (0, 1)})
    design = designed(factors, method="lhs", cases=400)
    x = table(design)
    y = 4 * x[:, 0] ** 3 - 2 * x[:, 1] + 2 * np.abs(x[:, 2] - 0.5)
    found = by_measure(design, y)
    ranks, shares = found["rank correlation"], found["S1"]
    assert ranks["up"].value > 0.85 and ranks["down"].value < -0.7
    assert ranks["idle"].low < 0 < ranks["idle"].high
    assert ranks["wave"].low < 0 < ranks["wave"].high  # no direction
    variances = {"up": 16 * (1 / 7 - 1 / 16), "down": 4 / 12, "wave": 1 / 12}
    whole = sum(variances.values())
    for name, variance in variances.items():
        assert shares[name].low - 0.02 <= variance / whole <= shares[name].high + 0.02, name
        assert abs(shares[name].value - variance / whole) < 0.08
    assert shares["idle"].value < 0.03


def test_swing_is_the_way_from_lowest_to_highest() -> None:
    design = designed(plain_factors({"a": (0, 4), "b": (0, 1)}), method="one-at-a-time", levels=5)
    x = table(design)
    y = np.where(np.isnan(x[:, 0]), 1.0, x[:, 0] * (4 - x[:, 0])) + np.nan_to_num(x[:, 1])
    found = by_measure(design, y)["swing"]
    assert (found["a"].value, found["a"].low, found["a"].high) == (4.0, 0.0, 4.0)
    assert found["b"].value == 1.0


def test_what_has_no_indices_says_why() -> None:
    design = designed(ISHIGAMI, method="saltelli", base=4)
    flat = np.ones(design.cases)
    assert indices(design, flat) == ([], "no indices: it is the same in all cases")
    flat[3] = np.nan
    assert indices(design, flat)[1] == "no indices: 1 of 20 cases have no value"
    few = designed(ISHIGAMI, method="lhs", cases=12)
    assert indices(few, ishigami(few))[1] == (
        "no rank correlations: 12 cases are too few for 3 factors"
    )


def test_a_constant_among_numbers_is_0() -> None:
    """A factor on which nothing depends has indices of 0, exactly where the scheme allows it."""
    idle = [*ISHIGAMI, Factor("idle", "idle", "", 0, 1)]
    design = designed(idle, method="saltelli", base=64)
    found = by_measure(design, ishigami(design))
    assert found["S1"]["idle"].value == found["ST"]["idle"].value == 0.0


def test_without_salib_there_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.partition(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    for method in ({"method": "saltelli", "base": 8}, {"method": "morris", "trajectories": 4}):
        with pytest.raises(ScslabError) as error:
            designed(ISHIGAMI, **method)
        assert str(error.value) == (
            "saltelli and morris need SALib, which is not installed\n"
            "  try: pip install 'scslab[sweep]'"
        )
    assert designed(ISHIGAMI, method="lhs", cases=4).cases == 4


def test_the_problem_is_salibs() -> None:
    from SALib.sample import sobol

    problem = problems.problem_of(ISHIGAMI, ["y"])
    assert problem["bounds"] == [[-PI, PI]] * 3 and problem["outputs"] == ["y"]
    assert sobol.sample(problem, 4, calc_second_order=False).shape == (20, 3)


def test_levels_without_an_order_have_a_size_and_no_sign() -> None:
    words = Factor("w", "w", "", 0, 2, ("low", "high", "middle"))
    idle = Factor("i", "i", "", 0, 2, ("a", "b", "c"))
    design = designed([words, idle, *plain_factors({"x": (0, 1)})], method="lhs", cases=300)
    steps = {"low": 0.0, "high": 2.0, "middle": 1.0}
    rows = [values_of(design, i) for i in range(300)]
    y = np.array([steps[r[0]] - r[2] for r in rows])
    ranks = by_measure(design, y)["rank correlation"]
    assert ranks["w"].value > 0.9 and ranks["w"].low > 0.85
    assert ranks["x"].value < -0.8
    assert ranks["i"].low == 0.0 and ranks["i"].value < 0.2
    shares = by_measure(design, y)["S1"]
    assert abs(shares["w"].value - (2 / 3) / (2 / 3 + 1 / 12)) < 0.03
