# The data sets: those of R packages, cut to the columns used, and two generated with a fixed seed.
# `datasets` holds the frames that the other files use; the same frames go to data/*.csv.

write_csv <- function(frame, name) {
  exact <- as.data.frame(lapply(frame, function(column) {
    if (!is.numeric(column)) return(as.character(column))
    whole <- is.na(column) | column == round(column)
    ifelse(is.na(column), NA, ifelse(whole, sprintf("%.0f", column), sprintf("%.17g", column)))
  }), check.names = FALSE, stringsAsFactors = FALSE)
  write.csv(exact, file.path("data", paste0(name, ".csv")), row.names = FALSE, na = "",
            quote = FALSE)
}

api_columns <- c("stype", "dnum", "snum", "cnum", "sch.wide", "comp.imp", "both", "awards",
                 "api00", "api99", "target", "growth", "meals", "ell", "yr.rnd", "mobility",
                 "acs.k3", "acs.46", "acs.core", "pct.resp", "not.hsg", "hsg", "some.col",
                 "col.grad", "grad.sch", "avg.ed", "full", "emer", "enroll", "api.stu", "pw")

# Two sums make an ordinal outcome whose shares are near 2, 4, 14, 40 and 40 per cent.
generated_data <- function(n = 2209) {
  set.seed(20240611)
  strata_sizes <- as.integer(table(cut(seq_len(n), round(n * c(0, .05, .12, .22, .35, .52, .74, 1)))))
  stratum <- rep(seq_along(strata_sizes), strata_sizes)
  clusters <- pmax(2, round(strata_sizes / 20))
  cluster <- unlist(lapply(seq_along(strata_sizes), function(h) {
    sort(rep_len(seq_len(clusters[h]), strata_sizes[h]))
  })) + c(0, cumsum(clusters))[stratum]
  draw <- function(levels, p) factor(sample(levels, n, TRUE, p), levels = levels)
  frame <- data.frame(
    id = seq_len(n), stratum = paste0("s", stratum), cluster = cluster,
    x1 = round(rnorm(n), 6), x2 = round(rnorm(n, 50, 10), 5), x3 = round(rexp(n), 6),
    x4 = round(runif(n), 6), x5 = rbinom(n, 1, .3),
    x6 = round(rnorm(n, 45, 15)),
    f1 = draw(c("a", "b", "c", "d"), c(.4, .3, .2, .1)),
    f2 = draw(paste0("r", 1:6), c(.25, .2, .2, .15, .12, .08)),
    f3 = draw(c("none", "low", "middle", "high", "top"), c(.1, .25, .3, .25, .1)),
    f4 = draw(c("m", "f", "d"), c(.48, .48, .04)), stringsAsFactors = FALSE)
  effect <- rnorm(max(cluster), 0, .4)[cluster] + rnorm(7, 0, .2)[stratum]
  eta <- .5 * frame$x1 + .02 * (frame$x2 - 50) - .2 * frame$x3 + .4 * frame$x5 +
    .3 * (frame$f1 == "b") - .4 * (frame$f1 == "d") + .2 * (frame$f2 == "r3") +
    .15 * as.integer(frame$f3) + effect
  latent <- eta + rlogis(n)
  cuts <- quantile(latent, cumsum(c(.02, .04, .14, .40)))
  frame$y <- as.integer(cut(latent, c(-Inf, cuts, Inf)))
  frame$weight <- pmin(2, exp(rnorm(n, -.1, .45) + .15 * (frame$f4 == "f")))
  frame$binary <- rbinom(n, 1, plogis(-.5 + .6 * frame$x1 + .5 * (frame$f4 == "f") + effect))
  frame$count <- rpois(n, exp(.4 + .2 * frame$x1 + .1 * effect))
  scores <- cbind(0, -.3 + .4 * frame$x1 + effect, .2 - .5 * frame$x5 + .3 * frame$x1)
  scores <- scores - log(-log(matrix(runif(3 * n), n)))
  frame$choice <- factor(c("left", "centre", "right")[max.col(scores)],
                         levels = c("left", "centre", "right"))
  frame$x_missing <- ifelse(runif(n) < .06, NA, round(frame$x1 + rnorm(n), 4))
  # Two halves of the clusters of each stratum, for balanced replicates.
  frame$half <- frame$cluster %% 2 + 1
  # Keeping only these rows leaves stratum s1 with one cluster.
  first <- min(frame$cluster[frame$stratum == "s1"])
  frame$keep_lonely <- as.integer(frame$stratum != "s1" | frame$cluster == first)
  frame
}

