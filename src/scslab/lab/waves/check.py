"""Check that a wave fits the society and the regimes of its study, before anything is lived."""

from __future__ import annotations

import numpy as np

from scslab.core.errors import ScslabError, near
from scslab.core.tables import State
from scslab.evaluation.exhibits import read_paper
from scslab.evaluation.findings import finding
from scslab.lab.month import month_of_world
from scslab.lab.shard import make_state
from scslab.lab.waves.draw import draw
from scslab.lab.waves.frame import frame, odds_of
from scslab.lab.waves.ledger import ledger_of
from scslab.lab.waves.lives import Moment, Someone, lived
from scslab.lab.waves.named import arms_of
from scslab.lab.waves.read import Wave
from scslab.lab.waves.recruit import quotas_of
from scslab.lab.world import World
from scslab.study.check_society import check_against
from scslab.survey.fieldwork.luck import wave_word


def check_lives(world: World, wave: Wave) -> None:
    """Population, frame, panel, quotas and lives of a wave are those of a society that there is.

    Its ledger and its paper are read as well, since they are needed last.

    Raises
    ------
    ScslabError
        The first mistake, with its line.
    """
    document = wave.document
    ledger_of(wave)
    if document.wave.paper is not None and document.folder is not None:
        read_paper(document.folder / document.wave.paper)
    check_against(document, dict(world.kinds.attributes))
    index = wave.number - world.months[0]
    state: State = make_state(world)
    moment = Moment(world, month_of_world(world, index, None), state)
    frame(world, document)
    odds_of(moment, document)
    quotas_of(moment, document)
    if document.wave.sample.kind == "probability":
        draw(moment, document, wave_word(world.seed, document.wave.id))
    check_printed(wave)
    nobody = Someone(np.zeros(0, np.int64), np.zeros(0, np.int64))
    for name, life in document.wave.lives.items():
        lived(life, nobody, moment, document.document.where(("lives", name)))


def check_printed(wave: Wave) -> None:
    """Findings printed of an experiment are known, and of its arms.

    Raises
    ------
    ScslabError
        The first that is not, with its line.
    """
    document = wave.document
    for i, framing in enumerate(document.wave.framings):
        arms = arms_of(framing, document.wave)
        for arm, name in framing.printed.items():
            where = document.document.where(("framings", i, "printed", arm))
            if arm not in arms:
                raise ScslabError(
                    f'experiment "{framing.id}" has no arm "{arm}"',
                    where=where,
                    hint=near(arm, arms),
                )
            finding(name, where)
