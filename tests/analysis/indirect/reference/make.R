# Reference values of indirect questions by R's survey, optim and numDeriv: Rscript make.R
# Likelihoods are written out here from the papers (Imai 2011; Blair and Imai 2012; Blair, Imai and
# Zhou 2015); scores are numerical, variances are svyrecvar's. See from_packages.R for values of the
# packages list and rr.
suppressMessages(library(survey))
library(numDeriv)
source("data.R")
people <- read.csv("people.csv")
profiles <- read.csv("profiles.csv")
out <- list()
num <- function(v) as.numeric(v)
d <- svydesign(~cluster, strata = ~stratum, weights = ~weight, data = people)

# --- shares ------------------------------------------------------------------------------------
coefs <- function(m) list(estimate = num(coef(m)), se = num(SE(m)))
fit <- svyglm(count ~ treat, d)
out$difference <- list(estimate = num(coef(fit)[2]), se = num(SE(fit)[2]), df = degf(d))
out$difference_by <- lapply(split(1:n, people$region), function(i) {
  f <- svyglm(count ~ treat, d[people$region == people$region[i[1]], ])
  list(estimate = num(coef(f)[2]), se = num(SE(f)[2]))
})
e <- update(d, nt = treat, nc = 1 - treat, yt = count * treat, yc = count * (1 - treat),
            dc = direct * (1 - treat), one = 1, st = second * treat, sc = second * (1 - treat))
totals <- svytotal(~nt + nc + yt + yc + dc + direct + one + st + sc, e)
contrast <- function(...) {
  f <- svycontrast(totals, ...)
  list(estimate = num(coef(f)), se = num(SE(f)))
}
out$direct <- contrast(quote(dc / nc))
out$direct_less_list <- contrast(quote(dc / nc - (yt / nt - yc / nc)))
out$everybody_less_list <- contrast(quote(direct / one - (yt / nt - yc / nc)))
out$double <- contrast(quote(((yt / nt - yc / nc) + (sc / nc - st / nt)) / 2))
jk <- as.svrepdesign(d, type = "JKn")
out$difference_jkn <- list(se = num(SE(svyglm(count ~ treat, jk))[2]))

# --- types and the design-effect test ----------------------------------------------------------
kudo <- function(v) {
  k <- nrow(v)
  w <- rep(0, k + 1)
  orthant <- function(s) if (!length(s)) 1 else if (length(s) == 1) .5 else
    mvtnorm::pmvnorm(lower = rep(0, nrow(s)), sigma = s,
                     algorithm = mvtnorm::TVPACK(1e-12))[1]
  if (k > 3) stop("three at most")
  for (size in 0:k) for (at in if (size) combn(k, size, simplify = FALSE) else list(integer())) {
    free <- setdiff(1:k, at)
    inv <- if (size) solve(v[at, at, drop = FALSE]) else matrix(0, 0, 0)
    rest <- v[free, free, drop = FALSE] -
      if (size) v[free, at, drop = FALSE] %*% inv %*% v[at, free, drop = FALSE] else 0
    w[size + 1] <- w[size + 1] + orthant(inv) * orthant(rest)
  }
  w
}
types <- function(y) {
  arm <- function(t, j) sprintf("a%d%d", t, j)
  cols <- list()
  for (t in 0:1) for (j in 0:3) cols[[arm(t, j)]] <- (people$treat == t) * (people[[y]] <= j)
  f <- do.call(update, c(list(e), cols))
  tot <- svytotal(reformulate(c("nt", "nc", names(cols))), f)
  cells <- c(lapply(0:3, function(j) parse(text = sprintf("a0%d/nc - a1%d/nt", j, j))[[1]]),
             lapply(0:3, function(j) parse(text = if (j) sprintf("a1%d/nt - a0%d/nc", j, j - 1) else "a10/nt")[[1]]))
  f <- svycontrast(tot, cells)
  est <- num(coef(f)); v <- matrix(num(vcov(f)), 8)
  p <- sapply(list(1:3, 6:8), function(i) {
    inv <- solve(v[i, i])
    lambda <- quadprog::solve.QP(2 * inv, rep(0, 3), diag(3), -est[i])$value
    if (all(est[i] >= 0)) lambda <- 0
    sum(kudo(v[i, i]) * c(as.numeric(lambda <= 0), pchisq(lambda, 1:3, lower.tail = FALSE)))
  })
  list(estimate = est, se = sqrt(diag(v)), p = p, bonferroni = min(1, 2 * min(p)))
}
out$types <- types("count")
out$types_bad <- types("bad")

