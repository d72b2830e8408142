"""The sense of variables: what each kind needs, what effects and conditions look at."""

from __future__ import annotations

from collections.abc import Collection

from scslab.core.conditions import parse_condition
from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.study.wave import Option, Variable, WaveFile
from scslab.study.wave_columns import Column, codes_of, columns_from, term
from scslab.study.wave_values import check_rise

COMMON = ("name", "says", "kind", "among", "centre")
# What each kind of variable must have, and what it may have besides.
NEEDS: dict[str, tuple[str, ...]] = {
    "years": (),
    "attribute": ("attribute", "codes"),
    "life": ("life",),
    "ordered": ("cuts",),
    "yes_no": ("base",),
    "one_of": ("options",),
    "ticks": ("options",),
    "number": ("base", "spread"),
    "arm": ("arms",),
    "count": ("of",),
    "when": ("holds",),
}
MAY_HAVE: dict[str, tuple[str, ...]] = {
    "years": ("attribute", "limits"),
    "life": ("spread", "limits"),
    "ordered": ("lowest", "base", "effects"),
    "yes_no": ("effects",),
    "ticks": ("otherwise",),
    "number": ("effects", "limits"),
    "count": ("plus",),
}
AT_LEAST = {"one_of": ("options", 2), "arm": ("arms", 2)}


def check_variables(wave: WaveFile, document: Document) -> None:
    """Each kind has what it needs, and nothing that belongs to another."""
    if not wave.variables:
        raise ScslabError("a wave needs variables", where=document.where(("variables",)))
    for i, variable in enumerate(wave.variables):
        at: Place = ("variables", i)
        check_keys(variable, at, document)
        check_limits(variable, at, document)
        if variable.kind in ("one_of", "ticks"):
            check_options(variable, at, document)
        if variable.kind == "ordered":
            cuts = [cut.value for cut in variable.cuts]
            check_rise(cuts, "the cuts", document.where((*at, "cuts")))
        if variable.kind == "life" and variable.life not in wave.lives:
            raise ScslabError(
                f'no life "{variable.life}"',
                where=document.where((*at, "life")),
                hint=near(str(variable.life), wave.lives),
            )
        if len(set(variable.arms)) < len(variable.arms):
            raise ScslabError("two arms have one name", where=document.where((*at, "arms")))


def check_keys(variable: Variable, at: Place, document: Document) -> None:
    """Keys of one variable, by its kind."""
    kind = variable.kind
    for key in NEEDS[kind]:
        if not getattr(variable, key):
            raise ScslabError(
                f'"{variable.name}" is of kind {kind}, which needs {key}', where=document.where(at)
            )
    known = (*COMMON, *NEEDS[kind], *MAY_HAVE.get(kind, ()))
    for key in Variable.model_fields:
        if key in variable.model_fields_set and key not in known:
            what = f'"{variable.name}" is of kind {kind}, which has no {key}'
            hint = "give the effects with each option" if key == "effects" else ""
            raise ScslabError(
                what,
                where=document.where((*at, key)),
                expected=", ".join(k for k in known if k not in COMMON),
                hint=hint if kind in ("one_of", "ticks") else "",
            )
    key, least = AT_LEAST.get(kind, ("", 0))
    if key and len(getattr(variable, key)) < least:
        raise ScslabError(
            f'"{variable.name}" needs at least {least} {key}', where=document.where((*at, key))
        )


def check_limits(variable: Variable, at: Place, document: Document) -> None:
    """Limits run forward; a spread is no negative number."""
    limits, spread = variable.limits, variable.spread
    if limits is not None and not limits[0] < limits[1]:
        raise ScslabError(
            "the limits run backwards",
            where=document.where((*at, "limits")),
            got=limits,
            expected="[low, high]",
        )
    if spread is not None and min([spread.value, *(spread.between or [])]) < 0:
        raise ScslabError(
            "a standard deviation cannot be negative", where=document.where((*at, "spread"))
        )


def check_options(variable: Variable, at: Place, document: Document) -> None:
    """Options of one_of have a code each; those of ticks have none."""
    seen: dict[int, str] = {}
    for name, option in variable.options.items():
        place: Place = (*at, "options", name)
        if variable.kind == "ticks":
            if option.code is not None:
                raise ScslabError(
                    "an option of ticks has no code: it is a column of its own, 0 or 1",
                    where=document.where((*place, "code")),
                )
        elif option.code is None:
            raise ScslabError("an option of one_of needs a code", where=document.where(place))
        elif option.code in seen:
            raise ScslabError(
                f"{seen[option.code]} and {name} have one code",
                where=document.where((*place, "code")),
                got=option.code,
            )
        else:
            seen[option.code] = name


