"""Shown R and Stata code: what it says for each kind, and that no text can break out of it.

`tests/reference/run_shown_code.py` runs the R code and compares it with R called directly.
"""

import ast
import re

import numpy as np
import pandas as pd
import pytest

from scslab.analysis.design import Replicates
from scslab.analysis.show_code import (
    Asked,
    Column,
    Domain,
    Setting,
    Step,
    columns_of,
    design_code,
    show_code,
)
from scslab.analysis.show_code.formula import r_formula, tokens
from scslab.analysis.show_code.quoting import (
    number,
    r_name,
    r_text,
    stata_comment,
    stata_exact,
    stata_names,
    stata_shown,
)
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, MissingCode, Variable
from scslab.survey.screen import Clause

STYPE = Column("stype", labels=("E", "H", "M"))
WIDE = Column("sch.wide", codes=(1, 2), labels=("No", "Yes"), missing=(9,))
LEVEL = Column("level", codes=("p", "m", "g"), labels=("poor", "middling", "good"))
ABOUT = (("weight", "pw"), ("clusters", "dnum"), ("fpc", "fpc"))
SETTING = Setting("api.csv", ABOUT, columns=(STYPE, WIDE, LEVEL))
HIGH = Domain((Clause("api99", ">", 600), Clause("stype", "in", ("E", "M"))))


def tail(setting: Setting, asked: Asked) -> tuple[list[str], list[str]]:
    """What follows the design, in R and in Stata."""
    code = show_code(setting, asked)
    return tuple(code[tool].split("\n\n", 1)[1].splitlines() for tool in ("R", "Stata"))  # type: ignore[return-value]


def test_design_of_a_csv_file() -> None:
    code = design_code(ABOUT, "api.csv", columns=(WIDE,))
    assert code["R"].splitlines() == [
        "# Made by scslab. Runs as it stands beside api.csv",
        "library(survey)",
        'data <- read.csv("api.csv", check.names = FALSE, na.strings = "", encoding = "UTF-8")',
        "data$sch.wide[data$sch.wide %in% 9] <- NA",
        'data$sch.wide <- factor(data$sch.wide, levels = c(1, 2), labels = c("No", "Yes"))',
        'options(survey.lonely.psu = "fail")',
        "design <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = data)",
    ]
    assert code["Stata"].splitlines() == [
        "* Made by scslab. Runs as it stands beside api.csv",
        "version 17",
        'import delimited using "api.csv", clear varnames(1) case(preserve) asdouble '
        'encoding("UTF-8")',
        "* sch.wide is called sch_wide here",
        "capture rename schwide sch_wide",
        "replace sch_wide = . if sch_wide == 9",
        "generate int c_sch_wide = .",
        "replace c_sch_wide = 1 if sch_wide == 1",
        "replace c_sch_wide = 2 if sch_wide == 2",
        'label define c_sch_wide 1 "No" 2 "Yes", replace',
        "label values c_sch_wide c_sch_wide",
        "* singleunit(missing) gives no standard error where a stratum has one cluster",
        "svyset dnum [pweight = pw], fpc(fpc) singleunit(missing)",
    ]


@pytest.mark.parametrize(
    ("file", "r", "stata"),
    [
        ("a.sav", 'haven::read_sav("a.sav")', 'import spss using "a.sav", clear'),
        ("a.ZSAV", 'haven::read_sav("a.ZSAV")', 'import spss using "a.ZSAV", clear'),
        ("a.dta", 'haven::read_dta("a.dta")', 'use "a.dta", clear'),
        ("a.parquet", 'arrow::read_parquet("a.parquet")', 'use "a.dta", clear'),
    ],
)
def test_files(file: str, r: str, stata: str) -> None:
    code = design_code(ABOUT, file, columns=(WIDE,))
    assert r in code["R"]
    assert stata in code["Stata"]
    assert ("%in% 9" in code["R"]) == (file == "a.parquet")  # haven has done it already


