# Makes every reference value: Rscript tests/reference/make.R [estimates replicates ...]
# Without names it makes all; with names only those files (the data sets are always made).

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
setwd(here)
suppressPackageStartupMessages(library(survey))
options(warn = 1, stringsAsFactors = FALSE)

source("records.R")
source("data.R")
datasets <- make_datasets()
write_datasets(datasets)

wanted <- commandArgs(trailingOnly = TRUE)
for (name in c("estimates", "replicates", "weights", "models")) {
  if (length(wanted) && !name %in% wanted) next
  source(paste0(name, ".R"), local = new.env())
  save_records(name)
}
