"""The parts of the small wave of `small_wave`: its answers, questions, analysis and ledger."""

from collections.abc import Mapping
from typing import Any

AGES = ("18-30", "31-50", "51-65")
ALWAYS = 40.0  # log-odds at which a chance is 1 to the last bit
NEVER = -60.0
GUESS = {"kind": "assumption", "title": "A guess", "because": "A test needs a number."}
FIT = {"kind": "calibration", "title": "Fitted", "because": "A test fits it."}


def number(value: float, low: float = -99, high: float = 99, source: str = "guess") -> dict:
    """A number of a wave file."""
    return {"value": value, "source": source, "between": [low, high]}


def chance(base: float, effects: Mapping[str, float] | None = None) -> dict:
    """A chance on the scale of log-odds."""
    return {"base": number(base), "effects": {k: number(v) for k, v in (effects or {}).items()}}


def yes_no(name: str, base: float, **effects: float) -> dict:
    return {"name": name, "kind": "yes_no"} | chance(base, effects)


def ordered(name: str, cuts: list[float], **effects: float) -> dict:
    found = {"name": name, "kind": "ordered", "cuts": [number(c) for c in cuts]}
    return found | {"effects": chance(0, effects)["effects"]}


VARIABLES = [
    {"name": "age", "kind": "years"},
    {"name": "sex", "kind": "attribute", "attribute": "sex", "codes": {"female": 0, "male": 1}},
    {
        "name": "residence",
        "kind": "attribute",
        "attribute": "residence",
        "codes": {"rural": 0, "urban": 1},
    },
    yes_no("party", -1.5, sex=0.5),
    ordered("confidence", [-1.5, 0.0, 1.5], trust=0.8, party=0.5),
    {
        "name": "systems",
        "kind": "ticks",
        "options": {
            "app": {"base": number(ALWAYS), "only": "in_app"},
            "other": chance(-1.0, {"age=18-30": 0.5}),
        },
        "otherwise": "none",
    },
    {"name": "score_app", "kind": "life", "life": "app_score", "among": "systems_app"},
    ordered(
        "approval", [-2.0, -1.0, 0.5, 2.0], trust=0.4, confidence=0.4, residence=0.5, in_app=0.5
    )
    | {"says": "approves of social credit"},
    {"name": "doubts", "kind": "when", "holds": "approval in (1, 2)"},
    ordered("fair", [-1.0, -0.3, 0.6, 1.5], trust=0.7),
    ordered("safe", [-1.2, -0.4, 0.5, 1.4], trust=0.7),
    ordered("useful", [-1.4, -0.5, 0.4, 1.3], trust=0.7),
    *(yes_no(f"item_{k}", base) for k, base in (("a", 0.0), ("b", 0.7), ("c", -0.7))),
    {"name": "list_group", "kind": "arm", "arms": ["short", "long"]},
    {
        "name": "list_count",
        "kind": "count",
        "of": ["item_a", "item_b", "item_c"],
        "plus": {"doubts": "list_group = 1"},
    },
    {"name": "arm", "kind": "arm", "arms": ["control", "bad", "good"]},
    {
        "name": "support",
        "kind": "number",
        "base": number(6.0),
        "spread": number(1.5, 0, 9),
        "limits": [0, 10],
        "effects": {"arm=1": number(-1.0), "arm=2": number(0.5), "trust": number(0.5)},
    },
    yes_no("before", 0.2, trust=0.5),
    yes_no("after", -0.8, before=1.0),
]

WAVE: dict[str, Any] = {
    "wave": "wave/1",
    "id": "first",
    "title": "A small wave",
    "instrument": "questions.yaml",
    "population": {"age": list(AGES)},
    "sources": {"guess": GUESS},
    "traits": {"trust": "trust in what is public"},
    "lives": {
        "in_app": {"says": "member of the app", "member_of": ["an-app"]},
        "app_score": {"says": "score of the app", "score_of": "an-app"},
    },
    "variables": VARIABLES,
    "sample": {"kind": "river", "wanted": 600},
    "field": {
        "starts": chance(ALWAYS),
        "finishes": chance(ALWAYS),
        "seconds": number(8, 1, 20),
        "mobile": chance(0),
    },
    "headlines": [
        {
            "id": "accepts",
            "says": "does not disapprove",
            "variable": "approval",
            "codes": [3, 4, 5],
            "by_list": {"count": "list_count", "group": "list_group", "items": "3"},
        },
        {"id": "strong", "says": "strongly approves", "variable": "approval", "codes": [5]},
        {"id": "fair", "says": "finds it fair", "variable": "fair", "codes": [4, 5]},
    ],
    "framings": [
        {
            "id": "news",
            "says": "news on social credit",
            "outcome": "support",
            "arm": "arm",
            "control": "control",
        },
        {
            "id": "arguments",
            "says": "arguments",
            "outcome": "after",
            "codes": [1],
            "before": "before",
        },
    ],
    "design": "design.yaml",
    "analysis": "analysis.yaml",
    "findings": "findings.yaml",
}

