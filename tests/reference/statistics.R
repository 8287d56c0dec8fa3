# SPDX-License-Identifier: Apache-2.0
# Recipe of tests/unit/analyze/analyze_methods_test.c: Rscript tests/reference/statistics.R prints its
# numbers. (R 4.2.2, base packages only; DeLong by its definition.)
p <- function(name, ...) cat(sprintf("%-28s %s\n", name, paste(sprintf("%.15g", c(...)), collapse = " ")))
a <- c(12.1, 14.3, 9.8, 11.2, 15.6, 13.3, 10.7, 12.9); b <- c(13.4, 13.9, 11.1, 12.8, 17.2, 12.2, 12.5, 15.1)
w <- wilcox.test(b, a, paired = TRUE, exact = TRUE); p("wilcoxon V p_exact", w$statistic, w$p.value)
w <- wilcox.test(b, a, paired = TRUE, exact = FALSE, correct = FALSE); p("wilcoxon p", w$p.value)
m <- wilcox.test(a, b, exact = TRUE); p("mann_whitney U p_exact", m$statistic, m$p.value)
x <- matrix(c(3, 1, 4, 2, 6, 2, 5, 1, 7), 3, byrow = TRUE)
f <- fisher.test(x); p("fisher 3x3", f$p.value)
f <- fisher.test(matrix(c(8, 2, 1, 5), 2, byrow = TRUE)); p("fisher 2x2", f$p.value)
y <- cbind(c(7, 5, 8, 6, 9, 4), c(6, 6, 9, 4, 7, 3), c(9, 7, 9, 8, 9, 6))
f <- friedman.test(y); p("friedman chi2 p", f$statistic, f$p.value)
d <- read.csv(text = "g,h,y
a,u,4.1\na,u,5.0\na,v,6.2\na,v,5.9\na,v,6.6\nb,u,3.2\nb,u,2.9\nb,v,7.1\nb,v,7.9\nc,u,5.5\nc,u,6.1\nc,u,5.2\nc,v,5.0\nc,v,4.4")
k <- kruskal.test(y ~ g, d); p("kruskal", k$statistic, k$p.value)
o <- oneway.test(y ~ g, d); p("welch", o$statistic, o$parameter, o$p.value)
s <- summary(aov(y ~ g * h, d))[[1]]; p("type1 ss", s[, 2]); p("type1 F", s[1:3, 4])
options(contrasts = c("contr.sum", "contr.poly")); l <- lm(y ~ g * h, d)
t3 <- drop1(l, . ~ ., test = "F"); p("type3 ss g h gh", t3[2:4, 2]); p("type3 p", t3[2:4, 6])
l <- lm(y ~ g, d, contrasts = list(g = "contr.treatment"))
p("ols b", coef(l)); p("cook", cooks.distance(l)[1:3]); p("rstandard", rstandard(l)[1:3])
p("rstudent", rstudent(l)[1:3]); p("hat", hatvalues(l)[1:3])
n <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10); z <- c(0, 0, 1, 0, 0, 1, 1, 0, 1, 1)
g <- glm(z ~ n, family = binomial, control = list(epsilon = 1e-14))
p("glm b se", summary(g)$coefficients[, 1:2]); p("glm loglik", logLik(g))
v <- function(s, z) { P <- s[z == 1]; N <- s[z == 0]; k <- outer(P, N, ">") + outer(P, N, "==") / 2
  c(mean(k), sqrt(var(rowMeans(k)) / length(P) + var(colMeans(k)) / length(N))) }
p("delong auc se", v(c(1, 2, 3, 3, 5, 6, 5, 8, 9, 9), z))
r <- function(x, y, z) { a <- resid(lm(x ~ z)); b <- resid(lm(y ~ z)); cor(a, b) }
p("partial", r(a, b, 1:8), 2 * pt(-abs(r(a, b, 1:8)) * sqrt(5 / (1 - r(a, b, 1:8)^2)), 5))
p("power t n", power.t.test(delta = .5, power = .8, strict = TRUE, tol = 1e-10)$n)
p("power prop n", power.prop.test(p1 = .3, p2 = .45, power = .9, strict = TRUE, tol = 1e-10)$n)
p("power anova n", power.anova.test(groups = 4, between.var = 1, within.var = 10, power = .8)$n)
p("shapiro", shapiro.test(a)$statistic, shapiro.test(a)$p.value)
# Fisher's exact test of larger tables. R 4.2's own network is wrong for some tables (its keys overflow, as on
# set.seed(5); rpois(30, 4); matrix(rpois(60, 3), 2, 30): 0.0180 where a million random tables say 0.313), so the unit test
# also counts all tables of small ones.
job <- matrix(c(1,2,1,0, 3,3,6,1, 10,10,14,9, 6,7,12,11), 4, 4); p("fisher job", fisher.test(job)$p.value)
trend <- rbind(c(8,3,1,0), c(2,6,4,1), c(0,2,7,9)); p("fisher trend", fisher.test(trend)$p.value)
