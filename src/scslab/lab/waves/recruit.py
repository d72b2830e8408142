"""Who takes part in a wave: a river of volunteers, a drawn sample, or an earlier wave again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from scslab.analysis.weighting.margins import read_margins
from scslab.core.errors import ScslabError, near
from scslab.lab.waves.draw import draw
from scslab.lab.waves.frame import frame, front, odds_of, respondents, sizes
from scslab.lab.waves.lives import Moment, Someone
from scslab.study.read_wave import WaveDocument
from scslab.study.wave_columns import names_in
from scslab.survey.fieldwork.dispositions import BREAK_OFF, COMPLETE, dispose
from scslab.survey.fieldwork.luck import decide
from scslab.survey.fieldwork.nonresponse import adjust
from scslab.survey.fieldwork.panel import follow
from scslab.survey.fieldwork.paradata import queue_day, start_day
from scslab.survey.fieldwork.recruit import cells_of, quota_cells, take
from scslab.world.attitudes.truth import Respondents, chance, truths

FIELD_DAYS = 60


@dataclass(frozen=True)
class Taken:
    """Who completed the questionnaire, and what became of all others.

    Attributes
    ----------
    who : Someone
        The completes, in the order of the field.
    dispositions : i2[used]
        Of everybody invited.
    day : i8[n]
        The day of the field on which each completed began.
    left : Someone
        Who began and broke off.
    design : dict of f8[n]
        Weight, stratum and cluster of a drawn sample.
    notes : tuple of str
        What a reader should know first.
    """

    who: Someone
    dispositions: np.ndarray
    day: np.ndarray
    left: Someone
    design: dict[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def recruit(
    moment: Moment,
    document: WaveDocument,
    word: np.uint64,
    earlier: Mapping[str, Taken],
) -> Taken:
    """Invite until enough have completed.

    Raises
    ------
    ScslabError
        Quotas, strata or a frame that do not fit the society.
    """
    kind = document.wave.sample.kind
    if kind == "river":
        return river(moment, document, word)
    if kind == "panel":
        return again(moment, document, word, earlier)
    return drawn(moment, document, word)


def willing(
    moment: Moment, document: WaveDocument, who: Someone, word: np.uint64
) -> tuple[np.ndarray, np.ndarray]:
    """Who would begin, and who would come to the end, bool[n] each."""
    begins, ends = taking_part(moment, document, respondents(who, moment, document))
    return decide(word, "starts", who.persons, begins), decide(word, "finishes", who.persons, ends)


def taking_part(
    moment: Moment, document: WaveDocument, people: Respondents
) -> tuple[np.ndarray, np.ndarray]:
    """Chances to begin, and to come to the end, f8[n] each."""
    wave, seed = document.wave, moment.world.seed
    specs = (wave.field.starts, wave.field.finishes)
    needed = {name for spec in specs for name in names_in(spec, wave)}
    columns = truths(wave, people, seed, needed)
    begins, ends = (chance(spec, columns, people, wave, seed) for spec in specs)
    return begins, ends


def river(moment: Moment, document: WaveDocument, word: np.uint64) -> Taken:
    """Volunteers come by until enough have completed, or everybody has come by."""
    wanted = document.wave.sample.wanted
    asked, odds = frame(moment.world, document), odds_of(moment, document)
    all_there = int(sizes(moment.world)[asked & (odds > 0)].sum())
    kind_cells, quotas = quotas_of(moment, document)
    length = 4.0 * wanted
    while True:
        who = front(moment, asked, odds, document.wave.id, length)
        started, finished = willing(moment, document, who, word)
        cells = None if kind_cells is None else kind_cells[who.kinds]
        got = take(started, finished, cells, quotas, wanted)
        if not got.short or len(who.persons) >= all_there:
            break
        length *= 2
    notes = []
    if not len(got.completes):
        raise ScslabError(
            "nobody completed the questionnaire",
            where=document.document.where(("sample",)),
            hint="simulate more persons",
        )
    if got.short:
        notes.append(
            f"{got.short:,} of {wanted:,} completes are missing: everybody in the frame was "
            "invited. Simulate more persons"
        )
    elif got.used > all_there / 20:
        notes.append(
            f"{got.used:,} of {all_there:,} in the frame were invited; so large a part exhausts "
            "those who are easy to reach. Simulate more persons"
        )
    done = got.completes
    return Taken(
        some_of(who, done),
        got.dispositions,
        queue_day(got.used, FIELD_DAYS)[done],
        some_of(who, np.flatnonzero(got.dispositions == BREAK_OFF)),
        notes=tuple(notes),
    )


def some_of(who: Someone, rows: np.ndarray) -> Someone:
    """Those of some persons in these rows."""
    return Someone(who.persons[rows], who.kinds[rows])


def quotas_of(
    moment: Moment, document: WaveDocument
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The quota cell of each kind, i8[kinds], and the quota of each cell; None without quotas."""
    spec = document.wave.sample.quotas
    if spec is None:
        return None, None
    beside = document.folder / spec.to if document.folder is not None else Path(spec.to)
    try:
        found = read_margins(beside if beside.is_file() else spec.to)
    except ScslabError as error:
        if beside.is_file():
            raise
        raise ScslabError(
            "no such margins",
            where=document.document.where(("sample", "quotas", "to")),
            got=spec.to,
            expected="a file beside this one, or margins of the library",
            hint=error.hint,
        ) from error
    known = {m.name: m for m in found.margins}
    kinds = moment.world.kinds
    codes, shares = [], []
    for name, groups in spec.on.items():
        where = document.document.where(("sample", "quotas", "on", name))
        if name not in known:
            raise ScslabError(f'no margin "{name}"', where=where, hint=near(name, known))
        margin = known[name]
        code = np.full(kinds.count, -1)
        levels = [level for level, *_ in margin.levels]
        for category in groups:
            if category not in levels:
                raise ScslabError(
                    f'margin "{name}" has no category "{category}"',
                    where=where,
                    hint=near(category, levels),
                )
        for place, category in enumerate(levels):
            code[kinds.having(name, groups.get(category, [category]), where)] = place
        codes.append(code)
        shares.append(np.array(margin.shares))
    slack = 0.0 if spec.slack is None else spec.slack.value
    # Kinds without a quota (an age that is not asked) have a cell of their own, which is full.
    quotas = np.append(quota_cells(shares, document.wave.sample.wanted, slack), 0)
    cells = cells_of(codes, [len(one) for one in shares])
    return np.where(cells < 0, len(quotas) - 1, cells), quotas


