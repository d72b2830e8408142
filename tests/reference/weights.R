# Post-stratification, raking, calibration and trimming: the weights, and estimates that carry the
# adjustment into their standard errors.

source("calibration.R", local = TRUE)

# Populations. Those of the schools are counts of apipop; those of the generated data are made up.
stype <- list(E = 4421, H = 755, M = 1018)
wide <- list(No = 1072, Yes = 5122)
api_cells <- data.frame(stype = rep(c("E", "H", "M"), 2), sch.wide = rep(c("No", "Yes"), each = 3),
                        n = c(472, 334, 266, 3949, 421, 752))
api_linear <- list("(Intercept)" = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
f4 <- list(m = 1080, f = 1080, d = 49)
f1 <- list(a = 980, b = 610, c = 420, d = 199)
f2 <- list(r1 = 600, r2 = 400, r3 = 450, r4 = 330, r5 = 229, r6 = 200)
generated_totals <- list("(Intercept)" = 2209, f4f = 1080, f4d = 49, f1b = 610, f1c = 420, f1d = 199,
                         x6 = 101000)

clus1 <- spec("apiclus1", ids = "dnum", weights = "pw", fpc = "fpc")
strat <- spec("apistrat", strata = "stype", weights = "pw", fpc = "fpc")
srs <- spec("apisrs", weights = "pw", fpc = "fpc")
generated <- spec("generated", ids = "cluster", strata = "stratum", weights = "weight")

# Bounds that bind and can still be met.
api_bounds <- list(clus1 = c(.6, 1.9), strat = c(.97, 1.035), srs = c(.9, 1.1))
formula_api <- "~stype + api99"
formula_generated <- "~f4 + f1 + x6"
cases <- list()
for (base in c("clus1", "strat", "srs")) {
  s <- get(base)
  # In apistrat the strata already have the right totals by stype: rake another pair there.
  margins <- if (base == "strat") list(comp.imp = list(No = 1712, Yes = 4482), sch.wide = wide) else
    list(stype = stype, sch.wide = wide)
  totals <- api_linear
  cases[[paste0(base, "/poststratify")]] <- adjusted(s, poststratify("stype",
    data.frame(stype = names(stype), n = unlist(stype, use.names = FALSE))))
  cases[[paste0(base, "/poststratify2")]] <- adjusted(s, poststratify(c("stype", "sch.wide"), api_cells))
  cases[[paste0(base, "/rake")]] <- adjusted(s, do.call(raking, margins))
  cases[[paste0(base, "/calibrate-linear")]] <- adjusted(s, calibrating(formula_api, totals, "linear"))
  cases[[paste0(base, "/calibrate-raking")]] <- adjusted(s, calibrating(formula_api, totals, "raking"))
  cases[[paste0(base, "/calibrate-logit")]] <-
    adjusted(s, calibrating(formula_api, totals, "logit", c(.4, 2.5)))
  cases[[paste0(base, "/calibrate-linear-bounded")]] <-
    adjusted(s, calibrating(formula_api, totals, "linear", api_bounds[[base]]))
  # The same margins as /rake: the same weights, but exact residuals for the standard errors.
  long <- unlist(lapply(names(margins), function(m) {
    setNames(unlist(margins[[m]])[-1], paste0(m, names(margins[[m]])[-1]))
  }))
  cases[[paste0(base, "/calibrate-raking-margins")]] <- adjusted(s, calibrating(
    paste("~", paste(names(margins), collapse = " + ")), as.list(c("(Intercept)" = 6194, long)), "raking"))
}
cases[["generated/poststratify"]] <- adjusted(generated, poststratify("f2",
  data.frame(f2 = names(f2), n = unlist(f2, use.names = FALSE))))
cases[["generated/rake"]] <- adjusted(generated, raking(f4 = f4, f1 = f1, f2 = f2))
cases[["generated/calibrate-raking-margins"]] <- adjusted(generated, calibrating(
  "~f4 + f1 + f2", list("(Intercept)" = 2209, f4f = 1080, f4d = 49, f1b = 610, f1c = 420, f1d = 199,
                        f2r2 = 400, f2r3 = 450, f2r4 = 330, f2r5 = 229, f2r6 = 200), "raking"))
for (distance in c("linear", "raking")) {
  cases[[paste0("generated/calibrate-", distance)]] <-
    adjusted(generated, calibrating(formula_generated, generated_totals, distance))
}
cases[["generated/calibrate-logit"]] <-
  adjusted(generated, calibrating(formula_generated, generated_totals, "logit", c(.4, 1.8)))
cases[["generated/calibrate-linear-bounded"]] <-
  adjusted(generated, calibrating(formula_generated, generated_totals, "linear", c(.5, 1.15)))
for (strict in c(FALSE, TRUE)) {
  cases[[paste0("generated/trim-", if (strict) "strict" else "once")]] <-
    adjusted(generated, trimming(.4, 1.4, strict))
  cases[[paste0("strat/trim-", if (strict) "strict" else "once")]] <-
    adjusted(strat, trimming(18, 40, strict))
}
# Weights only: survey 4.1 keeps the calibration made for the untrimmed weights in the variance.
cases[["clus1/rake-trim"]] <- adjusted(clus1, raking(stype = stype, sch.wide = wide),
                                       trimming(25, 45, TRUE))

for (name in names(cases)) {
  s <- cases[[name]]
  stat(paste0(name, "/weights"), s, {
    w <- unname(weights(d))
    list(n = length(w), weights = if (length(w) < 400) w else w[1:20], sum = sum(w), min = min(w),
         max = max(w), sum_of_squares = sum(w^2))
  }, identity, prepare = prepare_of(s))
  if (length(s$steps) > 1) next
  run <- function(id, call, how = pull) {
    eval(bquote(stat(.(paste0(name, "/", id)), s, .(call), how = .(how), prepare = prepare_of(s))))
  }
  api <- s$data != "generated"
  number <- if (api) ~api00 + api.stu else ~x1 + y
  run("mean", bquote(svymean(.(number), d)))
  run("total", bquote(svytotal(.(number), d)))
  run("mean-factor", if (api) quote(svymean(~stype, d)) else quote(svymean(~f3, d)))
  run("ratio", if (api) quote(svyratio(~api.stu, ~api00, d)) else quote(svyratio(~x2, ~x6, d)), pull_ratio)
  run("by-mean", if (api) quote(svyby(~api00, ~stype, d, svymean)) else
    quote(svyby(~x1, ~f3, d, svymean)), pull_by)
  run("by-total", if (api) quote(svyby(~api00, ~comp.imp, d, svytotal)) else
    quote(svyby(~x1, ~f4, d, svytotal)), pull_by)
  run("quantile", if (api) quote(svyquantile(~api00, d, c(.25, .5, .75))) else
    quote(svyquantile(~x2, d, c(.25, .5, .75))), pull_quantile)
  run("domain-mean", if (api) quote(svymean(~api00, subset(d, comp.imp == "No"))) else
    quote(svymean(~x1, subset(d, binary == 1))))
  run("glm", if (api) quote(svyglm(api00 ~ meals + ell, d)) else quote(svyglm(x1 ~ x5 + f4, d)),
      function(x, df) arrays(list(names = names(coef(x)), estimate = unname(coef(x)),
                                  se = unname(sqrt(diag(vcov(x)))), df = x$df.residual)))
}

# --- calibrated replicate designs: each replicate is adjusted anew -------------------------------

bases <- list(
  clus1_JK1 = replicated(clus1, "JK1"), clus1_JK1_mse = replicated(clus1, "JK1", TRUE),
  strat_JKn = replicated(strat, "JKn"),
  clus1_subbootstrap = replicated(spec("apiclus1", ids = "dnum", weights = "pw"), "subbootstrap",
                                  replicates = 50, file = "rep_clus1_subbootstrap"),
  generated_JKn = replicated(generated, "JKn"))
for (base in names(bases)) {
  api <- bases[[base]]$data != "generated"
  steps <- if (!api) list(rake = raking(f4 = f4, f1 = f1, f2 = f2)) else list(
    rake = if (base == "strat_JKn") raking(comp.imp = list(No = 1712, Yes = 4482), sch.wide = wide) else
      raking(comp.imp = list(No = 1712, Yes = 4482), stype = stype),
    poststratify = poststratify("comp.imp", data.frame(comp.imp = c("No", "Yes"), n = c(1712, 4482))),
    "calibrate-linear" = calibrating("~comp.imp + api99", list("(Intercept)" = 6194, comp.impYes = 4482,
                                                               api99 = 3914069), "linear"))
  for (kind in names(steps)) {
    s <- adjusted(bases[[base]], steps[[kind]])
    at <- function(id) paste(base, kind, id, sep = "/")
    stat(at("weights"), s, {
      w <- weights(d, "analysis")
      list(weights = head(unname(weights(d, "sampling")), 20), replicate_sums = unname(colSums(w)),
           analysis_weights_first_rows = unname(head(unclass(as.matrix(w)), 5)), scale = d$scale)
    }, identity, prepare = prepare_of(s))
    number <- if (api) ~api00 + api.stu else ~x1 + y
    eval(bquote(stat(.(at("mean")), s, svymean(.(number), d), prepare = prepare_of(s))))
    eval(bquote(stat(.(at("total")), s, svytotal(.(number), d), prepare = prepare_of(s))))
    group <- if (api) ~stype else ~f3
    one <- if (api) ~api00 else ~x1
    eval(bquote(stat(.(at("by-mean")), s, svyby(.(one), .(group), d, svymean), how = pull_by,
                     prepare = prepare_of(s))))
  }
}
