"""The rules of a regime on one day as the criteria see them: conduct, ways, measures.

Bounds that hold are obeyed, as the engine obeys them: what they keep out is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from scslab.core.calendar import day as as_day
from scslab.core.cards import RowLine
from scslab.core.contexts import Degree, act_gravity, measure_context, measure_severity
from scslab.core.values import Dated
from scslab.core.yamlfile import Document, Place
from scslab.evaluation.audit.facts import Facts
from scslab.evaluation.audit.parts import Conduct, Measure, Way
from scslab.regimes.bounds import allowed, counts, may_follow
from scslab.regimes.lists import Ground, ListRules
from scslab.regimes.model import GradedAct, Regime, ScoredAct
from scslab.regimes.telling import IN_FORCE

# From the name REGIME/LIST to the acts that lead onto that list; None where it is not known.
Resolver = Callable[[str], tuple[str, ...] | None]


@dataclass(frozen=True)
class View(Facts):
    """The rules of one regime on one day."""

    resolve: Resolver

    # What counts.

    @cached_property
    def bare_score(self) -> bool:
        """Whether persons are scored, and nothing in the file follows from the score."""
        by_score = any(w.by_score for m in self.measures for w in self.ways_of(m.list))
        return self.persons and self.scores and not by_score and not self.benefits

    @cached_property
    def scores(self) -> bool:
        """Whether a score or ladder stands on conduct or on parts of it."""
        score, grades = self.regime.score, self.regime.grades
        return bool(self.scored) or bool(score and score.dimensions) or bool(grades and grades.acts)

    @property
    def score_place(self) -> Place:
        """Where the acts of the score or ladder stand."""
        return ("score",) if self.regime.score is not None else ("grades",)

    def conduct_of(
        self, act: str, path: Place, says: str, rows: tuple[RowLine, ...], harms: bool, **more: str
    ) -> Conduct:
        """An act under one rule; a gravity that the rule itself gives wins."""
        gravity = cast(Degree, more.get("gravity") or act_gravity(act))
        return Conduct(act, path, says, gravity, rows, harms, more.get("through", ""))

    @cached_property
    def scored(self) -> tuple[Conduct, ...]:
        """The acts that move the score or grade on the day, through listings elsewhere as well."""
        found = []
        for name, act in self.regime.rates.items():
            moved = self.moves(act)
            if moved is None:
                continue
            rows, harms = moved
            through = "/" in name
            path: Place = (*self.score_place, "listings" if through else "acts", name)
            given = act.gravity if "gravity" in act.model_fields_set else ""
            for one in (self.resolve(name) or ()) if through else (name,):
                if counts(one, self.bounds):
                    more = {"gravity": given, "through": name if through else ""}
                    found.append(self.conduct_of(one, path, act.says, rows, harms, **more))
        return tuple(found)

    @property
    def harmful(self) -> tuple[Conduct, ...]:
        """The acts that lower the score or grade."""
        return tuple(c for c in self.scored if c.harms)

    def moves(self, act: GradedAct) -> tuple[tuple[RowLine, ...], bool] | None:
        """The rows by which an act moves the score on the day, and whether down; None if not."""
        down: list[Dated] = []
        up: list[Dated] = []
        if isinstance(act, ScoredAct):
            for dated in (act.points, act.moves):
                value = self.value(dated)
                if dated is not None and value:
                    (down if value < 0 else up).append(dated)
        if act.drops is not None and self.value(act.drops):
            down.append(act.drops)
        for cut, side in ((act.cuts, down), (act.lifts, up)):
            if cut is not None and self.value(cut.holds):
                side.append(cut.holds)
        rows = tuple(line for dated in (*down, *up) for line in self.row(dated))
        return (rows, bool(down)) if down or up else None

    @cached_property
    def lists(self) -> dict[str, ListRules]:
        """The blacklists that are open on the day and that one can get on."""
        return {
            name: rules
            for name, rules in self.regime.lists.items()
            if rules.colour == "black" and not self.value(rules.closed) and self.ways_of(name)
        }

    @cached_property
    def all_ways(self) -> dict[str, tuple[Way, ...]]:
        """The ways onto each list, whatever its colour."""
        found: dict[str, tuple[Way, ...]] = {}
        for name, rules in self.regime.lists.items():
            ways = []
            for key, ground in rules.grounds.items():
                black = rules.colour == "black"
                if not self.value(ground.holds) or (black and not allowed(ground, self.bounds)):
                    continue
                way = self.way(name, key, ground)
                if way.conduct or way.unknown or not ground.acts:
                    ways.append(way)
            found[name] = tuple(ways)
        return found

    def ways_of(self, name: str) -> tuple[Way, ...]:
        """The ways onto a list, with those onto lists whose entries move to it."""
        more = [
            way
            for other, rules in self.regime.lists.items()
            if rules.escalates is not None and rules.escalates.to == name
            for way in self.all_ways[other]
        ]
        return (*self.all_ways[name], *more)

    def way(self, name: str, key: str, ground: Ground) -> Way:
        """One ground in force with the acts that lead to it."""
        path: Place = ("lists", name, "grounds", key)
        rows = self.row(ground.holds, IN_FORCE)
        found, unknown = [], []
        for act in ground.acts:
            if counts(act, self.bounds):
                found.append(self.conduct_of(act, path, ground.says, rows, True))
        for listing in ground.listed_on:
            acts = self.resolve(listing)
            unknown += [listing] if acts is None else []
            found += [
                self.conduct_of(a, path, ground.says, rows, True, through=listing)
                for a in acts or ()
                if counts(a, self.bounds)
            ]
        times = self.value(ground.times)
        several = bool(times and times > 1)
        way = Way(name, key, path, ground, tuple(found), rows, tuple(unknown), several)
        return replace(way, conduct=self.harmful, several=True) if way.by_score else way

    # What follows.

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of open blacklists that are in force."""
        return tuple(m for name, rules in self.lists.items() for m in self.effects(name, rules))

    @cached_property
    def benefits(self) -> tuple[Measure, ...]:
        """The rewards of the score and of redlists that are in force."""
        found = []
        for key, reward in self.regime.rewards.items():
            if self.value(reward.gives):
                rows = self.row(reward.gives, IN_FORCE)
                found.append(
                    Measure(
                        key,
                        "",
                        ("rewards", key),
                        reward.says,
                        "",
                        ("persons", "organisations"),
                        measure_context(key),
                        measure_severity(key),
                        rows,
                        self.source_kind(rows),
                        True,
                    )
                )
        for name, rules in self.regime.lists.items():
            if rules.colour == "red" and not self.value(rules.closed):
                found += self.effects(name, rules)
        return tuple(found)

    def effects(self, name: str, rules: ListRules) -> list[Measure]:
        """The effects of a list that are in force and not kept out."""
        found = []
        for key, effect in rules.effects.items():
            if not self.value(effect.holds) or not may_follow(key, effect, [], self.bounds):
                continue
            rows = self.row(effect.holds, IN_FORCE)
            found.append(
                Measure(
                    key,
                    name,
                    ("lists", name, "effects", key),
                    effect.says,
                    effect.by or "",
                    tuple(effect.subjects) or ("persons", "organisations"),
                    effect.context or measure_context(key),
                    effect.severity or measure_severity(key),
                    rows,
                    self.source_kind(rows),
                    rules.colour == "red",
                    effect,
                )
            )
        return found

    def pairs(self, measure: Measure, kind: str = "") -> Iterator[tuple[Way | None, Conduct]]:
        """The acts that lead to a measure, with the ground; of subjects of one kind, if asked.

        A pair that an `only` bound keeps apart is left out.
        """
        ways: list[Way | None] = list(self.ways_of(measure.list)) if measure.list else [None]
        for way in ways:
            conduct = way.conduct if way is not None else self.harmful
            for one in conduct:
                kinds = self.hit(way, one, measure)
                if kinds and (not kind or kind in kinds) and not self.kept_apart(way, one, measure):
                    yield way, one

    def hit(self, way: Way | None, conduct: Conduct, measure: Measure) -> set[str]:
        """Whom a measure hits for an act: persons, organisations or both."""
        found = {str(s) for s in self.regime.who.subjects} & set(measure.subjects)
        if way is not None:
            found &= set(way.kinds)
        if way is None or way.ground.of == "same":
            done_by = {"persons"} if conduct.of_persons else set()
            found &= done_by | ({"organisations"} if conduct.of_organisations else set())
        return found

    @cached_property
    def weighty(self) -> tuple[Measure, ...]:
        """Measures against persons that are more than slight."""
        return tuple(m for m in self.measures if m.weighs and "persons" in m.subjects)

    @cached_property
    def weighty_benefits(self) -> tuple[Measure, ...]:
        """Benefits of persons that are more than slight."""
        return tuple(m for m in self.benefits if m.weighs)


def view_of(regime: Regime, day: str, document: Document, resolve: Resolver) -> View:
    """The rules of a regime on a day."""
    return View(regime, as_day(day), document, resolve)
