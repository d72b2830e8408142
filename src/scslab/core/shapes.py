"""From a parsed file to a checked model: the words of the schema library made readable."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place

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
        form = "a day such as 2013-10-01" if r"\d{2}-\d{2}$" in error["ctx"]["pattern"] else ""
        form = form or "a month such as 2013-10"
        return ScslabError("this is not a date", where=where, got=got, expected=form)
    if kind == "literal_error":
        known = [w.strip(" '") for w in error["ctx"]["expected"].replace(" or ", ",").split(",")]
        return ScslabError(
            "unknown word",
            where=where,
            got=got,
            expected=", ".join(known),
            hint=near(str(got), known),
        )
    return ScslabError(
        "this does not fit here", where=where, got=shorten(got), expected=expectation(error)
    )


def is_branch(part: str | int) -> bool:
    """Whether a part of a location names a branch of a union and not a key of the file."""
    return isinstance(part, str) and (part in {"bool", "int", "float", "str"} or "[" in part)


def expectation(error: Any) -> str:
    """What the schema library expected, without its jargon."""
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
