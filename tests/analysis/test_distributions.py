"""Tails and quantiles against tables, each other, and simulated mixtures."""

import numpy as np
import pytest

from scslab.analysis.distributions import (
    beta_quantile,
    chi2_tail,
    f_tail,
    mixture_tail,
    t_quantile,
    t_two_sided,
)


def test_printed_quantiles():
    # R: qt(.975, c(1, 14, 104.5, Inf)), pf(4, 3, 12.5, lower = FALSE), qbeta(.1, 2, 3.5)
    got = t_quantile(0.975, np.array([1.0, 14.0, 104.5, np.inf]))
    assert got.tolist() == pytest.approx(
        [12.7062047361747, 2.14478668791780, 1.9829258623615, 1.95996398454005], rel=1e-9
    )
    assert f_tail(4, 3, 12.5) == pytest.approx(0.033272736417693, rel=1e-9)
    assert float(beta_quantile(0.1, 2.0, 3.5)) == pytest.approx(0.125577800307960, rel=1e-9)


def test_t_and_f_agree():
    assert float(t_two_sided(2.3, 9.0)) == pytest.approx(f_tail(2.3**2, 1, 9.0), rel=1e-12)
    assert f_tail(1.7, 3, np.inf) == pytest.approx(chi2_tail(5.1, 3), rel=1e-12)


def test_no_degrees_of_freedom_say_nothing():
    assert np.isnan(t_quantile(0.975, 0.0))
    assert np.isnan(t_two_sided(1.0, -1.0))
    assert np.isnan(f_tail(1.0, 2, 0.0))


@pytest.mark.parametrize("x", [0.05, 1.0, 8.0, 60.0])
@pytest.mark.parametrize("ddf", [3.0, 14.5, 400.0, np.inf])
def test_an_even_mixture_is_f(x, ddf):
    for k in (1, 2, 7):
        exact = f_tail(x / k, k, ddf)
        assert mixture_tail(x, np.ones(k), ddf) == pytest.approx(exact, rel=1e-9)
        assert mixture_tail(x, np.ones(k), ddf, "satterthwaite") == pytest.approx(exact, rel=1e-12)
        near = mixture_tail(x, np.ones(k), ddf, "saddlepoint")
        assert near == pytest.approx(exact, rel=0.12)


def test_an_uneven_mixture_against_draws():
    rng = np.random.default_rng(11)
    weights, ddf = np.array([4.0, 1.1, 0.2]), 9.0
    drawn = (rng.standard_normal((400_000, 3)) ** 2) @ weights / rng.chisquare(ddf, 400_000) * ddf
    for x in (1.0, 5.0, 15.0):
        share = (drawn > x).mean()
        error = np.sqrt(share * (1 - share) / len(drawn))
        assert abs(mixture_tail(x, weights, ddf) - share) < 4 * error


def test_the_scale_of_a_mixture():
    weights = np.array([2.0, 0.5])
    assert mixture_tail(3.0, weights, 12.0) == pytest.approx(mixture_tail(30, weights * 10, 12.0))
    assert mixture_tail(0.0, weights) == 1.0
    assert np.isnan(mixture_tail(1.0, np.zeros(2)))
