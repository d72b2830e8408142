"""Read a formula as R writes it: `y ~ a + b*c + I(x^2) - 1`.

Precedence, expansion and the order of terms are R's (`terms.formula`): terms of one variable
before interactions, variables of an interaction in the order in which they first appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scslab.analysis.formula.walk import check_expression, check_function, variables_of, written
from scslab.analysis.formula.words import (
    COMPARISONS,
    Binary,
    Bracket,
    Call,
    Expression,
    Name,
    Number,
    Text,
    Unary,
)
from scslab.core.errors import ScslabError

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>(?:[^\W\d]|\.(?!\d))[\w.]*)"
    r"|(?P<quoted>`[^`]+`)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign>==|!=|<=|>=|\*\*|%in%|[-+*/^:()~<>&|!,]))"
)
STRENGTH = {"~": 1, "|": 2, "&": 3, **dict.fromkeys(COMPARISONS, 5)}  # how closely a sign binds
STRENGTH |= {"+": 6, "-": 6, "*": 7, "/": 7, ":": 8, "^": 10}
NOT, SIGNED = 4, 9  # of "!" and of a sign before one value


@dataclass(frozen=True)
class Token:
    """A word of a formula and where it starts."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class Term:
    """A term of the right side: the places, in `Formula.factors`, of what it multiplies."""

    name: str
    factors: tuple[int, ...]


@dataclass(frozen=True)
class Formula:
    """A formula, expanded.

    Attributes
    ----------
    text : str
        As it was written.
    response : Expression or None
        None in a formula of one side, "~ a + b".
    factors : tuple of Expression
        What terms are made of, in order of first appearance: variables, log(x), I(x^2), ...
    terms : tuple of Term
        In R's order; without the intercept.
    intercept : bool
    """

    text: str
    response: Expression | None
    factors: tuple[Expression, ...]
    terms: tuple[Term, ...]
    intercept: bool

    @property
    def outcome(self) -> str:
        """The left side as it is written."""
        return written(self.response) if self.response is not None else ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable, the outcome's first, without repetition."""
        used = [e for t in self.terms for e in (self.factors[f] for f in t.factors)]
        sides = ([self.response] if self.response is not None else []) + used
        return tuple(dict.fromkeys(v for e in sides for v in variables_of(e)))


