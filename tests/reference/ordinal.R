# Exact fits by Newton's method with analytic gradient and Hessian, for ordered and multinomial
# outcomes: the point that polr, svyolr, clm and multinom search for, and the per-row scores that
# linearised variances need.

# Distribution F, density f and its derivative for P(Y <= k) = F(theta_k - x'beta).
links <- list(
  logit = list(F = plogis, f = dlogis, g = function(t) dlogis(t) * (1 - 2 * plogis(t)), Q = qlogis),
  probit = list(F = pnorm, f = dnorm, g = function(t) -t * dnorm(t), Q = qnorm),
  # F = 1 - exp(-exp(t)): clm's "cloglog", polr's "cloglog"
  cloglog = list(F = function(t, lower.tail = TRUE) if (lower.tail) -expm1(-exp(t)) else exp(-exp(t)),
                 f = function(t) exp(t - exp(t)), g = function(t) exp(t - exp(t)) * (1 - exp(t)),
                 Q = function(p) log(-log1p(-p))),
  # F = exp(-exp(-t)): clm's "loglog", polr's "loglog", svyolr's "cloglog"
  loglog = list(F = function(t, lower.tail = TRUE) if (lower.tail) exp(-exp(-t)) else -expm1(-exp(-t)),
                f = function(t) exp(-t - exp(-t)), g = function(t) exp(-t - exp(-t)) * (exp(-t) - 1),
                Q = function(p) -log(-log(p))),
  cauchit = list(F = pcauchy, f = dcauchy, g = function(t) -2 * t / (pi * (1 + t^2)^2), Q = qcauchy))

# Newton's method for a function that returns log-likelihood, gradient and Hessian.
newton <- function(par, pieces, max_steps = 100) {
  now <- pieces(par)
  for (step in seq_len(max_steps)) {
    move <- solve(-now$hessian, now$gradient)
    decrement <- sum(move * now$gradient)
    size <- 1
    repeat {
      new <- pieces(par + size * move)
      # Near the top rounding hides the rise: take the full step when little is left to gain.
      if (is.finite(new$loglik) && (new$loglik >= now$loglik || decrement < 1e-6)) break
      size <- size / 2
      if (size < 1e-10) stop("Newton: no step raises the likelihood")
    }
    par <- par + size * move
    now <- new
    if (decrement < 1e-20) return(c(list(par = par, steps = step), now))
  }
  stop("Newton: not converged")
}

# Log-likelihood, gradient, Hessian and rows' scores of the cumulative model
#   P(Y <= k) = F(theta_k + z'gamma_k - x'beta).
# `x` has no constant; y holds 1..q+1. Order of par: beta, theta_1..theta_q, then for each column of z
# its gamma_1..gamma_q (the effects that differ by cut, signed as ordinal::clm does).
cumulative_pieces <- function(par, x, y, w, q, link, z = x[, 0]) {
  l <- links[[link]]
  p <- ncol(x)
  at <- function(k) {
    at_cut <- outer(k, seq_len(q), "==") * 1
    do.call(cbind, c(list(-x, at_cut), lapply(seq_len(ncol(z)), function(j) z[, j] * at_cut)))
  }
  A <- at(y)      # how the upper limit of the row's category moves with par
  B <- at(y - 1)  # the same for the lower limit
  a <- ifelse(y <= q, drop(A %*% par), Inf)
  b <- ifelse(y > 1, drop(B %*% par), -Inf)
  upper <- b > 0  # take the difference in the tail where it keeps its digits
  prob <- ifelse(upper, l$F(b, lower.tail = FALSE) - l$F(a, lower.tail = FALSE), l$F(a) - l$F(b))
  if (anyNA(prob) || any(prob[w > 0] <= 0)) return(list(loglik = -Inf))
  finite <- function(v, t) ifelse(is.finite(t), v, 0)
  ra <- finite(l$f(a), a) / prob
  rb <- finite(l$f(b), b) / prob
  ga <- finite(l$g(a), a) / prob
  gb <- finite(l$g(b), b) / prob
  score <- ra * A - rb * B
  list(loglik = sum(w * log(prob)), gradient = colSums(w * score), scores = w * score,
       hessian = crossprod(A, w * ga * A) - crossprod(B, w * gb * B) - crossprod(score, w * score))
}

cumulative_fit <- function(x, y, w, link, start = NULL, z = x[, 0]) {
  q <- max(y) - 1
  if (is.null(start)) {
    shares <- cumsum(tapply(w, factor(y, seq_len(q + 1)), sum)) / sum(w)
    start <- c(rep(0, ncol(x)), links[[link]]$Q(shares[seq_len(q)]), rep(0, q * ncol(z)))
  }
  newton(start, function(par) cumulative_pieces(par, x, y, w, q, link, z))
}

# Log-likelihood of the model with thresholds alone: the weighted shares of the categories.
null_loglik <- function(y, w) {
  totals <- tapply(w, y, sum)
  sum(totals * log(totals / sum(totals)))
}

# Multinomial logit with the first category as reference; par runs over predictors within category.
multinomial_pieces <- function(par, x, y, w, k) {
  beta <- matrix(par, ncol(x), k - 1)
  eta <- cbind(0, x %*% beta)
  p <- exp(eta - apply(eta, 1, max))
  p <- p / rowSums(p)
  residual <- outer(y, 2:k, "==") - p[, -1, drop = FALSE]
  scores <- w * do.call(cbind, lapply(seq_len(k - 1), function(j) residual[, j] * x))
  hessian <- matrix(0, length(par), length(par))
  for (i in seq_len(k - 1)) for (j in seq_len(k - 1)) {
    block <- w * p[, i + 1] * ((i == j) - p[, j + 1])
    hessian[(i - 1) * ncol(x) + seq_len(ncol(x)), (j - 1) * ncol(x) + seq_len(ncol(x))] <-
      -crossprod(x, block * x)
  }
  list(loglik = sum(w * log(p[cbind(seq_along(y), y)])), gradient = colSums(scores), scores = scores,
       hessian = hessian)
}

multinomial_fit <- function(x, y, w) {
  k <- max(y)
  newton(rep(0, ncol(x) * (k - 1)), function(par) multinomial_pieces(par, x, y, w, k))
}

# Design-based covariance: influence of each row = its score times the inverse of the Hessian.
linearised <- function(fit, d) {
  influence <- fit$scores %*% solve(-fit$hessian)
  survey::svyrecvar(influence, d$cluster, d$strata, d$fpc, postStrata = d$postStrata)
}

# Columns, outcome, names and kept rows of a formula in a data frame; rows with a missing value drop.
ordered_frame <- function(formula, frame) {
  m <- model.frame(formula, frame, na.action = na.pass)
  keep <- complete.cases(m)
  m <- m[keep, , drop = FALSE]
  x <- model.matrix(attr(m, "terms"), m)[, -1, drop = FALSE]
  y <- model.response(m)
  lev <- levels(y)
  cut_names <- paste(head(lev, -1), tail(lev, -1), sep = "|")
  list(x = x, y = as.integer(y), keep = keep, levels = lev, names = c(colnames(x), cut_names))
}
