"""What an expression says: how it is written, which variables it uses, whether it can be."""

from __future__ import annotations

from collections.abc import Iterator

from scslab.analysis.formula.words import (
    COMPARISONS,
    FUNCTIONS,
    LOGIC,
    PLAIN_NAME,
    Binary,
    Bracket,
    Call,
    Expression,
    Name,
    Number,
    Text,
    Unary,
)
from scslab.core.errors import ScslabError, near


def written(e: Expression) -> str:
    """An expression as R prints it.

    Examples
    --------
    >>> written(Call("I", Binary("^", Name("x"), Number("2"))))
    'I(x^2)'
    >>> written(Name("my variable"))
    '`my variable`'
    """
    match e:
        case Name(name):
            return name if PLAIN_NAME.fullmatch(name) else f"`{name}`"
        case Number(text):
            return text
        case Text(value):
            return f'"{value}"'
        case Call(function, argument):
            return f"{function}({written(argument)})"
        case Unary(sign, of):
            return f"{sign}{written(of)}"
        case Bracket(of):
            return f"({written(of)})"
        case Binary(sign, left, right):
            space = "" if sign in "^:/" else " "
            return f"{written(left)}{space}{sign}{space}{written(right)}"


def variables_of(e: Expression) -> Iterator[str]:
    """The names of variables, from left to right, with repetition."""
    match e:
        case Name(name):
            yield name
        case Call(_, argument):
            yield from variables_of(argument)
        case Unary(_, of) | Bracket(of):
            yield from variables_of(of)
        case Binary(_, left, right):
            yield from variables_of(left)
            yield from variables_of(right)


def is_logical(e: Expression) -> bool:
    """Whether an expression is true or false rather than a number."""
    match e:
        case Binary(sign, _, _):
            return sign in COMPARISONS or sign in LOGIC
        case Unary("!", _):
            return True
        case Bracket(of) | Call("I", of):
            return is_logical(of)
    return False


def check_expression(e: Expression, formula: str) -> None:
    """That an expression can be worked out: known functions, text only beside == and !=.

    Raises
    ------
    ScslabError
        It cannot.
    """
    match e:
        case Call(function, argument):
            if function == "factor" and not isinstance(argument, Name):
                raise ScslabError(
                    "factor() is of one variable",
                    where=formula,
                    got=written(e),
                    hint="I(...) for arithmetic and comparisons",
                )
            check_expression(argument, formula)
        case Unary(_, of) | Bracket(of):
            check_expression(of, formula)
        case Binary(sign, left, right):
            sides = (left, right)
            if any(isinstance(s, Text) for s in sides):
                if sign not in ("==", "!=") or not any(isinstance(s, Name) for s in sides):
                    raise ScslabError(
                        "text stands only beside == or !=, with a variable on the other side",
                        where=formula,
                        got=written(e),
                    )
                return
            if sign == ":":
                raise ScslabError(
                    '":" joins terms; it has no meaning inside a function',
                    where=formula,
                    got=written(e),
                )
            for side in sides:
                check_expression(side, formula)
        case Text(value):
            raise ScslabError("text stands only beside == or !=", where=formula, got=f'"{value}"')


def check_function(function: str, formula: str) -> None:
    """That a function exists.

    Raises
    ------
    ScslabError
        It does not; says what to write in its place, where there is something.
    """
    known = [*FUNCTIONS, "I", "factor"]
    instead = {
        "offset": "offsets are not supported: subtract it from the outcome of a linear model",
        "scale": "make the standardised variable first, or write I((x - mean) / sd) with numbers",
        "poly": "x + I(x^2) + I(x^3)",
        "C": "reference=, which chooses the reference level",
        "as.factor": "factor(x)",
        "ordered": "factor(x)",
    }
    if function not in known:
        close = near(function, known)
        raise ScslabError(
            f'no function "{function}" in a formula',
            where=formula,
            expected=", ".join(known),
            hint=instead.get(function) or (close if close.startswith("did") else ""),
        )


def as_numbers(e: Expression) -> set[str]:
    """Variables that an expression needs as numbers."""
    match e:
        case Name(name):
            return {name}
        case Call("factor", _):
            return set()
        case Binary(_, left, right):
            if isinstance(left, Text) or isinstance(right, Text):
                return set()
            return as_numbers(left) | as_numbers(right)
        case Call(_, of) | Unary(_, of) | Bracket(of):
            return as_numbers(of)
    return set()


def compared(sides: list[Expression]) -> dict[str, list[str]]:
    """Variables that are compared with text, and the texts."""
    found: dict[str, list[str]] = {}
    for e in sides:
        match e:
            case Binary(_, Name(name), Text(value)) | Binary(_, Text(value), Name(name)):
                found.setdefault(name, []).append(value)
            case Binary(_, left, right):
                for k, v in compared([left, right]).items():
                    found.setdefault(k, []).extend(v)
            case Call(_, of) | Unary(_, of) | Bracket(of):
                for k, v in compared([of]).items():
                    found.setdefault(k, []).extend(v)
    return found


def names_for(e: Expression) -> tuple[str, ...]:
    """How `reference` may call a factor: as written, or by its variable."""
    inner = e.argument if isinstance(e, Call) and e.function == "factor" else e
    return (written(e), inner.name) if isinstance(inner, Name) else (written(e),)
