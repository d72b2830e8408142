# Linear and logistic models over designs, their tests and predictions; then ordered and multinomial
# models in files of their own, all in one file of values.

designs <- list(
  srs = spec("apisrs", weights = "pw", fpc = "fpc"),
  strat = spec("apistrat", strata = "stype", weights = "pw", fpc = "fpc"),
  clus1 = spec("apiclus1", ids = "dnum", weights = "pw", fpc = "fpc"),
  clus2 = spec("apiclus2", ids = c("dnum", "snum"), fpc = c("fpc1", "fpc2")),
  clus2_nofpc = spec("apiclus2", ids = c("dnum", "snum"), weights = "pw"),
  nhanes = spec("nhanes", ids = "SDMVPSU", strata = "SDMVSTRA", weights = "WTMEC2YR", nest = TRUE),
  two_stage = spec("two_stage", ids = c("psu", "unit"), strata = "stratum",
                   fpc = c("n_psu", "n_ssu")),
  generated = spec("generated", ids = "cluster", strata = "stratum", weights = "weight"),
  generated_weights = spec("generated", weights = "weight"),
  generated_unweighted = spec("generated"),
  wvs = spec("wvs"))

# glm's default tolerance leaves coefficients at 1e-6; this one takes them to rounding.
tight <- quote(glm.control(epsilon = 1e-14, maxit = 200))

pull_glm <- function(x, df) {
  s <- summary(x)
  t <- s$coefficients
  ci <- confint(x)
  c(arrays(list(names = names(coef(x)), estimate = unname(coef(x)), se = unname(t[, 2]),
                vcov = plain(vcov(x)), statistic = unname(t[, 3]), p = unname(t[, 4]),
                ci_low = unname(ci[, 1]), ci_high = unname(ci[, 2]))),
    list(df = x$df.residual, df_design = df, dispersion = as.numeric(s$dispersion),
         deviance = x$deviance, null_deviance = x$null.deviance))
}

gaussian_models <- list(
  "srs/linear" = api00 ~ meals + ell, "strat/linear" = api00 ~ ell + meals + mobility,
  "clus1/linear" = api00 ~ ell + meals + mobility, "clus2/linear" = api00 ~ ell + meals + mobility,
  "clus2_nofpc/linear" = api00 ~ ell + meals, "strat/linear-factor" = api00 ~ stype + meals,
  "clus1/linear-interaction" = api00 ~ stype * meals + I(ell^2),
  "clus1/linear-log" = api00 ~ log(enroll) + awards, "clus2/linear-missing" = api00 ~ enroll + stype,
  "clus1/linear-missing" = api00 ~ avg.ed + stype, "two_stage/linear" = y ~ x + group,
  "generated/linear" = x2 ~ x1 + x3 + f1 + f3, "generated/linear-interaction" = x1 ~ f4 * x5 + log(x6 + 20),
  "generated/linear-missing" = x1 ~ x_missing + f2, "generated_weights/linear" = x2 ~ x1 + f1)
logit_models <- list(
  "srs/logit" = I(api00 > 700) ~ meals + ell, "strat/logit" = I(sch.wide == "Yes") ~ ell + meals,
  "clus1/logit" = I(sch.wide == "Yes") ~ ell + meals, "clus2/logit" = I(sch.wide == "Yes") ~ ell + meals,
  "nhanes/logit" = HI_CHOL ~ race + agecat + RIAGENDR,
  "nhanes/logit-interaction" = HI_CHOL ~ race * RIAGENDR + agecat,
  "generated/logit" = binary ~ x1 + x5 + f3 + f4, "generated/logit-interaction" = binary ~ x1 * f4 + x_missing,
  "generated_weights/logit" = binary ~ x1 + x5 + f3 + f4)