def again(
    moment: Moment,
    document: WaveDocument,
    word: np.uint64,
    earlier: Mapping[str, Taken],
) -> Taken:
    """The respondents of an earlier wave, those who stay."""
    wanted = document.wave.sample.wanted
    before = document.wave.sample.of
    if before is None or before not in earlier:
        raise ScslabError(
            f'no earlier wave "{before}" in the study',
            where=document.document.where(("sample", "of")),
            hint=near(str(before), earlier),
        )
    old = inside(earlier[before], frame(moment.world, document))
    begins, ends = taking_part(moment, document, respondents(old.who, moment, document))
    got = follow(word, old.who.persons, 1.0, begins, ends, most=wanted)
    stays = np.zeros(len(old.who.persons), bool)
    stays[got.invited[got.dispositions == COMPLETE]] = True
    design = {name: column[stays] for name, column in old.design.items()}
    if design:
        group, weight = old.design["stratum"].astype(np.int64), old.design["weight"]
        design["weight"] = adjust(weight, stays, group)[stays]
    return Taken(
        some_of(old.who, stays),
        got.dispositions,
        start_day(word, old.who.persons[stays], FIELD_DAYS),
        some_of(old.who, got.invited[got.dispositions == BREAK_OFF]),
        design,
    )


def inside(earlier: Taken, asked: np.ndarray) -> Taken:
    """The respondents of an earlier wave who are of the kinds that this one asks (bool[kinds])."""
    here = asked[earlier.who.kinds]
    design = {name: column[here] for name, column in earlier.design.items()}
    return replace(earlier, who=some_of(earlier.who, here), day=earlier.day[here], design=design)


def drawn(moment: Moment, document: WaveDocument, word: np.uint64) -> Taken:
    """A sample drawn with known chances, with or without clusters; weights for nonresponse."""
    sample, got = draw(moment, document, word)
    started, finished = willing(moment, document, sample, word)
    answered = started & finished
    group = got.stratum if document.wave.sample.clusters is None else got.cluster
    weights = adjust(got.weight, answered, group, got.stratum)
    return Taken(
        some_of(sample, answered),
        dispose(started, finished),
        start_day(word, sample.persons[answered], FIELD_DAYS),
        some_of(sample, started & ~finished),
        {
            "weight": weights[answered],
            "stratum": got.stratum[answered].astype(float),
            "cluster": got.cluster[answered].astype(float),
        },
        tuple(got.notes),
    )
