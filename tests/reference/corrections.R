# SPDX-License-Identifier: Apache-2.0
# Usage: Rscript tests/reference/corrections.R > tests/fixtures/analytics/corrections.json
# Recipe: R 4.2.2 and its package ca 0.71. Rules of small baskets with fisher.test (one-sided) and p.adjust over all of them;
# the four normalisations of a map as the coordinates that ca's plot gives (its "symbiplot" is our symmetric one).
suppressMessages(library(ca))
num <- function(x) paste0("[", paste(sprintf("%.15g", x), collapse = ","), "]")
set.seed(11)
b <- lapply(1:60, function(i) { own <- runif(5) < c(.6, .5, .4, .3, .3); own[2] <- if (runif(1) < .6) own[1] else own[2]
  c("v", "w", "x", "y", "z")[own] })
b <- b[lengths(b) > 0]
csv <- paste0("b,i\\n", paste(sprintf("%d,%s\\n", rep(seq_along(b), lengths(b)), unlist(b)), collapse = ""))
items <- sort(unique(unlist(b))); has <- sapply(items, function(i) sapply(b, function(s) i %in% s))
rules <- list()
for (size in 1:4) for (lhs in combn(items, size, simplify = FALSE)) for (rhs in setdiff(items, lhs)) {
  l <- rowSums(has[, lhs, drop = FALSE]) == size; r <- has[, rhs]
  if (sum(l & r) >= 1) rules[[length(rules) + 1]] <- list(paste0(paste(lhs, collapse = "+"), ">", rhs),
    fisher.test(table(factor(l, c(TRUE, FALSE)), factor(r, c(TRUE, FALSE))), alternative = "greater")$p.value)
}
p <- sapply(rules, `[[`, 2)
cat("{\"recipe\": \"tests/reference/corrections.R\",\n \"csv\": \"", csv, "\",\n \"rules\": [", paste0("\"", sapply(rules, `[[`, 1), "\"",
    collapse = ","), "],\n \"p\": ", num(p), ",\n", sep = "")
for (how in c("bonferroni", "holm", "BH")) cat(" \"", tolower(how), "\": ", num(p.adjust(p, how)), ",\n", sep = "")
x <- matrix(c(3, 1, 4, 2, 6, 2, 5, 1, 7), 3, byrow = TRUE); m <- ca(x); pdf(NULL)
maps <- c(symmetric = "symbiplot", row = "rowprincipal", column = "colprincipal", principal = "symmetric")
for (n in names(maps)) { k <- plot(m, map = maps[[n]])
  cat(" \"", n, "\": {\"rows\": ", num(abs(t(k$rows))), ", \"columns\": ", num(abs(t(k$cols))), "}",
      if (n != "principal") ",", "\n", sep = "") }
cat("}\n")
