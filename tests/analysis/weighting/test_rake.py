"""Raking a sample: invariants, and an error that says why for whatever cannot be met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from polls import MARGINS, changed, of, poll, shares

from scslab.analysis.replicates import with_replicates
from scslab.analysis.sample import Sample
from scslab.analysis.variance import covariance
from scslab.analysis.weighting.calibrate import calibrate
from scslab.analysis.weighting.margins import margins
from scslab.analysis.weighting.rake import rake
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Variable


def test_shares_are_the_targets_and_the_total_stays():
    start = np.random.default_rng(0).uniform(0.5, 2, 300)
    found, report = rake(poll(weights=start), MARGINS)
    for name, told in MARGINS.items():
        assert shares(found, name) == pytest.approx(told, abs=2e-9)
    assert found.design.weights.sum() == pytest.approx(start.sum())
    assert report.off <= 1e-9
    assert max(abs(level.after - level.target) for level in report.levels) <= 1e-9


def test_a_population_s_total_is_taken():
    counts = {"sex": {"f": 600, "m": 1400}, "region": {"East": 700, "Central": 700, "West": 600}}
    assert rake(poll(), counts)[0].design.weights.sum() == pytest.approx(2000)


def test_scaling_the_start_weights_changes_no_share():
    start = np.random.default_rng(0).uniform(0.5, 2, 300)
    one, _ = rake(poll(weights=start), MARGINS, cap=2.5)
    other, _ = rake(poll(weights=start * 1234.5), MARGINS, cap=2.5)
    assert other.design.weights / 1234.5 == pytest.approx(one.design.weights, rel=1e-9)


def test_permuting_rows_permutes_weights():
    start = np.random.default_rng(0).uniform(0.5, 2, 300)
    order = np.random.default_rng(1).permutation(300)
    whole = poll(weights=start)
    mixed = of(whole.answers.frame.iloc[order].reset_index(drop=True), start[order])
    for cap in (None, 2.5):
        one, other = (rake(s, MARGINS, cap=cap)[0].design.weights for s in (whole, mixed))
        assert other == pytest.approx(one[order], rel=1e-12)


def test_a_category_that_nobody_chose_changes_nothing():
    sample = poll()
    kinds = pd.Categorical(sample.answers.frame["region"], ["North", "West", "East", "Central"])
    more = MARGINS | {"region": MARGINS["region"] | {"North": 0.0}}
    one = rake(sample, MARGINS)[0].design.weights
    assert rake(sample, more)[0].design.weights == pytest.approx(one, rel=1e-14)
    assert rake(changed(sample, region=kinds), MARGINS)[0].design.weights == pytest.approx(one)


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("cap", [2.15, 2.4, 3])
def test_the_cap_is_respected_exactly(cap, same):
    start = None if same else np.random.default_rng(0).uniform(0.7, 1.4, 300)
    found, report = rake(poll(weights=start), MARGINS, cap=cap)
    weights = found.design.weights
    assert weights.max() / weights.mean() <= cap
    assert report.off <= 1e-9
    if weights.max() / weights.mean() > cap * (1 - 1e-9):
        at_cap = (weights > weights.mean() * cap * (1 - 1e-9)).mean()
        assert report.at_cap == pytest.approx(at_cap)
        assert report.at_cap > 0


def test_a_cap_beyond_all_weights_changes_nothing():
    one, other = rake(poll(), MARGINS)[0], rake(poll(), MARGINS, cap=50)[0]
    assert other.design.weights == pytest.approx(one.design.weights, rel=1e-12)


def test_codes_serve_where_labels_do_not():
    frame = pd.DataFrame({"sex": [1.0, 2.0, 2.0, 2.0]})
    variable = Variable("sex", labels={1.0: "female", 2.0: "male"})
    sample = Sample(Answers(frame, {"sex": variable}), of(frame).design)
    by_label = rake(sample, {"sex": {"female": 0.5, "male": 0.5}})[0]
    by_code = rake(sample, {"sex": {1: 0.5, 2: 0.5}})[0]
    assert by_label.design.weights == pytest.approx([2, 2 / 3, 2 / 3, 2 / 3])
    assert (by_code.design.weights == by_label.design.weights).all()


def test_only_the_domain_is_weighted():
    whole = poll()
    east = (whole.answers.frame["region"] == "East").to_numpy()
    found, report = rake(whole.within(east), {"sex": MARGINS["sex"]})
    assert (found.design.weights[~east] == 0).all()
    assert found.design.weights.sum() == pytest.approx(east.sum())
    assert report.n == east.sum()
    values = found.design.weights[:, None] * np.ones((300, 1))
    # The size of the domain is fixed by the margins, so it has no variance left.
    assert covariance(found.design, np.ones(1), values)[0, 0] == pytest.approx(0, abs=1e-12)


def test_margins_have_no_variance_left():
    found, _ = rake(poll(), MARGINS)
    old = (found.answers.frame["age"] == "old").to_numpy(float)[:, None]
    influence = found.design.weights[:, None] * (old - 0.1) / 300
    plain = replace(found.design, adjustments=())
    assert covariance(plain, np.zeros(1), influence)[0, 0] > 1e-5
    assert covariance(found.design, np.zeros(1), influence)[0, 0] < 1e-12


def test_every_replicate_meets_the_margins():
    base = poll()
    design = with_replicates(base.design, "bootstrap", count=20, seed=3)
    found, _ = rake(Sample(base.answers, design), MARGINS, cap=3.0)
    drawn = design.replicates.weights.T  # the start weights are 1
    for column, times in zip(found.design.replicates.weights.T, drawn, strict=True):
        one = Sample(found.answers, replace(found.design, weights=column))
        assert shares(one, "age") == pytest.approx(MARGINS["age"], abs=2e-9)
        each = column[times > 0] / times[times > 0]
        assert each.max() <= 3.0 * column.sum() / times.sum()
    assert found.design.adjustments == ()


def without(sample: Sample, **columns: str) -> Sample:
    """Nobody of a region is of a sex: those who are become the other."""
    frame = sample.answers.frame
    return changed(sample, sex=np.where(frame["region"] == "East", "m", frame["sex"]))


def gaps(sample: Sample) -> Sample:
    return changed(sample, sex=sample.answers.frame["sex"].where(np.arange(300) >= 12, None))


def parity() -> Sample:
    """Two of three categories tell the third: no pair of margins shows the contradiction."""
    k = np.arange(200) % 4
    frame = pd.DataFrame({"a": k // 2, "b": k % 2, "c": (k // 2 + k % 2) % 2}).astype(float)
    return of(frame)


def slow() -> Sample:
    """Meeting the margins takes weights of 0 for men in the West: rounds come near, slowly."""
    return without(poll())


TIGHT = {"sex": {"f": 0.75, "m": 0.25}, "region": {"East": 0.5, "Central": 0.3, "West": 0.2}}


@pytest.mark.parametrize(
    ("sample", "figures", "more", "message"),
    [
        (
            poll(),
            {"sex": {"f": 0.4, "m": 0.5, "other": 0.1}},
            {},
            'margin "sex": target category "other" has no respondent\n'
            '  got: no category "other" in "sex"; its target is 10 %\n'
            "  try: known: f, m",
        ),
        (
            poll(),
            {"age": {"young": 0.5, "middle": 0.5}},
            {},
            'margin "age": respondents of category "old" have no target\n'
            '  got: 20 respondents of "old"; 20 of 300 without a target in all\n'
            "  try: give the category a target, or weight within a domain without it",
        ),
        (
            poll().within((poll().answers.frame["age"] != "old").to_numpy()),
            {"age": MARGINS["age"]},
            {},
            'margin "age": target category "old" has no respondent\n'
            "  got: 0 respondents; its target is 10 %",
        ),
        (
            poll(),
            {"age": {"young": 0.5, "middle": 0.5, "old": 0}},
            {},
            'the target of category "old" is 0, but it has respondents\n  got: 20 respondents',
        ),
        (
            poll(),
            {"age": {"yuong": 0.5, "middle": 0.4, "old": 0.1}},
            {},
            'did you mean "young"?',
        ),
        (poll(), {"gender": {"f": 1.0}}, {}, 'margin "gender" is of a variable'),
        (
            gaps(poll()),
            {"sex": MARGINS["sex"]},
            {},
            'margin "sex": missing answers in "sex"\n'
            "  got: 12 of 300 respondents (4.0 %)\n"
            "  expected: an answer of everybody who is weighted\n"
            "  try: give them a category and a target of their own, or weight within the domain "
            "of those who answered",
        ),
        (
            without(poll()),
            {"sex": {"f": 0.6, "m": 0.4}, "region": {"East": 0.5, "Central": 0.3, "West": 0.2}},
            {},
            'margin "sex": no weights of these respondents meet all margins\n'
            '  got: "f" comes to 50 % and its target is 60 %: 10 points off after 100 rounds\n'
            '  why: all respondents of region "East" are of sex "m"; the targets are 50 % and '
            "40 %, 10 points too many",
        ),
        (
            parity(),
            {"a": {0: 0.9, 1: 0.1}, "b": {0: 0.9, 1: 0.1}, "c": {0: 0.3, 1: 0.7}},
            {},
            'margin "a": no weights of these respondents meet all margins\n'
            '  got: "0" comes to 57.2 % and its target is 90 %: 32.8 points off',
        ),
        (
            slow(),
            {"sex": {"f": 0.5, "m": 0.5}, "region": {"East": 0.5, "Central": 0.3, "West": 0.2}},
            {},
            "the margins are not met yet\n",
        ),
        (
            poll(),
            {"age": {"young": 0.4, "middle": 0.3, "old": 0.3}},
            {"cap": 2},
            'margin "age": the cap of 2 keeps "old" from its target\n'
            "  got: 20 of 300 respondents reach 13.33 % at most; the target is 30 %\n"
            "  try: a cap of 4.5 or more, or join small categories",
        ),
        (
            poll(),
            TIGHT | {"age": {"young": 0.2, "middle": 0.7, "old": 0.1}},
            {"cap": 2.5},
            "the cap of 2.5 keeps the margins from being met\n",
        ),
        (
            poll(),
            MARGINS,
            {"cap": 1},
            "a cap on weights must be above 1\n  got: 1\n"
            "  expected: a number of mean weights, such as 2.0",
        ),
        (poll().within(np.zeros(300, dtype=bool)), MARGINS, {}, "nobody to weight"),
    ],
)
def test_what_cannot_be_met_is_told(sample, figures, more, message):
    with pytest.raises(ScslabError) as told:
        rake(sample, figures, **more)
    assert message in str(told.value)


def test_the_smallest_cap_that_is_told_does():
    figures = TIGHT | {"age": {"young": 0.2, "middle": 0.7, "old": 0.1}}
    with pytest.raises(ScslabError) as told:
        rake(poll(), figures, cap=2.5)
    cap = float(told.value.hint.split()[3])
    assert rake(poll(), figures, cap=cap)[1].off <= 1e-9
    with pytest.raises(ScslabError, match="keeps|not met yet"):
        rake(poll(), figures, cap=cap - 0.05)


def test_a_replicate_that_lost_a_category_is_named():
    frame = pd.DataFrame({"sex": ["f", "m", "m", "m"]}).astype(object)
    base = of(frame)
    jackknifed = Sample(base.answers, with_replicates(base.design))
    with pytest.raises(ScslabError) as told:
        rake(jackknifed, {"sex": MARGINS["sex"]})
    assert 'no respondent of "f" has a weight in replicate 1' in str(told.value)


def test_negative_weights_are_not_raked():
    lowered = calibrate(poll(), totals={"income": 9000.0 * 300}, size=300)[0]
    with pytest.raises(ScslabError, match="negative weights cannot be raked"):
        rake(lowered, MARGINS)


def test_notes_of_rounded_margins_reach_the_report():
    given = margins({"sex": {"f": 0.4, "m": 0.61}}, rescale=True, source="a census")
    report = rake(poll(), given)[1]
    assert report.source == "a census"
    assert report.notes == ("sex: figures sum to 1.01, brought to 1 (-0.99 %)",)