@pytest.mark.parametrize(
    ("about", "r", "stata"),
    [
        ([], "svydesign(ids = ~1, weights = ~1, data = data)", "svyset _n, singleunit(missing)"),
        (
            [("weight", "w"), ("strata", "s 1 + s2"), ("clusters", "a + b"), ("nest", "True")],
            "svydesign(ids = ~a + b, strata = ~`s 1` + s2, weights = ~w, nest = TRUE, data = data)",
            "svyset a [pweight = w], strata(s_1) singleunit(missing) || b, strata(s2)",
        ),
        (
            [("clusters", "a + b"), ("fpc", "N + M")],
            "svydesign(ids = ~a + b, fpc = ~N + M, data = data)",
            "svyset a [pweight = weight_], fpc(N) singleunit(missing) || b, fpc(M)",
        ),
    ],
)
def test_designs(about: list, r: str, stata: str) -> None:
    code = design_code(about, "a.csv")
    assert code["R"].splitlines()[-1] == "design <- " + r
    assert code["Stata"].splitlines()[-1] == stata


@pytest.mark.parametrize(
    ("lonely", "single"),
    [
        ("fail", "missing"),
        ("remove", "certainty"),
        ("certainty", "certainty"),
        ("adjust", "centered"),
        ("average", "scaled"),
    ],
)
def test_lonely_clusters(lonely: str, single: str) -> None:
    code = design_code(ABOUT, "a.csv", lonely)  # type: ignore[arg-type]
    assert f'options(survey.lonely.psu = "{lonely}")' in code["R"]
    assert f"singleunit({single})" in code["Stata"].splitlines()[-1]


def replicates(kind: str, scale: float, rscales: object = 1.0, mse: bool = False) -> Replicates:
    return Replicates(np.ones((3, 4)), scale, np.broadcast_to(rscales, 4), mse, kind)


def test_replicate_weights_in_the_file() -> None:
    about = [("weight", "pw"), ("replicates", "r1 + r2 + r3 + r4")]
    code = design_code(about, "a.csv", replicates=replicates("bootstrap", 0.25, mse=True))
    assert code["R"].splitlines()[-5:] == [
        'replicates <- data[, c("r1", "r2", "r3", "r4")]',
        "design <- svrepdesign(",
        "  weights = ~pw, repweights = replicates, data = data,",
        '  type = "other", scale = 0.25, rscales = rep(1, 4),',
        "  combined.weights = TRUE, mse = TRUE)",
    ]
    end = "svyset [pweight = pw], "
    assert code["Stata"].splitlines()[-1] == (
        end + "jkrweight(r1 r2 r3 r4, multiplier(0.25)) vce(jackknife) mse"
    )
    fay = design_code(about, "a.csv", replicates=replicates("Fay", 1 / (4 * 0.7**2)))
    assert fay["Stata"].splitlines()[-1] == end + "brrweight(r1 r2 r3 r4) fay(0.3) vce(brr)"
    uneven = design_code(about, "a.csv", replicates=replicates("JKn", 1.0, [0.5, 0.5, 0.8, 0.8]))
    assert "rscales = c(0.5, 0.5, 0.8, 0.8)" in uneven["R"]
    assert "char r3[jk_multiplier] 0.8" in uneven["Stata"]


def test_replicate_weights_made() -> None:
    code = design_code(ABOUT, "a.csv", replicates=replicates("JK1", 0.75))
    assert code["R"].splitlines()[-1] == (
        'design <- as.svrepdesign(design, type = "JK1", mse = FALSE)'
    )
    assert code["Stata"].splitlines()[-1].endswith("singleunit(missing) vce(jackknife)")
    boot = design_code(ABOUT, "a.csv", replicates=replicates("bootstrap", 0.25))
    assert 'type = "bootstrap", replicates = 4' in boot["R"]
    assert "# bootstrap weights are drawn anew" in boot["R"]
    assert "* Stata makes no bootstrap replicates" in boot["Stata"]
    fay = design_code(ABOUT, "a.csv", replicates=replicates("Fay", 1 / (4 * 0.7**2)))
    assert 'type = "Fay", fay.rho = 0.3, mse = FALSE' in fay["R"]


MARGINS = {"stype": {"E": 4421.0, "H": 755.0, "M": 1018.0}, "age": {"old": 1000.0, "new": 5194.0}}


