"""Ordinal models beside R: `ordinal::clm`, `survey::svyolr`, and linearised covariances.

R's own figures are exact to about 1e-9; ours have to agree to 1e-6 (estimates) and 1e-5 (standard
errors) and in fact do to 1e-7.
"""

import re

import numpy as np
import pytest

from reference.samples import replicated, sample_of
from reference.values import load
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.models.ordinal_effects import average_effects, predicted
from scslab.analysis.models.ordinal_tests import (
    brant_test,
    equal_effects,
    fit_partial,
    likelihood_ratio,
)

RECORDS = load("models")
DOCS = "poverty ~ religion + degree + country + age + gender"


def of_kind(call):
    return [i for i, r in RECORDS.items() if r["call"].startswith(call) and "raked" not in i
            and "calibrated" not in i]  # fmt: skip


def parts(record, pattern):
    return re.fullmatch(pattern, record["call"]).groups()


def in_order(fitted, names):
    """Estimates and standard errors in the order of R's names; free terms with R's sign."""
    ours = [*fitted.names, *fitted.threshold_names]
    estimates = np.concatenate([fitted.coefficients, fitted.thresholds])
    places, signs = [], []
    for name in names:
        free = name not in ours
        threshold, _, rest = name.partition(".")
        places.append(ours.index(f"{rest}:{threshold}" if free else name))
        signs.append(-1 if free else 1)
    return np.array(signs) * estimates[places], fitted.standard_errors[places]


@pytest.mark.parametrize("name", of_kind("ordered_fit"))
def test_ordinal_models_equal_r(name):
    record, values = RECORDS[name], RECORDS[name]["values"]
    formula, link = parts(record, r'ordered_fit\((.*), d, "(\w+)"\)')
    fitted = fit_ordinal(sample_of(record), formula, link=link).fitted
    estimates, errors = in_order(fitted, values["names"])
    np.testing.assert_allclose(estimates, values["estimate"], rtol=1e-6)
    np.testing.assert_allclose(errors, values["se"], rtol=1e-5)
    assert (fitted.n, fitted.df) == (values["n"], values["df_residual"])
    scale = values["sum_weights"] / values["n"]
    assert fitted.log_likelihood * scale == pytest.approx(values["loglik"], rel=1e-9)
    assert fitted.null_log_likelihood * scale == pytest.approx(values["null_loglik"], rel=1e-9)


@pytest.mark.parametrize("name", of_kind("ordered_fit"))
def test_the_models_own_errors_equal_clm_and_polr(name):
    record, values = RECORDS[name], RECORDS[name]["values"]
    formula, link = parts(record, r'ordered_fit\((.*), d, "(\w+)"\)')
    fitted = fit_ordinal(sample_of(record), formula, link=link, errors="model").fitted
    _, errors = in_order(fitted, values["names"])
    np.testing.assert_allclose(errors, values["se_counts"], rtol=1e-5)


def test_svyolr_itself_is_met_as_far_as_its_hessian_goes():
    off = []
    for name in of_kind("ordered_fit"):
        record, values = RECORDS[name], RECORDS[name]["values"]
        if "se" not in values.get("svyolr", {}):
            continue
        formula, link = parts(record, r'ordered_fit\((.*), d, "(\w+)"\)')
        fitted = fit_ordinal(sample_of(record), formula, link=link).fitted
        _, errors = in_order(fitted, values["names"])
        off.append(np.abs(errors / values["svyolr"]["se"] - 1).max())
    assert len(off) > 20
    assert np.median(off) < 1e-3


