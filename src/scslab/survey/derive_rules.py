"""The rules by which derived variables are made, one function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import Answers, Code, Variable, plain
from scslab.survey.definitions import Definition, Made


def number(answers: Answers, name: str, where: str) -> np.ndarray:
    """A variable as f8[n].

    Raises
    ------
    ScslabError
        It holds no numbers.
    """
    variable = answers.variable(name)
    if variable.kind != "number":
        raise ScslabError(
            f'"{name}" is {variable.kind}, not a number',
            where=where,
            expected="a variable of numbers",
            hint="give its levels an order with copy",
        )
    return answers.column(name).to_numpy(dtype=float, na_value=np.nan)


def scale_of(variable: Variable, scale: tuple[float, float] | None, where: str) -> tuple:
    """Lowest and highest code of a scale.

    Raises
    ------
    ScslabError
        None given and no labels, or upside down.
    """
    codes = [float(c) for c in variable.labels if not isinstance(c, str)]
    if scale is None and codes:
        return min(codes), max(codes)
    if scale is None or not scale[0] < scale[1]:
        raise ScslabError(
            f'the scale of "{variable.name}" is not known' if scale is None else "an empty scale",
            where=where,
            got=None if scale is None else f"{scale[0]:g} to {scale[1]:g}",
            expected="scale: [lowest, highest], such as [1, 5]",
        )
    return scale


def turned(
    answers: Answers, name: str, scale: tuple[float, float] | None, where: str
) -> tuple[np.ndarray, float, float]:
    """A reversed variable and the ends of its scale.

    Raises
    ------
    ScslabError
        Answers outside the scale.
    """
    values = number(answers, name, where)
    low, high = scale_of(answers.variable(name), scale, where)
    outside = (values < low) | (values > high)
    if outside.any():
        raise ScslabError(
            f'answers to "{name}" lie outside its scale',
            where=where,
            got=", ".join(plain(c) for c in np.unique(values[outside])[:8]),
            expected=f"{low:g} to {high:g}",
        )
    return low + high - values, low, high


def recoded(answers: Answers, definition: Definition) -> Made:
    """Codes to codes."""
    rule = definition.recode
    assert rule is not None
    source, column = answers.variable(rule.variable), answers.column(rule.variable)
    targets = [c for c in rule.codes.values() if c is not None]
    kept = rule.other == "keep"
    texts = {isinstance(c, str) for c in targets} | ({source.kind == "text"} if kept else set())
    if len(texts) > 1:
        raise ScslabError("a recode mixes numbers and text", where=definition.name)
    there = column.notna().to_numpy()
    codes, levels = pd.factorize(column)
    lost = [c for c in levels if c not in rule.codes] if rule.other is None else []
    if lost:
        raise ScslabError(
            f'codes of "{rule.variable}" that the recode does not cover',
            where=definition.name,
            got=", ".join(plain(c) for c in sorted(lost)[:12]),
            hint="add them, or say what becomes of them (otherwise: keep, or missing)",
        )
    text = texts == {True}
    empty = None if text else np.nan
    table = np.array(
        [rule.codes.get(c, c if kept else None) for c in levels] + [None], dtype=object
    )
    table[[c is None for c in table]] = empty
    values = table[np.where(there, codes, len(levels))]
    marks = answers.marks.get(rule.variable)
    for k, missing in enumerate(source.missing, 1):
        if marks is not None and missing.code in rule.codes:
            target = rule.codes[missing.code]
            values[marks == k] = empty if target is None else target
    return Made(
        values=values if text else values.astype(float),
        source=rule.variable,
        labels=source.labels if kept else {},
        kind="text" if text else "number",
        measure="nominal",
    )


def cut_up(answers: Answers, definition: Definition) -> Made:
    """A number in classes."""
    rule = definition.cut
    assert rule is not None
    breaks = np.asarray(rule.breaks, dtype=float)
    if len(breaks) < 2 or not (np.diff(breaks) > 0).all():
        raise ScslabError(
            "breaks must rise, so that classes do not overlap",
            where=definition.name,
            got=", ".join(f"{b:g}" for b in breaks),
        )
    if rule.labels and len(rule.labels) != len(breaks) - 1:
        raise ScslabError(
            "a label for each class is needed",
            where=definition.name,
            got=f"{len(rule.labels)} labels",
            expected=f"{len(breaks) - 1} (one fewer than breaks)",
        )
    values = number(answers, rule.variable, definition.name)
    side: Literal["left", "right"] = "right" if rule.closed == "left" else "left"
    place = np.searchsorted(breaks, values, side=side).astype(float)
    outside = ~np.isnan(values) & ((place < 1) | (place >= len(breaks)))
    if outside.any() and rule.outside is None:
        raise ScslabError(
            f'values of "{rule.variable}" lie in no class',
            where=definition.name,
            got=f"{int(outside.sum()):,} rows, such as {values[outside][0]:g}",
            expected=f"values from {breaks[0]:g} to {breaks[-1]:g}, closed {rule.closed}",
            hint="add breaks below and above, or leave them out (otherwise: missing)",
        )
    place[outside | np.isnan(values)] = np.nan
    labels: dict[Code, str] = {float(k): text for k, text in enumerate(rule.labels, 1)}
    return Made(place, rule.variable, labels, measure="ordinal")


def combined(answers: Answers, definition: Definition) -> Made:
    """Mean or sum of items."""
    rule = definition.mean_of or definition.sum_of
    assert rule is not None
    need = len(rule.items) if rule.at_least is None else rule.at_least
    for name in rule.reverse:
        if name not in rule.items:
            raise ScslabError(
                f'"{name}" is reversed but no item',
                where=definition.name,
                hint=near(name, rule.items),
            )
    if not 1 <= need <= len(rule.items):
        raise ScslabError(
            "at_least must lie between 1 and the number of items",
            where=definition.name,
            got=need,
            expected=f"1 to {len(rule.items)}",
        )
    total, count = np.zeros(answers.n), np.zeros(answers.n)
    for name in rule.items:
        values = (
            turned(answers, name, rule.scale, definition.name)[0]
            if name in rule.reverse
            else number(answers, name, definition.name)
        )
        there = ~np.isnan(values)
        total += np.where(there, values, 0.0)
        count += there
    if definition.mean_of is not None:
        total = total / np.maximum(count, 1)
    return Made(np.where(count >= need, total, np.nan))


def any_met(answers: Answers, definition: Definition) -> Made:
    """1 if any variable has one of the codes."""
    rule = definition.any_of
    assert rule is not None
    met, unknown = np.zeros(answers.n, dtype=bool), np.zeros(answers.n, dtype=bool)
    for name in rule.variables:
        column = answers.column(name)
        met |= column.isin(rule.codes).to_numpy()
        unknown |= column.isna().to_numpy()
    values = met.astype(float)
    if not rule.missing_is_no:
        values[unknown & ~met] = np.nan
    labels: dict[Code, str] = {0.0: "no", 1.0: "yes"}
    source = rule.variables[0] if len(rule.variables) == 1 else ""
    return Made(values, source, labels, measure="nominal")


def reversed_scale(answers: Answers, definition: Definition) -> Made:
    """A scale turned round, its labels with it."""
    rule = definition.reverse
    assert rule is not None
    values, low, high = turned(answers, rule.variable, rule.scale, definition.name)
    old = answers.variable(rule.variable)
    labels = {low + high - float(c): t for c, t in old.labels.items() if not isinstance(c, str)}
    return Made(values, rule.variable, dict(sorted(labels.items())), measure=old.measure)


def standardised(answers: Answers, definition: Definition) -> Made:
    """Mean 0 and standard deviation 1 (divisor n - 1) over valid answers, unweighted."""
    values = number(answers, definition.standardise, definition.name)
    known = values[~np.isnan(values)]
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else 0.0
    if not spread > 1e-12 * max(1.0, float(np.abs(known).max(initial=0.0))):
        raise ScslabError(
            f'"{definition.standardise}" does not vary, so it cannot be standardised',
            where=definition.name,
            got=f"{len(known):,} valid answers",
        )
    return Made((values - known.mean()) / spread, definition.standardise)


def copied(answers: Answers, definition: Definition) -> Made:
    """A copy, with its categories in order if one is given."""
    rule = definition.copy
    assert rule is not None
    old, column = answers.variable(rule.variable), answers.column(rule.variable)
    if not rule.order:
        return Made(column.to_numpy(), rule.variable, old.labels, old.kind, old.measure)
    if len(set(rule.order)) < len(rule.order):
        raise ScslabError("a level stands twice in the order", where=definition.name)
    levels = answers.labelled(rule.variable)
    names = [str(name) for name in levels.categories]
    found = [names[k] for k in np.unique(levels.codes[levels.codes >= 0])]
    lost = [name for name in found if name not in rule.order]
    if lost:
        raise ScslabError(
            f'levels of "{rule.variable}" that the order lacks',
            where=definition.name,
            got=", ".join(f'"{name}"' for name in lost[:12]),
            hint=near(lost[0], rule.order),
        )
    place = np.array([rule.order.index(n) + 1.0 if n in rule.order else np.nan for n in names])
    values = np.append(place, np.nan)[levels.codes]
    labels: dict[Code, str] = {float(k): text for k, text in enumerate(rule.order, 1)}
    return Made(values, rule.variable, labels, measure="ordinal")


MAKERS: Mapping[str, Callable[[Answers, Definition], Made]] = {
    "recode": recoded,
    "cut": cut_up,
    "mean_of": combined,
    "sum_of": combined,
    "any_of": any_met,
    "reverse": reversed_scale,
    "standardise": standardised,
    "copy": copied,
}