def test_raking() -> None:
    code = design_code(ABOUT, "a.csv", steps=[Step("rake", MARGINS)])
    assert code["R"].splitlines()[-6:] == [
        "design <- rake(",
        "  design, sample.margins = list(~stype, ~age),",
        "  population.margins = list(",
        '    data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018), check.names = FALSE),',
        '    data.frame(age = c("old", "new"), Freq = c(1000, 5194), check.names = FALSE)),',
        "  control = list(maxit = 500, epsilon = 1e-10))  # the default epsilon leaves margins off",
    ]
    assert 'data$age <- factor(data$age, levels = c("old", "new"))' in code["R"]
    assert (
        code["Stata"]
        .splitlines()[-1]
        .endswith(
            "rake(c_stype_2 c_stype_3 c_age_2, "
            "totals(c_stype_2=755 c_stype_3=1018 c_age_2=5194 _cons=6194))"
        )
    )
    shares = design_code(ABOUT, "a.csv", steps=[Step("rake", MARGINS, shares=True)])
    assert "Freq = c(1000, 5194) * sum(weights(design))" in shares["R"]


def test_a_cap_inside_raking_is_kept_by_rounds_of_ones_own() -> None:
    code = design_code(ABOUT, "a.csv", steps=[Step("rake", MARGINS, cap=2.0)])
    assert "    w <- pmin(w * as.vector(target[x] / have[x]), 2)" in code["R"]
    assert code["R"].index("pmin(") < code["R"].index("design <- rake(")
    assert "* svyset cannot hold weights at 2 times" in code["Stata"]
    made = design_code(
        ABOUT, "a.csv", replicates=replicates("JK1", 0.75), steps=[Step("rake", MARGINS, cap=2.0)]
    )
    assert "pmin(" not in made["R"]
    assert "# so figures differ from the table's" in made["R"]


def test_shares_without_a_level_are_of_every_answer() -> None:
    in_r, in_stata = tail(SETTING, Asked("share", ("stype", "level"), by=("sch.wide",)))
    assert "estimate <- svyby(~stype, ~sch.wide, valid, svymean, na.rm = TRUE)" in in_r
    assert "for (answer_ in levels(valid$variables$level)) {" in in_r
    assert not any('== "")' in line for line in in_r)
    assert "svy: proportion c_stype, over(c_sch_wide) citype(logit)" in in_stata
    assert "svy: proportion c_level, over(c_sch_wide) citype(logit)" in in_stata
    whole, _ = tail(SETTING, Asked("share", ("stype",), method="wilson"))
    assert any('packageVersion("survey") >= "4.2"' in line for line in whole)


def test_missing_answers_shown_are_levels() -> None:
    setting = Setting("a.sav", ABOUT, columns=(WIDE,))
    asked = Asked("share", ("sch.wide",), reasons=(("sch.wide", ((9, "refused"),)),))
    code = show_code(setting, asked)
    assert 'shown[is.na(shown) & codes %in% 9] <- "refused"' in code["R"]
    assert "user_na = TRUE" in code["R"]
    assert "* valid answers alone" in code["Stata"]


def test_standard_deviations_and_several_ratios() -> None:
    in_r, in_stata = tail(SETTING, Asked("sd", ("api00",)))
    assert "estimate <- svyvar(~api00, design, na.rm = TRUE)" in in_r
    assert "sd <- sqrt(coef(estimate))" in in_r
    assert in_stata[:2] == ["svy: mean api00", "estat sd"]
    in_r, in_stata = tail(SETTING, Asked("ratio", ("a", "b", "c", "d")))
    assert sum("svyratio(~b, denominator = ~d" in line for line in in_r) == 1
    assert in_stata[:2] == ["svy: ratio (a / c)", "svy: ratio (b / d)"]


