"""Wordings of a small ledger: produced when certain, else said why not."""

import pytest
from ledger_setups import ask, small_index

from scslab.evaluation.ledger.records import (
    Change,
    Coefficient,
    Coefficients,
    Distribution,
    Mean,
    NotProduced,
    Rate,
    Share,
    Wanted,
)

APPROVES = Share((("approval", (4.0, 5.0)),))

SHARES = {
    "approves": APPROVES,
    "Approve of SCSs (somewhat or strongly)": APPROVES,
    "somewhat or strongly approves": APPROVES,
    "approves (4 or 5)": APPROVES,
    "approves (1-5)": APPROVES,
    "share approval in (4, 5)": APPROVES,
    "share approval in (somewhat approve, strongly approve)": APPROVES,
    "strongly approves": Share((("approval", (5.0,)),)),
    "approves (strongly)": Share((("approval", (5.0,)),)),
    "does not approve": Share((("approval", (1.0, 2.0, 3.0)),)),
    "Approval of social credit systems: somewhat disapprove": Share((("approval", (2.0,)),)),
    "somewhat or strongly disapprove": Share((("approval", (1.0, 2.0)),)),
    "share sesame = 1 and tencent = 0": Share((("sesame", (1.0,)), ("tencent", (0.0,)))),
    "uses both Sesame and Tencent": Share((("sesame", (1.0,)), ("tencent", (1.0,)))),
    "uses Tencent, but not Sesame": Share((("sesame", (0.0,)), ("tencent", (1.0,)))),
    "uses Sesame": Share((("sesame", (1.0,)),)),
    "income not told": Share((("income", ("refused",)),), "everybody"),
    "Party members": Share((("party", (1.0,)),)),
    "sample: age 14-30": Share((("age_group", (1.0,)),)),
    "sample: rural Party members": Share((("party", (1.0,)), ("residence", (0.0,)))),
    "very helpful": Share((("help", (3.0,)),)),
}


@pytest.mark.parametrize("quantity", SHARES)
def test_a_share(quantity: str):
    found = ask(small_index(), quantity)
    assert isinstance(found, Wanted), found
    assert found.measure == SHARES[quantity]


GROUPS = {
    "all": (),
    "all respondents": (),
    "urban": (("residence", (1.0,)),),
    "rural residents": (("residence", (0.0,)),),
    "countryside": (("residence", (0.0,)),),
    "residence = rural": (("residence", (0.0,)),),
    "residence = countryside": (("residence", (0.0,)),),
    "residence = 1, sex in (0, 1)": (("residence", (1.0,)), ("sex", (0.0, 1.0))),
    "Commercial users, rural": (("residence", (0.0,)), ("user", (1.0,))),
    "rural commercial users": (("residence", (0.0,)), ("user", (1.0,))),
    "urban men aged 31-50": (("age_group", (2.0,)), ("residence", (1.0,)), ("sex", (1.0,))),
    "over 30": (("age_group", (2.0, 3.0)),),
    "30 and younger": (("age_group", (1.0,)),),
    "18-19": (("age", (18.0, 19.0)),),
    "East": (("region", (1.0,)),),
    "Central and West": (("region", (2.0, 3.0)),),
    "men and women": (("sex", (0.0, 1.0)),),
    "CCP members": (("party", (1.0,)),),
    "non-members of the Party": (("party", (0.0,)),),
    "doubters": (("approval", (1.0, 2.0, 3.0)),),
    "those who received a benefit": (("benefit", (1.0,)), ("user", (1.0,))),
    "received no benefit": (("benefit", (0.0,)), ("user", (1.0,))),
    "uses Sesame": (("sesame", (1.0,)),),
    "commercial users (n = 1,549)": (("user", (1.0,)),),
}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group(group: str):
    found = ask(small_index(), "approves", group)
    assert isinstance(found, Wanted), found
    assert found.where == GROUPS[group]


