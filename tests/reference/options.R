# SPDX-License-Identifier: Apache-2.0
# Recipe of tests/unit/analyze/analyze_options_test.c: Rscript tests/reference/options.R prints its numbers: options and
# columns of tables for which the reference files have no value. (R 4.2.2, base packages only; Games & Howell 1976, DeLong
# 1988, Fisher's skewness errors, and rank effect sizes by their definitions.)
p <- function(name, ...) cat(sprintf("%-28s %s\n", name, paste(sprintf("%.15g", c(...)), collapse = " ")))
d <- read.csv(text = "g,h,y
a,u,4.1\na,u,5.0\na,v,6.2\na,v,5.9\na,v,6.6\nb,u,3.2\nb,u,2.9\nb,v,7.1\nb,v,7.9\nc,u,5.5\nc,u,6.1\nc,u,5.2\nc,v,5.0\nc,v,4.4",
stringsAsFactors = TRUE)
a <- c(12.1, 14.3, 9.8, 11.2, 15.6, 13.3, 10.7, 12.9); b <- c(13.4, 13.9, 11.1, 12.8, 17.2, 12.2, 12.5, 15.1)
# multiple comparisons: second minus first
l <- aov(y ~ g, d); ms <- deviance(l) / df.residual(l); n <- tapply(d$y, d$g, length); m <- tapply(d$y, d$g, mean)
v <- tapply(d$y, d$g, var)
for (k in list(c(1, 2), c(1, 3), c(2, 3))) {
  i <- k[1]; j <- k[2]; diff <- m[j] - m[i]; se <- sqrt(ms * (1 / n[i] + 1 / n[j])); df <- df.residual(l)
  lsd <- 2 * pt(-abs(diff / se), df)
  p(paste("lsd", i, j), diff, se, lsd, diff + c(-1, 1) * qt(.975, df) * se)
  p(paste("bonferroni", i, j), min(1, 3 * lsd), diff + c(-1, 1) * qt(1 - .05 / 6, df) * se)
  p(paste("tukey", i, j), ptukey(abs(diff / se) * sqrt(2), 3, df, lower.tail = FALSE))
  s <- v[i] / n[i] + v[j] / n[j]; e <- s^2 / ((v[i] / n[i])^2 / (n[i] - 1) + (v[j] / n[j])^2 / (n[j] - 1))
  p(paste("games-howell", i, j), sqrt(s), e, ptukey(abs(diff) / sqrt(s / 2), 3, e, lower.tail = FALSE))
  # its interval: tests/reference/studentised_range.py
}
# factorial: the whole model, marginal means of the saturated model, Levene of the cells
options(contrasts = c("contr.sum", "contr.poly")); l <- lm(y ~ g * h, d); s <- summary(l)
p("model F df p", s$fstatistic, pf(s$fstatistic[1], s$fstatistic[2], s$fstatistic[3], lower.tail = FALSE))
p("r2 adjusted", s$r.squared, s$adj.r.squared)
p("model ss total corrected", sum((fitted(l) - mean(d$y))^2), sum(d$y^2), sum((d$y - mean(d$y))^2))
grid <- expand.grid(g = levels(d$g), h = levels(d$h)); X <- model.matrix(~ g * h, grid)
for (lev in levels(d$g)) { w <- colMeans(X[grid$g == lev, ]); e <- sum(w * coef(l)); se <- sqrt(t(w) %*% vcov(l) %*% w)
  p(paste("emm", lev), e, se, e + c(-1, 1) * qt(.975, df.residual(l)) * c(se)) }
cell <- interaction(d$g, d$h); z <- abs(d$y - ave(d$y, cell)); f <- anova(lm(z ~ cell)); p("levene", f[1, 4], f[, 1], f[1, 5])
# t tests
t <- t.test(a, mu = 11); p("one sample t df p ci", t$statistic, t$parameter, t$p.value, t$conf.int - 11)
p("one sample d", (mean(a) - 11) / sd(a)); p("sample mean sd se", mean(a), sd(a), sd(a) / sqrt(8))
r <- cor.test(a, b); p("pairs r p", r$estimate, r$p.value)
t <- t.test(a, b, paired = TRUE); p("pairs t p d", t$statistic, t$p.value, mean(a - b) / sd(a - b))
# regression through the origin
x <- c(1, 2, 3, 4, 5, 6, 7, 8); l <- summary(lm(b ~ 0 + x + a)); p("origin b se", l$coefficients[, 1:2])
p("origin r2 adj F sigma", l$r.squared, l$adj.r.squared, l$fstatistic[1], l$sigma)
# two curves of the same cases (DeLong)
z <- c(0, 0, 1, 0, 0, 1, 1, 0, 1, 1); s1 <- c(1, 2, 3, 3, 5, 6, 5, 8, 9, 9); s2 <- c(2, 1, 4, 6, 3, 5, 9, 7, 8, 10)
psi <- function(s) { P <- s[z == 1]; N <- s[z == 0]; outer(P, N, ">") + outer(P, N, "==") / 2 }
A <- psi(s1); B <- psi(s2); D <- mean(A) - mean(B)
se <- sqrt(var(rowMeans(A) - rowMeans(B)) / 5 + var(colMeans(A) - colMeans(B)) / 5)
p("delong difference se z p", D, se, D / se, 2 * pnorm(-abs(D / se)))
# effect sizes of rank tests
w <- wilcox.test(a, b, exact = FALSE)$statistic; p("rank biserial", abs(2 * w / 64 - 1))
k <- kruskal.test(y ~ g, d)$statistic; p("epsilon2", k * (14 + 1) / (14^2 - 1))
# cross table
t <- matrix(c(8, 2, 1, 5), 2, byrow = TRUE); or <- 8 * 5 / (2 * 1); se <- sqrt(sum(1 / t))
p("odds ratio ci", or, exp(log(or) + c(-1, 1) * qnorm(.975) * se))
q <- suppressWarnings(chisq.test(t)); p("yates p", q$statistic, q$p.value)
x <- matrix(c(3, 1, 4, 2, 6, 2, 5, 1, 7), 3, byrow = TRUE); long <- as.data.frame(as.table(x))
i <- rep(as.integer(long$Var1), long$Freq); j <- rep(as.integer(long$Var2), long$Freq)
p("linear by linear p", (sum(x) - 1) * cor(i, j)^2, pchisq((sum(x) - 1) * cor(i, j)^2, 1, lower.tail = FALSE))
q <- suppressWarnings(chisq.test(x)); p("pearson lr", q$statistic, 2 * sum(x * log(x / q$expected)))
# moments: G1, G2 and their errors as SPSS prints them
m2 <- mean((a - mean(a))^2); g1 <- mean((a - mean(a))^3) / m2^1.5; g2 <- mean((a - mean(a))^4) / m2^2 - 3; n <- 8
ses <- sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
p("skew se", g1 * sqrt(n * (n - 1)) / (n - 2), ses)
p("kurtosis se", ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)), 2 * ses * sqrt((n^2 - 1) / ((n - 3) * (n + 5))))
p("quantile 6", quantile(a, c(.05, .1, .25, .5, .75, .9, .95), type = 6)); p("bins", nclass.FD(c(a, b)))
# power
p("power paired n", power.t.test(delta = .4, power = .8, type = "paired", strict = TRUE, tol = 1e-12)$n)
