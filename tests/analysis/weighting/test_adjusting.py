"""Calibration, post-stratification, trimming and their reports."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from polls import MARGINS, changed, of, poll, shares

from scslab.analysis.replicates import with_replicates
from scslab.analysis.sample import Sample
from scslab.analysis.weighting.calibrate import calibrate
from scslab.analysis.weighting.diagnostics import kish, make_report, weighting_table
from scslab.analysis.weighting.distances import ratio_of, solve
from scslab.analysis.weighting.margins import margins
from scslab.analysis.weighting.poststratify import poststratify
from scslab.analysis.weighting.rake import rake
from scslab.analysis.weighting.trim import trim
from scslab.core.errors import ScslabError

INCOME = 3300.0 * 300


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [
        ("linear", (-np.inf, np.inf)),
        ("raking", (-np.inf, np.inf)),
        ("linear", (0.3, 2.6)),
        ("raking", (0.3, 2.6)),
        ("logit", (0.3, 2.6)),
    ],
)
def test_margins_and_totals_are_met_within_bounds(kind, bounds):
    start = np.random.default_rng(0).uniform(0.9, 1.1, 300)
    start *= 300 / start.sum()
    base = poll(weights=start)
    found, report = calibrate(base, MARGINS, totals={"income": INCOME}, kind=kind, bounds=bounds)
    weights = found.design.weights
    for name, told in MARGINS.items():
        assert shares(found, name) == pytest.approx(told, abs=1e-8)
    assert weights @ base.number("income") == pytest.approx(INCOME)
    assert weights.sum() == pytest.approx(300)
    ratio = weights / start
    assert bounds[0] - 1e-12 <= ratio.min() and ratio.max() <= bounds[1] + 1e-12
    assert report.off <= 1e-9
    assert report.levels[-1].variable == "income"
    assert report.levels[-1].after == pytest.approx(INCOME)


def test_raking_to_margins_alone_is_raking():
    one = calibrate(poll(), MARGINS, kind="raking")[0].design.weights
    assert one == pytest.approx(rake(poll(), MARGINS, tolerance=1e-12)[0].design.weights, rel=1e-7)


def test_linear_calibration_is_the_regression_estimator():
    """Weights give the total that a weighted regression predicts (Sarndal and others 1992)."""
    rng = np.random.default_rng(3)
    start, base = rng.uniform(1, 3, 300), poll()
    x = np.column_stack([np.ones(300), base.number("income")])
    goal = np.array([620.0, 620 * 3100.0])
    base = of(base.answers.frame, start)
    found = calibrate(base, totals={"income": goal[1]}, size=620)[0].design.weights
    y = rng.normal(size=300)
    slope = np.linalg.solve((x * start[:, None]).T @ x, (x * start[:, None]).T @ y)
    assert found @ y == pytest.approx(start @ y + (goal - start @ x) @ slope)


def test_the_logit_ratio_is_within_bounds_and_its_slope_right():
    u = np.linspace(-900, 900, 4001)
    ratio, slope = ratio_of("logit", u, 0.4, 2.0)
    assert ratio.min() >= 0.4 and ratio.max() <= 2.0
    assert ratio_of("logit", np.zeros(1), 0.4, 2.0)[0][0] == pytest.approx(1)
    step = 1e-6
    near = np.linspace(-2, 2, 9)
    up, down = (ratio_of("logit", near + s, 0.4, 2.0)[0] for s in (step, -step))
    assert (up - down) / (2 * step) == pytest.approx(ratio_of("logit", near, 0.4, 2.0)[1], rel=1e-6)
    assert ratio_of("logit", np.zeros(1), 0.4, 2.0)[1][0] == pytest.approx(1)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("kind", ["linear", "raking", "logit"])
def test_bounded_calibration_fails_only_where_it_must(kind):
    """Feasible by construction: the targets are those of ratios within the bounds."""
    rng = np.random.default_rng(7)
    for _ in range(60):
        x = np.column_stack([np.ones(60), rng.random((60, 2)) < 0.4, rng.normal(2, 1, 60)])
        start, low, high = rng.uniform(0.5, 2, 60), rng.uniform(0.1, 0.9), rng.uniform(1.1, 2.5)
        inner = rng.uniform(low + 0.01, high - 0.01, 60)
        found = solve(x, start, (start * inner) @ x, kind, low, high)
        assert found.converged
        assert (start * found.ratio) @ x == pytest.approx((start * inner) @ x, rel=1e-7)


def test_negative_weights_are_counted():
    base = poll()
    report = calibrate(base, totals={"income": 9000.0 * 300}, size=300)[1]
    assert report.smallest < 0
    assert "weights are negative; bounds prevent that" in report.notes[0]


@pytest.mark.parametrize(
    ("sample", "given", "more", "message"),
    [
        (poll(), None, {}, "nothing to calibrate to"),
        (poll(), MARGINS, {"kind": "logti", "bounds": (0.5, 2)}, 'did you mean "logit"'),
        (poll(), MARGINS, {"kind": "logit"}, "logit calibration needs two bounds around 1"),
        (poll(), MARGINS, {"bounds": (2, 0.5)}, "bounds the wrong way round"),
        (
            poll(),
            {"age": {"young": 0.4, "middle": 0.3, "old": 0.3}},
            {"bounds": (0.5, 2)},
            'margin "age": these bounds keep "old" from its target\n'
            "  got: it reaches 3.333 to 13.33 %; the target is 30 %\n"
            "  try: bounds that hold 0.75 and 4.5",
        ),
        (
            poll(),
            margins({"sex": {"f": 3000, "m": 3000}}),
            {"bounds": (0.5, 2)},
            "bounds 0.5 to 2: these bounds keep the weights from summing to the population\n"
            "  got: the weights sum to 300, the population is 6,000: 20 times",
        ),
        (
            poll(),
            {"sex": {"f": 0.6, "m": 0.4}, "age": {"young": 0.3, "middle": 0.58, "old": 0.12}},
            {"bounds": (0.45, 2.3), "kind": "logit"},
            "without any, raking's ratios run from ",
        ),
        (
            changed(poll(), income=np.r_[np.nan, np.ones(299)]),
            None,
            {"totals": {"income": 1.0}},
            'missing answers in "income"\n  got: 1 of 300 respondents (0.3 %)',
        ),
        (poll(), None, {"totals": {"sex": 1.0}}, "not a number"),
        (
            poll(),
            margins({"sex": {"f": 3000, "m": 3000}}),
            {"size": 5000},
            "size 5,000, margins of 6,000",
        ),
    ],
)
def test_what_cannot_be_calibrated_is_told(sample, given, more, message):
    with pytest.raises(ScslabError) as told:
        calibrate(sample, given, **more)
    assert message in str(told.value)


def test_post_stratification_needs_one_margin():
    with pytest.raises(ScslabError, match="to one margin"):
        poststratify(poll(), MARGINS)
    found, report = poststratify(poll(), {"age": MARGINS["age"]})
    assert shares(found, "age") == pytest.approx(MARGINS["age"])
    assert report.rounds == 1


def test_trimming_keeps_the_total_and_says_what_it_left():
    start = np.array([1.0, 1, 1, 1, 5, 3])
    base = of(pd.DataFrame(index=range(6)), start)
    once, report = trim(base, 2.2)
    assert once.design.weights.tolist() == pytest.approx([1.9, 1.9, 1.9, 1.9, 2.2, 2.2])
    assert report.notes[0] == "2 of 6 weights were out of bounds"
    uneven = of(pd.DataFrame(index=range(4)), np.array([1.0, 1.9, 2.0, 5.1]))
    left = trim(uneven, 2.6)[1].notes[1]
    assert left == "2 weights are out of bounds by what they were given; strict: true"
    strict = trim(uneven, 2.6, strict=True)[0].design.weights
    assert strict.max() <= 2.6
    assert strict.sum() == pytest.approx(10)
    in_means = trim(uneven, 1.04, strict=True, in_means=True)[0].design.weights
    assert in_means == pytest.approx(strict)


def test_trimming_says_that_margins_are_lost():
    raked = rake(poll(), MARGINS)[0]
    assert "margins are not met any more" in trim(raked, 1.8)[1].notes[-1]


@pytest.mark.parametrize(
    ("bounds", "message"),
    [((0.9, 0.1), "expected: bounds around the mean weight, 2"), ((1, 1), "wrong way round")],
)
def test_bounds_that_cannot_keep_the_total(bounds, message):
    base = of(pd.DataFrame(index=range(3)), np.array([1.0, 2, 3]))
    with pytest.raises(ScslabError) as told:
        trim(base, *bounds, strict=True)
    assert message in str(told.value)


def test_replicates_are_trimmed_alike_and_zeros_stay():
    base = poll(weights=np.random.default_rng(0).uniform(1, 5, 300))
    design = with_replicates(base.design, "JK1")
    found = trim(Sample(base.answers, design), 4.5, 1.5, strict=True)[0].design.replicates.weights
    assert (np.diag(found) == 0).all()
    assert found.max() <= 4.5
    assert found[found > 0].min() >= 1.5
    assert found.sum(axis=0) == pytest.approx(design.replicates.weights.sum(axis=0))


def test_kish():
    """1 + CV^2 with the CV of the population formula; only respondents in the domain count."""
    weights = np.random.default_rng(2).uniform(0.2, 3, 200)
    found = kish(np.r_[weights, np.zeros(50)])
    assert found.deff == pytest.approx(1 + (weights.std() / weights.mean()) ** 2)
    assert found.effective_n == pytest.approx(200 / found.deff)
    # The usual 3.1 points at n = 1,000.
    assert kish(np.ones(1000)).margin_of_error == pytest.approx(3.099, abs=5e-4)


def test_the_table_has_margins_and_the_price():
    report = rake(poll(), margins(MARGINS, source="a census"), cap=2.2)[1]
    table = weighting_table(report)
    rows = {row.cells[0]: row for row in table.rows}
    assert rows["sex"].kind == "heading"
    name, n, target, before, after = rows["old"].cells
    assert (n, target) == (20, 0.1)
    assert before == pytest.approx(20 / 300)
    assert after == pytest.approx(0.1)
    price = rows["Design effect of the weights (Kish)"].cells
    assert price[3] == 1 and price[4] == pytest.approx(report.after.deff) and price[4] > 1
    assert rows["Respondents at the cap"].cells[4] == report.at_cap
    assert table.n == 300
    assert "Targets: a census" in table.notes
    assert any(name.startswith("Margin of error") for name in rows)


def test_without_a_probability_sample_nothing_is_called_a_margin_of_error():
    report = make_report("raking", np.ones(4), np.array([1.0, 1, 1, 2]), synthetic=True)
    table = weighting_table(report, probability=False)
    said = " ".join(str(row.cells[0]) for row in table.rows)
    assert "argin of error" not in said
    assert "not drawn by chance" in " ".join(table.notes)
    assert table.synthetic
