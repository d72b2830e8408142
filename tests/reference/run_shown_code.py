"""Run the R code that tables show, for every kind, and compare it with R called directly.

    python tests/reference/run_shown_code.py
    python tests/reference/run_shown_code.py --plans   # all tables of the examples' plans

Needs Rscript with the packages survey, haven, MASS and VGAM; not part of the test suite, which
pins the same texts. Each script is written beside a copy of the data (CSV and .sav) and run as it
stands; then R's own answer over data(api) is computed in the same process and both are compared.
Stata's code is not run: there is no Stata here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scslab.analysis.design import Replicates
from scslab.analysis.show_code import Asked, Column, Domain, Setting, Step, show_code
from scslab.api.surveys import analyse
from scslab.core.printed import ResultTable
from scslab.survey.screen import Clause

STYPE = Column("stype", labels=("E", "H", "M"))
SCH = Column("sch.wide", labels=("No", "Yes"))
MEALS = Column("mealcat", codes=(1, 2, 3, 4), labels=("few", "some", "many", 'most "all"'))
TEXT = (STYPE, SCH, MEALS)
# haven writes factors as labelled codes 1, 2, ...
CODED = (Column("stype", (1, 2, 3), ("E", "H", "M")), Column("sch_wide", (1, 2), ("No", "Yes")))
CLUS = (("weight", "pw"), ("clusters", "dnum"), ("fpc", "fpc"))
STRAT = (("weight", "pw"), ("strata", "stype"), ("fpc", "fpc"))
CLUS2 = (("clusters", "dnum + snum"), ("fpc", "fpc1 + fpc2"))
SHARES = {"stype": {"E": 4421, "H": 755, "M": 1018}, "sch.wide": {"No": 1072, "Yes": 5122}}
REPLICATES = " + ".join(f"r {k}" for k in range(1, 16))
MODEL = "mealcat ~ avg.ed + mobility + stype"
JK = Replicates(np.ones((183, 15)), 14 / 15, np.ones(15), False, "JK1")


@dataclass(frozen=True)
class Case:
    """A script and what R says without it: `shown` and `direct` are R expressions of numbers."""

    name: str
    setting: Setting
    asked: Asked
    shown: str
    direct: str
    tolerance: float = 1e-9


def clus(**rest: object) -> Setting:
    return Setting("apiclus1.csv", CLUS, columns=TEXT, **rest)  # type: ignore[arg-type]


BOTH = "c(coef(estimate), SE(estimate))"
FIT = "c(coef(model), SE(model))"
TEST = "c(test$statistic, test$p.value)"
HIGH = Domain((Clause("api99", ">=", 600), Clause("stype", "in", ("E", "M"))))
POLR = "c(model$coefficients, model$zeta, sqrt(diag(model$var)))"


def both(call: str) -> str:
    return f"{{ e <- {call}; c(coef(e), SE(e)) }}"


def ordinal(link: str, direct: str, tolerance: float, **rest: object) -> Case:
    asked = Asked("ordinal", formula=MODEL, link=link, **rest)  # type: ignore[arg-type]
    return Case(f"ordinal {link}", clus(), asked, POLR, direct, tolerance)


CASES = [
    Case("mean", clus(), Asked("mean", ("api00",)), BOTH, both("svymean(~api00, clus1)")),
    Case("mean, strata", Setting("apistrat.csv", STRAT, columns=TEXT), Asked("mean", ("enroll",)),
         BOTH, both("svymean(~enroll, strat, na.rm = TRUE)")),
    Case("mean, two stages, weights from fpc", Setting("apiclus2.csv", CLUS2),
         Asked("mean", ("api00",)), BOTH, both("svymean(~api00, clus2)")),
    Case("mean of categories", clus(), Asked("mean", ("stype",)), BOTH,
         both("svymean(~stype, clus1)")),
    Case("total", clus(), Asked("total", ("enroll",)), BOTH,
         both("svytotal(~enroll, clus1, na.rm = TRUE)")),
    Case("ratio", clus(), Asked("ratio", ("api.stu", "enroll")), BOTH,
         both("svyratio(~api.stu, ~enroll, clus1)")),
    Case("ratio by", clus(), Asked("ratio", ("api.stu", "enroll"), by=("stype",)), BOTH,
         both("svyby(~api.stu, ~stype, clus1, svyratio, denominator = ~enroll)")),
    Case("quantile", clus(), Asked("quantile", ("api00",), quantiles=(0.25, 0.5)), BOTH,
         both("svyquantile(~api00, clus1, c(.25, .5))")),
    Case("quantile by", clus(), Asked("quantile", ("api00",), by=("stype",)), BOTH,
         both("svyby(~api00, ~stype, clus1, svyquantile, quantiles = .5, ci = TRUE)")),
    Case("share", clus(), Asked("share", ("sch.wide",), level="Yes"),
         'c(coef(estimate), attr(estimate, "ci"))',
         '{ e <- svyciprop(~I(sch.wide == "Yes"), clus1); c(coef(e), attr(e, "ci")) }'),
    Case("share by, beta", clus(), Asked("share", ("sch.wide",), level="Yes", by=("stype",),
         method="beta"), "c(coef(estimate), estimate$ci_l)",
         '{ e <- svyby(~I(sch.wide == "Yes"), ~stype, clus1, svyciprop, vartype = "ci", '
         'method = "beta"); c(coef(e), e$ci_l) }'),
    Case("by two", clus(), Asked("mean", ("api00",), by=("stype", "sch.wide")), BOTH,
         both("svyby(~api00, ~stype + sch.wide, clus1, svymean)")),
    Case("domain", clus(), Asked("mean", ("api00",), domain=HIGH), BOTH,
         both('svymean(~api00, subset(clus1, api99 >= 600 & stype != "H"))')),
    Case("crosstab", clus(), Asked("crosstab", ("sch.wide", "stype")),
         "c(prop.table(counts, 1), test$statistic, test$p.value)",
         "{ t <- svychisq(~sch.wide + stype, clus1); "
         "c(prop.table(svytable(~sch.wide + stype, clus1), 1), t$statistic, t$p.value) }"),
    Case("difference", clus(), Asked("difference", ("api00", "sch.wide")), TEST,
         "{ t <- svyttest(api00 ~ sch.wide, clus1); c(t$statistic, t$p.value) }"),
    Case("difference of two of three", clus(),
         Asked("difference", ("api00", "stype"), level="H", base="E"), TEST,
         '{ d <- subset(clus1, stype != "M"); d <- update(d, h = as.numeric(stype == "H")); '
         "t <- svyttest(api00 ~ h, d); c(t$statistic, t$p.value) }"),
    Case("correlation", clus(), Asked("correlation", ("api00", "meals")), "coef(estimate)",
         "cov2cor(as.matrix(svyvar(~api00 + meals, clus1)))[1, 2]"),
    Case("linear", clus(), Asked("linear",
         formula="api00 ~ ell*sch.wide + log(meals + 1) + I(ell^2)",
         wald=("ell:sch.wide",)), f"c({FIT[2:-1]}, test$p)",
         "{ m <- svyglm(api00 ~ ell*sch.wide + log(meals + 1) + I(ell^2), clus1); "
         "c(coef(m), SE(m), regTermTest(m, ~ell:sch.wide)$p) }"),
    Case("logit", clus(), Asked("logit", formula="sch.wide ~ ell + meals", effects=("ell",)), FIT,
         "{ m <- svyglm(sch.wide ~ ell + meals, clus1, family = quasibinomial()); "
         "c(coef(m), SE(m)) }"),
    ordinal("logit", "direct_polr(MODEL, clus1, 'logistic')", 1e-5, wald=("stype",)),
    ordinal("probit", "direct_polr(MODEL, clus1, 'probit')", 1e-5),
    ordinal("cauchit", "direct_polr(MODEL, clus1, 'cauchit')", 1e-4),
    ordinal("loglog", "direct_polr(MODEL, clus1, 'cloglog')", 1e-5),
    Case("ordinal cloglog is that of MASS and ordinal", clus(),
         Asked("ordinal", formula=MODEL, link="cloglog"), "-model$coefficients",
         "MASS::polr(MODEL, apiclus1, method = 'cloglog', weights = pw / mean(pw), "
         "control = list(reltol = 1e-14))$coefficients", 1e-4),
    Case("ordinal loglog is that of MASS and ordinal", clus(),
         Asked("ordinal", formula=MODEL, link="loglog"), "model$coefficients",
         "MASS::polr(MODEL, apiclus1, method = 'loglog', weights = pw / mean(pw), "
         "control = list(reltol = 1e-14))$coefficients", 1e-4),
    Case("ordinal replicates", clus(replicates=JK), Asked("ordinal", formula=MODEL),
         "c(coef(model), SE(model))",
         "{ m <- svyolr(MODEL, as.svrepdesign(clus1, type = 'JK1')); "
         "c(m$coefficients, m$zeta, sqrt(diag(m$var))) }", 1e-3),
    Case("mean, jackknife", clus(replicates=JK), Asked("mean", ("api00",)), BOTH,
         both("svymean(~api00, as.svrepdesign(clus1, type = 'JK1'))")),
    Case("mean, replicates in the file",
         Setting("replicates.csv", (("weight", "pw"), ("replicates", REPLICATES)), replicates=JK),
         Asked("mean", ("api00",)), BOTH,
         "{ r <- as.svrepdesign(clus1, type = 'JK1'); "
         "r <- svrepdesign(weights = ~pw, repweights = weights(r, 'analysis'), data = apiclus1, "
         "type = 'other', scale = 14/15, rscales = rep(1, 15), combined.weights = TRUE); "
         "e <- svymean(~api00, r); c(coef(e), SE(e)) }"),
    Case("raking", clus(steps=(Step("rake", SHARES),)), Asked("mean", ("api00",)), BOTH,
         both("svymean(~api00, rake(clus1, list(~stype, ~sch.wide), list(pop_stype, pop_sch), "
              "control = list(maxit = 500, epsilon = 1e-10)))")),
    Case("post-stratification", clus(steps=(Step("poststratify", {"stype": SHARES["stype"]}),)),
         Asked("total", ("enroll",)), BOTH,
         both("svytotal(~enroll, postStratify(clus1, ~stype, pop_stype), na.rm = TRUE)")),
    Case("calibration", clus(steps=(Step("calibrate", SHARES, totals={"api99": 3914069}),)),
         Asked("total", ("enroll",)), BOTH,
         both("svytotal(~enroll, calibrate(clus1, ~stype + sch.wide + api99, "
              "c(6194, 755, 1018, 5122, 3914069)), na.rm = TRUE)")),
    Case("logit calibration",
         clus(steps=(Step("calibrate", SHARES, calfun="logit", bounds=(0.5, 2.5)),)),
         Asked("mean", ("api00",)), BOTH,
         both("svymean(~api00, calibrate(clus1, ~stype + sch.wide, c(6194, 755, 1018, 5122), "
              "calfun = 'logit', bounds = c(.5, 2.5), epsilon = 1e-10, maxit = 500))"), 1e-7),
    Case("trim",
         Setting("apistrat.csv", STRAT, columns=TEXT, steps=(Step("trim", lower=20, upper=40),)),
         Asked("mean", ("api00",)), BOTH,
         both("svymean(~api00, trimWeights(strat, lower = 20, upper = 40, strict = TRUE))")),
    Case("list experiment", clus(), Asked("list", ("enroll", "both_num")), FIT,
         "{ m <- svyglm(enroll ~ both_num, clus1); c(coef(m), SE(m)) }"),
    Case("SPSS file", Setting("apiclus1.sav", CLUS, columns=CODED),
         Asked("mean", ("api00",), by=("stype",)), BOTH,
         both("svyby(~api00, ~stype, clus1, svymean)")),
    Case("Stata file, model", Setting("apiclus1.dta", CLUS, columns=CODED),
         Asked("linear", formula="api00 ~ ell + stype"), FIT,
         "{ m <- svyglm(api00 ~ ell + stype, clus1); c(coef(m), SE(m)) }"),
    Case("a hostile column", Setting("hostile.csv", (("weight", "pw"), ("clusters", "dnum")),
         columns=(Column("a`b \"c\\\n$d", labels=('x"); stop("', "y\\")),)),
         Asked("mean", ("api00",), by=("a`b \"c\\\n$d",)), "coef(estimate)",
         "coef(svyby(~api00, ~sch.wide, clus1, svymean))"),
]  # fmt: skip

# Not run, since the packages svyVGAM, list and arrow are not in Debian: these must parse.
PARSED = [
    (clus(), Asked("multinomial", formula="stype ~ ell + sch.wide")),
    (clus(), Asked("list", ("enroll", "both_num"), method="ml", items=3, formula="enroll ~ ell")),
    (clus(), Asked("share", ("stype",), level="E", method="wilson")),
    (Setting("a.parquet", CLUS), Asked("mean", ("api00",))),
]

DATA = r"""
suppressPackageStartupMessages(library(survey)); data(api)
for (name in c("apiclus1", "apistrat", "apiclus2")) {
  d <- get(name); d$mealcat <- as.integer(cut(d$meals, c(-1, 25, 50, 75, 100)))
  d$both_num <- as.integer(d$both == "Yes"); d$name <- d$sname <- d$dname <- d$cname <- NULL
  write.csv(d, paste0(name, ".csv"), row.names = FALSE, na = "")
}
d <- apiclus1[, c("pw", "dnum", "fpc", "api00", "ell", "stype", "sch.wide")]
names(d) <- gsub(".", "_", names(d), fixed = TRUE)
haven::write_sav(d, "apiclus1.sav"); haven::write_dta(d, "apiclus1.dta")
r <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
r <- as.svrepdesign(r, type = "JK1")
w <- weights(r, "analysis"); colnames(w) <- paste("r", 1:15)
write.csv(cbind(apiclus1[, c("pw", "api00")], w), "replicates.csv", row.names = FALSE, na = "")
h <- apiclus1[, c("pw", "dnum", "api00")]
h[["a`b \"c\\\n$d"]] <- ifelse(apiclus1$sch.wide == "No", 'x"); stop("', "y\\")
write.csv(h, "hostile.csv", row.names = FALSE)
"""
CHECK = r"""
shown <- unname({shown})
suppressMessages({{ library(survey); data(api) }})
for (name in c("apiclus1", "apistrat", "apiclus2")) {{
  d <- get(name); d$mealcat <- cut(d$meals, c(-1, 25, 50, 75, 100))
  d$both_num <- as.integer(d$both == "Yes"); assign(name, d)
}}
MODEL <- mealcat ~ avg.ed + mobility + stype
clus1 <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
clus2 <- svydesign(ids = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
pop_stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
pop_sch <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
direct_polr <- function(f, d, method) {{
  m <- svyolr(f, d, method = method, control = list(reltol = 1e-14, maxit = 1000))
  c(m$coefficients, m$zeta, sqrt(diag(m$var)))
}}
direct <- unname({direct})
off <- max(abs(as.numeric(shown) - as.numeric(direct)) / pmax(abs(as.numeric(direct)), 1e-12))
stopifnot(length(shown) == length(direct), length(shown) > 0)
cat("\nLARGEST RELATIVE DIFFERENCE", off, "\n")
"""


def run(case: Case, folder: Path) -> tuple[bool, str]:
    """Run one script; whether it agrees, and the difference or what went wrong."""
    script = folder / "shown.R"
    text = show_code(case.setting, case.asked)["R"]
    script.write_text(text + CHECK.format(shown=case.shown, direct=case.direct), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", script.name], cwd=folder, capture_output=True, text=True, check=False
    )
    for line in done.stdout.splitlines():
        if line.startswith("LARGEST"):
            off = float(line.split()[-1])
            return off <= case.tolerance, f"{off:.1e}"
    return False, done.stderr[-600:] + "\n" + text


def parses(setting: Setting, asked: Asked, folder: Path) -> bool:
    """Whether R reads a script as R."""
    (folder / "parsed.R").write_text(show_code(setting, asked)["R"], encoding="utf-8")
    command = ["Rscript", "-e", 'invisible(parse("parsed.R"))']
    return subprocess.run(command, cwd=folder, check=False).returncode == 0


EXAMPLES = Path(__file__).parents[2] / "examples"
SCHOOLS = {"strat": "apistrat", "strat-jkn": "apistrat", "calibrated": "apistrat",
           "two-stage": "apiclus2"}  # fmt: skip
# Run after a script: R's numbers, one a line, that the table has in its column of estimates.
VALUES = """
cat("\\nVALUES\\n"); cat(format({of}, digits = 15), sep = "\\n")
"""


def plans(folder: Path) -> list[tuple[str, Path, Path, Path]]:
    """Name, data, design and analysis of every plan whose code is run."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "lab" / "analyse"))
    from made import write  # noqa: PLC0415 (needs the path above)

    found = [
        (f"schools {design}", EXAMPLES / f"schools/{data}.csv", EXAMPLES / f"schools/{design}.yaml",
         EXAMPLES / "schools/analysis.yaml")
        for design, data in SCHOOLS.items()
    ]  # fmt: skip
    for name, data in (("wvs", "wvs.csv"), ("confidence", "confidence.sav")):
        here = EXAMPLES / name
        found.append((name, here / data, here / "design.yaml", here / "analysis.yaml"))
    (folder / "made").mkdir()
    return [*found, ("made", *write(folder / "made"))]


def same_numbers(table: ResultTable, text: str) -> bool:
    """Whether R's estimates (in any order) hold every estimate that the table shows."""
    heads = [c.name for c in table.columns]
    at = next((heads.index(h) for h in ("estimate", "value") if h in heads), None)
    values = [float(x) for x in text.split("VALUES")[-1].split()]
    if at is None or not values:
        return True
    shown = [r.cells[at] for r in table.rows if isinstance(r.cells[at], float)]
    return all(np.isclose(values, x, rtol=1e-6, atol=1e-9).any() for x in shown)


def run_plans(folder: Path) -> int:
    """Run the code of every table; how many fail or differ."""
    failed = 0
    for name, data, design, analysis in plans(folder):
        out = folder / name.replace(" ", "-")
        report = analyse(data, design=design, analysis=analysis, out=out)
        parts = [p for s in report.sections for p in s.parts if isinstance(p, ResultTable)]
        for table in parts:
            if "R" not in table.code or "svyVGAM" in table.code["R"]:
                continue
            of = "if (exists('estimate')) as.numeric(coef_of(estimate)) else numeric()"
            if "sqrt(coef(estimate))" in table.code["R"]:
                of = "sd"
            coef = (
                "coef_of <- function(x) if (is.numeric(x) && !inherits(x, 'svystat')) x "
                "else tryCatch(coef(x), error = function(e) numeric())\n"
            )
            one_each = table.code["R"].count("estimate <-") == 1  # else the last alone is left
            text = table.code["R"] + (coef + VALUES.format(of=of) if one_each else "")
            (out / "shown.R").write_text(text, encoding="utf-8")
            done = subprocess.run(
                ["Rscript", "shown.R"], cwd=out, capture_output=True, text=True, check=False
            )
            good = done.returncode == 0
            good = good and (not one_each or same_numbers(table, done.stdout))
            failed += not good
            print(f"{'ok  ' if good else 'FAIL'} {name}: {table.id}", flush=True)
            if not good:
                print(done.stderr[-600:])
    return failed


def main() -> int:
    wanted = sys.argv[1:]
    if wanted == ["--plans"]:
        with tempfile.TemporaryDirectory() as name:
            return 1 if run_plans(Path(name)) else 0
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.R").write_text(DATA)
        subprocess.run(["Rscript", "data.R"], cwd=folder, check=True)
        for case in CASES:
            if wanted and not any(w in case.name for w in wanted):
                continue
            good, said = run(case, folder)
            failed += not good
            print(f"{'ok  ' if good else 'FAIL'} {case.name}: {said}", flush=True)
        for setting, asked in PARSED:
            good = parses(setting, asked, folder)
            failed += not good
            print(f"{'ok  ' if good else 'FAIL'} parses: {asked.kind}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
