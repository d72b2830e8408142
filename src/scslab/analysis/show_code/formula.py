"""R-style formulas: read token by token, so that nothing but a formula reaches the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scslab.analysis.show_code.common import Setting
from scslab.analysis.show_code.quoting import number, r_name
from scslab.core.errors import ScslabError

TOKEN = re.compile(
    r"\s*(?:(?P<quoted>`(?:[^`\\]|\\.)+`)|(?P<name>[^\W\d][\w.]*|\.[^\W\d][\w.]*)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[-~+*:()^/]))"
)
FUNCTIONS = ("I", "log", "sqrt", "exp")
TRANSFORMS = {"log": "ln", "sqrt": "sqrt", "exp": "exp"}


@dataclass(frozen=True)
class Token:
    """A piece of a formula: kind "name", "number", "sign" or "call" (a function's name)."""

    kind: str
    text: str


def tokens(formula: str) -> tuple[Token, ...]:
    """A formula in pieces; names without their backticks.

    Raises
    ------
    ScslabError
        Something that has no place in a formula.
    """
    found: list[Token] = []
    at, text = 0, formula.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise ScslabError(
                "the formula cannot be shown as code",
                where=formula,
                got=text[at : at + 12],
                expected='names, numbers, + - * : ^ ( ) ~; other names in backticks, as "`my var`"',
            )
        at = match.end()
        if match["quoted"]:
            found.append(Token("name", re.sub(r"\\(.)", r"\1", match["quoted"][1:-1])))
        elif match["name"]:
            call = match["name"] in FUNCTIONS and text[at:].lstrip().startswith("(")
            found.append(Token("call" if call else "name", match["name"]))
        else:
            kind = "number" if match["number"] else "sign"
            found.append(Token(kind, match["number"] or match["sign"]))
    for before, here in zip(found, found[1:], strict=False):
        if before.kind == "name" and here.text == "(":
            raise ScslabError(
                f'"{before.text}" is no function a formula may use',
                where=formula,
                expected=", ".join(FUNCTIONS),
            )
    return tuple(found)


def split(formula: str) -> tuple[str, tuple[Token, ...]]:
    """The outcome of a formula and its right side.

    Raises
    ------
    ScslabError
        No single outcome.
    """
    found = tokens(formula)
    if len(found) < 3 or found[0].kind != "name" or found[1].text != "~":
        raise ScslabError(
            "a model's formula is outcome ~ terms", where=formula, expected='such as "y ~ x + z"'
        )
    if any(t.text == "~" for t in found[2:]):
        raise ScslabError("a formula has one ~", where=formula)
    return found[0].text, found[2:]


def names_in(formula: str) -> list[str]:
    """The variables of a formula, each once."""
    return list(dict.fromkeys(t.text for t in tokens(formula) if t.kind == "name"))


def r_side(found: tuple[Token, ...]) -> str:
    """Tokens as R code."""
    text = ""
    for token in found:
        if token.kind == "name":
            text += r_name(token.text)
        elif token.kind == "sign" and token.text in "~+-*":
            text += f" {token.text} "
        else:
            text += number(float(token.text)) if token.kind == "number" else token.text
    return re.sub(r" +", " ", text).strip()


def r_formula(formula: str) -> str:
    """A formula as R code, names quoted."""
    return r_side(tokens(formula))


def terms(found: tuple[Token, ...]) -> Iterator[tuple[str, tuple[Token, ...]]]:
    """Terms at the top level with their sign, "+" or "-"."""
    sign, depth = "+", 0
    here: list[Token] = []
    for token in found:
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if depth == 0 and token.kind == "sign" and token.text in "+-":
            if here:
                yield sign, tuple(here)
            sign, here = token.text, []
        else:
            here.append(token)
    if here:
        yield sign, tuple(here)


@dataclass(frozen=True)
class StataTerms:
    """A right side in Stata: the terms, lines that must stand before, and what cannot be said."""

    terms: tuple[str, ...]
    before: tuple[str, ...]
    constant: bool
    lost: tuple[str, ...]


def stata_side(
    found: tuple[Token, ...], setting: Setting, names: dict[str, str], factors: dict[str, str]
) -> StataTerms:
    """Terms in Stata: i. for categories, c. for numbers in products, # for :, ## for *.

    `names` are Stata's names of variables; `factors` the words for variables of categories, which
    are coded 1, 2, and so on: "i.c_sex".
    """
    out: list[str] = []
    before: list[str] = []
    lost: list[str] = []
    constant = True
    for sign, term in terms(found):
        text = r_side(term)
        if sign == "-" or text in ("0", "1"):
            if text in ("0", "1"):
                constant = (text == "1") == (sign == "+")
            else:
                lost.append(f"- {text}")
            continue
        try:
            out.append(product(term, setting, names, factors, before))
        except ValueError:
            lost.append(text)
    return StataTerms(tuple(out), tuple(dict.fromkeys(before)), constant, tuple(lost))


def product(
    term: tuple[Token, ...],
    setting: Setting,
    names: dict[str, str],
    factors: dict[str, str],
    before: list[str],
) -> str:
    """One term in Stata; ValueError where it has no plain counterpart."""
    parts: list[list[Token]] = [[]]
    joins: list[str] = []
    depth = 0
    for token in term:
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if depth == 0 and token.kind == "sign" and token.text in ":*":
            joins.append("#" if token.text == ":" else "##")
            parts.append([])
        else:
            parts[-1].append(token)
    if len(set(joins)) > 1:
        raise ValueError("mixed")
    words = [factor(tuple(part), setting, names, factors, before) for part in parts]
    if len(words) == 1:
        return words[0].removeprefix("c.") if "#" not in words[0] else words[0]
    return joins[0].join(words)


def factor(
    part: tuple[Token, ...],
    setting: Setting,
    names: dict[str, str],
    factors: dict[str, str],
    before: list[str],
) -> str:
    """One variable of a term in Stata."""
    kinds = [t.kind for t in part]
    if kinds == ["name"]:
        name = part[0].text
        return factors.get(name, f"c.{names[name]}")
    inner = part[2:-1]
    if not part or part[0].kind != "call" or not inner or inner[0].kind != "name":
        raise ValueError("no plain counterpart")
    name = inner[0].text
    if name in factors:
        raise ValueError("a function of categories")
    call = part[0].text
    if call == "I" and [t.text for t in inner[1:]] in (["^", "2"], ["^", "3"]):
        return "#".join([f"c.{names[name]}"] * int(inner[2].text))
    if call in TRANSFORMS and len(inner) == 1:
        made = f"{call}_{names[name]}"[:32]
        before.append(f"capture drop {made}")
        before.append(f"generate double {made} = {TRANSFORMS[call]}({names[name]})")
        return f"c.{made}"
    raise ValueError("no plain counterpart")
