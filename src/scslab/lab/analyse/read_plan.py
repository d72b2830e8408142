"""Read `design.yaml` and `analysis.yaml`, and name the line of a later mistake."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from scslab.core.errors import ScslabError, moved_to, near
from scslab.core.shapes import fit
from scslab.core.values import Strict
from scslab.core.yamlfile import Document, Place, parse, read
from scslab.lab.analyse.plan import AnalysisFile, DesignFile

M = TypeVar("M", bound=Strict)


@dataclass(frozen=True)
class Plan:
    """What is to be done with a survey file, and the documents that say so."""

    design: DesignFile
    analysis: AnalysisFile
    design_document: Document
    analysis_document: Document


def read_plan(design: str | Path | None, analysis: str | Path) -> Plan:
    """Read and check both files; without a design every row weighs 1 and is drawn by itself.

    Raises
    ------
    ScslabError
        The first mistake, with file and line.
    """
    design_document = (
        parse("design: design/1\n", "design") if design is None else read(Path(design))
    )
    analysis_document = read(Path(analysis))
    plan = Plan(
        shaped(DesignFile, design_document, "design"),
        shaped(AnalysisFile, analysis_document, "analysis"),
        design_document,
        analysis_document,
    )
    check_names(plan)
    return plan


def shaped(model: type[M], document: Document, key: str) -> M:
    """A document in its shape; a file of another kind is named as such.

    Raises
    ------
    ScslabError
        It is another kind of file, or has a mistake.
    """
    data = document.data
    if isinstance(data, dict) and key not in data:
        found = next((k for k in ("design", "analysis", "study", "regime") if k in data), "")
        if found:
            raise ScslabError(
                f"this is a file of kind {found}, not {key}",
                where=document.name,
                expected=f"a file that begins with {key}: {key}/1",
            )
    return fit(model, document)


def check_names(plan: Plan) -> None:
    """Names of results are used once, and what refers to a model finds it.

    Raises
    ------
    ScslabError
        A name twice, or a model that is not there.
    """
    analysis, where = plan.analysis, plan.analysis_document.where
    seen: dict[str, str] = {}
    for part in (
        "estimates", "crosstabs", "models", "model_tables", "likert", "list_experiments",
        "randomised_responses", "endorsements", "conjoints",
    ):  # fmt: skip
        for i, item in enumerate(getattr(analysis, part)):
            if item.id in seen:
                raise ScslabError(
                    f'the id "{item.id}" is used twice',
                    where=where((part, i, "id")),
                    why=f"{seen[item.id]} has it; files are named after it",
                )
            seen[item.id] = part
    models = {m.id for m in analysis.models}
    for i, table in enumerate(analysis.model_tables):
        for k, name in enumerate(table.models):
            if name not in models:
                raise ScslabError(
                    f'no model "{name}"',
                    where=where(("model_tables", i, "models", k)),
                    hint=near(name, models),
                )
    for i, hypothesis in enumerate(analysis.hypotheses):
        if hypothesis.model not in models:
            raise ScslabError(
                f'no model "{hypothesis.model}"',
                where=where(("hypotheses", i, "model")),
                hint=near(hypothesis.model, models),
            )


def check_ids(parts: Iterable[object]) -> None:
    """No two tables or figures share an id, for files are named after it.

    Some ids are made from those of the plan ("trust-screened"), so a plan whose own ids differ may
    still meet one.

    Raises
    ------
    ScslabError
        Two parts have one id.
    """
    seen: dict[str, str] = {}
    for part in parts:
        id, title = getattr(part, "id", ""), str(getattr(part, "title", ""))
        if id and id in seen:
            raise ScslabError(
                f'two results have the id "{id}"',
                got=f'"{seen[id]}" and "{title}"',
                why="files are named after it; some ids are made, such as weights, screen, "
                "dictionary, or those that end in -screened, -table or -plot",
                hint="give one of them another id in the plan",
            )
        if id:
            seen[id] = title


@contextlib.contextmanager
def at(document: Document, *place: str | int) -> Iterator[None]:
    """Name the line of the plan in a mistake that shows itself only in the answers."""
    try:
        yield
    except ScslabError as error:
        line = document.where(as_place(place))
        raise moved_to(error, f"{line}: {error.where}" if error.where else line) from error


def as_place(place: tuple[str | int, ...]) -> Place:
    """A place as the document knows it."""
    return tuple(place)


def design_schema() -> dict[str, Any]:
    """The JSON Schema of `design.yaml`."""
    return DesignFile.model_json_schema(by_alias=True)


def analysis_schema() -> dict[str, Any]:
    """The JSON Schema of `analysis.yaml`."""
    return AnalysisFile.model_json_schema(by_alias=True)
