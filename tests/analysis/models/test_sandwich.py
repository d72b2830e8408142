"""Covariance from blocks of scores: that of the whole matrix of influence values."""

from dataclasses import replace

import numpy as np
import pytest

from scslab.analysis.design import make_design
from scslab.analysis.models import sandwich
from scslab.analysis.models.sandwich import scores_covariance
from scslab.analysis.variance import covariance
from scslab.core.errors import ScslabError

N, K = 500, 4
RNG = np.random.default_rng(3)
SCORES = RNG.normal(size=(N, K)) + 0.2
BREAD = np.linalg.inv(np.eye(K) + 0.1)
STRATUM = RNG.integers(0, 6, N)
CLUSTER = STRATUM * 100 + RNG.integers(0, 9, N)
ALONE = np.where(np.arange(N) == 17, 99, STRATUM)
FPC = np.where(STRATUM == 2, 40, 200)


class Centring:
    """An adjustment that any matrix of values tells apart from none."""

    def residuals(self, influence: np.ndarray) -> np.ndarray:
        return influence - influence.mean(axis=0)


DESIGNS = {
    "one stratum": make_design(n=N),
    "strata": make_design(n=N, strata=[STRATUM]),
    "clusters": make_design(n=N, strata=[STRATUM], clusters=[CLUSTER]),
    "fpc": make_design(n=N, strata=[STRATUM], fpc=[np.bincount(STRATUM)[STRATUM] * 1.5]),
    "two stages": make_design(
        n=N, strata=[STRATUM], clusters=[CLUSTER, np.arange(N)], fpc=[FPC, np.full(N, 60)]
    ),
    "margins": replace(make_design(n=N, strata=[STRATUM]), adjustments=(Centring(),)),
    **{
        f"alone, {rule}": make_design(n=N, strata=[ALONE], lonely=rule)
        for rule in ("adjust", "average", "remove", "certainty")
    },
}


def blocks(values, size=64):
    for start in range(0, len(values), size):
        yield slice(start, min(start + size, len(values))), values[start : start + size].copy()


@pytest.mark.parametrize("some", [False, True])
@pytest.mark.parametrize("name", DESIGNS)
def test_blocks_give_what_the_whole_gives(name, some):
    rows = np.random.default_rng(1).random(N) < 0.8 if some else np.ones(N, dtype=bool)
    design = DESIGNS[name].within(rows)
    influence = np.zeros((N, K))
    influence[rows] = SCORES[rows] @ BREAD
    expected = covariance(design, np.zeros(K), influence)
    found = scores_covariance(design, rows, blocks(SCORES[rows]), BREAD)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
    assert (np.diag(expected) > 0).all()


def test_many_strata_take_the_other_way(monkeypatch):
    design = DESIGNS["strata"]
    rows = np.ones(N, dtype=bool)
    expected = scores_covariance(design, rows, blocks(SCORES), BREAD)
    monkeypatch.setattr(sandwich, "MOST_STRATA", 2)
    found = scores_covariance(design, rows, blocks(SCORES), BREAD)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("clusters", [(), (CLUSTER,)])
def test_a_stratum_with_one_cluster_is_an_error_here_too(clusters):
    lonely = np.where(CLUSTER[17] == CLUSTER, 99, STRATUM) if clusters else ALONE
    design = make_design(n=N, strata=[lonely], clusters=clusters)
    with pytest.raises(ScslabError, match='stratum "99" has one cluster only'):
        scores_covariance(design, np.ones(N, bool), blocks(SCORES), BREAD)