fit_call <- function(formula, family) {
  switch(family, gaussian = bquote(svyglm(.(formula), d)),
         bquote(svyglm(.(formula), d, family = .(as.call(list(as.name(family)))), control = .(tight))))
}
glm_record <- function(id, formula, family, s = designs[[sub("/.*", "", id)]]) {
  eval(bquote(stat(.(id), s, .(fit_call(formula, family)), how = pull_glm)))
}
for (id in names(gaussian_models)) glm_record(id, gaussian_models[[id]], "gaussian")
for (id in names(logit_models)) glm_record(id, logit_models[[id]], "quasibinomial")
glm_record("generated/poisson", count ~ x1 + f4, "quasipoisson")
for (base in c("clus1", "generated")) {
  s <- designs[[base]]
  s$domain <- if (base == "clus1") list(column = "comp.imp", values = "Yes") else
    list(column = "f3", values = c("low", "middle", "high"))
  if (base == "clus1") glm_record("clus1/linear-domain", api00 ~ ell + meals, "gaussian", s) else
    glm_record("generated/logit-domain", binary ~ x1 + f4, "quasibinomial", s)
}

# --- tests of terms, R squared, predictions --------------------------------------------------------

pull_term <- function(x) {
  list(statistic = as.numeric(x$Ftest), ndf = as.numeric(x$df), ddf = as.numeric(x$ddf),
       p = as.numeric(x$p))
}
# The likelihood-ratio test with Rao-Scott weights (lambda); its p is a saddlepoint value.
pull_lrt <- function(x) {
  list(chisq = as.numeric(x$chisq), lambda = I(as.numeric(x$lambda)), ndf = as.numeric(x$df),
       ddf = as.numeric(x$ddf), p = as.numeric(x$p))
}
terms_tested <- list(
  list("strat/linear-factor", ~stype), list("clus1/linear-interaction", ~stype:meals),
  list("clus1/linear", ~ell + mobility), list("clus2/linear", ~ell + meals + mobility),
  list("generated/linear", ~f3), list("generated/linear", ~f1 + f3), list("nhanes/logit", ~race),
  list("nhanes/logit", ~agecat + race), list("nhanes/logit-interaction", ~race:RIAGENDR),
  list("generated/logit", ~f3), list("generated/logit", ~f3 + f4 + x1),
  list("generated/logit-interaction", ~x1:f4))
for (entry in terms_tested) {
  id <- entry[[1]]
  linear <- !is.null(gaussian_models[[id]])
  formula <- if (linear) gaussian_models[[id]] else logit_models[[id]]
  call <- fit_call(formula, if (linear) "gaussian" else "quasibinomial")
  at <- paste0(id, "/test-", gsub("[~ ]", "", deparse(entry[[2]])))
  s <- designs[[sub("/.*", "", id)]]
  eval(bquote(stat(.(at), s, regTermTest(.(call), .(entry[[2]])), how = pull_term)))
  eval(bquote(stat(.(paste0(at, "-LRT")), s, regTermTest(.(call), .(entry[[2]]), method = "LRT"),
                   how = pull_lrt)))
}
for (id in c("clus1/logit", "nhanes/logit", "generated/logit", "generated_weights/logit")) {
  call <- fit_call(logit_models[[id]], "quasibinomial")
  eval(bquote(stat(.(paste0(id, "/r-squared")), designs[[.(sub("/.*", "", id))]],
                   list(cox_snell = psrsq(.(call), method = "Cox-Snell"),
                        nagelkerke = psrsq(.(call), method = "Nagelkerke")), how = identity)))
}
stat("clus1/predicted-means", designs$clus1, svypredmeans(svyglm(api00 ~ meals + ell, d), ~stype))
eval(bquote(stat("generated/predicted-means", designs$generated,
                 svypredmeans(svyglm(binary ~ x1 + x5, d, family = quasibinomial(), control = .(tight)), ~f3))))
pull_prediction <- function(x, df) {
  arrays(list(estimate = as.numeric(coef(x)), se = as.numeric(SE(x)), df = df))
}
stat("clus1/predict-linear", designs$clus1,
     predict(svyglm(api00 ~ ell + meals, d), newdata = data.frame(ell = c(10, 20, 50), meals = c(20, 50, 90))),
     pull_prediction)
for (type in c("link", "response")) {
  eval(bquote(stat(.(paste0("generated/predict-logit-", type)), designs$generated,
                   predict(svyglm(binary ~ x1 + f4, d, family = quasibinomial(), control = .(tight)),
                           newdata = data.frame(x1 = c(-1, 0, 1.5), f4 = factor(c("m", "f", "d"),
                                                                             c("m", "f", "d"))),
                           type = .(type)), how = pull_prediction)))
}

source("ordered.R", local = TRUE)
source("proportional.R", local = TRUE)
source("effects.R", local = TRUE)
