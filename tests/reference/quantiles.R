# Quantiles by every rule and interval, and proportions with every interval, over the designs of
# estimates.R.

rules <- c("math", "school", "shahvaish", paste0("hf", 1:9))
for (name in c("srs", "strat", "clus1", "clus2", "two_stage", "generated")) {
  variables <- plan_of(designs[[name]])$quantiles
  for (rule in rules) {
    eval(bquote(stat(.(paste0(name, "/quantile-rule-", rule)), designs[[.(name)]],
                     svyquantile(.(variables), d, probabilities, qrule = .(rule)),
                     how = pull_quantile)))
  }
  for (interval in c("mean", "beta", "xlogit", "asin")) for (rule in c("math", "hf7")) {
    eval(bquote(stat(.(paste0(name, "/quantile-interval-", interval, "-", rule)), designs[[.(name)]],
                     svyquantile(.(variables), d, probabilities, interval.type = .(interval),
                                 qrule = .(rule)), how = pull_quantile)))
  }
  eval(bquote(stat(.(paste0(name, "/quantile-normal-limits")), designs[[.(name)]],
                   svyquantile(.(variables), d, probabilities, df = Inf), how = pull_quantile)))
}
score_note <- paste("survey 4.1 finds the limits with a root finder of low tolerance and turns them",
                    "into quantiles by UNWEIGHTED shares; see README, do not follow")
for (name in c("strat", "clus1")) {
  stat(paste0(name, "/quantile-interval-score-math"), designs[[name]],
       svyquantile(~api00, d, c(.25, .5, .75), interval.type = "score"), pull_quantile, score_note)
}
stat("generated/quantile-missing", designs$generated,
     svyquantile(~x_missing, d, probabilities, na.rm = TRUE), pull_quantile)
stat("clus1/quantile-missing", designs$clus1,
     svyquantile(~acs.k3, d, probabilities, na.rm = TRUE), pull_quantile)
stat("generated/by-median", designs$generated,
     svyby(~x2, ~f3, d, svyquantile, quantiles = .5, ci = TRUE), function(x) {
       list(groups = list(f3 = as.character(x$f3)), estimate = x[[2]], se = unname(SE(x)))
     })
stat("strat/by-median", designs$strat,
     svyby(~api00, ~stype, d, svyquantile, quantiles = .5, ci = TRUE), function(x) {
       list(groups = list(stype = as.character(x$stype)), estimate = x[[2]], se = unname(SE(x)))
     })

# --- proportions -------------------------------------------------------------------------------

pull_prop <- function(x) {
  list(estimate = as.numeric(coef(x)), se = sqrt(as.numeric(vcov(x))), ci_low = confint(x)[1],
       ci_high = confint(x)[2])
}
proportions <- list(
  srs = list(designs$srs, ~I(stype == "H")), strat = list(designs$strat, ~I(api00 > 700)),
  clus1 = list(designs$clus1, ~I(api00 > 700)), "clus1-rare" = list(designs$clus1, ~I(stype == "H")),
  clus2 = list(designs$clus2, ~I(api00 > 700)),
  nhanes = list(with_domain(designs$nhanes, column = "HI_CHOL", values = c("0", "1")), ~HI_CHOL),
  generated = list(designs$generated, ~binary), "generated-rare" = list(designs$generated, ~I(y == 1)),
  two_stage = list(designs$two_stage, ~I(group == "c")))
for (name in names(proportions)) for (method in c("logit", "likelihood", "asin", "beta", "mean", "xlogit")) {
  eval(bquote(stat(.(paste0(name, "/proportion-", method)), proportions[[.(name)]][[1]],
                   svyciprop(.(proportions[[name]][[2]]), d, method = .(method)), how = pull_prop)))
}
