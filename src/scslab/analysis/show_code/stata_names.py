"""Stata's names for the variables of one script."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scslab.analysis.show_code.common import Asked, Column, Setting
from scslab.analysis.show_code.formula import names_in
from scslab.analysis.show_code.quoting import stata_names


@dataclass(frozen=True)
class Names:
    """Stata's names of variables, and of the numbered versions of categories."""

    of: dict[str, str]
    factor: dict[str, str]


def margin_columns(setting: Setting) -> tuple[Column, ...]:
    """All variables of categories: those described, and those of margins by their labels."""
    margins = {
        name: Column(name, labels=tuple(margin))
        for step in setting.steps
        for name, margin in step.margins.items()
        if setting.column(name) is None
    }
    return (*(c for c in setting.columns if c.pairs), *margins.values())


def names_of(setting: Setting, asked: Asked) -> Names:
    """Names in Stata for every variable that the code mentions."""
    used: list[str] = []
    for key in ("weight", "strata", "clusters", "fpc", "replicates"):
        used += setting.design(key)
    for step in setting.steps:
        used += [*step.margins, *step.totals]
    used += [c.name for c in setting.columns]
    used += [*asked.variables, *asked.by, *asked.effects]
    used += names_in(asked.formula) if asked.formula else []
    used += [c.variable for c in asked.domain.clauses] if asked.domain else []
    used = list(dict.fromkeys(used))
    grouped = [c.name for c in margin_columns(setting)]
    # "\0" keeps a made name apart from a variable that has it already.
    found = stata_names([*used, *(f"c_{name}\0" for name in grouped)])
    factor = {name: re.sub("_$", "", found[f"c_{name}\0"]) for name in grouped}
    taken = {found[name] for name in used}
    factor = {k: v if v not in taken else found[f"c_{k}\0"] for k, v in factor.items()}
    return Names({name: found[name] for name in used}, factor)
