# Proportional odds: models with effects that differ by cut, and the tests of Wald, the likelihood
# ratio and Brant.

# Effects that differ by cut for the `nominal` terms; the likelihood-ratio test against the model
# without them (weights as counts), and the Wald test with the linearised covariance.
partial_fit <- function(formula, nominal, d) {
  e <- exact_ordered(formula, d, "logit", nominal)
  simple <- exact_ordered(formula, d, "logit")
  values <- ordered_values(e, degf(d))
  q <- length(e$frame$levels) - 1
  gammas <- length(e$par) - rev(seq_len(length(e$par) - ncol(e$frame$x) - q)) + 1
  # Within each column: the effect at the first cut less that at each other one.
  contrast <- kronecker(diag(length(gammas) / q), cbind(1, -diag(q - 1)))
  values$lrt <- list(chisq = 2 * (e$loglik - simple$loglik), ndf = nrow(contrast),
                     p = pchisq(2 * (e$loglik - simple$loglik), nrow(contrast), lower.tail = FALSE))
  v <- contrast %*% e$vcov[gammas, gammas] %*% t(contrast)
  values$wald <- wald(drop(contrast %*% e$par[gammas]), v, degf(d))
  frame <- d$variables
  frame$.weight <- weights(d, "sampling")
  values$clm <- tryCatch(suppressWarnings({
    run <- function(...) do.call(ordinal::clm, list(..., data = frame, weights = quote(.weight),
                                                    control = ordinal::clm.control(gradTol = 1e-9, maxIter = 200)))
    outer_terms <- setdiff(attr(terms(formula), "term.labels"), attr(terms(nominal), "term.labels"))
    location <- reformulate(outer_terms, formula[[2]])
    m1 <- run(location, nominal = nominal)
    m0 <- run(formula)
    a <- anova(m0, m1)
    theirs <- sub(".(Intercept)", "", names(coef(m1)), fixed = TRUE)
    c(arrays(list(names = theirs, estimate = unname(coef(m1)), se = unname(sqrt(diag(vcov(m1)))))),
      list(chisq = a[2, "LR.stat"], ndf = a[2, "df"], p = a[2, "Pr(>Chisq)"],
           estimate_off_in_se = apart(coef(m1)[match(e$names, theirs)], e$par, sqrt(diag(e$vcov_counts)))))
  }), error = function(err) list(error = conditionMessage(err)))
  values
}
partials <- list(
  list("wine/partial-contact", wine, rating ~ temp + contact, ~contact),
  list("housing/partial-cont", housing, Sat ~ Infl + Type + Cont, ~Cont),
  list("housing/partial-type", housing, Sat ~ Infl + Type + Cont, ~Type),
  list("wvs/partial-gender", designs$wvs, docs_formula, ~gender),
  list("wvs/partial-country", designs$wvs, docs_formula, ~country),
  list("wvs/partial-age", designs$wvs, docs_formula, ~age),
  list("wvs/partial-country-age", designs$wvs, docs_formula, ~country + age),
  list("generated/partial-x1", designs$generated, factor(y) ~ x1 + x5 + f4, ~x1),
  list("generated/partial-f4", designs$generated, factor(y) ~ x1 + x5 + f4, ~f4),
  list("clus2/partial-meals", designs$clus2, level ~ meals + stype, ~meals))
for (p in partials) {
  eval(bquote(stat(.(p[[1]]), .(p[[2]]), partial_fit(.(p[[3]]), .(p[[4]]), d), how = identity)))
}

# Brant (1990): separate logits of Y > k, their joint covariance, and Wald tests that the slopes are
# equal over cuts. Unweighted.
brant <- function(formula, frame) {
  f <- ordered_frame(formula, frame)
  x <- cbind(1, f$x)
  q <- length(f$levels) - 1
  p <- ncol(x)
  slope <- function(k) (k - 1) * (p - 1) + seq_len(p - 1)
  fits <- lapply(seq_len(q), function(k) {
    glm.fit(x, as.numeric(f$y > k), family = binomial(), control = glm.control(epsilon = 1e-14, maxit = 200))
  })
  pi <- sapply(fits, fitted)
  inverse <- lapply(seq_len(q), function(k) solve(crossprod(x, pi[, k] * (1 - pi[, k]) * x)))
  v <- matrix(0, q * (p - 1), q * (p - 1))
  for (j in seq_len(q)) for (l in seq_len(q)) {
    both <- pi[, max(j, l)] - pi[, j] * pi[, l]  # Y > the higher cut implies Y > the lower
    v[slope(j), slope(l)] <- (inverse[[j]] %*% crossprod(x, both * x) %*% inverse[[l]])[-1, -1]
  }
  beta <- unlist(lapply(fits, function(m) coef(m)[-1]))
  test <- function(columns) {
    contrast <- do.call(rbind, lapply(2:q, function(k) {
      rows <- matrix(0, length(columns), length(beta))
      rows[cbind(seq_along(columns), slope(1)[columns])] <- 1
      rows[cbind(seq_along(columns), slope(k)[columns])] <- -1
      rows
    }))
    difference <- drop(contrast %*% beta)
    chisq <- drop(difference %*% solve(contrast %*% v %*% t(contrast), difference))
    list(chisq = chisq, df = nrow(contrast), p = pchisq(chisq, nrow(contrast), lower.tail = FALSE))
  }
  m <- model.frame(formula, frame[f$keep, ])
  term <- attr(model.matrix(attr(m, "terms"), m), "assign")[-1]
  labels <- attr(attr(m, "terms"), "term.labels")
  list(overall = test(seq_len(p - 1)),
       by_column = setNames(lapply(seq_len(p - 1), test), colnames(f$x)),
       by_term = setNames(lapply(seq_along(labels), function(t) test(which(term == t))), labels),
       slopes = list(names = colnames(f$x), estimate = matrix(beta, q, byrow = TRUE),
                     se = matrix(sqrt(diag(v)), q, byrow = TRUE)))
}
stat("wvs/brant", designs$wvs, brant(poverty ~ religion + degree + country + age + gender, d$variables), identity)
stat("generated_unweighted/brant", designs$generated_unweighted,
     brant(factor(y) ~ x1 + x5 + f1 + x2, d$variables), identity)
