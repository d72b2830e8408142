"""The fit finds known values, keeps to ranges, says what it cannot tell, and stops where told."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.lab.calibrate import evaluate
from scslab.lab.calibrate.fit import fit
from scslab.lab.calibrate.identify import covariance, covariance_held, identify, reached
from scslab.lab.calibrate.problem import Kind, Problem

Moments = Callable[[np.ndarray], np.ndarray]


def problem_of(
    moments: Moments,
    printed: object,
    errors: object,
    k: int,
    reach: float = 2.0,
    kinds: tuple[Kind, ...] = (),
) -> Problem:
    """k parameters from 0 within (-reach, reach)."""
    values = np.asarray(printed, dtype=float)
    return Problem(
        tuple(f"p{i}" for i in range(k)),
        np.zeros(k),
        np.full(k, -reach),
        np.full(k, reach),
        tuple(f"t{i}" for i in range(len(values))),
        values,
        np.broadcast_to(np.asarray(errors, dtype=float), values.shape),
        moments,
        kinds,
    )


@pytest.fixture(scope="module")
def slopes() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(20, 6))


TRUTH = np.array([0.9, -0.4, 0.1, 1.3, -1.1, 0.6])


def test_linear_problem_gives_the_generalised_least_squares(slopes: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    errors = rng.uniform(0.05, 0.2, 20)
    printed = slopes @ TRUTH + 3 + errors * rng.normal(size=20)
    problem = problem_of(lambda v: slopes @ v + 3, printed, errors, 6)
    found = fit(problem)
    weighted = slopes / errors[:, None]
    prior = np.eye(6) / (problem.width * problem.prior) ** 2
    wanted = np.linalg.solve(weighted.T @ weighted + prior, weighted.T @ ((printed - 3) / errors))
    assert found.stopped == "converged"
    assert found.values == pytest.approx(wanted, abs=1.5e-4)
    assert found.evaluations < 40
    se = [p.se for p in identify(found)]
    gls = np.sqrt(np.diag(np.linalg.inv(weighted.T @ weighted)))
    assert se == pytest.approx(gls, rel=1e-6)
    assert [p.se for p in identify(found, 0.5)] == pytest.approx(gls * np.sqrt(1.5), rel=1e-6)
    held = [p.held for p in identify(found)]
    posterior = np.linalg.inv(weighted.T @ weighted + prior)
    assert held == pytest.approx(np.sqrt(np.diag(posterior)), rel=1e-6)


def test_nonlinear_problem_is_recovered(slopes: np.ndarray) -> None:
    def bent(v: np.ndarray) -> np.ndarray:
        return np.tanh(slopes @ v / 2) + 0.1 * (slopes @ v) ** 2

    found = fit(problem_of(bent, bent(TRUTH), 0.01, 6))
    assert found.values == pytest.approx(TRUTH, abs=1e-3)
    assert all(p.identified and not p.note for p in identify(found))
    assert max(abs(t.off) for t in reached(found.problem, found.moments)) < 0.1


def test_values_keep_to_their_ranges_and_the_edge_is_told() -> None:
    tried: list[np.ndarray] = []

    def moments(v: np.ndarray) -> np.ndarray:
        tried.append(v)
        return np.array([v[0] + v[1], v[0] - v[1]])

    found = fit(problem_of(moments, [6.0, 0.5], 0.01, 2))
    assert found.values.tolist() == [2.0, 2.0]  # 3.25 and 2.75 without ranges
    assert np.abs(tried).max() <= 2.0
    assert [p.note for p in identify(found)] == ["at the edge of its range"] * 2


def test_bounded_optimum_is_that_of_the_free_values() -> None:
    # With p0 held at 2 the best p1 lies where the two targets pull alike.
    found = fit(problem_of(lambda v: np.array([v[0] + v[1], v[0] - v[1]]), [4.0, 2.0], 0.01, 2))
    assert found.values == pytest.approx([2.0, 1.0], abs=1e-3)


def test_what_no_target_tells_is_named_and_stays_at_its_start() -> None:
    def moments(v: np.ndarray) -> np.ndarray:
        return np.array([v[0], v[1] + v[2], 0.001 * v[4]])

    found = fit(problem_of(moments, [0.7, 1.0, 0.0], 0.02, 5))
    told = identify(found)
    assert found.values[3] == 0.0  # moves nothing
    assert found.values == pytest.approx([0.7, 0.5, 0.5, 0, 0], abs=2e-3)
    assert [p.identified for p in told] == [True, False, False, False, False]
    assert [p.note for p in told] == [
        "",
        "not identified: only together with p2",
        "not identified: only together with p1",
        "not identified: no target moves with it",
        "not identified: the targets hardly move with it",
    ]
    assert told[0].se == pytest.approx(0.02)
    assert [p.se for p in told[1:]] == [None] * 4
    assert told[0].moved_by == ("t0",) and told[1].moved_by == ("t1",)
    assert told[3].moved_by == ()


def test_more_parameters_than_targets(slopes: np.ndarray) -> None:
    wide = slopes.T  # 6 targets of 20 parameters
    truth = np.linspace(-0.5, 0.5, 20)
    found = fit(problem_of(lambda v: wide @ v, wide @ truth, 0.01, 20))
    assert max(abs(t.off) for t in reached(found.problem, found.moments)) < 0.5
    nearest = np.linalg.pinv(wide) @ wide @ truth  # the solution nearest to the start
    assert found.values == pytest.approx(nearest, abs=0.01)
    assert not any(p.identified for p in identify(found))


def test_a_bound_is_met_and_no_more() -> None:
    def moments(v: np.ndarray) -> np.ndarray:
        return np.array([10 * v[0], 5 * v[1], v[0]])

    kinds: tuple[Kind, ...] = ("at least", "at most", "equal")
    found = fit(problem_of(moments, [3.0, 4.0, 0.1], [1.0, 1.0, 0.1], 2, kinds=kinds))
    # The z value of 3 and the 0.1 pull p0 alike: both slopes are 10 in their errors.
    assert found.values[0] == pytest.approx(0.2, abs=0.001)
    assert found.values[1] == 0.0
    rows = reached(found.problem, found.moments)
    assert [r.off for r in rows] == pytest.approx([-1.0, 0.0, 1.0], abs=0.02)
    # A bound that is kept tells nothing of p1; one that is missed counts as any other.
    told = identify(found)
    assert told[0].se == pytest.approx(1 / np.sqrt(200), rel=1e-3)
    assert told[1].note == "not identified: no target moves with it"


def test_a_bound_already_kept_moves_nothing() -> None:
    kinds: tuple[Kind, ...] = ("at least",)
    found = fit(problem_of(lambda v: 10 * v + 5, [3.0], 1.0, 1, kinds=kinds))
    assert found.values.tolist() == [0.0] and found.stopped == "converged"


def test_values_that_are_not_allowed_are_avoided() -> None:
    def rising(v: np.ndarray) -> np.ndarray:
        if v[1] <= v[0]:
            return np.full(2, np.nan)
        return np.array([v[0], v[1] - v[0]])

    problem = problem_of(rising, [0.5, 0.05], 0.01, 2)
    start = np.array([-0.05, 0.05])
    found = fit(replace(problem, start=start))
    assert found.values == pytest.approx([0.5, 0.55], abs=0.002)
    with pytest.raises(ScslabError, match="no figure for some targets\n  got: t0, t1"):
        fit(problem)


def test_narrow_ranges_have_more_decimals() -> None:
    problem = Problem(("share",), [0.01], [0.005], [0.012], ("t",), [0.00913], [1e-6], lambda v: v)  # type: ignore[arg-type]
    assert problem.decimals == (6,)
    assert fit(problem).values.tolist() == [0.00913]


def test_values_are_tried_as_they_are_written(slopes: np.ndarray) -> None:
    tried: list[np.ndarray] = []

    def moments(v: np.ndarray) -> np.ndarray:
        tried.append(v)
        return slopes @ v

    fit(problem_of(moments, slopes @ TRUTH, 0.01, 6))
    assert all(round(float(x), 4) == x for v in tried for x in v)


@pytest.mark.parametrize("most", [1, 5, 8, 14, 20, 25])
def test_stops_by_evaluations_and_returns_the_best(slopes: np.ndarray, most: int) -> None:
    costs: list[float] = []

    def moments(v: np.ndarray) -> np.ndarray:
        m = np.tanh(slopes @ v / 4)
        costs.append(float(np.sum(((m - np.tanh(slopes @ TRUTH / 4)) / 0.01) ** 2)))
        return m

    found = fit(problem_of(moments, np.tanh(slopes @ TRUTH / 4), 0.01, 6), evaluations=most)
    assert found.evaluations == len(costs) <= most
    assert found.stopped == "evaluations"
    assert (found.slopes is None) == (most < 7)
    if most < 7:
        told = identify(found)
        assert {p.note for p in told} == {"no time to measure what moves it"}
        assert not any(p.identified for p in told)
    data = float(np.sum(problem_scores(found.moments, slopes) ** 2))
    assert data == pytest.approx(min(costs), rel=0.05)


def problem_scores(moments: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    return (moments - np.tanh(slopes @ TRUTH / 4)) / 0.01


class Clock:
    """A clock that moments advance."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize("seconds", [0.5, 10, 19, 26, 1000])
