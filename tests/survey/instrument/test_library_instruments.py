"""The three shipped questionnaires: every column with its codes, every text in both languages."""

import json
import re
from pathlib import Path

import pytest

from scslab.core.values import check_sources
from scslab.survey.instrument.check import texts
from scslab.survey.instrument.columns import blocks, codebook, columns_of, pages
from scslab.survey.instrument.load import instrument_schema, instruments, read_instrument
from scslab.survey.instrument.model import Instrument

STEPS = (1, 2, 3, 4, 5)
TICK = (0, 1)
USERS = "systems_sesame or systems_tencent or systems_other"


def ticks(name: str, choices: str) -> dict[str, object]:
    return {f"{name}_{choice}": TICK for choice in choices.split()}


def items(grid: str, names: str) -> dict[str, object]:
    return {f"{grid}_{name}": STEPS for name in names.split()}


# Column -> its codes, or [lowest, highest] of a number; in the order of the file.
COLUMNS: dict[str, dict[str, object]] = {
    "kostka-2018": {
        "age": [14, 65],
        "sex": TICK,
        "province": tuple(range(1, 32)),
        "residence": TICK,
        "income": (1, 2, 3),
        "education": (1, 2, 3, 4),
        "employment": STEPS,
        "smartphone": (1, 2, 3, 4, 5, 6),
        "posting": (1, 2, 3, 4, 5, 6),
        "approval": STEPS,
        **ticks("systems", "sesame tencent other local none unknown"),
        "score_sesame": [350, 950],
        "score_tencent": [0, 850],
        "relative_score": STEPS,
        "knowledge": (1, 2, 3),
        **ticks("joining", "convenience benefits curiosity friends safety automatic other_reason"),
        "fairness": (1, 2, 3, 4),
        **ticks(
            "effects",
            "credit_easy credit_hard loan_lower loan_higher savings_higher savings_lower visa_fast"
            " visa_hard share_free share_deposit travel_fast travel_barred dating_good dating_bad"
            " no_effect",
        ),
        "information": TICK,
        "honest": STEPS,
        "regulation": (1, 2, 3, 4),
        "manager": (1, 2, 3, 4, 5, 6),
        "mistrust": TICK,
        "quality_of_life": STEPS,
        **ticks("responsible", "central provincial municipal state_owned foreign private"),
        "party": TICK,
        "confidence": (1, 2, 3, 4),
        "list_group": TICK,
        "list_count": (0, 1, 2, 3, 4),
    },
    "liu-2020": {
        "age": [18, 100],
        "sex": TICK,
        "income": STEPS,
        "education": (1, 2, 3, 4),
        "hukou": TICK,
        **items("surveil", "train rumours domestic subway trash protest traffic shopping"),
        **items("punish", "civil travel promotion platforms internet community school"),
        **ticks("reasons_for", "discipline loopholes other_for"),
        **ticks("reasons_against", "unclear freedom abuse privacy technical other_against"),
        "trust_system": STEPS,
        "trust_central": STEPS,
        "trust_local": STEPS,
        "party": TICK,
        "state_job": TICK,
        "state_relatives": TICK,
        **ticks("media", "official liberal foreign"),
        "commercial": TICK,
    },
    "framing-2019": {
        "arm": (0, 1, 2),
        "informed": TICK,
        "support": [0, 10],
        "aggregate_before": TICK,
        "aggregate_after": TICK,
        "age": [16, 65],
        "sex": TICK,
        "party": TICK,
    },
}


def one(name: str) -> Instrument:
    return read_instrument(name).instrument


def test_the_library_is_these_three() -> None:
    assert sorted(COLUMNS) == list(instruments())
    assert [one(name).id for name in instruments()] == list(instruments())


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_with_its_codes(name: str) -> None:
    found = {
        column.name: column.question.between
        if column.values is None
        else tuple(sorted(column.values))
        for column in columns_of(one(name)).values()
    }
    assert list(found) == list(COLUMNS[name])
    assert found == COLUMNS[name]
    assert list(codebook(one(name))) == list(found)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_text_is_in_both_languages(name: str) -> None:
    instrument = one(name)
    assert instrument.languages == ["en", "zh"]
    found = [text for _, text in texts(instrument, ())]
    assert len(found) > 30
    for text in found:
        assert text.en and not re.search("[\u3000-\u9fff\uff00-\uffef]", text.en), text.en
        assert text.zh and re.search("[\u4e00-\u9fff]", text.zh), text.zh
        # Chinese punctuation is full width, save in numbers.
        assert not re.search("[\u4e00-\u9fff][,;:?!.]", text.zh), text.zh


@pytest.mark.parametrize("name", COLUMNS)
def test_sources_and_labels(name: str) -> None:
    file = read_instrument(name)
    check_sources(file.instrument.sources, file.document)
    for question in file.instrument.questions:
        assert question.label is not None or question.type == "info", question.name
    wording = file.instrument.sources[file.instrument.wordings["zh"].source]
    assert wording.kind == "assumption" and wording.because


