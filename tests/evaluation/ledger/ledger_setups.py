"""A small ledger with its variables and models, and those of the shipped studies."""

from functools import cache
from pathlib import Path

from scslab.core.yamlfile import read
from scslab.evaluation.findings import Finding
from scslab.evaluation.ledger.convert import KnownModel, known_model
from scslab.evaluation.ledger.index import Index, make_index
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.read import parse_ledger, read_ledger
from scslab.evaluation.ledger.records import NotProduced, Wanted
from scslab.evaluation.ledger.resolve import resolve_by
from scslab.survey.answers import MissingCode, Variable
from scslab.survey.instrument.columns import codebook
from scslab.survey.instrument.load import read_instrument

STUDIES = Path(__file__).parents[3] / "studies"
YES = {0.0: "no", 1.0: "yes"}

SMALL = """\
ledger: ledger/1
wave: small
sources: [Kostka 2019]
quantities:
  - says: [approves (of social credit systems) (somewhat or strongly)]
    share: {approval: [4, 5]}
  - says: [doubter]
    share: {approval: [1, 2, 3]}
  - says: [received (some) benefit]
    share: {benefit: [1]}
    among: {user: [1]}
  - says: [uses Sesame and Tencent]
    share: {sesame: [1], tencent: [1]}
  - says: [uses Sesame but not Tencent]
    share: {sesame: [1], tencent: [0]}
  - says: [uses Tencent but not Sesame]
    share: {sesame: [0], tencent: [1]}
  - says: [low income]
    share: {income: [1]}
    base: everybody
  - says: [income not told]
    share: {income: [refused]}
    base: everybody
  - says: [mean approval]
    mean: approval
  - says: [effect of age on approval]
    coefficient: {model: m1, name: age}
  - says: [effect of being female on approval]
    coefficient: {model: m1, name: sex, turned: true}
  - says: [effect of benefits on approval]
    coefficient: {model: m2, name: benefit}
    among: {user: [1]}
  - says: [effect of age on both indices]
    coefficient: {all_of: [{model: s, name: age}, {model: p, name: age}]}
  - says: [relative change of approval after information]
    change: {mean: approval, from: {arm: [0]}, to: {arm: [1]}, relative: true}
  - says: [finished the survey]
    rate: finished
groups:
  - says: [all internet users]
    where: {}
  - says: [urban]
    where: {residence: [1]}
  - says: [rural]
    where: {residence: [0]}
  - says: [commercial users]
    where: {user: [1]}
  - says: [Party members]
    where: {party: [1]}
roles:
  fitted: [K01]
  input: [K56]
reasons:
  K03: nobody is asked twice
"""


def variables() -> dict[str, Variable]:
    """Variables of the small ledger."""
    found = [
        Variable("age", "Age", measure="scale"),
        Variable("age_group", "Age", labels={1.0: "14-30", 2.0: "31-50", 3.0: "51-65"}),
        Variable("sex", "Sex", measure="nominal", labels={0.0: "female", 1.0: "male"}),
        Variable(
            "residence", "Residence", measure="nominal", labels={0.0: "countryside", 1.0: "city"}
        ),
        Variable(
            "region", "Region", measure="nominal", labels={1.0: "East", 2.0: "Central", 3.0: "West"}
        ),
        Variable(
            "approval",
            "Approval of social credit systems",
            measure="ordinal",
            labels={
                1.0: "strongly disapprove",
                2.0: "somewhat disapprove",
                3.0: "neither approve nor disapprove",
                4.0: "somewhat approve",
                5.0: "strongly approve",
            },
        ),
        Variable(
            "help",
            "Helps companies",
            measure="ordinal",
            labels={1.0: "not helpful", 2.0: "helpful", 3.0: "very helpful"},
        ),
        Variable(
            "income",
            "Income",
            measure="ordinal",
            labels={1.0: "below 1,000 RMB", 2.0: "above 1,000 RMB"},
            missing=(MissingCode(-2.0, "refused", "refused"),),
        ),
        Variable("party", "Member of the Communist Party", labels=YES),
        Variable("user", "Uses a commercial system", labels=YES),
        Variable("sesame", "Uses Sesame", labels=YES),
        Variable("tencent", "Uses Tencent", labels=YES),
        Variable("benefit", "Had a benefit", labels=YES),
        Variable("arm", "Arm", labels={0.0: "nothing", 1.0: "information"}),
    ]
    return {one.name: one for one in found}


MODELS = {
    "m1": known_model("ordinal", "approval ~ age + sex + region"),
    "m2": known_model("ordinal", "approval ~ age + sex + region + benefit"),
    "s": known_model("linear", "s ~ age"),
    "p": known_model("linear", "p ~ age"),
}


@cache
def small() -> LedgerFile:
    """The small ledger."""
    return parse_ledger(SMALL)


@cache
def small_index() -> Index:
    """The index of the small ledger."""
    return make_index(small(), variables(), MODELS)


@cache
def shipped(study: str) -> Index:
    """The index of a shipped study."""
    return make_index(*shipped_parts(study))


def shipped_parts(study: str) -> tuple[LedgerFile, dict[str, Variable], dict[str, KnownModel]]:
    """Ledger, variables and models of a shipped study; derived variables by their labels."""
    plan = read(STUDIES / study / "analysis.yaml").data
    known = dict(codebook(read_instrument(study).instrument))
    known["pilot"] = Variable("pilot", "Lives in a pilot locality", labels=YES)
    for define in plan.get("define", []):
        labels = {float(code): text for code, text in define.get("labels", {}).items()}
        labels = YES if "any_of" in define else labels
        name = define["name"]
        known[name] = Variable(name, define.get("label", ""), labels=labels)
    models = {m["id"]: known_model(m["kind"], m["formula"]) for m in plan["models"]}
    return read_ledger(STUDIES / study / "findings.yaml"), known, models


def finding(
    quantity: str,
    group: str = "all",
    kind: str = "share",
    value: str = "0.5",
    *,
    id: str = "Z1",
    source: str = "unseen",
    n: str = "",
    note: str = "",
) -> Finding:
    """A finding that nobody here has seen."""
    return Finding(id, source, quantity, group, kind, value, n, note)


def ask(index: Index, *args: str, **more: str) -> Wanted | NotProduced:
    """What a finding asks."""
    return resolve_by(finding(*args, **more), index)
