"""Read worked cases from any file: a list of cases, or one case alone."""

from __future__ import annotations

from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.yamlfile import Document, read
from scslab.regimes.cases import Case
from scslab.regimes.load import Cases, check_case_shape


def read_case_file(path: Path) -> list[Case]:
    """The cases of a file: a list as in `cases.yaml`, or a single case, which may expect nothing.

    Raises
    ------
    ScslabError
        The first mistake of the file, with its line.
    """
    document = read(path)
    if isinstance(document.data, dict):
        data = {"expect": {}, **document.data}
        case = fit(Case, document, data)
        check_case_shape(case, (), document)
        return [case]
    lines = {("cases", *place): line for place, line in document.lines.items()}
    wrapped = Document(document.name, {"cases": document.data}, lines)
    cases = fit(Cases, wrapped).cases
    for i, case in enumerate(cases):
        check_case_shape(case, ("cases", i), wrapped)
    return cases


def named(cases: list[Case], name: str, where: str) -> list[Case]:
    """The cases with a name, or whose name has these words in it.

    Raises
    ------
    ScslabError
        No such case, with the nearest name.
    """
    same = [case for case in cases if case.name == name]
    found = same or [case for case in cases if name.lower() in case.name.lower()]
    if not found:
        names = [case.name for case in cases]
        raise ScslabError(f'no case "{name}"', where=where, hint=near(name, names))
    return found