def test_only_the_wording_of_approval_is_published() -> None:
    published = {n: [q.name for q in one(n).questions if q.zh_published] for n in COLUMNS}
    assert published == {"kostka-2018": ["approval"], "liu-2020": [], "framing-2019": []}
    book = codebook(one("kostka-2018"), "zh")
    assert book["approval"].question == "您多大程度上赞同社会信用体系？"
    assert list(book["approval"].labels.items()) == [
        (1, "非常反对"),
        (2, "有点反对"),
        (3, "一般，既不赞同，也不反对"),
        (4, "有点赞同"),
        (5, "非常赞同"),
    ]


def test_the_parts_of_the_paper_and_the_module() -> None:
    parts = one("kostka-2018").parts
    assert [part.id for part in parts] == [
        "demographics", "online_habits", "social_credit", "personal_relations", "online_privacy",
        "political_attitudes", "list_module",
    ]  # fmt: skip
    assert [part.id for part in parts if part.added] == ["list_module"]


def test_provinces_stand_in_the_order_of_the_margins() -> None:
    labels = codebook(one("kostka-2018"))["province"].labels
    assert [labels[code] for code in (1, 5, 9, 19, 22, 26, 31)] == [
        "Beijing", "Inner Mongolia", "Shanghai", "Guangdong", "Chongqing", "Tibet", "Xinjiang",
    ]  # fmt: skip


def test_only_users_are_asked_about_scores() -> None:
    universes = {n: v.universe for n, v in codebook(one("kostka-2018")).items() if v.universe}
    users = ["relative_score", "knowledge", "fairness"]
    users += [n for n in COLUMNS["kostka-2018"] if n.startswith(("joining_", "effects_"))]
    assert universes == {
        "score_sesame": "systems_sesame",
        "score_tencent": "systems_tencent",
        **dict.fromkeys(users, USERS),
    }


def test_none_excludes_all_others_and_not_knowing_does_not() -> None:
    systems = next(q for q in one("kostka-2018").questions if q.name == "systems")
    assert systems.exclusive == ["none"]


def test_income_can_be_refused_and_a_score_not_known() -> None:
    questions = {q.name: q for q in one("kostka-2018").questions}
    assert [n for n, q in questions.items() if q.refuse == "offered"] == ["income"]
    unknown = [n for n, q in questions.items() if q.dont_know == "offered"]
    assert unknown == ["score_sesame", "score_tencent"]


def test_the_fourth_statement_is_for_the_long_list() -> None:
    count = next(q for q in one("kostka-2018").questions if q.name == "list_count")
    assert [(i.name, i.shows_when) for i in count.items or []] == [
        ("queue", None),
        ("bikes", None),
        ("adverts", None),
        ("doubts", "list_group = 1"),
    ]
    assert count.items and count.items[3].en == "I have doubts about social credit systems"


def test_two_grids_of_liu() -> None:
    assert [[name.split("_")[0] for name in block] for block in blocks(one("liu-2020"))] == [
        ["surveil"] * 8,
        ["punish"] * 7,
    ]
    assert blocks(one("kostka-2018")) == []


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_but_arms_stands_on_one_page(name: str) -> None:
    on_pages = [column for page in pages(one(name)) for column in page]
    assert on_pages == [n for n in COLUMNS[name] if n not in ("arm", "list_group")]


def test_pages_begin_where_questions_say_so() -> None:
    assert pages(one("framing-2019")) == [
        ["informed"],
        ["support"],
        ["aggregate_before"],
        ["aggregate_after"],
        ["age", "sex", "party"],
    ]


def test_the_dictionary_of_a_column() -> None:
    book = codebook(one("kostka-2018"))
    sesame = book["systems_sesame"]
    assert (sesame.label, sesame.kind, sesame.measure) == (
        "systems used: Sesame Credit", "number", "nominal",
    )  # fmt: skip
    assert sesame.labels == {0: "not chosen", 1: "chosen"}
    assert [(m.code, m.label, m.reason) for m in sesame.missing] == [
        (-1, "don't know", "dk"),
        (-2, "refused", "refused"),
        (-3, "not asked", "not_applicable"),
        (-4, "no answer", "no_answer"),
    ]
    measures = {n: book[n].measure for n in ("age", "approval", "honest", "employment", "party")}
    assert measures == {
        "age": "scale", "approval": "ordinal", "honest": "ordinal", "employment": "nominal",
        "party": "nominal",
    }  # fmt: skip
    assert book["party"].labels == {1: "yes", 0: "no"}
    train = codebook(one("liu-2020"), "zh")["surveil_train"]
    assert train.label == "监督支持度：在火车上的不文明行为"
    assert train.question.endswith("？ — 在火车上的不文明行为")


def test_all_columns_have_the_same_missing_codes() -> None:
    for name in COLUMNS:
        assert len({variable.missing for variable in codebook(one(name)).values()}) == 1


def test_the_shipped_schema_is_the_models() -> None:
    import scslab.survey.instrument.load as load

    shipped = Path(load.__file__).with_name("instrument.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == instrument_schema()


def test_every_key_of_the_schema_has_a_description() -> None:
    schema = instrument_schema()
    for name, model in {**schema["$defs"], "Instrument": schema}.items():
        for key, value in model["properties"].items():
            assert value.get("description"), f"{name}.{key}"
