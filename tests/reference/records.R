# Helpers shared by the files that make values: designs from plain descriptions,
# records, and the reading of numbers out of R's objects.

store <- new.env()
store$records <- list()

# --- designs -----------------------------------------------------------------------------------

# A plain description of a design. `design_of` builds the survey object from this same list, so
# what the JSON says is what R was given.
spec <- function(data, ids = NULL, strata = NULL, weights = NULL, fpc = NULL, nest = FALSE,
                 filter = NULL, domain = NULL, lonely = "fail", domain_lonely = FALSE, ...) {
  keep <- function(x) if (is.null(x)) NULL else I(x)
  list(data = data, ids = keep(ids), strata = strata, weights = weights, fpc = keep(fpc), nest = nest,
       filter = filter, domain = domain, lonely = lonely, domain_lonely = domain_lonely, ...)
}

# Rows that satisfy a condition such as list(column = "stype", values = c("E", "M")) or
# list(column = "api00", min = 600, max = 700), both limits included.
chosen <- function(frame, condition) {
  column <- frame[[condition$column]]
  if (!is.null(condition$values)) return(as.character(column) %in% condition$values)
  ok <- !is.na(column)
  if (!is.null(condition$min)) ok <- ok & column >= condition$min
  if (!is.null(condition$max)) ok <- ok & column <= condition$max
  ok
}

formula_of <- function(names) if (is.null(names)) NULL else reformulate(as.character(names))

# `filter` drops rows before the design is declared; `domain` takes a subset of the design.
design_of <- function(s) {
  options(survey.lonely.psu = s$lonely, survey.adjust.domain.lonely = s$domain_lonely)
  frame <- datasets[[s$data]]
  if (!is.null(s$filter)) frame <- droplevels_not(frame[chosen(frame, s$filter), ])
  ids <- if (is.null(s$ids)) ~1 else formula_of(s$ids)
  weights <- if (is.null(s$weights) && is.null(s$fpc)) ~1 else formula_of(s$weights)
  d <- svydesign(ids = ids, strata = formula_of(s$strata), weights = weights,
                 fpc = formula_of(s$fpc), nest = s$nest, data = frame)
  if (!is.null(s$domain)) d <- d[chosen(frame, s$domain), ]
  d
}

# Factor levels stay as declared even if a filter empties one, as in Python's categories.
droplevels_not <- function(frame) {
  rownames(frame) <- NULL
  frame
}

# --- replicate weights ---------------------------------------------------------------------------

# The description of a design with replicate weights: its design and how the weights are made.
replicated <- function(s, type, mse = FALSE, rho = NULL, replicates = NULL, file = NULL) {
  s$replicate <- list(type = type, mse = mse, rho = rho, replicates = replicates, file = file)
  s
}

# Weights of the help page of svrepdesign: half samples of scd.
scd_half <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1),
                      c(0, 1, 0, 1, 1, 0))

made <- new.env()

# Each design is made once: random weights must stay the same, also between mse TRUE and FALSE.
rep_design_of <- function(s) {
  r <- s$replicate
  key <- paste(s$data, paste(s$ids, collapse = "+"), is.null(s$fpc), r$type, r$rho, r$replicates)
  if (is.null(made[[key]])) {
    set.seed(4711)
    whole <- s
    whole["domain"] <- list(NULL)  # kept as NULL: `$` would match domain_lonely
    d <- design_of(whole)
    if (startsWith(r$type, "given")) {
      factors <- if (is.null(r$rho)) scd_half else scd_half / 2 * (2 - 2 * r$rho) + r$rho
      made[[key]] <- suppressWarnings(svrepdesign(
        data = datasets[[s$data]], type = sub("given-", "", r$type), repweights = factors,
        weights = rep(1, 6), combined.weights = FALSE, rho = r$rho))
    } else {
      options <- list(d, type = r$type, compress = FALSE)
      if (!is.null(r$rho)) options$fay.rho <- r$rho
      if (!is.null(r$replicates)) options$replicates <- r$replicates
      made[[key]] <- suppressWarnings(do.call(as.svrepdesign, options))
    }
  }
  d <- made[[key]]
  d$mse <- r$mse
  if (!is.null(s$domain)) d <- d[chosen(d$variables, s$domain), ]
  d
}

# --- numbers out of R's objects ----------------------------------------------------------------

# Lists of numbers stay arrays in JSON at length one too; only df is a single number.
arrays <- function(values) {
  single <- names(values) %in% c("df", "n")
  values[!single] <- lapply(values[!single], function(v) {
    if (is.list(v)) lapply(v, I) else if (is.null(dim(v))) I(v) else v
  })
  values
}

plain <- function(m) unname(as.matrix(m))

limits <- function(x, df, prefix = "ci") {
  ci <- confint(x, df = df)
  setNames(list(unname(ci[, 1]), unname(ci[, 2])), paste0(prefix, c("_low", "_high")))
}

