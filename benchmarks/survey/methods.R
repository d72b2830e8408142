# One method of R's survey on saved data: Rscript methods.R NAME FOLDER REPEATS SECONDS. The same
# as methods.py: twice on few rows first (R compiles a function at its second call), then timed;
# prints the times in one line and the result's numbers in the next.
suppressMessages(library(survey))
arguments <- commandArgs(TRUE)
folder <- arguments[2]
rows <- file.size(file.path(folder, "y.i4")) / 4
warm <- 2209
cap <- 1.6
tolerance <- 1e-8
predictors <- paste0("x", 1:20)

column <- function(name) {
  path <- file.path(folder, paste0(name, ".f8"))
  if (file.exists(path)) return(readBin(path, "double", rows, 8, endian = "little"))
  readBin(file.path(folder, paste0(name, ".i4")), "integer", rows, 4, endian = "little")
}

columns <- function(names, n) {
  as.data.frame(setNames(lapply(names, function(name) column(name)[seq_len(n)]), names))
}

# The weights are not called w: svyolr on replicates would then take them for every replicate.
designed <- function(n, others, ordered = FALSE) {
  data <- columns(c(predictors, others, "weight", "stratum"), n)
  if (ordered) data[[others]] <- factor(data[[others]], ordered = TRUE)
  svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = data)
}

model <- function(outcome) as.formula(paste(outcome, "~", paste(predictors, collapse = " + ")))

of_model <- function(fit, k) c(coef(fit)[1:k], sqrt(diag(vcov(fit)))[1:k])

svyolr_job <- function(n, first) {
  design <- designed(n, "y", ordered = TRUE)
  list(run = function() svyolr(model("y"), design), numbers = function(fit) of_model(fit, 20))
}

replicates_job <- function(n, first) {
  count <- if (first) 3 else 50
  weights <- readBin(file.path(folder, "replicates.f8"), "double", rows * count, 8, endian = "little")
  data <- columns(c(predictors, "y", "weight"), n)
  data$y <- factor(data$y, ordered = TRUE)
  design <- svrepdesign(
    data = data, weights = ~weight, repweights = matrix(weights, rows)[seq_len(n), ],
    type = "other", combined.weights = TRUE, rscales = rep(1, count), mse = FALSE,
    scale = as.numeric(readLines(file.path(folder, "replicates.scale"), warn = FALSE))
  )
  list(run = function() svyolr(model("y"), design), numbers = function(fit) of_model(fit, 20))
}

linear_job <- function(n, first) {
  design <- designed(n, "y")
  list(run = function() svyglm(model("y"), design), numbers = function(fit) of_model(fit, 21))
}

logit_job <- function(n, first) {
  design <- designed(n, "yes")
  list(
    run = function() svyglm(model("yes"), design, family = quasibinomial()),
    numbers = function(fit) of_model(fit, 21)
  )
}

means_job <- function(n, first) {
  design <- designed(n, "region")
  list(
    run = function() svyby(~x1, ~region, design, svymean),
    numbers = function(found) c(coef(found), SE(found))
  )
}

raking_job <- function(n, first, capped = FALSE) {
  data <- as.data.frame(lapply(columns(c("age", "sex", "region"), n), factor))
  design <- suppressWarnings(svydesign(ids = ~1, data = data))
  margins <- lapply(names(data), function(name) {
    k <- nlevels(data[[name]])
    setNames(data.frame(levels(data[[name]]), rep(n / k, k)), c(name, "Freq"))
  })
  raked <- function(design) {
    rake(design, list(~age, ~sex, ~region), margins,
      control = list(maxit = 500, epsilon = tolerance)
    )
  }
  # R has no cap inside raking: what its users do is to trim and rake again, here five times.
  trimmed <- function(design) {
    for (i in 1:5) design <- raked(trimWeights(design, upper = cap))
    design
  }
  list(
    run = function() if (capped) trimmed(raked(design)) else raked(design),
    numbers = function(found) {
      size <- weights(found) / mean(weights(found))
      off <- max(sapply(data, function(x) max(abs(tapply(size, x, sum) / n - 1 / nlevels(x)))))
      c(max(size), off, mean(size^2), size[1:10])
    }
  )
}

jobs <- list(
  "ordinal" = svyolr_job, "bootstrap-50" = replicates_job, "linear" = linear_job,
  "logit" = logit_job, "means" = means_job, "rake" = raking_job,
  "rake-trim" = function(n, first) raking_job(n, first, TRUE)
)

prepare <- jobs[[arguments[1]]]
first <- prepare(min(rows, warm), TRUE)
for (i in 1:2) invisible(first$run())
job <- prepare(rows, FALSE)
repeats <- as.integer(arguments[3])
times <- numeric()
while (length(times) < repeats && (length(times) == 0 || sum(times) < as.numeric(arguments[4]))) {
  found <- NULL
  invisible(gc())
  started <- proc.time()[["elapsed"]]
  found <- job$run()
  times <- c(times, proc.time()[["elapsed"]] - started)
}
cat(format(times, digits = 6), "\n")
cat(if (length(times)) format(job$numbers(found), digits = 15), "\n")
