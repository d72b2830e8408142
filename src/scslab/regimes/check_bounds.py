"""The sense of bounds, of hardship and of fields of life: what they name exists."""

from __future__ import annotations

from fnmatch import fnmatchcase

from scslab.core.acts import acts, check_act
from scslab.core.contexts import contexts
from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document
from scslab.regimes.model import Regime


def check_bounds(regime: Regime, document: Document) -> None:
    """A bound bars something; its patterns fit an act of the vocabulary, its names a measure.

    Raises
    ------
    ScslabError
        With the line at fault.
    """
    effects = [name for rules in regime.lists.values() for name in rules.effects]
    for name, bound in regime.bounds.items():
        place = ("bounds", name)
        if not (bound.acts or bound.effects or bound.listings_of or bound.only):
            raise ScslabError(
                "this bound bars nothing",
                where=document.where(place),
                expected="acts, effects, listings_of or only",
            )
        for i, pattern in enumerate(bound.acts):
            if not any(fnmatchcase(act, pattern) for act in acts()):
                raise ScslabError(
                    f'no act of the vocabulary fits "{pattern}"',
                    where=document.where((*place, "acts", i)),
                    hint=near(pattern, acts()),
                )
        for i, pattern in enumerate(bound.effects):
            if "*" not in pattern and pattern not in effects:
                raise ScslabError(
                    f'no list of this regime has the measure "{pattern}"',
                    where=document.where((*place, "effects", i)),
                    hint=near(pattern, effects),
                )


def check_hardship(regime: Regime, document: Document) -> None:
    """The acts of a plea of hardship are in the vocabulary."""
    hardship = regime.remedy.hardship
    for i, act in enumerate(hardship.acts if hardship is not None else ()):
        check_act(act, document.where(("remedy", "hardship", "acts", i)))


def check_contexts(regime: Regime, document: Document) -> None:
    """The field of life of a measure is one that is known."""
    for list_, rules in regime.lists.items():
        for name, effect in rules.effects.items():
            if effect.context is not None and effect.context not in contexts():
                raise ScslabError(
                    f'no field of life is called "{effect.context}"',
                    where=document.where(("lists", list_, "effects", name, "context")),
                    hint=near(effect.context, contexts()),
                )