def test_stops_by_time_with_time_left_for_the_errors(
    slopes: np.ndarray, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    clock = Clock()
    monkeypatch.setattr(evaluate, "time", clock)

    def moments(v: np.ndarray) -> np.ndarray:
        clock.now += 1.0
        return np.tanh(slopes @ v / 4)

    problem = problem_of(moments, np.tanh(slopes @ TRUTH / 4), 0.01, 6)
    found = fit(problem, seconds=seconds)
    assert found.stopped == ("time" if seconds < 1000 else "converged")
    assert clock.now <= seconds + 1
    assert found.measured == (seconds >= 26)
    if seconds == 26:
        assert found.cost < fit(problem, evaluations=1).cost / 10


def test_tells_how_far_it_is(slopes: np.ndarray) -> None:
    told: list[tuple[int, float]] = []
    problem = problem_of(lambda v: slopes @ v, slopes @ TRUTH, 0.01, 6)
    found = fit(problem, tell=lambda n, cost: told.append((n, cost)))
    assert told[-1][0] == found.evaluations
    assert told[0][1] > told[-1][1] == pytest.approx(found.cost)


def test_covariance_of_a_blind_direction_spoils_no_other() -> None:
    known = covariance(np.array([[5.0, 5.0, 0.0], [0.0, 0.0, 10.0]]))
    assert np.sqrt(np.diag(known)) == pytest.approx([0.714, 0.714, 0.1], abs=1e-3)
    assert known[0, 1] == pytest.approx(-0.49, abs=1e-3)
    held = covariance_held(np.array([[0.0, 3.0]]), 0.5)
    assert np.diag(held) == pytest.approx([0.25, 1 / 13])


BROKEN = [
    ({"names": ()}, "there is nothing to fit\n"),
    ({"targets": ()}, "there is nothing to fit to"),
    ({"names": ("a", "a")}, "a: a name is there twice"),
    ({"start": [0.0]}, "start has the wrong length\n  got: 1\n  expected: 2"),
    ({"start": [0.0, 9.0]}, "b: the value lies outside its range\n  got: 9\n  expected: -1 to 1"),
    ({"low": [1.0, -1.0]}, "a: a value to be fitted needs a range with a width\n  got: 1 to 1"),
    ({"printed": [np.nan]}, "t: a target needs a printed value"),
    ({"errors": [0.0]}, "t: a target needs a standard error above 0"),
    ({"kinds": ("about",)}, "t: unknown kind of target\n  got: about"),
]


@pytest.mark.parametrize(("change", "sentence"), BROKEN)
def test_what_cannot_be_fitted_is_refused(change: dict[str, object], sentence: str) -> None:
    good: dict[str, object] = {
        "names": ("a", "b"),
        "start": [0.0, 0.0],
        "low": [-1.0, -1.0],
        "high": [1.0, 1.0],
        "targets": ("t",),
        "printed": [1.0],
        "errors": [0.1],
        "moments": lambda v: v[:1],
    }
    Problem(**good)  # type: ignore[arg-type]
    with pytest.raises(ScslabError) as error:
        Problem(**(good | change))  # type: ignore[arg-type]
    assert str(error.value).startswith(sentence.rstrip("\n"))


def test_moments_of_the_wrong_number_are_refused() -> None:
    with pytest.raises(ScslabError, match="the wrong number of moments"):
        fit(problem_of(lambda v: v[:1], [1.0, 2.0], 0.1, 2))
