"""What a printed page is made from, and the words that every page has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from scslab.core.conditions import parse_condition
from scslab.survey.instrument.columns import Column, say
from scslab.survey.instrument.model import Instrument, Language, Text
from scslab.survey.instrument.words import in_words

LANGUAGES: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}
WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "colon": ": ",
        "stop": ".",
        "only": "Answer only if {}.",
        "read_only": "Read this only if {}.",
        "otherwise": "Otherwise go on to {}.",
        "end": "the end",
        "question": "question {}",
        "several": "Several answers are possible.",
        "number": "A number from {} to {}.",
        "group": "Group of this form (drawn by lot before it is handed out)",
        "form": "Form",
        "only_on": "only if {}",
        "assumed": "Assumed",
        "added": "Added by the laboratory",
        "published": "Published wording",
        "sources": "Sources and assumptions",
        "done": "This is the end. Thank you.",
        "item": "Statement",
    },
    "zh": {
        "colon": "：",
        "stop": "。",
        "only": "仅在以下情况下回答：{}。",
        "read_only": "仅在以下情况下阅读：{}。",
        "otherwise": "否则请转到{}。",
        "end": "问卷末尾",
        "question": "第{}题",
        "several": "可多选。",
        "number": "请填写{}至{}之间的数字。",
        "group": "本问卷所属组别（发放前抽签决定）",
        "form": "问卷版本",
        "only_on": "仅当{}",
        "assumed": "实验室设定",
        "added": "实验室增加",
        "published": "已发表的原文",
        "sources": "来源与说明",
        "done": "问卷到此结束，谢谢！",
        "item": "项目",
    },
}


@dataclass(frozen=True)
class Page:
    """What a page is made from: the instrument, what was drawn for it, and its numbering."""

    instrument: Instrument
    language: Language
    columns: Mapping[str, Column]
    numbers: Mapping[str, str]
    arms: Mapping[str, int]  # empty where nothing is drawn

    def say(self, text: Text) -> str:
        """A text, safe in HTML."""
        return escape(say(text, self.language))

    def word(self, key: str, *values: str) -> str:
        """A word or sentence of the page."""
        return WORDS[self.language][key].format(*values)

    def condition(self, text: str) -> str:
        """A condition in words, safe in HTML."""
        tree = parse_condition(text).tree
        words = in_words(tree, self.instrument, self.columns, self.language, self.numbers)
        return escape(words)