OTHERS = {
    ("mean approval", "urban", "mean"): Mean("approval"),
    ("approval (1-5)", "all", "mean"): Mean("approval"),
    ("mean age", "all", "mean"): Mean("age"),
    ("finished the survey", "all", "share"): Rate("finished"),
    ("approval of social credit systems", "all", "distribution"): Distribution(
        "approval", ((1.0,), (2.0,), (3.0,), (4.0,), (5.0,))
    ),
    ("West / Central / East", "all", "distribution"): Distribution(
        "region", ((3.0,), (2.0,), (1.0,))
    ),
    ("relative change of approval after information", "all", "share"): Change(
        "approval", (("arm", (0.0,)),), (("arm", (1.0,)),), True
    ),
    ("effect of age on approval", "all", "sign"): Coefficients((Coefficient("m1", "age"),)),
    ("effect of age", "all", "log-odds"): Coefficients((Coefficient("m1", "age"),)),
    ("age on approval, model 2", "commercial users", "sign"): Coefficients(
        (Coefficient("m2", "age"),)
    ),
    ("effect of being a woman on approval", "all", "sign"): Coefficients(
        (Coefficient("m1", "sex", True),)
    ),
    ("effect of age on both indices", "all", "sign"): Coefficients(
        (Coefficient("s", "age"), Coefficient("p", "age"))
    ),
    ("coefficient m2 region", "all", "sign"): Coefficients((Coefficient("m2", "region"),)),
}


@pytest.mark.parametrize("asked", OTHERS)
def test_other_measures(asked: tuple[str, str, str]):
    value = "/".join(["0.1"] * 5) if "approval" in asked[0] else "0.1/0.2/0.7"
    found = ask(small_index(), *asked, value if asked[2] == "distribution" else "+")
    assert isinstance(found, Wanted), found
    assert found.measure == OTHERS[asked]


WHY_NOT = {
    ("entries on the list", "all", "count"): "a survey of some persons gives no count of all",
    ("wants a privacy law", "all", "share"): "no quantity of this wording",
    ("uses Sesame or Tencent", "all", "share"): "no quantity of this wording",
    ("approves (in a list experiment)", "all", "share"): "no quantity of this wording",
    ("approves (1 or 2)", "all", "share"): "no quantity of this wording",
    ("approves of the Party", "all", "share"): "no quantity of this wording",
    ("helpful", "all", "share"): "no quantity of this wording",
    ("mean approval", "all", "share"): None,
    ("approves", "Martians", "share"): "no group of this wording",
    ("approves", "approves of Mars", "share"): "no group of this wording",
    ("approves", "66-80 RMB", "share"): None,
    ("approves", "rural, urban", "share"): "nobody can be in both parts of the group",
    ("approves", "men and Party members", "share"): '"and" between parts may mean both or either',
    ("approves", "men or Party members", "share"): "in one part or the other is not computed",
    ("approves", "residence = sea", "share"): 'no such group: "residence" has no answer "sea"',
    ("received a benefit", "user = 0", "share"): "nobody of this group is counted",
    ("effect of age on approval", "rural", "sign"): "no model is fitted for this group alone",
    ("effect of approval on age", "all", "sign"): "no quantity of this wording",
    ("effect of age on both indices", "all", "log-odds"): "log-odds are of one coefficient",
    ("coefficient s age", "all", "log-odds"): "the model is linear",
    ("effect of benefits on approval, model 1", "all", "sign"): "model 1 has no such predictor",
    ("coefficient m9 age", "all", "sign"): 'no such expression: no model "m9"',
    ("share aproval = 4", "all", "share"): 'no such expression: no variable "aproval"',
    ("finished the survey", "rural", "share"): "known for everybody only",
    ("approval of social credit systems", "all", "distribution"): "3 parts are printed",
    ("effect of region on approval", "all", "sign"): "fits several quantities",
}


@pytest.mark.parametrize("asked", WHY_NOT)
def test_why_not(asked: tuple[str, str, str]):
    value = "0.2/0.3/0.5" if asked[2] == "distribution" else "+"
    found = ask(small_index(), *asked, value)
    if WHY_NOT[asked] is None:
        assert isinstance(found, NotProduced)
    else:
        assert WHY_NOT[asked] in str(found)


