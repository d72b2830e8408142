# Probabilities and marginal effects of ordered models by the delta method; multinomial models.

# Matrix of P(Y = k), one row for each row of x.
probabilities_of <- function(par, x, q, link) {
  eta <- drop(x %*% par[seq_len(ncol(x))])
  theta <- par[ncol(x) + seq_len(q)]
  cumulative <- sapply(theta, function(t) links[[link]]$F(t - eta))
  cbind(cumulative, 1) - cbind(0, cumulative)
}
delta <- function(f, e) {
  estimate <- f(e$par)
  j <- numDeriv::jacobian(f, e$par)
  arrays(list(estimate = unname(estimate), se = sqrt(diag(j %*% e$vcov %*% t(j))),
              se_counts = sqrt(diag(j %*% e$vcov_counts %*% t(j)))))
}
# The columns of x with one variable set to a value in every row.
columns_with <- function(formula, frame, name, value) {
  frame[[name]] <- if (is.factor(frame[[name]])) factor(value, levels(frame[[name]])) else value
  model.matrix(delete.response(terms(formula)), frame)[, -1, drop = FALSE]
}
effects_of <- function(formula, d, link, number, group, profiles) {
  e <- exact_ordered(formula, d, link)
  q <- length(e$frame$levels) - 1
  frame <- e$d$variables
  mean_of <- function(par, x) colSums(probabilities_of(par, x, q, link) * e$w) / sum(e$w)
  column <- match(number, colnames(e$frame$x))
  slope <- function(par) {  # derivative of P(Y = k) in the numeric column, averaged over rows
    eta <- drop(e$frame$x %*% par[seq_len(ncol(e$frame$x))])
    density <- sapply(par[ncol(e$frame$x) + seq_len(q)], function(t) links[[link]]$f(t - eta))
    each <- -par[column] * (cbind(density, 0) - cbind(0, density))
    colSums(each * e$w) / sum(e$w)
  }
  base <- levels(frame[[group]])[1]
  at <- lapply(levels(frame[[group]]), function(value) columns_with(formula, frame, group, value))
  names(at) <- levels(frame[[group]])
  list(categories = e$frame$levels,
       mean_probability = delta(function(par) mean_of(par, e$frame$x), e),
       slope = c(list(variable = number), delta(slope, e)),
       probability_at = c(list(variable = group), lapply(at, function(x) delta(function(par) mean_of(par, x), e))),
       difference = c(list(variable = group, base = base), lapply(at[-1], function(x) {
         delta(function(par) mean_of(par, x) - mean_of(par, at[[1]]), e)
       })),
       profiles = lapply(seq_len(nrow(profiles)), function(i) {
         x <- model.matrix(delete.response(terms(formula)), rbind(profiles[i, ], frame[names(profiles)]))
         c(list(at = as.list(data.frame(lapply(profiles[i, ], as.vector)))),
           delta(function(par) drop(probabilities_of(par, x[1, -1, drop = FALSE], q, link)), e))
       }))
}
wvs_profiles <- datasets$wvs[c(1, 2000, 5000), c("religion", "degree", "country", "age", "gender")]
generated_profiles <- datasets$generated[c(1, 1000, 2000), c("x1", "x5", "f3")]
for (link in names(r_names)) {
  eval(bquote(stat(.(paste0("wvs/effects-", link)), designs$wvs,
                   effects_of(docs_formula, d, .(link), "age", "country", wvs_profiles), how = identity)))
  eval(bquote(stat(.(paste0("generated/effects-", link)), designs$generated,
                   effects_of(factor(y) ~ x1 + x5 + f3, d, .(link), "x1", "f3", generated_profiles),
                   how = identity)))
}

# --- multinomial -----------------------------------------------------------------------------------

multinomial_values <- function(formula, d) {
  f <- ordered_frame(formula, d$variables)
  d <- d[f$keep, ]
  w <- weights(d, "sampling")
  x <- cbind("(Intercept)" = 1, f$x)
  fit <- multinomial_fit(x, f$y, w)
  v <- linearised(fit, d)
  frame <- d$variables
  frame$.weight <- w
  m <- do.call(nnet::multinom, list(formula, data = frame, weights = quote(.weight), trace = FALSE,
                                    reltol = 1e-15, abstol = 0, maxit = 5000, Hess = TRUE))
  theirs <- as.vector(t(coef(m)))
  names <- as.vector(outer(colnames(x), f$levels[-1], function(a, b) paste(b, a, sep = ":")))
  counts <- solve(-fit$hessian)
  c(arrays(list(names = names, estimate = fit$par, se = sqrt(diag(v)), vcov = plain(v),
                se_counts = sqrt(diag(counts)))),
    list(n = length(w), df_design = degf(d), loglik = fit$loglik, null_loglik = null_loglik(f$y, w),
         gradient = max(abs(fit$gradient)),
         multinom = list(estimate = theirs, estimate_off_in_se = apart(theirs, fit$par, sqrt(diag(counts))),
                         se_off_relative = apart(sqrt(diag(vcov(m))), sqrt(diag(counts)), sqrt(diag(counts))))))
}
for (base in c("generated", "generated_weights", "generated_unweighted")) {
  stat(paste0(base, "/multinomial"), designs[[base]], multinomial_values(choice ~ x1 + x5 + f3, d), identity)
}
stat("clus2/multinomial", designs$clus2, multinomial_values(stype ~ api00 + meals, d), identity)
stat("wvs/multinomial", designs$wvs,
     multinomial_values(poverty ~ religion + degree + country + age + gender, d), identity)
