# Adjustments of weights, described as plain lists and carried out from them.

# A step is described by a plain list, and carried out from it:
#   kind "poststratify": columns, table (data frame with n)
#   kind "rake": margins (list of column = totals of its levels)
#   kind "calibrate": formula, totals (named), distance, bounds
#   kind "trim": lower, upper, strict
adjust <- function(d, step) {
  margin <- function(column) {
    totals <- step$margins[[column]]
    setNames(data.frame(names(totals), unlist(totals)), c(column, "Freq"))
  }
  switch(step$kind,
    poststratify = {
      cells <- setNames(step$table, c(step$columns, "Freq"))
      postStratify(d, reformulate(step$columns), cells)
    },
    # The tolerance is a share of the sum of the weights when below one.
    rake = rake(d, lapply(names(step$margins), reformulate), lapply(names(step$margins), margin),
                control = list(maxit = 2000, epsilon = 1e-13)),
    calibrate = {
      totals <- unlist(step$totals)
      bounds <- if (is.null(step$bounds)) c(-Inf, Inf) else as.numeric(step$bounds)
      # survey 4.1 stops on uncompressed replicate weights unless compress is given.
      more <- if (inherits(d, "svyrep.design")) list(compress = FALSE) else list()
      do.call(calibrate, c(list(d, as.formula(step$formula), totals, calfun = step$distance,
                                bounds = bounds, epsilon = 1e-12, maxit = 500), more))
    },
    trim = trimWeights(d, upper = step$upper, lower = step$lower, strict = step$strict))
}
adjusted <- function(s, ...) {
  s$steps <- list(...)
  s
}

poststratify <- function(columns, table) list(kind = "poststratify", columns = I(columns), table = table)
raking <- function(...) list(kind = "rake", margins = list(...))
calibrating <- function(formula, totals, distance, bounds = NULL) {
  list(kind = "calibrate", formula = formula, totals = totals, distance = distance, bounds = bounds)
}
trimming <- function(lower, upper, strict) list(kind = "trim", lower = lower, upper = upper, strict = strict)

# The function that carries out the steps of a description, for `stat(prepare = )`.
prepare_of <- function(s) function(d) Reduce(adjust, s$steps, d)
