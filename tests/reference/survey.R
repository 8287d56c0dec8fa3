# SPDX-License-Identifier: Apache-2.0
# Recipe of tests/unit/analyze/analyze_survey_test.c: Rscript tests/reference/survey.R prints its numbers.
# (R 4.2.2, base packages only; Newcombe's interval, power of a correlation and of chi-square by their formulas.)
p <- function(name, ...) cat(sprintf("%-28s %s\n", name, paste(sprintf("%.15g", c(...)), collapse = " ")))
a <- c(5, 4, 2, 5, 3, 4, 1); b <- c(2, 3, 5, 1, 2, 4)
t <- t.test(a); p("ces mean ci", mean(a), sd(a), t$conf.int)
t <- t.test(a, b); p("ces welch t df p ci", t$statistic, t$parameter, t$p.value, t$conf.int)
x <- c(sum(a >= 4), sum(b >= 4)); n <- c(length(a), length(b))
w <- lapply(1:2, function(i) prop.test(x[i], n[i], correct = FALSE)$conf.int)
p("csat wilson a", w[[1]]); p("csat wilson b", w[[2]])
q <- suppressWarnings(prop.test(x, n, correct = FALSE)); p("csat z p", sqrt(q$statistic), q$p.value)
d <- x[1] / n[1] - x[2] / n[2]; s <- x / n # Newcombe 1998, method 10
p("csat newcombe", d - sqrt((s[1] - w[[1]][1])^2 + (w[[2]][2] - s[2])^2), d + sqrt((w[[1]][2] - s[1])^2 + (s[2] - w[[2]][1])^2))
p("power one mean n", power.t.test(delta = .4, power = .8, type = "one.sample", strict = TRUE, tol = 1e-12)$n)
p("power one mean", power.t.test(delta = .4, n = 51, type = "one.sample", strict = TRUE)$power)
p("power two means one-sided", power.t.test(delta = .5, n = 30, alternative = "one.sided")$power)
chi <- function(n, w, df) pchisq(qchisq(.05, df, lower.tail = FALSE), df, ncp = n * w^2, lower.tail = FALSE)
p("power chi2 n", uniroot(function(n) chi(n, .3, 3) - .9, c(10, 1000), tol = 1e-10)$root)
r <- function(n, r) { # Cohen 1988, as pwr.r.test has it: critical r by t, Fisher's z with the bias r / (2 (n - 1))
  t <- qt(.025, n - 2, lower.tail = FALSE); c <- sqrt(t^2 / (t^2 + n - 2)); z <- atanh(r) + r / (2 * (n - 1))
  pnorm((z - atanh(c)) * sqrt(n - 3)) + pnorm((-z - atanh(c)) * sqrt(n - 3)) }
p("power correlation n", uniroot(function(n) r(n, .3) - .8, c(5, 1000), tol = 1e-10)$root)
p("power anova", power.anova.test(groups = 4, n = 30, between.var = 1, within.var = 10)$power)