# Two stages, with known numbers of clusters in the stratum and of units in the cluster.
two_stage_data <- function() {
  set.seed(77)
  parts <- list()
  for (h in 1:4) {
    n_psu <- c(12, 18, 25, 30)[h]
    taken <- c(4, 5, 6, 6)[h]
    for (k in seq_len(taken)) {
      n_ssu <- sample(5:40, 1)
      m <- if (h == 2 && k == 3) n_ssu else min(n_ssu, sample(3:8, 1))  # one census inside a PSU
      level <- rnorm(1, 10 * h, 4)
      parts[[length(parts) + 1]] <- data.frame(
        stratum = paste0("h", h), psu = h * 100 + k, psu_in_stratum = k, ssu = seq_len(m),
        n_psu = n_psu, n_ssu = n_ssu, weight = n_psu / taken * n_ssu / m,
        x = round(rnorm(m, 5, 2), 3), y = round(level + rnorm(m, 0, 3), 3),
        group = sample(c("a", "b", "c"), m, TRUE, c(.5, .3, .2)), stringsAsFactors = FALSE)
    }
  }
  frame <- do.call(rbind, parts)
  frame$group <- factor(frame$group)
  frame$unit <- seq_len(nrow(frame))
  frame
}

make_datasets <- function() {
  data(api, package = "survey", envir = environment())
  data(nhanes, package = "survey", envir = environment())
  data(scd, package = "survey", envir = environment())
  sets <- list()
  sets$apisrs <- apisrs[c(api_columns, "fpc")]
  sets$apistrat <- apistrat[c(api_columns, "fpc")]
  sets$apiclus1 <- apiclus1[c(api_columns, "fpc")]
  sets$apiclus2 <- apiclus2[c(api_columns, "fpc1", "fpc2")]
  for (name in names(sets)) {
    # An ordered outcome; the cuts are round numbers, so that no row lies near one.
    sets[[name]]$level <- cut(sets[[name]]$api00, c(0, 550, 650, 750, 1000), ordered_result = TRUE,
                              labels = c("low", "middle", "good", "high"), right = FALSE)
  }
  nhanes$race <- factor(nhanes$race)
  nhanes$agecat <- factor(nhanes$agecat, labels = c("0-19", "20-39", "40-59", "60+"))
  sets$nhanes <- nhanes
  sets$scd <- scd
  sets$scd_lonely <- scd[-2, ]  # stratum 1 keeps one ambulance service
  sets$wvs <- carData::WVS
  sets$housing <- MASS::housing
  sets$wine <- ordinal::wine
  sets$soup <- ordinal::soup
  sets$generated <- generated_data()
  sets$two_stage <- two_stage_data()
  lapply(sets, function(frame) {
    rownames(frame) <- NULL
    frame
  })
}

write_datasets <- function(sets) {
  for (name in names(sets)) write_csv(sets[[name]], name)
  levels_of <- lapply(sets, function(frame) {
    factors <- Filter(is.factor, frame)
    lapply(factors, function(f) list(levels = I(levels(f)), ordered = is.ordered(f)))
  })
  write_json(levels_of, "data/levels.json")
  data(api, package = "survey", envir = environment())
  margin <- function(...) {
    counts <- as.data.frame(table(...), stringsAsFactors = FALSE)
    counts
  }
  # Known totals of the whole population of schools.
  write_json(list(
    n = nrow(apipop), stype = as.list(table(apipop$stype)),
    sch.wide = as.list(table(apipop$sch.wide)), comp.imp = as.list(table(apipop$comp.imp)),
    awards = as.list(table(apipop$awards)), api99_sum = sum(apipop$api99),
    stype_sch.wide = margin(stype = apipop$stype, sch.wide = apipop$sch.wide),
    enroll_sum = sum(apipop$enroll, na.rm = TRUE)), "data/apipop_margins.json")
}
