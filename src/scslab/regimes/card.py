"""The card of a regime: one frozen record with all that a page about the system says."""

from __future__ import annotations

from collections.abc import Iterator

from scslab.core.cards import ChangeDay, RowLine, RuleLine, RulePart, SystemCard
from scslab.core.results import LeftOut, SourceLine, ValueShares
from scslab.core.values import Source, walk_dated
from scslab.regimes.model import Regime
from scslab.regimes.scale import scale_of
from scslab.regimes.telling import IN_FORCE, basis_of, tell

# Rules of one part that begin on one day are named one by one up to this number.
MOST = 4

Days = dict[str, list[str]]


def card_of(regime: Regime) -> SystemCard:
    """All that a page about a system says."""
    parts = tell(regime)
    return SystemCard(
        id=regime.id,
        name=regime.name,
        name_zh=regime.name_zh or "",
        group=group_of(regime),
        kind=regime.kind,
        operator=regime.operator,
        subjects=" and ".join(regime.who.subjects),
        places=", ".join(regime.who.places),
        since=regime.covers.from_,
        until=regime.covers.to or "",
        reviewed=regime.reviewed,
        status=regime.status,
        about=one_line(regime.about),
        scale=scale_of(regime),
        parts=tuple(parts),
        timeline=tuple(timeline(parts)),
        values=shares_of(regime),
        left_out=tuple(
            LeftOut(regime.id, one_line(x.what), one_line(x.why), one_line(x.effect))
            for x in regime.not_modelled
        ),
        sources=tuple(source_line(regime.id, k, s) for k, s in regime.sources.items()),
    )


def group_of(regime: Regime) -> str:
    """The sort of system, from what it does, whom it rates and where."""
    if regime.platform is not None or regime.identity is not None:
        return "Across systems"
    if regime.who.subjects == ["organisations"]:
        return "Organisations"
    if regime.score is None and regime.grades is None:
        return "Courts and lists"
    return "Scores of cities and villages" if regime.who.places else "Credit and national scores"


def one_line(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def shares_of(regime: Regime) -> ValueShares:
    """How many values are published, from the press, assumed."""
    bases = [
        basis_of(regime.sources[row.source])
        for _, dated in walk_dated(regime)
        for row in dated.rows
    ]
    counts = (bases.count(basis) for basis in ("published", "press", "assumed"))
    return ValueShares(regime.id, *counts)


def source_line(owner: str, key: str, source: Source) -> SourceLine:
    """One source."""
    title = source.title + (f" ({source.number})" if source.number else "")
    because = one_line(source.because or "")
    return SourceLine(key, owner, source.kind, title, source.date or "", source.href or "", because)


def timeline(parts: list[RulePart]) -> Iterator[ChangeDay]:
    """The days on which rules begin, change or end, in order of time."""
    days: Days = {}
    for part in parts:
        changes, begun, same = changes_of(part)
        for found, many in ((begun, "rules begin"), (same, "rules stand, restated")):
            for day, texts in found.items():
                short = [f"{len(texts)} {many}"] if len(texts) > MOST else texts
                changes.setdefault(day, []).extend(short)
        for day, texts in changes.items():
            days.setdefault(day, []).extend(f"{part.title}: {text}" for text in texts)
    for day in sorted(days):
        yield ChangeDay(day, tuple(days[day]))


def changes_of(part: RulePart) -> tuple[Days, Days, Days]:
    """What changes in a part, what begins, what a later source says again: by day, in words."""
    changes: Days = {}
    begun: Days = {}
    same: Days = {}
    for line in part.lines:
        before: RowLine | None = None
        for row in line.rows:
            what = spoken(line)
            if before is None:
                begun.setdefault(row.since, []).append(f"{what}: {row.value}")
            elif before.value == row.value:
                words = f"{what}: still {row.value}, now by {row.source}"
                same.setdefault(row.since, []).append(words)
            else:
                words = turn_words(before.value, row.value)
                changes.setdefault(row.since, []).append(f"{what}: {words}")
            before = row
    return changes, begun, same


def turn_words(before: str, after: str) -> str:
    """What becomes of a value.

    Examples
    --------
    >>> turn_words("not in force", "in force"), turn_words("12 months", "ended")
    ('comes into force', '12 months until then')
    >>> turn_words("12 months", "24 months")
    '12 months becomes 24 months'
    """
    if (before, after) == IN_FORCE[::-1]:
        return "comes into force"
    if before == IN_FORCE[0]:
        return "no longer in force"
    if after == "ended":
        return f"{before} until then"
    return f"{before} becomes {after}"


def spoken(line: RuleLine) -> str:
    """A rule in a few words: a long one is known by its name."""
    return line.name if line.name and len(line.says) > 60 else line.says
