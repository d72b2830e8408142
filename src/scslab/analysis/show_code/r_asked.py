"""Models in R's words, and the way to each computation."""

from __future__ import annotations

from scslab.analysis.show_code.common import MODELS, Asked, Setting
from scslab.analysis.show_code.formula import names_in, r_formula, r_side, split, tokens
from scslab.analysis.show_code.quoting import one_line, r_name, r_text, r_vector
from scslab.analysis.show_code.r_estimates import (
    correlation,
    crosstab,
    difference,
    differences,
    estimate_lines,
)


def r_asked(setting: Setting, asked: Asked) -> list[str]:
    """Lines that make and print one computation from `design`."""
    if asked.kind in ("mean", "total", "sd", "ratio", "quantile", "share"):
        return estimate_lines(setting, asked)
    if asked.kind in MODELS:
        return [*category_lines(asked), *MODEL_LINES[asked.kind](setting, asked)]
    return {
        "crosstab": crosstab,
        "difference": difference,
        "differences": differences,
        "correlation": correlation,
        "list": list_experiment,
    }[asked.kind](setting, asked)


def category_lines(asked: Asked) -> list[str]:
    """Categories of a model: those that occur, the reference first."""
    lines = []
    for name, labels in asked.kept:
        levels = r_vector(map(r_text, labels))
        made = f"factor({r_name(name)}, levels = {levels})"
        lines.append(f"design <- update(design, {r_name(name)} = {made})  # those that occur")
    for name, label in asked.reference:
        made = f"relevel(factor({r_name(name)}), ref = {r_text(label)})"
        lines.append(f"design <- update(design, {r_name(name)} = {made})")
    return lines


def after_model(asked: Asked) -> list[str]:
    """Joint tests and marginal effects."""
    lines: list[str] = []
    if asked.wald:
        side = " + ".join(r_side(tokens(term)) for term in asked.wald)
        lines += [f'test <- regTermTest(model, ~{side}, method = "Wald")', "print(test)"]
    if asked.effects:
        names = r_vector(map(r_text, asked.effects))
        lines += [
            "# average marginal effects need the package marginaleffects; weights by hand:",
            f"# marginaleffects::avg_slopes(model, variables = {one_line(names)}, "
            "wts = weights(design))",
        ]
    return lines


def model(setting: Setting, asked: Asked) -> list[str]:
    """Linear and logit models."""
    family = ", family = quasibinomial()" if asked.kind == "logit" else ""
    return [
        f"model <- svyglm({r_formula(asked.formula)}, design{family})",
        "print(summary(model))",
        *after_model(asked),
    ]


POLR = {"logit": "logistic", "probit": "probit", "cauchit": "cauchit"}
REVERSED = "reversed_outcome_"


def ordinal(setting: Setting, asked: Asked) -> list[str]:
    """Ordinal regression; what svyolr means by its links is not what MASS means.

    Its "cloglog" with a linearised design is F(x) = exp(-exp(-x)), which MASS and this project
    call loglog; the complementary log-log is had from the reversed outcome.
    """
    outcome, side = split(asked.formula)
    as_factor: list[str] = []
    if setting.column(outcome) is None:
        name = r_name(outcome)
        as_factor = [f"design <- update(design, {name} = factor({name}))"]
    if setting.replicates is not None:
        return [*as_factor, *ordinal_replicates(asked)]
    formula, notes = r_formula(asked.formula), []
    method = POLR.get(asked.link, "cloglog")
    if asked.link == "loglog":
        notes = ['# svyolr calls F(x) = exp(-exp(-x)) "cloglog"; MASS::polr calls it "loglog"']
    if asked.link == "cloglog":
        name = r_name(outcome)
        formula = f"{REVERSED} ~ {r_side(side)}"
        notes = [
            '# svyolr calls F(x) = exp(-exp(-x)) "cloglog". The complementary log-log is the same',
            "# model for the reversed outcome, with the sign of every coefficient changed",
            f"design <- update(design, {REVERSED} = factor({name}, levels = rev(levels({name}))))",
        ]
    sign = "-" if asked.link == "cloglog" else ""
    return [
        *as_factor,
        *whole_rows(names_in(asked.formula)),
        *notes,
        f"model <- svyolr({formula}, design, method = {r_text(method)},",
        "  control = list(reltol = 1e-14, maxit = 1000))  # the default stops early",
        "print(summary(model))",
        f"print({sign}model$coefficients)",
        *after_model(asked),
    ]


