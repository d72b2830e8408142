"""Compare safeguards: check what was asked, run all of it, and put the trial together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.core.files import check_empty, whole_folder
from scslab.core.trial import Arm, TrialSummary
from scslab.evaluation.harm.capital import CAPITAL, has_capital
from scslab.lab.compare.arms import WHERE, read_arms
from scslab.lab.compare.run import Done, Split, run_all, worlds_of
from scslab.lab.compare.store import manifest_of, write_trial
from scslab.lab.compare.summary import safeguard_lines, summary_of
from scslab.lab.compare.tables import difference_table, harm_table
from scslab.lab.compare.trial import HARM, Trial, check_quantity
from scslab.lab.compare.values import values_of
from scslab.lab.safeguards import idle
from scslab.lab.simulate import check_whole
from scslab.lab.world import World, shortened
from scslab.lab.world_society import margins_of
from scslab.regimes.safeguard import find_safeguard
from scslab.study.read import StudyFile
from scslab.world.society.cells import NOT_TALLIED
from scslab.world.society.organisations import SUBJECT

USUAL = ("subject", "residence", "sex", "education")  # splits where a society has them
MOST_RUNS = 100_000
MOST_SEEDS = 10_000
MOST_THREADS = 1024
FEW_SEEDS = 10

Draw = Callable[[TrialSummary, Path], None]


def compare(
    file: StudyFile,
    specs: Sequence[str],
    seeds: int | Sequence[int],
    *,
    persons: int | None = None,
    months: int | None = None,
    threads: int = 1,
    by: Sequence[str] | None = None,
    quantity: str = HARM,
    out: Path | None = None,
    progress: Done | None = None,
    draw: Draw | None = None,
) -> Trial:
    """Let the same society live under several sets of safeguards with the same luck.

    Parameters
    ----------
    file : StudyFile
    specs : sequence of str
        `none`, `notice`, `notice+help`; differences are to the first.
    seeds : int or sequence of int
        So many seeds from 1 on, or these; at least two.
    persons, months : int, optional
        Another size of the society; only the first months.
    threads : int
        Runs at once; results do not depend on it.
    by : sequence of str, optional
        Splits: attributes, or several joined by `+`. By default subject, residence, sex and
        education, those that the society has.
    quantity : str
        By which safeguards are ranked, a name of `evaluation.harm.QUANTITIES`.
    out : Path, optional
        Folder to write; must not exist or be empty.
    progress : callable, optional
        Called with (runs done, runs in all).
    draw : callable, optional
        Called with the summary and the path of `report.html` when a folder is written.

    Raises
    ------
    ScslabError
        Whatever is wrong, before anything is computed where that can be known.
    """
    asked = {"persons": persons, "months": months, "threads": threads}
    arms, numbers = check_asked(file, specs, seeds, quantity, by, out, **asked)
    threads = min(threads, MOST_THREADS)

    def found(folder: Path | None) -> Trial:
        started = time.perf_counter()
        worlds = worlds_of(file, arms, persons, months)
        splits = splits_of(worlds[0], by)
        lines = safeguard_lines(file, arms)
        ready = time.perf_counter()
        sums = run_all(worlds, arms, numbers, splits, threads, progress)
        lived = time.perf_counter()
        values = values_of(sums, arms, numbers)
        harms, pairs = harm_table(values), difference_table(values)
        manifest = manifest_of(worlds, arms, numbers, splits, quantity)
        manifest["warnings"] = warnings_of(file, arms, len(numbers))
        summary = summary_of(manifest, worlds[0], arms, lines, values, pairs, quantity)
        trial = Trial(manifest, harms, pairs, values, lines, summary)
        manifest["timings"] = {
            "society": round(ready - started, 3),
            "runs": round(lived - ready, 3),
            "tables": round(time.perf_counter() - lived, 3),
        }
        if folder is not None:
            write_trial(trial, worlds[0], folder, draw)
        return trial

    if out is None:
        return found(None)
    # The folder comes first: what cannot be written is known before anything is computed.
    with whole_folder(out) as folder:
        return found(folder)


def check_asked(
    file: StudyFile,
    specs: Sequence[str],
    seeds: int | Sequence[int],
    quantity: str,
    by: Sequence[str] | None,
    out: Path | None,
    **numbers: int | None,
) -> tuple[tuple[Arm, ...], tuple[int, ...]]:
    """The sides and the seeds of a comparison, with all checked that needs no society.

    Parameters
    ----------
    numbers : int, optional
        persons, months, threads; the others as in `compare`.

    Raises
    ------
    ScslabError
        Something that was asked makes no sense, with the option.
    """
    arms = read_arms(specs)
    found = check_seeds(seeds, len(arms))
    for name in dict.fromkeys(name for arm in arms for name in arm.safeguards):
        find_safeguard(name, file.folder, WHERE)
    check_quantity(quantity)
    for name, value in numbers.items():
        if value is not None:
            check_whole(value, name, 1, f"--{name}")
    months = numbers.get("months")
    if months is not None:
        shortened(file, months)
    if by is not None:
        read_splits(by, attributes_of(file))
    if out is not None:
        check_empty(out)
    return arms, found


def warnings_of(file: StudyFile, arms: Sequence[Arm], seeds: int) -> list[str]:
    """What a reader should know first: safeguards that do nothing here, and few seeds."""
    found = [says for arm in arms if arm.safeguards for says in idle(file, arm.safeguards)]
    if seeds < FEW_SEEDS:
        found.append(f"{seeds} seeds are few: intervals are wide and the ranking is rough")
    return list(dict.fromkeys(found))


def check_seeds(seeds: int | Sequence[int], arms: int) -> tuple[int, ...]:
    """The seeds: several, different, and not more than anybody waits for.

    Raises
    ------
    ScslabError
        They are not.
    """
    where = "--seeds"
    count = seeds if isinstance(seeds, int) else len(seeds)
    if not 2 <= count <= MOST_SEEDS:
        raise ScslabError(
            f"a comparison needs 2 to {MOST_SEEDS:,} seeds",
            where=where,
            got=f"{count:,}",
            why="an interval comes from the spread between seeds" if count < 2 else "",
        )
    if isinstance(seeds, int):
        seeds = range(1, seeds + 1)
    for seed in seeds:
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise ScslabError("a seed is a whole number from 0 on", where=where, got=repr(seed))
    if len(set(seeds)) < len(seeds):
        raise ScslabError("a seed is given twice", where=where, got=", ".join(map(str, seeds)))
    if len(seeds) * arms > MOST_RUNS:
        raise ScslabError(
            f"a comparison has at most {MOST_RUNS:,} runs",
            where=where,
            got=f"{len(seeds):,} seeds of {arms} sides",
        )
    return tuple(seeds)


def splits_of(world: World, by: Sequence[str] | None) -> list[Split]:
    """What figures are split by: everybody first, then each attribute or several together.

    Raises
    ------
    ScslabError
        The society's tables cannot be split so.
    """
    known = list(world.society.group_codes)
    if by is None:
        # An attribute of one category splits nothing.
        found = [a for a in USUAL if len(world.society.attributes.get(a, ())) > 1 and a in known]
        return [(), *((name,) for name in found)]
    return read_splits(by, known)


def attributes_of(file: StudyFile) -> list[str]:
    """Attributes that a society of a study may have; it has no others."""
    society = file.study.society
    found = [margins_of(file, society.margins, ("society", "margins"))]
    if society.organisations is not None:
        place = ("society", "organisations", "margins")
        found.append(margins_of(file, society.organisations.margins, place))
    names = [name for margins in found for name in margins.attributes]
    regions = ["region"] if any(margins.regions for margins in found) else []
    firms = [SUBJECT] if len(found) > 1 else []
    return list(dict.fromkeys([*firms, *(n for n in names if n not in NOT_TALLIED), *regions]))


def read_splits(by: Sequence[str], known: Sequence[str]) -> list[Split]:
    """Splits from what a user writes, everybody first.

    Raises
    ------
    ScslabError
        There is no such attribute, or one is named twice.
    """
    if isinstance(by, str):
        raise ScslabError("by takes a list", got=by, expected=f'["{by}"]')
    names = [*known, CAPITAL] if has_capital(list(known)) else list(known)
    splits: list[Split] = [()]
    for text in by:
        split = tuple(part.strip() for part in text.split("+"))
        for name in split:
            if name not in names:
                raise ScslabError(
                    f'results cannot be split by "{name}"', where="--by", hint=near(name, names)
                )
        if split in splits or len(set(split)) < len(split):
            raise ScslabError("an attribute is named twice", where="--by", got=text)
        splits.append(split)
    return splits
