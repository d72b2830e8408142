"""Look on while the months pass: the stages of a month, wrapped, doing what they always do."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from scslab.core.tables import State
from scslab.lab.month import Month
from scslab.lab.pipeline import STAGES, Stage
from scslab.lab.shard import Shard
from scslab.lab.world import World


@dataclass(frozen=True)
class Attended(World):
    """A world in which the listings that end are kept for the onlooker, whoever follows them."""

    @property
    def linked(self) -> bool:
        """Shards keep what has left a list where some rule listens to lists."""
        return True


def attended(world: World) -> Attended:
    """The same world, attended; nothing else in it differs."""
    return Attended(**{field.name: getattr(world, field.name) for field in fields(world)})


class Onlooker(Protocol):
    """Somebody who looks at a shard before and after each stage, and changes nothing.

    Shards pass their months on several threads: what is noted must not depend on their order.
    """

    def before(self, stage: str, world: World, month: Month, state: State, shard: Shard) -> Any:
        """What to remember until the stage is over."""

    def after(
        self, stage: str, world: World, month: Month, state: State, shard: Shard, kept: Any
    ) -> None:
        """Note what the stage has done; `kept` is what `before` gave."""


def watched(onlooker: Onlooker) -> tuple[Stage, ...]:
    """The stages of a month with somebody who looks on."""
    return tuple(with_onlooker(stage, onlooker) for stage in STAGES)


def with_onlooker(stage: Stage, onlooker: Onlooker) -> Stage:
    """One stage with somebody who looks on."""

    def run(world: World, month: Month, state: State, shard: Shard) -> None:
        kept = onlooker.before(stage.name, world, month, state, shard)
        stage.run(world, month, state, shard)
        onlooker.after(stage.name, world, month, state, shard, kept)

    return replace(stage, run=run)


def stage_named(name: str) -> Stage:
    """A stage by its name, for a look at what it would do."""
    return next(stage for stage in STAGES if stage.name == name)
