# Reference values for the statistics of decline. Run in this folder: Rscript reference.R
# It reads data/*.csv and writes recorded.json; see README.md.
suppressMessages({
  library(survival); library(etm); library(cmprsk); library(prodlim); library(msm); library(jsonlite)
})
read <- function(name) read.csv(file.path("data", paste0(name, ".csv")), stringsAsFactors = FALSE)
out <- list()

# Kaplan-Meier, Greenwood, log-log intervals, with and without delayed entry.
km <- function(d, start = NULL) {
  gone <- as.integer(d$event != "censored")
  args <- list(Surv(entry, exit, gone) ~ 1, data = cbind(d, gone), conf.type = "log-log",
               timefix = FALSE)
  if (!is.null(start)) args$start.time <- start
  f <- do.call(survfit, args)
  k <- f$n.event > 0
  m <- suppressWarnings(quantile(f, 0.5))
  list(time = f$time[k], n_risk = f$n.risk[k], n_events = f$n.event[k], survival = f$surv[k],
       se = (f$std.err * f$surv)[k], lower = f$lower[k], upper = f$upper[k],
       median = unname(c(m$quantile, m$lower, m$upper)))
}
rem <- read("remission")
out$km <- list(drug = km(rem[rem$arm == "drug", ]), placebo = km(rem[rem$arm == "placebo", ]),
               late = km(read("late")), late_after_5 = km(subset(read("late"), exit > 5), 5),
               record_stops = km(read("record_stops")),
               record_stops_calendar = km(read("record_stops_calendar")))

# Cumulative incidence. survival: point estimates with delayed entry. etm: also the Greenwood
# variance. cmprsk: point estimates without delayed entry (its variance is another, Aalen's).
incidence <- function(d) {
  ways <- c("suspended", "terminated")
  d$to <- factor(d$event, levels = c("censored", ways))
  d$id <- seq_len(nrow(d))
  f <- survfit(Surv(entry, exit, to) ~ 1, data = d, id = id, timefix = FALSE)
  tra <- matrix(FALSE, 3, 3); tra[1, 2:3] <- TRUE
  e <- data.frame(id = d$id, from = "alive",
                  to = ifelse(d$event == "censored", "cens", d$event),
                  entry = d$entry, exit = d$exit)
  z <- etm(e, c("alive", ways), tra, "cens", s = 0, t = max(d$exit))
  k <- rowSums(f$n.event) > 0
  list(time = f$time[k], survival_package = f$pstate[k, 2:3],
       etm_time = z$time, etm_share = t(z$est["alive", ways, ]),
       etm_var = cbind(z$cov["alive suspended", "alive suspended", ],
                       z$cov["alive terminated", "alive terminated", ]))
}
out$incidence <- lapply(setNames(nm = c("competing", "record_stops", "record_stops_calendar")),
                        function(n) incidence(read(n)))
d <- read("competing")
u <- cuminc(d$exit, match(d$event, c("suspended", "terminated"), nomatch = 0))
at <- sort(unique(d$exit))
out$cmprsk <- list(time = at, share = t(timepoints(u, at)$est))

# States with return, from the shares of those at risk at the start (survival), and transition
# chances with Greenwood variance (etm).
states <- function(d, s, at) {
  own <- sort(unique(c(d$state, setdiff(d$to, "cens"))))
  d$to2 <- factor(d$to, levels = c("cens", own))
  f <- survfit(Surv(entry, exit, to2) ~ 1, data = d, id = tie_id, istate = d$state,
               start.time = s, timefix = FALSE)
  share <- summary(f, times = at, extend = TRUE)$pstate
  tra <- matrix(FALSE, length(own), length(own), dimnames = list(own, own))
  moved <- unique(d[d$to != "cens", c("state", "to")])
  tra[cbind(moved$state, moved$to)] <- TRUE
  e <- data.frame(id = d$tie_id, from = d$state, to = d$to, entry = d$entry, exit = d$exit)
  e <- e[e$from %in% moved$state, ]  # etm takes no rows of a state that nobody leaves
  z <- etm(e, own, tra, "cens", s = s, t = max(at))
  final <- dim(z$est)[3]
  list(start = s, states = own, p0 = unname(f$p0), survival_states = f$states, time = at,
       survival_share = share, etm_final = z$est[, , final],
       etm_from = sub(" .*", "", rownames(z$cov)), etm_to = sub(".* ", "", rownames(z$cov)),
       etm_var = diag(z$cov[, , final]), etm_time = max(z$time))
}
out$states <- list(moves = states(read("moves"), 8, c(10, 15, 20, 30, 38)),
                   record_moves = states(read("record_moves"), 3000, c(5000, 9000, 11000, 12000)))

