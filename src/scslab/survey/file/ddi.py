"""DDI-Codebook 2.5: the dictionary as archives (ICPSR, GESIS, UKDA, CNSDA) take it.

Elements and their order: https://ddialliance.org/Specification/DDI-Codebook/2.5/, codebook.xsd.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from scslab.core.printed import Suppressed
from scslab.survey.answers import Answers, Variable, plain
from scslab.survey.file.counts import FEWEST, Count, counts

_SPACE = "ddi:codebook:2_5"
_SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ddi_xml(answers: Answers, file_name: str = "") -> str:
    """A DDI-Codebook 2.5 document of the answers.

    It has the study (stdyDscr), the file (fileDscr) and every variable (dataDscr/var) with label,
    question, universe, valid and invalid n, mean and standard deviation of measurements, and
    categories with their frequencies. Counts of 1 to 4 are left out, and so are smallest and
    largest values, which are single persons' answers.

    Parameters
    ----------
    file_name : str
        The data file's name, where there is one.

    Returns
    -------
    str
        XML with its declaration.
    """
    root = Element(
        "codeBook",
        {
            "xmlns": _SPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_SPACE} {_SCHEMA}",
            "version": "2.5",
        },
    )
    _study(SubElement(root, "stdyDscr"), answers)
    _file(SubElement(root, "fileDscr", {"ID": "F1"}), answers, file_name)
    data = SubElement(root, "dataDscr")
    for number, variable in enumerate(answers.variables.values(), start=1):
        _variable(data, answers, variable, number)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A child with its text, without characters that XML cannot have."""
    child = SubElement(parent, tag, {k: _ILLEGAL.sub("", v) for k, v in attributes.items()})
    child.text = _ILLEGAL.sub("", text) or None
    return child


def _study(study: Element, answers: Answers) -> None:
    """The study's title, and what kind of data it has."""
    title = answers.label or answers.source or "Survey"
    _add(_add(_add(study, "citation"), "titlStmt"), "titl", title)
    info = _add(_add(study, "stdyInfo"), "sumDscr")
    _add(info, "anlyUnit", "Individual")
    kind = "Simulated survey data: no respondent is a real person"
    _add(info, "dataKind", kind if answers.synthetic else "Survey data")


def _file(part: Element, answers: Answers, name: str) -> None:
    """The file's name and size."""
    text = _add(part, "fileTxt")
    if name:
        _add(text, "fileName", name)
    size = _add(text, "dimensns")
    _add(size, "caseQnty", str(answers.n))
    _add(size, "varQnty", str(len(answers.variables)))


def _variable(data: Element, answers: Answers, variable: Variable, number: int) -> None:
    """One variable; the order of the elements is the schema's."""
    name, found = variable.name, counts(answers, variable.name)
    scale = variable.kind == "number" and not variable.labels
    attributes = {"ID": f"V{number}", "name": name, "files": "F1"}
    attributes["intrvl"] = "contin" if scale else "discrete"
    if name == answers.weight:
        attributes["wgt"] = "wgt"
    if variable.measure != "unknown":
        attributes["nature"] = "ratio" if variable.measure == "scale" else variable.measure
    var = _add(data, "var", **attributes)
    _add(var, "labl", variable.says)
    if variable.question:
        _add(_add(var, "qstn"), "qstnLit", variable.question)
    if variable.missing or variable.missing_range is not None:
        _invalid(_add(var, "invalrng"), variable)
    if variable.universe:
        _add(var, "universe", variable.universe)
    _count(var, "sumStat", found.valid, "vald")
    if not isinstance(found.valid, Suppressed):
        _add(var, "sumStat", str(answers.n - found.valid), type="invd")
        if scale and found.valid >= FEWEST:
            values = answers.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
            _add(var, "sumStat", f"{np.nanmean(values):.10g}", type="mean")
            _add(var, "sumStat", f"{np.nanstd(values, ddof=1):.10g}", type="stdev")
    for value in found.values:
        category = _add(var, "catgry", **({"missing": "Y"} if value.reason else {}))
        _add(category, "catValu", plain(value.code))
        if value.label:
            _add(category, "labl", value.label)
        if value.reason:
            _add(category, "txt", value.reason.replace("_", " "))
        _count(category, "catStat", value.n, "freq")
    form = "numeric" if variable.kind == "number" else "character"
    schema = {"schema": "other", "formatname": variable.format} if variable.format else {}
    _add(var, "varFormat", type=form, **schema)


def _count(parent: Element, tag: str, count: Count, kind: str) -> None:
    if not isinstance(count, Suppressed):
        _add(parent, tag, str(count), type=kind)


def _invalid(part: Element, variable: Variable) -> None:
    """Missing codes, and their range."""
    if variable.missing_range is not None:
        low, high = variable.missing_range
        ends = {"min": plain(low)} if np.isfinite(low) else {}
        ends |= {"max": plain(high)} if np.isfinite(high) else {}
        _add(part, "range", **ends)
    for missing in variable.missing:
        _add(part, "item", VALUE=plain(missing.code))
