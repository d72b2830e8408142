"""Draw system cards: one HTML page a system, and an index, without script or network."""

from __future__ import annotations

from collections.abc import Iterable

from scslab.core.cards import Scale, SystemCard
from scslab.report import words
from scslab.report.templates import fill

STYLES = ("page.css", "cards.css")
TONES = 6


def render_card(card: SystemCard, version: str, index: bool = False) -> str:
    """The HTML page of one system.

    Parameters
    ----------
    version : str
        Version of scslab, for the foot of the page.
    index : bool
        Whether `index.html` stands beside it.
    """
    return fill(
        "cards.html",
        *STYLES,
        card=card,
        version=version,
        index=index,
        facts=facts(card),
        bases=bases(card),
        basis_words=basis_words(card),
        contents=contents(card),
        scale_words=scale_words(card.scale) if card.scale is not None else "",
        tones=tones(len(card.scale.bands)) if card.scale is not None else [],
        share=words.share,
        linked=_linked,
        upper_first=upper_first,
    )


def render_index(cards: Iterable[SystemCard], version: str) -> str:
    """The HTML page that lists systems by group."""
    found = list(cards)
    return fill(
        "cards_index.html",
        *STYLES,
        cards=found,
        groups=grouped(found),
        version=version,
        plural=words.plural,
        count=words.count,
        bases_of=bases,
        words_of=basis_words,
        shares_of=shares,
    )


def _linked(href: str) -> bool:
    """Whether a source's address may be a link: only plain web addresses."""
    return href.startswith(("https://", "http://"))


def facts(card: SystemCard) -> list[tuple[str, str]]:
    """The key facts of a system: short name and value."""
    rated = card.subjects + (f" in {card.places}" if card.places else "")
    until = card.until or "today"
    found = [
        ("Kind", card.kind),
        ("Rates", rated),
        ("Operator", card.operator),
        ("Covered", f"{card.since} to {until}"),
        ("Status", f"{card.status}, reviewed {card.reviewed}"),
        ("File", card.id),
    ]
    return [fact for fact in found if fact[1]]


def contents(card: SystemCard) -> list[tuple[str, str]]:
    """The sections of a card: link target and title."""
    found = [("scale", "Scale")] if card.scale is not None else []
    found += [(f"part-{i}", part.title) for i, part in enumerate(card.parts, 1)]
    found.append(("timeline", "Changes of the rules"))
    if card.left_out:
        found.append(("left", "Not modelled"))
    return [*found, ("sources", "Sources")]


def bases(card: SystemCard) -> list[tuple[str, int]]:
    """On what the values rest: published, press, assumed, with counts."""
    values = card.values
    return [("published", values.published), ("press", values.press), ("assumed", values.assumed)]


def basis_words(card: SystemCard) -> str:
    """The counts in words."""
    return ", ".join(f"{number} {name}" for name, number in bases(card))


def shares(card: SystemCard) -> str:
    """The shares of published, press and assumed values."""
    total = card.values.total
    if not total:
        return words.NONE
    return ", ".join(words.share(number / total, 0) for _, number in bases(card))


def scale_words(scale: Scale) -> str:
    """The scale as a text for those who do not see it."""
    bands = words.listed(f"{band.name} {band.says}".strip() for band in reversed(scale.bands))
    ends = f"Scale from {scale.low} to {scale.high}"
    return ". ".join(part for part in (ends, bands, scale.start_says) if part)


def tones(count: int) -> list[int]:
    """A tone for each grade, from worst to best, spread over all tones.

    Examples
    --------
    >>> tones(3)
    [0, 2, 5]
    """
    return [round(i * (TONES - 1) / max(count - 1, 1)) for i in range(count)]


def upper_first(text: str) -> str:
    """The text with a capital first letter.

    Examples
    --------
    >>> upper_first("stays on the list")
    'Stays on the list'
    """
    return text[:1].upper() + text[1:]


def grouped(cards: Iterable[SystemCard]) -> list[tuple[str, list[SystemCard]]]:
    """Cards under their groups, both by name."""
    groups: dict[str, list[SystemCard]] = {}
    for card in sorted(cards, key=lambda c: (c.group, c.id)):
        groups.setdefault(card.group, []).append(card)
    return list(groups.items())
