# Ordered models: exact coefficients by Newton's method, linearised and model-based covariances, joint
# tests. R's own functions run beside each fit, and the record says how far they are from the exact
# solution.

source("ordinal.R", local = TRUE)
source("calibration.R", local = TRUE)

# Each link of this project by the names that R's functions give the same distribution.
r_names <- list(logit = c(clm = "logit", polr = "logistic", svyolr = "logistic"),
                probit = c(clm = "probit", polr = "probit", svyolr = "probit"),
                cloglog = c(clm = "cloglog", polr = "cloglog", svyolr = NA),
                loglog = c(clm = "loglog", polr = "loglog", svyolr = "cloglog"),
                cauchit = c(clm = "cauchit", polr = "cauchit", svyolr = "cauchit"))

# The greatest difference, in standard errors for estimates and relative for standard errors.
apart <- function(x, exact, unit) max(abs(x - exact) / unit)

beside <- function(expr, names, estimate, se) {
  fit <- tryCatch(suppressWarnings(expr), error = function(e) conditionMessage(e))
  if (is.character(fit)) return(list(error = fit))
  fit_estimate <- fit$estimate[names]
  fit_se <- fit$se[names]
  list(estimate = unname(fit_estimate), se = unname(fit_se),
       estimate_off_in_se = apart(fit_estimate, estimate, se), se_off_relative = apart(fit_se, se, se))
}
parts <- function(estimate, v) list(estimate = estimate, se = sqrt(diag(as.matrix(v))))

# The exact fit of a formula in a design: everything the other functions need.
exact_ordered <- function(formula, d, link, nominal = NULL) {
  f <- ordered_frame(formula, d$variables)
  d <- d[f$keep, ]
  w <- weights(d, "sampling")
  z <- f$x[, 0]
  if (!is.null(nominal)) {
    # Columns of the nominal terms leave x and get one effect for each cut.
    z <- model.matrix(nominal, d$variables)[, -1, drop = FALSE]
    f$x <- f$x[, !colnames(f$x) %in% colnames(z), drop = FALSE]
    cuts <- tail(f$names, length(f$levels) - 1)
    f$names <- c(colnames(f$x), cuts, as.vector(outer(cuts, colnames(z), paste, sep = ".")))
  }
  fit <- cumulative_fit(f$x, f$y, w, link, z = z)
  list(par = setNames(fit$par, f$names), vcov = linearised(fit, d), vcov_counts = solve(-fit$hessian),
       loglik = fit$loglik, null = null_loglik(f$y, w), names = f$names, frame = f, w = w, d = d,
       n = length(w), steps = fit$steps, gradient = max(abs(fit$gradient)), fit = fit)
}

ordered_values <- function(e, df) {
  c(arrays(list(names = e$names, estimate = unname(e$par), se = sqrt(diag(e$vcov)), vcov = plain(e$vcov),
                se_counts = sqrt(diag(e$vcov_counts)))),
    list(n = e$n, sum_weights = sum(e$w), df_design = df,
         df_residual = df - ncol(e$frame$x), loglik = e$loglik, null_loglik = e$null,
         aic = -2 * e$loglik + 2 * length(e$par), mcfadden = 1 - e$loglik / e$null,
         newton_steps = e$steps, gradient = e$gradient))
}

ordered_fit <- function(formula, d, link) {
  e <- exact_ordered(formula, d, link)
  values <- ordered_values(e, degf(d))
  se <- sqrt(diag(e$vcov))
  method <- r_names[[link]][["svyolr"]]
  control <- list(reltol = 1e-15, maxit = 5000)
  run_svyolr <- function(control) {
    m <- svyolr(formula, d, method = method, control = control)
    parts(c(coef(m, intercepts = FALSE), m$zeta), vcov(m))
  }
  if (!is.na(method)) {
    values$svyolr <- beside(run_svyolr(control), e$names, e$par, se)
    # A finer step for the finite-difference Hessian brings its standard errors closer.
    n_par <- length(e$par)
    values$svyolr_fine <- beside(run_svyolr(c(control, list(ndeps = rep(1e-5, n_par)))), e$names, e$par, se)
  }
  frame <- d$variables
  frame$.weight <- weights(d, "sampling")
  se_counts <- sqrt(diag(e$vcov_counts))
  values$clm <- beside({
    m <- do.call(ordinal::clm, list(formula, data = frame, weights = quote(.weight),
                                    link = r_names[[link]][["clm"]],
                                    control = ordinal::clm.control(gradTol = 1e-10, maxIter = 200)))
    parts(coef(m), vcov(m))
  }, e$names, e$par, se_counts)
  values$polr <- beside({
    m <- do.call(MASS::polr, list(formula, data = frame, weights = quote(.weight), Hess = TRUE,
                                  method = r_names[[link]][["polr"]], control = control))
    parts(c(coef(m), m$zeta), vcov(m))
  }, e$names, e$par, se_counts)
  values
}

ordered_record <- function(id, s, formula, link = "logit", ...) {
  eval(bquote(stat(.(paste0(id, "-", link)), s, ordered_fit(.(formula), d, .(link)), how = identity, ...)))
}

docs_formula <- poverty ~ religion + degree + country + age + gender
twenty <- factor(y) ~ x1 + x2 + x3 + x4 + x5 + x6 + f1 + f2 + f3 + f4
wine <- spec("wine")
wine_judges <- spec("wine", ids = "judge")
soup <- spec("soup", ids = "RESP")
housing <- spec("housing", weights = "Freq")
counts_note <- "weights are counts: the standard errors to use are se_counts"

