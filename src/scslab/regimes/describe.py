"""A regime in words, with the source behind each value."""

from __future__ import annotations

from collections.abc import Iterator

from scslab.core.calendar import day
from scslab.core.values import Dated, Row, Source, on
from scslab.regimes.judge import check_day
from scslab.regimes.lists import ListRules
from scslab.regimes.model import Regime


def describe(regime: Regime, when: str | None = None) -> str:
    """The rules in plain text.

    Parameters
    ----------
    when : str, optional
        A day: only the rows in force on it; all rows otherwise.

    Raises
    ------
    ScslabError
        The day is no day, or not covered by the file.
    """
    if when is not None:
        check_day(regime, day(when, "--on"))
    lines = [
        regime.name,
        "=" * len(regime.name),
        f"{regime.id}, {regime.kind}; operated by {regime.operator}",
        f"covers {regime.covers.from_} to {regime.covers.to or 'today'}; {regime.status}, "
        f"reviewed {regime.reviewed}" + (f"; rules in force on {when}" if when else ""),
        "",
        " ".join(regime.about.split()),
    ]
    lines += section("Who is rated", told(regime, when, named(regime.who)))
    lines += section("Score", score_lines(regime, when))
    lines += section("Rewards", reward_lines(regime, when))
    for name, rules in regime.lists.items():
        lines += section(f"List: {name}", list_lines(regime, rules, when))
    lines += section("Remedies", told(regime, when, named(regime.remedy)))
    lines += section("Limits", told(regime, when, regime.limits.items()))
    left = [f"{x.what} - {x.why} Effect: {x.effect}" for x in regime.not_modelled]
    lines += section("Not modelled", [f"- {' '.join(text.split())}" for text in left])
    lines += section("Sources", [source_line(k, s) for k, s in regime.sources.items()])
    return "\n".join(lines)


def section(title: str, lines: list[str]) -> list[str]:
    """A titled part, or nothing where it is empty."""
    return ["", title, "-" * len(title), *lines] if lines else []


def named(model: object) -> Iterator[tuple[str, Dated]]:
    """The dated values of a model by name."""
    for name in type(model).model_fields:  # type: ignore[attr-defined]
        value = getattr(model, name)
        if isinstance(value, Dated):
            yield name, value


def told(regime: Regime, when: str | None, items: object) -> list[str]:
    """One line for each dated value that says something."""
    found = []
    for name, dated in items:  # type: ignore[attr-defined]
        words = value_words(regime, dated, when)
        if words:
            found.append(f"{name.replace('_', ' ')}: {words}")
    return found


def value_words(regime: Regime, dated: Dated, when: str | None) -> str:
    """A dated value: the row in force on a day, or all its rows."""
    if when is None:
        return "; ".join(row_words(regime, row, dated.unit, True) for row in dated.rows)
    answer = on(dated, day(when))
    if answer.row is None or answer.value is None:
        return ""
    return row_words(regime, answer.row, dated.unit, False)


def plain(value: object) -> str:
    """A value as a reader says it."""
    words = {"True": "yes", "False": "no", "None": "none"}
    return words.get(str(value), str(value))


def row_words(regime: Regime, row: Row, unit: str, dated: bool) -> str:
    """One row with its source."""
    value = plain(row.value)
    words = f"{value}" if unit == "yes/no" or row.value is None else f"{value} {unit}"
    if dated:
        words = f"from {row.from_} {words}"
    source = regime.sources[row.source]
    if source.kind in ("assumption", "calibration"):
        between = (
            f", between {plain(row.between[0])} and {plain(row.between[1])}" if row.between else ""
        )
        return f"{words} [assumed: {row.source}{between}]"
    return f"{words} [{row.source}, {row.at}]"


def score_lines(regime: Regime, when: str | None) -> list[str]:
    """Scale, dimensions, acts and grades."""
    if regime.score is None:
        return []
    lines = told(regime, when, named(regime.score))
    for name, dimension in regime.score.dimensions.items():
        weight = value_words(regime, dimension.weight, when)
        lines.append(f"dimension {name}: {dimension.says}; weight {weight}")
    for name, act in regime.score.acts.items():
        for dated in (act.points, act.moves, act.cuts.holds if act.cuts else None):
            words = value_words(regime, dated, when) if dated is not None else ""
            if words:
                what = (
                    f"down to grade {act.cuts.to}: " if act.cuts and dated is act.cuts.holds else ""
                )
                lines.append(f"{name} ({act.says}): {what}{words}")
    if regime.grades is not None:
        for name, floor in regime.grades.floors.items():
            words = value_words(regime, floor, when)
            if words:
                lines.append(f"grade {name}, floor: {words}")
        lines.append(f"grade {regime.grades.lowest} below")
    return lines


def reward_lines(regime: Regime, when: str | None) -> list[str]:
    """Benefits and who gets them."""
    lines = []
    for name, reward in regime.rewards.items():
        words = value_words(regime, reward.gives, when)
        if words:
            earns = f"grade {', '.join(reward.grades)}" if reward.grades else ""
            if reward.from_score is not None:
                earns = f"score floor {value_words(regime, reward.from_score, when)}"
            lines.append(f"{name} ({reward.says}), {earns}: {words}")
    return lines


def list_lines(regime: Regime, rules: ListRules, when: str | None) -> list[str]:
    """Grounds, terms, ways out and effects of a list."""
    lines = [rules.says + (" (members only)" if rules.members_only else "")]
    for name, ground in rules.grounds.items():
        words = value_words(regime, ground.holds, when)
        if words:
            lines.append(
                f"ground {name}: {ground.says} ({', '.join(ground.acts) or 'by score'}): {words}"
            )
            if ground.stays is not None:
                lines.append(
                    f"  stays {value_words(regime, ground.stays, when) or 'until removed'}"
                )
    lines += told(regime, when, named(rules))
    for name, effect in rules.effects.items():
        words = value_words(regime, effect.holds, when)
        if words:
            lines.append(f"effect {name}: {effect.says}: {words}")
    return lines


def source_line(key: str, source: Source) -> str:
    """One source."""
    parts = [f"{key}: {source.title} ({source.kind}"]
    parts.append(f", {source.date})" if source.date else ")")
    if source.because:
        parts.append(f" - assumed because: {' '.join(source.because.split())}")
    if source.href:
        parts.append(f" {source.href}")
    return "".join(parts)
