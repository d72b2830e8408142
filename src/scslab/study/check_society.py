"""A wave file beside a society: the attributes and categories that it names are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.study.check_field import PILOTS, chances_of
from scslab.study.check_variables import parts_of
from scslab.study.read_wave import WaveDocument
from scslab.study.wave import Quotas, Variable, WaveFile
from scslab.study.wave_columns import Column, columns_from, columns_of, term

Attributes = Mapping[str, tuple[str, ...]]


def check_against(wave: WaveDocument, attributes: Attributes) -> None:
    """Population, frame, reach, strata, quotas, codes and effects fit the society's attributes.

    Parameters
    ----------
    wave : WaveDocument
        As read.
    attributes : mapping of str to tuple of str
        Attribute -> its categories.

    Raises
    ------
    ScslabError
        An attribute or category that the society has not, with file and line.
    """
    file, document = wave.wave, wave.document
    for key in ("population", "frame"):
        for name, categories in getattr(file, key).items():
            check_categories(name, categories, attributes, (key, name), document)
    for i, name in enumerate(file.sample.strata):
        check_categories(name, (), attributes, ("sample", "strata", i), document)
    if file.sample.quotas is not None:
        check_quotas(file.sample.quotas, attributes, document)
    for key in file.field.reach:
        if key != PILOTS:
            check_key(key, {}, attributes, ("field", "reach", key), document)
    before: dict[str, Column] = {}
    for i, variable in enumerate(file.variables):
        at: Place = ("variables", i)
        check_bands(variable, at, attributes, document)
        check_codes(variable, at, file, attributes, document)
        for place, part in parts_of(variable):
            for key in part.effects:
                check_key(key, before, attributes, (*at, *place, "effects", key), document)
        before |= {column.name: column for column in columns_from(variable)}
    for place, chance in chances_of(file):
        for key in chance.effects:
            check_key(key, columns_of(file), attributes, (*place, "effects", key), document)


def check_categories(
    name: str, categories: Iterable[str], attributes: Attributes, at: Place, document: Document
) -> None:
    """The society has an attribute and its categories."""
    where = document.where(at)
    if name not in attributes:
        raise ScslabError(
            f'the society has no attribute "{name}"', where=where, hint=near(name, attributes)
        )
    for category in categories:
        if category not in attributes[name]:
            raise ScslabError(
                f'"{category}" is not a category of {name}',
                where=where,
                hint=near(category, attributes[name]),
            )


def check_key(
    key: str, columns: Mapping[str, Column], attributes: Attributes, at: Place, document: Document
) -> None:
    """An effect by category: the society has it."""
    looked = term(key, columns)
    if looked.kind != "category":
        return
    if looked.name in columns and looked.name not in attributes:
        raise ScslabError(
            f'"{looked.name}" is a variable, whose answers are codes',
            where=document.where(at),
            got=key,
            expected=f"a number, such as {looked.name}=1",
        )
    check_categories(looked.name, [looked.value], attributes, at, document)


def check_bands(variable: Variable, at: Place, attributes: Attributes, document: Document) -> None:
    """Years are drawn within bands of an attribute that is there."""
    if variable.kind == "years":
        place = (*at, "attribute") if variable.attribute else at
        check_categories(variable.attribute or "age", (), attributes, place, document)


def check_codes(
    variable: Variable, at: Place, wave: WaveFile, attributes: Attributes, document: Document
) -> None:
    """Every category of those who may be asked has a code."""
    if variable.kind != "attribute":
        return
    name = variable.attribute or ""
    check_categories(name, (), attributes, (*at, "attribute"), document)
    check_categories(name, variable.codes, attributes, (*at, "codes"), document)
    asked = wave.population.get(name) or wave.frame.get(name) or attributes[name]
    missing = [c for c in asked if c not in variable.codes]
    if missing:
        raise ScslabError(
            f"no code for {', '.join(missing[:6])}", where=document.where((*at, "codes"))
        )


def check_quotas(quotas: Quotas, attributes: Attributes, document: Document) -> None:
    """The categories behind a margin are all of one attribute."""
    for margin, groups in quotas.on.items():
        named = {c for categories in groups.values() for c in categories}
        likely = [margin] if margin in attributes else list(attributes)
        if named and not any(named <= set(attributes[name]) for name in likely):
            near_to = [c for name in likely for c in attributes[name]]
            odd = next((c for c in sorted(named) if c not in near_to), sorted(named)[0])
            raise ScslabError(
                f'the categories behind "{margin}" are not of one attribute',
                where=document.where(("sample", "quotas", "on", margin)),
                got=odd,
                hint=near(odd, near_to),
            )
