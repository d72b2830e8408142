"""Every mistake of a user is one message."""

import numpy as np
import pytest
from indirect_samples import frame, people, sample_of

from scslab.analysis.indirect.conjoint import amce, conjoint_differences, marginal_means
from scslab.analysis.indirect.conjoint_data import conjoint_long, conjoint_names
from scslab.analysis.indirect.endorsement import endorsement_effects
from scslab.analysis.indirect.list_double import double_list
from scslab.analysis.indirect.list_experiment import list_shares
from scslab.analysis.indirect.list_regression import list_regression, predicted
from scslab.analysis.indirect.randomised_device import device_of
from scslab.analysis.indirect.randomised_regression import randomised_regression
from scslab.analysis.indirect.randomised_response import randomised_shares
from scslab.core.errors import ScslabError


def message(work) -> str:
    with pytest.raises(ScslabError) as caught:
        work()
    return str(caught.value)


def lists(count, treat, items=3, **more):
    return message(
        lambda: list_shares(sample_of({"y": count, "t": treat}), "y", "t", items, **more)
    )


def test_groups_that_are_no_experiment() -> None:
    assert lists([1, 2], [0, 0]) == (
        "treatment variable t: an experiment needs a control group and a treatment group\n"
        "  got: 1 value\n  expected: two groups or more"
    )
    assert lists([1, 2], [1, 2]) == (
        'treatment variable t: which group is the control?\n  got: "1" and "2"\n'
        "  expected: a group with code 0, or the control group named\n"
        '  try: control: "1"'
    )
    assert lists([1, 2], [1, 2], control="none") == (
        'treatment variable t: no answer "none"\n  expected: "1" and "2"'
    )
    assert lists(range(30), range(30)).startswith(
        "treatment variable t: too many groups for an experiment\n  got: 30 different values"
    )
    assert lists([1, np.nan], [0, 1]) == (
        'treatment variable t: nobody with an answer in group "1"\n'
        "  expected: respondents in every group"
    )


def test_counts_that_cannot_be() -> None:
    assert lists([4, 4, 5], [0, 1, 1]) == (
        "item count y: an item count that the list does not allow\n"
        '  got: 4 in row 1 (group "0"), and 1 more\n'
        "  expected: 0 to 3 in the control group, 0 to 4 in a treatment group\n"
        "  try: check the number of control items, and which group is the control"
    )
    assert lists([-1, 4], [0, 1]).startswith("item count y: an item count that the list does not")
    assert lists([1.5, 4, 2.5], [0, 1, 1]) == (
        "item count y: an item count that is not a whole number\n"
        "  got: 1.5 in row 1, and 1 more\n  expected: whole numbers from 0 to 4"
    )
    assert lists([1, 1], [0, 1], items=0).startswith("items: a list needs control items")


def test_groups_without_an_arm_or_direct_answer() -> None:
    data = {"y": [1, 2, 1, 2], "t": [0, 1, 0, 0], "g": [1, 1, 2, 2], "d": [0, 1, np.nan, np.nan]}
    assert message(lambda: list_shares(sample_of(data), "y", "t", 3, by="g")) == (
        'list experiment by t: group "2" has no respondent in one of the arms\n'
        "  try: join small groups"
    )
    data["t"] = [0, 1, 0, 1]
    assert "no direct answer" in message(
        lambda: list_shares(sample_of(data), "y", "t", 3, by="g", direct="d")
    )
    data["d"] = [1, 2, 2, 1]
    assert message(lambda: list_shares(sample_of(data), "y", "t", 3, direct="d")) == (
        'd: a yes-no question with other values than 0 and 1\n  got: "1" and "2"\n'
        "  expected: 0 (no) and 1 (yes), or the answer that counts as yes\n"
        '  try: yes: "2"'
    )
    found = list_shares(sample_of(data), "y", "t", 3, direct="d", direct_yes=2)
    assert found.estimates[1] == 0.5
    data["t"] = [0, 1, 2, 0]
    assert "a direct question goes with one sensitive item" in message(
        lambda: list_shares(sample_of(data), "y", "t", 3, direct="d", direct_yes=2)
    )
    assert "two lists need two groups" in message(
        lambda: double_list(sample_of(data), "y", "y", "t", (3, 3))
    )


