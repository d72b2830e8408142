"""Margins: what a population is known to look like, from a file, a name or a dict."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field

from scslab import survey
from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import Strict
from scslab.core.yamlfile import Document, Place, dotted, read

Unit = Literal["share", "percent", "count"]
LIBRARY = Path(survey.__file__).parent / "library" / "margins"
CROSS = " x "  # joins variables, and their categories, of a joint margin
EXACT = 1e-6  # how far sums may be off before they are a mistake; rounding is larger
WHOLE = {"share": 1.0, "percent": 100.0}


@dataclass(frozen=True)
class Margin:
    """One margin: a share of the population for each category, or combination of categories.

    `levels` holds a category of each variable; shares sum to 1.
    """

    variables: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]

    @property
    def name(self) -> str:
        """The margin as messages and tables name it: "sex" or "sex x age"."""
        return CROSS.join(self.variables)


@dataclass(frozen=True)
class Margins:
    """Margins of one population.

    `total` is the number of persons where it is known: weights then sum to it; without it they
    keep their sum.
    """

    margins: tuple[Margin, ...]
    total: float | None = None
    source: str = ""
    title: str = ""
    notes: tuple[str, ...] = ()


class MarginsFile(Strict):
    """The shape of a file of margins."""

    title: str = ""
    source: str = Field(description="where the figures are from")
    total: float | None = Field(None, description="persons in the population")
    unit: Unit | None = Field(None, description="what the figures count")
    rescale: bool = Field(False, description="bring sums that are off by rounding to the whole")
    margins: dict[str, dict[str, Any]] = Field(
        description="variable, or variables joined by ' x ', then category, then figure"
    )


def margins(
    figures: Mapping[Any, Mapping[Any, Any]],
    *,
    total: float | None = None,
    unit: Unit | None = None,
    source: str = "",
    rescale: bool = False,
) -> Margins:
    """Margins from a dict of variable to category to figure.

    Parameters
    ----------
    figures : mapping
        {"sex": {"female": 0.39, "male": 0.61}}. A joint margin has several variables in its key,
        ("sex", "age") or "sex x age", and nested categories: {"female": {"14-30": 0.2, ...}}; a
        tuple of categories serves as well.
    total : float, optional
        Persons in the population. Counts bring their own.
    unit : "share", "percent" or "count", optional
        By default shares where no figure is above 1, else counts.
    rescale : bool
        Whether margins whose sums differ are brought to one whole (printed figures are rounded);
        a note says by how much. Otherwise they are an error.

    Raises
    ------
    ScslabError
        Figures that are no numbers, shares that do not sum to 1, counts whose totals disagree.

    Examples
    --------
    >>> m = margins({"sex": {"female": 1200, "male": 1300}})
    >>> m.margins[0].shares, m.total
    ((0.48, 0.52), 2500.0)
    """
    document = Document("margins", dict(figures), {})
    return collect(document, figures, total, unit, source, rescale, place=())


def read_margins(path_or_name: str | Path) -> Margins:
    """Margins from a YAML file, or by the name of a set that comes with the package.

    Raises
    ------
    ScslabError
        No such file or name; unknown keys; figures that do not fit, with their line.

    Examples
    --------
    >>> [m.name for m in read_margins("cn-online-2018").margins]
    ['age', 'sex', 'region']
    """
    path = Path(path_or_name)
    if path.suffix not in (".yaml", ".yml"):
        names = [p.stem for p in sorted(LIBRARY.glob("*.yaml"))]
        if str(path_or_name) not in names:
            raise ScslabError(
                f'no margins named "{path_or_name}"',
                expected="a name, or a file that ends in .yaml",
                hint=near(str(path_or_name), names),
            )
        path = LIBRARY / f"{path_or_name}.yaml"
    document = read(path)
    file = fit(MarginsFile, document)
    found = collect(
        document, file.margins, file.total, file.unit, file.source, file.rescale, ("margins",)
    )
    return replace(found, title=file.title)


def as_margins(given: Margins | Mapping[Any, Mapping[Any, Any]] | str | Path) -> Margins:
    """Margins from whatever a user names them by."""
    if isinstance(given, Margins):
        return given
    return margins(given) if isinstance(given, Mapping) else read_margins(given)


def renamed(given: Margins, names: Mapping[str, str]) -> Margins:
    """The same margins under a file's own variable names.

    Raises
    ------
    ScslabError
        A name that no margin has.

    Examples
    --------
    >>> [m.name for m in renamed(read_margins("cn-online-2018"), {"age": "q1"}).margins]
    ['q1', 'sex', 'region']
    """
    known = {v for m in given.margins for v in m.variables}
    for name in names:
        if name not in known:
            raise ScslabError(f'no margin of "{name}"', hint=near(name, known))
    changed = (
        replace(m, variables=tuple(names.get(v, v) for v in m.variables)) for m in given.margins
    )
    return replace(given, margins=tuple(changed))


def collect(
    document: Document,
    figures: Mapping[Any, Mapping[Any, Any]],
    total: float | None,
    unit: Unit | None,
    source: str,
    rescale: bool,
    place: tuple[str, ...],
) -> Margins:
    """Margins from nested figures, checked against each other."""
    if not figures:
        raise ScslabError("no margins", where=document.name, expected="at least one variable")
    if unit is not None and unit not in get_args(Unit):
        raise ScslabError("unknown unit", got=unit, hint=near(str(unit), get_args(Unit)))
    if total is not None and not (math.isfinite(total) and total > 0):
        raise ScslabError(
            "the total of the population must be a positive number",
            where=at(document, (*place[:-1], "total")),
            got=total,
        )
    flat = [flatten(document, place, key, inner) for key, inner in figures.items()]
    sums = [math.fsum(numbers) for _, _, numbers in flat]
    unit = unit or guess(document, flat, sums)
    whole = WHOLE.get(unit) or total or sums[0]
    notes = []
    for (variables, _, _), got in zip(flat, sums, strict=True):
        if abs(got - whole) > EXACT * whole:
            if not rescale:
                raise disagree(document, place, CROSS.join(variables), got, whole, unit, sums)
            notes.append(
                f"{CROSS.join(variables)}: figures sum to {got:g}, brought to {whole:g} "
                f"({(whole / got - 1) * 100:+.2f} %)"
            )
    made = tuple(
        Margin(variables, levels, tuple(n / got for n in numbers))
        for (variables, levels, numbers), got in zip(flat, sums, strict=True)
    )
    names = [m.name for m in made]
    for name in names:
        if names.count(name) > 1:
            raise ScslabError(f'margin "{name}" is given twice', where=document.name)
    persons = total if unit != "count" else float(whole)
    return Margins(made, persons, source, notes=tuple(notes))


Flat = tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[float, ...]]


def flatten(document: Document, place: tuple[str, ...], key: Any, inner: Any) -> Flat:
    """The variables, levels and figures of one margin."""
    variables = tuple(key) if isinstance(key, tuple) else tuple(str(key).split(CROSS))
    if len(set(variables)) < len(variables):
        raise ScslabError(f'margin "{key}" names a variable twice', where=document.name)
    here = (*place, str(key))
    found = list(walk(document, here, inner, len(variables), ()))
    levels = tuple(level for level, _ in found)
    if not found:
        raise ScslabError("a margin without categories", where=at(document, here))
    for level in levels:
        if levels.count(level) > 1:
            raise ScslabError(
                f'category "{CROSS.join(level)}" is given twice', where=at(document, here)
            )
    if math.fsum(n for _, n in found) <= 0:
        raise ScslabError("the figures of this margin are all 0", where=at(document, here))
    return variables, levels, tuple(number for _, number in found)


def walk(
    document: Document, place: tuple[str, ...], inner: Any, depth: int, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Categories and figures of a margin, whether nested or by tuples."""
    left = depth - len(above)
    if left == 0:
        number = isinstance(inner, int | float) and not isinstance(inner, bool)
        if not number or not math.isfinite(inner) or inner < 0:
            raise ScslabError(
                "the figure of a category must be a number, 0 or more",
                where=at(document, place),
                got="nothing" if inner is None else inner,
            )
        yield above, float(inner)
        return
    if not isinstance(inner, Mapping):
        raise ScslabError(
            "this margin has more variables than levels of categories",
            where=at(document, place),
            got=inner,
            expected=f"{depth} levels of categories, one for each variable",
        )
    for category, deeper in inner.items():
        names = category if isinstance(category, tuple) else (category,)
        if len(names) > left:
            raise ScslabError(
                "this category has more parts than the margin has variables",
                where=at(document, place),
                got=CROSS.join(map(str, names)),
                expected=f"{left}",
            )
        parts = tuple(text_of(name) for name in names)
        yield from walk(document, (*place, *parts), deeper, depth, (*above, *parts))


