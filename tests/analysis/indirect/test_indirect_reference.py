"""Indirect questions beside R: `survey`, likelihoods written out in R, and packages list and rr.

See reference/make.R and reference/from_packages.R. Ours agree to 1e-8 where R itself is exact; the
packages stop earlier (a change of the log-likelihood below 1e-8), so are met to 1e-3 only.
"""

import numpy as np
import pytest
from indirect_samples import frame, people, same, sample_of, values

from scslab.analysis.design import Replicates
from scslab.analysis.indirect.conjoint import amce, conjoint_differences, marginal_means
from scslab.analysis.indirect.endorsement import endorsement_effects
from scslab.analysis.indirect.list_checks import below_zero, design_effect_test
from scslab.analysis.indirect.list_double import double_list
from scslab.analysis.indirect.list_experiment import list_shares
from scslab.analysis.indirect.list_fit import likelihood_fit, make_model
from scslab.analysis.indirect.list_likelihood import information, pieces
from scslab.analysis.indirect.list_regression import list_regression
from scslab.analysis.indirect.randomised_device import Device, device_of
from scslab.analysis.indirect.randomised_regression import randomised_regression
from scslab.analysis.indirect.randomised_response import randomised_shares

COVARIATES = "~ age10 + male"
DEVICES = {
    "warner": device_of("mirrored", 0.7),
    "forced": device_of("forced", 2 / 3, forced_yes=1 / 6),
}


def agrees(found, at, name, expected=None) -> None:
    known = expected or values()[name]
    same(found.estimates[at], known["estimate"], 1e-6)
    same(found.standard_errors[at], known["se"], 1e-5)


def test_difference_in_means_equals_svyglm_overall_and_by_group() -> None:
    found = list_shares(people(), "count", "treat", 3, by="region")
    agrees(found, 0, "difference")
    assert found.df == values()["difference"]["df"]
    for group, known in values()["difference_by"].items():
        agrees(found, found.at("Share, list experiment", group), "", known)


def test_direct_question_and_its_difference_equal_svycontrast() -> None:
    found = list_shares(people(), "count", "treat", 3, direct="direct")
    agrees(found, 1, "direct")
    agrees(found, 2, "direct_less_list")
    everybody = list_shares(
        people(), "count", "treat", 3, direct="direct", direct_asked="everybody"
    )
    agrees(everybody, 2, "everybody_less_list")


def test_double_list_equals_svycontrast() -> None:
    agrees(double_list(people(), "count", "second", "treat", (3, 4)), 0, "double")


def test_jackknife_replicates_equal_r() -> None:
    sample = people()
    first = sample.design.stages[0]
    size = first.sampled[first.stratum]
    weights = np.empty((sample.answers.n, len(first.stratum)))
    for c, stratum in enumerate(first.stratum):
        factor = np.where(first.stratum[first.cluster] == stratum, size[c] / (size[c] - 1), 1.0)
        weights[:, c] = sample.design.weights * np.where(first.cluster == c, 0.0, factor)
    from dataclasses import replace

    made = Replicates(weights, 1.0, (size - 1) / size, False, "JKn")
    replicated = replace(sample, design=replace(sample.design, replicates=made))
    found = list_shares(replicated, "count", "treat", 3)
    same(found.standard_errors[0], values()["difference_jkn"]["se"], 1e-5)
    by_refits = list_regression(replicated, "count", "treat", 3, "~ male")
    linearised = list_regression(sample, "count", "treat", 3, "~ male")
    same(by_refits.coefficients.estimates, linearised.coefficients.estimates, 1e-9)
    ratio = by_refits.shares.standard_errors / linearised.shares.standard_errors
    assert 0.9 < ratio[0] < 1.1
    assert ratio[0] != 1.0


@pytest.mark.parametrize(("count", "name"), [("count", "types"), ("bad", "types_bad")])
def test_types_and_design_effect_test_equal_r(count, name) -> None:
    found = design_effect_test(people(), count, "treat", 3, select=False)
    agrees(found.cells, slice(None), name)
    same(found.p_each, values()[name]["p"], 1e-6)
    same(found.p, values()[name]["bonferroni"], 1e-6)
    assert bool(found.warnings) == (name == "types_bad")


@pytest.mark.parametrize("count", ["count", "bad"])
def test_design_effect_test_equals_ict_test_with_its_variances(count) -> None:
    """`ict.test` divides by n where a design divides by n - 1: bring the covariance to its own."""
    found = design_effect_test(sample_of(frame("people")), count, "treat", 3, select=False)
    known = values("packages")[f"test_{count}"]
    n = 900
    covariance = found.cells.covariance * (n - 1) / n
    table = np.array(known["table"])
    np.testing.assert_allclose(found.cells.estimates, table[:, 0], atol=5.1e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), table[:, 1], atol=5.1e-5)
    parts = [
        below_zero(found.cells.estimates[i], covariance[i, i], n, select=False)[1]
        for i in (slice(0, 3), slice(5, 8))
    ]
    same(min(1, 2 * min(parts)), known["p"], 1e-8)


@pytest.mark.parametrize("kind", ["same", "shifted", "separate", "ceiling", "floor", "both"])
def test_likelihood_regressions_equal_r(kind) -> None:
    ends = kind if kind in ("ceiling", "floor", "both") else "none"
    found = list_regression(
        people(),
        "count" if ends == "none" else "hiding",
        "treat",
        3,
        COVARIATES,
        control_model="same" if ends != "none" else kind,
        ends=ends,
    )
    known = values()[f"ml_{kind}"]
    agrees(found.coefficients, slice(None), "", known)
    assert found.log_likelihood == pytest.approx(known["loglik"], abs=1e-8)
    same(found.shares.estimates[0], known["share"], 1e-6)
    same(found.shares.standard_errors[0], known["share_se"], 1e-5)


