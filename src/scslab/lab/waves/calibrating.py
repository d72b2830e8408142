"""`scslab calibrate`: from a study to the file of its fitted values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scslab.core.ledger import version
from scslab.evaluation.findings import Finding
from scslab.evaluation.ledger.plan import Item
from scslab.evaluation.ledger.records import Measured, Wanted
from scslab.lab.calibrate.fit import fit
from scslab.lab.calibrate.identify import Reached
from scslab.lab.calibrate.journal import Journal
from scslab.lab.calibrate.store import CalibratedFile, TargetFit
from scslab.lab.calibrate.write import About, beside, calibrated
from scslab.lab.waves.fitting import fitting_of, mean_moment, target
from scslab.lab.waves.read import Wave
from scslab.lab.waves.seeds import moment_of, seeded, with_waves, world_of
from scslab.study.read import StudyFile

Tell = Callable[[int, float], None]


def fitted_wave(file: StudyFile) -> tuple[StudyFile, Wave]:
    """The study cut to its last wave, and that wave with the values as written.

    Raises
    ------
    ScslabError
        It fields no questionnaire, or one of the files is wrong.
    """
    file, waves = with_waves(file, values=False)
    return file, waves[-1]


def calibrate(
    file: StudyFile,
    *,
    seed: int,
    persons: int | None,
    draws: int,
    seconds: float,
    threads: int,
    journal: Path | None,
    restart: bool = False,
    tell: Tell | None = None,
) -> CalibratedFile:
    """Fit the values of a study's last wave whose source is a calibration.

    Parameters
    ----------
    seed : int
        Luck of the society and of every simulated wave: all have the same.
    draws : int
        Waves fielded for each set of values.
    seconds : float
        Stop after so long, with the best values so far.
    journal : Path or None
        Evaluations are written here; those that stand there are not made again.

    Raises
    ------
    ScslabError
        Nothing to fit, nothing to fit to, or whatever is wrong in the files.
    """
    cut, wave = fitted_wave(file)
    world = seeded(world_of(cut, [wave], persons), seed)
    moment = moment_of(world, wave, threads)
    about = f"{wave.mark} seed {seed} persons {world.society.persons} draws {draws} {version()}"
    fitting = fitting_of(moment, wave, draws, about)
    book = None if journal is None else Journal(journal, restart=restart)
    found = fit(fitting.problem, journal=book, threads=threads, seconds=seconds, tell=tell)
    now = fitting.answers(found.values.tolist(), fitting.items)
    fitted_to = set(fitting.problem.targets)
    says = {i.finding.id: (i.finding.quantity, i.finding.group) for i in fitting.items}
    inputs = [i.finding.id for i in fitting.items if i.role == "input"]
    return calibrated(
        found,
        About(
            study=file.study.id,
            wave=wave.id,
            fingerprint=wave.mark,
            seeds=(seed,),
            persons=world.society.persons,
            respondents=draws * wave.document.wave.sample.wanted,
            input=tuple(inputs),
        ),
        says,
        held_out=[
            held_out(i.finding, now)
            for i in fitting.items
            if i.finding.id not in fitted_to and i.role == "held out" and is_number(i, now[0])
        ],
        simulation_share=1 / draws,  # each draw is of about the size of the printed sample
    )


def is_number(item: Item, now: dict[str, Measured]) -> bool:
    """Whether a finding could be produced, as one number or sign."""
    found = now.get(item.finding.id)
    simple = item.finding.kind in ("share", "mean", "log-odds", "sign")
    return isinstance(item.wanted, Wanted) and found is not None and found.n > 0 and simple


def held_out(finding: Finding, draws: list[dict[str, Measured]]) -> TargetFit:
    """A finding that was not fitted to, beside what the fitted values give."""
    printed, error, kind = target(finding, draws[0][finding.id])
    value = mean_moment(finding, draws)
    score = (value - printed) / error
    side = {"equal": 0, "at least": -1, "at most": 1}[kind]
    missed = score if side == 0 or score * side > 0 else 0.0
    row = Reached(finding.id, printed, value, error, missed, kind)
    return beside(row, finding.quantity, finding.group)
