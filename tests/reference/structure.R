#!/usr/bin/Rscript
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/reference/structure.R DATA > tests/fixtures/analytics/structure.json
# Recipe: Debian 12 r-base-core 4.2, r-cran-psych 2.2.9 (alpha, KMO, cortest.bartlett, smc), r-cran-ca 0.71.
# Wholesale customers, columns 3-8, ln(1+x). Principal axis by the textbook iteration to 1e-12 (psych's own
# stops at 1e-3); varimax by stats::varimax with eps 1e-15. Correspondence: telco PaymentMethod × Contract.
suppressMessages({library(psych); library(ca)})
data <- commandArgs(TRUE)[1]
x <- log1p(read.csv(file.path(data, "wholesale/wholesale_customers.csv"))[, 3:8])
num <- function(v) paste0("[", paste(sprintf("%.17g", as.vector(t(v))), collapse = ","), "]")
R <- cor(x); p <- ncol(x); n <- nrow(x)
out <- list()
put <- function(key, v) out[[length(out) + 1]] <<- sprintf('"%s": %s', key, num(v))

invisible(capture.output(a <- suppressWarnings(alpha(x, check.keys = FALSE))))
put("alpha", a$total$raw_alpha); put("standardised_alpha", a$total$std.alpha)
put("item_total", a$item.stats$r.drop); put("alpha_if_deleted", a$alpha.drop$raw_alpha)
put("smc", smc(R)); put("mean", colMeans(x)); put("sd", apply(x, 2, sd))
k <- KMO(R); put("kmo", k$MSA); put("msa", k$MSAi)
b <- cortest.bartlett(R, n = n); put("bartlett", b$chisq); put("bartlett_df", b$df)
e <- eigen(R); put("eigenvalue", e$values)
positive <- function(L) sweep(L, 2, ifelse(colSums(L) < 0, -1, 1), "*")
L <- positive(e$vectors[, 1:2] %*% diag(sqrt(e$values[1:2])))
put("pca_loading", L)
v <- varimax(L, normalize = TRUE, eps = 1e-15)$loadings
v <- positive(unclass(v)[, order(-colSums(v^2))])
put("pca_rotated", v)
s <- scale(x) %*% solve(R, v); put("pca_score_first_row", s[1, ])
h <- smc(R)
repeat { A <- R; diag(A) <- h; ea <- eigen(A); P <- ea$vectors[, 1:2] %*% diag(sqrt(ea$values[1:2]))
  new <- rowSums(P^2); if (max(abs(new - h)) < 1e-12) break; h <- new }
put("paf_communality", h); put("paf_loading", positive(P))

t <- read.csv(file.path(data, "telco/Telco-Customer-Churn.csv"))
tab <- table(t$PaymentMethod, t$Contract)
m <- ca(tab)
put("table", matrix(tab, nrow(tab))); put("singular", m$sv)
put("row_mass", m$rowmass); put("row_inertia", m$rowinertia); put("row_standard_abs", abs(m$rowcoord))
put("column_standard_abs", abs(m$colcoord)); put("chi2", suppressWarnings(chisq.test(tab)$statistic))
cat("{", paste(out, collapse = ",\n "), "}\n", sep = "")