for (link in names(r_names)) {
  ordered_record("wvs/ordered-docs", designs$wvs, docs_formula, link)
  ordered_record("generated/ordered-twenty", designs$generated, twenty, link)
  ordered_record("generated_weights/ordered-twenty", designs$generated_weights, twenty, link)
  ordered_record("generated_unweighted/ordered-twenty", designs$generated_unweighted, twenty, link)
  for (base in c("clus1", "clus2", "strat")) {
    ordered_record(paste0(base, "/ordered"), designs[[base]], level ~ meals + ell + stype, link)
  }
  ordered_record("wine/ordered-interaction", wine, rating ~ temp * contact, link)
  ordered_record("wine_judges/ordered", wine_judges, rating ~ temp + contact, link)
  ordered_record("soup/ordered", soup, SURENESS ~ PROD + DAY, link)
  ordered_record("housing/ordered", housing, Sat ~ Infl + Type + Cont, link, note = counts_note)
  ordered_record("nhanes/ordered", designs$nhanes, agecat ~ RIAGENDR + race + HI_CHOL, link)
}
ordered_record("wvs/ordered-interaction", designs$wvs, poverty ~ religion + degree + gender + country * age)
ordered_record("generated/ordered-missing", designs$generated, factor(y) ~ x_missing + f4 + I(x1^2))
ordered_record("soup/ordered-more", soup, SURENESS ~ PROD * DAY + SOUPFREQ + AGEGROUP)
middle <- designs$generated
middle$domain <- list(column = "f3", values = c("low", "middle", "high"))
ordered_record("generated/ordered-domain", middle, factor(y) ~ x1 + x5 + f1)
raked <- adjusted(designs$generated, raking(f4 = list(m = 1080, f = 1080, d = 49),
                                            f1 = list(a = 980, b = 610, c = 420, d = 199)))
ordered_record("generated_raked/ordered", raked, factor(y) ~ x1 + x5 + f3, prepare = prepare_of(raked))
linear <- adjusted(designs$generated, calibrating("~f4 + f1", list(
  "(Intercept)" = 2209, f4f = 1080, f4d = 49, f1b = 610, f1c = 420, f1d = 199), "raking"))
ordered_record("generated_calibrated/ordered", linear, factor(y) ~ x1 + x5 + f3, prepare = prepare_of(linear))

# The model of the docs with R's functions as anyone would call them, beside the exact solution.
stat("docs/wvs-poverty", designs$wvs, {
  e <- exact_ordered(docs_formula, d, "logit")
  m <- svyolr(poverty ~ religion + degree + country + age + gender, d)
  p <- MASS::polr(poverty ~ religion + degree + country + age + gender, d$variables, Hess = TRUE)
  se <- sqrt(diag(e$vcov))
  t <- e$par / se
  list(names = e$names, estimate = unname(e$par), se = se, statistic = unname(t), df = m$df.residual,
       p = unname(2 * pt(-abs(t), m$df.residual)), odds_ratio = unname(exp(e$par)),
       svyolr_estimate = unname(c(coef(m, intercepts = FALSE), m$zeta)[e$names]),
       svyolr_se = unname(sqrt(diag(vcov(m)))[e$names]),
       polr_estimate = unname(c(coef(p), p$zeta)[e$names]), polr_se = unname(sqrt(diag(vcov(p)))[e$names]))
}, identity)

# --- joint Wald tests ------------------------------------------------------------------------------

wald <- function(estimate, v, ddf) {
  chisq <- drop(estimate %*% solve(v, estimate))
  ndf <- length(estimate)
  list(chisq = chisq, ndf = ndf, statistic = chisq / ndf, ddf = ddf,
       p = pf(chisq / ndf, ndf, ddf, lower.tail = FALSE))
}
wald_of_terms <- function(formula, d, pattern, terms) {
  e <- exact_ordered(formula, d, "logit")
  i <- grep(pattern, e$names)
  values <- wald(e$par[i], e$vcov[i, i, drop = FALSE], degf(d) - ncol(e$frame$x))
  values$tested <- I(e$names[i])
  # regTermTest recurses without end unless the call holds the formula itself.
  r <- tryCatch({
    m <- eval(bquote(svyolr(.(formula), d, control = list(reltol = 1e-15, maxit = 5000))))
    regTermTest(m, terms)
  }, error = conditionMessage)
  values$regTermTest <- if (is.character(r)) list(error = r) else pull_term(r)
  values
}
tests <- list(
  list("generated/ordered-wald-f3", designs$generated, factor(y) ~ x1 + x5 + f1 + f3, "^f3", ~f3),
  list("generated/ordered-wald-f1-f3", designs$generated, factor(y) ~ x1 + x5 + f1 + f3, "^f[13]", ~f1 + f3),
  list("clus1/ordered-wald-stype", designs$clus1, level ~ meals + ell + stype, "^stype", ~stype),
  list("wvs/ordered-wald-interaction", designs$wvs,
       poverty ~ religion + degree + gender + country * age, "^country.*:age", ~country:age))
for (test in tests) {
  eval(bquote(stat(.(test[[1]]), .(test[[2]]),
                   wald_of_terms(.(test[[3]]), d, .(test[[4]]), .(test[[5]])), how = identity)))
}
