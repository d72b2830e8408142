"""The calibration of a wave: which values may change, which findings they are to meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scslab.core.errors import ScslabError
from scslab.evaluation.findings import Finding, findings
from scslab.evaluation.ledger.agree import base_of
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.plan import Item
from scslab.evaluation.ledger.records import Measured, NotProduced
from scslab.lab.analyse.prepare import prepare
from scslab.lab.calibrate.problem import Kind, Problem
from scslab.lab.waves.errors import framings_of
from scslab.lab.waves.field import field_wave
from scslab.lab.waves.ledger import answered, items_of, ledger_of
from scslab.lab.waves.lives import Moment
from scslab.lab.waves.read import Wave
from scslab.lab.waves.result import WaveResult
from scslab.study.wave import Estimate
from scslab.study.wave_values import estimates, with_values

CLEAR = 3.0  # a printed effect with stars is to be at least so many standard errors from 0
ROUNDED = 1 / 12  # variance of a rounding error, in squares of the last printed digit


def free_values(wave: Wave) -> dict[str, Estimate]:
    """The values that may change: those whose source is a calibration, by path.

    Raises
    ------
    ScslabError
        There is none.
    """
    spec = wave.document.wave
    found = {
        path: estimate
        for path, estimate in estimates(spec).items()
        if spec.sources[estimate.source].kind == "calibration"
    }
    if not found:
        raise ScslabError(
            "there is nothing to fit",
            where=wave.document.document.where(("sources",)),
            expected="values whose source is of kind calibration",
        )
    return found


def check_targets(items: Sequence[Item], ledger: LedgerFile) -> list[Item]:
    """The findings that are to be fitted to.

    Raises
    ------
    ScslabError
        One of them cannot be produced, or there is none.
    """
    found = []
    for item in items:
        if item.finding.id not in ledger.ledger.roles.fitted:
            continue
        if isinstance(item.wanted, NotProduced):
            raise ScslabError(
                f"finding {item.finding.id} cannot be fitted to: {item.wanted.reason}",
                where=ledger.document.where(("roles", "fitted")),
            )
        found.append(item)
    if not found:
        raise ScslabError(
            "no finding is marked for calibration",
            where=ledger.document.where(("roles",)),
            expected="roles: {fitted: [ids]}",
        )
    return found


def field_with(moment: Moment, wave: Wave, values: Mapping[str, float], draw: int) -> WaveResult:
    """The wave with other values, as another draw of respondents from the same society."""
    spec = with_values(wave.document.wave, values)
    # The luck of a wave is addressed by its id, so another id is another draw of it.
    document = replace(wave.document, wave=spec.model_copy(update={"id": f"{spec.id} {draw}"}))
    fielded = field_wave(moment, document, wave.tools)
    ready = prepare(fielded.answers, fielded.plan)
    framings = framings_of(spec, ready.sample)
    return WaveResult(
        replace(wave, document=document), fielded, ready, (), framings, moment.world.seed
    )


def printed_n(finding: Finding, found: Measured) -> float:
    """The printed n, or the simulated one where none is printed."""
    return float(finding.n) if finding.n else float(found.n)


def moment_value(finding: Finding, found: Measured) -> float:
    """What is brought to the target: the figure, or of a sign the z value at the printed n."""
    if finding.kind != "sign" or found.n == 0:  # without a figure the value is NaN
        return found.value
    each = found.parts or (found,)
    z = [one.value / one.se * (printed_n(finding, one) / one.n) ** 0.5 for one in each]
    return min(z) if finding.value == "+" else max(z, key=abs) if finding.value == "0" else max(z)


def target(finding: Finding, found: Measured) -> tuple[float, float, Kind]:
    """Printed value, its standard error, and on which side it must be met."""
    if finding.kind == "sign":
        sides: dict[str, tuple[float, Kind]] = {"+": (CLEAR, "at least"), "-": (-CLEAR, "at most")}
        value, kind = sides.get(finding.value, (0.0, "equal"))
        return value, 1.0, kind
    digits = len(finding.value.partition(".")[2])
    size = int(printed_n(finding, found))
    sampling = found.se**2 * base_of(found, size) / size
    return finding.number, float(np.sqrt(sampling + ROUNDED * 10 ** (-2 * digits))), "equal"


@dataclass(frozen=True)
class Fitting:
    """What is to be fitted, every finding with its role, and what waves answer under any values.

    `answers` gives of each draw of the wave what it answers, by finding.
    """

    problem: Problem
    items: list[Item]
    answers: Callable[[Sequence[float], Sequence[Item]], list[dict[str, Measured]]]


def fitting_of(moment: Moment, wave: Wave, draws: int, about: str) -> Fitting:
    """What is to be fitted, and a function that fields the wave with some values.

    Moments are means over several waves of the size of the study's: one large wave would exhaust
    those who are easy to reach, and estimates from few respondents have a bias that the printed
    ones share.

    Parameters
    ----------
    moment : Moment
        The society at the end of the wave's month.
    draws : int
        Waves fielded for each set of values.
    about : str
        Fingerprint of all else that decides the moments.
    """
    ledger = ledger_of(wave)
    if ledger is None:
        raise ScslabError(
            "a wave without a ledger has no findings to be fitted to",
            where=wave.document.document.where(()),
            expected="findings: in the wave file",
        )
    free = free_values(wave)

    def answers(values: Sequence[float], items: Sequence[Item]) -> list[dict[str, Measured]]:
        named = dict(zip(free, map(float, values), strict=True))
        return [answered(items, field_with(moment, wave, named, k)) for k in range(draws)]

    start = [estimate.value for estimate in free.values()]
    first = field_with(moment, wave, {}, 0)
    items = items_of(list(findings().values()), ledger, first)
    fitted = check_targets(items, ledger)
    now = answered(fitted, first)
    goals = [target(item.finding, now[item.finding.id]) for item in fitted]

    def moments(values: np.ndarray) -> np.ndarray:
        try:
            found = answers(values.tolist(), fitted)
        except ScslabError:  # cuts that cross, a model that cannot be fitted
            return np.full(len(goals), np.nan)
        return np.array([mean_moment(item.finding, found) for item in fitted])

    between = np.array([estimate.between for estimate in free.values()], float)
    problem = Problem(
        names=tuple(free),
        start=np.array(start),
        low=between[:, 0],
        high=between[:, 1],
        targets=tuple(item.finding.id for item in fitted),
        printed=np.array([value for value, _, _ in goals]),
        errors=np.array([error for _, error, _ in goals]),
        moments=moments,
        kinds=tuple(kind for _, _, kind in goals),
        about=about,
    )
    return Fitting(problem, items, answers)


def mean_moment(finding: Finding, found: Sequence[Mapping[str, Measured]]) -> float:
    """The mean over draws of what is brought to a target."""
    return float(np.mean([moment_value(finding, draw[finding.id]) for draw in found]))