def regression(covariates="~ age10", **more) -> str:
    return message(lambda: list_regression(people(), "count", "treat", 3, covariates, **more))


def test_choices_of_a_list_regression() -> None:
    assert regression(method="em") == 'method: no method "em"\n  expected: one of ml, nls, linear'
    assert "has no model of hiding" in regression(method="nls", ends="floor")
    assert "need the same control model for everybody" in regression(
        ends="floor", control_model="separate"
    )
    assert "a covariate is a combination of others" in regression("~ age10 + I(2 * age10)")
    assert "a covariate is a combination of others" in regression(
        "~ age10 + I(2 * age10)", method="linear"
    )
    model = list_regression(people(), "count", "treat", 3, "~ age10")
    assert message(lambda: predicted(model, np.ones((1, 3)), ("a",))) == (
        "these rows do not fit the model\n  got: 3 columns, 1 labels for 1 rows\n"
        "  expected: 2 columns: (Intercept), age10"
    )


def test_a_share_of_nobody_in_one_category_has_no_finite_fit() -> None:
    rng = np.random.default_rng(4)
    n = 2000
    x, t = rng.integers(0, 2, n), rng.integers(0, 2, n)
    y = rng.binomial(3, 0.3, n) + t * (x == 1)
    found = message(
        lambda: list_regression(sample_of({"y": y, "t": t, "x": x}), "y", "t", 3, "~ x")
    )
    assert "has no finite best fit" in found


def test_devices_that_tell_nothing_or_cannot_be() -> None:
    assert message(lambda: device_of("mirrored", 0.5)) == (
        "randomised response (mirrored): p = 0.5 in this design: answers tell nothing of the truth"
        "\n  got: p = 0.5\n  expected: a p other than 0.5\n"
        "  why: P(yes) does not change with the share"
    )
    assert "a probability outside 0-1" in message(lambda: device_of("mirrored", 1.2))
    assert 'no design "kuk"' in message(lambda: device_of("kuk", 0.7))
    assert "how often is a yes forced?" in message(lambda: device_of("forced", 0.5))
    assert message(lambda: device_of("forced", 0.5, forced_yes=0.2, forced_no=0.2)) == (
        "randomised response (forced): the probabilities of truth, forced yes and forced no do not "
        "add up to 1\n  got: 0.5 + 0.2 + 0.2"
    )
    assert "do not add up to 1" in message(lambda: device_of("forced", 0.8, forced_yes=0.4))
    assert "how many say yes to the unrelated" in message(lambda: device_of("unrelated", 0.7))
    assert "these probabilities in this design" in message(
        lambda: device_of("disguised", 0.3, other=0.3)
    )


def test_randomised_answers_that_cannot_be() -> None:
    device = device_of("mirrored", 0.7)
    odd = sample_of({"y": [1.0, 2.0, 0.0]})
    assert "other values than 0 and 1" in message(lambda: randomised_shares(odd, "y", device))
    empty = sample_of({"y": [np.nan, np.nan]})
    assert message(lambda: randomised_shares(empty, "y", device)) == "y: nobody answered"
    assert "nobody answered" in message(lambda: randomised_regression(empty, "y", device, "~ 1"))


def test_policies_and_endorsers_that_do_not_fit() -> None:
    sample = people()
    assert "no policy named" in message(lambda: endorsement_effects(sample, [], "treat"))
    assert "do not pair off" in message(
        lambda: endorsement_effects(sample, ["policy1", "policy2"], ["treat"])
    )
    assert "too many different answers" in message(
        lambda: endorsement_effects(sample, ["age"], "treat", scale="ranks")
    )


WHO = {"respondent": "id", "task": "task"}


def profiles(**changes):
    return sample_of(frame("profiles").assign(**changes))


