"""Public verbs for survey files: `analyse` does a whole study and writes a folder."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from scslab.core.files import check_empty, sha256, whole_folder
from scslab.core.ledger import machine, versions
from scslab.core.printed import AnalysisReport, Figure, ResultTable
from scslab.lab.analyse.plan import AnalysisFile
from scslab.lab.analyse.read_plan import read_plan
from scslab.lab.analyse.run import Analysed
from scslab.lab.analyse.run import analyse as run_analysis
from scslab.lab.analyse.shown import ANSWERS
from scslab.report.analysis_page import write_analysis
from scslab.report.writers import write_figure, write_table
from scslab.survey.file.ddi import ddi_xml
from scslab.survey.file.write import write_answers


def analyse(
    file: str | Path,
    *,
    analysis: str | Path,
    design: str | Path | None = None,
    out: str | Path | None = None,
    drop: Sequence[str] = (),
    encoding: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> AnalysisReport:
    """Screen, weight and analyse a survey file; with `out`, write a folder with everything.

    Parameters
    ----------
    file : path
        SPSS, Stata, CSV with or without a codebook, Qualtrics CSV, Parquet.
    analysis, design : paths
        What to compute (`analysis/1`) and how the respondents were sampled (`design/1`).
    out : path, optional
        A folder, new or empty: `report.html`, `tables/`, `figures/`, the answers as analysed, a
        codebook (DDI), `manifest.json`.
    drop : names
        Columns not to be read at all; direct identifiers are refused unless they are here.
    encoding : str, optional
        Of a text file that is not UTF-8.

    Returns
    -------
    AnalysisReport
        All tables and figures as frozen records.

    Raises
    ------
    ScslabError
        Whatever is wrong in the files, before anything is written.
    """
    folder = None if out is None else Path(out)
    if folder is not None:
        check_empty(folder)
    plan = read_plan(design, analysis)
    found = run_analysis(Path(file), plan, drop=drop, encoding=encoding, progress=progress)
    if folder is not None:
        if progress is not None:
            progress("writing")
        with whole_folder(folder) as partial:
            write_all(found, plan.analysis, partial)
            write_manifest(found, [Path(file), design, analysis], partial)
    return found.report


def write_all(found: Analysed, spec: AnalysisFile, folder: Path) -> None:
    """The report, its tables and figures in the formats asked for, and the answers."""
    write_analysis(found.report, folder / "report.html", spec.stars)
    parts = [part for section in found.report.sections for part in section.parts]
    for name in ("tables", "figures"):
        (folder / name).mkdir()
    for part in parts:
        if isinstance(part, ResultTable):
            for suffix in spec.files:
                write_table(part, folder / "tables" / f"{part.id}.{suffix}", spec.stars)
        elif isinstance(part, Figure):
            for kind in spec.figures:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # the page says it: fonts are the reader's
                    write_figure(part, folder / "figures" / f"{part.id}.{kind}")
    write_answers(found.answers, folder / ANSWERS)
    xml = ddi_xml(found.answers, ANSWERS)
    (folder / "codebook.xml").write_text(xml, encoding="utf-8")


def write_manifest(found: Analysed, inputs: Sequence[str | Path | None], folder: Path) -> None:
    """What went in and came out, with hashes."""
    named = [Path(one) for one in inputs if one is not None]
    manifest = {
        "kind": "analysis/1",
        "synthetic": found.report.synthetic,
        "versions": versions(),
        "machine": machine(),
        "inputs": {path.name: sha256(path) for path in named},
        "outputs": {
            str(path.relative_to(folder)): sha256(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
