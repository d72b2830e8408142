"""What SPSS and Stata can hold: names, lengths, codes of missing answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from scslab.core.errors import ScslabError
from scslab.survey.answers import Code, MissingCode, Variable

SPSS_NAME, SPSS_LABEL, SPSS_VALUE_LABEL, SPSS_TITLE, SPSS_TEXT = 64, 256, 120, 64, 32_767  # bytes
STATA_NAME, STATA_LABEL, STATA_TITLE = 32, 80, 80  # characters
STATA_VALUE_LABEL = 32_000  # bytes
_LOWEST, _HIGHEST = -1.7976931348623155e308, 1.7976931348623157e308
_SPSS_RESERVED = "ALL AND BY EQ GE GT LE LT NE NOT OR TO WITH"
_STATA_RESERVED = (
    "_all _b _coef _cons _n _N _pi _pred _rc _skip byte double float if in int long strL using with"
    " aggregate array boolean break class continue do else end enum for function global"
    " goto local namespace new return struct super switch this void while"
)
_SPSS_WORDS = frozenset(_SPSS_RESERVED.split())
_STATA_WORDS = frozenset(_STATA_RESERVED.split())
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_USUAL = {
    "dk": "d", "refused": "r", "not_applicable": "n", "not_asked": "s", "no_answer": "a",
    "invalid": "i", "attrition": "t", "unknown": "u",
}  # fmt: skip


@dataclass
class Losses:
    """What a format cannot carry, gathered while writing; each reason names its variables."""

    of: dict[str, list[str]] = field(default_factory=dict)

    def add(self, why: str, name: str) -> None:
        """One more variable."""
        self.of.setdefault(why, []).append(name)

    def notes(self) -> tuple[str, ...]:
        """The reasons with the variables that they concern."""
        return tuple(
            f"{why}: {', '.join(names[:12])}" + (f" and {len(names) - 12} more" * (len(names) > 12))
            for why, names in self.of.items()
        )


def cut_bytes(text: str, most: int) -> str:
    """A text of at most `most` bytes in UTF-8, cut between characters.

    Examples
    --------
    >>> cut_bytes("中文", 5)
    '中'
    """
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")


def spss_names(names: Iterable[str]) -> dict[str, str]:
    """A name that SPSS takes for each variable; unchanged where it takes it.

    SPSS does not tell "q1" from "Q1", so the second of them gets another name.
    """
    return _names(
        names,
        lambda n: re.sub(r"[^\w.@#$]", "_", n),
        lambda n: re.match(r"[^\W\d_]", n) is not None and n.upper() not in _SPSS_WORDS
        and not n.endswith("."),
        lambda n, room, name: cut_bytes(n, SPSS_NAME - room),
        str.casefold,
    )  # fmt: skip


def parquet_names(names: Iterable[str]) -> dict[str, str]:
    """A name for each variable that differs from others by more than upper and lower case."""
    return _names(names, str, bool, lambda n, room, name: n, str.casefold)


def stata_names(variables: Mapping[str, Variable]) -> dict[str, str]:
    """A name that Stata (14 or later) takes for each variable; unchanged where it takes it.

    A labelled variable has some characters fewer: its set of labels is called by its name and a
    number.
    """
    number = len(str(len(variables)))
    labelled = {n for n, v in variables.items() if v.labels or v.missing}
    return _names(
        variables,
        lambda n: re.sub(r"\W", "_", n),
        lambda n: re.match(r"[^\W\d]", n) is not None and n not in _STATA_WORDS
        and not re.fullmatch(r"str\d+", n),
        lambda n, room, name: n[: STATA_NAME - room - number * (name in labelled)],
        str,
    )  # fmt: skip


def _names(names, clean, good, cut, same) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Names made valid and different; `clean`, `good`, `cut` and `same` are a format's rules."""
    out: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        new = cut(clean(name), 0, name)
        if not good(new):
            new = cut("v" + new.rstrip("."), 0, name)
        count = 1
        while same(new) in taken:
            count += 1
            new = (
                cut(clean(name) if good(clean(name)) else "v" + clean(name), 6, name) + f"_{count}"
            )
        taken.add(same(new))
        out[name] = new
    return out


def spss_missing(
    variable: Variable, values: np.ndarray
) -> tuple[list[float | dict[str, float]], dict[Code, float]]:
    """How SPSS declares a numeric variable's missing codes, and the number of each code.

    At most three codes, or a range and one code. More codes become a range where no answer lies
    within; letters, and codes that no range can part from answers, become numbers below all
    answers.

    Parameters
    ----------
    values : f8[m]
        Valid values, in any order.
    """
    codes: dict[Code, float] = {
        m.code: float(m.code) for m in variable.missing if not isinstance(m.code, str)
    }
    letters = len(codes) < len(variable.missing)
    numbers = sorted(codes.values())
    if variable.missing_range is not None and not letters:
        low = max(variable.missing_range[0], _LOWEST)
        high = min(variable.missing_range[1], _HIGHEST)
        outside = [n for n in numbers if not low <= n <= high]
        if len(outside) < 2:
            return [{"lo": low, "hi": high}, *outside], dict(codes)
    elif not letters and len(numbers) < 4:
        return list(numbers), dict(codes)
    elif not letters:
        used = np.concatenate([values, [float(c) for c in variable.labels]])
        for part, rest in ((numbers, []), (numbers[:-1], numbers[-1:]), (numbers[1:], numbers[:1])):
            if not ((used >= part[0]) & (used <= part[-1])).any():
                return [{"lo": part[0], "hi": part[-1]}, *rest], dict(codes)
    lowest = min(
        [0.0, *(float(c) for c in variable.labels), *([values.min()] if len(values) else [])]
    )
    made: dict[Code, float] = {
        m.code: float(np.floor(lowest)) - 1 - k for k, m in enumerate(variable.missing)
    }
    told: list[float | dict[str, float]] = list(made.values())
    if len(made) > 3:
        told = [{"lo": min(made.values()), "hi": max(made.values())}]
    return told, made


def stata_letters(missing: tuple[MissingCode, ...], name: str) -> dict[Code, str]:
    """A letter for each missing code: its own, the usual one of its reason, or the next free.

    Raises
    ------
    ScslabError
        More codes than letters.
    """
    if len(missing) > len(_LETTERS):
        raise ScslabError(
            f'"{name}" has more missing codes than Stata has letters for',
            got=len(missing),
            expected=f"at most {len(_LETTERS)}",
        )
    out: dict[Code, str] = {
        m.code: m.code[1] for m in missing if isinstance(m.code, str) and m.code[:1] == "."
    }
    for m in missing:
        if m.code not in out:
            free = [c for c in (_USUAL[m.reason], *_LETTERS) if c not in out.values()]
            out[m.code] = free[0]
    return out


def declared(labels: Mapping[Code, str], most: int) -> dict[Code, str]:
    """Value labels cut to a length in bytes."""
    return {code: cut_bytes(text, most) for code, text in labels.items()}
