"""Mistakes in a ledger are told with their line."""

import pytest
from ledger_setups import MODELS, SMALL, small, variables

from scslab.core.errors import ScslabError
from scslab.evaluation.ledger.index import make_index
from scslab.evaluation.ledger.read import parse_ledger

MISTAKES = {
    "another shape": (
        "ledger: ledger/1",
        "ledger: ledger/2",
        "findings.yaml:1: ledger: unknown word",
    ),
    "no ledger": ("ledger: ledger/1\n", "", "findings.yaml: this is not a ledger of findings"),
    "unknown key": ("    base: everybody\n", "    bas: everybody\n", 'unknown key "bas"'),
    "two measures": (
        "    mean: approval\n",
        "    mean: approval\n    rate: finished\n",
        "a quantity is measured in exactly one way\n  got: mean and rate",
    ),
    "no measure": ("    mean: approval\n", "", "in exactly one way\n  got: none"),
    "two wordings": (
        "says: [doubter]",
        "says: [doubter, approve of the SCS]",
        'findings.yaml:7: quantities, row 2, says: "approve of the SCS" means two quantities\n'
        "  got: also at line 5",
    ),
    "two groups": ("says: [rural]", "says: [rural, Urban]", '"Urban" means two groups'),
    "an open bracket": ("says: [doubter]", 'says: ["doubter (strong"]', "a bracket is open"),
    "an empty wording": (
        "says: [doubter]",
        "says: [of the system]",
        "this wording says too little",
    ),
    "a wording for all": ("says: [doubter]", "says: [users]", "this wording says too little"),
    "a base of a mean": (
        "    mean: approval\n",
        "    mean: approval\n    base: everybody\n",
        "only a share has a base",
    ),
    "half a coefficient": (
        "coefficient: {model: m1, name: age}",
        "coefficient: {model: m1}",
        "a coefficient is one of a model, or a list",
    ),
    "both": (
        "coefficient: {model: m1, name: age}",
        "coefficient: {model: m1, name: age, all_of: [{model: m2, name: age}]}",
        "a coefficient is one of a model, or a list",
    ),
    "an unknown finding": ("fitted: [K01]", "fitted: [K1]", 'roles.fitted, row 1: no finding "K1"'),
    "two roles": ("input: [K56]", "input: [K01]", '"K01" has two roles'),
    "an unknown reason": ("  K03: nobody", "  K333: nobody", 'no finding "K333"'),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_of_the_file(name: str):
    old, new, message = MISTAKES[name]
    assert old in SMALL
    with pytest.raises(ScslabError) as caught:
        parse_ledger(SMALL.replace(old, new, 1))
    assert message in str(caught.value)


USES = {
    "a variable": ("{approval: [4, 5]}", "{aproval: [4, 5]}", 'no variable "aproval"'),
    "a code": ("{approval: [4, 5]}", "{approval: [4, 6]}", '"approval" has no answer "6"'),
    "a label": ("{sesame: [1], tencent: [1]}", "{sesame: [maybe]}", 'has no answer "maybe"'),
    "a model": (
        "{model: m1, name: age}",
        "{model: m9, name: age}",
        'no model "m9" in the analysis',
    ),
    "a predictor": ("{model: m1, name: age}", "{model: m1, name: benefit}", "has no predictor"),
    "a group's code": ("{residence: [0]}", "{residence: [7]}", '"residence" has no answer "7"'),
}


@pytest.mark.parametrize("name", USES)
def test_what_the_analysis_does_not_have(name: str):
    old, new, message = USES[name]
    with pytest.raises(ScslabError, match="^findings.yaml:[0-9]+: ") as caught:
        make_index(parse_ledger(SMALL.replace(old, new, 1)), variables(), MODELS)
    assert message in str(caught.value)


def test_roles_may_name_findings_of_ones_own():
    text = SMALL.replace("[K01]", "[MY1]")
    with pytest.raises(ScslabError, match="MY1"):
        parse_ledger(text)
    file = parse_ledger(text, known=["MY1", "K56", "K03"])
    assert file.ledger.roles.fitted == ["MY1"]


def test_the_small_ledger_is_sound():
    assert small().ledger.wave == "small"
    assert len(small().ledger.quantities) == 15
