# Means, totals, ratios, variances and domains over designs without replicate weights; quantiles,
# proportions, tables and tests follow in files of their own.

designs <- list(
  srs = spec("apisrs", weights = "pw", fpc = "fpc"),
  strat = spec("apistrat", strata = "stype", weights = "pw", fpc = "fpc"),
  strat_nofpc = spec("apistrat", strata = "stype", weights = "pw"),
  clus1 = spec("apiclus1", ids = "dnum", weights = "pw", fpc = "fpc"),
  # Weights of clus2 follow from the two fpc columns, as in the help page of svydesign.
  clus2 = spec("apiclus2", ids = c("dnum", "snum"), fpc = c("fpc1", "fpc2")),
  clus2_nofpc = spec("apiclus2", ids = c("dnum", "snum"), weights = "pw"),
  nhanes = spec("nhanes", ids = "SDMVPSU", strata = "SDMVSTRA", weights = "WTMEC2YR", nest = TRUE),
  scd = spec("scd", ids = "ambulance", strata = "ESA", nest = TRUE),
  two_stage = spec("two_stage", ids = c("psu", "unit"), strata = "stratum",
                   fpc = c("n_psu", "n_ssu")),
  two_stage_nested = spec("two_stage", ids = c("psu_in_stratum", "ssu"), strata = "stratum",
                          weights = "weight", fpc = c("n_psu", "n_ssu"), nest = TRUE),
  two_stage_nofpc = spec("two_stage", ids = c("psu", "unit"), strata = "stratum",
                         weights = "weight"),
  generated = spec("generated", ids = "cluster", strata = "stratum", weights = "weight"),
  generated_weights = spec("generated", weights = "weight"),
  wvs = spec("wvs"))

with_domain <- function(s, ...) {
  s$domain <- list(...)
  s
}

for (name in names(designs)) {
  stat(paste0(name, "/design"), designs[[name]],
       list(n = nrow(d), sum_weights = sum(weights(d)), df = degf(d),
            n_psu = length(unique(d$cluster[, 1])), n_strata = length(unique(d$strata[, 1]))),
       how = identity)
}

# What is estimated in each data set: two numeric columns, one or two factors, a ratio, a column
# with missing values.
plans <- list(
  api = list(numeric = ~api00 + api.stu, factor = ~stype, second = ~sch.wide, top = ~api.stu,
             bottom = ~enroll, missing = ~avg.ed + api00, quantiles = ~api00 + meals),
  nhanes = list(numeric = ~RIAGENDR, factor = ~race, second = ~agecat, top = ~HI_CHOL,
                bottom = ~RIAGENDR, missing = ~HI_CHOL, quantiles = NULL),
  scd = list(numeric = ~alive + arrests, factor = NULL, top = ~alive, bottom = ~arrests,
             quantiles = NULL),
  two_stage = list(numeric = ~y + x, factor = ~group, second = ~stratum, top = ~y, bottom = ~x,
                   quantiles = ~y + x),
  generated = list(numeric = ~x1 + y, factor = ~f3, second = ~f4, top = ~x2, bottom = ~x6,
                   missing = ~x_missing, quantiles = ~x2 + x6),
  wvs = list(numeric = ~age, factor = ~poverty, second = ~country, top = NULL, quantiles = ~age))
plan_of <- function(s) plans[[if (startsWith(s$data, "api")) "api" else sub("_lonely", "", s$data)]]

probabilities <- c(.1, .25, .5, .75, .9)

