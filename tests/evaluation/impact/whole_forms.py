"""Whole forms of Canada's assessment, made up for tests."""

from scslab.evaluation.impact.aia_form import DESIGN, PHASE, Question, asked, form


def answered(choose) -> dict[str, tuple[str, ...]]:
    """A whole form of the design phase; `choose` picks values of each question that is asked."""
    answers: dict[str, tuple[str, ...]] = {PHASE: (DESIGN,)}
    for question in form().questions:
        if question.form != "text" and question.id != PHASE and asked(question.id, answers):
            answers[question.id] = choose(question)
    return answers


def most(question: Question) -> tuple[str, ...]:
    if question.form == "several":
        return tuple(item.value for item in question.items)
    return (max(question.items, key=lambda item: item.points).value,)


def least(question: Question) -> tuple[str, ...]:
    if question.form == "several":
        return ()
    return (min(question.items, key=lambda item: item.points).value,)
