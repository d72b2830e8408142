"""Wordings of groups: each part must be known, and the parts must go together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scslab.core.errors import ScslabError
from scslab.evaluation.ledger.ages import ages_where, classes_words
from scslab.evaluation.ledger.formal import formal_where
from scslab.evaluation.ledger.parts import AND_OR, GroupIndex, Words, joined, key_of, linked
from scslab.evaluation.ledger.records import NotProduced, Where
from scslab.evaluation.ledger.words import NEAR, alike

EVERYBODY = frozenset(("", "everyone", "everybody"))
LONGEST = 14  # words of one part, and parts of one group
MOST_READINGS = 50
CONTRADICTS = "nobody can be in both parts of the group"
BOTH = '"and" between parts may mean both or either; a comma means both'
EITHER = "a group of those in one part or the other is not computed"


@dataclass(frozen=True)
class Tile:
    """A part of a wording with the link before it."""

    link: str
    where: Where


def resolve_group(
    text: str, index: GroupIndex, *, composition: bool = False, parts: int = LONGEST
) -> Where | NotProduced:
    """Whom a wording means; () is everybody.

    Parameters
    ----------
    composition : bool
        Of who is in the sample, not of what they answered.
    parts : int
        How many parts a wording may have.
    """
    try:
        formal = formal_where(text, index.variables)
    except ScslabError as error:
        formal = spelt_out(text, index)
        if formal is None:
            return NotProduced(f"no such group: {error.what}", error.hint)
    if formal is not None:
        return formal
    for reading in readings(text):
        words = linked(reading)
        if " ".join(words) in EVERYBODY:
            return ()
        found = tilings(words, index, composition, parts)
        if len(found) > 1:  # of several readings those that nobody can be in go
            found = {f for f in found if not isinstance(f, NotProduced)} or found
        if len(found) == 1:
            return found.pop()
        if found:
            return NotProduced("the group's wording fits several groups", group_words(found))
    return unknown_group(text, index)


def spelt_out(text: str, index: GroupIndex) -> Where | None:
    """`residence = rural` where the answer is labelled in other words, which a group knows."""
    name, _, value = text.partition("=" if "=" in text else ":")
    found = resolve_group(value, index) if value and "=" not in value else ()
    if isinstance(found, tuple) and [n for n, _ in found] == [name.strip()]:
        return found
    return None


def readings(text: str) -> list[str]:
    """A group with what stands in brackets, and without it where it only explains."""
    merged = re.sub(r"[()\[\]]", " ", text)
    bare = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text)
    explains = all(
        re.fullmatch(r"[\d\s.,/%-]*|n ?= ?[\d,]+|weighted", inside.strip().lower())
        for inside in re.findall(r"[(\[]([^()\[\]]*)[)\]]", text)
    )
    return [merged] if bare == text or not explains else [merged, bare]


def tilings(
    words: list[str], index: GroupIndex, composition: bool, parts: int
) -> set[Where | NotProduced]:
    """What a wording means, cut into as few known parts as possible."""
    best: dict[int, list[list[Tile]]] = {0: [[]]}
    for end in range(1, len(words) + 1):
        options: list[list[Tile]] = []
        for start in range(max(0, end - LONGEST), end):
            link = words[start] if words[start] in AND_OR else ""
            inside = words[start + 1 : end] if link else words[start:end]
            if not inside or inside[-1] in AND_OR or (link and start == 0):
                continue
            for where in part_of(key_of(inside), index, composition):
                options += [[*before, Tile(link, where)] for before in best.get(start, [])]
        if options:
            fewest = min(map(len, options))
            best[end] = [o for o in options if len(o) == fewest][:MOST_READINGS]
    return {merged(tiles) for tiles in best.get(len(words), []) if len(tiles) <= parts}


def part_of(key: Words, index: GroupIndex, composition: bool) -> frozenset[Where]:
    """What one part can mean, also an age or all other answers."""
    found = index.part(key, composition)
    if found:
        return found
    if len(key) == 1 and (ages := ages_where(next(iter(key)), index.variables)) is not None:
        return frozenset((ages,))
    if sum("not:" in word for word in key) == 1 and not composition:
        bare = frozenset(word.replace("not:", "") for word in key) - {""}
        return index.opposites.get(bare, frozenset())
    return frozenset()


def merged(tiles: list[Tile]) -> Where | NotProduced:
    """All parts together: both where they are side by side, either where they exclude each other.

    "Men and women" is either, as nobody is both; "men and Party members" is not certain.
    """
    found: Where = ()
    for tile in tiles:
        both = joined(found, tile.where)
        one_variable = {n for n, _ in found} == {n for n, _ in tile.where}
        alone = one_variable and len(found) == 1
        if tile.link in ("and", "or") and alone:
            ((name, codes),) = found
            more = dict(tile.where)[name]
            together = set(codes) | set(more)
            key = sorted(together, key=lambda c: (isinstance(c, str), c))
            found = ((name, tuple(key)),)
        elif tile.link == "or":
            return NotProduced(EITHER)
        elif tile.link == "and":
            return NotProduced(BOTH)
        elif both is None:
            return NotProduced(CONTRADICTS)
        else:
            found = both
    return found


def unknown_group(text: str, index: GroupIndex) -> NotProduced:
    """A message that names the nearest group."""
    words = linked(text)
    if any(w.startswith("age:") for w in words):
        known = classes_words(index.variables)
        if known:
            return NotProduced("no group of this wording or age", known)
    mine = key_of(words)
    scored = [(alike(mine, key), says) for key, says in index.says.items()]
    score, best = max(scored, default=(0.0, ""))
    return NotProduced("no group of this wording", f'"{best}"' if score > NEAR else "")


def group_words(found: Iterable[object]) -> str:
    """Several groups, to be told apart."""
    return " or ".join(
        sorted(
            " and ".join(f"{n} {'/'.join(map(str, codes))}" for n, codes in where)
            for where in found
            if isinstance(where, tuple)
        )
    )
