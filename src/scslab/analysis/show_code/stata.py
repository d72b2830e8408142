"""Files, designs, weighting and domains in Stata's words (`svyset`).

Written by Stata's manuals (release 17 [SVY]); this project has no Stata to run it in.
"""

from __future__ import annotations

import re
from pathlib import PurePath

import numpy as np

from scslab.analysis.design import Replicates
from scslab.analysis.show_code.common import Domain, Setting
from scslab.analysis.show_code.quoting import (
    number,
    stata_comment,
    stata_exact,
    stata_name,
    stata_shown,
)
from scslab.analysis.show_code.stata_names import Names, margin_columns
from scslab.analysis.show_code.stata_weights import adjustments
from scslab.survey.answers import Code
from scslab.survey.screen.plan import Clause

DOMAIN = "in_domain"
SINGLE = {
    "fail": "missing", "remove": "certainty", "certainty": "certainty", "adjust": "centered",
    "average": "scaled",
}  # fmt: skip


def stata_preamble(setting: Setting, names: Names, domain: Domain | None = None) -> list[str]:
    """Lines up to svyset."""
    return [
        *read_lines(setting),
        *rename_lines(names),
        *missing_lines(setting, names),
        *domain_lines(domain, names),
        *factor_lines(setting, names),
        *design_lines(setting, names),
    ]


def read_lines(setting: Setting) -> list[str]:
    """The file in memory."""
    path, end = stata_shown(setting.file), PurePath(setting.file).suffix.lower()
    if end == ".dta":
        read = [f"use {path}, clear"]
    elif end in (".sav", ".zsav"):
        read = [f"import spss using {path}, clear"]
    elif end == ".parquet":
        read = [
            "* Stata reads no Parquet: write the answers as .dta first",
            f"use {stata_shown(str(PurePath(setting.file).with_suffix('.dta')))}, clear",
        ]
    else:
        read = [
            f"import delimited using {path}, clear varnames(1) case(preserve) asdouble "
            'encoding("UTF-8")'
        ]
    return ["version 17", *read]


def rename_lines(names: Names) -> list[str]:
    """Names that Stata does not allow, said and brought to the names used below."""
    lines = []
    for name, used in names.of.items():
        if name == used:
            continue
        lines.append(f"* {stata_comment(name)} is called {used} here")
        for read in dict.fromkeys([re.sub(r"[^A-Za-z0-9_]", "", name)[:32], stata_name(name)]):
            if read and read != used and not read[0].isdigit():
                lines.append(f"capture rename {read} {used}")
    return lines


def value_of(code: Code) -> str:
    """A code in a Stata expression."""
    return stata_exact(code) if isinstance(code, str) else number(code)


def missing_lines(setting: Setting, names: Names) -> list[str]:
    """Codes of missing answers in a file that does not say so itself."""
    if PurePath(setting.file).suffix.lower() in (".sav", ".zsav", ".dta"):
        return []
    lines = []
    for column in setting.columns:
        for code in column.missing:
            empty = '""' if isinstance(code, str) else "."
            name = names.of[column.name]
            lines.append(f"replace {name} = {empty} if {name} == {value_of(code)}")
    return lines


def factor_lines(setting: Setting, names: Names) -> list[str]:
    """Categories as numbers 1, 2, ... with labels, as i. needs them."""
    lines = []
    for column in margin_columns(setting):
        made, name = names.factor[column.name], names.of[column.name]
        lines.append(f"generate int {made} = .")
        said = []
        for k, (code, label) in enumerate(column.pairs, 1):
            lines.append(f"replace {made} = {k} if {name} == {value_of(code)}")
            said.append(f"{k} {stata_shown(label)}")
        lines.append(f"label define {made} {' '.join(said)}, replace")
        lines.append(f"label values {made} {made}")
    return lines


def domain_lines(domain: Domain | None, names: Names) -> list[str]:
    """Who is in the domain; in Stata a missing answer is larger than any number."""
    if domain is None:
        return []
    both = " & ".join(condition(clause, names) for clause in domain.clauses)
    return [f"generate byte {DOMAIN} = {both}"]


def condition(clause: Clause, names: Names) -> str:
    """A clause as a Stata expression; false where missing."""
    name = names.of[clause.variable]
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    if clause.operator in ("in", "not in"):
        any_of = " | ".join(f"{name} == {value_of(v)}" for v in values)
        return (
            f"({any_of})" if clause.operator == "in" else f"(!({any_of}) & !missing({name}))"
        )  # fmt: skip
    sign = {"=": "=="}.get(clause.operator, clause.operator)
    return f"({name} {sign} {value_of(values[0])} & !missing({name}))"


