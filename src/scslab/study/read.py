"""Read a study file and check its sense."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scslab.core.calendar import month
from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import check_dated, check_sources, walk_dated
from scslab.core.yamlfile import Document, Place, parse, read, read_text
from scslab.study.checks import (
    check_comparisons,
    check_conduct,
    check_oversight,
    check_period,
    check_safeguards,
    check_surveys,
    check_uses,
    check_variant,
    check_waves,
)
from scslab.study.checks_practice import check_practice
from scslab.study.find import find_study
from scslab.study.model import Practice, Study, Varies
from scslab.study.units import check_study_unit, check_whole_months


@dataclass(frozen=True)
class StudyFile:
    """A study with the document it was read from, so that later mistakes can name a line."""

    study: Study
    document: Document
    text: str
    folder: Path | None

    @property
    def months(self) -> range:
        """The numbers of all months of the study."""
        return range(month(self.study.period.from_), month(self.study.period.to) + 1)


def read_study(path: str | Path) -> StudyFile:
    """Read and check a study.

    Parameters
    ----------
    path : str or Path
        A study file, a folder that holds `study.yaml`, or the name of a shipped study.

    Raises
    ------
    ScslabError
        The first mistake, with file, line, what was got and what was expected.
    """
    path = find_study(str(path))
    if path.is_dir():
        path = path / "study.yaml"
    return check_study(read(path), read_text(path), path.parent)


def parse_study(text: str, name: str = "study.yaml", folder: Path | None = None) -> StudyFile:
    """Check a study given as text."""
    return check_study(parse(text, name), text, folder)


def check_study(document: Document, text: str, folder: Path | None) -> StudyFile:
    """Shape and sense of a study."""
    study = fit(Study, document)
    check_sources(study.sources, document)
    for place, dated in walk_dated(study):
        if place[0] == "regimes" and "changes" in place:
            continue  # rows of a rule take their sources from the regime file too
        check_study_unit(place, dated.unit, document)
        check_dated(dated, place, study.sources, document)
        check_whole_months(place, dated, document)
    if study.society.persons < 1:
        raise ScslabError(
            "a society needs at least 1 person",
            where=document.where(("society", "persons")),
            got=study.society.persons,
        )
    for name in ("conduct", "agencies", "regimes"):
        if not getattr(study, name):
            raise ScslabError(
                f"a study needs at least one of {name}", where=document.where((name,))
            )
    check_period(study, document)
    check_conduct(study, document)
    check_uses(study, document)
    check_safeguards(study, document)
    check_practice(study, document)
    check_oversight(study, document)
    check_surveys(study, document)
    check_waves(study, document)
    check_comparisons(study, document)
    for name, variant in study.variants.items():
        check_variant(variant, ("variants", name), document)
    for place, varies in walk_varies(study):
        if varies.source not in study.sources:
            raise ScslabError(
                f'source "{varies.source}" is not in sources',
                where=document.where((*place, "source")),
                hint=near(varies.source, study.sources),
            )
        for name, times in varies.times.items():
            if not 0 <= times < float("inf"):
                raise ScslabError(
                    "a multiplier cannot be negative",
                    where=document.where((*place, "times", name)),
                    got=times,
                )
    return StudyFile(with_practice(study), document, text, folder)


def with_practice(study: Study) -> Study:
    """The study with its own practice wherever a regime's says nothing."""
    common = {k: v for k in Practice.model_fields if (v := getattr(study.practice, k))}
    if not common:
        return study
    uses = []
    for use in study.regimes:
        said = use.practice.model_fields_set
        # Notice is said in one way of two: a regime's own way stands alone.
        said |= {"notice", "notices"} if said & {"notice", "notices"} else set()
        missing = {k: v for k, v in common.items() if k not in said}
        practice = use.practice.model_copy(update=missing)
        uses.append(use.model_copy(update={"practice": practice}))
    return study.model_copy(update={"regimes": uses})


def walk_varies(model: Any, place: Place = ()) -> list[tuple[Place, Varies]]:
    """Every multiplier below a model, with its place."""
    if isinstance(model, Varies):
        return [(place, model)]
    found: list[tuple[Place, Varies]] = []
    if isinstance(model, dict):
        for key, value in model.items():
            found += walk_varies(value, (*place, key))
    elif isinstance(model, list):
        for i, value in enumerate(model):
            found += walk_varies(value, (*place, i))
    elif hasattr(type(model), "model_fields"):
        for name in type(model).model_fields:
            found += walk_varies(getattr(model, name), (*place, name))
    return found


def study_schema() -> dict[str, Any]:
    """The JSON Schema of a study file."""
    return Study.model_json_schema(by_alias=True)