# --- list regressions --------------------------------------------------------------------------
X <- cbind(1, people$age / 10, people$male)
lg <- function(v) plogis(v)
row_likelihood <- function(kind, y) function(b) {
  t <- people$treat
  k <- 3
  g <- lg(X %*% b[1:k])[, 1]
  h0 <- lg(X %*% b[k + 1:k])[, 1]
  h1 <- switch(kind, shifted = lg(X %*% b[k + 1:k] + b[7])[, 1], separate = lg(X %*% b[6 + 1:k])[, 1], h0)
  q <- c(0, 0)
  if (kind %in% c("ceiling", "both")) q[1] <- lg(b[7])
  if (kind == "floor") q[2] <- lg(b[7])
  if (kind == "both") q[2] <- lg(b[8])
  bin <- function(c, h) ifelse(c >= 0 & c <= 3, dbinom(pmin(3, pmax(0, c)), 3, h), 0)
  one <- y - t
  honest <- ifelse(t == 1 & one == 3, 1 - q[1], ifelse(t == 1 & one == 0, 1 - q[2], 1))
  p <- (1 - g) * bin(y, h0) + g * bin(one, h1) * honest
  p <- p + t * g * ((y == 3) * q[1] * dbinom(3, 3, h1) + (y == 0) * q[2] * dbinom(0, 3, h1))
  log(p)
}
w <- people$weight / mean(people$weight)
sandwiched <- function(rows, b, design = d) {
  info <- -hessian(function(a) sum(w * rows(a)), b)
  influence <- (jacobian(rows, b) * w) %*% solve(info)
  svyrecvar(influence, design$cluster, design$strata, design$fpc)
}
climb <- function(rows, start) {
  f <- function(b) { v <- sum(w * rows(b)); if (is.finite(v)) v else -1e10 }
  o <- optim(start, f, method = "BFGS", control = list(fnscale = -1, maxit = 5000, reltol = 1e-15))
  b <- o$par
  for (i in 1:30) {
    move <- solve(-hessian(f, b), grad(f, b))
    b <- b + move
    if (max(abs(move)) < 1e-11) break
  }
  b
}
for (kind in c("same", "shifted", "separate", "ceiling", "floor", "both")) {
  y <- if (kind %in% c("ceiling", "floor", "both")) people$hiding else people$count
  rows <- row_likelihood(kind, y)
  start <- c(-.3, .1, -.2, .1, 0, .2, switch(kind, shifted = .1, separate = c(0, 0, .2), same = NULL,
                                             both = c(-1, -1), -1))
  b <- climb(rows, start)
  v <- sandwiched(rows, b)
  g <- lg(X %*% b[1:3])[, 1]
  share <- function(a) weighted.mean(lg(X %*% a[1:3])[, 1], w)
  info <- -hessian(function(a) sum(w * rows(a)), b)
  own <- (jacobian(rows, b) * w) %*% solve(info)
  influence <- w / sum(w) * (g - share(b)) + own %*% grad(share, b)
  out[[paste0("ml_", kind)]] <- list(
    estimate = b, se = sqrt(diag(v)), loglik = sum(w * rows(b)), share = share(b),
    share_se = sqrt(svyrecvar(influence, d$cluster, d$strata, d$fpc))[1])
}
# Least squares in two steps: estimating equations solved by Newton, variance of the stacked ones.
equations <- function(b) {
  t <- people$treat
  h <- lg(X %*% b[4:6])[, 1]; g <- lg(X %*% b[1:3])[, 1]
  cbind(X * (w * t * (people$count - 3 * h - g) * g * (1 - g)),
        X * (w * (1 - t) * (people$count - 3 * h) * h * (1 - h)))
}
b <- optim(c(-.3, .1, -.2, .1, 0, .2), function(b) {
  h <- lg(X %*% b[4:6])[, 1]; sum(w * (1 - people$treat) * (people$count - 3 * h)^2) +
    sum(w * people$treat * (people$count - 3 * h - lg(X %*% b[1:3])[, 1])^2)
}, method = "BFGS", control = list(maxit = 2000))$par
for (i in 1:50) b <- b - solve(jacobian(function(a) colSums(equations(a)), b), colSums(equations(b)))
bread <- solve(-jacobian(function(a) colSums(equations(a)), b))
v <- svyrecvar(equations(b) %*% t(bread), d$cluster, d$strata, d$fpc)
out$nls <- list(estimate = b, se = sqrt(diag(v)))
e2 <- update(d, age10 = age / 10)
f <- svyglm(count ~ age10 + male + treat + treat:age10 + treat:male, e2)
out$linear <- list(estimate = num(coef(f)[c(4, 5, 6, 1, 2, 3)]), se = num(SE(f)[c(4, 5, 6, 1, 2, 3)]),
                   df = f$df.residual)

