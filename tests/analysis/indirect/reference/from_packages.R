# Values of the packages list (ictreg, ict.test) and rr (rrreg), unweighted:
#   Rscript from_packages.R DIRECTORY_OF_LIST_R DIRECTORY_OF_RR_R
# with the folders R/ of their sources (list 9.2.6, rr 1.4.2). Neither is in Debian, so their
# functions are read as files; what they import is in MASS, quadprog, mvtnorm, VGAM.
args <- commandArgs(TRUE)
suppressMessages({ library(MASS); library(quadprog); library(mvtnorm); library(VGAM) })
cor2pcor <- function(m) { r <- -cov2cor(ginv(m)); diag(r) <- 1; r }  # as corpcor's
adiag <- function(a, b) {  # as magic's
  found <- matrix(0, nrow(a) + nrow(b), ncol(a) + ncol(b))
  found[seq_len(nrow(a)), seq_len(ncol(a))] <- a
  found[nrow(a) + seq_len(nrow(b)), ncol(a) + seq_len(ncol(b))] <- b
  found
}
for (f in c("ictreg.R", "ict.test.R")) source(file.path(args[1], f))
source(file.path(args[2], "rr.R"))
people <- read.csv("people.csv")
people$age10 <- people$age / 10
num <- function(v) as.numeric(v)
out <- list()
kinds <- list(same = TRUE, separate = FALSE)
for (kind in names(kinds)) {
  f <- suppressWarnings(ictreg(count ~ age10 + male, people, "treat", J = 3, method = "ml",
                               constrained = kinds[[kind]], overdispersed = FALSE, maxIter = 20000))
  control <- if (kind == "separate") c(f$par.control.psi0, f$par.control.psi1) else f$par.control
  out[[paste0("ml_", kind)]] <- list(sensitive = num(f$par.treat), sensitive_se = num(f$se.treat),
                                     control = num(control), loglik = num(f$llik))
}
for (kind in c("ceiling", "floor")) {
  f <- suppressWarnings(ictreg(hiding ~ age10 + male, people, "treat", J = 3, method = "ml",
         ceiling = kind == "ceiling", floor = kind == "floor", ceiling.fit = "glm",
         floor.fit = "glm", ceiling.formula = ~1, floor.formula = ~1))
  out[[kind]] <- list(sensitive = num(f$par.treat), sensitive_se = num(f$se.treat),
                      control = num(f$par.control), hiding = num(f[[paste0("par.", kind)]]))
}
f <- ictreg(count ~ age10 + male, people, "treat", J = 3, method = "nls")
out$nls <- list(sensitive = num(f$par.treat), sensitive_se = num(f$se.treat), control = num(f$par.control))
for (y in c("count", "bad")) {
  f <- ict.test(people[[y]], people$treat, J = 3, gms = FALSE)
  out[[paste0("test_", y)]] <- list(p = num(f$p), table = unname(f$pi.table))
}
set.seed(1)
f <- rrreg(warner ~ age10 + male, data = people, p = .7, design = "mirrored", em.converge = 1e-14)
out$warner <- list(estimate = num(f$est), se = num(f$se))
f <- rrreg(forced ~ age10 + male, data = people, p = 2 / 3, p1 = 1 / 6, p0 = 1 / 6,
           design = "forced-known", em.converge = 1e-14)
out$forced <- list(estimate = num(f$est), se = num(f$se))
writeLines(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "packages.json")