@pytest.mark.parametrize("name", of_kind("partial_fit"))
@pytest.mark.parametrize("errors", ["linearised", "model"])
def test_partial_proportional_odds_equal_r(name, errors):
    record, values = RECORDS[name], RECORDS[name]["values"]
    formula, free = parts(record, r"partial_fit\((.*), ~(.*), d\)")
    model = fit_ordinal(sample_of(record), formula, errors=errors)
    partial = fit_partial(model, free.split(" + "))
    estimates, found = in_order(partial, values["names"])
    np.testing.assert_allclose(estimates, values["estimate"], rtol=1e-6)
    expected = values["se" if errors == "linearised" else "se_counts"]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    if errors == "model":
        test = likelihood_ratio(model, partial)
        assert test.statistic == pytest.approx(values["lrt"]["chisq"], rel=1e-8)
        assert (test.df, test.p) == (
            values["lrt"]["ndf"],
            pytest.approx(values["lrt"]["p"], rel=1e-7),
        )
    else:
        test = equal_effects(partial, values["df_design"])
        assert test.statistic == pytest.approx(values["wald"]["statistic"], rel=1e-6)
        assert (test.df, test.ddf) == (values["wald"]["ndf"], values["wald"]["ddf"])
        assert test.p == pytest.approx(values["wald"]["p"], rel=1e-5)


@pytest.mark.parametrize("name", of_kind("brant"))
def test_brants_test_equals_its_formula(name):
    record, values = RECORDS[name], RECORDS[name]["values"]
    (formula,) = parts(record, r"brant\((.*), d\$variables\)")
    found = brant_test(fit_ordinal(sample_of(record), formula, errors="model"))
    assert found.tests[0].statistic == pytest.approx(values["overall"]["chisq"], rel=1e-6)
    assert found.tests[0].df == values["overall"]["df"]
    for test in found.tests[1:]:
        assert test.statistic == pytest.approx(values["by_term"][test.name]["chisq"], rel=1e-6)


@pytest.mark.parametrize("name", of_kind("effects_of"))
def test_effects_and_predictions_equal_r(name):
    record, values = RECORDS[name], RECORDS[name]["values"]
    formula, link, number, factor = parts(
        record, r'effects_of\((.*?), d, "(\w+)", "(\w+)", "(\w+)".*\)'
    )
    model = fit_ordinal(
        sample_of(record), DOCS if formula == "docs_formula" else formula, link=link
    )
    expected = {
        "per unit": values["slope"],
        **{f"{values['difference']['base']} → {k}": v for k, v in values["difference"].items()
           if isinstance(v, dict)},
    }  # fmt: skip
    compare(average_effects(model, [number, factor]), expected)
    levels = {k: v for k, v in values["probability_at"].items() if isinstance(v, dict)}
    compare(
        predicted(model, [{}, *({factor: k} for k in levels)]),
        {
            "as in the sample": values["mean_probability"],
            **{f"{factor} = {k}": v for k, v in levels.items()},
        },
    )


def compare(effects, expected):
    for change, values in expected.items():
        rows = [r for r in effects.rows if r.change == change]
        np.testing.assert_allclose([r.value for r in rows], values["estimate"], rtol=1e-6)
        np.testing.assert_allclose([r.standard_error for r in rows], values["se"], rtol=1e-5)


def test_the_model_of_the_docs_is_in_the_reference():
    record = RECORDS["wvs/ordered-docs-logit"]
    fitted = fit_ordinal(sample_of(record), DOCS).fitted
    assert dict(zip(fitted.names, fitted.coefficients.round(4).tolist(), strict=True)) == {
        "religionyes": 0.1797,
        "degreeyes": 0.1409,
        "countryNorway": -0.3224,
        "countrySweden": -0.6033,
        "countryUSA": 0.6178,
        "age": 0.0111,
        "gendermale": 0.1764,
    }


REPLICATES = {i: r for i, r in load("replicates").items() if "/ordered-" in i}


@pytest.mark.parametrize("name", REPLICATES)
def test_standard_errors_from_replicates_equal_r(name):
    record, values = REPLICATES[name], REPLICATES[name]["values"]
    formula, link = parts(record, r'ordered_by_replicates\((.*), d, "(\w+)"\)')
    fitted = fit_ordinal(replicated(name.split("/")[0]), formula, link=link).fitted
    estimates, errors = in_order(fitted, values["names"])
    np.testing.assert_allclose(estimates, values["estimate"], rtol=1e-6)
    np.testing.assert_allclose(errors, values["se"], rtol=1e-5)
    assert fitted.errors == "replicates"
