"""Figures of one wave: the same as the estimators and models give by themselves."""

import numpy as np
import pandas as pd
import pytest

from scslab.analysis import estimate as est
from scslab.analysis.design import make_design
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.models.wald import wald_terms
from scslab.analysis.sample import Sample
from scslab.evaluation.ledger.measure import measure
from scslab.evaluation.ledger.records import (
    Change,
    Coefficient,
    Coefficients,
    Distribution,
    Mean,
    Rate,
    Share,
    Wanted,
)
from scslab.survey.answers import Answers, MissingCode, Variable

URBAN = (("residence", (1.0,)),)


@pytest.fixture(scope="module")
def sample() -> Sample:
    rng = np.random.default_rng(5)
    n = 400
    latent = rng.logistic(size=n)
    frame = pd.DataFrame(
        {
            "residence": rng.integers(0, 2, n).astype(float),
            "region": rng.integers(1, 4, n).astype(float),
            "age": rng.integers(14, 66, n).astype(float),
            "ticked": rng.integers(0, 2, n).astype(float),
            "other": rng.integers(0, 2, n).astype(float),
        }
    )
    latent = latent + 0.03 * frame["age"] + 0.8 * (frame["region"] == 2)
    frame["approval"] = np.digitize(latent, [0.5, 1.5, 2.5]) + 1.0
    frame["income"] = rng.integers(1, 4, n).astype(float)
    gone = rng.random(n) < 0.1
    frame.loc[gone, "income"] = np.nan
    frame.loc[rng.random(n) < 0.05, "approval"] = np.nan
    labels = {float(k): f"answer {k}" for k in range(1, 5)}
    variables = {name: Variable(name) for name in frame}
    variables["approval"] = Variable("approval", measure="ordinal", labels=labels)
    variables["region"] = Variable(
        "region", measure="nominal", labels={1.0: "East", 2.0: "Central", 3.0: "West"}
    )
    variables["income"] = Variable("income", missing=(MissingCode(-2.0, "refused", "refused"),))
    marks = {"income": np.where(gone, 1, 0).astype(np.int16)}
    answers = Answers(frame, variables, marks, source="test")
    strata = [rng.integers(0, 5, n)]
    return Sample(answers, make_design(rng.uniform(0.5, 2, n), strata=strata))


def of(wanted: Wanted, sample: Sample):
    return measure(wanted, sample, lambda _: pytest.fail("no model is asked"), {})


def test_a_share_in_a_group_is_that_of_the_estimator(sample: Sample):
    found = of(Wanted(Share((("approval", (3.0, 4.0)),)), URBAN), sample)
    urban = sample.answers.array("residence") == 1
    rows = est.share(sample, "approval", [3, 4], where=urban).rows
    assert found.value == pytest.approx(sum(r.value for r in rows))
    assert found.n == rows[0].n
    one = of(Wanted(Share((("approval", (4.0,)),)), URBAN), sample)
    assert (one.value, one.se) == pytest.approx((rows[1].value, rows[1].se))
    assert one.low < one.value < one.high


def test_a_mean_in_a_group_is_that_of_the_estimator(sample: Sample):
    found = of(Wanted(Mean("age"), URBAN), sample)
    row = est.mean(sample, "age", where=sample.answers.array("residence") == 1).rows[0]
    assert (found.value, found.se, found.n) == pytest.approx((row.value, row.se, row.n))
    assert (found.low, found.high) == pytest.approx((row.low, row.high))


def test_several_variables_must_all_hold(sample: Sample):
    found = of(Wanted(Share((("other", (1.0,)), ("ticked", (1.0,))))), sample)
    frame, weights = sample.answers.frame, sample.design.weights
    yes = ((frame["ticked"] == 1) & (frame["other"] == 1)).to_numpy()
    assert found.value == pytest.approx(weights[yes].sum() / weights.sum())


def test_a_share_of_everybody_counts_those_without_an_answer(sample: Sample):
    income, weights = sample.answers.array("income"), sample.design.weights
    everybody = of(Wanted(Share((("income", (1.0,)),), "everybody")), sample)
    valid = of(Wanted(Share((("income", (1.0,)),))), sample)
    refused = of(Wanted(Share((("income", ("refused",)),), "everybody")), sample)
    assert everybody.n == 400
    assert valid.n == int((~np.isnan(income)).sum())
    assert everybody.value == pytest.approx(weights[income == 1].sum() / weights.sum())
    assert valid.value == pytest.approx(everybody.value / (1 - refused.value))
    assert refused.value == pytest.approx(weights[np.isnan(income)].sum() / weights.sum())


