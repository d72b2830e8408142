"""Estimates and models in Stata's words."""

from __future__ import annotations

from scslab.analysis.show_code.common import Asked, Setting
from scslab.analysis.show_code.formula import StataTerms, r_side, split, stata_side, tokens
from scslab.analysis.show_code.quoting import number, stata_comment
from scslab.analysis.show_code.stata import DOMAIN
from scslab.analysis.show_code.stata_names import Names

METHODS = {"logit": "logit", "wilson": "wilson", "beta": "exact", "mean": "normal"}


def stata_asked(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """Lines that make one computation after svyset."""
    if asked.kind in ("mean", "total", "sd", "ratio", "quantile", "share"):
        return estimate_lines(setting, asked, names)
    return {
        "crosstab": crosstab,
        "difference": difference,
        "differences": differences,
        "correlation": correlation,
        "linear": model,
        "logit": model,
        "ordinal": ordinal,
        "multinomial": model,
        "list": list_experiment,
    }[asked.kind](setting, asked, names)


def svy(asked: Asked) -> str:
    """The prefix, with the domain."""
    return f"svy, subpop({DOMAIN}): " if asked.domain else "svy: "


def shown(setting: Setting, name: str, names: Names) -> str:
    """A variable as estimates name it: the numbered version of categories."""
    return names.factor[name] if setting.column(name) else names.of[name]


def over(setting: Setting, asked: Asked, names: Names) -> str:
    """The groups of an estimate."""
    if not asked.by:
        return ""
    return f", over({' '.join(shown(setting, name, names) for name in asked.by)})"


def estimate_lines(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """Means, totals, ratios, quantiles and shares, one variable a command."""
    groups = over(setting, asked, names)
    if asked.kind == "ratio":
        half = len(asked.variables) // 2
        pairs = zip(asked.variables[:half], asked.variables[half:], strict=True)
        return [
            f"{svy(asked)}ratio ({names.of[top]} / {names.of[bottom]}){groups}"
            for top, bottom in pairs
        ]
    if asked.kind == "quantile":
        return quantile(setting, asked, names)
    if asked.kind == "share":
        method = METHODS.get(asked.method or "logit")
        note = [] if method else [f"* Stata has no interval of kind {stata_comment(asked.method)}"]
        end = f"{groups or ','} citype({method or 'logit'})"
        if asked.level:
            note.append(f"* the share of {stata_comment(asked.level)} is the line of that category")
        if asked.reasons:
            note.append("* the table shows missing answers by their reasons; these are shares of")
            note.append("* valid answers alone")
        return [
            *note,
            *(
                f"{svy(asked)}proportion {shown(setting, name, names)}{end}"
                for name in asked.variables
            ),
        ]
    lines = []
    for name in asked.variables:
        if asked.kind == "sd":
            lines += [f"{svy(asked)}mean {names.of[name]}{groups}", "estat sd"]
            continue
        if name not in asked.numbers and setting.column(name) and asked.kind == "mean":
            lines.append(f"{svy(asked)}proportion {names.factor[name]}{groups}")
        elif name not in asked.numbers and setting.column(name):
            lines.append(f"{svy(asked)}total ibn.{names.factor[name]}{groups}")
        else:
            lines.append(f"{svy(asked)}{asked.kind} {names.of[name]}{groups}")
        lines.append("estat effects, deff")
    return lines


def quantile(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """Stata gives the points only."""
    weight = setting.design("weight")
    given = f" [pweight = {names.of[weight[0]]}]" if weight else ""
    points = ", ".join(number(100 * q) for q in asked.quantiles)
    which = f" if {DOMAIN}" if asked.domain else ""
    lines = ["* Stata has no svy: quantile, so there is no standard error here (see R)"]
    if asked.by:
        lines.append("* repeat with an if for each group")
    for name in asked.variables:
        lines += [
            f"_pctile {names.of[name]}{given}{which}, percentiles({points})",
            *(f"display r(r{k})" for k in range(1, len(asked.quantiles) + 1)),
        ]
    return lines


def crosstab(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """Shares with standard errors and the test."""
    both = " ".join(shown(setting, name, names) for name in asked.variables)
    part = {"row": "row", "column": "column", "total": "cell"}[asked.percent]
    test = {"wald": "wald noadjust", "adjwald": "wald"}.get(asked.test, "pearson")
    said = ["* the corrected chi-squared of the table is the F of Stata's output"]
    return [
        *(said if asked.test == "chisq" else []),
        f"{svy(asked)}tabulate {both}, {part} se ci obs {test}",
    ]


def differences(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """All pairs of groups from one regression, and the test that all are equal."""
    outcome, group = asked.variables
    y, g = names.of[outcome], shown(setting, group, names)
    lines = []
    if asked.level and (column := setting.column(outcome)) is not None:
        here = [label for _, label in column.pairs].index(asked.level) + 1
        made = names.factor[outcome]
        lines = [f"generate byte answer_ = ({made} == {here}) if !missing({made})"]
        y = "answer_"
    return [
        *lines,
        f"{svy(asked)}regress {y} i.{g}",
        f"testparm i.{g}",
        f"pwcompare {g}, effects  // Stata adjusts p by Bonferroni: mcompare(bonferroni); not Holm",
    ]


def difference(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """A difference of two groups as the coefficient of one."""
    outcome, group = asked.variables
    column = setting.column(group)
    if column is None or not asked.level:
        return [f"{svy(asked)}regress {names.of[outcome]} i.{shown(setting, group, names)}"]
    labels = [label for _, label in column.pairs]
    made = names.factor[group]
    here = labels.index(asked.level) + 1
    if not asked.base:
        return [
            f"generate byte group_ = ({made} == {here}) if !missing({made})",
            f"{svy(asked)}regress {names.of[outcome]} group_",
        ]
    base = labels.index(asked.base) + 1
    extra = f" & {DOMAIN}" if asked.domain else ""
    return [
        f"generate byte two_groups_ = inlist({made}, {base}, {here}){extra}",
        f"generate byte group_ = ({made} == {here})",
        f"svy, subpop(two_groups_): regress {names.of[outcome]} group_",
    ]


def correlation(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """Correlations as standardised covariances of a model without paths."""
    names_of = [names.of[name] for name in asked.variables]
    both, listed = " ".join(names_of), ",".join(names_of[:2])
    said = ["* repeat in each group, with its condition in the subpop()"] if asked.by else []
    return [*said, f"{svy(asked)}sem ( <- {both}), standardized  // cov({listed})"]


def right_side(setting: Setting, asked: Asked, names: Names) -> tuple[str, StataTerms]:
    """The outcome and the terms."""
    outcome, found = split(asked.formula)
    return outcome, stata_side(found, setting, names.of, factors_of(setting, asked, names))


def factors_of(setting: Setting, asked: Asked, names: Names) -> dict[str, str]:
    """The numbered versions of the categories of a model, with the reference: "b2.c_x".

    Variables that the model takes as numbers are not among them.
    """
    found = {k: f"i.{v}" for k, v in names.factor.items() if k not in asked.numbers}
    for name, label in asked.reference:
        column = setting.column(name)
        if column is not None and name in found:
            place = [text for _, text in column.pairs].index(label) + 1
            found[name] = f"ib{place}.{names.factor[name]}"
    return found


def lost_lines(side: StataTerms) -> list[str]:
    """What could not be translated."""
    if not side.lost:
        return []
    return [
        f"* left out, as Stata writes it otherwise: {stata_comment('; '.join(side.lost))}",
        "* so this is not the same model: make these terms as variables first",
    ]


def after_model(setting: Setting, asked: Asked, names: Names, levels: int = 0) -> list[str]:
    """Joint tests and marginal effects."""
    lines: list[str] = []
    if asked.wald:
        found: list[str] = []
        for term in asked.wald:
            factors = factors_of(setting, asked, names)
            found += stata_side(tokens(term), setting, names.of, factors).terms
        lines.append(f"testparm {' '.join(found).replace('##', '#')}")
    if asked.effects:
        variables = " ".join(
            names.of[name] if name in asked.numbers else shown(setting, name, names)
            for name in asked.effects
        )
        inside = f" subpop({DOMAIN})" if asked.domain else ""
        if any(f"{call}(" in asked.formula for call in ("log", "sqrt", "exp")):
            lines.append("* margins does not see through variables made before the model")
        outcomes = [f" predict(outcome(#{k}))" for k in range(1, levels + 1)] or [""]
        lines += [
            f"margins, dydx({variables}) vce(unconditional){inside}{outcome}"
            for outcome in outcomes
        ]
    return lines


COMMANDS = {"linear": "regress", "logit": "logit", "multinomial": "mlogit"}


def model(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """Linear, logit and multinomial models."""
    outcome, side = right_side(setting, asked, names)
    lines = [*lost_lines(side), *side.before]
    column = setting.column(outcome)
    y = shown(setting, outcome, names)
    if asked.kind == "logit" and column is not None:
        # R takes the first category as the failure; Stata takes 0.
        lines.append(f"generate byte outcome_ = ({y} > 1) if !missing({y})")
        y = "outcome_"
    end = "" if side.constant else ", noconstant"
    if asked.kind == "multinomial":
        end = f", baseoutcome(1){' noconstant' if not side.constant else ''}"
    levels = len(column.pairs) if column and asked.kind == "multinomial" else 0
    return [
        *lines,
        f"{svy(asked)}{COMMANDS[asked.kind]} {' '.join([y, *side.terms])}{end}",
        *after_model(setting, asked, names, levels),
    ]


def ordinal(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """Ordinal regression, by the links that Stata has."""
    outcome, side = right_side(setting, asked, names)
    words = " ".join([shown(setting, outcome, names), *side.terms])
    column = setting.column(outcome)
    before = [*lost_lines(side), *side.before]
    after = after_model(setting, asked, names, len(column.pairs) if column else 0)
    if asked.link in ("logit", "probit"):
        return [*before, f"{svy(asked)}o{asked.link} {words}", *after]
    if asked.link == "cloglog":
        return [
            *before,
            "* Stata's link is of the probability of a higher category: compare signs before use",
            f"{svy(asked)}meglm {words}, family(ordinal) link(cloglog)",
            *after,
        ]
    return [
        *before,
        f"* Stata has no ordinal model with the {asked.link} link under svy, so none is shown",
    ]


def list_experiment(setting: Setting, asked: Asked, names: Names) -> list[str]:
    """A list experiment as a difference in means."""
    count, treatment = (names.of[name] for name in asked.variables)
    if asked.method == "ml":
        covariates = r_side(split(asked.formula)[1]) if asked.formula else "1"
        return [
            "* Stata has no maximum-likelihood list experiment under svy (user-written: kict);",
            f"* wanted: {stata_comment(covariates)}; the difference in means follows",
            f"{svy(asked)}regress {count} {treatment}",
        ]
    return [f"{svy(asked)}regress {count} {treatment}"]
