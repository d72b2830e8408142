# The same statistics over replicate weights: jackknives, balanced half samples, Fay, bootstraps.
# Random weights, and those of BRR (which depend on R's Hadamard matrices), are written to
# data/rep_*.csv as factors: analysis weight = factor * sampling weight.

source("ordinal.R", local = TRUE)

bases <- list(
  srs = spec("apisrs", weights = "pw", fpc = "fpc"),
  strat = spec("apistrat", strata = "stype", weights = "pw", fpc = "fpc"),
  strat_nofpc = spec("apistrat", strata = "stype", weights = "pw"),
  clus1 = spec("apiclus1", ids = "dnum", weights = "pw", fpc = "fpc"),
  clus1_nofpc = spec("apiclus1", ids = "dnum", weights = "pw"),
  clus2 = spec("apiclus2", ids = c("dnum", "snum"), fpc = c("fpc1", "fpc2")),
  nhanes = spec("nhanes", ids = "SDMVPSU", strata = "SDMVSTRA", weights = "WTMEC2YR", nest = TRUE),
  scd = spec("scd", ids = "ambulance", strata = "ESA", nest = TRUE),
  two_stage = spec("two_stage", ids = c("psu", "unit"), strata = "stratum",
                   fpc = c("n_psu", "n_ssu")),
  generated = spec("generated", ids = "cluster", strata = "stratum", weights = "weight"),
  halves = spec("generated", ids = "half", strata = "stratum", weights = "weight", nest = TRUE))

replicate_designs <- list(
  srs_JK1 = replicated(bases$srs, "JK1"),
  clus1_JK1 = replicated(bases$clus1, "JK1"), clus1_JK1_mse = replicated(bases$clus1, "JK1", TRUE),
  clus1_nofpc_JK1 = replicated(bases$clus1_nofpc, "JK1"),
  clus2_JK1 = replicated(bases$clus2, "JK1"),
  strat_JKn = replicated(bases$strat, "JKn"), strat_JKn_mse = replicated(bases$strat, "JKn", TRUE),
  strat_nofpc_JKn = replicated(bases$strat_nofpc, "JKn"),
  nhanes_JKn = replicated(bases$nhanes, "JKn"),
  scd_JKn = replicated(bases$scd, "JKn"),
  two_stage_JKn = replicated(bases$two_stage, "JKn"),
  generated_JKn = replicated(bases$generated, "JKn"),
  generated_JKn_mse = replicated(bases$generated, "JKn", TRUE),
  halves_BRR = replicated(bases$halves, "BRR", file = "rep_halves_BRR"),
  halves_BRR_mse = replicated(bases$halves, "BRR", TRUE, file = "rep_halves_BRR"),
  halves_Fay = replicated(bases$halves, "Fay", rho = .3, file = "rep_halves_Fay"),
  halves_Fay_mse = replicated(bases$halves, "Fay", TRUE, rho = .3, file = "rep_halves_Fay"),
  scd_BRR = replicated(bases$scd, "given-BRR", file = "rep_scd_BRR"),
  scd_BRR_mse = replicated(bases$scd, "given-BRR", TRUE, file = "rep_scd_BRR"),
  scd_Fay = replicated(bases$scd, "given-Fay", rho = .3, file = "rep_scd_Fay"),
  clus1_subbootstrap = replicated(bases$clus1_nofpc, "subbootstrap", replicates = 50,
                                  file = "rep_clus1_subbootstrap"),
  clus1_subbootstrap_mse = replicated(bases$clus1_nofpc, "subbootstrap", TRUE, replicates = 50,
                                      file = "rep_clus1_subbootstrap"),
  strat_mrbbootstrap = replicated(bases$strat, "mrbbootstrap", replicates = 50,
                                  file = "rep_strat_mrbbootstrap"),
  clus1_bootstrap = replicated(bases$clus1, "bootstrap", replicates = 50,
                               file = "rep_clus1_bootstrap"))

