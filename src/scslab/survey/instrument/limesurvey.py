"""An instrument as LimeSurvey's tab-separated survey structure.

Written after the manual's page "Tab Separated Value survey structure" (revision of May 2020, with
the column id) and the importer of LimeSurvey 6.13: rows of classes S, SL, G, Q, SQ and A, once for
each language. Attributes of questions stand in columns by their names.
"""

from __future__ import annotations

import csv
import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from scslab.core.conditions import parse_condition
from scslab.survey.answers import plain
from scslab.survey.instrument.about import about_text
from scslab.survey.instrument.columns import Column, choices_of, columns_of, say
from scslab.survey.instrument.expression_script import (
    NOTHING_CODE,
    Codes,
    answer_code,
    codes_for,
    to_script,
)
from scslab.survey.instrument.model import Choice, Instrument, Language, Part, Question, Text
from scslab.survey.instrument.spoken import DONT_KNOW, NO_NUMBER, NONE_OF_THESE, REFUSE

HEADER = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language",
    "validation", "mandatory", "other", "default", "same_default",
)  # fmt: skip
ATTRIBUTES = (
    "hidden", "equation", "random_group", "answer_order", "subquestion_order", "keep_codes_order",
    "exclude_all_others", "min_num_value_n", "max_num_value_n", "num_value_int_only",
    "em_validation_q",
)  # fmt: skip
LANGUAGES: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}
TYPES = {"single": "L", "yes_no": "L", "multiple": "M", "number": "N", "count": "N", "grid": "F"}
SURVEY = {"format": "G", "anonymized": "Y", "savetimings": "Y", "allowprev": "Y"}
Row = dict[str, str]


@dataclass
class Sheet:
    """The rows of one language while they are written; ids are the same in every language."""

    instrument: Instrument
    language: Language
    columns: dict[str, Column]
    codes: Codes
    rows: list[Row] = field(default_factory=list)
    ids: int = 0

    def say(self, text: Text) -> str:
        """A text as HTML; braces, which would be read as an expression, stand free."""
        words = html.escape(say(text, self.language), quote=False)
        return words.replace("{", "{ ").replace("}", " }")

    def script(self, condition: str | None) -> str:
        """A condition, or what always holds."""
        if condition is None:
            return "1"
        return to_script(parse_condition(condition).tree, self.columns, self.codes)

    def add(self, kind: str, name: str, text: str, **cells: str) -> None:
        """A row; a question or subquestion gets the next id."""
        row = {"class": kind, "name": name, "text": text, "language": LANGUAGES[self.language]}
        if kind in ("Q", "SQ"):
            self.ids += 1
            row |= {"id": str(self.ids), "other": "N"}
        self.rows.append(
            row | {key.replace("type_scale", "type/scale"): v for key, v in cells.items()}
        )


