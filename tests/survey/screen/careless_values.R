# Values of careless 1.2.2 for tests/survey/screen: Rscript tests/survey/screen/careless_values.R
# careless is not in Debian, so its four functions are written out here from their documented
# definitions (longstring, irv, evenodd, and mahad by way of psych::outlier).
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
set.seed(20241)
n <- 120
sizes <- c(5, 4, 6, 3)
trait <- matrix(rnorm(n * 4), n)
x <- do.call(cbind, lapply(seq_along(sizes), function(j)
  pmin(pmax(round(matrix(rnorm(n * sizes[j]), n) + 3 + trait[, j]), 1), 5)))
x[1, ] <- 3                       # one answer throughout
x[2, ] <- rep(c(1, 5), 9)
x[3:30, ][matrix(runif(28 * 18) < .12, 28)] <- NA
x[31, 1:17] <- NA
colnames(x) <- paste0("q", 1:18)
x <- as.data.frame(x)

longstring <- apply(x, 1, function(r) max(rle(r)$lengths))
irv <- apply(x, 1, sd, na.rm = TRUE)
evenodd <- apply(x, 1, function(r) {
  last <- cumsum(sizes)
  halves <- t(sapply(seq_along(sizes), function(j) {
    s <- r[(last[j] - sizes[j] + 1):last[j]]
    at <- seq_along(s)
    c(mean(s[at %% 2 == 0], na.rm = TRUE), mean(s[at %% 2 == 1], na.rm = TRUE))
  }))
  halves[is.nan(halves)] <- NA
  v <- suppressWarnings(tryCatch(cor(halves[, 1], halves[, 2], use = "pairwise.complete.obs"),
                                 error = function(e) NA))
  v <- 2 * v / (1 + v)
  if (!is.na(v) && v < -1) v <- -1
  -v
})
mahad <- local({
  m <- as.matrix(x)
  inverse <- solve(cov(m, use = "pairwise"))
  m <- scale(m, scale = FALSE)
  d <- t(apply(m, 1, function(r) colSums(r * inverse, na.rm = TRUE)))
  rowSums(d * m, na.rm = TRUE)
})
write.csv(cbind(x, longstring, irv = sprintf("%.15g", irv), evenodd = sprintf("%.15g", evenodd),
                mahad = sprintf("%.15g", mahad)),
          file.path(here, "careless_values.csv"), row.names = FALSE, na = "", quote = FALSE)
