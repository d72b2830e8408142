"""One society for many studies: a world that takes over what does not depend on the rules."""

from __future__ import annotations

from dataclasses import replace

from scslab.core.values import change_days
from scslab.lab.places import find_localities
from scslab.lab.world import World, build_world, read_rules, state_rows, who_is_rated
from scslab.regimes.rulebook import followed
from scslab.study.read import StudyFile, walk_varies


def world_like(base: World, file: StudyFile, length: int | None = None) -> World:
    """The world of another study of the same society: other rules, the same persons and luck.

    Persons, kinds, tally groups and the registry of representatives do not depend on rules, and
    building them is most of the work. Where the society is another one it is built anew, of the
    size of the base.

    Parameters
    ----------
    base : World
        As built for one of the studies.
    file : StudyFile
        The same study under other rules.
    length : int, optional
        Only the first months.

    Raises
    ------
    ScslabError
        Whatever is wrong with the rules, or with what the study says about them.
    """
    file, regimes, platforms = read_rules(file, length)
    rules = replace(base, file=file, regimes=regimes, platforms=platforms)
    if not same_society(base, rules):
        society = base.society
        anew = build_world(file, 0, society.persons, None, society.organisations or None)
        return replace(anew, seed=base.seed)
    for place, varies in walk_varies(file.study):
        base.kinds.having(varies.by, list(varies.times), file.document.where(place))
    return replace(
        rules,
        where=who_is_rated(file, regimes, base.kinds),
        conducts=[*file.study.conduct, *followed(regimes)],
        effects=[
            (i, j, effect)
            for i, regime in enumerate(regimes)
            for j, listing in enumerate(regime.lists.values())
            for effect in listing.effects
        ],
        rows=state_rows(file, regimes),
        changes=change_days([regimes, list(platforms.values()), file.study]),
    )


def same_society(base: World, other: World) -> bool:
    """Whether two studies describe the same society, of the same margins and places."""
    mine, theirs = base.file.study, other.file.study
    if mine.society != theirs.society or mine.period.to != theirs.period.to:
        return False
    if base.file.folder != other.file.folder:
        return False
    return find_localities(base.file, base.regimes, base.margins) == find_localities(
        other.file, other.regimes, other.margins
    )
