"""Estimates and models in R's words."""

from __future__ import annotations

from scslab.analysis.show_code.common import Asked, Setting
from scslab.analysis.show_code.formula import names_in, r_formula, r_side, split, tokens
from scslab.analysis.show_code.quoting import number, one_line, r_name, r_text, r_vector
from scslab.analysis.show_code.r import tilde

FUNCTION = {"mean": "svymean", "total": "svytotal", "ratio": "svyratio", "quantile": "svyquantile"}


def r_asked(setting: Setting, asked: Asked) -> list[str]:
    """Lines that make and print one computation from `design`."""
    if asked.kind in ("mean", "total", "ratio", "quantile", "share"):
        return estimate_lines(setting, asked)
    return {
        "crosstab": crosstab,
        "difference": difference,
        "correlation": correlation,
        "linear": model,
        "logit": model,
        "ordinal": ordinal,
        "multinomial": multinomial,
        "list": list_experiment,
    }[asked.kind](setting, asked)


def estimate_lines(setting: Setting, asked: Asked) -> list[str]:
    """Means, totals, ratios, quantiles and shares, by groups or not, one variable a call.

    R drops a row where any variable of one call is missing, so each variable has its own call.
    """
    if asked.kind == "ratio":
        top, bottom = (tilde((name,)) for name in asked.variables)
        targets = [f"{top}, denominator = {bottom}"]
    elif asked.kind == "share":
        name = asked.variables[0]
        targets = [f"~I({r_name(name)} == {level(setting, name, asked.level)})"]
    else:
        targets = [tilde((name,)) for name in asked.variables]
    lines: list[str] = []
    for target in targets:
        lines += by_groups(asked, target) if asked.by else whole(asked, target)
    return lines


def level(setting: Setting, name: str, text: str) -> str:
    """A category as R compares it: by label, or by number for a variable without categories."""
    if setting.column(name) is None:
        try:
            return number(float(text))
        except ValueError:
            return r_text(text)
    return r_text(text)


def options(asked: Asked) -> str:
    """What a kind of estimate is given beside variables and design."""
    if asked.kind == "quantile":
        return f", quantiles = {r_vector(map(number, asked.quantiles))}, na.rm = TRUE"
    if asked.kind == "share":
        return f", method = {r_text(asked.method or 'logit')}"
    return ", na.rm = TRUE"


def wilson_lines(asked: Asked) -> list[str]:
    """A note where the interval needs a newer package."""
    if asked.kind == "share" and asked.method == "wilson":
        return ['# method = "wilson" needs survey 4.2 or later; earlier versions stop here']
    return []


def whole(asked: Asked, target: str) -> list[str]:
    """One estimate for all."""
    if asked.kind == "share":
        return [
            *wilson_lines(asked),
            f"estimate <- svyciprop({target}, design{options(asked)})",
            "print(estimate)",
            "print(SE(estimate))",
        ]
    effect = ", deff = TRUE" if asked.kind in ("mean", "total") else ""
    lines = [
        f"estimate <- {FUNCTION[asked.kind]}({target}, design{options(asked)}{effect})",
        "print(estimate)",
    ]
    if asked.kind == "quantile":
        return [*lines, "print(SE(estimate))"]
    return [*lines, "print(confint(estimate, df = degf(design)))"]


def by_groups(asked: Asked, target: str) -> list[str]:
    """One estimate for each group."""
    groups = tilde(asked.by)
    if asked.kind in ("quantile", "share"):
        function = "svyciprop" if asked.kind == "share" else "svyquantile"
        extra = ', ci = TRUE, vartype = c("se", "ci")' if asked.kind == "quantile" else ""
        extra = ', vartype = c("se", "ci")' if asked.kind == "share" else extra
        return [
            *wilson_lines(asked),
            f"estimate <- svyby({target}, {groups}, design, {function}{options(asked)}{extra})",
            "print(estimate)",
        ]
    return [
        f"estimate <- svyby({target}, by = {groups}, design = design, "
        f"FUN = {FUNCTION[asked.kind]}{options(asked)})",
        "print(estimate)",
        "print(confint(estimate, df = degf(design)))",
    ]


def crosstab(setting: Setting, asked: Asked) -> list[str]:
    """A table of weighted counts, row shares with standard errors, the Rao-Scott test."""
    rows, columns = asked.variables
    return [
        f"counts <- svytable({tilde(asked.variables)}, design)",
        "print(prop.table(counts, 1))",
        f"estimate <- svyby({tilde((columns,))}, {tilde((rows,))}, design, svymean, na.rm = TRUE)",
        "print(estimate)  # shares within rows, with standard errors",
        f'test <- svychisq({tilde(asked.variables)}, design, statistic = "F")',
        "print(test)",
    ]


def difference(setting: Setting, asked: Asked) -> list[str]:
    """Two groups by the design-based t-test."""
    outcome, group = asked.variables
    if not asked.level:
        return [
            f"test <- svyttest({r_name(outcome)} ~ {r_name(group)}, design)  # two groups",
            "print(test)",
        ]
    here, base = (level(setting, group, text) for text in (asked.level, asked.base))
    which = "design"
    if asked.base:
        which = f"subset(design, {r_name(group)} %in% c({base}, {here}))"
    return [
        f"test <- svyttest({r_name(outcome)} ~ I({r_name(group)} == {here}), {which})",
        "print(test)",
    ]


def correlation(setting: Setting, asked: Asked) -> list[str]:
    """A correlation with its linearised standard error, by way of means of products."""
    x, y = (r_name(name) for name in asked.variables)
    return [
        "# R's survey has no correlation with a standard error: it is a function of five means",
        f"both <- subset(design, !is.na({x}) & !is.na({y}))",
        f"at <- coef(svymean(~{x} + {y}, both))",
        f"both <- update(both, c_x = {x} - at[1], c_y = {y} - at[2])",
        "both <- update(both, c_xx = c_x^2, c_yy = c_y^2, c_xy = c_x * c_y)",
        "means <- svymean(~c_x + c_y + c_xx + c_yy + c_xy, both)",
        "estimate <- svycontrast(means, quote(",
        "  (c_xy - c_x * c_y) / sqrt((c_xx - c_x^2) * (c_yy - c_y^2))))",
        "print(estimate)",
    ]


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
        *notes,
        f"model <- svyolr({formula}, design, method = {r_text(method)},",
        "  control = list(reltol = 1e-14, maxit = 1000))  # the default stops early",
        "print(summary(model))",
        f"print({sign}model$coefficients)",
        *after_model(asked),
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
