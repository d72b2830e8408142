"""What the command line says about questionnaires: a walk through one, and exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typer

from scslab.core.conditions import parse_condition
from scslab.core.errors import ScslabError
from scslab.core.yamlfile import Document
from scslab.survey.answers import plain
from scslab.survey.instrument.answer import Told, nothing_offered, read_answer, shown_items
from scslab.survey.instrument.columns import columns_of, say
from scslab.survey.instrument.draw import Step, draw_arms, draw_steps
from scslab.survey.instrument.model import Choice, Instrument, Language
from scslab.survey.instrument.path import Path as Walk
from scslab.survey.instrument.path import Visit, columns_told, next_step, walk
from scslab.survey.instrument.words import in_words

STORES_NOTHING = {
    "en": "This is for looking at a questionnaire, not for asking real persons: nothing is stored.",
    "zh": "此命令仅用于查看问卷，不用于询问真实的人；不会保存任何回答。",
}
HOW: dict[Language, str] = {
    "en": "Answer by code or number; several with commas between. Enter leaves a question out, "
    "back goes back, Ctrl-C ends.",
    "zh": "请输入代码或数字，多选用逗号隔开。直接回车表示不作答，"
    "输入 back 返回上一题，按 Ctrl-C 结束。",
}
END: dict[Language, str] = {
    "en": "That was the last question. Nothing was stored.",
    "zh": "问卷到此结束，未保存任何内容。",
}
SPOKEN: dict[Language, dict[str, str]] = {
    "en": {"dk": "don't know", "refuse": "rather not say", "nothing": "none of these"},
    "zh": {"dk": "不知道", "refuse": "不愿回答", "nothing": "以上都没有"},
}


def checked(name: str) -> str:
    """What `check` says of a sound instrument.

    Raises
    ------
    ScslabError
        The first mistake.
    """
    from scslab.survey.instrument.load import read_instrument

    instrument = read_instrument(name).instrument
    asked = sum(q.type not in ("info", "assigned") for q in instrument.questions)
    columns = len(columns_of(instrument))
    return (
        f"instrument {instrument.id} is sound ({asked} questions, {columns} columns, "
        f"in {' and '.join(instrument.languages)})"
    )


def exported(name: str, to: Path, language: str | None, seed: int | None) -> str:
    """Export an instrument; what was written and what it cannot say.

    Raises
    ------
    ScslabError
        The instrument cannot be read, or the file cannot be written.
    """
    from scslab.survey.instrument.export import SUFFIXES, export_instrument
    from scslab.survey.instrument.load import read_instrument

    instrument = read_instrument(name).instrument
    notes = export_instrument(instrument, to, language, seed)
    head = f"{to}: {instrument.id} as {SUFFIXES[to.suffix.lower()]}"
    return "\n".join([head, *(f"note: {note}" for note in notes)])


def asked(name: str, language: str | None, seed: int, answers: Path | None) -> str:
    """Ask in the terminal, or print the path of a respondent whose answers stand in a file.

    Raises
    ------
    ScslabError
        The instrument or the answers cannot be read.
    """
    from scslab.survey.instrument.export import language_of
    from scslab.survey.instrument.load import read_instrument

    instrument = read_instrument(name).instrument
    spoken = language_of(instrument, language)
    if answers is None:
        return talk(instrument, spoken, seed, typer.echo, ask_line)
    document, texts = read_answers_file(answers)
    path = walk(instrument, texts, seed, lambda key: document.where((key,)))
    return path_text(instrument, path, spoken, seed)


def ask_line() -> str | None:
    """A line that somebody types; None where there is no more."""
    try:
        return input("> ")
    except EOFError:
        return None


def talk(
    instrument: Instrument,
    language: Language,
    seed: int,
    show: Callable[[str], object],
    listen: Callable[[], str | None],
) -> str:
    """Step through a questionnaire until its end, or until nothing more is typed."""
    arms, steps = draw_arms(instrument, seed), draw_steps(instrument, seed)
    given: dict[str, Told] = {}
    show(f"{say(instrument.title, language)}\n{STORES_NOTHING[language]}\n{HOW[language]}")
    part = ""
    while (step := next_step(instrument, steps, arms, given)) is not None:
        if step.part.id != part:
            part = step.part.id
            show(f"\n== {say(step.part.title, language)} ==")
            if step.part.intro is not None:
                show(say(step.part.intro, language))
        columns = columns_told(instrument, arms, given)
        show("\n" + question_text(step, columns, language))
        line = listen()
        if line is None:
            return f"\n{STORES_NOTHING[language]}"
        if line.strip().lower() == "back":
            if given:
                given.pop(next(reversed(given)))
            continue
        try:
            given[step.name] = read_answer(step, line, columns)
        except ScslabError as error:
            show(error.text())
    return END[language]


def question_text(step: Step, columns: Mapping[str, float], language: Language) -> str:
    """A question with what can be answered."""
    question = step.question
    lines = [f"[{step.name}] {say(question.ask, language)}"]
    if step.item is not None:
        lines.append(f"  — {say(step.item, language)}")
    if question.hint is not None:
        lines.append(f"  {say(question.hint, language)}")
    lines += [f"  * {say(item, language)}" for item in shown_items(step, columns)]
    lines += [f"  {number_of(step, c):>3}  {say(c, language)}" for c in step.choices]
    words = ["nothing"] if nothing_offered(step) else []
    words += ["dk"] if question.dont_know == "offered" else []
    words += ["refuse"] if question.refuse == "offered" else []
    lines += [f"  {word:>3}  {SPOKEN[language][word]}" for word in words]
    return "\n".join(lines)


def number_of(step: Step, choice: Choice) -> int:
    """The code of a choice; of several choices, its place in the file."""
    if choice.code is not None:
        return choice.code
    return 1 + [c.name for c in step.question.choices or []].index(choice.name)


def read_answers_file(path: Path) -> tuple[Document, dict[str, str]]:
    """The answers of one respondent: question -> text.

    Raises
    ------
    ScslabError
        The file is no list of answers.
    """
    from scslab.core.yamlfile import read

    document = read(path)
    if not isinstance(document.data, dict):
        raise ScslabError(
            "this is no file of answers",
            where=document.name,
            expected="lines such as approval: 4 or systems: [sesame, tencent]",
        )
    return document, {k: text_of(v, document, k) for k, v in document.data.items()}


def text_of(value: Any, document: Document, key: str) -> str:
    """An answer as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(v, str | int) for v in value):
        return ",".join(map(str, value)) if value else "nothing"
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ScslabError(
        "this is no answer",
        where=document.where((key,)),
        got=value,
        expected="a code, a number, a word, or a list of them",
    )


