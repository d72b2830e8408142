"""Estimates, crosstabs, differences and correlations in R's words."""

from __future__ import annotations

from itertools import combinations

from scslab.analysis.show_code.common import Asked, Setting
from scslab.analysis.show_code.quoting import number, r_name, r_text, r_vector
from scslab.analysis.show_code.r import tilde

FUNCTION = {
    "mean": "svymean", "total": "svytotal", "sd": "svyvar", "ratio": "svyratio",
    "quantile": "svyquantile",
}  # fmt: skip


def estimate_lines(setting: Setting, asked: Asked) -> list[str]:
    """Means, totals, ratios, quantiles and shares, by groups or not, one variable a call.

    R drops a row where any variable of one call is missing, so each variable has its own call.
    """
    if asked.kind == "share" and not asked.level:
        return [line for name in asked.variables for line in all_shares(setting, asked, name)]
    if asked.kind == "ratio":
        half = len(asked.variables) // 2
        pairs = zip(asked.variables[:half], asked.variables[half:], strict=True)
        targets = [f"{tilde((top,))}, denominator = {tilde((bottom,))}" for top, bottom in pairs]
    elif asked.kind == "share":
        name = asked.variables[0]
        targets = [f"~I({r_name(name)} == {level(setting, name, asked.level)})"]
    else:
        targets = [tilde((name,)) for name in asked.variables]
    lines: list[str] = []
    for target in targets:
        lines += by_groups(asked, target) if asked.by else whole(setting, asked, target)
    return lines


def effect(setting: Setting, asked: Asked) -> str:
    """The design effect, where R counts the right respondents.

    In a domain of a calibrated design R keeps everybody with a weight of 0, and counts them.
    """
    return "" if asked.domain or setting.steps else ", deff = TRUE"


def all_shares(setting: Setting, asked: Asked, name: str) -> list[str]:
    """Shares of every answer: estimates of all at once, then the interval of each."""
    x, method = r_name(name), r_text(asked.method or "logit")
    said = []
    if asked.method == "wilson":
        said = ["# Wilson's interval needs survey 4.2 or later; earlier versions show the logit's"]
        method = 'if (packageVersion("survey") >= "4.2") "wilson" else "logit"'
    one = "svyciprop(~is_answer_, one, method = method)"
    if asked.by:
        groups = tilde(asked.by)
        estimate = f"svyby(~{x}, {groups}, valid, svymean, na.rm = TRUE)"
        one = f'svyby(~is_answer_, {groups}, one, svyciprop, method = method,\n    vartype = "ci")'
    else:
        estimate = f"svymean(~{x}, valid, na.rm = TRUE{effect(setting, asked)})"
    return [
        f"valid <- subset(design, !is.na({x}))",
        f"estimate <- {estimate}",
        "print(estimate)",
        *said,
        f"method <- {method}  # of the intervals, which follow for each answer",
        f"for (answer_ in levels(valid$variables${x})) {{",
        f"  one <- update(valid, is_answer_ = as.numeric({x} %in% answer_))",
        '  cat(answer_, "\\n")',
        f"  print({one})",
        "}",
    ]


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


def whole(setting: Setting, asked: Asked, target: str) -> list[str]:
    """One estimate for all."""
    if asked.kind == "share":
        return [
            *wilson_lines(asked),
            f"estimate <- svyciprop({target}, design{options(asked)})",
            "print(estimate)",
            "print(SE(estimate))",
        ]
    deff = effect(setting, asked) if asked.kind in ("mean", "total") else ""
    lines = [f"estimate <- {FUNCTION[asked.kind]}({target}, design{options(asked)}{deff})"]
    if asked.kind == "sd":
        return [*lines, *root_lines("SE(estimate)")]
    if asked.kind == "quantile":
        return [*lines, "print(estimate)", "print(SE(estimate))"]
    return [*lines, "print(estimate)", "print(confint(estimate, df = degf(design)))"]


def root_lines(error: str) -> list[str]:
    """A standard deviation from a variance, by the delta method."""
    return [
        "sd <- sqrt(coef(estimate))",
        f"print(cbind(sd = sd, SE = as.vector({error}) / (2 * sd)))",
    ]


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
    lines = [
        f"estimate <- svyby({target}, by = {groups}, design = design, "
        f"FUN = {FUNCTION[asked.kind]}{options(asked)})",
    ]
    if asked.kind == "sd":
        return [*lines, *root_lines("SE(estimate)")]
    return [*lines, "print(estimate)", "print(confint(estimate, df = degf(design)))"]


