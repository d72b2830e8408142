"""Design matrices: the columns of R's `model.matrix`, their values, and what is not accepted."""

import re

import numpy as np
import pandas as pd
import pytest

from scslab.analysis.design import make_design
from scslab.analysis.formula.matrix import model_frame, with_step, with_value, with_values
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Variable

N = 240
LEVELS = {1.0: "low", 2.0: "mid", 3.0: "high", 4.0: "none"}  # nobody has none


def frame():
    rng = np.random.default_rng(11)
    found = pd.DataFrame(
        {
            "y": rng.normal(size=N),
            "x": rng.gamma(2, 1, N),
            "z": rng.normal(size=N),
            "a": rng.choice(["p", "q", "r"], N),
            "b": rng.choice(["u", "v"], N),
            "c": rng.integers(1, 4, N),
            "e": rng.integers(1, 4, N).astype(float),
            "o": rng.integers(1, 4, N).astype(float),
            "my var": rng.normal(size=N),
        }
    )
    found.loc[[3, 50, 51], "x"] = np.nan
    found.loc[[4, 50], "a"] = None
    return found


def sample_of(data, **changes):
    variables = {
        k: Variable(k, kind="number" if data[k].dtype.kind in "iuf" else "text") for k in data
    }
    variables["e"] = Variable("e", measure="nominal", labels=LEVELS)
    variables["o"] = Variable("o", measure="ordinal", labels=LEVELS)
    return Sample(Answers(data, variables | changes, source="made"), make_design(n=len(data)))


SAMPLE = sample_of(frame())

# colnames(model.matrix(formula)) and attr(, "assign") of R 4.2.2
COLUMNS = {
    "y ~ a*b": "(Intercept) aq ar bv aq:bv ar:bv | 0 1 1 2 3 3",
    "y ~ a*b - 1": "ap aq ar bv aq:bv ar:bv | 1 1 1 2 3 3",
    "y ~ a:b": "(Intercept) ap:bu aq:bu ar:bu ap:bv aq:bv ar:bv | 0 1 1 1 1 1 1",
    "y ~ a:b - 1": "ap:bu aq:bu ar:bu ap:bv aq:bv ar:bv | 1 1 1 1 1 1",
    "y ~ x:a": "(Intercept) x:ap x:aq x:ar | 0 1 1 1",
    "y ~ a*b - b": "(Intercept) aq ar ap:bv aq:bv ar:bv | 0 1 1 2 2 2",
    "y ~ b + a:b": "(Intercept) bv bu:aq bv:aq bu:ar bv:ar | 0 1 2 2 2 2",
    "y ~ x + a - 1": "x ap aq ar | 1 2 2 2",
    "y ~ x:z:a - 1 + b": "bu bv x:z:ap x:z:aq x:z:ar | 1 1 2 2 2",
    "y ~ a/x": "(Intercept) aq ar ap:x aq:x ar:x | 0 1 1 2 2 2",
    "y ~ factor(c):x + x": "(Intercept) x factor(c)2:x factor(c)3:x | 0 1 2 2",
    "y ~ (a + b)^2 + I(x^2)": "(Intercept) aq ar bv I(x^2) aq:bv ar:bv | 0 1 1 2 3 4 4",
    "y ~ log(x)": "(Intercept) log(x) | 0 1",
    "y ~ I(x>1)": "(Intercept) I(x > 1)TRUE | 0 1",
    "y ~ 0 + I(x>1)": "I(x > 1)FALSE I(x > 1)TRUE | 1 1",
    "y ~ e": "(Intercept) emid ehigh | 0 1 1",
    "y ~ o": "(Intercept) o | 0 1",
    "y ~ factor(o)": "(Intercept) factor(o)mid factor(o)high | 0 1 1",
    "y ~ c + sqrt(x) + exp(z):b": "(Intercept) c sqrt(x) exp(z):bu exp(z):bv | 0 1 2 3 3",
    "y ~ 1": "(Intercept) | 0",
}  # fmt: skip


