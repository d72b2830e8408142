"""Randomised response and endorsement: closed forms, coverage, invariants."""

import numpy as np
import pytest
from indirect_samples import frame, logistic, people, sample_of

from scslab.analysis.indirect.endorsement import endorsement_effects
from scslab.analysis.indirect.randomised_device import device_of
from scslab.analysis.indirect.randomised_regression import randomised_regression
from scslab.analysis.indirect.randomised_response import randomised_shares

DEVICES = {
    "mirrored": (device_of("mirrored", 0.75), 0.75, 0.25),
    "crosswise": (device_of("crosswise", 0.2), 0.2, 0.8),
    "forced": (device_of("forced", 2 / 3, forced_yes=1 / 6), 5 / 6, 1 / 6),
    "disguised": (device_of("disguised", 0.8, other=0.3), 0.8, 0.3),
    "unrelated": (device_of("unrelated", 0.7, other=0.4), 0.82, 0.12),
}


@pytest.mark.parametrize("kind", list(DEVICES))
def test_devices_turn_shares_into_answers_and_back(kind) -> None:
    """P(yes) is that of a yes where the share is 1, and that of a no where it is 0."""
    device, if_yes, if_no = DEVICES[kind]
    assert device.slope + device.base == pytest.approx(if_yes)
    assert device.base == pytest.approx(if_no)
    answers = np.repeat([1.0, 0.0], [30, 70])
    found = randomised_shares(sample_of({"y": answers}), "y", device)
    assert found.estimates[0] == pytest.approx((0.3 - if_no) / (if_yes - if_no))
    error = np.sqrt(0.3 * 0.7 / 99) / abs(if_yes - if_no)
    assert found.standard_errors[0] == pytest.approx(error)


def test_forced_no_may_stand_for_forced_yes() -> None:
    assert device_of("forced", 0.6, forced_no=0.3).base == pytest.approx(0.1)


def test_a_share_outside_0_1_is_told_plainly() -> None:
    found = randomised_shares(sample_of({"y": [0.0] * 9 + [1.0]}), "y", DEVICES["mirrored"][0])
    assert found.estimates[0] == pytest.approx(-0.3)
    assert found.table().rows[0].cells[1] == pytest.approx(-0.3)
    assert found.warnings == (
        "The share is -30.0 %, outside 0-100 %: the share of yes lies outside 25.0-75.0 %, which "
        "this design allows, by chance or because instructions were not followed.",
    )