def whole_rows(names: list[str]) -> list[str]:
    """Rows with a gap out of the way: in a calibrated design R keeps them, with weight 0.

    `svyolr` stops at a missing value even there, so they get any value.
    """
    return [
        "# svyolr stops at gaps: rows with one get weight 0 and then any value",
        f"design <- subset(design, {' & '.join(f'!is.na({r_name(name)})' for name in names)})",
        f"for (name in {r_vector(map(r_text, names))}) {{",
        "  x <- design$variables[[name]]",
        "  design$variables[[name]][is.na(x)] <- x[!is.na(x)][1]",
        "}",
    ]


def ordinal_replicates(asked: Asked) -> list[str]:
    """Refits under each replicate by MASS::polr.

    svyolr is not used here: survey 4.1 refits every replicate by the logit whatever the method,
    and takes a column called w for the weights.
    """
    method = POLR.get(asked.link, asked.link)
    return [
        "# not svyolr: with replicate weights survey 4.1 refits by the logit whatever the method,",
        '# and gives standard errors of 0 if the data have a column called "w"',
        "fit <- function(w, data) {",
        "  data$weight_of_replicate_ <- w / mean(w)",
        f"  model <- MASS::polr({r_formula(asked.formula)}, data = data,",
        f"    weights = weight_of_replicate_, method = {r_text(method)},",
        "    control = list(reltol = 1e-14, maxit = 1000))",
        "  c(model$coefficients, model$zeta)",
        "}",
        "model <- withReplicates(design, fit)",
        "print(model)",
        *(
            ["# joint tests and marginal effects are not to be had from withReplicates"]
            if asked.wald or asked.effects
            else []
        ),
    ]


def multinomial(setting: Setting, asked: Asked) -> list[str]:
    """A multinomial logit against the first category."""
    outcome, _ = split(asked.formula)
    name = r_name(outcome)
    lines = ["library(svyVGAM)  # not part of survey"]
    if setting.column(outcome) is None:
        lines.append(f"design <- update(design, {name} = factor({name}))")
    lines += [
        f"model <- svy_vglm({r_formula(asked.formula)}, design = design,",
        "  family = VGAM::multinomial(refLevel = 1))",
        "print(summary(model))",
    ]
    if asked.wald or asked.effects:
        lines.append("# svyVGAM has no joint test of terms and no marginal effects")
    return lines


def list_experiment(setting: Setting, asked: Asked) -> list[str]:
    """A list experiment: difference in means, or the regression of Blair and Imai (2012)."""
    count, treatment = asked.variables
    if asked.method != "ml":
        return [
            f"model <- svyglm({r_name(count)} ~ {r_name(treatment)}, design)",
            "print(summary(model))  # the coefficient is the share that holds the sensitive item",
        ]
    formula = r_formula(asked.formula or f"`{count}` ~ 1")
    names = [*names_in(formula), treatment]
    weight = setting.design("weight")
    said = f", weights = {r_text(weight[0])}" if weight else ""
    return [
        "# the package list knows weights but neither strata nor clusters nor replicates:",
        "# its standard errors are of a simple random sample",
        f"complete <- data[complete.cases(data[, {r_vector(map(r_text, names))}]), ]",
        f"model <- list::ictreg({formula}, data = complete, treat = {r_text(treatment)},",
        f'  J = {asked.items}, method = "ml"{said})',
        "print(summary(model))",
    ]


MODEL_LINES = {"linear": model, "logit": model, "ordinal": ordinal, "multinomial": multinomial}
