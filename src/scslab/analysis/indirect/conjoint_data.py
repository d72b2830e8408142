"""Conjoint experiments from a row a respondent to a row a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from scslab.analysis.indirect.conjoint_design import expanded
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Code, Variable

Names = Mapping[str, Sequence[Sequence[str]]]  # attribute -> variables by task and profile


def conjoint_names(pattern: str, attributes: Sequence[str], tasks: int, profiles: int) -> Names:
    """Names of variables from a pattern with {attribute}, {task} and {profile}.

    Examples
    --------
    >>> conjoint_names("{attribute}_{task}{profile}", ["price"], 1, 2)
    {'price': (('price_11', 'price_12'),)}
    """
    return {
        a: tuple(
            tuple(pattern.format(attribute=a, task=t, profile=p) for p in range(1, profiles + 1))
            for t in range(1, tasks + 1)
        )
        for a in attributes
    }


def conjoint_long(
    sample: Sample,
    attributes: Names,
    *,
    chosen: Sequence[str] = (),
    ratings: Sequence[Sequence[str]] = (),
    codes: Sequence[Code] = (),
    keep: Sequence[str] = (),
) -> Sample:
    """Turn a row a respondent into a row a profile, with the design of the respondents.

    Parameters
    ----------
    attributes : mapping of attribute to variable names by task and profile
        `attributes["price"][0][1]`: the price of the second profile of the first task.
        `conjoint_names` makes them from a pattern.
    chosen : sequence of str
        The variable of each task that says which profile was chosen.
    ratings : sequence of sequences of str
        Instead: the rating of each profile, by task and profile.
    codes : sequence
        Codes or labels of `chosen` in the order of the profiles; without them 1, 2, ... .
    keep : sequence of str
        Variables of respondents to keep (weights and clusters live in the design).

    Returns
    -------
    Sample
        With "respondent", "task", "profile", the attributes, and "chosen" (0, 1) or "rating".
        Strata, clusters, finite populations, replicates and margins are those of the respondents.

    Raises
    ------
    ScslabError
        Tasks or profiles that do not match, labels that contradict each other, choices of a
        profile that was not there.
    """
    if bool(chosen) == bool(ratings):
        raise ScslabError(
            "a conjoint needs choices or ratings",
            where="conjoint",
            expected="chosen (a variable a task) or ratings (a variable a profile), one of them",
        )
    tasks, profiles = shape_of(attributes, chosen, ratings)
    n = sample.answers.n
    index = np.repeat(np.arange(n), tasks * profiles)
    task = np.tile(np.repeat(np.arange(1, tasks + 1), profiles), n)
    profile = np.tile(np.arange(1, profiles + 1), n * tasks)
    columns: dict[str, tuple[Variable, pd.Series]] = {
        "respondent": (Variable("respondent"), pd.Series(index + 1)),
        "task": (Variable("task"), pd.Series(task)),
        "profile": (Variable("profile"), pd.Series(profile)),
    }
    for name, by_task in attributes.items():
        columns[name] = stacked(sample, name, [v for row in by_task for v in row])
    if chosen:
        columns["chosen"] = (
            Variable("chosen"),
            pd.Series(choices(sample, chosen, codes, profiles)),
        )
    else:
        columns["rating"] = stacked(sample, "rating", [v for row in ratings for v in row])
    for name in keep:
        kept = sample.answers.column(name).iloc[index].reset_index(drop=True)
        columns[name] = (sample.answers.variable(name), kept)
    return Sample(rows_of(sample.answers, columns), expanded(sample.design, index))


def rows_of(wide: Answers, columns: Mapping[str, tuple[Variable, pd.Series]]) -> Answers:
    """Answers of other rows with the title and source of the wide ones."""
    frame = pd.DataFrame(index=pd.RangeIndex(len(next(iter(columns.values()))[1])))
    empty = replace(wide, frame=frame, variables={}, marks={}, weight="")
    return empty.with_columns(columns)


def shape_of(
    attributes: Names, chosen: Sequence[str], ratings: Sequence[Sequence[str]]
) -> tuple[int, int]:
    """Tasks and profiles, the same for every attribute and outcome.

    Raises
    ------
    ScslabError
        They differ, or there is nothing.
    """
    if not attributes:
        raise ScslabError("no attribute named", where="conjoint attributes")
    first = next(iter(attributes))
    tasks, profiles = len(attributes[first]), len(attributes[first][0])
    for name, by_task in [*attributes.items(), *([("ratings", ratings)] if ratings else [])]:
        if len(by_task) != tasks or any(len(row) != profiles for row in by_task):
            raise ScslabError(
                "tasks or profiles do not match",
                where=f"conjoint: {name}",
                got=f"{len(by_task)} tasks of {sorted({len(r) for r in by_task})} profiles",
                expected=f"{tasks} tasks of {profiles} profiles, as {first} has",
            )
    if chosen and len(chosen) != tasks:
        raise ScslabError(
            "choices and tasks do not pair off",
            where="conjoint: chosen",
            got=f"{len(chosen)} variables",
            expected=f"{tasks}, one a task",
        )
    return tasks, profiles


def stacked(sample: Sample, name: str, parts: Sequence[str]) -> tuple[Variable, pd.Series]:
    """Variables one after the other for each respondent, with their labels joined.

    Raises
    ------
    ScslabError
        Two of them give one code different labels.
    """
    labels: dict[Code, str] = {}
    variables = [sample.answers.variable(v) for v in parts]
    for variable in variables:
        for code, label in variable.labels.items():
            if labels.setdefault(code, label) != label:
                raise ScslabError(
                    "one code has different labels",
                    where=f"conjoint attribute {name}: {variable.name}",
                    got=f'code {code}: "{label}" and "{labels[code]}"',
                    hint="bring the labels of all tasks into line",
                )
    matrix = np.column_stack([sample.answers.column(v).to_numpy() for v in parts])
    head = variables[0]
    joined = Variable(name, label=name, kind=head.kind, measure=head.measure, labels=labels)
    return joined, pd.Series(matrix.reshape(-1))


def choices(
    sample: Sample, chosen: Sequence[str], codes: Sequence[Code], profiles: int
) -> np.ndarray:
    """0 and 1 a profile, NaN where no choice was made.

    Raises
    ------
    ScslabError
        A choice of none of the profiles.
    """
    wanted = list(codes) if codes else list(range(1, profiles + 1))
    if len(wanted) != profiles:
        raise ScslabError(
            "codes of choices and profiles do not pair off",
            where="conjoint: codes",
            got=f"{len(wanted)} codes",
            expected=f"{profiles}, one a profile",
        )
    found = np.full((sample.answers.n, len(chosen), profiles), np.nan)
    for t, name in enumerate(chosen):
        variable, column = sample.answers.variable(name), sample.answers.column(name)
        known = column.notna().to_numpy()
        turned = {label: code for code, label in variable.labels.items()}
        sought = [w if (column == w).any() or w not in turned else turned[str(w)] for w in wanted]
        hits = np.column_stack([(column == w).to_numpy() for w in sought])
        strange = known & ~hits.any(axis=1)
        if strange.any():
            row = int(np.flatnonzero(strange)[0])
            raise ScslabError(
                "a choice of a profile that was not shown",
                where=f"conjoint: {name}",
                got=f"{column.iloc[row]} in row {row + 1:,}, and {int(strange.sum()) - 1:,} more",
                expected="one of " + ", ".join(str(w) for w in wanted),
                hint="name the codes of the profiles in order: codes",
            )
        found[known, t] = hits[known]
    return found.reshape(-1)