# The factors of a made design, one column a replicate; for halves one row for each half.
write_factors <- function(name, s) {
  d <- rep_design_of(s)
  factors <- as.data.frame(unclass(as.matrix(weights(d, "replication"))))
  names(factors) <- paste0("r", seq_along(factors))
  if (s$data == "generated") {
    key <- datasets$generated[c("stratum", "half")]
    factors <- unique(cbind(key, factors))
    factors <- factors[order(factors$stratum, factors$half), ]
  }
  write_csv(factors, name)
}
files <- Filter(Negate(is.null), lapply(replicate_designs, function(s) s$replicate$file))
for (name in names(files)[!duplicated(files)]) write_factors(files[[name]], replicate_designs[[name]])

pull_rep_quantile <- function(x, df) {
  lapply(unclass(x)[seq_along(x)], function(q) {
    q <- as.matrix(q)
    arrays(list(p = as.numeric(rownames(q)), estimate = unname(q[, 1]), ci_low = unname(q[, 2]),
                ci_high = unname(q[, 3]), se = unname(q[, 4]), df = df))
  })
}
pull_rep_var <- function(x, df) {
  arrays(list(names = rownames(x), estimate = plain(unclass(x)),
              se = matrix(sqrt(diag(as.matrix(attr(x, "var")))), nrow(x)), df = df))
}

# Ratio estimates of svyratio have no confint for replicate weights: keep estimate and SE.
pull_rep_ratio <- function(x, df) {
  arrays(list(names = "ratio", estimate = as.numeric(x$ratio), se = sqrt(as.numeric(x$var)), df = df))
}

plans <- list(
  api = list(numeric = ~api00 + api.stu, factor = ~stype, top = ~api.stu, bottom = ~enroll,
             missing = ~avg.ed, quantile = ~api00, proportion = ~I(api00 > 700),
             chisq = ~sch.wide + comp.imp, linear = api00 ~ meals + ell + stype,
             logit = I(api00 > 700) ~ meals + ell),
  nhanes = list(numeric = ~RIAGENDR, factor = ~race, missing = ~HI_CHOL,
                logit = HI_CHOL ~ race + agecat + RIAGENDR, chisq = ~HI_CHOL + RIAGENDR),
  scd = list(numeric = ~alive + arrests, top = ~alive, bottom = ~arrests),
  two_stage = list(numeric = ~y + x, factor = ~group, top = ~y, bottom = ~x, quantile = ~y,
                   proportion = ~I(group == "c"), linear = y ~ x + group),
  generated = list(numeric = ~x1 + y, factor = ~f3, top = ~x2, bottom = ~x6, missing = ~x_missing,
                   quantile = ~x2, proportion = ~binary, chisq = ~binary + f4,
                   linear = y ~ x1 + x2 + f3, logit = binary ~ x1 + x5 + f4))

tight <- quote(glm.control(epsilon = 1e-13, maxit = 100))
pull_glm <- function(x, df) {
  v <- as.matrix(vcov(x))
  arrays(list(names = names(coef(x)), estimate = unname(coef(x)), se = unname(sqrt(diag(v))),
              vcov = plain(v), df = x$df.residual))
}

