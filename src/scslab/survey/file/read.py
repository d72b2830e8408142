"""Read a survey file of any known format into answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import Answers, Code
from scslab.survey.file.codebook import Codebook, apply_codebook
from scslab.survey.file.codebook_files import beside, read_codebook
from scslab.survey.file.delimited import answers_of, open_sheet
from scslab.survey.file.encodings import decoded
from scslab.survey.file.formats import SUFFIXES, check_format
from scslab.survey.file.identifiers import refuse_identifiers
from scslab.survey.file.parquet import read_parquet
from scslab.survey.file.qualtrics import header_rows, read_qualtrics
from scslab.survey.file.settle import declare_missing, settle
from scslab.survey.file.spss_stata import read_spss, read_stata
from scslab.survey.file.undeclared import undeclared_notes


def read_answers(
    path: str | Path,
    *,
    missing: Mapping[str, Mapping[Code, str]] | None = None,
    drop: Sequence[str] = (),
    codebook: str | Path | None = None,
    encoding: str | None = None,
    synthetic: bool = False,
) -> Answers:
    """Read a survey file: SPSS, Stata, CSV, TSV, Qualtrics CSV or Parquet, by its suffix.

    Parameters
    ----------
    path : path
        .sav, .zsav, .por, .dta, .csv, .tsv, .parquet. A codebook beside it (NAME.codebook.csv or
        .json, NAME-codebook.csv, codebook.csv) is read as well.
    missing : mapping of variable to mapping of code to reason, optional
        Codes that the file does not declare missing, such as {"trust": {9: "dk"}}; "*" stands for
        every variable that has the code.
    drop : names
        Variables that are never read in: of identifiers nothing else is accepted.
    codebook : path, optional
        The codebook, where it does not stand beside the file.
    encoding : str, optional
        Encoding of a file that is not UTF-8, such as "gb18030"; never guessed.
    synthetic : bool
        Whether the respondents are simulated. A file written here says so itself.

    Returns
    -------
    Answers
        Notes say what was left out and which codes look missing though nothing says so.

    Raises
    ------
    ScslabError
        The file cannot be read, or columns look like direct identifiers of persons.
    """
    path = Path(path)
    form = check_format(path)
    book, generic = _book(path, codebook, encoding)
    answers, names, told = _FORMS[form](path, drop, book, encoding)
    _check_drop(drop, names, str(path))
    if book is not None and (told is None or codebook is not None):
        answers = _with_book(answers, book, names, drop, generic, str(path))
    else:
        answers = settle(answers)
    if not len(answers.frame.columns):
        raise ScslabError("the file has no variables", where=str(path))
    if not answers.n and form in ("csv", "tsv") and book is None:
        raise ScslabError("the file has column names and no answers", where=str(path))
    if missing:
        answers = declare_missing(answers, missing, str(path))
    answers = replace(
        answers, source=answers.source or path.name, synthetic=answers.synthetic or synthetic
    )
    answers = refuse_identifiers(answers, str(path))
    return replace(answers, notes=answers.notes + _empty(answers) + undeclared_notes(answers))


# What a reader of one format gives: answers, the names of all columns in the file (dropped ones
# too), and the dictionary that the file itself carries.
_Read = tuple[Answers, tuple[str, ...], Codebook | None]


def _read_text(
    path: Path, drop: Sequence[str], book: Codebook | None, encoding: str | None
) -> _Read:
    text = decoded(path.read_bytes(), str(path), encoding)
    sheet = open_sheet(text, str(path), tabs=SUFFIXES[path.suffix.lower()] == "tsv")
    reader = read_qualtrics if header_rows(sheet) > 1 else answers_of
    answers = reader(sheet, book, drop)
    return answers, (*sheet.names, *answers.variables), None


def _read_spss(
    path: Path, drop: Sequence[str], book: Codebook | None, encoding: str | None
) -> _Read:
    answers, names = read_spss(path, _columns(drop, book), encoding)
    return answers, names, None


def _read_stata(
    path: Path, drop: Sequence[str], book: Codebook | None, encoding: str | None
) -> _Read:
    answers, names = read_stata(path, _columns(drop, book), encoding)
    return answers, names, None


def _read_parquet(
    path: Path, drop: Sequence[str], book: Codebook | None, encoding: str | None
) -> _Read:
    answers, names, own = read_parquet(path, drop)
    return answers, names, own


_FORMS: dict[str, Callable[[Path, Sequence[str], Codebook | None, str | None], _Read]] = {
    "csv": _read_text,
    "tsv": _read_text,
    "sav": _read_spss,
    "por": _read_spss,
    "dta": _read_stata,
    "parquet": _read_parquet,
}


def _book(
    path: Path, told: str | Path | None, encoding: str | None
) -> tuple[Codebook | None, bool]:
    """The codebook of a file, and whether only its folder speaks for it."""
    if told is not None:
        return read_codebook(Path(told), encoding), False
    found = beside(path)
    if found is None:
        return None, False
    return read_codebook(found, encoding), found.name.startswith("codebook.")


def _columns(drop: Sequence[str], book: Codebook | None) -> tuple[str, ...]:
    """Names to drop, and the columns of a file in which they have other names."""
    columns = book.columns if book is not None else {}
    return (*drop, *(column for column, name in columns.items() if name in set(drop)))


def _check_drop(drop: Sequence[str], names: Sequence[str], where: str) -> None:
    for name in drop:
        if name not in names:
            raise ScslabError(f'drop: no variable "{name}"', where=where, hint=near(name, names))


def _with_book(
    answers: Answers, book: Codebook, names: Sequence[str], drop: Sequence[str],
    generic: bool, where: str,
) -> Answers:  # fmt: skip
    """Answers with a codebook; what it says of dropped variables is left out."""
    known = {book.columns.get(name, name) for name in names}
    if generic and not known & set(book.variables):
        return settle(answers)  # the codebook of another file in the folder
    kept = {n: v for n, v in book.variables.items() if n not in known or n not in set(drop)}
    return settle(apply_codebook(answers, replace(book, variables=kept), where))


def _empty(answers: Answers) -> tuple[str, ...]:
    """A note of variables without any answer."""
    if not answers.n:
        return ("the file has no respondents",)
    empty = [n for n in answers.variables if not answers.frame[n].notna().any()]
    return (f"nobody has an answer to: {', '.join(empty)}",) if empty else ()