@pytest.mark.parametrize(
    ("test", "percent", "r", "shares", "stata"),
    [
        ("wald", "column", "Wald", "prop.table(counts, 2)", "column se ci obs wald noadjust"),
        ("adjwald", "total", "adjWald", "prop.table(counts)", "cell se ci obs wald"),
        ("chisq", "row", "Chisq", "prop.table(counts, 1)", "row se ci obs pearson"),
    ],
)
def test_crosstabs_have_their_test_and_shares(
    test: str, percent: str, r: str, shares: str, stata: str
) -> None:
    asked = Asked("crosstab", ("stype", "level"), test=test, percent=percent)  # type: ignore[arg-type]
    in_r, in_stata = tail(SETTING, asked)
    assert any(f'statistic = "{r}"' in line for line in in_r)
    assert f"print({shares})" in in_r
    assert in_stata[-1].endswith(stata)


def test_differences_of_all_pairs() -> None:
    asked = Asked("differences", ("level", "stype"), level="good", groups=("E", "M"))
    in_r, in_stata = tail(SETTING, asked)
    assert (
        'valid <- update(valid, outcome_ = as.numeric(level == "good"), '
        'group_ = factor(stype, levels = c("E", "M")))' in in_r
    )
    assert "estimate <- drop(contrasts %*% coef(means))" in in_r
    assert "testparm i.c_stype" in in_stata


def test_references_and_numbers_of_a_model() -> None:
    asked = Asked("linear", formula="api00 ~ stype + sch.wide", reference=(("stype", "M"),),
                  numbers=("sch.wide",), kept=(("stype", ("E", "M")),))  # fmt: skip
    code = show_code(SETTING, asked)
    assert 'design <- update(design, stype = relevel(factor(stype), ref = "M"))' in code["R"]
    assert 'stype = factor(stype, levels = c("E", "M"))' in code["R"]
    assert "design <- update(design, sch.wide = c(1, 2)[sch.wide])" in code["R"]
    assert "svy: regress api00 ib3.c_stype sch_wide" in code["Stata"]


def test_poststratification_calibration_and_trimming() -> None:
    one = {"stype": MARGINS["stype"]}
    post = design_code(ABOUT, "a.csv", steps=[Step("poststratify", one)])
    assert "design <- postStratify(design, ~stype, data.frame(stype = c(" in post["R"]
    assert "poststrata(c_stype) postweight(poststratum_total_)" in post["Stata"]
    step = Step("calibrate", one, totals={"api99": 3.5}, calfun="logit", bounds=(0.5, 2.0))
    calibrated = design_code(ABOUT, "a.csv", steps=[step])
    assert calibrated["R"].splitlines()[-3:] == [
        "  design, ~stype + api99,",
        "  population = c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3.5),",
        '  calfun = "logit", bounds = c(0.5, 2), maxit = 500, epsilon = 1e-10)',
    ]
    assert "* Stata has no logit distance" in calibrated["Stata"]
    assert "regress(c_stype_2 c_stype_3 api99, totals(" in calibrated["Stata"]
    assert "ll(0.5) ul(2))" in calibrated["Stata"]
    trimmed = design_code(ABOUT, "a.csv", steps=[Step("trim", lower=0.5, upper=2.0)])
    last = trimmed["R"].splitlines()[-1]
    assert last == "design <- trimWeights(design, lower = 0.5, upper = 2, strict = TRUE)"
    assert "* Stata has no trimming of weights" in trimmed["Stata"]


