"""Files, designs, weighting and domains in R's words (package `survey`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from scslab.analysis.design import Replicates
from scslab.analysis.show_code.common import Asked, Column, Domain, Setting, Step
from scslab.analysis.show_code.quoting import (
    number,
    one_line,
    r_code,
    r_name,
    r_text,
    r_vector,
)
from scslab.survey.screen.plan import Clause

HAVEN = {".sav": "read_sav", ".zsav": "read_sav", ".por": "read_por", ".dta": "read_dta"}
DOMAIN = "in_domain"


def r_preamble(
    setting: Setting, domain: Domain | None = None, made: Sequence[str] = ()
) -> list[str]:
    """Lines up to the finished design; `made` are lines after the categories."""
    return [
        *read_lines(setting),
        *missing_lines(setting),
        *domain_lines(domain),
        *factor_lines(setting),
        *made,
        *design_lines(setting),
        *(line for step in setting.steps for line in step_lines(step, setting)),
        *([f"design <- subset(design, {DOMAIN})"] if domain else []),
    ]


def read_lines(setting: Setting) -> list[str]:
    """The file as a plain data frame of codes."""
    path, end = r_text(setting.file), PurePath(setting.file).suffix.lower()
    if end in HAVEN:
        read = [
            f"data <- haven::{HAVEN[end]}({path})  # user-missing codes become NA",
            "data <- as.data.frame(haven::zap_labels(data))",
        ]
    elif end == ".parquet":
        read = [f"data <- as.data.frame(arrow::read_parquet({path}))"]
    else:
        read = [
            f'data <- read.csv({path}, check.names = FALSE, na.strings = "", encoding = "UTF-8")'
        ]
    return ["library(survey)", *read]


def missing_lines(setting: Setting) -> list[str]:
    """Codes of missing answers in a file that does not say so itself."""
    if PurePath(setting.file).suffix.lower() in HAVEN:
        return []
    lines = []
    for column in setting.columns:
        if column.missing:
            name = f"data${r_name(column.name)}"
            lines.append(f"{name}[{name} %in% {r_vector(map(r_code, column.missing))}] <- NA")
    return lines


def factor_lines(setting: Setting) -> list[str]:
    """Categories in their order, by label."""
    known = {c.name for c in setting.columns if c.pairs}
    margins = {
        name: Column(name, labels=tuple(margin))
        for step in setting.steps
        for name, margin in step.margins.items()
        if name not in known
    }
    lines = []
    for column in (*setting.columns, *margins.values()):
        if not column.pairs:
            continue
        name = f"data${r_name(column.name)}"
        codes = r_vector(r_code(code) for code, _ in column.pairs)
        labels = r_vector(r_text(label) for _, label in column.pairs)
        shown = "" if codes == labels else f", labels = {labels}"
        lines.append(f"{name} <- factor({name}, levels = {codes}{shown})")
    return lines


def reason_lines(setting: Setting, asked: Asked) -> list[str]:
    """Missing answers as categories after the others, by their reasons."""
    lines: list[str] = []
    for variable, reasons in asked.reasons:
        column = setting.column(variable)
        if column is None:
            continue
        name = f"data${r_name(variable)}"
        lines += ["# missing answers are shown by their reasons", f"shown <- as.character({name})"]
        if PurePath(setting.file).suffix.lower() in HAVEN and reasons:
            lines += [
                f"codes <- haven::{HAVEN[PurePath(setting.file).suffix.lower()]}"
                f"({r_text(setting.file)}, user_na = TRUE)",
                f"codes <- as.vector(unclass(codes${r_name(variable)}))",
            ]
            lines += [
                f"shown[is.na(shown) & codes %in% {r_code(code)}] <- {r_text(words)}"
                for code, words in reasons
            ]
        rest = "no answer in the file"
        more = list(dict.fromkeys([*(words for _, words in reasons), rest]))
        lines += [
            f"shown[is.na(shown)] <- {r_text(rest)}",
            f"more <- intersect({r_vector(map(r_text, more))}, shown)",
            f"{name} <- factor(shown, levels = unique(c(levels({name}), more)))",
        ]
    return lines


def number_lines(setting: Setting, asked: Asked) -> list[str]:
    """Codes again for variables that were made categories for the weights alone."""
    lines = []
    for variable in asked.numbers:
        column = setting.column(variable)
        if column is not None:
            name, codes = r_name(variable), r_vector(r_code(code) for code, _ in column.pairs)
            lines.append(f"design <- update(design, {name} = {codes}[{name}])  # as a number")
    return lines


def domain_lines(domain: Domain | None) -> list[str]:
    """Who is in the domain, from the codes of the file; a missing answer is outside."""
    if domain is None:
        return []
    parts = [condition(clause) for clause in domain.clauses]
    both = " & ".join(parts)
    return [f"data${DOMAIN} <- {both}", f"data${DOMAIN}[is.na(data${DOMAIN})] <- FALSE"]


def condition(clause: Clause) -> str:
    """A clause as an R expression."""
    name = f"data${r_name(clause.variable)}"
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    inside = f"{name} %in% {r_vector(map(r_code, values))}"
    if clause.operator == "in":
        return f"({inside})"
    if clause.operator == "not in":
        return f"(!is.na({name}) & !({inside}))"
    sign = {"=": "=="}.get(clause.operator, clause.operator)
    return f"({name} {sign} {r_code(values[0])})"


def tilde(names: tuple[str, ...]) -> str:
    """A one-sided formula of names."""
    return "~" + " + ".join(r_name(name) for name in names)


def design_lines(setting: Setting) -> list[str]:
    """Svydesign or svrepdesign."""
    if setting.replicates is not None and setting.design("replicates"):
        return replicate_lines(setting, setting.replicates)
    weight, fpc = setting.design("weight"), setting.design("fpc")
    clusters, strata = setting.design("clusters"), setting.design("strata")
    parts = [f"ids = {tilde(clusters) if clusters else '~1'}"]
    if strata:
        parts.append(f"strata = {tilde(strata)}")
    if weight or not fpc:
        parts.append(f"weights = {tilde(weight) if weight else '~1'}")
    if fpc:
        parts.append(f"fpc = {tilde(fpc)}")
    if nested(setting):
        parts.append("nest = TRUE")
    lines = [
        f"options(survey.lonely.psu = {r_text(setting.lonely)})",
        f"design <- svydesign({', '.join(parts)}, data = data)",
    ]
    if setting.replicates is not None:
        lines += made_replicates(setting.replicates)
    return lines


def nested(setting: Setting) -> bool:
    """Whether clusters are numbered anew in each stratum."""
    said = setting.design("nest")
    return bool(said) and said[0].lower() in ("true", "yes", "1")


def replicate_lines(setting: Setting, made: Replicates) -> list[str]:
    """Replicate weights from the file, with the scale that was used."""
    names = setting.design("replicates")
    weight = setting.design("weight")
    scales = np.asarray(made.rscales, dtype=float)
    same = bool((scales == scales[0]).all())
    rscales = f"rep({number(scales[0])}, {len(scales)})" if same else r_vector(map(number, scales))
    return [
        f"# replicate weights of kind {one_line(made.kind)}; the numbers below are what was used",
        f"replicates <- data[, {r_vector(map(r_text, names))}]",
        "design <- svrepdesign(",
        f"  weights = {tilde(weight) if weight else '~1'}, repweights = replicates, data = data,",
        f'  type = "other", scale = {number(made.scale)}, rscales = {rscales},',
        f"  combined.weights = TRUE, mse = {'TRUE' if made.mse else 'FALSE'})",
    ]


def made_replicates(made: Replicates) -> list[str]:
    """Replicate weights made from the design."""
    count = made.weights.shape[1]
    mse = f", mse = {'TRUE' if made.mse else 'FALSE'}"
    kind = made.kind.lower()
    types = {"jk1": "JK1", "jkn": "JKn", "brr": "BRR", "fay": "Fay"}
    if kind == "fay":
        rho = 1 - 1 / np.sqrt(count * made.scale)
        mse = f", fay.rho = {number(round(float(rho), 12))}" + mse
    if kind in types:
        return [f'design <- as.svrepdesign(design, type = "{types[kind]}"{mse})']
    return [
        "# bootstrap weights are drawn anew here, so standard errors differ from draw to draw",
        f'design <- as.svrepdesign(design, type = "bootstrap", replicates = {count}{mse})',
    ]


def step_lines(step: Step, setting: Setting) -> list[str]:
    """One step of weighting."""
    if step.kind == "trim":
        parts = [
            f"{word} = {number(limit)}"
            for word, limit in (("lower", step.lower), ("upper", step.upper))
            if limit is not None
        ]
        return [f"design <- trimWeights(design, {', '.join(parts)}, strict = TRUE)"]
    times = " * sum(weights(design))" if step.shares else ""
    if step.kind == "calibrate":
        return calibrate_lines(step, times)
    frames = [
        f"data.frame({r_name(name)} = {r_vector(map(r_text, margin))}, "
        f"Freq = {r_vector(map(number, margin.values()))}{times}, check.names = FALSE)"
        for name, margin in step.margins.items()
    ]
    names = tuple(step.margins)
    if step.kind == "poststratify":
        return [f"design <- postStratify(design, {tilde(names)}, {frames[0]})"]
    lines = [
        "design <- rake(",
        f"  design, sample.margins = list({', '.join(tilde((name,)) for name in names)}),",
        "  population.margins = list(",
        ",\n".join(f"    {frame}" for frame in frames) + "),",
        "  control = list(maxit = 500, epsilon = 1e-10))  # the default epsilon leaves margins off",
    ]
    if step.cap is None:
        return lines
    if setting.replicates is not None:
        return [
            *lines,
            f"# R's rake cannot hold weights at {number(step.cap)} times their mean while raking,",
            "# so figures differ from the table's: each replicate would need rounds of its own.",
        ]
    return [*cap_lines(step), *lines]


def cap_lines(step: Step) -> list[str]:
    """Raking by hand with weights held below the cap, for which `rake` has no word.

    Weights that meet the margins are then left as they are by `rake`, which keeps the margins for
    the standard errors. Replicate weights would each need these rounds.
    """
    assert step.cap is not None
    cap = number(step.cap)
    shares = [
        f"  {r_name(name)} = c({', '.join(f'{r_name(k)} = {number(v)}' for k, v in m.items())})"
        for name, m in step.margins.items()
    ]
    return [
        f"# R's rake holds no cap: these rounds keep weights at most {cap} times their mean",
        "targets <- list(",
        ",\n".join(shares) + ")",
        'w <- as.vector(weights(design, "sampling")); total <- sum(w); w <- w / mean(w)',
        "for (turn in 1:500) {",
        "  for (name in names(targets)) {",
        "    x <- as.character(design$variables[[name]])",
        "    target <- targets[[name]] / sum(targets[[name]])",
        "    have <- tapply(w, x, sum) / length(w)",
        f"    w <- pmin(w * as.vector(target[x] / have[x]), {cap})",
        "  }",
        "  w <- w / mean(w)",
        "}",
        "design$prob <- length(w) / (total * w)  # rake below leaves these as they are",
    ]


def calibrate_lines(step: Step, times: str) -> list[str]:
    """Calibration by calibrate(), totals in the order of the model matrix."""
    totals: list[str] = []
    sums = [sum(margin.values()) for margin in step.margins.values()]
    if sums:
        totals.append(f"`(Intercept)` = {number(sums[0])}{times}")
    for name, margin in step.margins.items():
        for label, total in list(margin.items())[1:]:
            totals.append(f"{r_name(name + label)} = {number(total)}{times}")
    totals += [f"{r_name(name)} = {number(total)}" for name, total in step.totals.items()]
    side = tilde((*step.margins, *step.totals)) + ("" if sums else " - 1")
    bounds = ""
    if step.bounds is not None:
        bounds = f", bounds = c({number(step.bounds[0])}, {number(step.bounds[1])})"
    return [
        "design <- calibrate(",
        f"  design, {side},",
        f"  population = c({', '.join(totals)}),",
        f"  calfun = {r_text(step.calfun)}{bounds}, maxit = 500, epsilon = 1e-10)",
    ]
