"""How each kind of answer comes about: one function a kind, arrays in and out."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from scslab.core.compiled import kernel
from scslab.core.draws import exponential, unit_for, word_of
from scslab.core.errors import ScslabError
from scslab.study.wave import Pair, Variable
from scslab.study.wave_columns import Column
from scslab.world.attitudes.ground import Floats, Ground

BAND = re.compile(r"(\d+)(?:-(\d+)|\+)\Z")
LAST_BAND = 19  # an open band such as 66+ ends so many years after it begins
SMALLEST = 1e-12  # below it the series of `exponential` may give nothing


@kernel
def race(
    word: np.uint64,
    persons: np.ndarray,
    utility: np.ndarray,
    code: float,
    best: np.ndarray,
    choice: np.ndarray,
) -> None:
    """Let one option race the best so far: its utility plus a Gumbel draw, -ln(-ln(u)).

    The one with the highest sum is a draw from the multinomial logit (Luce 1959; McFadden 1974).
    An option whose utility is minus infinity is never chosen.
    """
    for i in range(len(persons)):
        waited = max(exponential(unit_for(word, persons[i])), SMALLEST)
        reached = utility[i] + exponential(waited)
        if reached > best[i]:
            best[i] = reached
            choice[i] = code


def answer(ground: Ground, column: Column) -> Floats:
    """One column in truth, f8[n]; NaN where `among` does not hold."""
    values = WAYS[column.variable.kind](ground, column)
    among = column.variable.among
    return values if among is None else np.where(ground.holds(among), values, np.nan)


def years(ground: Ground, column: Column) -> Floats:
    """A whole number of years, each within the age band as likely as the next."""
    variable, respondents = column.variable, ground.respondents
    attribute = variable.attribute or "age"
    if attribute not in respondents.categories:
        raise ScslabError(f'"{variable.name}" needs the attribute "{attribute}"')
    limits = np.array(variable.limits or (0, np.inf))
    bands = np.array([ages(band) for band in respondents.categories[attribute]], dtype=float)
    bands = np.clip(bands, np.ceil(limits[0]), np.floor(limits[1]))
    low, high = bands[respondents.codes[attribute]].T
    whole: Floats = low + np.floor(luck(ground, column) * (high - low + 1))
    return whole


def ages(band: str) -> tuple[int, int]:
    """The first and last age of a band.

    Raises
    ------
    ScslabError
        The band is not written as 31-50 or 66+.

    Examples
    --------
    >>> ages("31-50"), ages("66+")
    ((31, 50), (66, 85))
    """
    found = BAND.match(band)
    if found is None:
        raise ScslabError("this is not an age band", got=band, expected="31-50 or 66+")
    low = int(found[1])
    return low, int(found[2]) if found[2] else low + LAST_BAND


def attribute(ground: Ground, column: Column) -> Floats:
    """The code of a category; NaN where the file gives it none."""
    variable, respondents = column.variable, ground.respondents
    name = variable.attribute or ""
    if name not in respondents.categories:
        raise ScslabError(f'"{variable.name}" needs the attribute "{name}"')
    given = [variable.codes.get(c, np.nan) for c in respondents.categories[name]]
    codes = np.array([*given, np.nan])  # code -1, to whom it does not apply, meets the last
    return codes[respondents.codes[name]]


def life(ground: Ground, column: Column) -> Floats:
    """What the regimes brought, or a number near it."""
    variable = column.variable
    value = ground.life(variable.life or "")
    if variable.spread is not None:
        value = value + variable.spread.value * luck(ground, column, "normals")
    return within(value, variable.limits, variable.spread is not None)


def number(ground: Ground, column: Column) -> Floats:
    """A normal draw around base and effects."""
    variable = column.variable
    value = ground.predictor(base_of(variable), variable.effects)
    if variable.spread is not None:
        value += variable.spread.value * luck(ground, column, "normals")
    return within(value, variable.limits, True)


def within(values: Floats, limits: Pair | None, rounded: bool) -> Floats:
    """Values moved to the nearer limit; first to the nearest whole number if limits are whole."""
    if limits is None:
        return values
    if rounded and all(float(limit).is_integer() for limit in limits):
        values = np.rint(values)
    return np.clip(values, limits[0], limits[1])


def ordered(ground: Ground, column: Column) -> Floats:
    """An ordered logit (McCullagh 1980): how many cuts lie below effects plus a logistic draw."""
    variable = column.variable
    latent = ground.predictor(base_of(variable), variable.effects)
    latent += luck(ground, column, "logistics")
    code = np.full(len(latent), float(variable.lowest))
    for cut in variable.cuts:
        code += latent > cut.value
    return code


def yes_no(ground: Ground, column: Column) -> Floats:
    """A logit: 1 where base and effects plus a logistic draw are above nil."""
    variable = column.variable
    latent = ground.predictor(base_of(variable), variable.effects)
    latent += luck(ground, column, "logistics")
    return (latent > 0).astype(float)


def one_of(ground: Ground, column: Column) -> Floats:
    """A multinomial logit; NaN where every option is barred."""
    variable, persons = column.variable, ground.respondents.persons
    best = np.full(len(persons), -np.inf)
    choice = np.full(len(persons), np.nan)
    for name, option in variable.options.items():
        utility = ground.predictor(option.base.value, option.effects)
        if option.only is not None:
            utility[~ground.holds(option.only)] = -np.inf
        word = word_of(ground.seed, f"opinion {variable.name} {name}")
        race(word, persons, utility, float(option.code or 0), best, choice)
    return choice


def ticks(ground: Ground, column: Column) -> Floats:
    """One option of several, by itself; or the one that stands for none of the others."""
    variable = column.variable
    if column.option == variable.otherwise:
        others = [ground.columns[f"{variable.name}_{name}"] == 1 for name in variable.options]
        return (~np.logical_or.reduce(others)).astype(float)
    option = variable.options[column.option]
    latent = ground.predictor(option.base.value, option.effects)
    latent += ground.draw("logistics", f"opinion {variable.name} {column.option}")
    ticked = latent > 0
    if option.only is not None:
        ticked &= ground.holds(option.only)
    return ticked.astype(float)


def arm(ground: Ground, column: Column) -> Floats:
    """The arm of an experiment, each as likely as the next; drawn anew in every wave."""
    variable = column.variable
    drawn = ground.draw("units", f"arm {ground.wave.id} {variable.name}")
    return np.floor(drawn * len(variable.arms))


def count(ground: Ground, column: Column) -> Floats:
    """How many of some answers are yes; those that are missing are not."""
    variable = column.variable
    total = np.zeros(len(ground.respondents))
    for name in variable.of:
        total += ground.columns[name] == 1
    for name, when in variable.plus.items():
        total += (ground.columns[name] == 1) & ground.holds(when)
    return total


def when(ground: Ground, column: Column) -> Floats:
    """1 where a condition holds, else 0."""
    return ground.holds(column.variable.holds or "").astype(float)


def base_of(variable: Variable) -> float:
    """The base of a variable; nil where it has none."""
    return 0.0 if variable.base is None else variable.base.value


def luck(ground: Ground, column: Column, kind: str = "units") -> Floats:
    """The draws of a variable: a person's own, and the same in every wave."""
    return ground.draw(kind, f"opinion {column.variable.name}")


WAYS: dict[str, Callable[[Ground, Column], Floats]] = {
    "years": years,
    "attribute": attribute,
    "life": life,
    "ordered": ordered,
    "yes_no": yes_no,
    "one_of": one_of,
    "ticks": ticks,
    "number": number,
    "arm": arm,
    "count": count,
    "when": when,
}
