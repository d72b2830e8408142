"""The waves of a study: their files read, checked and given their fitted values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from scslab.core.calendar import month
from scslab.core.errors import ScslabError, near
from scslab.core.ledger import fingerprint, text_hash
from scslab.evaluation.findings import finding
from scslab.evaluation.ledger.read import read_ledger
from scslab.lab.calibrate.store import Calibrated, read_calibrated, values_of
from scslab.lab.waves.field import Tools, tools_of
from scslab.lab.world_rules import read_regimes
from scslab.study.read import StudyFile
from scslab.study.read_wave import WaveDocument, read_wave
from scslab.study.wave_values import with_values


@dataclass(frozen=True)
class Wave:
    """A wave of a study, ready to be fielded.

    Attributes
    ----------
    id : str
        As the study calls it.
    number : int
        The month at whose end it is fielded.
    mark : str
        Fingerprint of all that fitted values rest on.
    fitted : Calibrated or None
        The file of fitted values that the wave names.
    notes : tuple of str
        What is wrong with the fitted values, if anything.
    """

    id: str
    number: int
    document: WaveDocument
    tools: Tools
    mark: str = ""
    fitted: Calibrated | None = None
    notes: tuple[str, ...] = ()


def read_waves(file: StudyFile, values: bool = True) -> list[Wave]:
    """All waves of a study, by month.

    Parameters
    ----------
    file : StudyFile
    values : bool
        Whether fitted values are put into the waves; a calibration begins without them.

    Raises
    ------
    ScslabError
        The first mistake in one of their files.
    """
    found = [one_wave(file, i, values) for i in range(len(file.study.waves))]
    found.sort(key=lambda wave: wave.number)
    seen: list[str] = []
    for wave in found:
        check_panel(wave, seen)
        seen.append(wave.id)
    return found


def one_wave(file: StudyFile, i: int, values: bool) -> Wave:
    """One wave of a study."""
    use, place = file.study.waves[i], ("waves", i, "file")
    if file.folder is None:
        raise ScslabError(
            "a study given as text has no files beside it", where=file.document.where(place)
        )
    path = file.folder / use.file
    if not path.is_file():
        raise ScslabError("no such file", where=file.document.where(place), got=use.file)
    document = read_wave(path)
    if document.wave.id != use.id:
        raise ScslabError(
            "the wave file has another id", where=file.document.where(("waves", i, "id")),
            got=use.id, expected=document.wave.id,
        )  # fmt: skip
    tools, number = tools_of(document), month(use.month)
    mark = fingerprint_of(file, document, tools)
    fitted = document.wave.calibrated
    if not values or fitted is None:
        return Wave(use.id, number, document, tools, mark)
    path = file.folder / fitted
    if not path.is_file():
        note = f"{path} is not there: the values are the guesses of the wave file"
        return Wave(use.id, number, document, tools, mark, None, (note,))
    found = read_calibrated(path, mark)
    check_owner(found, file, document)
    changed = with_values(document.wave, values_of(found.file), str(path))
    notes = (found.note,) if found.note else ()
    return Wave(use.id, number, replace(document, wave=changed), tools, mark, found, notes)


def check_owner(found: Calibrated, file: StudyFile, document: WaveDocument) -> None:
    """Fitted values are of this study and wave.

    Raises
    ------
    ScslabError
        They are of another.
    """
    for key, got, expected in (
        ("study", found.file.study, file.study.id),
        ("wave", found.file.wave, document.wave.id),
    ):
        if got != expected:
            raise ScslabError(
                f"these values were fitted to another {key}",
                where=found.document.where((key,)),
                got=got,
                expected=expected,
            )


def fingerprint_of(file: StudyFile, document: WaveDocument, tools: Tools) -> str:
    """What fitted values rest on: all files of the study and the wave, without those values.

    Wordings of the ledger and reasons for misses do not count; what it measures does.
    """
    regimes = read_regimes(file)
    parts: dict[str, Any] = {
        "study": text_hash(file.study.model_dump_json(by_alias=True)),
        "regimes": {r.id: text_hash(r.model_dump_json(by_alias=True)) for r in regimes},
        "wave": text_hash(document.wave.model_dump_json()),
        "instrument": text_hash(tools.instrument.model_dump_json()),
        "design": text_hash(tools.plan.design.model_dump_json()),
        "analysis": text_hash(tools.plan.analysis.model_dump_json()),
    }
    if document.wave.findings is not None and document.folder is not None:
        ledger = read_ledger(document.folder / document.wave.findings).ledger
        parts["measures"] = [q.model_dump(mode="json", exclude={"says"}) for q in ledger.quantities]
        parts["roles"] = ledger.roles.model_dump()
        parts["printed"] = {name: finding(name).value for name in ledger.roles.fitted}
    return fingerprint(parts)


def check_panel(wave: Wave, seen: Collection[str]) -> None:
    """A panel goes back to a wave that was fielded before it."""
    sample = wave.document.wave.sample
    if sample.kind == "panel" and sample.of not in seen:
        raise ScslabError(
            f'no earlier wave "{sample.of}" in the study',
            where=wave.document.document.where(("sample", "of")),
            hint=near(str(sample.of), seen),
        )
