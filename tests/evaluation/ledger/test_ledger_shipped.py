"""The shipped ledgers understand all findings of their surveys, and wordings they have not seen."""

import pytest
from ledger_setups import ask, finding, shipped, shipped_parts

from scslab.evaluation.findings import findings
from scslab.evaluation.ledger.plan import ledger_items
from scslab.evaluation.ledger.records import NotProduced, Wanted
from scslab.evaluation.ledger.resolve import resolve_by

MINE = {"kostka-2018": "K", "liu-2020": "L", "framing-2019": "XM"}


@pytest.mark.parametrize("study", MINE)
def test_all_findings_of_the_survey_and_no_others(study: str):
    letters = MINE[study]
    found = {f.id: resolve_by(f, shipped(study)) for f in findings().values()}
    produced = [name for name, one in found.items() if isinstance(one, Wanted)]
    assert produced == [name for name in findings() if name[0] in letters]
    assert len(produced) >= {"K": 66, "L": 21, "XM": 4}[letters]


def test_what_some_findings_ask():
    kostka = shipped("kostka-2018")
    asked = {
        "K05": "Share(of=(('approval', (4.0, 5.0)),), base='valid') (('residence', (1.0,)),)",
        "K13": "Share(of=(('systems_local', (1.0,)),), base='valid') (('pilot', (1.0,)),)",
        "K61": "Share(of=(('income', (1.0,)),), base='everybody') ()",
        "K62": "Rate(name='finished') ()",
    }
    for name, says in asked.items():
        found = resolve_by(findings()[name], kostka)
        assert f"{found.measure} {found.where}" == says


def test_roles_of_the_findings_and_of_others_that_ask_the_same():
    file, known, models = shipped_parts("kostka-2018")
    mine = [f for f in findings().values() if f.id.startswith("K")]
    roles = {i.finding.id: i.role for i in ledger_items(mine, file, known, models)}
    said = file.ledger.roles
    # 1 = K01 + K02 + K03, so the third follows from two that are fitted.
    assert {name for name, role in roles.items() if role == "fitted"} == {*said.fitted, "K03"}
    assert {name for name, role in roles.items() if role == "input"} == set(said.input)
    assert sum(role == "held out" for role in roles.values()) >= 15
    assert (roles["K01"], roles["K03"], roles["K57"]) == ("fitted", "fitted", "input")
    unseen = [
        finding("somewhat or strongly approves", id="K03"),  # another finding under a known id
        finding("doubters", id="U1"),  # the rest of K01
        finding("sample: age 51-65", id="U2"),  # a class of an input
        finding("somewhat approves", id="U4"),  # K01 less K04
        finding("somewhat disapproves", id="K01"),
        finding("disapproves", "rural", id="U5"),
        finding("strongly approves", "urban", id="U3"),
    ]
    found = [i.role for i in ledger_items(unseen, file, known, models)]
    assert found == [*["fitted"] * 2, "input", "fitted", *["held out"] * 3]


KOSTKA = {
    ("somewhat approves", "all"): "approval",
    ("strongly disapproves of SCSs", "Party members"): "approval",
    ("doubters (disapprove or neutral)", "51-65"): "approval",
    ("opposes social credit", "university graduates"): "approval",
    ("uses other commercial systems", "women"): "systems_other",
    ("participates in a local government pilot", "pilot cities"): "systems_local",
    ("uses only Sesame", "East"): "systems_sesame",
    ("thinks own score is lower than that of family and friends", "score holders"): (
        "relative_score"
    ),
    ("received a faster visa", "commercial users, rural"): "effects_visa_fast",
    ("lower interest rates on loans", "commercial users"): "effects_loan_lower",
    ("was barred from flights", "commercial users"): "effects_travel_barred",
    ("considers own score fair", "users of Sesame Credit"): "fairness",
    ("full confidence in the government", "CCP members"): "confidence",
    ("strongly agrees that systems make people and firms more honest", "all"): "honest",
    ("a nationwide system should not be implemented", "non-members"): "manager",
    ("private companies use personal data responsibly", "all"): "responsible_private",
    ("posts online at least weekly", "14-30"): "posting",
    ("more than 5 hours a day on smartphone", "high income"): "smartphone",
    ("sample: net monthly income above 4000 RMB per person", "all"): "income",
    ("Communist Party member", "all"): "party",
    ("received information on social credit systems", "non-users"): "information",
}


@pytest.mark.parametrize("asked", KOSTKA)
def test_unseen_wordings_of_kostka(asked: tuple[str, str]):
    found = ask(shipped("kostka-2018"), *asked)
    assert isinstance(found, Wanted), found
    assert found.measure.of[0][0] == KOSTKA[asked]


NOT_CERTAIN = (
    "knows about social credit",
    "approves of the government",
    "approves of the Party",
    "approves of Sesame Credit",
    "uses at least one system",
    "uses neither Sesame nor Tencent",
    "uses Alipay",
    "neither",
    "none",
    "other",
    "trusts the central government",
    "a score above 650",
    "secondary education",
)


