"""R code that reads a written file with labels as factor levels and missing codes as NA."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scslab.survey.answers import Answers, Variable, plain
from scslab.survey.file.limits import spss_names, stata_names


def r_loader(answers: Answers, file: str | Path) -> str:
    """R code for a file of these answers that `write_answers` wrote.

    Variables whose values all have labels become factors, ordered where their level of measurement
    is ordinal; those with some labels (the ends of a scale) stay numbers; missing codes become NA.
    .sav, .zsav and .dta are read with haven, .csv with R alone, .parquet with nanoparquet.

    Parameters
    ----------
    file : path
        The file as the R code shall name it.

    Returns
    -------
    str
        Text of an .R file.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = Answers(pd.DataFrame({"x": [1]}), {"x": Variable("x", labels={1: "yes"})})
    >>> print(r_loader(answers, "x.csv").splitlines()[-1])
    answers[["x"]] <- factor(answers[["x"]], levels = c(1), labels = c("yes"))
    """
    suffix = Path(file).suffix.lower()
    columns = {name: name for name in answers.variables}
    if suffix in (".sav", ".zsav"):
        columns, read = spss_names(answers.variables), f"haven::read_sav({_text(str(file))})"
    elif suffix == ".dta":
        columns, read = stata_names(answers.variables), f"haven::read_dta({_text(str(file))})"
    elif suffix == ".parquet":
        read = f"nanoparquet::read_parquet({_text(str(file))})"
    else:
        read = (
            f"read.csv({_text(str(file))}, check.names = FALSE, "
            'fileEncoding = "UTF-8", na.strings = "")'
        )
    about = answers.label or answers.source
    lines = [
        f"# {' '.join(about.split())}: {answers.n} respondents" if about else f"# {answers.n} rows",
        *(["# The respondents are simulated."] if answers.synthetic else []),
        f"answers <- as.data.frame({read})",
    ]
    for name, variable in answers.variables.items():
        there = answers.frame[name].dropna().unique() if name in answers.frame else ()
        rest = set(there) - set(variable.labels)
        if variable.labels and variable.kind == "text":  # texts without a label are levels too
            more = {code: str(code) for code in sorted(rest)}
            variable, rest = replace(variable, labels={**variable.labels, **more}), set()
        lines += _lines(columns[name], variable, suffix, not rest)
    return "\n".join(lines) + "\n"


def _lines(column: str, variable: Variable, suffix: str, whole: bool) -> list[str]:
    """Code for one variable; `whole` says that every value that occurs has a label."""
    at = f"answers[[{_text(column)}]]"
    lines = []
    if suffix == ".csv" and variable.missing:
        codes = ", ".join(_text(plain(m.code)) for m in variable.missing)
        lines.append(f"{at}[as.character({at}) %in% c({codes})] <- NA")
        if variable.kind == "number":
            lines.append(f"{at} <- as.numeric({at})")
    if suffix == ".csv" and variable.kind == "date":
        lines.append(f"{at} <- as.Date({at})")
    if variable.labels and whole:
        levels = ", ".join(_text(c) if isinstance(c, str) else plain(c) for c in variable.labels)
        labels = ", ".join(_text(label) for label in _different(variable))
        ordered = ", ordered = TRUE" if variable.measure == "ordinal" else ""
        lines.append(f"{at} <- factor({at}, levels = c({levels}), labels = c({labels}){ordered})")
    elif suffix != ".csv" and variable.kind == "number" and (variable.missing or variable.labels):
        lines.append(f"{at} <- as.numeric(haven::zap_labels(haven::zap_missing({at})))")
    return lines


def _different(variable: Variable) -> list[str]:
    """Labels of codes; two codes with one label stay two levels."""
    labels = [text or plain(code) for code, text in variable.labels.items()]
    if len(set(labels)) < len(labels):
        pairs = zip(variable.labels, labels, strict=True)
        return [f"{plain(code)} {label}" for code, label in pairs]
    return labels


def _text(text: str) -> str:
    """A text as R writes it."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{quoted}"'