DESIGN: dict[str, Any] = {
    "design": "design/1",
    "sample": "non-probability",
    "synthetic": True,
    "source": "A small wave",
}
ANALYSIS: dict[str, Any] = {
    "analysis": "analysis/1",
    "title": "A small analysis",
    "about": "Made up.",
    "estimates": [
        {"id": "approval", "statistic": "share", "of": ["approval"]},
        {"id": "support", "statistic": "mean", "of": ["support"], "by": ["arm"]},
    ],
    "models": [
        {
            "id": "m1",
            "kind": "ordinal",
            "formula": "approval ~ confidence + party + sex + residence",
            "treat": {"confidence": "number"},
        }
    ],
}
LEDGER: dict[str, Any] = {
    "ledger": "ledger/1",
    "wave": "first",
    "sources": ["Kostka 2019"],
    "quantities": [
        {
            "says": ["approves (of social credit systems) (somewhat or strongly)"],
            "share": {"approval": [4, 5]},
        },
        {"says": ["strongly approves"], "share": {"approval": [5]}},
        {"says": ["neither approves nor disapproves"], "share": {"approval": [3]}},
        {"says": ["sample: urban"], "share": {"residence": [1]}},
        {
            "says": ["effect of Communist Party membership on approval"],
            "coefficient": {"model": "m1", "name": "party"},
        },
        {
            "says": ["effect of confidence in government (1-4) on approval"],
            "coefficient": {"model": "m1", "name": "confidence"},
        },
        {
            "says": ["effect of urban residence on approval"],
            "coefficient": {"model": "m1", "name": "residence"},
        },
    ],
    "groups": [
        {"says": ["urban"], "where": {"residence": [1]}},
        {"says": ["rural"], "where": {"residence": [0]}},
        {"says": ["all"]},
    ],
    "roles": {"fitted": ["K01", "K04"], "input": ["K59"]},
}


def choice(name: str | int, text: str) -> dict:
    key = "code" if isinstance(name, int) else "name"
    return {key: name, "en": text}


def question(name: str, type: str, **more: Any) -> dict:
    return {"name": name, "type": type, "ask": {"en": f"What about {name}?"}, **more}


SCALE = [
    choice(k, text) for k, text in enumerate(("no", "rather no", "neither", "rather yes", "yes"), 1)
]
QUESTIONS = [
    question("age", "number", between=[14, 90]),
    question("sex", "single", choices=[choice(0, "female"), choice(1, "male")], required=True),
    question("residence", "single", choices=[choice(0, "rural"), choice(1, "urban")]),
    question("party", "yes_no"),
    question("confidence", "single", choices=[choice(k, f"level {k}") for k in (1, 2, 3, 4)])
    | {"ordered": True},
    question(
        "systems",
        "multiple",
        choices=[choice(n, n) for n in ("app", "other", "none")],
        exclusive=["none"],
    ),
    question("score_app", "number", between=[300, 1000], shows_when="systems_app"),
    question("approval", "single", scale="agree"),
    question(
        "opinions", "grid", scale="agree", items=[choice(n, n) for n in ("fair", "safe", "useful")]
    ),
    question(
        "list_group", "assigned", arms=[choice("short", "three items"), choice("long", "four")]
    ),
    question("list_count", "count", items=[choice(f"item_{k}", k) for k in "abc"])
    | {"ask": {"en": "How many?"}},
    question(
        "arm",
        "assigned",
        arms=[
            choice("control", "no news"),
            choice("bad", "news of harm"),
            choice("good", "news of use"),
        ],
    ),
    question("support", "number", between=[0, 10]),
    question("before", "yes_no"),
    question("after", "yes_no"),
]
QUESTIONS[10]["items"].append(choice("doubts", "doubts") | {"shows_when": "list_group = 1"})


def instrument() -> dict:
    """The questionnaire of the wave."""
    made_up = {"source": "paper", "says": {"en": "Made up."}}
    return {
        "instrument": "instrument/1",
        "id": "questions",
        "title": {"en": "A few questions"},
        "about": "Made up for a test.",
        "population": "nobody",
        "field": "never",
        "languages": ["en"],
        "sources": {"paper": {"kind": "paper", "title": "A paper", "date": "2020-01-01"}},
        "items": "paper",
        "wordings": {"en": made_up},
        "scales": {"agree": SCALE},
        "parts": [{"id": "first_part", "title": {"en": "All"}, "questions": QUESTIONS}],
    }
