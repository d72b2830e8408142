"""The shape of a sweep file (`sweep/1`): which values of a study vary, over what, and how.

A sweep runs the months of a study once for each case (and seed). Nobody is asked in it: surveys,
waves and variants of the study are left out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scslab.core.errors import ScslabError
from scslab.core.shapes import fit
from scslab.core.values import Strict
from scslab.core.yamlfile import Document, read, read_text
from scslab.study.model import Name

Method = Literal["lhs", "sobol", "saltelli", "morris", "factorial", "one-at-a-time", "list"]
Plain = bool | int | float | str
Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]

# What each method is told, besides its name; the first is needed.
TAKES: dict[str, tuple[str, ...]] = {
    "lhs": ("cases",),
    "sobol": ("cases",),
    "saltelli": ("base", "second_order"),
    "morris": ("trajectories", "levels"),
    "factorial": ("levels",),
    "one-at-a-time": ("levels",),
    "list": ("points",),
}
NEEDS = {m: keys[0] for m, keys in TAKES.items() if m not in ("factorial", "one-at-a-time")}
POWERS = {"sobol": "cases", "saltelli": "base"}
MOST_CASES = 1_000_000
# A name stands in tables that spreadsheets open, and begins no formula there.
UNSEEN = r"\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"  # controls, and what turns a line
FACTOR_NAME = re.compile(rf"[^\W_=+@\-][^\"{UNSEEN}]{{0,99}}\Z")


class Steps(Strict):
    """Numbers from `start` to `stop`, both included, `step` apart, as in BehaviorSpace."""

    start: Finite
    """First number."""
    step: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """How far apart."""
    stop: Finite
    """Last number; left out where the steps do not meet it."""


class FactorSpec(Strict):
    """A value that varies; without a range of its own, over the `between` of its rows."""

    path: str = Field(
        description="path in the study, as variants use it; or regimes.NAME.rules.PATH of a value "
        "of the rules"
    )
    low: Finite | None = None
    """Lower end."""
    high: Finite | None = None
    """Upper end."""
    values: Annotated[list[Plain | list[Plain]], Field(min_length=1)] | None = Field(
        None, description="these values and no others"
    )
    range: Steps | None = None
    """Numbers with a step between them."""
    as_: Literal["set", "times"] = Field(
        "set",
        alias="as",
        description="whether rows are set to the number, or are multiplied by it",
    )


class Sampler(Strict):
    """How cases are chosen from the ranges."""

    method: Method
    """lhs, sobol, saltelli, morris, factorial, one-at-a-time or list."""
    cases: Count | None = Field(None, description="lhs, sobol: how many cases")
    base: Count | None = Field(
        None,
        description="saltelli: base N of N (factors + 2) cases, with second order of "
        "N (2 factors + 2)",
    )
    trajectories: Count | None = Field(None, description="morris: N of N (factors + 1) cases")
    levels: Annotated[int, Field(ge=2)] | None = Field(
        None,
        description="values of a range: 2 in factorial and one-at-a-time where not said, 4 in "
        "morris, where they are even",
    )
    second_order: bool = Field(False, description="saltelli: indices of pairs as well")
    points: Annotated[list[dict[str, Plain | list[Plain]]], Field(min_length=1)] | None = Field(
        None, description="list: the cases, factor -> value; left as in the study where not named"
    )


class SweepSpec(Strict):
    """A sweep: a study, the values that vary in it, and what is measured."""

    schema_: Literal["sweep/1"] = Field(alias="schema")
    """The shape of the file and its version."""
    id: Name
    """Name of the sweep; its folder is named after it."""
    study: str
    """A study beside this file, a path, or the name of a shipped study."""
    about: str | None = None
    """What the sweep asks."""
    persons: Count | None = Field(None, description="simulated persons instead of the study's")
    months: Count | None = Field(None, description="only the first months")
    seed: Annotated[int, Field(ge=0)] = Field(
        1, description="first seed of the runs, and the luck by which cases are drawn"
    )
    replications: Count = Field(
        1, description="runs of each case, with seeds from the first on; all cases have the same"
    )
    factors: dict[str, FactorSpec] = Field(default_factory=dict)
    """Name -> a value that varies."""
    assumptions: Literal["all"] | list[str] | None = Field(
        None,
        description="values with a range (between) that vary as well: all, or those whose path "
        "or name fits a pattern such as agencies.*",
    )
    groups: dict[str, Annotated[list[str], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="saltelli, morris: group -> factors (names or patterns) that move together",
    )
    sampler: Sampler
    """How cases are chosen."""
    outcomes: Annotated[list[str], Field(min_length=1)] | None = Field(
        None,
        description="what is measured: NAME or NAME in REGIME, of the quantities of harm and of "
        "the counts and stocks of regimes; some quantities of harm where not said",
    )
    at: Literal["end", "every month"] = "end"
    """Measured over the whole period, or also in each month."""
    worst: Annotated[float, Field(gt=0, lt=100)] = Field(
        20.0, description="per cent of the cases that count as the worst, where boxes are sought"
    )


@dataclass(frozen=True)
class SweepFile:
    """A sweep with the document it was read from; `text` is empty where it was made up."""

    spec: SweepSpec
    document: Document
    text: str
    folder: Path | None


def read_sweep_file(path: str | Path) -> SweepFile:
    """Read and check a sweep file, as far as it needs no study.

    Raises
    ------
    ScslabError
        The first mistake, with file, line, what was got and what was expected.
    """
    path = Path(path)
    return check_sweep(read(path), read_text(path), path.parent)


def check_sweep(document: Document, text: str = "", folder: Path | None = None) -> SweepFile:
    """Shape and sense of a sweep."""
    spec = fit(SweepSpec, document)
    if not spec.factors and spec.assumptions is None:
        raise ScslabError(
            "a sweep needs something that varies",
            where=document.where(()),
            expected="factors, or assumptions: all",
        )
    for name, factor in spec.factors.items():
        check_factor(name, factor, document)
    check_sampler(spec, document)
    twice = next((n for n in spec.outcomes or () if (spec.outcomes or []).count(n) > 1), None)
    if twice is not None:
        raise ScslabError(
            f'outcome "{twice}" is there twice',
            where=document.where(("outcomes", (spec.outcomes or []).index(twice))),
        )
    return SweepFile(spec, document, text, folder)


def check_factor(name: str, factor: FactorSpec, document: Document) -> None:
    """A factor has a usable name, and at most one kind of range, which runs forward."""
    where = document.where(("factors", name))
    if not FACTOR_NAME.match(name):
        raise ScslabError(
            "a factor cannot be called so",
            where=where,
            got=name,
            expected="at most 100 characters; a letter or digit first; no quotes or line breaks",
        )
    ends = (factor.low, factor.high)
    if (factor.low is None) != (factor.high is None):
        raise ScslabError("a range needs both low and high", where=where)
    given = [k for k, v in (("low", factor.low), ("values", factor.values)) if v is not None]
    given += ["range"] if factor.range is not None else []
    if len(given) > 1:
        raise ScslabError(
            "a factor has one kind of range",
            where=where,
            got=" and ".join("low and high" if k == "low" else k for k in given),
            expected="low and high, or values, or range",
        )
    if factor.as_ == "times" and not given:
        raise ScslabError("what is multiplied needs a range", where=where, hint="low and high")
    if ends[0] is not None and ends[1] is not None and not ends[0] < ends[1]:
        raise ScslabError(
            "the range runs backwards",
            where=document.where(("factors", name, "low")),
            got=f"{ends[0]:g} to {ends[1]:g}",
        )
    if factor.range is not None and not factor.range.start < factor.range.stop:
        raise ScslabError(
            "the range runs backwards",
            where=document.where(("factors", name, "range")),
            got=f"{factor.range.start:g} to {factor.range.stop:g}",
        )
    values = factor.values or []
    for i, value in enumerate(values):
        if value in values[:i] and type(value) is type(values[values.index(value)]):
            raise ScslabError(
                "a value is there twice",
                where=document.where(("factors", name, "values", i)),
                got=str(value).lower(),
            )


def check_sampler(spec: SweepSpec, document: Document) -> None:
    """A method gets what it needs, and nothing that it does not read."""
    sampler, method = spec.sampler, spec.sampler.method
    for key in ("cases", "base", "trajectories", "levels", "second_order", "points"):
        if key in sampler.model_fields_set and key not in TAKES[method]:
            raise ScslabError(
                f"{method} does not take {key}",
                where=document.where(("sampler", key)),
                expected=f"{' and '.join(TAKES[method])}",
            )
    needed = NEEDS.get(method)
    if needed is not None and getattr(sampler, needed) is None:
        raise ScslabError(
            f"{method} needs {needed}",
            where=document.where(("sampler",)),
            hint=f"{needed}: {'64' if needed == 'base' else '10' if needed != 'cases' else '256'}"
            if needed != "points"
            else "points: [{FACTOR: value}, ...]",
        )
    number = getattr(sampler, POWERS[method]) if method in POWERS else None
    if number is not None and (number < 2 or number & (number - 1)):
        power = 2 ** max(round(math.log2(number)), 1)
        raise ScslabError(
            "a Sobol sequence fills the space evenly with 2, 4, 8, 16 ... points",
            where=document.where(("sampler", POWERS[method])),
            got=number,
            hint=f"{POWERS[method]}: {power}",
        )
    if method == "morris" and (sampler.levels or 4) % 2:
        raise ScslabError(
            "the levels of morris are even",
            where=document.where(("sampler", "levels")),
            got=sampler.levels,
        )
    if spec.groups and method not in ("saltelli", "morris"):
        raise ScslabError(
            "factors move together in saltelli and morris only",
            where=document.where(("groups",)),
            got=method,
        )


def sweep_schema() -> dict[str, Any]:
    """The JSON Schema of a sweep file."""
    return SweepSpec.model_json_schema(by_alias=True)