def limesurvey(instrument: Instrument) -> tuple[bytes, tuple[str, ...]]:
    """An instrument as a tab-separated file for LimeSurvey's import.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, as LimeSurvey writes it.
    tuple of str
        What a user should know.

    Raises
    ------
    ScslabError
        An answer's code is too long there.
    """
    codes = codes_for(instrument)
    first, *others = instrument.languages
    rows = [{"class": "S", "name": "language", "text": LANGUAGES[first]}]
    more = " ".join(LANGUAGES[language] for language in others)
    rows += [{"class": "S", "name": "additional_languages", "text": more}] if more else []
    rows += [{"class": "S", "name": name, "text": text} for name, text in SURVEY.items()]
    for language in instrument.languages:
        sheet = Sheet(instrument, language, columns_of(instrument), codes)
        title = sheet.say(instrument.title)
        welcome = html.escape(about_text(instrument, language), quote=False)
        for name, text in (("surveyls_title", title), ("surveyls_welcometext", welcome)):
            sheet.add("SL", name, text)
        for number, part in enumerate(instrument.parts, start=1):
            add_part(sheet, number, part)
        rows += sheet.rows
    out = StringIO()
    writer = csv.DictWriter(
        out, [*HEADER, *ATTRIBUTES], restval="", delimiter="\t", lineterminator="\r\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode(), notes_on(instrument, codes)


def notes_on(instrument: Instrument, codes: Codes) -> tuple[str, ...]:
    """What a user should know of the file."""
    notes = []
    names = [question.name for question in instrument.questions]
    pairs = [(name, codes.questions[name]) for name in names]
    renamed = [f"{code} for {name}" for name, code in pairs if code != name]
    if renamed:
        shown = ", ".join(renamed[:3]) + (", ..." if len(renamed) > 3 else "")
        notes.append(f"LimeSurvey's codes have letters and digits only: {shown}")
    if any(kept(instrument, question) for question in instrument.questions):
        notes.append(
            "choices that stay last in a random order do so where LimeSurvey knows keep_codes_order"
        )
    return tuple(notes)


def add_part(sheet: Sheet, number: int, part: Part) -> None:
    """A part as a group of questions."""
    intro = sheet.say(part.intro) if part.intro is not None else ""
    cells = {
        "id": str(number),
        "type_scale": str(number),
        "relevance": sheet.script(part.shows_when),
    }
    sheet.add("G", sheet.say(part.title), intro, **cells)
    for question in part.questions:
        add_question(sheet, part, question)


def add_question(sheet: Sheet, part: Part, question: Question) -> None:
    """The rows of one question."""
    code = sheet.codes.questions[question.name]
    text = sheet.say(question.ask)
    cells = {"relevance": sheet.script(question.shows_when), "mandatory": "N"}
    if question.hint is not None:
        cells["help"] = sheet.say(question.hint)
    if part.order == "random":
        cells["random_group"] = part.id.replace("_", "")
    if question.type == "assigned":
        highest = len(question.arms or []) - 1
        drawn = f"{{if(is_empty({code}.NAOK), rand(0, {highest}), {code}.NAOK)}}"
        cells.pop("random_group", None)
        sheet.add("Q", code, text, type_scale="*", hidden="1", equation=drawn, **cells)
        return
    if question.type == "info":
        sheet.add("Q", code, text, type_scale="X", **cells)
        return
    added = none_of(question)
    if question.required and not (added and question.type == "number"):
        cells["mandatory"] = "Y"
    if question.type in ("number", "count"):
        add_number(sheet, question, text, cells)
        return
    sheet.add("Q", code, text, type_scale=TYPES[question.type], **cells, **orders(sheet, question))
    for name, words in subquestions(sheet, question):
        sheet.add("SQ", name, words, type_scale="0", relevance="1")
    if question.type != "multiple":
        choices = choices_of(sheet.instrument, question)
        add_answers(sheet, [(answer_code(c.code or 0, question), c) for c in choices] + added)


def subquestions(sheet: Sheet, question: Question) -> Iterator[tuple[str, str]]:
    """The code and words of what is ticked or rated."""
    codes = sheet.codes.parts.get(question.name, {})
    listed = question.choices if question.type == "multiple" else question.items
    for about in listed or [] if codes else []:
        yield codes[str(about.name)], sheet.say(about)
    if question.type == "multiple":
        for name, words in none_of(question):
            yield name, sheet.say(words)


def add_answers(sheet: Sheet, answers: list[tuple[str, Choice]] | list[tuple[str, Text]]) -> None:
    """The answers that can be chosen; their ids are the question's."""
    for code, text in answers:
        sheet.add("A", code, sheet.say(text), type_scale="0", id=question_id(sheet))


def question_id(sheet: Sheet) -> str:
    """The id of the last question."""
    return next(row["id"] for row in reversed(sheet.rows) if row["class"] == "Q")


def orders(sheet: Sheet, question: Question) -> Row:
    """Attributes of random orders and of choices that exclude others."""
    found: Row = {}
    several = question.type == "multiple"
    if question.order == "random":
        found["subquestion_order" if several else "answer_order"] = "random"
        stay = kept(sheet.instrument, question)
        if stay:
            found["keep_codes_order"] = ";".join(stay)
    if question.items_order == "random":
        found["subquestion_order"] = "random"
    if several:
        codes = sheet.codes.parts[question.name]
        alone = [codes[name] for name in question.exclusive or []]
        alone += [name for name, _ in none_of(question)]
        if alone:
            found["exclude_all_others"] = ";".join(alone)
    return found


def kept(instrument: Instrument, question: Question) -> list[str]:
    """The codes that stay last in a random order."""
    if question.order != "random":
        return []
    last = choices_of(instrument, question)[-question.last_fixed :] if question.last_fixed else []
    codes = codes_for(instrument).parts.get(question.name, {})
    names = [str(c.code) if c.name is None else codes[str(c.name)] for c in last]
    return [*names, *(name for name, _ in none_of(question))]


def add_number(sheet: Sheet, question: Question, text: str, cells: Row) -> None:
    """A number with its limits; "don't know" is a question of its own below an empty number."""
    code = sheet.codes.questions[question.name]
    limits = {"num_value_int_only": "1", "min_num_value_n": "0"}
    if question.type == "count":
        words, most = counted(sheet, question)
        text += words
        limits["max_num_value_n"] = str(len(question.items or []))
        limits["em_validation_q"] = f"is_empty({code}.NAOK) or {code}.NAOK <= {most}"
    else:
        low, high = question.between or (0.0, 0.0)
        limits |= {"min_num_value_n": plain(low), "max_num_value_n": plain(high)}
    sheet.add("Q", code, text, type_scale="N", **cells, **limits)
    added = none_of(question)
    if added:
        condition = f"is_empty({code}.NAOK)"
        if cells["relevance"] != "1":
            condition = f"({cells['relevance']}) and {condition}"
        why = sheet.codes.questions[f"{question.name}_why"]
        sheet.add(
            "Q", why, sheet.say(NO_NUMBER), type_scale="L", relevance=condition, mandatory="N"
        )
        add_answers(sheet, added)


def counted(sheet: Sheet, question: Question) -> tuple[str, str]:
    """The items of a counted list as HTML, and how many can apply at most, as an expression."""
    lines, most = [], []
    for item in question.items or []:
        # A straight quotation mark would end the text within the expression.
        line = f"<li>{sheet.say(item)}</li>".replace('"', "”").replace("'", "’")
        if item.shows_when is None:
            lines.append(line)
            most.append("1")
            continue
        condition = sheet.script(item.shows_when)
        lines.append(f"{{if({condition}, '{line}', '')}}")
        most.append(f"if({condition}, 1, 0)")
    return f"<ul>{''.join(lines)}</ul>", " + ".join(most)


def none_of(question: Question) -> list[tuple[str, Text]]:
    """The answers that are none: code and words."""
    found = []
    if question.type == "multiple" and not question.exclusive:
        found.append((NOTHING_CODE, NONE_OF_THESE))
    if question.dont_know == "offered":
        found.append(("dk", DONT_KNOW))
    if question.refuse == "offered":
        found.append(("ref", REFUSE))
    return found