ESTIMATES = [
    (
        Asked("mean", ("api00",)),
        "estimate <- svymean(~api00, design, na.rm = TRUE, deff = TRUE)",
        "svy: mean api00",
    ),
    (
        Asked("mean", ("level",), by=("stype",)),
        "estimate <- svyby(~level, by = ~stype, design = design, FUN = svymean, na.rm = TRUE)",
        "svy: proportion c_level, over(c_stype)",
    ),
    (
        Asked("total", ("enroll",)),
        "estimate <- svytotal(~enroll, design, na.rm = TRUE, deff = TRUE)",
        "svy: total enroll",
    ),
    (
        Asked("ratio", ("api.stu", "enroll")),
        "estimate <- svyratio(~api.stu, denominator = ~enroll, design, na.rm = TRUE)",
        "svy: ratio (api_stu / enroll)",
    ),
    (
        Asked("quantile", ("api00",), quantiles=(0.25, 0.5)),
        "estimate <- svyquantile(~api00, design, quantiles = c(0.25, 0.5), na.rm = TRUE)",
        "_pctile api00 [pweight = pw], percentiles(25, 50)",
    ),
    (
        Asked("share", ("sch.wide",), level="Yes"),
        'estimate <- svyciprop(~I(sch.wide == "Yes"), design, method = "logit")',
        "svy: proportion c_sch_wide, citype(logit)",
    ),
    (
        Asked("share", ("sch.wide",), level="Yes", by=("stype",), method="wilson"),
        'estimate <- svyby(~I(sch.wide == "Yes"), ~stype, design, svyciprop, method = "wilson", '
        'vartype = c("se", "ci"))',
        "svy: proportion c_sch_wide, over(c_stype) citype(wilson)",
    ),
    (
        Asked("crosstab", ("stype", "sch.wide")),
        'test <- svychisq(~stype + sch.wide, design, statistic = "F")',
        "svy: tabulate c_stype c_sch_wide, row se ci obs pearson",
    ),
    (
        Asked("difference", ("api00", "sch.wide")),
        "test <- svyttest(api00 ~ sch.wide, design)  # two groups",
        "svy: regress api00 i.c_sch_wide",
    ),
    (
        Asked("difference", ("api00", "stype"), level="H", base="E"),
        'test <- svyttest(api00 ~ I(stype == "H"), subset(design, stype %in% c("E", "H")))',
        "svy, subpop(two_groups_): regress api00 group_",
    ),
    (
        Asked("correlation", ("api00", "meals")),
        "  (c_xy - c_x * c_y) / sqrt((c_xx - c_x^2) * (c_yy - c_y^2))))",
        "svy: sem ( <- api00 meals), standardized  // cov(api00,meals)",
    ),
    (
        Asked("list", ("count", "longer")),
        "model <- svyglm(count ~ longer, design)",
        "svy: regress count longer",
    ),
    (
        Asked("list", ("count", "longer"), method="ml", items=4, formula="count ~ meals"),
        '  J = 4, method = "ml", weights = "pw")',
        "* Stata has no maximum-likelihood list experiment under svy (user-written: kict);",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "r", "stata"), ESTIMATES)
def test_estimates(asked: Asked, r: str, stata: str) -> None:
    in_r, in_stata = tail(SETTING, asked)
    assert r in in_r
    assert stata in in_stata


def test_each_variable_has_its_own_call() -> None:
    in_r, in_stata = tail(SETTING, Asked("mean", ("api00", "meals")))
    assert [line for line in in_r if "svymean" in line][1].startswith("estimate <- svymean(~meals,")
    assert "svy: mean meals" in in_stata


def test_a_domain_keeps_the_design() -> None:
    code = show_code(SETTING, Asked("mean", ("api00",), domain=HIGH))
    assert 'data$in_domain <- (data$api99 > 600) & (data$stype %in% c("E", "M"))' in code["R"]
    assert "design <- subset(design, in_domain)" in code["R"]
    assert code["R"].index("svydesign(") < code["R"].index("subset(design, in_domain)")
    # In Stata a missing number is larger than 600.
    assert (
        'generate byte in_domain = (api99 > 600 & !missing(api99)) & (stype == "E" | stype == "M")'
        in code["Stata"]
    )
    assert "svy, subpop(in_domain): mean api00" in code["Stata"]
    assert "keep if" not in code["Stata"]


