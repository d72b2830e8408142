"""Conjoint experiments: reshaping keeps the design, truth is found, checks see what is wrong."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from indirect_samples import frame, sample_of

from scslab.analysis.design import Replicates, make_design
from scslab.analysis.indirect.conjoint import amce, conjoint_differences, marginal_means
from scslab.analysis.indirect.conjoint_checks import conjoint_checks
from scslab.analysis.indirect.conjoint_data import conjoint_long, conjoint_names

WHO = {"respondent": "id", "task": "task"}
JOBS = ["job", "school", "origin"]


def profiles(**changes):
    return sample_of(frame("profiles").assign(**changes), weights="weight", strata="stratum")


def wide_frame() -> pd.DataFrame:
    long = frame("profiles")
    wide = long.drop_duplicates("id").set_index("id")[["weight", "stratum", "party"]]
    for (task, profile), part in long.groupby(["task", "profile"]):
        part = part.set_index("id")
        for name in [*JOBS, "rating"]:
            wide[f"{name}_{task}_{profile}"] = part[name]
    for task, part in long[long["chosen"] == 1].groupby("task"):
        wide[f"choice_{task}"] = part.set_index("id")["profile"]
    return wide.reset_index()


def long_from_wide(**more):
    wide = sample_of(wide_frame(), weights="weight", strata="stratum")
    names = conjoint_names("{attribute}_{task}_{profile}", JOBS, 4, 2)
    return conjoint_long(wide, names, keep=["party"], **more)


def test_wide_answers_give_what_long_ones_give() -> None:
    made = long_from_wide(chosen=[f"choice_{t}" for t in range(1, 5)])
    assert made.answers.n == 2400
    ours = amce(made, "chosen", JOBS, "respondent", task="task")
    known = amce(profiles(), "chosen", JOBS, **WHO)
    np.testing.assert_allclose(ours.estimates, known.estimates, rtol=1e-10)
    np.testing.assert_allclose(ours.standard_errors, known.standard_errors, rtol=1e-10)
    assert ours.df == known.df
    ratings = long_from_wide(ratings=[[f"rating_{t}_{p}" for p in (1, 2)] for t in range(1, 5)])
    found = marginal_means(ratings, "rating", ["origin"], "respondent", by="party")
    expected = marginal_means(profiles(), "rating", ["origin"], "id", by="party")
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=1e-10)


def test_choices_may_be_labels_and_missing() -> None:
    data = wide_frame()
    data["choice_1"] = data["choice_1"].astype(float)
    data.loc[:9, "choice_1"] = np.nan
    labels = {f"choice_{t}": {1: "left", 2: "right"} for t in range(1, 5)}
    wide = sample_of(data, weights="weight", strata="stratum", labels=labels)
    names = conjoint_names("{attribute}_{task}_{profile}", JOBS, 4, 2)
    choices = [f"choice_{t}" for t in range(1, 5)]
    made = conjoint_long(wide, names, chosen=choices, codes=["left", "right"])
    found = marginal_means(made, "chosen", ["job"], "respondent", task="task")
    assert found.rows == 2400 - 20
    assert found.notes[-1] == "Left out of the sample: 20 without a choice in the task (chosen)."


def test_finite_populations_replicates_and_margins_of_respondents_are_kept() -> None:
    data = wide_frame()
    names = conjoint_names("{attribute}_{task}_{profile}", ["origin"], 4, 2)
    choices = [f"choice_{t}" for t in range(1, 5)]
    wide = sample_of(data, weights="weight", strata="stratum")

    def error(design) -> float:
        made = conjoint_long(replace(wide, design=design), names, chosen=choices)
        return float(marginal_means(made, "chosen", ["origin"], "respondent").standard_errors[0])

    plain = make_design(data["weight"].to_numpy())
    half = make_design(data["weight"].to_numpy(), fpc=[np.full(300, 600.0)])
    assert error(half) == pytest.approx(error(plain) * np.sqrt(0.5))
    jackknifed = data["weight"].to_numpy()[:, None] * (1 - np.eye(300)) * 300 / 299
    jack = Replicates(jackknifed, 299 / 300, np.ones(300), True, "JK1")
    assert error(replace(plain, replicates=jack)) == pytest.approx(error(plain), rel=0.02)

    class Everything:
        """Margins that explain all: nothing is left to vary."""

        def residuals(self, influence):
            assert len(influence) == 300
            return influence * 0.5

    assert error(replace(plain, adjustments=(Everything(),))) == pytest.approx(error(plain) / 2)


def drawn(rng, people, *, tasks=4, carry=0.0) -> pd.DataFrame:
    """Forced choices with effects of b = 0.5, c = 1 on a utility with logistic errors."""
    n = people * tasks * 2
    level = rng.integers(0, 3, n)
    colour = rng.integers(0, 2, n)
    task = np.tile(np.repeat(np.arange(tasks), 2), people)
    taste = np.repeat(rng.normal(0, 0.5, people), tasks * 2)
    utility = level * 0.5 + (level == 2) * taste + carry * (task > 0) * colour + rng.gumbel(size=n)
    best = utility.reshape(-1, 2).argmax(axis=1)
    return pd.DataFrame(
        {
            "id": np.repeat(np.arange(people), tasks * 2),
            "task": task,
            "profile": np.tile([1, 2], people * tasks),
            "level": np.array(["a", "b", "c"])[level],
            "colour": np.array(["blue", "red"])[colour],
            "chosen": (np.tile([0, 1], people * tasks) == np.repeat(best, 2)).astype(float),
            "age": np.repeat(rng.normal(40, 10, people), tasks * 2),
        }
    )


def test_intervals_hold_the_truth_95_times_in_100() -> None:
    rng = np.random.default_rng(21)
    big = amce(sample_of(drawn(rng, 60_000)), "chosen", ["level", "colour"], **WHO)
    means = marginal_means(sample_of(drawn(rng, 60_000)), "chosen", ["level"], **WHO)
    hits = []
    for _ in range(200):
        sample = sample_of(drawn(rng, 150))
        low, high = amce(sample, "chosen", ["level", "colour"], **WHO).intervals.T
        inside = (low <= big.estimates) & (big.estimates <= high)
        low, high = marginal_means(sample, "chosen", ["level"], **WHO).intervals.T
        hits.append([*inside, *((low <= means.estimates) & (means.estimates <= high))])
    assert (np.abs(np.mean(hits, axis=0) - 0.95) < 0.05).all(), np.mean(hits, axis=0)


def test_clusters_of_respondents_count_where_tastes_differ() -> None:
    rng = np.random.default_rng(22)
    data = drawn(rng, 400, tasks=12)
    sample = sample_of(data)
    by_person = amce(sample, "chosen", ["level"], **WHO)
    alone = amce(
        sample_of(data.assign(id=np.arange(len(data)))), "chosen", ["level"], "id", forced=True
    )
    np.testing.assert_allclose(by_person.estimates, alone.estimates)
    assert by_person.standard_errors[1] > 1.03 * alone.standard_errors[1]


def test_marginal_means_of_forced_choices_average_to_a_half_and_test_against_it() -> None:
    found = marginal_means(profiles(), "chosen", ["origin"], **WHO)
    weights = frame("profiles").groupby("origin")["weight"].sum().to_numpy()
    assert np.average(found.estimates, weights=weights) == pytest.approx(0.5)
    assert found.null == 0.5
    t = (found.estimates - 0.5) / found.standard_errors
    assert (np.argsort(found.p_values) == np.argsort(-np.abs(t))).all()
    assert marginal_means(profiles(), "rating", ["origin"], "id").null is None


def test_scaling_weights_permuting_and_doubling_rows_change_nothing() -> None:
    data = frame("profiles")

    def of(sample):
        found = conjoint_differences(
            sample, "chosen", JOBS, "id", "party", kind="amce", forced=False
        )
        return np.concatenate([found.estimates, found.standard_errors, [found.tests[0].statistic]])

    base = of(profiles())
    made = {"weights": "weight", "strata": "stratum"}
    np.testing.assert_allclose(of(profiles(weight=data["weight"] * 5)), base, rtol=1e-8)
    mixed = data.sample(frac=1, random_state=np.random.default_rng(2))
    np.testing.assert_allclose(of(sample_of(mixed, **made)), base, rtol=1e-8)
    np.testing.assert_allclose(of(sample_of(pd.concat([data, data]), **made)), base, rtol=1e-8)


def test_the_baseline_changes_effects_by_a_constant_and_not_the_joint_test() -> None:
    one = amce(profiles(), "chosen", ["origin"], **WHO)
    other = amce(profiles(), "chosen", ["origin"], reference={"origin": "d"}, **WHO)
    assert other.names[0] == "origin: a (against d)"
    np.testing.assert_allclose(other.estimates[0], -one.estimates[2], rtol=1e-9)
    np.testing.assert_allclose(other.estimates[1] - other.estimates[0], one.estimates[0])


def test_a_conditional_mean_is_taken_only_where_asked_or_found() -> None:
    """Without the restriction, effects come from a model that adds up."""
    found = amce(profiles(), "chosen", JOBS, **WHO)
    asked = amce(profiles(), "chosen", JOBS, restricted=[("school", "job")], **WHO)
    plain = amce(profiles(), "chosen", JOBS, restricted=(), **WHO)
    np.testing.assert_allclose(found.estimates, asked.estimates)
    assert abs(found.estimates[0] - plain.estimates[0]) > 1e-6


def test_checks_see_carry_over_and_are_quiet_without() -> None:
    quiet = conjoint_checks(
        sample_of(drawn(np.random.default_rng(31), 800)),
        "chosen",
        ["level", "colour"],
        "id",
        task="task",
        profile="profile",
        covariates=["age"],
    )
    assert [t.name for t in quiet.tests] == [
        "All attributes by task",
        "level by task",
        "colour by task",
        "All attributes by profile",
        "level by profile",
        "colour by profile",
        "Balance: age by level",
        "Balance: age by colour",
    ]
    assert min(t.p for t in quiet.tests) > 0.01
    loud = conjoint_checks(
        sample_of(drawn(np.random.default_rng(32), 800, carry=1.0)),
        "chosen",
        ["level", "colour"],
        "id",
        task="task",
    )
    by_name = {t.name: t.p for t in loud.tests}
    assert by_name["colour by task"] < 1e-4
    assert loud.table().notes[0] == loud.warnings[0]


def test_an_unbalanced_lot_is_seen() -> None:
    data = drawn(np.random.default_rng(33), 500)
    data["age"] += 5 * (data["colour"] == "red")
    found = conjoint_checks(
        sample_of(data), "chosen", ["level", "colour"], "id", covariates=["age"], task=None
    )
    p = {t.name: t.p for t in found.tests}
    assert p["Balance: age by colour"] < 1e-6 < p["Balance: age by level"]


def test_without_a_task_the_table_says_that_choices_were_not_checked() -> None:
    found = amce(profiles(), "chosen", ["job"], "id")
    assert "choices were not checked" in " ".join(found.table().notes)
    figure = found.figure()
    assert (figure.rows[0].low, figure.rows[0].high) == tuple(found.intervals[0])
    assert figure.zero == 0.0
