"""Tests of what a file must declare: a remedy that is there, in time, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.core.audit import Finding, Verdict
from scslab.core.values import Dated
from scslab.core.yamlfile import Place
from scslab.evaluation.audit.finding import declared_text, finding, named
from scslab.evaluation.audit.parts import Measure
from scslab.evaluation.audit.view import View

# Working days and days; the longest that a text of the register allows.
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
) -> Finding:
    """A remedy that must be declared: met where it is, not met where the file is silent.

    Parameters
    ----------
    name : str
        The key under `remedy`.
    without : str
        What it means for those concerned if there is none.
    otherwise : (verdict, cause), optional
        What holds instead of "not met" where it is not declared.
    """
    dated: Dated | None = getattr(view.regime.remedy, name)
    place: Place = ("remedy", name)
    rows = view.row(dated)
    text = declared_text(view, f"remedy.{name}", dated)
    value = view.value(dated)
    if value:
        verdict: Verdict = "met"
        cause, effect, advice = "The file declares it.", "", ""
    elif otherwise is not None:
        verdict, cause = otherwise
        effect, advice = ("", "") if verdict == "met" else (without, recommendation)
    else:
        verdict, effect, advice = "not met", without, recommendation
        cause = (
            f"The file says that there is none (remedy.{name})."
            if rows and value is False
            else f"The file does not declare it (remedy.{name}); what is not declared is not there."
        )
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
