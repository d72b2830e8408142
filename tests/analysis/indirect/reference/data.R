# Made-up answers to indirect questions, with weights, strata and clusters. Run by make.R.
set.seed(20240817)
n <- 900
people <- data.frame(id = 1:n)
people$cluster <- rep(1:90, each = 10)
people$stratum <- (people$cluster - 1) %/% 30 + 1
people$weight <- round(exp(rnorm(n, 0, .4)), 4)
people$age <- round(rnorm(n, 45, 14))
people$male <- rbinom(n, 1, .5)
people$region <- sample(c("north", "south", "west"), n, TRUE)
shift <- rnorm(90, 0, .3)[people$cluster]
x <- (people$age - 45) / 10
g <- plogis(-.3 + .4 * x - .5 * people$male + shift)
h <- plogis(.1 - .15 * x + .3 * people$male + shift)
people$z <- rbinom(n, 1, g)
people$treat <- sample(rep(0:1, n / 2))
told <- function(y0, hidden) y0 + people$treat * people$z * (1 - hidden)
y0 <- rbinom(n, 3, h)
people$count <- told(y0, 0)
people$hiding <- told(y0, rbinom(n, 1, .5) * (y0 == 3) + rbinom(n, 1, .4) * (y0 == 0))
w0 <- rbinom(n, 4, plogis(-.2 + shift))
people$second <- w0 + (1 - people$treat) * people$z
people$direct <- rbinom(n, 1, ifelse(people$z == 1, .6, .05))
people$bad <- pmax(0, y0 - people$treat * rbinom(n, 1, .4)) + people$treat * people$z  # a design effect
people$warner <- ifelse(runif(n) < .7, people$z, 1 - people$z)
dice <- runif(n)
people$forced <- ifelse(dice < 2 / 3, people$z, as.numeric(dice < 5 / 6))
clip <- function(v) pmin(5, pmax(1, round(v)))
people$policy1 <- clip(rnorm(n, 3 + .4 * people$treat + shift, 1.2))
people$policy2 <- clip(rnorm(n, 2.6 + .1 * people$treat + shift, 1.2))
people$policy2[sample(n, 40)] <- NA
people$z <- NULL
write.csv(people, "people.csv", row.names = FALSE, quote = FALSE)

# A conjoint: 300 respondents, 4 tasks of 2 profiles; "doctor" never goes with "none".
m <- 300
tasks <- expand.grid(profile = 1:2, task = 1:4, id = 1:m)
k <- nrow(tasks)
who <- data.frame(weight = round(exp(rnorm(m, 0, .3)), 4), stratum = rep(1:3, each = 100),
                  party = sample(c("blue", "red"), m, TRUE))
long <- cbind(tasks, who[tasks$id, ])
long$job <- sample(c("cleaner", "teacher", "doctor"), k, TRUE)
long$school <- sample(c("none", "school", "college"), k, TRUE)
long$school[long$job == "doctor"] <- sample(c("school", "college"), sum(long$job == "doctor"), TRUE)
long$origin <- sample(c("a", "b", "c", "d"), k, TRUE)
value <- .5 * (long$job == "doctor") + .4 * (long$school == "college") -
  .3 * (long$origin == "d") * (long$party == "red") + rnorm(k)
best <- ave(value, long$id, long$task, FUN = max)
long$chosen <- as.numeric(value == best)
long$rating <- clip(4 + value)
write.csv(long[, c("id", "task", "profile", "weight", "stratum", "party", "job", "school", "origin",
                   "chosen", "rating")], "profiles.csv", row.names = FALSE, quote = FALSE)