def by_name(name, data):
    """A column worked out from its name alone."""
    if name == "(Intercept)":
        return np.ones(len(data))
    value = np.ones(len(data))
    for part in name.split(":"):
        level = re.fullmatch(r"([abe]|factor\([co]\))(\w+)", part)
        if level:
            variable = re.sub(r"factor\((.)\)", r"\1", level[1])
            column = data[variable].map(LEVELS) if variable in "eo" else data[variable].astype(str)
            value = value * (column == level[2])
        elif part.startswith("I(x > 1)"):
            value = value * ((data.x > 1) == part.endswith("TRUE"))
        else:
            x, z, c, o = data.x, data.z, data.c, data.o
            found = {"x": x, "z": z, "c": c, "o": o, "I(x^2)": x * x, "log(x)": np.log(x)}
            found |= {"sqrt(x)": np.sqrt(x), "exp(z)": np.exp(z)}
            value = value * found[part]
    return np.asarray(value, dtype=float)


@pytest.mark.parametrize("formula", COLUMNS)
def test_columns_are_those_of_r(formula):
    names, assign = COLUMNS[formula].split(" | ")
    found = model_frame(formula, SAMPLE, outcome="number", intercept=True)
    told = re.findall(r"(?:I\(.*?\)\w*|[^ ])+", names)
    assert list(found.names) == told
    assert " ".join(map(str, found.assign)) == assign
    assert found.X.flags.c_contiguous and found.X.dtype == np.float64
    data = SAMPLE.answers.frame[found.rows].reset_index(drop=True)
    for j, name in enumerate(found.names):
        np.testing.assert_allclose(found.X[:, j], by_name(name, data), rtol=1e-14, err_msg=name)
    np.testing.assert_array_equal(found.y, data.y)


def test_without_an_intercept_column_categories_are_coded_as_beside_one():
    found = model_frame("o ~ a + x", SAMPLE, outcome="categories")
    assert found.names == ("aq", "ar", "x") and found.terms == ("a", "a", "x")
    assert found.levels == ("low", "mid", "high")
    with pytest.raises(ScslabError, match="thresholds in the place of an intercept"):
        model_frame("o ~ a - 1", SAMPLE, outcome="categories")


def test_rows_used_are_the_complete_ones_of_the_domain():
    data = frame()
    domain = np.arange(N) >= 4
    found = model_frame("y ~ x + a", SAMPLE.within(domain), outcome="number")
    np.testing.assert_array_equal(found.rows, domain & data[["x", "a"]].notna().all(axis=1))
    assert found.dropped == 3 and found.dropped_by == {"x": 2, "a": 2}
    assert found.n == N - 4 - 3


def test_only_levels_that_occur_have_a_column_and_a_note_says_so():
    found = model_frame("y ~ e", SAMPLE, outcome="number")
    assert found.factors["e"].levels == ("low", "mid", "high")
    assert found.notes == ("e: nobody among the rows used has none; no column",)
    some = SAMPLE.within((frame().e != 2).to_numpy())
    assert model_frame("y ~ e", some, outcome="number").names == ("ehigh",)
    # An unused label changes nothing else.
    spare = sample_of(frame(), e=Variable("e", measure="nominal", labels={**LEVELS, 9.0: "spare"}))
    again = model_frame("y ~ e", spare, outcome="number")
    np.testing.assert_array_equal(again.X, found.X)


def test_what_is_a_category_follows_the_dictionary_unless_told():
    note = "o has value labels and is taken as a number; factor(o) makes categories"
    found = model_frame("y ~ o", SAMPLE, outcome="number")
    assert found.names == ("o",) and note in found.notes
    told = model_frame(
        "y ~ o + e", SAMPLE, outcome="number", treat={"o": "categories", "e": "number"}
    )
    assert told.names == ("omid", "ohigh", "e")
    assert not any("taken as a number" in n for n in told.notes)
    # A label or two, of ends or of one value, do not make a number nominal.
    ends = sample_of(frame(), e=Variable("e", measure="nominal", labels={1.0: "not at all"}))
    assert model_frame("y ~ e", ends, outcome="number").names == ("e",)


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        ({"e": "high", "a": "q"}, ("elow", "emid", "ap", "ar", "factor(c)2", "factor(c)3")),
        ({"factor(c)": "3"}, ("emid", "ehigh", "aq", "ar", "factor(c)1", "factor(c)2")),
        ({"c": 2}, ("emid", "ehigh", "aq", "ar", "factor(c)1", "factor(c)3")),
    ],
)
def test_the_reference_level_is_of_choice(reference, names):
    found = model_frame("y ~ e + a + factor(c)", SAMPLE, outcome="number", reference=reference)
    assert found.names == names
    for label, levels in found.factors.items():
        assert levels.levels[0] == levels.reference, label


