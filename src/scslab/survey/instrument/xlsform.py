"""An instrument as an XLSForm, for ODK, Kobo, SurveyCTO: survey, choices and settings.

Written after the XLSForm reference (xlsform.org/en/ref-table). What a form cannot say is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO

from scslab.core.conditions import parse_condition
from scslab.survey.answers import plain
from scslab.survey.instrument.about import about_text
from scslab.survey.instrument.answer import NOTHING
from scslab.survey.instrument.columns import Column, choices_of, columns_of, say
from scslab.survey.instrument.model import Choice, Instrument, Language, Part, Question, Text
from scslab.survey.instrument.spoken import DONT_KNOW, NO_NUMBER, NONE_OF_THESE, REFUSE
from scslab.survey.instrument.xpath import to_xpath

NAMES: dict[Language, str] = {"en": "English (en)", "zh": "Chinese (zh)"}
TRANSLATED = ("label", "hint", "constraint_message")
PLAIN = (
    "type", "name", "required", "relevant", "constraint", "calculation", "appearance", "parameters",
)  # fmt: skip
Row = dict[str, str]


@dataclass
class Form:
    """The rows of a form while it is written."""

    instrument: Instrument
    columns: dict[str, Column]
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def texts(self, key: str, text: Text) -> Row:
        """A text in the columns of its languages."""
        languages = self.instrument.languages
        return {f"{key}::{NAMES[language]}": say(text, language) for language in languages}

    def own(self, name: str) -> str:
        """A name for something that has none in the instrument: one that nothing else has."""
        taken = {row.get("name", "") for row in self.survey} | set(self.columns)
        taken |= {q.name for q in self.instrument.questions}
        while name in taken:
            name += "_"
        return name

    def relevant(self, text: str | None) -> Row:
        """The condition of a question or part."""
        if text is None:
            return {}
        return {"relevant": to_xpath(parse_condition(text).tree, self.columns)}


def xlsform(instrument: Instrument) -> tuple[bytes, tuple[str, ...]]:
    """An instrument as an XLSForm workbook.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    bytes
        The workbook (.xlsx).
    tuple of str
        What the form cannot say.
    """
    from openpyxl import Workbook

    form = filled(instrument)
    languages = instrument.languages
    translated = [f"{key}::{NAMES[language]}" for key in TRANSLATED for language in languages]
    labels = [name for name in translated if name.startswith("label")]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    fill(sheet, [*PLAIN[:2], *translated, *PLAIN[2:]], form.survey)
    fill(book.create_sheet("choices"), ["list_name", "name", *labels], form.choices)
    settings = {
        "form_title": say(instrument.title, languages[0]),
        "form_id": instrument.id.replace("-", "_"),
        "version": "1",
        "default_language": NAMES[languages[0]],
    }
    fill(book.create_sheet("settings"), list(settings), [settings])
    out = BytesIO()
    book.save(out)
    return out.getvalue(), tuple(dict.fromkeys(form.notes))


def fill(sheet: object, header: list[str], rows: Iterable[Row]) -> None:
    """Write rows under a header; every cell is text, also one that begins with =."""
    for line, row in enumerate([dict(zip(header, header, strict=True)), *rows], start=1):
        for place, key in enumerate(header, start=1):
            if row.get(key):
                cell = sheet.cell(line, place)  # type: ignore[attr-defined]
                cell.value = row[key]
                cell.data_type = "s"


def filled(instrument: Instrument) -> Form:
    """All rows of the form."""
    form = Form(instrument, columns_of(instrument))
    says = Text(**{language: about_text(instrument, language) for language in instrument.languages})
    form.survey.append({"type": "note", "name": form.own("about_this_form")})
    form.survey[-1] |= form.texts("label", says)
    for part in instrument.parts:
        add_part(form, part)
    return form


def add_part(form: Form, part: Part) -> None:
    """A part as a group."""
    begin = {"type": "begin_group", "name": part.id, **form.texts("label", part.title)}
    form.survey.append(begin | form.relevant(part.shows_when))
    if part.intro is not None:
        name = form.own(f"{part.id}_intro")
        form.survey.append({"type": "note", "name": name, **form.texts("label", part.intro)})
    if part.order == "random":
        form.notes.append(f'the questions of part "{part.id}" are in a fixed order')
    for question in part.questions:
        add_question(form, question)
    form.survey.append({"type": "end_group", "name": part.id})


def add_question(form: Form, question: Question) -> None:
    """The rows of one question."""
    if question.type == "assigned":
        count = len(question.arms or [])
        once = f"once(int(random() * {count}))"
        form.survey.append({"type": "calculate", "name": question.name, "calculation": once})
        return
    words = form.texts("label", question.ask)
    if question.hint is not None:
        words |= form.texts("hint", question.hint)
    if question.required:
        words["required"] = "yes"
    shown = form.relevant(question.shows_when)
    if question.type == "info":
        form.survey.append({"type": "note", "name": question.name, **words, **shown})
    elif question.type in ("number", "count"):
        add_number(form, question, words, shown)
    elif question.type == "grid":
        add_grid(form, question, words, shown)
    else:
        add_choice(form, question, words, shown)


def add_choice(form: Form, question: Question, words: Row, shown: Row) -> None:
    """A question with choices, one or several."""
    several = question.type == "multiple"
    kind = f"select_{'multiple' if several else 'one'} {list_of(form, question)}"
    row = {"type": kind, "name": question.name, **words, **shown}
    added = [name for name, _ in none_of(question)]
    if question.order == "random":
        if question.last_fixed or added:
            form.notes.append(
                f'the choices of "{question.name}" are in a fixed order, because a form that puts '
                "choices in a random order cannot keep the last ones last"
            )
        else:
            row["parameters"] = "randomize=true"
    if several:
        alone = [*(question.exclusive or []), *added]
        clauses = [f"not(selected(., '{name}') and count-selected(.) > 1)" for name in alone]
        if clauses:
            row["constraint"] = " and ".join(clauses)
            row |= form.texts("constraint_message", ALONE)
    form.survey.append(row)


ALONE = Text(
    en="One of these answers cannot be chosen together with others.",
    zh="其中有选项不能与其他选项同时选择。",
)


def add_grid(form: Form, question: Question, words: Row, shown: Row) -> None:
    """A grid as a table: a group with a question an item, all of one list."""
    required = {"required": words.pop("required")} if "required" in words else {}
    begin = {"type": "begin_group", "name": question.name, "appearance": "table-list"}
    form.survey.append(begin | words | shown)
    if question.items_order == "random":
        form.notes.append(f'the items of "{question.name}" are in a fixed order')
    kind = f"select_one {list_of(form, question)}"
    for item in question.items or []:
        row = {"type": kind, "name": str(item.name), **form.texts("label", item)}
        form.survey.append(row | required)
    form.survey.append({"type": "end_group", "name": question.name})


def add_number(form: Form, question: Question, words: Row, shown: Row) -> None:
    """A number with its limits; "don't know" is a question of its own below an empty number."""
    name = question.name
    row = {"type": "integer", "name": name, **words, **shown}
    if question.type == "count":
        group = form.own(f"{name}_list")
        form.survey.append(
            {"type": "begin_group", "name": group, "appearance": "field-list"}
            | form.texts("label", question.label or question.ask)
            | shown
        )
        row.pop("relevant", None)
        row["constraint"] = add_items(form, question)
    else:
        low, high = (plain(limit) for limit in question.between or (0.0, 0.0))
        row["constraint"] = f". >= {low} and . <= {high}"
    added = [*none_of(question)]
    if added:
        row.pop("required", None)
    form.survey.append(row)
    if added:
        condition = [f"({shown['relevant']})"] if shown and question.type != "count" else []
        form.survey.append(
            {"type": f"select_one {none_list(form, added)}", "name": form.own(f"{name}_why")}
            | form.texts("label", NO_NUMBER)
            | {"relevant": " and ".join([*condition, f"${{{name}}} = ''"])}
        )
    if question.type == "count":
        form.survey.append({"type": "end_group", "name": group})


def add_items(form: Form, question: Question) -> str:
    """The items of a counted list as notes; how many can apply at most, as a constraint."""
    always, at_times = 0, []
    if question.items_order == "random":
        form.notes.append(f'the items of "{question.name}" are in a fixed order')
    for item in question.items or []:
        shown = form.relevant(item.shows_when)
        row = {"type": "note", "name": form.own(f"{question.name}_{item.name}")}
        form.survey.append(row | form.texts("label", item) | shown)
        if shown:
            at_times.append(f"if({shown['relevant']}, 1, 0)")
        else:
            always += 1
    return f". >= 0 and . <= {' + '.join([str(always), *at_times])}"


def none_of(question: Question) -> list[tuple[str, Text]]:
    """The answers that are none: name and words."""
    found = []
    if question.type == "multiple" and not question.exclusive:
        found.append((NOTHING, NONE_OF_THESE))
    if question.dont_know == "offered":
        found.append(("dk", DONT_KNOW))
    if question.refuse == "offered":
        found.append(("refused", REFUSE))
    return found


def list_of(form: Form, question: Question) -> str:
    """The name of the question's list of choices, which is written when first used."""
    choices = [(str(c.name if c.code is None else c.code), c) for c in choices_of(
        form.instrument, question
    )]  # fmt: skip
    added = none_of(question)
    shared = question.scale or ("yes_no" if question.type == "yes_no" else question.name)
    return written(form, "_".join([shared, *(name for name, _ in added)]), [*choices, *added])


def none_list(form: Form, added: list[tuple[str, Text]]) -> str:
    """A list of the answers that are none, for numbers."""
    return written(form, "_".join(["no_number", *(name for name, _ in added)]), added)


def written(
    form: Form, name: str, choices: list[tuple[str, Choice]] | list[tuple[str, Text]]
) -> str:
    """The name of a list, with its rows on the sheet of choices; equal lists are one."""
    rows = [{"name": key, **form.texts("label", text)} for key, text in choices]
    content = repr(rows)
    while form.lists.setdefault(name, content) != content:
        name += "_"
    if not any(row["list_name"] == name for row in form.choices):
        form.choices += [{"list_name": name, **row} for row in rows]
    return name