def at(document: Document, place: Place) -> str:
    """Where a figure stands: with its line if it is from a file."""
    if document.lines:
        return document.where(place)
    return ": ".join(part for part in (document.name, dotted(place)) if part)


def text_of(category: Any) -> str:
    """A category or code as it is written: 1 and not 1.0."""
    if isinstance(category, float) and category.is_integer():
        return str(int(category))
    return str(category)


def guess(document: Document, flat: list[Flat], sums: list[float]) -> Unit:
    """Shares where no figure is above 1, else counts; percent only where it is said."""
    if all(number <= 1 for _, _, numbers in flat for number in numbers):
        return "share"
    if all(abs(s - 100) < 1.5 for s in sums):
        raise ScslabError(
            "these figures may be percent or persons",
            where=document.name,
            got=f"sums of {', '.join(f'{s:g}' for s in sums)}",
            hint="unit: percent (or unit: count)",
        )
    return "count"


def disagree(
    document: Document,
    place: tuple[str, ...],
    name: str,
    got: float,
    whole: float,
    unit: Unit,
    sums: list[float],
) -> ScslabError:
    """The mistake of margins that are not of one population."""
    where = at(document, (*place, name))
    off = f"off by {got - whole:+.6g} ({(got / whole - 1) * 100:+.3g} %)"
    hint = (
        "mend the figures; in a file of margins say rescale: true, if they are off by rounding only"
    )
    if unit == "count":
        return ScslabError(
            f'the totals of the margins disagree: "{name}" is {off}',
            where=where,
            got=", ".join(f"{s:,.10g}" for s in sums),
            expected=f"{whole:,.10g} in each margin",
            hint=hint,
        )
    return ScslabError(
        f'the {unit}s of margin "{name}" do not sum to {whole:g}: {off}',
        where=where,
        got=f"{got:.10g}",
        hint=hint,
    )