def test_outcomes_of_every_kind():
    data = frame()
    used = data.x.notna().to_numpy()
    log = model_frame("log(x) ~ z", SAMPLE, outcome="number")
    np.testing.assert_allclose(log.y, np.log(data.x[used]))
    three = model_frame("factor(c) ~ z", SAMPLE, outcome="categories")
    assert three.levels == ("1", "2", "3") and three.y.dtype == np.int64
    np.testing.assert_array_equal(three.y, data.c - 1)
    turned = model_frame("I(4 - c) ~ z", SAMPLE, outcome="categories")
    np.testing.assert_array_equal(turned.y, 3 - data.c)
    yes = model_frame('e == "high" ~ z', SAMPLE, outcome="binary")
    np.testing.assert_array_equal(yes.y, data.e == 3)
    two = model_frame("b ~ z", SAMPLE, outcome="binary")
    np.testing.assert_array_equal(two.y, data.b == "v")
    assert two.levels == ("u", "v") and "the outcome counts 1 where b is v" in two.notes
    assert model_frame("~ z + a", SAMPLE, outcome="none").y.size == 0
    text = model_frame("a ~ z", SAMPLE, outcome="categories")
    assert text.notes == ("a is text: its categories are in the order p, q, r",)


def test_setting_a_variable_changes_every_term_that_holds_it():
    formula = 'y ~ x*e + I(x^2) + log(x) + I(e == "mid"):z'
    found = model_frame(formula, SAMPLE, outcome="number", intercept=True)
    data = SAMPLE.answers.frame[found.rows].reset_index(drop=True)
    for change, setting in (
        ({"x": 2.0}, {"x": 2.0}),
        ({"e": 2.0}, {"e": "mid"}),
        ({"e": 3.0}, {"e": 3}),
    ):
        other = sample_of(data.assign(**change))
        # The changed data cannot be fitted, so its columns are worked out row by row.
        expected = fill_by_hand(found, other.answers.frame)
        np.testing.assert_allclose(with_values(found, setting), expected, rtol=1e-13)
    np.testing.assert_array_equal(
        with_value(found, "x", 2.0, start=5, stop=9), with_value(found, "x", 2.0)[5:9]
    )


def fill_by_hand(found, data):
    """Columns of the formula above, from their names."""
    columns = []
    for name in found.names:
        value = np.ones(len(data))
        for part in name.split(":") if name != "(Intercept)" else []:
            if part.startswith('I(e == "mid")'):
                value = value * ((data.e == 2) == part.endswith("TRUE"))
            elif part.startswith("e"):
                value = value * (data.e.map(LEVELS) == part[1:])
            else:
                known = {"x": data.x, "z": data.z, "I(x^2)": data.x**2, "log(x)": np.log(data.x)}
                value = value * known[part]
        columns.append(value)
    return np.column_stack(columns)


def test_a_step_gives_the_derivative_of_every_term():
    found = model_frame("y ~ x + I(x^2) + log(x) + x:z", SAMPLE, outcome="number")
    slopes = (with_step(found, "x", 1e-5) - with_step(found, "x", -1e-5)) / 2e-5
    x, z = found.X[:, 0], SAMPLE.answers.frame.z[found.rows]
    np.testing.assert_allclose(
        slopes, np.column_stack([np.ones_like(x), 2 * x, 1 / x, z]), rtol=1e-6
    )
    with pytest.raises(ScslabError, match='"a" stands in the model as categories'):
        with_step(model_frame("y ~ a", SAMPLE, outcome="number"), "a", 1.0)


