"""A safeguard in words, with the law behind it and the source of each value."""

from __future__ import annotations

from collections.abc import Iterator

from scslab.core.yamlfile import dotted
from scslab.regimes.describe import item, section, source_text, wrapped
from scslab.regimes.laying import said
from scslab.regimes.safeguard import raw_values
from scslab.regimes.safeguard_shape import Laid, LaidBound, Only, Safeguard

HOW = {"set": "is", "at_most": "is at most", "at_least": "is at least"}
ONLY = {
    "related": "only measures in the field of life of the act or a related one",
    "proportionate": "only measures no more severe than the act is grave",
    "four-fields": "only lists in the four fields of document 2020 No. 49",
}


def describe_safeguard(safeguard: Safeguard) -> str:
    """A safeguard in plain text: what it does, by which law, how well, and what is left out.

    Examples
    --------
    >>> from scslab.regimes.safeguard import read_safeguard
    >>> print(describe_safeguard(read_safeguard("reasons")).split(chr(10))[0])
    Reasons with every notice
    """
    lines = [
        safeguard.name,
        "=" * len(safeguard.name),
        f"safeguard {safeguard.id}",
        "",
        *wrapped(safeguard.about),
    ]
    left = [f"{x.what} - {x.why} Effect: {x.effect}" for x in safeguard.not_modelled]
    parts = {
        "The law behind it": [f"{x.source}, {x.at}: {x.says}" for x in safeguard.law],
        "For which regimes": list(regimes_of(safeguard.only)),
        "What changes in the rules": list(changes_of(safeguard)),
        "How well it works, where a study says nothing": list(practice_of(safeguard)),
        "Without effect in a study where": [need.why for need in safeguard.needs],
        "Not modelled": left,
        "Sources": [source_text(key, source) for key, source in safeguard.sources.items()],
    }
    for title, texts in parts.items():
        lines += section(title, [line for text in texts for line in item(text)])
    return "\n".join(lines)


def regimes_of(only: Only) -> Iterator[str]:
    """Which regimes a safeguard is for, in words."""
    yield f"that have {' or '.join(only.has or ('a score', 'grades', 'blacklists'))}"
    if only.rates is not None:
        yield f"that rate {only.rates}"
    for name, why in only.not_.items():
        yield f"not {name}: {why}"


def changes_of(safeguard: Safeguard) -> Iterator[str]:
    """What a safeguard changes, with the source of each row."""
    for change in safeguard.changes:
        where = f", in regimes with {' or '.join(change.has)}" if change.has else ""
        yield f"{change.path} {HOW[change.how]} {value_text(change)}{where}"
    for bound in safeguard.bounds.values():
        yield f"{bound.says}: {bound_text(bound)} {cited(bound.holds)}"
    if safeguard.hardship is not None:
        acts = ", ".join(safeguard.hardship.acts) or "all acts"
        rule = safeguard.hardship
        yield f"Let off on application: {rule.says} ({acts}) {cited(rule.holds)}"


def practice_of(safeguard: Safeguard) -> Iterator[str]:
    """The values of practice, with their sources."""
    for key in ("practice", "joins"):
        for place, raw in raw_values(getattr(safeguard, key), (key,)):
            yield f"{dotted(place)}: {value_text(Laid.model_validate(raw))}"


def bound_text(bound: LaidBound) -> str:
    """What a bound forbids, in words."""
    found = [f"acts {', '.join(bound.acts)}"] if bound.acts else []
    found += [f"measures {', '.join(bound.effects)}"] if bound.effects else []
    found += [f"listings of {' and '.join(bound.listings_of)}"] if bound.listings_of else []
    found += [ONLY[bound.only]] if bound.only is not None else []
    return "; ".join(found)


def value_text(laid: Laid) -> str:
    """A value with its source."""
    return f"{said(laid.row.value, laid.unit)} {cited(laid)}"


def cited(laid: Laid) -> str:
    """The source of a value and the place in it; of an assumption the range."""
    row = laid.row
    if row.between is None:
        return f"[{row.source}, {row.at}]"
    low, high = (said(x, laid.unit) for x in row.between)
    at = f", {row.at}" if row.at else ""
    return f"[{row.source}{at}, {low} {'or' if laid.unit == 'yes/no' else 'to'} {high}]"
