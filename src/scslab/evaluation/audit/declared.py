"""Tests of what a file must declare: a remedy that is there, in time, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.core.audit import Finding, Verdict
from scslab.core.cards import RowLine
from scslab.core.values import Dated
from scslab.core.yamlfile import Place
from scslab.evaluation.audit.finding import declared_text, finding, named
from scslab.evaluation.audit.parts import Measure
from scslab.evaluation.audit.view import View

OBJECTIONS = ("objection", "objection_own_data", "objection_others_data")


def declared(
    view: View,
    criterion: str,
    name: str,
    *,
    condition: str,
    without: str,
    recommendation: str,
    otherwise: tuple[Verdict, str] | None = None,
    silent: tuple[Verdict, str] | None = None,
    rests: Sequence[RowLine] = (),
) -> Finding:
    """A remedy that must be declared: met where it is, not met where the file is silent.

    Silence of the file is no fact about the rules, so its effect is told with an "if".

    Parameters
    ----------
    name : str
        The key under `remedy`.
    without : str
        What it means for those concerned if there is none.
    otherwise : (verdict, cause), optional
        What holds instead of "not met" where it is not declared, or is declared as missing.
    silent : (verdict, cause), optional
        What holds instead where the file says nothing, or only guesses that there is none.
    rests : sequence of RowLine
        The rows on which `otherwise` rests.
    """
    dated: Dated | None = getattr(view.regime.remedy, name)
    place: Place = ("remedy", name)
    rows = view.row(dated)
    text = declared_text(view, f"remedy.{name}", dated)
    value = view.value(dated)
    guess = view.guessed(dated, bool)
    denied = bool(rows) and value is False and not guess
    verdict: Verdict = "met"
    effect = without if denied else if_none(without)
    advice = recommendation
    if value and guess:
        verdict, cause = "not testable", f"The file does not know it: {guess}."
    elif value:
        cause, effect, advice = declared_words(rows), "", ""
    elif otherwise is not None:
        verdict, cause = otherwise
        rows = rows or tuple(rests)
        effect, advice = ("", "") if verdict == "met" else (effect, advice)
    elif silent is not None and not denied:
        verdict, cause = silent
    else:
        verdict, cause = "not met", missing_words(name, denied, guess)
    return finding(
        view,
        criterion,
        verdict,
        place,
        text=text,
        condition=condition,
        cause=cause,
        effect=effect,
        recommendation=advice,
        rows=rows,
    )


def if_none(without: str) -> str:
    """What it means for those concerned, where the rules may have it though the file does not.

    Examples
    --------
    >>> if_none("Nobody is told.")
    'If the rules have none, nobody is told.'
    """
    return f"If the rules have none, {without[:1].lower()}{without[1:]}"


def declared_words(rows: Sequence[RowLine]) -> str:
    """That a remedy is there, and whether it is only assumed."""
    if not any(row.basis == "assumed" for row in rows):
        return "The file declares it."
    return f"The file assumes it ({', '.join(row.between for row in rows if row.between)})."


def missing_words(name: str, denied: bool, guess: str) -> str:
    """Why a remedy that must be declared is not there."""
    if denied:
        return f"The file says that there is none (remedy.{name})."
    if guess:
        return f"The file knows of none (remedy.{name}; {guess}); the rules must say so."
    return f"The file does not declare it (remedy.{name}), and the rules must say so."


def listed_words(view: View) -> str:
    """When a test of lists bites: which lists."""
    names = list(view.lists)
    return f"Whoever is put on {'list' if len(names) == 1 else 'lists'} {named(names)}"


def concerned(view: View) -> str:
    """When a test of scores and lists bites."""
    parts = [f"list {name}" for name in view.lists]
    if view.scores:
        parts.insert(0, "the score" if view.regime.score is not None else "the grades")
    return f"Whoever is rated by {named(parts)}"


def measure_words(measures: Sequence[Measure]) -> str:
    """Measures by name."""
    return named(f"{m.key} ({m.list})" if m.list else m.key for m in measures)


def has_objection(view: View) -> bool:
    """Whether any objection with a deadline is declared."""
    return any(view.value(getattr(view.regime.remedy, name)) is not None for name in OBJECTIONS)


def agreed(view: View) -> bool:
    """Whether a person must agree first."""
    return bool(view.value(view.regime.who.consent))


def limit_finding(
    view: View,
    criterion: str,
    name: str,
    *,
    cause: str,
    effect: str,
    recommendation: str,
    verdict: Verdict = "not met",
) -> Finding:
    """A limit of the file that itself says what a criterion is about."""
    dated = view.regime.limits[name]
    return finding(
        view,
        criterion,
        verdict,
        ("limits", name),
        text=declared_text(view, f"limits.{name}", dated),
        condition="As the file says of the whole system",
        cause=cause,
        effect=effect,
        recommendation=recommendation,
        rows=view.row(dated),
    )
