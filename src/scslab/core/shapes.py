"""From a parsed file to a checked model: the words of the schema library made readable."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import NUMBER, Document, Place

M = TypeVar("M", bound=BaseModel)


def fit(model: type[M], document: Document, data: Any = None) -> M:
    """Check a document against its shape.

    Raises
    ------
    ScslabError
        The first mistake of the file, with its line, what was got and what was expected.
    """
    try:
        return model.model_validate(document.data if data is None else data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        # An unknown key explains a missing one ("perid" for "period"), so it goes first.
        first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
        raise say(first, model, document) from error


def say(error: Any, model: type[BaseModel], document: Document) -> ScslabError:
    """One mistake in the style of the laboratory's messages."""
    place: Place = tuple(p for p in error["loc"] if not is_branch(p))
    where = document.where(place)
    kind, got = error["type"], error["input"]
    if kind == "extra_forbidden":
        known = keys_at(model, place[:-1])
        return ScslabError(
            f'unknown key "{place[-1]}"', where=where, hint=near(str(place[-1]), known)
        )
    if kind == "missing":
        name = str(place[-1])
        hint = ""
        if name == "source":
            hint = "every value needs one; if you guessed it, add a source of kind assumption"
        return ScslabError(f'"{name}" is missing', where=document.where(place[:-1]), hint=hint)
    if kind == "string_pattern_mismatch":
        what, form = pattern_words(error["ctx"]["pattern"])
        return ScslabError(what, where=where, got=shorten(got), expected=form)
    if kind == "literal_error":
        known = [w.strip(" '") for w in error["ctx"]["expected"].replace(" or ", ",").split(",")]
        return ScslabError(
            "unknown word",
            where=where,
            got=got,
            expected=", ".join(known) if len(known) <= 8 else "",
            hint=near(str(got), known),
        )
    if got is None:
        got = "nothing"
    return ScslabError(
        "this does not fit here",
        where=where,
        got=shorten(got),
        expected=expectation(error),
        hint=spelling(error),
    )


def is_branch(part: str | int) -> bool:
    """Whether a part of a location names a branch of a union and not a key of the file."""
    return isinstance(part, str) and (part in {"bool", "int", "float", "str"} or "[" in part)


def pattern_words(pattern: str) -> tuple[str, str]:
    """What a text that does not match is not, and the form it should have."""
    if r"\d{2}-\d{2}$" in pattern:
        return "this is not a day", "a day such as 2013-10-01"
    if r"\d{2}$" in pattern:
        return "this is not a month", "a month such as 2013-10"
    return "this is not a name", "small letters, digits and single hyphens, such as cn-sesame"


def spelling(error: Any) -> str:
    """A hint where a value is right and only its spelling is wrong."""
    got, kind = error["input"], error["type"]
    if kind == "string_type" and got is not None and not isinstance(got, dict | list):
        return "put it in quotes"
    if isinstance(got, str) and got.lower() in ("yes", "no", "on", "off", "y", "n"):
        return "write true or false"
    if isinstance(got, str) and NUMBER.match(got):
        return "write the number without quotes"
    return ""


def expectation(error: Any) -> str:
    """What the schema library expected, without its jargon."""
    if error["loc"] and error["loc"][-1] in ("bool", "int", "float"):
        return "a number, true, false or null"
    if error.get("ctx", {}).get("class_name") == "Dated":
        return "a unit and rows, each with from, value and source"
    if error["type"] == "too_short":
        return f"a list, at least {error['ctx']['min_length']} long"
    if error["type"] == "too_long":
        return f"a list, at most {error['ctx']['max_length']} long"
    if error["type"] == "greater_than_equal":
        return f"{error['ctx']['ge']:g} or more"
    message = str(error["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
    words = {
        "a valid string": "text",
        "a valid number": "a number",
        "a valid integer": "a whole number",
        "a valid boolean": "true or false",
        "a valid list": "a list",
        "a valid dictionary": "keys with values",
        "a valid dictionary or instance of": "keys with values",
    }
    for raw, plain in words.items():
        if message.startswith(raw):
            return plain
    return message


def shorten(value: object) -> str:
    """A value in at most 60 characters."""
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def keys_at(model: Any, place: Place) -> list[str]:
    """The keys that a model knows at a place, as far as its types can tell."""
    found: Any = model.model_json_schema(by_alias=True)
    defs = found.get("$defs", {})
    for part in place:
        found = resolve(found, defs)
        if isinstance(part, int):
            found = found.get("items", {})
        else:
            properties = found.get("properties", {})
            found = properties.get(part) or found.get("additionalProperties") or {}
        if found is True:
            found = {}
    return list(resolve(found, defs).get("properties", {}))


def resolve(schema: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """Follow references and optional values of a JSON Schema."""
    while isinstance(schema, dict) and ("$ref" in schema or "anyOf" in schema):
        if "$ref" in schema:
            schema = defs[schema["$ref"].rsplit("/", 1)[1]]
        else:
            schema = next(
                (s for s in schema["anyOf"] if "$ref" in s or "properties" in s or "items" in s), {}
            )
    return schema if isinstance(schema, dict) else {}
