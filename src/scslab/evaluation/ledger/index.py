"""All that a ledger can understand, made once for many findings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scslab.evaluation.findings import findings
from scslab.evaluation.ledger.convert import Models, Variables
from scslab.evaluation.ledger.entries import Entry, automatic_entries, own_entries
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.parts import GroupIndex, group_index
from scslab.evaluation.ledger.records import (
    Change,
    Coefficients,
    Distribution,
    Mean,
    Rate,
    Share,
    Where,
)

FITS: dict[str, tuple[type, ...]] = {
    "share": (Share, Rate, Change),
    "mean": (Mean, Change),
    "log-odds": (Coefficients,),
    "sign": (Coefficients, Change),
    "distribution": (Distribution,),
}


@dataclass(frozen=True)
class Index:
    """All that a ledger can understand, made once for many findings."""

    entries: tuple[Entry, ...]
    groups: GroupIndex
    variables: Variables
    models: Models
    elsewhere: tuple[str, ...] = ()

    def among(self, model: str) -> Where:
        """Whom a model rests on, as the ledger's coefficients of it say."""
        for one in self.entries:
            measure = one.measure
            if one.own and isinstance(measure, Coefficients) and model in measure.models:
                return one.among
        return ()

    def fitting(self, kind: str, own: bool) -> list[Entry]:
        """Quantities that can be printed as this kind, of the ledger or automatic."""
        return [e for e in self.entries if e.own is own and isinstance(e.measure, FITS[kind])]


def make_index(file: LedgerFile, variables: Variables, models: Models) -> Index:
    """An index of a ledger for a wave's variables and models.

    Parameters
    ----------
    file : LedgerFile
    variables : mapping of name to Variable
        Of the answers and of the analysis.
    models : mapping of id to KnownModel
        Of the analysis; see `known_model`.

    Raises
    ------
    ScslabError
        The ledger names a variable, answer, model or coefficient that there is not.
    """
    own = own_entries(file, variables, models)
    entries = (*own, *automatic_entries(variables, models))
    groups = group_index(file, own, variables)
    return Index(entries, groups, variables, models, elsewhere(file))


def elsewhere(file: LedgerFile) -> tuple[str, ...]:
    """Sources of known findings that are not of the ledger's survey."""
    mine = file.ledger.sources
    known = {one.source for one in findings().values()}
    return tuple(sorted(s for s in known if mine and not any(is_of(s, m) for m in mine)))


def is_of(source: str, known: str) -> bool:
    """Whether a source is a known one, or a part of it: "Kostka 2019, table 4".

    Examples
    --------
    >>> is_of("Kostka 2019, table 4", "Kostka 2019"), is_of("Kostka 2020", "Kostka 2019")
    (True, False)
    """
    words, first = (re.findall(r"\w+", s.lower()) for s in (source, known))
    return bool(first) and words[: len(first)] == first