# Interval censoring. prodlim's tolerance can be set (here 1e-14); survival stops at 5e-5.
turnbull <- function(d) {
  right <- ifelse(is.finite(d$right), d$right, NA)
  f <- survfit(Surv(ifelse(d$left == 0, NA, d$left), right, type = "interval2") ~ 1)
  # Its warning says that every interval without an end is taken as censored: so it is.
  p <- suppressWarnings(prodlim(Hist(time = list(left, right)) ~ 1, data = d, tol = 14,
                                maxiter = 2e6, exact = FALSE))
  list(survival_time = f$time, survival = f$surv, prodlim_left = p$time[1, ],
       prodlim_right = p$time[2, ], prodlim_mass = -diff(c(1, p$surv)), steps = p$n.iter)
}
cos <- read("cosmesis")
half <- cos[cos$arm == "radiation", ]; both <- cos[cos$arm == "both", ]
out$turnbull <- lapply(list(radiation = half, both = both, record_silence = read("record_silence")),
                       function(d) tryCatch(turnbull(d), error = function(e) list(error = conditionMessage(e))))

# Parametric intensities. A constant one on interval-censored data: survreg. Exits and tie-years
# between days (17 March 2014 and 23 February 2022, in days since 1991-12-26): survSplit.
exponential <- function(d) {
  right <- ifelse(is.finite(d$right), d$right, NA)
  f <- survreg(Surv(ifelse(d$left == 0, NA, d$left), right, type = "interval2") ~ 1,
               dist = "exponential", control = list(rel.tolerance = 1e-13))
  list(log_rate = -unname(coef(f)), log_likelihood = f$loglik[1])
}
out$exponential <- lapply(list(radiation = half, record_silence = read("record_silence")), exponential)
calendar <- read("record_stops_calendar")
calendar$gone <- as.integer(calendar$event != "censored")
calendar$id <- seq_len(nrow(calendar))
cut <- survSplit(Surv(entry, exit, gone) ~ ., calendar, cut = c(8117, 11017), episode = "period")
cut$years <- (cut$exit - cut$entry) / 365.25
out$steps <- list(cut = c(8117, 11017), n = as.vector(tapply(cut$gone, cut$period, sum)),
                  tie_years = as.vector(tapply(cut$years, cut$period, sum)))

# Hidden states, seen now and then: the log-likelihood at stated parameters. A year known to be alive
# is given as a trace; what its chance adds is taken off again.
hidden <- function(d, q, p, r) {
  known <- d$seen %in% c("founded", "alive")
  d$state <- ifelse(known, 1, match(d$seen, c("trace", "silent", "dormant")))
  f <- msm(state ~ year, subject = tie, data = d, qmatrix = q, initprobs = c(1, 0),
           hmodel = list(hmmCat(c(p, 1 - p, 0)), hmmCat(c(0, 1 - r, r))), fixedpars = TRUE)
  year <- MatrixExp(q)
  list(fade = year[1, 2], wake = year[2, 1], trace = p, report = r,
       log_likelihood = -f$minus2loglik / 2 - sum(known) * log(p))
}
out$hidden <- list(hidden(read("traces"), rbind(c(-.08, .08), c(.04, -.04)), .15, .05),
                   hidden(read("traces"), rbind(c(-.2, .2), c(.01, -.01)), .4, .02))

# What these values were made with.
pk <- c("survival", "etm", "cmprsk", "prodlim", "msm", "jsonlite")
out$made_with <- c(list(R = R.version.string),
                   setNames(lapply(pk, function(p) as.character(packageVersion(p))), pk))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE), "recorded.json")