def design_lines(setting: Setting, names: Names) -> list[str]:
    """Svyset with weights, stages, replicates and steps of weighting."""
    weight = [names.of[n] for n in setting.design("weight")]
    fpc = [names.of[n] for n in setting.design("fpc")]
    lines: list[str] = []
    if not weight and fpc:
        lines, weight = weights_from_fpc(setting, names), ["weight_"]
    given = f" [pweight = {weight[0]}]" if weight else ""
    before, options = adjustments(setting, names)
    lines += before
    columns = setting.design("replicates")
    if setting.replicates is not None and columns:
        more, words = replicate_words(setting.replicates, [names.of[n] for n in columns])
        return [*lines, *more, f"svyset{given}, {' '.join([*words, *options])}"]
    if setting.replicates is not None:
        lines += made_replicates(setting.replicates)
        options = ["vce(jackknife)", *options] if is_jackknife(setting.replicates) else options
    if setting.lonely in ("fail", "remove"):
        said = (
            "gives no standard error where a stratum has one cluster"
            if setting.lonely == "fail"
            else "counts a stratum of one cluster as taken with certainty, which adds no variance"
        )
        lines.append(f"* singleunit({SINGLE[setting.lonely]}) {said}")
    options = [f"singleunit({SINGLE[setting.lonely]})", *options]
    return [*lines, svyset(setting, names, given, options)]


def svyset(setting: Setting, names: Names, given: str, options: list[str]) -> str:
    """The svyset command, a stage after each ||."""
    clusters, strata = setting.design("clusters"), setting.design("strata")
    fpc = setting.design("fpc")
    stages = []
    for k in range(max(len(clusters), 1)):
        unit = names.of[clusters[k]] if k < len(clusters) else "_n"
        words = [f"strata({names.of[strata[k]]})"] if k < len(strata) else []
        words += [f"fpc({names.of[fpc[k]]})"] if k < len(fpc) else []
        words += options if k == 0 else []
        stages.append(f"{unit}{given if k == 0 else ''}, {' '.join(words)}".rstrip(", "))
    return "svyset " + " || ".join(stages)


def weights_from_fpc(setting: Setting, names: Names) -> list[str]:
    """Weights from population sizes, stage by stage, where the file has none."""
    lines = ["* weights follow from the finite populations", "generate double weight_ = 1"]
    clusters, strata = setting.design("clusters"), setting.design("strata")
    above: list[str] = []
    for k, size in enumerate(setting.design("fpc")):
        group = [*above, *([names.of[strata[k]]] if k < len(strata) else [])]
        unit = names.of[clusters[k]] if k < len(clusters) else "row_"
        lines += ["generate long row_ = _n"] if unit == "row_" else []
        by = f", by({' '.join(group)})" if group else ""
        n = names.of[size]
        lines += [
            f"egen byte first{k + 1}_ = tag({' '.join([*group, unit])})",
            f"egen double drawn{k + 1}_ = total(first{k + 1}_){by}",
            f"replace weight_ = weight_ * cond({n} <= 1, 1 / {n}, {n} / drawn{k + 1}_)",
        ]
        above = [*group, unit]
    return lines


def is_jackknife(made: Replicates) -> bool:
    """Whether Stata's own jackknife makes the same replicates."""
    return made.kind.lower() in ("jk1", "jkn")


def made_replicates(made: Replicates) -> list[str]:
    """What to say of replicates that were made from the design."""
    kind = stata_comment(made.kind)
    if is_jackknife(made):
        return ["* Stata makes the jackknife's replicates itself, leaving out one cluster each"]
    return [
        f"* Stata makes no {kind} replicates: export the replicate weights and name them in",
        "* svyset; what follows gives linearised standard errors",
    ]


def replicate_words(made: Replicates, columns: list[str]) -> tuple[list[str], list[str]]:
    """Lines before svyset and its options for replicate weights in the file.

    Any scale can be told to Stata as a jackknife's multipliers.
    """
    scales = made.scale * np.asarray(made.rscales, dtype=float)
    mse = ["mse"] if made.mse else []
    listed = " ".join(columns)
    lines = [f"* replicate weights of kind {stata_comment(made.kind)}, by the scale that was used"]
    if made.kind.lower() == "brr":
        return lines, [f"brrweight({listed})", "vce(brr)", *mse]
    if made.kind.lower() == "fay":
        rho = 1 - 1 / np.sqrt(len(columns) * made.scale)
        return lines, [
            f"brrweight({listed})", f"fay({number(round(float(rho), 12))})", "vce(brr)", *mse,
        ]  # fmt: skip
    if (scales == scales[0]).all():
        words = [f"jkrweight({listed}, multiplier({number(scales[0])}))"]
        return lines, [*words, "vce(jackknife)", *mse]
    lines += [
        f"char {name}[jk_multiplier] {number(scale)}"
        for name, scale in zip(columns, scales, strict=True)
    ]
    return lines, [f"jkrweight({listed})", "vce(jackknife)", *mse]
