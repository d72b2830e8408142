"""Formulas are read as R reads them; what cannot be read is told with its place."""

import pytest

from scslab.analysis.formula.read import read_formula
from scslab.core.errors import ScslabError

# Term labels of R 4.2.2: attr(terms(formula), "term.labels") and "intercept"
TERMS = {
    "y ~ a + b*c + a:b - 1 + I(x^2) + log(x)": ("a b c I(x^2) log(x) b:c a:b", 0),
    "y ~ (a + b)^2": ("a b a:b", 1),
    "y ~ (a + b + c)^2 - a": ("b c a:b a:c b:c", 1),
    "y ~ (a + b):c": ("a:c b:c", 1),
    "y ~ b + a:b": ("b b:a", 1),
    "y ~ a*b*c": ("a b c a:b a:c b:c a:b:c", 1),
    "y ~ a*b - b": ("a a:b", 1),
    "y ~ a/b": ("a a:b", 1),
    "y ~ (a + b)/c": ("a b a:b:c", 1),
    "y ~ a:a + a": ("a", 1),
    "y ~ 0 + a": ("a", 0),
    "y ~ a + 0": ("a", 0),
    "y ~ -1 + a": ("a", 0),
    "y ~ a - 1 + 1": ("a", 1),
    "y ~ 1": ("", 1),
    "~ a": ("a", 1),
    "log(y) ~ `my variable` + a": ("`my variable` a", 1),
    "y ~ I(-x^2 * 3/4 + (z - 1))": ("I(-x^2 * 3/4 + (z - 1))", 1),
    "y~I( x>3&!(z<=2) )": ("I(x > 3 & !(z <= 2))", 1),
    "y ~ x**2": ("x", 1),
    "y == \"yes\" ~ I(a == 'b')": ('I(a == "b")', 1),
    "支持 ~ 年龄*性别": ("年龄 性别 年龄:性别", 1),
    "y ~ a.b + .c": ("a.b .c", 1),
}


@pytest.mark.parametrize("text", TERMS)
def test_terms_are_those_of_r(text):
    labels, intercept = TERMS[text]
    found = read_formula(text)
    assert " ".join(t.name for t in found.terms) == labels
    assert found.intercept == bool(intercept)


def test_variables_are_named_once_with_the_outcome_first():
    found = read_formula("log(y) ~ a*b + I(x > 3) + b:x + gone - gone")
    assert found.variables == ("y", "a", "b", "x")
    assert found.outcome == "log(y)"
    assert read_formula('v == "x" ~ a').outcome == 'v == "x"'
    assert read_formula("~ a").response is None


MISTAKES = {
    "y ~ (a + b": "this bracket is not closed\n  got: y ~ (a + b\n           ^",
    "y ~ a) + b": "this bracket was never opened\n  got: y ~ a) + b\n            ^",
    "y ~ log(a": "this bracket is not closed\n  got: y ~ log(a\n              ^",
    "y ~ ()": "nothing between the brackets\n  got: y ~ ()\n           ^",
    "y ~ a +": "the formula ends too early\n  got: y ~ a +\n              ^",
    "": "the formula ends too early",
    "y ~ a b": '"b" does not fit here\n  got: y ~ a b\n             ^',
    "y ~ a ~ b": 'a second "~" in the formula\n  got: y ~ a ~ b\n             ^',
    "y": 'y: no "~" in the formula\n  expected: outcome ~ terms',
    "y = a": "a single = in the formula\n  got: y = a\n         ^\n  try: == compares",
    "y ~ a$b": '"$" cannot be read\n  got: y ~ a$b\n            ^\n  try: put names with such',
    "y ~ `a": "no closing `\n  got: y ~ `a\n           ^",
    "y ~ .": '"." for all other variables is not supported',
    "y ~ foo(a)": 'no function "foo" in a formula\n  expected: log, log2',
    "y ~ lgo(a)": 'did you mean "log"?',
    "y ~ poly(x, 2)": 'no function "poly" in a formula',
    "y ~ scale(x)": "try: make the standardised variable first",
    "y ~ offset(x)": "try: offsets are not supported",
    "y ~ log(x, 2)": "a function in a formula takes one argument",
    "y ~ factor(a + b)": "factor() is of one variable\n  got: factor(a + b)",
    "y ~ y + a": 'the outcome "y" stands on the right side too\n  got: y\n',
    "y ~ a + log(y):b": 'the outcome "y" stands on the right side too\n  got: log(y):b\n',
    "y ~ a > 3": "this cannot stand among terms\n  got: a > 3\n  try: I(a > 3)",
    "y ~ (1 | g)": "clusters belong to the design; random effects are not supported",
    "y ~ 2*a": "this cannot stand among terms\n  got: 2\n  try: only 0, 1 and -1",
    "y ~ a^b": "this cannot stand among terms\n  got: a^b",
    'y ~ I(a + "b")': "text stands only beside == or !=, with a variable on the other side",
    'y ~ I(a > "b")': "text stands only beside == or !=, with a variable on the other side",
    'y ~ "a"': 'this cannot stand among terms\n  got: "a"',
    "y ~ I(a:b)": '":" joins terms; it has no meaning inside a function',
    "3 ~ a": "the outcome names no variable",
    "y ~ __import__('os')": 'no function "__import__" in a formula',
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes_are_told_with_their_place(text):
    with pytest.raises(ScslabError) as caught:
        read_formula(text)
    assert MISTAKES[text] in str(caught.value)
