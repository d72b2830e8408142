"""Qualtrics exports: three header rows (two in legacy exports), previews, several answers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from scslab.survey.answers import Answers, Code, Variable
from scslab.survey.file.codebook import Codebook
from scslab.survey.file.delimited import Sheet, answers_of

_PREVIEW = {"survey preview", "preview", "survey test", "test", "1", "2"}
_SEVERAL = re.compile(r"\d+(,\d+)*")
_OPTION = re.compile(r"(.+)_(\d+)")
_NOT, _CHOSEN = "not chosen", "chosen"


def header_rows(sheet: Sheet) -> int:
    """Header rows of a Qualtrics export: 3, 2 for a legacy one, or 1 for any other CSV."""
    rows = _first(sheet, 3)
    if len(rows) > 2 and rows[2] and rows[2][0].replace(" ", "").startswith('{"ImportId"'):
        return 3
    legacy = len(rows) > 1 and rows[0][:1] == ["V1"] and rows[1][:1] == ["ResponseID"]
    return 2 if legacy else 1


def _first(sheet: Sheet, count: int) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sheet.data.decode("utf-8")), delimiter=sheet.delimiter)
    return [row for row, _ in zip(reader, range(count), strict=False)]


def read_qualtrics(sheet: Sheet, book: Codebook | None = None, drop: Sequence[str] = ()) -> Answers:
    """A Qualtrics export, not settled yet: questions as labels, previews left out with a note.

    A question with several answers, exported as "1,3" or as one column an option, becomes 0/1
    variables (1 chosen, 0 not chosen, blank where nobody of the question's options is).
    """
    count = header_rows(sheet)
    rows = _first(sheet, count)
    texts = dict(zip(sheet.names, (" ".join(t.split()) for t in rows[1]), strict=False))
    body = replace(sheet, data=_after(sheet, count), skip=0)
    answers = answers_of(body, book, drop)
    variables = {}
    for name, variable in answers.variables.items():
        text = texts.get(name, "")
        variables[name] = replace(variable, label=text, question="" if text == name else text)
    answers = replace(answers, variables=variables)
    kind = "three header rows" if count == 3 else "two header rows (a legacy export)"
    notes = (f"read as a Qualtrics export with {kind}",)
    answers = replace(answers, notes=answers.notes + notes)
    return split_answers(one_column_an_option(without_previews(answers)))


def _after(sheet: Sheet, count: int) -> bytes:
    """The bytes below the header rows, whose cells may hold line breaks."""
    text = sheet.data.decode("utf-8")
    reader = csv.reader(io.StringIO(text), delimiter=sheet.delimiter)
    for _ in range(count):
        next(reader)
    return "\n".join(text.split("\n")[reader.line_num :]).encode("utf-8")


def without_previews(answers: Answers) -> Answers:
    """Answers without previews and tests, which a researcher made; how many is noted."""
    name = next((n for n, v in answers.variables.items() if "Status" in (n, v.label)), None)
    names = {v.label for v in answers.variables.values()} | set(answers.variables)
    if name is None or not names & {"Response Type", "ResponseId", "ResponseID"}:
        return answers
    status = answers.frame[name].map(lambda v: f"{v:g}" if isinstance(v, int | float) else str(v))
    preview = status.str.casefold().isin(_PREVIEW).to_numpy()
    if not preview.any():
        return answers
    note = f"{int(preview.sum())} previews or tests of the questionnaire are left out ({name})"
    frame = answers.frame.loc[~preview].reset_index(drop=True)
    marks = {n: mark[~preview] for n, mark in answers.marks.items()}
    return replace(answers, frame=frame, marks=marks, notes=(*answers.notes, note))


def split_answers(answers: Answers) -> Answers:
    """Columns such as "1,3" as one 0/1 variable an option."""
    columns: dict[str, pd.Series] = {}
    variables: dict[str, Variable] = {}
    split = []
    for name, variable in answers.variables.items():
        column = answers.frame[name]
        words = column.dropna().unique() if variable.kind == "text" else []
        several = len(words) > 0 and all(_SEVERAL.fullmatch(str(w)) for w in words)
        if not several or not any("," in str(w) for w in words):
            columns[name], variables[name] = column, variable
            continue
        options = sorted({int(o) for w in words for o in str(w).split(",")})
        split.append(name)
        for option in options:
            one = {w: float(str(option) in str(w).split(",")) for w in words}
            columns[f"{name}_{option}"] = column.map(one).astype(float)
            variables[f"{name}_{option}"] = _option(
                f"{name}_{option}", f"{variable.says}: {option}", variable.question
            )
    if not split:
        return answers
    what = "several answers in one column are split into one 0/1 variable an option"
    note = f"{what}: {', '.join(split)}"
    frame = pd.DataFrame(columns, index=answers.frame.index)
    return replace(answers, frame=frame, variables=variables, notes=(*answers.notes, note))


def _option(name: str, label: str, question: str) -> Variable:
    labels: Mapping[Code, str] = MappingProxyType({0: _NOT, 1: _CHOSEN})
    return Variable(name=name, label=label, measure="nominal", labels=labels, question=question)


def one_column_an_option(answers: Answers) -> Answers:
    """Columns Q5_1, Q5_2, ... that are empty or hold one word each, as 0/1 variables.

    They are one question where their texts have the same beginning before " - " and each
    column's only word is its option's text, its number, or 1.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name, variable in answers.variables.items():
        stem, _, option = variable.question.rpartition(" - ")
        parts = _OPTION.fullmatch(name)
        if parts and stem:
            words = answers.frame[name].dropna().unique()
            usual = {option, parts[2], "1"}
            if len(words) < 2 and all(_word(w) in usual for w in words):
                groups.setdefault((parts[1], stem), []).append(name)
    frame, variables = answers.frame.copy(deep=False), dict(answers.variables)
    done = []
    for (stem_name, _), names in groups.items():
        if len(names) < 2 or not answers.frame[names].notna().to_numpy().any():
            continue
        chosen = answers.frame[names].notna().to_numpy()
        asked = chosen.any(axis=1)
        for i, name in enumerate(names):
            stem, _, option = variables[name].question.rpartition(" - ")
            frame[name] = np.where(asked, chosen[:, i].astype(float), np.nan)
            variables[name] = _option(name, option, stem)
        done.append(stem_name)
    if not done:
        return answers
    note = f"options of questions with several answers are 0/1 variables: {', '.join(done)}"
    return replace(answers, frame=frame, variables=variables, notes=(*answers.notes, note))


def _word(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value).strip()