def test_a_distribution_adds_up(sample: Sample):
    parts = tuple((float(k),) for k in range(1, 5))
    found = of(Wanted(Distribution("approval", parts), URBAN), sample)
    assert sum(p.value for p in found.parts) == pytest.approx(1)
    assert np.isnan(found.value)


def test_a_change_is_the_difference_of_two_means(sample: Sample):
    start, end = (("region", (1.0,)),), (("region", (2.0,)),)
    plain = of(Wanted(Change("age", start, end)), sample)
    relative = of(Wanted(Change("age", start, end, True)), sample)
    first, last = est.mean(sample, "age", by="region").rows[:2]
    assert plain.value == pytest.approx(last.value - first.value)
    assert plain.se == pytest.approx(np.hypot(first.se, last.se), rel=0.03)
    assert relative.value == pytest.approx(last.value / first.value - 1)
    ratio = last.value / first.value * np.hypot(first.se / first.value, last.se / last.value)
    assert relative.se == pytest.approx(ratio, rel=0.03)
    assert plain.p > 0.05
    both = of(Wanted(Change("age", start, start)), sample)
    assert (both.n, both.detail) == (0, "somebody is in both groups of a difference")


def test_coefficients_by_name_and_by_term(sample: Sample):
    fitted = fit_ordinal(sample, "approval ~ age + region").fitted

    def asked(*of: Coefficient):
        return measure(Wanted(Coefficients(of)), sample, lambda _: fitted, {})

    age = asked(Coefficient("m", "age"))
    place = fitted.names.index("age")
    assert age.value == pytest.approx(float(fitted.coefficients[place]))
    assert age.se == pytest.approx(float(fitted.standard_errors[place]))
    assert age.p < 0.001
    assert asked(Coefficient("m", "age", True)).value == -age.value
    region = asked(Coefficient("m", "region"))
    assert region.p == pytest.approx(wald_terms(fitted, "region").p)
    assert [p.detail for p in region.parts] == ["regionCentral", "regionWest"]
    both = asked(Coefficient("m", "age"), Coefficient("m", "regionWest"))
    assert [p.value for p in both.parts] == [age.value, region.parts[1].value]
    assert asked(Coefficient("m", "sex")).detail == 'model "m" has no coefficient "sex"'


def test_bases_are_the_numbers_that_a_printed_n_may_be(sample: Sample):
    where = (("region", (1.0,)), ("residence", (1.0,)))
    found = of(Wanted(Share((("ticked", (1.0,)),)), where), sample)
    frame = sample.answers.frame
    east, urban = frame["region"] == 1, frame["residence"] == 1
    assert found.bases == tuple(sorted({400, east.sum(), urban.sum(), (east & urban).sum()}))
    assert found.n == (east & urban).sum()


def test_who_is_outside_the_sample_counts_nowhere(sample: Sample):
    men = sample.within(sample.answers.array("other") == 1)
    found = of(Wanted(Share((("ticked", (1.0,)),))), men)
    assert found.bases == (found.n,) == (int((sample.answers.array("other") == 1).sum()),)


def test_what_a_wave_cannot_give(sample: Sample):
    nobody = of(Wanted(Mean("age"), (("region", (9.0,)),)), sample)
    assert nobody.n == 0
    assert "nobody" in nobody.detail
    assert measure(Wanted(Rate("finished")), sample, None, {}).detail == (
        'the wave keeps no rate "finished"'
    )
    for outside in (1.2, -0.1, float("nan")):
        found = measure(Wanted(Rate("finished")), sample, None, {"finished": (outside, 100)})
        assert found.n == 0
        assert 'the rate "finished" lies outside 0 to 1' in found.detail
    rate = measure(Wanted(Rate("finished")), sample, None, {"finished": (0.64, 100)})
    assert (rate.value, rate.n, rate.se) == (0.64, 100, pytest.approx(0.048))
