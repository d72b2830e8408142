"""The printed page: whose it is, skips in words, nothing loaded, one form where a seed is given."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from questioned import BASE, one

from scslab.core.conditions import parse_condition
from scslab.survey.instrument.columns import columns_of
from scslab.survey.instrument.load import instruments
from scslab.survey.instrument.model import Instrument, Language
from scslab.survey.instrument.page import printable
from scslab.survey.instrument.words import in_words

EVERY = [*instruments(), BASE]
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Collects a page's text and checks that its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.loads += [v or "" for k, v in attrs if k in ("src", "href", "srcset", "action")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def text(instrument: Instrument, language: Language = "en", seed: int | None = None) -> str:
    return re.sub(r"\s+", " ", " ".join(read(printable(instrument, language, seed)).words))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", EVERY)
def test_a_whole_page_that_loads_nothing(name: str | Path, language: Language) -> None:
    page = printable(one(name), language)
    reader = read(page)
    assert reader.loads == [] and "url(" not in page and "@import" not in page
    assert "<script" not in page
    assert len(set(reader.ids)) == len(reader.ids)
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}">' in page


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", EVERY)
def test_every_question_choice_and_item_is_on_it(name: str | Path, language: Language) -> None:
    instrument, words = one(name), text(one(name), language)
    for question in instrument.questions:
        listed = [*(question.choices or []), *(question.items or []), *(question.arms or [])]
        for said in [question.ask, *listed]:
            wanted = re.sub(r"\s+", " ", str(getattr(said, language))).strip()
            assert wanted in words, wanted


def test_the_page_says_whose_it_is_and_on_what_it_rests() -> None:
    english, chinese = text(one("kostka-2018")), text(one("kostka-2018"), "zh")
    assert "A questionnaire of the laboratory scslab (kostka-2018), after: G. Kostka" in english
    assert "The laboratory puts it to synthetic persons only" in english
    assert "Sources and assumptions" in english
    assert "https://doi.org/10.1177/1461444819826402" in english
    assert "Question 10:" not in english  # only the Chinese wording is published
    assert "第10题：已发表的原文。" in chinese
    assert "本问卷（kostka-2018）出自实验室 scslab" in chinese
    assert "合成人口" in chinese


def test_skips_in_words() -> None:
    words = text(one("kostka-2018"))
    for sentence in (
        "Answer only if you chose “Sesame Credit” at question 11. Otherwise go on to question 13.",
        "Answer only if you chose “Tencent Credit” at question 11. Otherwise go on to question 14.",
        "Answer only if you chose “Sesame Credit”, “Tencent Credit” or “another commercial system”"
        " at question 11. Otherwise go on to question 19.",
    ):
        assert words.count(sentence) == 1
    assert words.count("Answer only if") == 3
    chinese = text(one("kostka-2018"), "zh")
    assert "仅在以下情况下回答：您在第11题选择了“芝麻信用”。否则请转到第13题。" in chinese


def test_the_numbers_that_skips_name_are_those_on_the_page() -> None:
    words = text(one("kostka-2018"))
    for number, ask in ((11, "Which social credit systems"), (13, "What is your Tencent"),
                        (14, "How does your score"), (19, "Have you ever received")):  # fmt: skip
        assert f" {number} {ask}" in words


def test_a_form_without_a_seed_shows_all_arms_and_says_whose() -> None:
    words = text(one("kostka-2018"))
    assert "Group of this form (drawn by lot before it is handed out)" in words
    assert "I have doubts about social credit systems [only if this form is of group" in words
    framing = text(one("framing-2019"))
    assert "Read this only if this form is of group “information on social order”." in framing


def test_a_seed_draws_one_form() -> None:
    instrument = one("framing-2019")
    seen = set()
    for seed in range(12):
        words = text(instrument, "en", seed)
        told = [w for w in ("people who criticised", "order in everyday life") if w in words]
        arm = re.search(rf"Form {seed}: ([a-z ]+?) What you know", words)
        assert arm is not None
        wanted = {
            "no information": [],
            "information on political repression": ["people who criticised"],
            "information on social order": ["order in everyday life"],
        }
        assert told == wanted[arm[1].strip()]
        assert "Read this only" not in words and "drawn by lot" not in words
        seen.add(arm[1])
    assert len(seen) == 3


def test_a_drawn_list_has_its_length() -> None:
    for seed in range(6):
        words = text(one("kostka-2018"), "en", seed)
        assert ("I have doubts" in words) == (f"Form {seed}: long list of four" in words)
        assert "[only if" not in words


def test_text_is_escaped() -> None:
    page = printable(one(BASE), "en")
    assert "Some information &lt;b&gt;" in page and "<b>" not in page


@pytest.mark.parametrize(
    ("condition", "en", "zh"),
    [
        ("arm", "this form is of group “long form”", "本问卷属于“长版”组"),
        ("age >= 18", "the number at question 1 is 18 or more", "第1题填写的数字不小于18"),
        ("age in (20, 30)", "the number at question 1 is 20 or 30", "第1题填写的数字为20或30"),
        ("town = 1", "your answer to question 2 is “town”", "您在第2题的回答是“城镇”"),
        (
            "town in (0, 1)",
            "you answered question 2 with another answer than “city {1}”",
            "您在第2题的回答不是“城市”",
        ),
        ("town >= 0", "you answered question 2", "您回答了第2题"),
        ("member", "your answer to question 6 is “yes”", "您在第6题的回答是“是”"),
        (
            "views_sun >= 2",
            "you answered question 5 (“the sun is cold”) with another answer than “disagree”",
            "您在第5题（“太阳是冷的”）的回答不是“不同意”",
        ),
        (
            "uses_app != 1",
            "you answered question 3 without “an app”",
            "您在第3题作答但未选择“应用”",
        ),
        (
            "uses_app or uses_card or town = 1",
            "you chose “an app” or “a card” at question 3 or your answer to question 2 is “town”",
            "您在第3题选择了“应用”或“卡”，或者您在第2题的回答是“城镇”",
        ),
        (
            "uses_app and (likes_red or town = 1)",
            "you chose “an app” at question 3 and (you chose “red” at question 4 or your answer to"
            " question 2 is “town”)",
            "您在第3题选择了“应用”，并且（您在第4题选择了“红色”，或者您在第2题的回答是“城镇”）",
        ),
        (
            "not (uses_app and uses_card)",
            "it is not so that (you chose “an app” at question 3 and you chose “a card” at question"
            " 3)",
            "以下情况不成立：（您在第3题选择了“应用”，并且您在第3题选择了“卡”）",
        ),
    ],
)
def test_conditions_in_words(condition: str, en: str, zh: str) -> None:
    instrument = one(BASE)
    names = ["age", "town", "uses", "likes", "views", "member", "why", "how_many"]
    numbers = {name: str(i) for i, name in enumerate(names, start=1)}
    tree = parse_condition(condition).tree
    columns = columns_of(instrument)
    assert in_words(tree, instrument, columns, "en", numbers) == en
    assert in_words(tree, instrument, columns, "zh", numbers) == zh
