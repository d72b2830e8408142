"""The rule files of an audit: read, named, dated, and where listings elsewhere lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from scslab.core.audit import AuditedRules
from scslab.core.calendar import day as as_day
from scslab.core.files import sha256
from scslab.core.ledger import text_hash
from scslab.core.values import on
from scslab.core.yamlfile import Document, read
from scslab.evaluation.audit.inputs import words_in
from scslab.evaluation.audit.view import Resolver, View
from scslab.regimes.judge import check_day
from scslab.regimes.lists import ListRules
from scslab.regimes.load import LIBRARY, library, read_regime
from scslab.regimes.model import Regime

PLACES = {"cn": "China", "us": "United States"}
EU = frozenset(
    ("at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "eu", "fi", "fr", "gr", "hr")
    + ("hu", "ie", "it", "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk")
)
EU_WORDS = ("germany", "france", "european union", "netherlands", "spain", "italy", "austria")


@dataclass(frozen=True)
class RuleFile:
    """A regime as it was read: its rules, the lines of its file, its hash."""

    regime: Regime
    document: Document
    sha256: str
    safeguards: tuple[str, ...] = ()

    @property
    def rules_hash(self) -> str:
        """The hash by which a run knows the same rules."""
        return text_hash(self.regime.model_dump_json(by_alias=True))


def read_rule_file(folder: Path, safeguards: Sequence[str] = ()) -> RuleFile:
    """Read a regime folder or file, with safeguards laid over it from its first day on.

    Raises
    ------
    ScslabError
        The first mistake of the file, with its line.
    """
    path = folder / "regime.yaml" if folder.is_dir() else folder
    regime = read_regime(path, safeguards=safeguards)
    read_in = read(path)
    document = Document(label(path), read_in.data, read_in.lines)
    return RuleFile(regime, document, sha256(path), tuple(safeguards))


def label(path: Path) -> str:
    """How a file is named in a report: as it was given, or by its place in the package."""
    if path.is_absolute() and path.is_relative_to(LIBRARY):
        return f"scslab/regimes/library/{path.relative_to(LIBRARY).as_posix()}"
    return path.as_posix()


def day_of(regime: Regime, asked: str | None) -> tuple[str, str]:
    """The day on which rules are audited, and why that one.

    Raises
    ------
    ScslabError
        The day that was asked is no day, or not covered by the file.
    """
    if asked is not None:
        check_day(regime, as_day(asked, "--on"))
        return asked, "as asked"
    if regime.covers.to is not None and regime.covers.to < regime.reviewed:
        return regime.covers.to, "the last day that the file covers"
    if regime.reviewed < regime.covers.from_:
        return regime.covers.from_, "the first day that the file covers"
    return regime.reviewed, "the day of its last review"


def audited(file: RuleFile, view: View, why_day: str) -> AuditedRules:
    """What the report says of one file."""
    regime = file.regime
    return AuditedRules(
        id=regime.id,
        name=regime.name,
        kind=regime.kind,
        subjects=" and ".join(regime.who.subjects),
        operator=regime.operator,
        public=view.public,
        place=place_of(regime),
        file=file.document.name,
        sha256=file.sha256,
        status=regime.status,
        reviewed=regime.reviewed,
        day=view.day.isoformat(),
        why_day=why_day,
        safeguards=" + ".join(file.safeguards),
    )


def place_of(regime: Regime) -> str:
    """Under whose law a regime stands: China, EU, United States, or not known.

    Told by the first part of its id (cn-, de-), else by the words that name its operator.
    """
    first = regime.id.split("-")[0]
    if first in PLACES:
        return PLACES[first]
    if first in EU or words_in(regime.operator, EU_WORDS):
        return "EU"
    return "China" if words_in(regime.operator, ["china"]) else "not known"


@cache
def shipped(name: str) -> Regime | None:
    """A regime of the library; None if there is none of this name."""
    folder = library().get(name)
    return None if folder is None else read_regime(folder)


def resolver(known: Mapping[str, Regime], when: date) -> Resolver:
    """Where listings elsewhere lead: to the acts that put subjects on that list.

    A regime of the audit wins over one of the library.
    """

    def acts_onto(listing: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...] | None:
        name, _, list_name = listing.partition("/")
        regime = known.get(name) or shipped(name)
        if regime is None or list_name not in regime.lists or listing in seen:
            return None
        found: list[str] = []
        for ground in grounds_on(regime.lists[list_name], when):
            found += ground.acts
            if ground.score_below is not None or ground.grades:
                found += [name for name in regime.rates if "/" not in name]
            for other in ground.listed_on:
                found += acts_onto(other, seen | {listing}) or ()
        return tuple(dict.fromkeys(found))

    return acts_onto


def grounds_on(rules: ListRules, when: date) -> list:
    """The grounds of a list on a day, or all of it where none holds."""
    held = [g for g in rules.grounds.values() if on(g.holds, when).value]
    return held or list(rules.grounds.values())
