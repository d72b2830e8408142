"""Answers of simulated respondents: rough moments with common luck, and errors that hold."""

import numpy as np
import pytest

from scslab.core.draws import logistics, normals, units, word_of
from scslab.lab.calibrate.fit import Fit, fit
from scslab.lab.calibrate.identify import identify
from scslab.lab.calibrate.problem import Problem

TRUTH = np.array([-1.5, 0.2, 1.4, 0.5, -0.4])
LOW, HIGH = np.array([-4, -1.5, 0, -1.5, -1.5]), np.array([-0.5, 1.5, 3, 1.5, 1.5])
NAMES = ("cuts.0", "cuts.1", "cuts.2", "effects.party", "effects.income")
TARGETS = ("code 1", "code 2", "code 3", "party", "income")
PRINTED_N = 2000


class OrderedLogit:
    """Four answers of n persons: three cuts, the effects of a yes-no and of a normal trait."""

    def __init__(self, seed: int, n: int) -> None:
        people = np.arange(n, dtype=np.uint64)
        word = np.uint64(seed)
        party = units(word_of(word, "party"), people) < 0.3
        self.traits = np.column_stack([party, normals(word_of(word, "income"), people)])
        self.luck = logistics(word_of(word, "luck"), people)
        self.design = np.column_stack([np.ones(n), self.traits])

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Three shares and the two coefficients of a linear regression of the code."""
        if (np.diff(values[:3]) <= 0).any():
            return np.full(5, np.nan)
        leaning = self.traits @ values[3:] + self.luck
        code = 1.0 + np.sum(leaning[:, None] > values[:3], axis=1)
        slopes = np.linalg.lstsq(self.design, code, rcond=None)[0]
        return np.array([*(np.mean(code == c) for c in (1, 2, 3)), *slopes[1:]])


def survey(printed_seed: int, errors: np.ndarray, simulated: OrderedLogit) -> Fit:
    """Values fitted to what another sample of the truth printed, to three decimals."""
    printed = np.round(OrderedLogit(printed_seed, PRINTED_N)(TRUTH), 3)
    start = np.array([-3.0, -0.5, 2.0, 0.0, 0.0])
    return fit(Problem(NAMES, start, LOW, HIGH, TARGETS, printed, errors, simulated))


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    """What many surveys of the truth would print."""
    return np.array([OrderedLogit(900 + i, PRINTED_N)(TRUTH) for i in range(200)])


@pytest.fixture(scope="module")
def errors(samples: np.ndarray) -> np.ndarray:
    return samples.std(axis=0)


def test_cuts_and_effects_are_recovered_with_errors_that_hold(
    samples: np.ndarray, errors: np.ndarray
) -> None:
    correlation = np.corrcoef(samples.T)
    n = 10_000
    estimates, ses = [], []
    for i in range(40):
        found = survey(100 + i, errors, OrderedLogit(500 + i, n))
        told = identify(found, PRINTED_N / n, correlation)
        assert all(p.identified for p in told)
        assert found.evaluations < 120
        estimates.append(found.values)
        ses.append([p.se for p in told])
    error = np.array(estimates) - TRUTH
    z = error / np.array(ses, dtype=float)
    # 40 samples tell a standard deviation to within about 11 %.
    assert np.abs(error.mean(axis=0)).max() < 0.05
    assert np.sqrt((z**2).mean(axis=0)) == pytest.approx(np.ones(5), abs=0.33)
    assert (np.abs(z) < 3.5).all()
    # Shares of one question are not independent: taken to be, the error of the last cut is wide.
    alone, together = identify(found, PRINTED_N / n)[2].se, told[2].se
    assert alone is not None and together is not None and alone > 1.3 * together


def test_each_effect_is_moved_by_its_own_coefficient(errors: np.ndarray) -> None:
    told = identify(survey(100, errors, OrderedLogit(7, 10_000)))
    assert told[3].moved_by[0] == "party" and told[4].moved_by[0] == "income"
    assert told[0].moved_by[0] == "code 1"


def test_shares_are_met_to_the_person_with_common_luck() -> None:
    # Three shares of one sample: with common luck the fit is to within a few persons of 5,000.
    people = np.arange(5000, dtype=np.uint64)
    luck = [units(word_of(np.uint64(3), f"share {i}"), people) for i in range(3)]
    truth = np.array([0.31, 0.052, 0.871])

    def moments(v: np.ndarray) -> np.ndarray:
        chance = np.array([v[0], v[0] * v[1], v[2]])
        return np.array([np.mean(u < c) for u, c in zip(luck, chance, strict=True)])

    printed = moments(np.array([truth[0], truth[1] / truth[0], truth[2]]))
    problem = Problem(
        ("a", "b", "c"),
        [0.5, 0.5, 0.5],  # type: ignore[arg-type]
        [0.0, 0.0, 0.0],  # type: ignore[arg-type]
        [1.0, 1.0, 1.0],  # type: ignore[arg-type]
        ("A", "B", "C"),
        printed,
        np.sqrt(printed * (1 - printed) / 1000),
        moments,
    )
    found = fit(problem)
    assert np.abs(found.moments - printed).max() * 5000 <= 20
    told = identify(found, 1000 / 5000)
    exact = np.sqrt(1.2 * truth[0] * (1 - truth[0]) / 1000)
    assert told[0].se == pytest.approx(exact, rel=0.15)  # slopes of a sample are rough
    assert found.evaluations < 80
