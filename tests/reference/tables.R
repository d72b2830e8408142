# Tests in two-way tables, t tests, contrasts and correlations, over the designs of estimates.R.

# Rao-Scott p by numerical integration (Imhof 1961): P(sum a_i X_i > (x/ddf) Y) for chi-squared X_i
# on 1 df and Y on ddf. survey does this with CompQuadForm, which Debian lacks, and falls back to
# the saddlepoint without it.
imhof <- function(lambda, h) {
  integrand <- function(u) vapply(u, function(t) {
    angle <- sum(h * atan(lambda * t)) / 2
    sin(angle) / (t * exp(sum(h * log1p((lambda * t)^2)) / 4))
  }, 1)
  scale <- 1 / max(abs(lambda))
  pieces <- c(0, 10^seq(-3, 6, by = .25)) * scale
  total <- sum(mapply(function(a, b) {
    integrate(integrand, a, b, rel.tol = 1e-11, abs.tol = 1e-14, subdivisions = 2000)$value
  }, head(pieces, -1), tail(pieces, -1)))
  .5 + total / pi
}

rao_scott_exact <- function(rows, cols, d) {
  mf <- d$variables
  mm <- model.matrix(~interaction(factor(mf[[rows]]), factor(mf[[cols]])) - 1,
                     model.frame(~interaction(factor(mf[[rows]]), factor(mf[[cols]])),
                                 na.action = na.pass))
  n <- nrow(mm)
  grid <- expand.grid(r = seq_along(unique(na.omit(mf[[rows]]))),
                      c = seq_along(unique(na.omit(mf[[cols]]))))
  x1 <- model.matrix(~factor(r) + factor(c), grid)
  x12 <- model.matrix(~factor(r) * factor(c), grid)
  p <- svymean(mm, d, na.rm = TRUE)
  cmat <- qr.resid(qr(x1), x12[, -(1:ncol(x1)), drop = FALSE])
  inverse <- diag(ifelse(coef(p) == 0, 0, 1 / coef(p)))
  delta <- solve(t(cmat) %*% (inverse / n) %*% cmat,
                 t(cmat) %*% inverse %*% vcov(p) %*% inverse %*% cmat)
  nu <- length(unique(d$cluster[, 1])) - length(unique(d$strata[, 1]))
  eigenvalues <- Re(eigen(delta, only.values = TRUE)$values)
  d0 <- sum(eigenvalues)^2 / sum(eigenvalues^2)
  pearson <- as.numeric(svychisq(reformulate(c(rows, cols)), d, statistic = "Chisq")$statistic)
  list(statistic = pearson, eigenvalues = eigenvalues, ndf = d0, ddf = d0 * nu,
       p = imhof(c(eigenvalues, -pearson / (d0 * nu)), c(rep(1, length(eigenvalues)), d0 * nu)))
}

# svyvar of two columns as a plain statistic with the names a, ab, ab, b: svycontrast needs names.
setNames_var <- function(v) {
  x <- setNames(as.numeric(v), c("a", "ab", "ba", "b"))
  attr(x, "var") <- structure(attr(v, "var"), dimnames = list(names(x), names(x)))
  attr(x, "statistic") <- "variance"
  structure(x, class = "svystat")
}

tables <- list(
  list("srs", ~sch.wide + comp.imp), list("srs", ~sch.wide + stype), list("srs", ~stype + level),
  list("strat", ~sch.wide + comp.imp), list("strat", ~sch.wide + level),
  list("clus1", ~sch.wide + comp.imp), list("clus1", ~sch.wide + stype), list("clus1", ~stype + level),
  list("clus2", ~sch.wide + comp.imp), list("clus2", ~sch.wide + stype), list("clus2", ~stype + level),
  list("clus2_nofpc", ~sch.wide + stype),
  list("nhanes", ~HI_CHOL + RIAGENDR), list("nhanes", ~HI_CHOL + race), list("nhanes", ~race + agecat),
  list("two_stage", ~group + stratum),
  list("generated", ~binary + x5), list("generated", ~binary + f4), list("generated", ~f4 + f1),
  list("generated", ~f3 + y), list("generated_weights", ~f3 + y), list("wvs", ~poverty + country))
for (entry in tables) {
  id <- paste0(entry[[1]], "/chisq-", paste(all.vars(entry[[2]]), collapse = "-x-"), "-")
  for (statistic in c("F", "Chisq", "Wald", "adjWald", "saddlepoint")) {
    eval(bquote(stat(.(paste0(id, statistic)), designs[[.(entry[[1]])]],
                     svychisq(.(entry[[2]]), d, statistic = .(statistic)), how = pull_test)))
  }
  v <- all.vars(entry[[2]])
  eval(bquote(stat(.(paste0(id, "lincom")), designs[[.(entry[[1]])]],
                   rao_scott_exact(.(v[1]), .(v[2]), d), how = identity,
                   note = "p by Imhof's integral, not by survey (no CompQuadForm); see README")))
}

ttests <- list(srs = ~api00 + comp.imp, strat = ~api00 + comp.imp, clus1 = ~api00 + comp.imp,
               clus2 = ~api.stu + comp.imp, generated = ~x1 + binary, two_stage = ~y + I(group == "a"))
for (name in names(ttests)) {
  f <- as.formula(bquote(.(ttests[[name]][[2]][[2]]) ~ .(ttests[[name]][[2]][[3]])))
  eval(bquote(stat(.(paste0(name, "/ttest")), designs[[.(name)]], svyttest(.(f), d), how = pull_test)))
}
stat("clus1/ttest-one-sample", designs$clus1, svyttest(I(api00 - api99) ~ 0, d), how = pull_test)

# Differences of domain means with their covariance: in cluster designs it is not zero.
for (name in c("srs", "strat", "clus1", "clus2")) {
  stat(paste0(name, "/contrast-stype"), designs[[name]],
       svycontrast(svyby(~api00, ~stype, d, svymean, covmat = TRUE),
                   list("E-H" = c(1, -1, 0), "E-M" = c(1, 0, -1), "H-M" = c(0, 1, -1))))
  stat(paste0(name, "/correlation"), designs[[name]],
       svycontrast(setNames_var(svyvar(~api00 + api99, d)), quote(ab / sqrt(a * b))))
}
stat("generated/contrast-f3", designs$generated,
     svycontrast(svyby(~x1, ~f3, d, svymean, covmat = TRUE),
                 list("low-none" = c(-1, 1, 0, 0, 0), "top-none" = c(-1, 0, 0, 0, 1))))
stat("generated/correlation", designs$generated,
     svycontrast(setNames_var(svyvar(~x1 + count, d)), quote(ab / sqrt(a * b))))
stat("clus1/contrast-ratio-of-means", designs$clus1,
     svycontrast(svymean(~api00 + api99, d), quote(api00 / api99)))