def parts_of(variable: Variable) -> list[tuple[Place, Variable | Option]]:
    """What of a variable may hold effects: itself and its options, with their places."""
    options: list[tuple[Place, Variable | Option]] = [
        (("options", name), option) for name, option in variable.options.items()
    ]
    return [((), variable), *options]


def check_effects(wave: WaveFile, document: Document) -> None:
    """Effects name a trait, a life, an earlier column, one of its codes, or a category."""
    before: dict[str, Column] = {}
    for i, variable in enumerate(wave.variables):
        for place, part in parts_of(variable):
            for key in part.effects:
                at: Place = ("variables", i, *place, "effects", key)
                check_effect(key, wave, before, document.where(at))
        before |= {column.name: column for column in columns_from(variable)}


def check_effect(key: str, wave: WaveFile, columns: dict[str, Column], where: str) -> None:
    """What one effect looks at is known, and has the code that it names."""
    looked = term(key, columns)
    if looked.kind == "category":
        if not looked.name or not looked.value:
            raise ScslabError(
                "this names no category", where=where, got=key, expected="attribute=category"
            )
        return  # attributes are known with a society: check_against
    if looked.kind == "code":
        codes = codes_of(columns[looked.name].variable)
        if codes is not None and int(looked.value) not in codes:
            raise ScslabError(
                f'"{looked.name}" has no code {looked.value}',
                where=where,
                expected=", ".join(map(str, codes)),
            )
        return
    names = [*wave.traits, *wave.lives, *columns]
    if looked.name not in names:
        raise unknown(key, wave, names, where, "trait, life or earlier variable")
    variable = columns[looked.name].variable if looked.name in columns else None
    codes = () if variable is None else codes_of(variable) or ()
    if variable is not None and variable.kind in ("one_of", "arm") and len(codes) > 2:
        raise ScslabError(
            f'the codes of "{key}" are names, not numbers',
            where=where,
            hint=f'"{key}={codes[-1]}" for one of its answers',
        )


def unknown(
    name: str, wave: WaveFile, names: Collection[str], where: str, what: str
) -> ScslabError:
    """A name that is not known here, or not yet, or is that of a question with ticks."""
    for variable in wave.variables:
        columns = [c.name for c in columns_from(variable)]
        if name == variable.name and name not in columns and columns[0] in names:
            return ScslabError(
                f'"{name}" has a column for each of its options',
                where=where,
                hint=f"name one of them: {', '.join(columns[:12])}",
            )
        if name in (variable.name, *columns):
            return ScslabError(
                f'"{name}" comes about later in the file', where=where, hint=f"move {name} up"
            )
    return ScslabError(f'no {what} "{name}"', where=where, hint=near(name, names))


def check_conditions(wave: WaveFile, document: Document) -> None:
    """Conditions can be read, and look at lives and earlier columns; so do counts."""
    before: dict[str, Column] = {}
    for i, variable in enumerate(wave.variables):
        at: Place = ("variables", i)
        texts: list[tuple[Place, str]] = [((*at, "plus", k), t) for k, t in variable.plus.items()]
        for key in ("among", "holds"):
            if getattr(variable, key) is not None:
                texts.append(((*at, key), getattr(variable, key)))
        for place, part in parts_of(variable):
            if isinstance(part, Option) and part.only is not None:
                texts.append(((*at, *place, "only"), part.only))
        names = [*wave.lives, *before]
        for place, text in texts:
            where = document.where(place)
            for name in parse_condition(text, where).names:
                if name not in names:
                    raise unknown(name, wave, names, where, "life or earlier variable")
        counted: list[tuple[Place, str]] = [((*at, "of", k), n) for k, n in enumerate(variable.of)]
        counted += [((*at, "plus", name), name) for name in variable.plus]
        for place, name in counted:
            check_counted(name, wave, before, document.where(place))
        before |= {column.name: column for column in columns_from(variable)}


def check_counted(name: str, wave: WaveFile, columns: dict[str, Column], where: str) -> None:
    """What is counted is an earlier column of 0 and 1."""
    if name not in columns:
        raise unknown(name, wave, columns, where, "earlier variable")
    if codes_of(columns[name].variable) not in ((0, 1), (1, 0)):
        raise ScslabError(f'"{name}" is not 0 or 1, so it cannot be counted', where=where)