def read_formula(text: str) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        Terms with + - * : ^ / and brackets as in R; 0, 1 and -1 for the intercept; names with
        other characters in backticks; log, log2, log10, log1p, sqrt, exp, abs, factor and I(),
        inside which + - * / ^ are arithmetic and == != < <= > >= & | ! compare.

    Raises
    ------
    ScslabError
        It cannot be read (a caret shows where), a function is unknown, or the outcome is on the
        right side too.

    Examples
    --------
    >>> f = read_formula("trust ~ sex*age + I(age^2)")
    >>> [t.name for t in f.terms], f.intercept
    (['sex', 'age', 'I(age^2)', 'sex:age'], True)
    """
    tokens = split(text)
    tildes = [t for t in tokens if t.text == "~"]
    if len(tildes) > 1:
        raise mistake('a second "~" in the formula', text, tildes[1].at)
    tree, after = parse(text, tokens, 0, 0)
    if after < len(tokens):
        raise mistake(stray(tokens[after]), text, tokens[after].at)
    if isinstance(tree, Unary) and tree.sign == "~":
        response, right = None, tree.of
    elif isinstance(tree, Binary) and tree.sign == "~":
        response, right = tree.left, tree.right
    else:
        raise ScslabError(
            'no "~" in the formula', where=text, expected="outcome ~ terms", hint="y ~ a + b"
        )
    order: dict[Expression, int] = {}
    masks, intercept = expand(right, order, text)
    factors = tuple(order)
    terms = tuple(as_term(m, factors) for m in sorted(masks, key=int.bit_count))
    formula = Formula(text, response, factors, terms, intercept is not False)
    check_response(formula)
    return formula


def split(text: str) -> list[Token]:
    """The words of a formula.

    Raises
    ------
    ScslabError
        A character that no formula has, or quotes without an end.
    """
    tokens, at = [], 0
    end = len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if not found:
            at += len(text[at:]) - len(text[at:].lstrip())
            if text[at] in "`\"'":
                raise mistake(f"no closing {text[at]}", text, at)
            if text[at] == "=":
                raise mistake("a single = in the formula", text, at, hint="== compares")
            hint = "put names with such characters in backticks: `a name`"
            raise mistake(f'"{text[at]}" cannot be read', text, at, hint=hint)
        kind = str(found.lastgroup)
        word = found.group(kind)
        tokens.append(Token(kind, "^" if word == "**" else word, found.start(kind)))
        at = found.end()
    return tokens


def parse(text: str, tokens: list[Token], at: int, least: int) -> tuple[Expression, int]:
    """An expression from token `at` on, of signs that bind at least so closely; and what follows.

    Precedence climbing; ^ joins from the right, the other signs from the left.
    """
    left, at = parse_one(text, tokens, at)
    while at < len(tokens):
        sign = tokens[at].text
        strength = STRENGTH.get(sign, 0) if tokens[at].kind == "sign" else 0
        if strength == 0 or strength < least:
            break
        right, at = parse(text, tokens, at + 1, strength + (sign != "^"))
        left = Binary(sign, left, right)
    return left, at


def parse_one(text: str, tokens: list[Token], at: int) -> tuple[Expression, int]:
    """One value: a name, number, text, call, bracket, or a sign and what it applies to."""
    if at >= len(tokens):
        end = len(text.rstrip())
        raise mistake("the formula ends too early", text, end)
    token = tokens[at]
    if token.kind == "number":
        return Number(token.text), at + 1
    if token.kind == "text":
        return Text(token.text[1:-1]), at + 1
    if token.kind == "quoted":
        return Name(token.text[1:-1]), at + 1
    if token.kind == "name":
        if at + 1 < len(tokens) and tokens[at + 1].text == "(":
            check_function(token.text, text)
            of, after = parse_bracket(text, tokens, at + 1)
            return Call(token.text, of), after
        if token.text == ".":
            raise mistake('"." for all other variables is not supported', text, token.at)
        return Name(token.text), at + 1
    if token.text == "(":
        of, after = parse_bracket(text, tokens, at)
        return Bracket(of), after
    if token.text in "-+!~":
        strength = {"!": NOT, "~": STRENGTH["~"] + 1}.get(token.text, SIGNED)
        of, after = parse(text, tokens, at + 1, strength)
        return Unary(token.text, of), after
    raise mistake(stray(token), text, token.at)


def parse_bracket(text: str, tokens: list[Token], at: int) -> tuple[Expression, int]:
    """What stands in the bracket that opens at a token."""
    if at + 1 < len(tokens) and tokens[at + 1].text == ")":
        raise mistake("nothing between the brackets", text, tokens[at].at)
    of, after = parse(text, tokens, at + 1, 0)
    if after >= len(tokens):
        raise mistake("this bracket is not closed", text, tokens[at].at)
    if tokens[after].text == ",":
        raise mistake("a function in a formula takes one argument", text, tokens[after].at)
    if tokens[after].text != ")":
        raise mistake(stray(tokens[after]), text, tokens[after].at)
    return of, after + 1


def expand(
    e: Expression, order: dict[Expression, int], formula: str
) -> tuple[list[int], bool | None]:
    """Terms of the right side as sets of factors (bits), and what it says of the intercept.

    `order` numbers the factors by first appearance and is filled here. Follows R's `EncodeVars`.
    """
    match e:
        case Bracket(of):
            return expand(of, order, formula)
        case Number(text) if float(text) in (0, 1):
            return [], float(text) == 1
        case Unary("-" | "+" as sign, of):
            return expand(Binary(sign, Number("1"), of), order, formula)
        case Binary("^", left, Number(power)) if float(power).is_integer() and float(power) >= 1:
            terms, intercept = expand(left, order, formula)
            found = terms
            for _ in range(int(float(power)) - 1):
                found = unique([*found, *(a | b for a in found for b in terms)])
            return found, intercept
        case Binary("+" | "-" | "*" | ":" | "/" as sign, left, right):
            a, first = expand(left, order, formula)
            b, second = expand(right, order, formula)
            if sign in "+-":
                if sign == "-" and second is not None:
                    second = not second
                said = second if second is not None else first
                kept = [t for t in a if t not in b] if sign == "-" else unique([*a, *b])
                return kept, said
            return joined(sign, a, b), first
        case Name() | Call():
            check_expression(e, formula)
            return [1 << order.setdefault(e, len(order))], None
        case Binary("|", _, _):
            hint = "clusters belong to the design; random effects are not supported"
        case Number():
            hint = "only 0, 1 and -1 stand by themselves"
        case _:
            hint = f"I({written(e)})"
    raise ScslabError("this cannot stand among terms", where=formula, got=written(e), hint=hint)


def joined(sign: str, a: list[int], b: list[int]) -> list[int]:
    """Terms of a*b, a:b and a/b."""
    if sign == "/":  # b within all that a holds
        whole = 0
        for term in a:
            whole |= term
        return unique([*a, *(whole | t for t in b)])
    pairs = [x | y for x in a for y in b]
    return unique(pairs if sign == ":" else [*a, *b, *pairs])


def unique(terms: Iterable[int]) -> list[int]:
    """Terms without repetition, the first of each kept."""
    return list(dict.fromkeys(terms))


def as_term(mask: int, factors: tuple[Expression, ...]) -> Term:
    """A term from its bits."""
    places = tuple(i for i in range(len(factors)) if mask >> i & 1)
    return Term(":".join(written(factors[i]) for i in places), places)


def check_response(formula: Formula) -> None:
    """That the outcome can be one and is not on the right side.

    Raises
    ------
    ScslabError
        It cannot, or is.
    """
    if formula.response is None:
        return
    check_expression(formula.response, formula.text)
    outcome = set(variables_of(formula.response))
    if not outcome:
        raise ScslabError("the outcome names no variable", where=formula.text)
    for term in formula.terms:
        both = outcome & {v for f in term.factors for v in variables_of(formula.factors[f])}
        if both:
            raise ScslabError(
                f'the outcome "{min(both)}" stands on the right side too',
                where=formula.text,
                got=term.name,
                why="it would explain itself",
            )


def stray(token: Token) -> str:
    """What to say of a word that stands where none fits."""
    if token.text == ")":
        return "this bracket was never opened"
    return f'"{token.text}" does not fit here'


def mistake(what: str, text: str, at: int, hint: str = "") -> ScslabError:
    """A mistake at a place of the formula, shown with a caret."""
    line = text.replace("\n", " ").replace("\t", " ")
    caret = " " * (len("  got: ") + at) + "^"
    return ScslabError(what, got=f"{line}\n{caret}", hint=hint)