# Estimate, standard error, covariance and both kinds of limits of anything with coef and vcov.
pull <- function(x, df) {
  v <- as.matrix(vcov(x))
  values <- list(names = names(coef(x)), estimate = unname(coef(x)),
                 se = unname(sqrt(diag(v))), vcov = plain(v), df = df)
  values <- c(values, limits(x, df), limits(x, Inf, "ci_normal"))
  if (!is.null(attr(x, "deff"))) {
    deffs <- attr(x, "deff")
    values$deff <- if (is.matrix(deffs)) unname(diag(deffs)) else as.numeric(deffs)
  }
  arrays(values)
}

pull_var <- function(x, df) {
  v <- attr(x, "var")
  if (is.null(dim(x)) || length(x) == 1) {
    return(arrays(list(names = names(x), estimate = as.numeric(x), se = sqrt(as.numeric(v)),
                       df = df)))
  }
  list(names = rownames(x), estimate = plain(unclass(x)),
       se = matrix(sqrt(diag(as.matrix(v))), nrow(x)), df = df)
}

pull_ratio <- function(x, df) {
  values <- list(names = names(coef(x)), estimate = unname(coef(x)), se = as.numeric(SE(x)),
                 vcov = plain(vcov(x)), df = df)
  arrays(c(values, limits(x, df), limits(x, Inf, "ci_normal")))
}

# One entry for each group and statistic; `groups` has the by-columns. R gives estimates variable by
# variable within a group; here each list runs over groups first, then statistics, as coef() does.
pull_by <- function(x, df) {
  by <- attr(x, "svyby")$margins
  groups <- lapply(as.list(as.data.frame(unclass(x)[by])), as.character)
  values <- list(groups = groups, names = names(coef(x)), estimate = unname(coef(x)),
                 se = unname(unlist(SE(x))), df = df)
  values <- c(values, limits(x, df), limits(x, Inf, "ci_normal"))
  values$cv <- values$se / values$estimate
  if (!is.null(attr(x, "var"))) values$vcov <- plain(vcov(x))
  arrays(values)
}

pull_quantile <- function(x, df) {
  lapply(unclass(x)[seq_along(x)], function(q) {
    arrays(list(p = as.numeric(rownames(q)), estimate = unname(q[, 1]), ci_low = unname(q[, 2]),
                ci_high = unname(q[, 3]), se = unname(q[, 4]), df = df))
  })
}

pull_test <- function(x) {
  values <- list(statistic = as.numeric(x$statistic), p = as.numeric(x$p.value))
  values <- c(values, as.list(x$parameter))
  if (!is.null(x$conf.int)) {
    values$estimate <- as.numeric(x$estimate)
    values$ci_low <- x$conf.int[1]
    values$ci_high <- x$conf.int[2]
  }
  values
}

# --- records -----------------------------------------------------------------------------------

record <- function(id, design, call, values, note = NULL, warnings = NULL) {
  if (any(vapply(store$records, function(r) identical(r$id, id), TRUE))) stop("id twice: ", id)
  entry <- list(id = id, data = if (is.list(design)) design$data else design,
                design = if (is.list(design)) design else NULL,
                call = paste(call, collapse = " "), values = values)
  if (!is.null(note)) entry$note <- note
  if (length(warnings)) entry$warnings <- I(warnings)
  store$records[[length(store$records) + 1]] <- entry
  invisible(entry)
}

text_of <- function(expr) gsub("\\s+", " ", paste(deparse(expr, width.cutoff = 500), collapse = " "))

# Evaluate `expr` with the design as `d` and its degrees of freedom as `df`, read the numbers with
# `how`, and file the record with the text of the call.
stat <- function(id, design, expr, how = pull, note = NULL, prepare = identity) {
  expr <- substitute(expr)
  frame <- parent.frame()
  d <- if (is.null(design$replicate)) design_of(design) else rep_design_of(design)
  d <- prepare(d)
  df <- degf(d)
  assign("d", d, envir = globalenv())  # regTermTest(method = "LRT") refits and looks there
  heard <- character()
  values <- withCallingHandlers(tryCatch({
    x <- eval(expr, list(d = d, df = df), frame)
    if (length(formals(how)) == 2) how(x, df) else how(x)
  }, error = function(e) {
    message(id, ": R fails: ", conditionMessage(e))
    list(error = conditionMessage(e))
  }), warning = function(w) {
    heard <<- union(heard, conditionMessage(w))
    invokeRestart("muffleWarning")
  })
  if (length(heard)) message(id, ": R warns: ", paste(heard, collapse = "; "))
  record(id, design, text_of(expr), values, note, heard)
}

versions <- function() {
  packages <- c("survey", "ordinal", "MASS", "nnet", "carData", "jsonlite")
  c(list(R = paste(R.version$major, R.version$minor, sep = ".")),
    setNames(lapply(packages, function(p) as.character(packageVersion(p))), packages))
}

# Numbers have 15 significant digits, the most that jsonlite writes. Null stands for NULL, NA, NaN and
# infinite values alike.
write_json <- function(x, path) {
  text <- jsonlite::toJSON(x, digits = I(17), auto_unbox = TRUE, na = "null", null = "null",
                           pretty = FALSE)
  text <- gsub('{"id":', '\n{"id":', text, fixed = TRUE)
  writeLines(text, path)
}

save_records <- function(name) {
  write_json(list(versions = versions(), records = store$records),
             file.path("values", paste0(name, ".json")))
  message(name, ": ", length(store$records), " records")
  store$records <- list()
}