def path_text(instrument: Instrument, path: Walk, language: Language, seed: int) -> str:
    """A respondent's path: what was shown in which order, and what was skipped by what."""
    lines = [f"{instrument.id}: {say(instrument.title, language)} (seed {seed})"]
    lines += [STORES_NOTHING[language], ""]
    for name, code in path.arms.items():
        arm = next(q for q in instrument.questions if q.name == name).arms or []
        lines.append(f"arm {name}: {code} {say(arm[code], language)}")
    order = list(dict.fromkeys(visit.step.question.name for visit in path.visits))
    numbers = {name: f'"{name}"' if language == "en" else name for name in order}
    columns = columns_of(instrument)
    width = max(len(visit.step.name) for visit in path.visits)
    part, shown = "", 0
    for visit in path.visits:
        if visit.step.part.id != part:
            part = visit.step.part.id
            lines += ["", say(visit.step.part.title, language)]
        if visit.told is None:
            tree = parse_condition(visit.unmet).tree
            words = in_words(tree, instrument, columns, language, numbers)
            what = f"not shown: only if {words}" if language == "en" else f"未显示：仅当{words}"
            lines.append(f"   --  {visit.step.name:<{width}}  {what}")
        else:
            shown += 1
            lines.append(f"  {shown:>3}  {visit.step.name:<{width}}  {told_text(visit, language)}")
    lines += [f"note: {name} was answered but not shown" for name in path.unused]
    return "\n".join(lines)


def told_text(visit: Visit, language: Language) -> str:
    """An answer in words."""
    told, step = visit.told, visit.step
    if told is None or step.question.type == "info":
        return "(read)" if language == "en" else "（阅读）"
    if told.reason:
        words = {"dk": "don't know", "refused": "refused", "no_answer": "no answer"}
        zh = {"dk": "不知道", "refused": "拒绝回答", "no_answer": "未作答"}
        return f"({words[told.reason]})" if language == "en" else f"（{zh[told.reason]}）"
    if step.question.type == "multiple":
        chosen = [n.removeprefix(f"{step.question.name}_") for n, v in told.columns.items() if v]
        return ", ".join(chosen) or SPOKEN[language]["nothing"]
    value = told.columns[step.name]
    label = next((say(c, language) for c in step.choices if c.code == value), "")
    return f"{plain(value)} {label}".strip()