def test_intervals_of_shares_and_coefficients_hold_the_truth() -> None:
    rng = np.random.default_rng(7)
    device, if_yes, if_no = DEVICES["forced"]
    hits = []
    for _ in range(200):
        n = 600
        shift = np.repeat(rng.normal(0, 0.6, n // 5), 5)
        x = rng.normal(size=n)
        z = rng.random(n) < logistic(-0.5 + x)
        y = rng.random(n) < np.where(z, if_yes, if_no)
        sample = sample_of(
            {"y": y * 1.0, "x": x, "w": np.exp(shift), "k": np.repeat(np.arange(n // 5), 5)},
            weights="w",
            clusters="k",
        )
        found = randomised_regression(sample, "y", device, "~ x").coefficients
        low, high = found.intervals.T
        hits.append([low[0] <= -0.5 <= high[0], low[1] <= 1 <= high[1]])
    assert (np.abs(np.mean(hits, axis=0) - 0.95) < 0.045).all(), np.mean(hits, axis=0)


def test_an_intercept_alone_gives_the_share_and_its_error() -> None:
    device = DEVICES["forced"][0]
    share = randomised_shares(people(), "forced", device, by="region")
    model = randomised_regression(people(), "forced", device, "~ region", by="region")
    np.testing.assert_allclose(model.shares.estimates[1:], share.estimates[1:], rtol=1e-9)
    np.testing.assert_allclose(model.shares.standard_errors, share.standard_errors, rtol=1e-6)


def test_weights_rows_and_missing_answers() -> None:
    data, device = frame("people"), DEVICES["forced"][0]
    base = randomised_regression(people(), "forced", device, "~ age10").coefficients
    scaled = randomised_regression(
        people(weight=data["weight"] * 9), "forced", device, "~ age10"
    ).coefficients
    np.testing.assert_allclose(scaled.covariance, base.covariance, rtol=1e-8)
    gaps = data["forced"].astype(float)
    gaps[:7] = np.nan
    found = randomised_shares(people(forced=gaps), "forced", device)
    assert found.rows == 893
    assert found.notes[-1] == "Left out of the sample: 7 without an answer."


def superiority_by_pairs(a, b, wa, wb) -> float:
    more = (b[:, None] > a[None, :]) + 0.5 * (b[:, None] == a[None, :])
    return float((wb[:, None] * wa[None, :] * more).sum() / (wa.sum() * wb.sum()) - 0.5)


def test_ranks_are_the_share_of_pairs_and_their_influence_is_its_derivative() -> None:
    rng = np.random.default_rng(8)
    n = 60
    y, t = rng.integers(1, 6, n).astype(float), np.arange(n) % 2
    w = rng.uniform(0.5, 2, n)

    def pairs(weights) -> float:
        return superiority_by_pairs(y[t == 0], y[t == 1], weights[t == 0], weights[t == 1])

    found = endorsement_effects(
        sample_of({"y": y, "t": t, "w": w}, weights="w"), ["y"], "t", scale="ranks"
    )
    assert found.estimates[0] == pytest.approx(pairs(w))
    step = 1e-6
    slope = np.array([(pairs(w + step * e) - pairs(w - step * e)) / (2 * step) for e in np.eye(n)])
    variance = n / (n - 1) * np.sum((w * slope) ** 2)
    assert found.covariance[0, 0] == pytest.approx(variance, rel=1e-5)


def test_shares_of_answers_add_up_to_no_difference_and_to_the_mean() -> None:
    sample = people()
    shares = endorsement_effects(sample, ["policy1"], "treat", scale="shares")
    mean = endorsement_effects(sample, ["policy1"], "treat")
    assert shares.estimates.sum() == pytest.approx(0, abs=1e-12)
    assert shares.estimates @ np.arange(1, 6) == pytest.approx(mean.estimates[0])


def test_the_mean_of_policies_counts_that_the_same_people_answer() -> None:
    """One policy asked twice tells nothing new: the error of the mean is that of one."""
    data = frame("people")
    found = endorsement_effects(people(copy=data["policy1"]), ["policy1", "copy"], "treat")
    assert found.names == ("Mean of 2 policies", "policy1", "copy")
    np.testing.assert_allclose(found.standard_errors, found.standard_errors[0], rtol=1e-10)
    assert found.tests[0].df == 1


def test_endorsers_and_groups_are_kept_apart() -> None:
    rng = np.random.default_rng(9)
    n = 30_000
    t, g = rng.integers(0, 3, n), rng.integers(0, 2, n)
    effect = np.choose(t, [0, 0.5, -0.5]) * (1 + g)
    sample = sample_of(
        {"y": rng.normal(3, 1, n) + effect, "t": t, "g": g},
        labels={"t": {0: "none", 1: "mayor", 2: "army"}},
    )
    found = endorsement_effects(sample, ["y"], "t", by="g")
    np.testing.assert_allclose(found.estimates, [0.75, -0.75, 0.5, -0.5, 1, -1], atol=0.06)
    assert found.names[:2] == ("y (mayor)", "y (army)")
    assert found.groups == ("", "", "0", "0", "1", "1")


def test_each_policy_may_have_its_own_groups() -> None:
    rng = np.random.default_rng(10)
    n = 20_000
    a, b = rng.integers(0, 2, n), rng.integers(0, 2, n)
    data = {"p": rng.normal(size=n) + a, "q": rng.normal(size=n) + 0.5 * b, "a": a, "b": b}
    found = endorsement_effects(sample_of(data), ["p", "q"], ["a", "b"])
    np.testing.assert_allclose(found.estimates, [0.75, 1.0, 0.5], atol=0.06)
    assert found.tests[0].p < 1e-6
    assert "Bullock" in found.table().notes[2]