def test_tasks_with_none_or_several_chosen_are_named() -> None:
    chosen = frame("profiles")["chosen"].to_numpy(float).copy()
    chosen[0:2] = 1  # respondent 1, task 1
    chosen[2:4] = 0  # respondent 1, task 2
    found = message(lambda: amce(profiles(chosen=chosen), "chosen", ["job"], **WHO))
    assert found == (
        "conjoint by id and task: tasks in which not exactly one profile was chosen\n"
        "  got: 1 tasks with none, 1 with several: respondent 1, task 1; respondent 1, task 2\n"
        "  expected: one chosen profile a task\n"
        "  try: forced: false, where respondents could choose none or several"
    )
    free = amce(profiles(chosen=chosen), "chosen", ["job"], forced=False, **WHO)
    assert np.isfinite(free.estimates).all()


def test_conjoints_that_cannot_be() -> None:
    sample = profiles()
    assert "a forced choice has other values than 0 and 1" in message(
        lambda: marginal_means(sample, "rating", ["job"], forced=True, **WHO)
    )
    assert "no attribute named" in message(lambda: amce(sample, "chosen", [], **WHO))
    assert message(lambda: amce(profiles(job="x"), "chosen", ["job"], **WHO)) == (
        "conjoint attribute job: an attribute with 1 level\n"
        "  expected: 2 to 200 levels that were shown"
    )
    assert 'no level "nurse"' in message(
        lambda: amce(sample, "chosen", ["job"], reference={"job": "nurse"}, **WHO)
    )
    assert 'no attribute "age"' in message(
        lambda: amce(sample, "chosen", ["job"], reference={"age": "1"}, **WHO)
    )
    assert "differences need two groups" in message(
        lambda: conjoint_differences(profiles(party="red"), "chosen", ["job"], by="party", **WHO)
    )
    clones = profiles(work=frame("profiles")["job"])
    assert "cannot be told from others" in message(
        lambda: amce(clones, "chosen", ["job", "work"], restricted=(), **WHO)
    )
    apart = frame("profiles")
    apart = apart[(apart["job"] != "doctor") | (apart["school"] == "college")]
    apart = apart[(apart["job"] != "cleaner") | (apart["school"] != "college")]
    assert message(
        lambda: amce(sample_of(apart), "chosen", ["job", "school"], "id", forced=False)
    ) == (
        'conjoint attribute job: "doctor" and its baseline "cleaner" were never shown with the '
        "same school\n  try: choose another baseline: reference"
    )


def test_respondents_in_several_clusters() -> None:
    rows = frame("profiles").assign(place=np.arange(2400) % 7)
    sample = sample_of(rows, clusters="place")
    assert "a respondent lies in several clusters" in message(
        lambda: amce(sample, "chosen", ["job"], **WHO)
    )
    sample = sample_of(rows, strata="place")
    assert "a respondent lies in several strata" in message(
        lambda: amce(sample, "chosen", ["job"], **WHO)
    )


def test_wide_conjoints_that_cannot_be() -> None:
    wide = sample_of({"a_11": [1], "a_12": [2], "c": [3]})
    names = conjoint_names("{attribute}_{task}{profile}", ["a"], 1, 2)
    assert "needs choices or ratings" in message(lambda: conjoint_long(wide, names))
    assert message(lambda: conjoint_long(wide, names, chosen=["c"])) == (
        "conjoint: c: a choice of a profile that was not shown\n  got: 3 in row 1, and 0 more\n"
        "  expected: one of 1, 2\n  try: name the codes of the profiles in order: codes"
    )
    assert "choices and tasks do not pair off" in message(
        lambda: conjoint_long(wide, names, chosen=["c", "c"])
    )
    assert "codes of choices and profiles do not pair off" in message(
        lambda: conjoint_long(wide, names, chosen=["c"], codes=[1])
    )
    assert "tasks or profiles do not match" in message(
        lambda: conjoint_long(wide, {**names, "b": (("a_11",),)}, chosen=["c"])
    )
    labelled = sample_of(
        {"a_11": [1], "a_12": [1], "c": [1]}, labels={"a_11": {1: "x"}, "a_12": {1: "y"}}
    )
    assert "one code has different labels" in message(
        lambda: conjoint_long(labelled, names, chosen=["c"])
    )
    assert "no attribute named" in message(lambda: conjoint_long(wide, {}, chosen=["c"]))
