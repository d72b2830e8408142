"""Write a calibrated file: whole or not at all, one row a line, for readers as for programs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scslab.core.errors import ScslabError
from scslab.core.ledger import machine, version
from scslab.core.yamlfile import WORDS
from scslab.lab.calibrate.fit import Fit
from scslab.lab.calibrate.identify import APPROXIMATE, Parameter, Reached, identify, reached
from scslab.lab.calibrate.store import CalibratedFile, FittedValue, TargetFit

HEADER = """\
# Written by `scslab calibrate`. Do not edit: change ranges in the wave file and calibrate again.
# values override those of the wave file. se is the standard error from the targets alone, if the
# model is right; not identified: the targets do not tell the value within a quarter of its range.
# targets were fitted to and are no test of the model; held_out were not looked at and are one.
# away is the distance in standard errors of the printed value.
"""
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.=-]*\Z")
WIDTH = 100


@dataclass(frozen=True)
class About:
    """What a calibration was made from."""

    study: str
    wave: str
    fingerprint: str
    seeds: tuple[int, ...]
    persons: int
    respondents: int
    input: tuple[str, ...] = ()


def calibrated(
    fit: Fit,
    about: About,
    says: Mapping[str, tuple[str, str]],
    *,
    held_out: Sequence[TargetFit] = (),
    simulation_share: float = 0.0,
    correlation: np.ndarray | None = None,
) -> CalibratedFile:
    """A fit as the file says it.

    Parameters
    ----------
    says : mapping
        Target -> its quantity and its group.
    held_out : sequence of TargetFit
        Findings not fitted to, with what the fitted values give (see `beside`).
    simulation_share, correlation : float, f8[m, m]
        Printed respondents for each simulated one, and how the targets' errors go together, as
        of `identify`.
    """
    parameters = identify(fit, simulation_share, correlation)
    return CalibratedFile(
        calibrated="calibrated/1",
        study=about.study,
        wave=about.wave,
        version=version(),
        fingerprint=about.fingerprint,
        seeds=list(about.seeds),
        persons=about.persons,
        respondents=about.respondents,
        evaluations=fit.evaluations,
        seconds=round(fit.seconds, 1),
        machine=machine(),
        stopped=fit.stopped,
        notes=notes_of(fit),
        input=list(about.input),
        values={p.name: fitted(p) for p in parameters},
        targets=[beside(row, *says[row.id]) for row in reached(fit.problem, fit.moments)],
        held_out=list(held_out),
    )


def notes_of(fit: Fit) -> list[str]:
    """What else a reader must know of a fit."""
    found = [] if fit.measured or fit.slopes is None else [APPROXIMATE]
    if fit.stopped in ("time", "evaluations"):
        found.append(f"the search was ended by the limit of {fit.stopped}, before it converged")
    return found


def fitted(parameter: Parameter) -> FittedValue:
    """A parameter as the file says it; its value stays to the last digit."""
    p = parameter
    return FittedValue(
        value=p.value,
        se=None if p.se is None else tidy(p.se),
        between=[p.low, p.high],
        start=p.start,
        identified=p.identified,
        note=p.note or None,
        moved_by=list(p.moved_by),
    )


def beside(row: Reached, quantity: str, group: str = "") -> TargetFit:
    """A finding beside what was simulated, rounded."""
    return TargetFit(
        id=row.id,
        quantity=quantity,
        group=group,
        kind=row.kind,
        printed=row.printed,
        simulated=defined(row.simulated),
        error=defined(row.error),
        away=defined(row.off),
    )


def defined(value: float) -> float | None:
    """A rounded number, or None where it is not finite (a model that could not be fitted)."""
    return tidy(value) if abs(value) < float("inf") else None


def tidy(value: float) -> float:
    """Four decimals, or three digits that count where that would leave fewer.

    Examples
    --------
    >>> tidy(1.23456), tidy(0.000123456)
    (1.2346, 0.000123)
    """
    return (round(value, 4) if abs(value) >= 0.01 else float(f"{value:.3g}")) + 0.0


def write_calibrated(file: CalibratedFile, path: Path) -> None:
    """Write a calibrated file; the one that was there stays until the new one is whole.

    Raises
    ------
    ScslabError
        It cannot be written; nothing is left behind.
    """
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        partial.write_text(text_of(file), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise ScslabError(
            "the calibrated values could not be written",
            where=str(path),
            got=error.strerror,
            why="the file that was there is as it was; the journal keeps what was computed",
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def text_of(file: CalibratedFile) -> str:
    """The text of a calibrated file."""
    data = file.model_dump(exclude_none=True)
    lines = [HEADER.rstrip("\n")]
    for key, item in data.items():
        if key == "values":
            lines.append("values:" if item else "values: {}")
            lines += [row(f"  {scalar(path)}: ", fitted) for path, fitted in item.items()]
        elif key in ("targets", "held_out"):
            lines.append(f"{key}:" if item else f"{key}: []")
            lines += [row("  - ", without_plain(target)) for target in item]
        else:
            lines.append(f"{key}: {flow(item)}")
    return "\n".join(lines) + "\n"


def without_plain(target: dict[str, Any]) -> dict[str, Any]:
    """A target without what goes without saying."""
    plain = {"kind": "equal", "group": ""}
    return {key: item for key, item in target.items() if plain.get(key) != item}


def row(head: str, fields: dict[str, Any]) -> str:
    """One row on a line, or on several where it is long."""
    parts = [f"{key}: {flow(item)}" for key, item in fields.items() if item != []]
    one = head + "{" + ", ".join(parts) + "}"
    if len(one) <= WIDTH:
        return one
    indent = " " * (len(head) - len(head.lstrip()) + 4)
    lines, now = [], head + "{"
    for i, part in enumerate(parts):
        part += "}" if i == len(parts) - 1 else ","
        if i and len(now) + len(part) + 1 > WIDTH:
            lines.append(now.rstrip())
            now = indent
        now += part + " "
    return "\n".join([*lines, now.rstrip()])


def flow(item: Any) -> str:
    """A value on one line."""
    if isinstance(item, list):
        return "[" + ", ".join(flow(x) for x in item) + "]"
    return scalar(item)


def scalar(item: Any) -> str:
    """A scalar that is read back as it is."""
    if isinstance(item, str) and PLAIN.match(item) and item not in WORDS:
        return item
    return json.dumps(item, ensure_ascii=False)