basic <- function(name, s) {
  p <- plan_of(s)
  at <- function(...) paste(c(name, ...), collapse = "/")
  # bquote writes the formula into the call, so that the record shows it.
  run <- function(id, call, how = pull) eval(bquote(stat(.(at(id)), s, .(call), how = .(how))))
  run("mean-numeric", bquote(svymean(.(p$numeric), d, deff = TRUE)))
  run("mean-numeric-deff-replace", bquote(svymean(.(p$numeric), d, deff = "replace")))
  run("total-numeric", bquote(svytotal(.(p$numeric), d, deff = TRUE)))
  run("var", bquote(svyvar(.(p$numeric), d)), pull_var)
  if (!is.null(p$top)) {
    na <- s$data %in% c("nhanes", "apiclus2")  # the columns have missing values there
    run("ratio", bquote(svyratio(.(p$top), .(p$bottom), d, na.rm = .(na))), pull_ratio)
  }
  if (!is.null(p$factor)) {
    both <- reformulate(c(as.character(p$factor)[2], as.character(p$second)[2]))
    run("mean-factor", bquote(svymean(.(p$factor), d, deff = TRUE)))
    run("total-factor", bquote(svytotal(.(p$factor), d)))
    run("table", bquote(svytable(.(both), d)),
        function(x) list(levels = dimnames(x), counts = unname(unclass(x)), sum = sum(x)))
    first <- p$numeric[[2]]
    if (length(first) > 1) first <- first[[2]]
    one <- as.formula(bquote(~.(first)))
    run("by-mean", bquote(svyby(.(one), .(p$factor), d, svymean, covmat = TRUE)), pull_by)
    run("by-total", bquote(svyby(.(one), .(p$factor), d, svytotal, covmat = TRUE)), pull_by)
    run("by2-mean", bquote(svyby(.(one), .(both), d, svymean, covmat = TRUE)), pull_by)
    if (!is.null(p$top)) {
      run("by-ratio", bquote(svyby(.(p$top), .(p$factor), denominator = .(p$bottom), d, svyratio,
                                   na.rm = .(na), covmat = .(!na))), pull_by)
    }
    run("by-factor-mean", bquote(svyby(.(p$second), .(p$factor), d, svymean)), pull_by)
  }
  if (!is.null(p$missing)) {
    run("mean-missing", bquote(svymean(.(p$missing), d, na.rm = TRUE, deff = TRUE)))
    run("total-missing", bquote(svytotal(.(p$missing), d, na.rm = TRUE)))
    run("by-mean-missing", bquote(svyby(.(p$missing), .(p$factor), d, svymean, na.rm = TRUE)),
        pull_by)
  }
  if (!is.null(p$quantiles)) {
    run("quantile", bquote(svyquantile(.(p$quantiles), d, probabilities)), pull_quantile)
  }
}
for (name in names(designs)) basic(name, designs[[name]])

# --- lonely PSUs -------------------------------------------------------------------------------

lonely_rule <- c("certainty", "remove", "adjust", "average")
only <- list(column = "keep_lonely", values = "1")
for (rule in lonely_rule) {
  basic(paste0("scd_lonely-", rule), spec("scd_lonely", ids = "ambulance", strata = "ESA",
                                          nest = TRUE, lonely = rule))
  for (kind in c("filter", "domain", "domain_adjusted")) {
    s <- spec("generated", ids = "cluster", strata = "stratum", weights = "weight", lonely = rule,
              domain_lonely = kind == "domain_adjusted")
    s[[if (kind == "filter") "filter" else "domain"]] <- only
    id <- function(x) paste0("generated_lonely-", kind, "-", rule, "/", x)
    stat(id("mean"), s, svymean(~x1 + y, d, deff = TRUE))
    stat(id("total"), s, svytotal(~x1 + y, d))
    stat(id("mean-factor"), s, svymean(~f3, d))
    stat(id("ratio"), s, svyratio(~x2, ~x6, d), how = pull_ratio)
  }
}

# --- subsets -----------------------------------------------------------------------------------

domains <- list(
  "srs-high" = with_domain(designs$srs, column = "stype", values = "H"),
  "strat-one-stratum" = with_domain(designs$strat, column = "stype", values = "H"),
  "strat-good" = with_domain(designs$strat, column = "api00", min = 700, max = 1000),
  # Some districts have no high school: their PSU totals are zeros that still count.
  "clus1-empty-psu" = with_domain(designs$clus1, column = "stype", values = "H"),
  "clus1-no-growth" = with_domain(designs$clus1, column = "comp.imp", values = "No"),
  "clus2-empty-psu" = with_domain(designs$clus2, column = "stype", values = c("H", "M")),
  "clus2_nofpc-empty-psu" = with_domain(designs$clus2_nofpc, column = "stype", values = c("H", "M")),
  "two_stage-group" = with_domain(designs$two_stage, column = "group", values = "b"),
  "nhanes-old" = with_domain(designs$nhanes, column = "agecat", values = c("40-59", "60+")),
  "generated-middle" = with_domain(designs$generated, column = "f3", values = c("low", "middle")))
for (name in names(domains)) {
  plan <- plan_of(domains[[name]])
  basic_domain <- function(id, s) {
    at <- function(x) paste0("domain-", id, "/", x)
    eval(bquote(stat(.(at("mean")), s, svymean(.(plan$numeric), d, deff = TRUE))))
    eval(bquote(stat(.(at("total")), s, svytotal(.(plan$numeric), d, deff = TRUE))))
    eval(bquote(stat(.(at("mean-factor")), s, svymean(.(plan$second), d))))
    if (!is.null(plan$quantiles)) {
      eval(bquote(stat(.(at("quantile")), s, svyquantile(.(plan$quantiles), d, probabilities),
                       how = pull_quantile)))
    }
    stat(at("design"), s, list(n = sum(weights(d) != 0), df = degf(d), sum_weights = sum(weights(d))),
         how = identity)
  }
  basic_domain(name, domains[[name]])
}

source("quantiles.R", local = TRUE)
source("tables.R", local = TRUE)