def test_a_large_matrix_is_the_same_in_blocks():
    data = pd.concat([frame()] * 80, ignore_index=True)
    found = model_frame("y ~ a*x + I(x > 2)", sample_of(data), outcome="number")
    small = model_frame("y ~ a*x + I(x > 2)", SAMPLE, outcome="number")
    np.testing.assert_array_equal(found.X, np.tile(small.X, (80, 1)))


MISTAKES = {
    "y ~ xx": 'y ~ xx: no variable "xx"\n  try: did you mean "x"?',
    "yy ~ x": 'yy ~ x: no variable "yy"\n  try: did you mean "y"?',
    "y ~ log(a)": '"a" is text, not a number',
    "y ~ log(z)": '"log(z)" has no finite value in some rows',
    "y ~ I(1/(c - 1))": '"I(1/(c - 1))" has no finite value in some rows',
    'y ~ I(e == "hihg")': '"e" has no level "hihg" among the rows used\n  try: did you',
    "y ~ many": '"many" has too many categories for a model\n  got: 240 categories among the rows',
    "y ~ factor(z)": '"z" has too many categories for a model',
    "y ~ one": '"one" has one value only among the rows used\n  got: 5',
    "y ~ same": '"same" has one value only among the rows used\n  got: w',
    "y ~ I(x > 99)": '"I(x > 99)" has one value only among the rows used\n  got: FALSE',
    "one ~ x": 'the outcome "one" has one value only among the rows used',
    "y ~ empty + x": "no row has an answer to every variable of the model\n"
    "  got: empty is missing in 240 of 240 rows; x is missing in 3 of 240 rows",
    "y ~ day": '"day" is a date and cannot stand in a model',
    "~ x": "no outcome in the formula",
}


@pytest.mark.parametrize("formula", MISTAKES)
def test_mistakes_are_told(formula):
    data = frame()
    data["many"] = [f"v{i}" for i in range(N)]
    data["one"], data["same"], data["empty"] = 5.0, "w", np.nan
    data["day"] = pd.Timestamp("2020-01-01")
    sample = sample_of(data, day=Variable("day", kind="date"))
    with pytest.raises(ScslabError) as caught:
        model_frame(formula, sample, outcome="number", intercept=True)
    assert MISTAKES[formula] in str(caught.value)


OPTIONS = {
    "a level that is not there": (
        {"reference": {"a": "pp"}},
        '"a" has no level "pp" among the rows',
    ),
    "a reference of no factor": ({"reference": {"q": "p"}}, 'reference: "q" is no factor of the'),
    "a reference of the outcome": ({"reference": {"y": "1"}}, 'reference: "y" is no factor of the'),
    "a reference of a number": ({"reference": {"x": "1"}}, '"x" is a number and has no reference'),
    "another use": ({"treat": {"x": "numbers"}}, "expected: number or categories"),
    "text as numbers": ({"treat": {"a": "number"}}, '"a" is text, not a number'),
    "a use of no variable": ({"treat": {"q": "number"}}, 'treat: no variable "q"'),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_options_that_do_not_fit_are_told(name):
    options, message = OPTIONS[name]
    with pytest.raises(ScslabError) as caught:
        model_frame("y ~ x + a", SAMPLE, outcome="number", **options)
    assert message in str(caught.value)


def test_settings_that_do_not_fit_are_told():
    found = model_frame("y ~ x + e", SAMPLE, outcome="number")
    for setting, message in (
        ({"z": 1.0}, '"z" is not in the model'),
        ({"e": "none"}, '"e" has no level "none" among the rows used'),
        ({"x": "much"}, '"x" is a number in the model'),
    ):
        with pytest.raises(ScslabError) as caught:
            with_values(found, setting)
        assert message in str(caught.value)


def test_more_levels_are_allowed_when_told():
    data = frame().assign(many=[f"v{i:03d}" for i in range(N)])
    found = model_frame("y ~ many", sample_of(data), outcome="number", most_levels=300)
    assert found.X.shape == (N, N - 1)