MODELS = [
    (
        Asked("linear", formula="api00 ~ ell*sch.wide + log(meals) + I(ell^2) - 1"),
        "model <- svyglm(api00 ~ ell * sch.wide + log(meals) + I(ell^2) - 1, design)",
        "svy: regress api00 c.ell##i.c_sch_wide log_meals c.ell#c.ell, noconstant",
    ),
    (
        Asked("linear", formula="`my y` ~ stype:ell + `a b`"),
        "model <- svyglm(`my y` ~ stype:ell + `a b`, design)",
        "svy: regress my_y i.c_stype#c.ell a_b",
    ),
    (
        Asked("logit", formula="sch.wide ~ ell"),
        "model <- svyglm(sch.wide ~ ell, design, family = quasibinomial())",
        "svy: logit outcome_ ell",
    ),
    (
        Asked("ordinal", formula="level ~ ell + stype", link="probit"),
        'model <- svyolr(level ~ ell + stype, design, method = "probit",',
        "svy: oprobit c_level ell i.c_stype",
    ),
    (
        Asked("ordinal", formula="level ~ ell", link="cauchit"),
        'model <- svyolr(level ~ ell, design, method = "cauchit",',
        "* Stata has no ordinal model with the cauchit link under svy, so none is shown",
    ),
    (  # what svyolr calls cloglog is what MASS and this project call loglog
        Asked("ordinal", formula="level ~ ell", link="loglog"),
        'model <- svyolr(level ~ ell, design, method = "cloglog",',
        "* Stata has no ordinal model with the loglog link under svy, so none is shown",
    ),
    (
        Asked("ordinal", formula="level ~ ell", link="cloglog"),
        'model <- svyolr(reversed_outcome_ ~ ell, design, method = "cloglog",',
        "svy: meglm c_level ell, family(ordinal) link(cloglog)",
    ),
    (
        Asked("multinomial", formula="stype ~ ell"),
        "model <- svy_vglm(stype ~ ell, design = design,",
        "svy: mlogit c_stype ell, baseoutcome(1)",
    ),
]


@pytest.mark.parametrize(("asked", "r", "stata"), MODELS)
def test_models(asked: Asked, r: str, stata: str) -> None:
    in_r, in_stata = tail(SETTING, asked)
    assert r in in_r
    assert stata in in_stata


def test_the_reversed_outcome_has_its_signs_changed_back() -> None:
    in_r, _ = tail(SETTING, Asked("ordinal", formula="level ~ ell", link="cloglog"))
    assert (
        "design <- update(design, reversed_outcome_ = factor(level, levels = rev(levels(level))))"
        in in_r
    )
    assert "print(-model$coefficients)" in in_r


def test_joint_tests_and_marginal_effects() -> None:
    asked = Asked(
        "ordinal", formula="level ~ ell*stype", wald=("stype", "ell:stype"), effects=("ell",)
    )
    in_r, in_stata = tail(SETTING, asked)
    assert 'test <- regTermTest(model, ~stype + ell:stype, method = "Wald")' in in_r
    assert any(line.startswith("# marginaleffects::avg_slopes(model") for line in in_r)
    assert "testparm i.c_stype c.ell#i.c_stype" in in_stata
    assert "margins, dydx(ell) vce(unconditional) predict(outcome(#3))" in in_stata


def test_replicates_do_not_use_svyolr() -> None:
    setting = Setting("a.csv", ABOUT, replicates=replicates("JK1", 0.75), columns=(LEVEL,))
    in_r, _ = tail(setting, Asked("ordinal", formula="level ~ w", link="probit"))
    assert not any("svyolr(" in line for line in in_r)
    assert any('a column called "w"' in line for line in in_r)
    assert '    weights = weight_of_replicate_, method = "probit",' in in_r


def test_what_stata_cannot_write_is_said() -> None:
    _, in_stata = tail(SETTING, Asked("linear", formula="api00 ~ (ell + meals)^2 + full"))
    assert in_stata[0] == "* left out, as Stata writes it otherwise: (ell + meals)^2"
    assert "svy: regress api00 full" in in_stata


def test_columns_of_answers() -> None:
    frame = pd.DataFrame({"q": [2.0, 1.0, np.nan, 4.0], "t": ["b", "a", "b", None]})
    said = {
        "q": Variable("q", labels={1.0: "no", 2.0: "yes", 3.0: "yes"}, missing=(MissingCode(9),)),
        "t": Variable("t", kind="text"),
    }
    columns = columns_of(Answers(frame, said), ["q", "t"])
    assert columns[0] == Column("q", (1, 2, 3, 4), ("1 no", "2 yes", "3 yes", "4 4"), (9,))
    assert columns[1].pairs == (("a", "a"), ("b", "b"))