def test_least_squares_regressions_equal_r() -> None:
    two_steps = list_regression(people(), "count", "treat", 3, COVARIATES, method="nls")
    agrees(two_steps.coefficients, slice(None), "nls")
    linear = list_regression(people(), "count", "treat", 3, COVARIATES, method="linear")
    agrees(linear.coefficients, slice(None), "linear")
    assert linear.coefficients.df == values()["linear"]["df"]


@pytest.mark.parametrize("kind", ["same", "separate"])
def test_likelihood_regression_meets_ictreg_and_goes_a_little_higher(kind) -> None:
    known = values("packages")[f"ml_{kind}"]
    found = list_regression(
        sample_of(frame("people")), "count", "treat", 3, COVARIATES, control_model=kind
    )
    b = found.coefficients.estimates
    np.testing.assert_allclose(b[:3], known["sensitive"], atol=1e-3)
    np.testing.assert_allclose(b[3:], known["control"], atol=1e-3)
    assert known["loglik"] <= found.log_likelihood < known["loglik"] + 1e-5


def test_information_gives_ictregs_model_based_standard_errors() -> None:
    data = frame("people")
    X = np.column_stack([np.ones(900), data["age10"], data["male"]])
    y, treated = data["count"].to_numpy(float), data["treat"].to_numpy() == 1
    model = make_model(y, treated, X, 3, "same", "none", X[:, :1])
    fit = likelihood_fit(model, np.ones(900))
    total = information(model, pieces(model, fit.parameters).observed, np.ones(900))
    errors = np.sqrt(np.diag(np.linalg.inv(total)))[:3]
    np.testing.assert_allclose(errors, values("packages")["ml_same"]["sensitive_se"], rtol=2e-3)


@pytest.mark.parametrize("kind", ["ceiling", "floor"])
def test_floor_and_ceiling_meet_ictreg(kind) -> None:
    known = values("packages")[kind]
    found = list_regression(
        sample_of(frame("people")), "hiding", "treat", 3, COVARIATES, ends=kind
    ).coefficients.estimates
    np.testing.assert_allclose(found[:3], known["sensitive"], atol=1e-3)
    np.testing.assert_allclose(found[3:6], known["control"], atol=1e-3)
    np.testing.assert_allclose(found[6], known["hiding"], atol=2e-3)


def test_least_squares_meets_ictreg() -> None:
    found = list_regression(
        sample_of(frame("people")), "count", "treat", 3, COVARIATES, method="nls"
    )
    known = values("packages")["nls"]
    both = [*known["sensitive"], *known["control"]]
    np.testing.assert_allclose(found.coefficients.estimates, both, atol=1e-4)


@pytest.mark.parametrize("kind", ["warner", "forced"])
def test_randomised_response_equals_r(kind) -> None:
    known = values()[kind]
    share = randomised_shares(people(), kind, DEVICES[kind])
    same(share.estimates[0], known["share"], 1e-6)
    same(share.standard_errors[0], known["share_se"], 1e-5)
    found = randomised_regression(people(), kind, DEVICES[kind], COVARIATES)
    agrees(found.coefficients, slice(None), "", known)
    assert found.log_likelihood == pytest.approx(known["loglik"], abs=1e-8)
    package = values("packages")[kind]
    alone = randomised_regression(sample_of(frame("people")), kind, DEVICES[kind], COVARIATES)
    np.testing.assert_allclose(alone.coefficients.estimates, package["estimate"], atol=1e-6)


def test_a_device_that_always_asks_gives_plain_logit() -> None:
    found = randomised_regression(people(), "direct", Device(1.0, 0.0, "none"), "~ 1")
    share = values()["everybody_less_list"]["estimate"] + values()["difference"]["estimate"]
    same(found.shares.estimates[0], share, 1e-9)


def test_endorsement_equals_r() -> None:
    found = endorsement_effects(people(), ["policy1", "policy2"], "treat")
    agrees(found, slice(None), "endorsement")


def profiles():
    return sample_of(frame("profiles"), weights="weight", strata="stratum")


def test_effects_and_means_of_a_conjoint_equal_svyglm() -> None:
    who = {"respondent": "id", "task": "task"}
    effects = amce(profiles(), "chosen", ["job", "origin"], **who)
    agrees(effects, slice(None), "amce")
    assert effects.df == values()["amce"]["df"]
    agrees(amce(profiles(), "rating", ["job", "origin"], **who), slice(None), "amce_rating")
    agrees(marginal_means(profiles(), "chosen", ["origin"], **who), slice(None), "means")


def test_differences_between_groups_and_their_joint_tests_equal_svyglm() -> None:
    who = {"respondent": "id", "task": "task", "by": "party"}
    means = conjoint_differences(profiles(), "chosen", ["origin"], **who)
    agrees(means, slice(None), "means_difference")
    same(means.tests[0].statistic, values()["means_difference"]["f"], 1e-6)
    effects = conjoint_differences(profiles(), "chosen", ["job", "origin"], kind="amce", **who)
    agrees(effects, slice(None), "amce_difference")
    by_name = {t.name: t for t in effects.tests}
    same(by_name["origin by party"].statistic, values()["amce_difference"]["f"], 1e-6)


def test_effects_with_a_forbidden_combination_equal_cell_means_of_svyglm() -> None:
    found = amce(profiles(), "chosen", ["job", "school", "origin"], "id", task="task")
    agrees(found, slice(0, 4), "restricted")
    assert any("never shown together: doctor with none." in note for note in found.notes)