# --- randomised response -----------------------------------------------------------------------
for (kind in c("warner", "forced")) {
  cd <- if (kind == "warner") c(.4, .3) else c(2 / 3, 1 / 6)
  y <- people[[kind]]
  m <- svymean(reformulate(kind), d)
  rows <- function(b) { p <- cd[1] * lg(X %*% b)[, 1] + cd[2]; y * log(p) + (1 - y) * log(1 - p) }
  b <- climb(rows, c(-.3, .1, -.2))
  out[[kind]] <- list(share = (num(coef(m)) - cd[2]) / cd[1], share_se = num(SE(m)) / cd[1],
                      estimate = b, se = sqrt(diag(sandwiched(rows, b))), loglik = sum(w * rows(b)))
}

# --- endorsement -------------------------------------------------------------------------------
g1 <- svyglm(policy1 ~ treat, d); g2 <- svyglm(policy2 ~ treat, subset(d, !is.na(policy2)))
f <- update(d, k2 = as.numeric(!is.na(policy2)), p2 = ifelse(is.na(policy2), 0, policy2))
f <- update(f, nt = treat, nc = 1 - treat, a = policy1 * treat, b = policy1 * (1 - treat),
            t2 = k2 * treat, c2 = k2 * (1 - treat), a2 = p2 * treat, b2 = p2 * (1 - treat))
tot <- svytotal(~nt + nc + a + b + t2 + c2 + a2 + b2, f)
mean2 <- svycontrast(tot, quote((a / nt - b / nc + a2 / t2 - b2 / c2) / 2))
out$endorsement <- list(estimate = num(c(coef(mean2), coef(g1)[2], coef(g2)[2])),
                        se = num(c(SE(mean2), SE(g1)[2], SE(g2)[2])))

# --- conjoint ----------------------------------------------------------------------------------
profiles$job <- factor(profiles$job, c("cleaner", "doctor", "teacher"))
profiles$school <- factor(profiles$school, c("college", "none", "school"))
cd <- svydesign(~id, strata = ~stratum, weights = ~weight, data = profiles)
plain <- svyglm(chosen ~ job + origin, cd)
out$amce <- list(estimate = num(coef(plain)[-1]), se = num(SE(plain)[-1]), df = plain$df.residual)
one <- svyglm(rating ~ job + origin, cd)
out$amce_rating <- list(estimate = num(coef(one)[-1]), se = num(SE(one)[-1]))
mm <- svyglm(chosen ~ 0 + origin, cd)
out$means <- list(estimate = num(coef(mm)), se = num(SE(mm)), df = mm$df.residual)
both <- svyglm(chosen ~ 0 + origin + origin:party, cd)
out$means_difference <- list(estimate = num(coef(both)[5:8]), se = num(SE(both)[5:8]),
                             f = num(regTermTest(both, ~ origin:party)$Ftest))
inter <- svyglm(chosen ~ (job + origin) * party, cd)
at <- grep(":party", names(coef(inter)))
out$amce_difference <- list(estimate = num(coef(inter)[at]), se = num(SE(inter)[at]),
                            f = num(regTermTest(inter, ~ origin:party)$Ftest))
# A restricted pair: effects are means over combinations shown with the level and the baseline.
cells <- interaction(profiles$job, profiles$school, drop = TRUE, sep = "_")
sat <- svyglm(chosen ~ 0 + cells + origin, update(cd, cells = cells))
cell_mean <- function(job, school) paste0("cells", job, "_", school)
effect <- function(levels, base, over, column) {
  share <- prop.table(table(factor(profiles[[column]], over)[
    (if (column == "school") profiles$job else profiles$school) == levels]))
  k <- setNames(rep(0, length(coef(sat))), names(coef(sat)))
  for (o in over) {
    a <- if (column == "school") cell_mean(levels, o) else cell_mean(o, levels)
    b <- if (column == "school") cell_mean(base, o) else cell_mean(o, base)
    k[a] <- k[a] + share[[o]]; k[b] <- k[b] - share[[o]]
  }
  c(sum(k * coef(sat)), sqrt(num(k %*% vcov(sat) %*% k)))
}
found <- rbind(effect("doctor", "cleaner", c("college", "school"), "school"),
               effect("teacher", "cleaner", c("college", "none", "school"), "school"),
               effect("none", "college", c("cleaner", "teacher"), "job"),
               effect("school", "college", c("cleaner", "doctor", "teacher"), "job"))
out$restricted <- list(estimate = found[, 1], se = found[, 2])
out$versions <- list(R = R.version.string, survey = as.character(packageVersion("survey")))
writeLines(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "values.json")
