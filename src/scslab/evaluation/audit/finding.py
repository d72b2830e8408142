"""Make a finding: the place in the file, the rule in words, the confidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from scslab.core.audit import Finding, Verdict
from scslab.core.cards import RowLine
from scslab.core.ledger import text_hash
from scslab.core.values import Dated
from scslab.core.yamlfile import Place, dotted
from scslab.evaluation.audit.parts import Conduct, Measure, Way
from scslab.evaluation.audit.view import View
from scslab.regimes.telling_lists import ground_words

Confidence = tuple[Literal["high", "medium", "low"], str]
JUDGED = "fields of life and degrees are a judgement (core/contexts.yaml)"
MOST_FIELDS = 8
SILENT = "the file is silent, and the rules themselves may say more"
PARTS = {
    "score": "score",
    "grades": "grades",
    "rewards": "rewards",
    "who": "who",
    "remedy": "remedies",
    "limits": "limits",
    "platform": "platform",
    "inspections": "inspections",
}


def finding(
    view: View,
    criterion: str,
    verdict: Verdict,
    place: Place,
    *,
    text: str,
    condition: str,
    cause: str,
    effect: str = "",
    recommendation: str = "",
    rows: Sequence[RowLine] = (),
    judged: bool = False,
    **more: Any,
) -> Finding:
    """One rule under one criterion.

    Parameters
    ----------
    place : Place
        Where the rule stands, or would stand if it were declared.
    judged : bool
        Whether fields of life or degrees decided, which are a judgement.
    **more
        `severity`, `acts` and `elements` of the finding.
    """
    line, rule = line_of(view, place), dotted(place)
    confidence, why = confidence_of(rows, verdict, judged)
    acts = tuple(more.pop("acts", ()))
    key = "|".join((criterion, view.regime.id, rule, verdict, *acts))
    return Finding(
        criterion=criterion,
        verdict=verdict,
        regime=view.regime.id,
        rule=rule,
        part=part_of(place),
        rule_text=text,
        condition=upper_first(condition),
        cause=cause,
        effect=upper_first(effect),
        recommendation=recommendation,
        confidence=confidence,
        why_confidence=why,
        file=view.document.name,
        line=line,
        rows=tuple(rows),
        acts=acts,
        id=f"A-{text_hash(key)[:10]}",
        **more,
    )


def upper_first(text: str) -> str:
    """A text with a capital first letter.

    Examples
    --------
    >>> upper_first("by the score")
    'By the score'
    """
    return text[:1].upper() + text[1:]


def line_of(view: View, place: Place) -> int:
    """The line of a place, or of its nearest parent that stands in the file."""
    at = tuple(place)
    while at and at not in view.document.lines:
        at = at[:-1]
    return view.document.lines.get(at, 1)


def part_of(place: Place) -> str:
    """The group of rules that a place belongs to.

    Examples
    --------
    >>> part_of(("lists", "dishonest", "effects", "flights")), part_of(("remedy", "objection"))
    ('list dishonest', 'remedies')
    """
    first = str(place[0])
    return f"list {place[1]}" if first == "lists" and len(place) > 1 else PARTS.get(first, first)


def confidence_of(rows: Sequence[RowLine], verdict: Verdict, judged: bool) -> Confidence:
    """How sure the machine is, and why."""
    if verdict in ("needs a lawyer", "not testable"):
        return "low", "the machine does not decide this"
    bases = {row.basis for row in rows}
    if "assumed" in bases:
        return "low", "the rule is an assumption of the file"
    if "press" in bases:
        return "medium", "the rule is known from the press"
    if judged:
        return "medium", JUDGED
    return ("high", "the rule is published") if bases else ("medium", SILENT)


# The rule in words.


def act_text(conduct: Conduct) -> str:
    """An act that moves a score."""
    values = ", ".join(row.value for row in conduct.rows if row.value not in ("in force",))
    through = f" through {conduct.through}" if conduct.through else ""
    return f'act {conduct.act}{through}: "{conduct.says}"' + (f" ({values})" if values else "")


def measure_text(measure: Measure) -> str:
    """A measure of a list, or a benefit."""
    what = "benefit" if measure.benefit else "measure"
    of = f" of list {measure.list}" if measure.list else ""
    by = f"; taken by {measure.by}" if measure.by else ""
    return f'{what} {measure.key}{of}: "{measure.says}"{by}'


def way_text(way: Way) -> str:
    """A ground of a list."""
    return f'ground {way.name} of list {way.list}: "{ground_words(way.ground)}"'


def declared_text(view: View, name: str, dated: Dated | None) -> str:
    """What a file declares at a place, in words."""
    rows = view.row(dated)
    return f"{name}: {rows[0].value}" if rows else f"{name}: nothing declared"


def named(items: Iterable[str], most: int = 6) -> str:
    """Items in a row; of many the first ones and how many more.

    Examples
    --------
    >>> named(["a", "b"]), named("abcdefgh", 3)
    ('a and b', 'a, b, c and 5 more')
    """
    found = list(dict.fromkeys(items))
    if len(found) > most:
        return f"{', '.join(found[:most])} and {len(found) - most} more"
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)


def by_context(conduct: Iterable[Conduct]) -> str:
    """Acts under their fields of life; of many fields only how many acts each has."""
    groups: dict[str, list[str]] = {}
    for one in conduct:
        groups.setdefault(one.context, []).append(one.act)
    if len(groups) > MOST_FIELDS:
        return ", ".join(f"{field} ({len(set(acts))})" for field, acts in groups.items())
    return "; ".join(f"{field} ({named(acts, 5)})" for field, acts in groups.items())


def through_ways(pairs: Iterable[tuple[Way | None, Conduct]]) -> str:
    """The grounds by which acts lead to a measure, in words."""
    names = list(dict.fromkeys(way.name if way is not None else "the score" for way, _ in pairs))
    if names == ["the score"]:
        return "by the score"
    return f"by the ground{'s' if len(names) > 1 else ''} {named(names)}"
