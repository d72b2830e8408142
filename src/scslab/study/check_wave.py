"""The sense of a wave file: sources, ranges, lives and names."""

from __future__ import annotations

from math import isfinite

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.study.wave import Estimate, Life, WaveFile
from scslab.study.wave_columns import columns_from
from scslab.study.wave_values import walk

GUESSED = ("assumption", "calibration")
WAYS = tuple(name for name in Life.model_fields if name != "says")


def check_estimates(wave: WaveFile, document: Document) -> None:
    """Sources are known and used; guesses have a range, all others their place in the source."""
    used = set()
    for _, place, estimate in walk(wave):
        check_estimate(estimate, place, wave, document)
        used.add(estimate.source)
    for key in wave.sources:
        if key not in used:
            raise ScslabError(
                f'no number comes from the source "{key}"',
                where=document.where(("sources", key)),
                hint="remove it, or name it where it is used",
            )


def check_estimate(estimate: Estimate, at: Place, wave: WaveFile, document: Document) -> None:
    """Sense of one number with its source."""
    source = wave.sources.get(estimate.source)
    if source is None:
        raise ScslabError(
            f'source "{estimate.source}" is not in sources',
            where=document.where((*at, "source")),
            hint=near(estimate.source, wave.sources),
        )
    for key, values in (("value", [estimate.value]), ("between", estimate.between or [])):
        if not all(isfinite(v) for v in values):
            raise ScslabError(
                "a value must be finite", where=document.where((*at, key)), got=values
            )
    if estimate.between is not None and estimate.between[0] > estimate.between[1]:
        raise ScslabError(
            "the range runs backwards",
            where=document.where((*at, "between")),
            got=estimate.between,
            expected="[low, high]",
        )
    if source.kind in GUESSED and estimate.between is None:
        raise ScslabError(
            f'"{estimate.source}" is of kind {source.kind}, so this needs between: [low, high]',
            where=document.where(at),
        )
    if source.kind not in GUESSED and not estimate.at:
        raise ScslabError(
            f'say at which place in "{estimate.source}" the value stands (at: ...)',
            where=document.where(at),
        )
    if estimate.between is not None:
        low, high = estimate.between
        if not low <= estimate.value <= high:
            raise ScslabError(
                "the value lies outside its range",
                where=document.where((*at, "value")),
                got=estimate.value,
                expected=f"{low} to {high}, as between says",
            )


def check_lives(wave: WaveFile, document: Document) -> None:
    """A life comes about in exactly one way."""
    for name, life in wave.lives.items():
        ways = [way for way in WAYS if getattr(life, way) not in (None, False)]
        if len(ways) != 1:
            raise ScslabError(
                "a life comes about in one way",
                where=document.where(("lives", name)),
                got=" and ".join(ways) or "none",
                expected=f"one of {', '.join(WAYS)}",
            )
        for way in ("member_of", "rewarded", "barred", "score_below", "lives_in"):
            if getattr(life, way) is not None and not getattr(life, way):
                raise ScslabError(
                    "this names nothing", where=document.where(("lives", name, way)), got="nothing"
                )


def check_names(wave: WaveFile, document: Document) -> None:
    """Traits, lives, variables and columns of ticks have names of their own."""
    seen = dict.fromkeys(wave.traits, "a trait")
    for name in wave.lives:
        refuse_twice(name, seen, document.where(("lives", name)))
        seen[name] = "a life"
    for i, variable in enumerate(wave.variables):
        at: Place = ("variables", i)
        refuse_twice(variable.name, seen, document.where((*at, "name")))
        if variable.kind == "ticks":
            if variable.otherwise in variable.options:
                raise ScslabError(
                    f'"{variable.otherwise}" is an option already',
                    where=document.where((*at, "otherwise")),
                    expected="a name of its own: it is ticked where none of the options is",
                )
            for column in columns_from(variable):
                refuse_twice(column.name, seen, document.where((*at, "options", column.option)))
                seen[column.name] = f"a column of {variable.name}"
        seen[variable.name] = "a variable"


def refuse_twice(name: str, seen: dict[str, str], where: str) -> None:
    """A name must be new."""
    if name in seen:
        raise ScslabError(
            f'the name "{name}" is used twice', where=where, why=f"{seen[name]} has it"
        )
