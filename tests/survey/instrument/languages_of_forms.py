"""Small evaluators of what the exports write: the XPath and the ExpressionScript that we use.

Both translate a text into Python and compare as their own language does: in XPath 1.0 an empty
answer is no number, and unequal to every number; in ExpressionScript (PHP) two texts that look
like numbers are compared as numbers, and an empty one is below them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import CodeType


class InForm(str):
    """An answer of an XLSForm: a text that is a number where it is compared with one."""

    def number(self) -> float:
        return float(self) if self else float("nan")

    def __eq__(self, other: object) -> bool:
        return str(self) == other if isinstance(other, str) else self.number() == other

    def __ne__(self, other: object) -> bool:
        return str(self) != other if isinstance(other, str) else self.number() != other

    def __lt__(self, other: float) -> bool:  # type: ignore[override]
        return self.number() < other

    def __le__(self, other: float) -> bool:  # type: ignore[override]
        return self.number() <= other

    def __gt__(self, other: float) -> bool:  # type: ignore[override]
        return self.number() > other

    def __ge__(self, other: float) -> bool:  # type: ignore[override]
        return self.number() >= other

    __hash__ = str.__hash__


@cache
def xpath_code(text: str) -> CodeType:
    text = re.sub(r"\$\{(\w+)\}", r"v('\1')", text)
    text = re.sub(r"(?<![\w'.])\.(?![\w])", "v('.')", text)
    text = re.sub(r"(?<![<>!])=", "==", text)
    text = text.replace("not(", "negated(").replace("if(", "chosen(")
    text = text.replace("count-selected", "count_selected").replace("false()", "False")
    return compile(text, "xpath", "eval")


def xpath(text: str, form: Mapping[str, str], own: str = "") -> object:
    """An XPath expression; `own` is the answer that a dot stands for."""
    return eval(
        xpath_code(text),
        {
            "__builtins__": {},
            "v": lambda name: InForm(own if name == "." else form[name]),
            "selected": lambda value, choice: choice in str(value).split(),
            "count_selected": lambda value: len(str(value).split()),
            "negated": lambda value: not value,
            "chosen": lambda condition, yes, no: yes if condition else no,
        },
    )


class InScript(str):
    """An answer in LimeSurvey."""

    def pair(self, other: object) -> tuple[object, object]:
        if isinstance(other, str) and not (self.isdigit() and other.isdigit()):
            return str(self), str(other)
        return (float(self) if self else float("-inf")), float(other)  # type: ignore[arg-type]

    def __eq__(self, other: object) -> bool:
        mine, its = self.pair(other)
        return mine == its

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: object) -> bool:  # type: ignore[override]
        mine, its = self.pair(other)
        return mine < its  # type: ignore[operator]

    def __le__(self, other: object) -> bool:  # type: ignore[override]
        return self < other or self == other

    def __gt__(self, other: object) -> bool:  # type: ignore[override]
        return not self <= other

    def __ge__(self, other: object) -> bool:  # type: ignore[override]
        return not self < other

    __hash__ = str.__hash__


@cache
def script_code(text: str) -> CodeType:
    text = re.sub(r"\b([A-Za-z][A-Za-z0-9_]*)\.NAOK", r"v('\1')", text)
    text = re.sub(r"!(?!=)", " not ", text).replace("if(", "chosen(").strip()
    return compile(text, "script", "eval")


def script(text: str, form: Mapping[str, str]) -> object:
    """An ExpressionScript expression; a name that the form does not have is an error."""
    return eval(
        script_code(text),
        {
            "__builtins__": {},
            "v": lambda name: InScript(form[name]),
            "count": lambda *values: sum(bool(str(value)) for value in values),
            "is_empty": lambda value: not str(value),
            "chosen": lambda condition, yes, no: yes if condition else no,
        },
    )