def test_the_nearest_wording_is_named():
    found = ask(small_index(), "strongly approves of social credit scores")
    assert found == NotProduced("no quantity of this wording", found.nearest)
    assert "approve" in found.nearest
    assert ask(small_index(), "approves", "commercial user, Mars").nearest == '"commercial users"'
    assert "51-65" in ask(small_index(), "approves", "aged 200+ or 14-30 RMB").nearest


def test_several_quantities_are_all_named():
    found = ask(small_index(), "effect of region on approval", kind="sign", value="0")
    assert "in model m1" in found.nearest
    assert "in model m2" in found.nearest


def test_an_id_decides_nothing():
    found = ask(small_index(), "strongly approves", id="K03")
    assert found.measure == SHARES["strongly approves"]


def test_findings_known_from_elsewhere_are_not_of_this_survey():
    found = ask(small_index(), "approves", source="Liu 2022 (China Data Lab brief)")
    assert found == NotProduced("it is of another survey: Liu 2022", "")
    assert isinstance(ask(small_index(), "approves", source="Kostka 2019, table 3"), Wanted)
    assert isinstance(ask(small_index(), "approves", source="my own"), Wanted)


def test_the_note_can_name_the_model():
    found = ask(small_index(), "effect of age on approval", kind="sign", note="model 2; *")
    assert found.measure == Coefficients((Coefficient("m2", "age"),))


ANOTHER = {
    "interaction effect of age on approval": '"interaction" before the effect',
    "the indirect effect of age on approval": '"indirect" before the effect',
    "unadjusted association between age and approval": '"unadjusted" before the effect',
    "average marginal effect of age on approval": '"average" before the effect',
    "standardised effect of age on approval": '"standardised" before the effect',
    "effect of age (standardised) on approval": "no quantity of this wording",
    "positive effect of age on approval": '"positive" before the effect',
    "age has a large negative effect on approval": '"large" before the effect',
    "correlation of age with approval": "no quantity of this wording",
    "odds of age on approval": "no quantity of this wording",
    "age lowers approval": 'whether the sign printed is that of "lowers"',
    "age reduces approval": 'whether the sign printed is that of "reduces"',
    "age decreases approval": 'whether the sign printed is that of "decreases"',
}


@pytest.mark.parametrize("quantity", ANOTHER)
@pytest.mark.parametrize(("kind", "value"), [("sign", "+"), ("sign", "-"), ("log-odds", "0.3")])
def test_another_figure_than_the_effect(quantity: str, kind: str, value: str):
    found = ask(small_index(), quantity, kind=kind, value=value)
    assert isinstance(found, NotProduced), found
    assert ANOTHER[quantity] in found.reason


@pytest.mark.parametrize(
    "quantity",
    [
        "the estimated effect of age on approval",
        "an association between age and approval",
        "age has an effect on approval",
        "age raises approval",
    ],
)
def test_the_effect_in_other_words(quantity: str):
    found = ask(small_index(), quantity, kind="sign", value="+")
    assert found.measure == Coefficients((Coefficient("m1", "age"),))


def test_what_raises_is_not_negative():
    assert "raises" in ask(small_index(), "age raises approval", kind="sign", value="-").reason


@pytest.mark.parametrize(
    "quantity",
    [
        "age has no effect on approval",
        "no effect of age on approval",
        "no significant effect of age on approval",
        "age does not affect approval",
    ],
)
def test_a_denied_effect_is_one_of_0(quantity: str):
    found = ask(small_index(), quantity, kind="sign", value="0")
    assert found.measure == Coefficients((Coefficient("m1", "age"),))
    for kind, value in (("sign", "+"), ("sign", "-"), ("log-odds", "0.0")):
        refused = ask(small_index(), quantity, kind=kind, value=value)
        assert refused == NotProduced(f"the wording denies an effect, the finding prints {value}")
