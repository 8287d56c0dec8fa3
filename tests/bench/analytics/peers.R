#!/usr/bin/Rscript
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/bench/analytics/peers.R TASK N FOLDER → "cpu_s peak_mb figure": R on the arrays of peers.py.
a <- commandArgs(TRUE); task <- a[1]; n <- as.integer(a[2]); folder <- a[3]
load <- function(name, m, what = "double", size = 8) readBin(sprintf("%s/%s_%d.bin", folder, name, n), what, m, size)
x8 <- function() matrix(load("x8", n * 8), n, 8, byrow = TRUE)
run <- switch(task,
  som = { suppressMessages(library(kohonen)); x <- x8(); function() { set.seed(1)
    m <- som(x, somgrid(10, 10, "rectangular"), rlen = 10, mode = "online"); mean(sqrt(m$distances)) } },
  factor = { x <- x8(); function() { R <- cor(x); solve(R); e <- eigen(R); L <- e$vectors[, 1:3] %*% diag(sqrt(e$values[1:3]))
    v <- varimax(L); scale(x) %*% solve(R, unclass(v$loadings)); e$values[1] } },
  reliability = { suppressMessages(library(psych)); x <- x8(); function() {
    invisible(capture.output(r <- suppressWarnings(alpha(x, check.keys = FALSE, n.iter = 1)))); r$total$raw_alpha } },
  correspondence = { suppressMessages(library(ca)); t <- matrix(load("table", n * n), n, n, byrow = TRUE)
    function() sum(ca(t, nd = 10)$sv) },
  exact = { t <- matrix(load("exact", 24), 4, 6, byrow = TRUE); function() fisher.test(t, workspace = 2e7)$p.value },
  roc = { suppressMessages(library(pROC)); s <- load("y", n); y <- load("y01", n)
    function() { r <- roc(y, s, quiet = TRUE, direction = "<"); ci.auc(r, method = "delong"); as.numeric(r$auc) } },
  frequencies = { x <- load("label", n, "integer", 4); function() { t <- table(x); sum(as.numeric(names(t)) * t) } },
  logistic = { x <- cbind(1, matrix(load("x20", n * 20), n, 20)); y <- load("y01", n)
    function() { m <- glm.fit(x, y, family = binomial()); chol2inv(m$qr$qr[1:21, 1:21]); -m$deviance / 2 / n } })
t0 <- proc.time(); figure <- run(); t1 <- proc.time()
peak <- as.numeric(sub("[^0-9]*([0-9]+).*", "\\1", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(sprintf("%.6f %.1f %.12g\n", sum((t1 - t0)[c(1, 2)]), peak, figure))