@pytest.mark.parametrize("quantity", NOT_CERTAIN)
def test_what_is_not_certain_is_not_produced(quantity: str):
    assert isinstance(ask(shipped("kostka-2018"), quantity), NotProduced)


# Choices of who should run a system, and who uses data responsibly, are no groups of persons.
WHOM = (
    "users",
    "members",
    "Hong Kong",
    "users of neither",
    "Central government",
    "the government",
    "private enterprises",
    "government together with private enterprises",
)


@pytest.mark.parametrize("group", WHOM)
def test_whom_is_not_certain_is_not_produced(group: str):
    assert isinstance(ask(shipped("kostka-2018"), "approves", group), NotProduced)


def test_unseen_wordings_of_liu_and_of_framing():
    liu, framing = shipped("liu-2020"), shipped("framing-2019")
    item = ask(liu, "strongly supports travel restrictions", "Party members")
    assert (item.measure.of, item.where) == (
        (("punish_travel", (5.0,)),),
        (("party", (1.0,)),),
    )
    both = ask(liu, "effect of trust in local government on both indices", kind="sign", value="0")
    assert [(c.model, c.name) for c in both.measure.of] == [
        ("surveillance", "trust_local"),
        ("punishment", "trust_local"),
    ]
    order = ask(framing, "mean support", "information on social order", "mean")
    assert order.where == (("arm", (2.0,)),)


def test_answers_are_groups_where_their_question_is_named():
    found = ask(shipped("kostka-2018"), "approves", "manager = the central government")
    assert found.where == (("manager", (1.0,)),)


def test_urban_is_no_household_registration():
    liu = shipped("liu-2020")
    for quantity, group in (
        ("supports restricting travel", "rural adults"),
        ("supports restricting travel", "rural"),
        ("sample: urban", "all"),
        ("sample: rural", "all"),
    ):
        assert isinstance(ask(liu, quantity, group), NotProduced), (quantity, group)
    assert isinstance(
        ask(liu, "effect of urban on the surveillance index", kind="sign"), NotProduced
    )
    registered = ask(liu, "sample: urban hukou")
    assert registered.measure.of == (("hukou", (1.0,)),)
    assert ask(liu, "supports restricting travel", "rural hukou").where == (("hukou", (0.0,)),)


SCALES = {
    (
        "effect of confidence in government (0-10) on approval",
        "log-odds",
    ): "0-10, the answers are 1-4",
    ("effect of confidence in government (1-5) on approval", "sign"): "1-5, the answers are 1-4",
    ("effect of confidence in government on approval (1-4)", "sign"): "1-4, the answers are 1-5",
    ("effect of a received benefit (1-5) on approval", "log-odds"): "1-5, the answers are 0-1",
    ("effect of age (0-100) on approval", "sign"): "0-100, the answers have no known scale",
    ("mean approval (0-100)", "mean"): "0-100, the answers are 1-5",
}


@pytest.mark.parametrize("asked", SCALES)
def test_a_printed_scale_must_be_that_of_the_answers(asked: tuple[str, str]):
    quantity, kind = asked
    found = ask(shipped("kostka-2018"), quantity, kind=kind, value="0")
    assert found == NotProduced(f"printed on a scale of {SCALES[asked]}")


def test_scales_that_fit():
    kostka, liu, framing = (shipped(study) for study in MINE)
    for index, quantity, kind in (
        (kostka, "effect of confidence in government (1-4) on approval (1-5)", "sign"),
        (kostka, "effect of confidence in government (1, 2, 3, 4) on approval", "sign"),
        (kostka, "effect of confidence in government on approval (5-point scale)", "sign"),
        (kostka, "mean approval (on a scale from 1 to 5)", "mean"),
        (liu, "mean of the punishment index (1-5)", "mean"),
        (framing, "mean support (0-10)", "mean"),
    ):
        assert isinstance(ask(index, quantity, kind=kind, value="0"), Wanted), quantity
    for index, quantity in (
        (liu, "mean of the punishment index (0-10)"),
        (framing, "mean support (0-100)"),
    ):
        assert isinstance(ask(index, quantity, kind="mean", value="3"), NotProduced), quantity


def test_what_the_ledger_limits_is_told():
    kostka = shipped("kostka-2018")
    said = {
        ("received some benefit", "all"): "of commercial system users, as asked",
        ("received some benefit", "urban"): "of commercial system users, as asked",
        ("received some benefit", "commercial users"): "",
        ("received some benefit among commercial users", "all"): "",
        ("approves among Party members", "all"): "",
        ("approves", "all"): "",
    }
    for asked, says in said.items():
        assert ask(kostka, *asked).of_some == says, asked
    assert resolve_by(findings()["K18"], kostka).of_some == ""
    assert resolve_by(findings()["X01"], shipped("framing-2019")).of_some != ""