HOSTILE = [
    '"); system("rm -rf /"); ("',
    "a\nstop()",
    "\\",
    'ends \\"',
    "`; shell ls; `",
    "$HOME `=1+1'",
    '"\' di 1 `"',
    "* /// next",
    "/* never closed",
    "x\u2028stop()\u0085stop()",
    "tab\t\r\x01end",
    "é 中文",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_quoted_texts_are_what_they_were(text: str) -> None:
    # R's escapes used here are Python's as well, so Python can read the string back.
    assert ast.literal_eval(r_text(text)) == text
    assert "\n" not in r_text(text)
    name = r_name(text)
    assert name[0] == name[-1] == "`"
    assert re.fullmatch(r"`(?:[^`\\\n]|\\.)*`", name)
    parts = re.findall(r'"([^"]*)"|uchar\((\d+)\)', stata_exact(text))
    assert "".join(a or (chr(int(b)) if b else "") for a, b in parts) == text
    for shown in (stata_shown(text)[1:-1], stata_comment(text)):
        assert not re.search(r'["`$\n\r]|//|/\*|\*/', shown)
        assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_add_no_lines_of_code(text: str) -> None:
    def shape(word: str) -> tuple[int, int]:
        setting = Setting(
            f"{word}.csv",
            (("weight", word), ("clusters", word)),
            columns=(Column(word, codes=("p", "q"), labels=(word, "fine")), STYPE),
        )
        domain = Domain((Clause("stype", "=", word),))
        code = show_code(setting, Asked("share", (word,), level=word, domain=domain))
        for line in code["Stata"].split("\n"):
            if line.startswith("*"):
                assert "///" not in line
                assert "/*" not in line
        return len(code["R"].split("\n")), sum(
            not line.startswith(("*", "capture rename")) for line in code["Stata"].split("\n")
        )

    assert shape(text) == shape("plain words")


def test_names_in_stata_are_short_legal_and_different() -> None:
    long = "a" * 40
    names = stata_names(["x.1", "x_1", "x 1", long, long + "b", "2nd", "if", "年龄"])
    assert len(set(names.values())) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,31}", name) for name in names.values())
    assert (names["x.1"], names["x_1"], names["2nd"], names["if"]) == (
        "x_1",
        "x_1_2",
        "_2nd",
        "if_",
    )


@pytest.mark.parametrize("name", ["TRUE", "if", "_x", "1a", "a b", "..1", "", "é"])
def test_r_names_that_need_backticks(name: str) -> None:
    assert r_name(name) == f"`{name}`"


def test_numbers_keep_their_bits() -> None:
    for value in (0.1, 1 / 3, 1e-17, 12345678901.5, -2.0, 1e300):
        assert float(number(value)) == value
    with pytest.raises(ScslabError, match="not finite"):
        number(np.inf)


@pytest.mark.parametrize(
    "formula", ["y ~ x; stop()", 'y ~ "a"', "y ~ x # note", "y ~ x\\n", "y ~ x[1]", "y ~ `x"]
)
def test_formulas_hold_nothing_else(formula: str) -> None:
    with pytest.raises(ScslabError, match="the formula cannot be shown as code"):
        show_code(SETTING, Asked("linear", formula=formula))


def test_formulas_call_no_functions_but_a_few() -> None:
    with pytest.raises(ScslabError, match='"system" is no function'):
        tokens("y ~ system(x)")
    assert r_formula("y~log( x )+`a b`:z") == "y ~ log(x) + `a b`:z"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked("means", ("x",)), 'no code for "means"'),  # type: ignore[arg-type]
        (Asked("mean"), "mean: wrong number of variables"),
        (Asked("ratio", ("x",)), "expected: 2"),
        (Asked("linear"), "a model needs a formula"),
        (Asked("linear", formula="~ x"), "a model's formula is outcome ~ terms"),
        (Asked("ordinal", formula="y ~ x", link="clog"), 'no link "clog"'),
    ],
)
def test_mistakes(asked: Asked, message: str) -> None:
    with pytest.raises(ScslabError) as error:
        show_code(SETTING, asked)
    assert message in str(error.value)