for (name in names(replicate_designs)) {
  s <- replicate_designs[[name]]
  p <- plans[[if (startsWith(s$data, "api")) "api" else s$data]]
  run <- function(id, call, how = pull) {
    eval(bquote(stat(.(paste0(name, "/", id)), s, .(call), how = .(how))))
  }
  run("design", quote(list(
    df = df, scale = d$scale, rscales = if (length(unique(d$rscales)) == 1) d$rscales[1] else I(d$rscales),
    replicates = ncol(weights(d, "analysis")), mse = d$mse, sum_weights = sum(weights(d, "sampling")),
    replicate_sums = unname(colSums(weights(d, "analysis"))),
    analysis_weights_first_rows = unname(head(unclass(as.matrix(weights(d, "analysis"))), 5)))), identity)
  run("mean-numeric", bquote(svymean(.(p$numeric), d, deff = TRUE)))
  run("total-numeric", bquote(svytotal(.(p$numeric), d, deff = TRUE)))
  run("var", bquote(svyvar(.(p$numeric), d)), pull_rep_var)
  if (!is.null(p$top)) {
    na <- s$data == "apiclus2"  # enroll has missing values there
    run("ratio", bquote(svyratio(.(p$top), .(p$bottom), d, na.rm = .(na))), pull_rep_ratio)
  }
  if (!is.null(p$missing)) run("mean-missing", bquote(svymean(.(p$missing), d, na.rm = TRUE)))
  if (!is.null(p$factor)) {
    first <- as.formula(bquote(~.(as.name(all.vars(p$numeric)[1]))))
    run("mean-factor", bquote(svymean(.(p$factor), d)))
    run("by-mean", bquote(svyby(.(first), .(p$factor), d, svymean, covmat = TRUE)), pull_by)
    run("by-total", bquote(svyby(.(first), .(p$factor), d, svytotal, covmat = TRUE)), pull_by)
  }
  if (!is.null(p$quantile)) {
    run("quantile", bquote(svyquantile(.(p$quantile), d, c(.1, .25, .5, .75, .9))), pull_rep_quantile)
    run("quantile-replicates", bquote(svyquantile(.(p$quantile), d, c(.1, .25, .5, .75, .9),
                                                  interval.type = "quantile")), pull_rep_quantile)
  }
  if (!is.null(p$proportion)) {
    run("proportion-xlogit", bquote(svyciprop(.(p$proportion), d, method = "xlogit")), function(x) {
      list(estimate = as.numeric(coef(x)), se = sqrt(as.numeric(vcov(x))), ci_low = confint(x)[1],
           ci_high = confint(x)[2])
    })
  }
  if (!is.null(p$chisq)) for (statistic in c("F", "Chisq", "adjWald")) {
    run(paste0("chisq-", statistic), bquote(svychisq(.(p$chisq), d, statistic = .(statistic))), pull_test)
  }
  if (!is.null(p$linear)) {
    run("glm-gaussian", bquote(svyglm(.(p$linear), d)), pull_glm)
  }
  if (!is.null(p$logit)) {
    run("glm-logit", bquote(svyglm(.(p$logit), d, family = quasibinomial(), control = .(tight))), pull_glm)
  }
}

# A domain of a replicate design.
for (name in c("clus1_JK1", "strat_JKn", "clus1_subbootstrap", "strat_mrbbootstrap")) {
  s <- replicate_designs[[name]]
  s$domain <- list(column = "comp.imp", values = "No")
  stat(paste0(name, "/domain-mean"), s, svymean(~api00 + api.stu, d))
  stat(paste0(name, "/domain-total"), s, svytotal(~api00 + api.stu, d))
}

# --- ordered models, refitted exactly in each replicate -------------------------------------------

ordered_by_replicates <- function(formula, d, link) {
  f <- ordered_frame(formula, d$variables)
  start <- NULL
  theta <- function(w, data) {
    fit <- cumulative_fit(f$x, f$y, w[f$keep], link, start)
    if (is.null(start)) start <<- fit$par
    setNames(fit$par, f$names)
  }
  withReplicates(d, theta)
}
pull_theta <- function(x, df) {
  v <- as.matrix(attr(x, "var"))
  arrays(list(names = names(x), estimate = as.numeric(x), se = unname(sqrt(diag(v))), vcov = plain(v),
              df = df))
}
for (name in c("clus1_JK1", "clus1_JK1_mse", "strat_JKn", "strat_mrbbootstrap")) {
  for (link in c("logit", "probit")) {
    eval(bquote(stat(.(paste0(name, "/ordered-", link)), replicate_designs[[name]],
                     ordered_by_replicates(level ~ mobility + ell + stype, d, .(link)), pull_theta)))
  }
}
for (name in c("halves_BRR", "halves_Fay", "generated_JKn")) {
  stat(paste0(name, "/ordered-logit"), replicate_designs[[name]],
       ordered_by_replicates(factor(y) ~ x1 + x5 + f3, d, "logit"), pull_theta)
}