STATISTIC = {"F": "F", "chisq": "Chisq", "wald": "Wald", "adjwald": "adjWald"}


def crosstab(setting: Setting, asked: Asked) -> list[str]:
    """A table of weighted shares with standard errors, and its test."""
    rows, columns = asked.variables
    both = tilde(asked.variables)
    part = {
        "row": (", 1", f"svyby({tilde((columns,))}, {tilde((rows,))}, design, svymean", "in rows"),
        "column": (
            ", 2", f"svyby({tilde((rows,))}, {tilde((columns,))}, design, svymean", "in columns",
        ),
        "total": (
            "", f"svymean(~interaction({r_name(rows)}, {r_name(columns)}), design", "of all",
        ),
    }[asked.percent]  # fmt: skip
    within = {"in rows": "within rows", "in columns": "within columns"}.get(part[2], part[2])
    return [
        f"counts <- svytable({both}, design)",
        f"print(prop.table(counts{part[0]}))",
        f"estimate <- {part[1]}, na.rm = TRUE)",
        f"print(estimate)  # shares {within}, with standard errors",
        f'test <- svychisq({both}, design, statistic = "{STATISTIC[asked.test]}")',
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


def differences(setting: Setting, asked: Asked) -> list[str]:
    """All pairs of groups from one model of their means, and the test that all are equal."""
    x, group = (r_name(name) for name in asked.variables)
    outcome = f"as.numeric({x} == {level(setting, asked.variables[0], asked.level)})"
    outcome = outcome if asked.level else x
    levels = r_vector(map(r_text, asked.groups))
    made = f"factor({group}, levels = {levels})" if asked.groups else f"factor({group})"
    return [
        f"valid <- subset(design, !is.na({x}) & !is.na({group}))",
        f"valid <- update(valid, outcome_ = {outcome}, group_ = {made})",
        "means <- svyglm(outcome_ ~ 0 + group_, valid)  # the mean of each group",
        "groups <- levels(valid$variables$group_)",
        "pairs <- combn(length(groups), 2)",
        "contrasts <- lapply(seq_len(ncol(pairs)), function(k)",
        "  replace(numeric(length(groups)), pairs[, k], c(-1, 1)))",
        'names(contrasts) <- paste(groups[pairs[2, ]], "-", groups[pairs[1, ]])',
        "contrasts <- do.call(rbind, contrasts)",
        "estimate <- drop(contrasts %*% coef(means))",
        "SE <- sqrt(diag(contrasts %*% vcov(means) %*% t(contrasts)))",
        "t <- estimate / SE",
        "p <- 2 * pt(-abs(t), means$df.residual)",
        'print(cbind(estimate, SE, t, p, adjusted = p.adjust(p, "holm")))',
        "test <- regTermTest(svyglm(outcome_ ~ group_, valid), ~group_)",
        "print(test)  # that all groups are equal",
    ]


def correlation(setting: Setting, asked: Asked) -> list[str]:
    """Correlations with their linearised standard errors, by way of means of products."""
    valid = " & ".join(f"!is.na({r_name(name)})" for name in asked.variables)
    lines = [
        "# R's survey has no correlation with a standard error: it is a function of five means",
        f"every <- subset(design, {valid})",
    ]
    inner: list[str] = []
    for first, second in combinations(asked.variables, 2):
        x, y = r_name(first), r_name(second)
        inner += [
            f"at <- coef(svymean(~{x} + {y}, both))",
            f"pair <- update(both, c_x = {x} - at[1], c_y = {y} - at[2])",
            "pair <- update(pair, c_xx = c_x^2, c_yy = c_y^2, c_xy = c_x * c_y)",
            "means <- svymean(~c_x + c_y + c_xx + c_yy + c_xy, pair)",
            "estimate <- svycontrast(means, quote(",
            "  (c_xy - c_x * c_y) / sqrt((c_xx - c_x^2) * (c_yy - c_y^2))))",
            "print(estimate)",
        ]
    if not asked.by:
        return [*lines, "both <- every", *inner]
    by = ", ".join(r_name(name) for name in asked.by)
    return [
        *lines,
        f"every <- update(every, group_ = interaction({by}, drop = TRUE, lex.order = TRUE))",
        "for (name_ in levels(every$variables$group_)) {",
        "  both <- subset(every, group_ == name_)",
        '  cat(name_, "\\n")',
        *(f"  {line}" for line in inner),
        "}",
    ]
