/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of segments on public data and on made-up files: keys of the reference, --out, recipes,
 * refusals. Covers: analyze_sales.c analyze_rfm.c analyze_cohort.c analyze_prepare.c analyze_groups.c
 * analyze_kmeans.c analyze_hierarchical.c analyze_silhouette.c analyze_som.c */
#include "analytics/kernel.h"
#include "analyze_fixture.h"

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = calloc(1, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    assert_true(n > 0);
    return text;
}

/* CDNOW's log as CSV with names of columns. */
static const char *cdnow(void)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/cdnow/CDNOW_sample.txt", fixture_data());
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char *text = calloc(1, 1 << 20), line[200];
    size_t n = (size_t)snprintf(text, 100, "id,date,amount\n");
    while (fgets(line, sizeof(line), f)) {
        long master, id, date;
        int count;
        double amount;
        if (sscanf(line, "%ld %ld %ld %d %lf", &master, &id, &date, &count, &amount) == 5)
            n += (size_t)snprintf(text + n, 100, "%ld,%ld,%.2f\n", id, date, amount);
    }
    fclose(f);
    const char *file = fixture_file(text);
    free(text);
    return file;
}

TEST(segments, rfm_has_the_keys_and_values_of_the_reference)
{
    if (!fixture_data())
        skip();
    static const char *const HOW[] = {"cutpoint", "rank_first", "spss_ntiles", "nested"};
    json_t *ref = fixture_reference("rfm");
    const char *file = cdnow();
    for (size_t i = 0; i < COUNT_OF(HOW); i++) {
        char command[300], path[100];
        snprintf(command, sizeof(command),
                 "rfm --csv %%s --customer id --date date --amount amount --snapshot 1998-07-01 "
                 "--convention %s",
                 HOW[i]);
        Ran r = fixture_json(command, file);
        snprintf(path, sizeof(path), "cdnow_sample_k5.methods.%s", HOW[i]);
        const json_t *want = fixture_tree(ref, path);
        snprintf(path, sizeof(path), "tables.rfm.methods.%s", HOW[i]);
        const json_t *got = fixture_tree(r.json, path);
        static const char *const SAME[] = {"counts_R",     "counts_F",       "counts_M",
                                           "cells_used",   "top_cell_count", "bottom_cell_count",
                                           "sum_of_scores"};
        for (size_t k = 0; k < COUNT_OF(SAME); k++)
            assert_true(json_equal(json_object_get(got, SAME[k]), json_object_get(want, SAME[k])));
        fixture_near("mean of M", fixture_at(r.json, "tables.rfm.M.mean"),
                     fixture_at(ref, "cdnow_sample_k5.M.mean"), 1e-12);
        fixture_done(&r);
    }
    json_decref(ref);
}

TEST(segments, rfm_writes_a_row_a_customer)
{
    const char *file =
        fixture_file("who,on,paid,bill,units\nb,2024-01-05,1.10,1,2\na,2024-01-03,2,7,1\n"
                     "b,2024-01-05,0.35,1,3\nb,2024-01-01,5,2,1\na,,9,9,9\n");
    char *folder = test_tempdir(), command[800], path[600];
    snprintf(path, sizeof(path), "%s/out.csv", folder);
    snprintf(command, sizeof(command),
             "rfm --csv %%s --customer who --date on --amount paid --quantity units --invoice bill "
             "--snapshot 2024-01-10 --bins 2 --out %s",
             path);
    Ran r = fixture_json(command, file);
    char *out = read_all(path);
    assert_string_equal(out,
                        "who,recency,frequency,monetary,R,F,M\na,7,1,2,1,1,1\nb,5,2,8.25,2,2,2\n");
    fixture_near("missing", fixture_at(r.json, "missing"), 1, 0);
    free(out);
    test_tempdir_remove(folder);
    fixture_done(&r);
    fixture_refuses("rfm --csv %s --customer who --date on --amount paid --snapshot 2024-01-04",
                    file, 1, "column \"on\", line 2");
    fixture_refuses("rfm --csv %s --customer who --date on --amount paid --snapshot 2024-01-10",
                    file, 1, "at least 5");
    fixture_refuses("rfm --csv %s --customer who --date on --amount paid", file, 2, "snapshot");
}

TEST(segments, cohort_has_the_keys_and_values_of_the_reference)
{
    if (!fixture_data())
        skip();
    json_t *ref = fixture_reference("cohort");
    Ran r = fixture_json("cohort --csv %s --customer id --date date --amount amount", cdnow());
    const json_t *want = fixture_tree(ref, "cdnow_sample_monthly");
    const json_t *got = fixture_tree(r.json, "tables.cohort");
    assert_true(json_equal(json_object_get(got, "cohorts"), json_object_get(want, "cohorts")));
    assert_true(json_equal(json_object_get(got, "size"), json_object_get(want, "size")));
    assert_true(json_equal(json_object_get(got, "active"), json_object_get(want, "active")));
    fixture_near("revenue", fixture_at(got, "revenue.1.3"), fixture_at(want, "revenue.1.3"), 1e-9);
    fixture_near("retention", fixture_at(got, "retention.2.5"), fixture_at(want, "retention.2.5"),
                 1e-5);
    fixture_done(&r);
    json_decref(ref);
}

TEST(segments, cohort_knows_periods_and_the_partial_last_one)
{
    const char *file =
        fixture_file("c,d\n1,2024-01-01\n1,2024-01-09\n2,2024-01-08\n2,2024-01-16\n");
    Ran r = fixture_json("cohort --csv %s --customer c --date d --period week", file);
    assert_string_equal(json_string_value(fixture_tree(r.json, "tables.cohort.cohorts.1")),
                        "2024-01-08");
    assert_true(json_is_true(fixture_tree(r.json, "tables.cohort.last_period_is_partial")));
    fixture_near("pooled", fixture_at(r.json, "tables.cohort.overall_retention_by_age.1"), 1, 0);
    fixture_done(&r);
    r = fixture_json("cohort --csv %s --customer c --date d --period week --snapshot 2024-01-21",
                     file);
    assert_false(json_is_true(fixture_tree(r.json, "tables.cohort.last_period_is_partial")));
    fixture_done(&r);
    fixture_refuses("cohort --csv %s --customer c --date d --snapshot 2024-01-10", file, 1,
                    "2024-01-16");
}

#define WHOLESALE "--columns Fresh,Milk,Grocery,Frozen,Detergents_Paper,Delicassen"

static const char *wholesale(void)
{
    static char path[1024];
    snprintf(path, sizeof(path), "%s/wholesale/wholesale_customers.csv", fixture_data());
    return path;
}

TEST(segments, kmeans_agrees_with_the_reference_and_replays_its_recipe)
{
    if (!fixture_data())
        skip();
    json_t *ref = fixture_reference("kmeans_som");
    char *folder = test_tempdir(), command[1200];
    snprintf(command, sizeof(command),
             "kmeans --csv %%s " WHOLESALE " --k 2..4 --prepare log --save-recipe %s/recipe.json "
             "--out %s/out.csv",
             folder, folder);
    Ran r = fixture_json(command, wholesale());
    fixture_near("k=2", fixture_at(r.json, "tables.kmeans.2.inertia_best"),
                 fixture_at(ref, "wholesale_log.2.inertia_best"), 1e-9);
    fixture_near("silhouette", fixture_at(r.json, "tables.kmeans.3.silhouette"),
                 fixture_at(ref, "wholesale_log.3.silhouette"), 1e-6);
    assert_true(fixture_at(r.json, "tables.kmeans.solution.stability.ari_mean") > 0.8);
    snprintf(command, sizeof(command),
             "kmeans --csv %%s --k 2 --prepare %s/recipe.json --out %s/two.csv", folder, folder);
    Ran again = fixture_json(command, wholesale());
    fixture_near("replayed", fixture_at(again.json, "tables.kmeans.2.inertia_best"),
                 fixture_at(r.json, "tables.kmeans.2.inertia_best"), 1e-12);
    snprintf(command, sizeof(command), "%s/out.csv", folder);
    char *one = read_all(command);
    snprintf(command, sizeof(command), "%s/two.csv", folder);
    char *two = read_all(command);
    assert_string_equal(one, two);
    free(one);
    free(two);
    fixture_done(&r);
    fixture_done(&again);
    test_tempdir_remove(folder);
    json_decref(ref);
}

/* 240 customers in three kinds; an amount of 99999 and a channel 不详 stand for gaps. The third kind is small. */
static const char *customers(void)
{
    char *text;
    size_t n;
    FILE *to = open_memstream(&text, &n);
    Random r = random_of(4, 4);
    fputs("月 均消费,orders,channel,mail\n", to);
    for (int i = 0; i < 240; i++) {
        int kind = i % 48 == 0 ? 2 : i % 2;
        int amount = i % 40 == 7 ? 99999
                                 : (kind == 2 ? 5000
                                    : kind    ? 900
                                              : 60) +
                                       (int)random_below(&r, 40);
        const char *channel = i % 30 == 11 ? "不详" : kind ? "web" : "shop";
        fprintf(to, "%d,%d,%s,%d\n", amount, (kind ? 20 : 2) + (int)random_below(&r, 3), channel,
                kind == 1);
    }
    fclose(to);
    const char *path = fixture_file(text);
    free(text);
    return path;
}

#define CUSTOMERS "kmeans --csv %%s --k 3 --starts 10 --bootstrap 0 "
#define GAPS "'月 均消费=99999;channel=不详'"

/* From a stored file to groups with names that --where takes, and to verdicts: the recipe holds what was read as a gap,
 * how gaps were filled, clipped, scaled and coded. */
TEST(segments, a_stored_recipe_replays_gaps_fills_codes_and_verdicts)
{
    char *folder = test_tempdir(), command[1200], path[600];
    const char *file = customers();
    snprintf(command, sizeof(command),
             CUSTOMERS
             "--columns '\"月 均消费\",orders,channel' --fill median --clip 0.01 --prepare log "
             "--reach mail --missing-codes " GAPS " --save-recipe %s/r.json --out %s/one.csv",
             folder, folder);
    Ran r = fixture_json(command, file);
    snprintf(command, sizeof(command),
             CUSTOMERS "--prepare %s/r.json --reach mail --out %s/two.csv", folder, folder);
    Ran again = fixture_json(command, file);
    assert_true(json_equal(fixture_tree(r.json, "tables.kmeans"),
                           fixture_tree(again.json, "tables.kmeans")));
    assert_true(json_equal(fixture_tree(r.json, "tables.recipe"),
                           fixture_tree(again.json, "tables.recipe")));
    snprintf(path, sizeof(path), "%s/one.csv", folder);
    char *one = read_all(path);
    snprintf(path, sizeof(path), "%s/two.csv", folder);
    char *two = read_all(path);
    assert_string_equal(one, two);
    free(one);
    free(two);
    const json_t *groups = fixture_tree(r.json, "tables.kmeans.solution.clusters");
    size_t refused = 0;
    for (size_t g = 0; g < json_array_size(groups); g++) {
        const json_t *o = json_array_get(groups, g);
        const char *name = json_string_value(json_object_get(o, "name"));
        double found = fixture_at(o, "size") * fixture_at(o, "recall") / fixture_at(o, "precision");
        snprintf(command, sizeof(command),
                 "frequencies --csv %%s --columns mail --where '%s' "
                 "--missing-codes " GAPS,
                 name);
        Ran rows = fixture_json(command, file);
        fixture_near(name, fixture_at(rows.json, "n"), found, 1e-9);
        fixture_done(&rows);
        bool is_reachable = json_is_true(json_object_get(o, "is_reachable")),
             is_large = json_is_true(json_object_get(o, "is_large_enough")),
             is_accepted = json_is_true(json_object_get(o, "is_accepted"));
        assert_true(is_accepted ==
                    (is_reachable && is_large && json_is_true(json_object_get(o, "is_relevant")) &&
                     json_is_true(json_object_get(o, "is_nameable"))));
        refused += !is_accepted;
        const char *verdict = json_string_value(json_object_get(o, "verdict"));
        assert_true(is_accepted == !strcmp(verdict, "accepted"));
        if (!is_large)
            assert_string_equal(verdict, "refused: too small");
        else if (!is_reachable)
            assert_string_equal(verdict, "refused: cannot be reached");
    }
    assert_true(refused == 2); /* the small kind, and the one without a mail address */
    fixture_done(&r);
    fixture_done(&again);
    test_tempdir_remove(folder);
}

TEST(segments, som_hierarchical_and_silhouette_run_on_the_same_rows)
{
    if (!fixture_data())
        skip();
    json_t *ref = fixture_reference("kmeans_som");
    Ran r = fixture_json("som --csv %s " WHOLESALE " --prepare log --grid 6x6", wholesale());
    assert_true(fixture_at(r.json, "tables.som.quantisation_error") <=
                1.05 * fixture_at(ref, "som_wholesale_log_6x6.quantisation_error.median"));
    assert_true(fixture_at(r.json, "tables.som.topographic_error_8neigh") <=
                1.2 * fixture_at(ref, "som_wholesale_log_6x6.topographic_error_8neigh.max"));
    fixture_done(&r);
    r = fixture_json("hierarchical --csv %s " WHOLESALE " --prepare log --k 3 --linkage average",
                     wholesale());
    assert_int_equal(json_array_size(fixture_tree(r.json, "tables.hierarchical.joins")), 439);
    fixture_done(&r);
    r = fixture_json("silhouette --csv %s " WHOLESALE " --prepare log --label Channel",
                     wholesale());
    double s = fixture_at(r.json, "tables.silhouette.silhouette");
    assert_true(s > 0.1 && s < 0.4);
    fixture_done(&r);
    r = fixture_json("silhouette --csv %s " WHOLESALE " --prepare log --k 2..3", wholesale());
    fixture_near("best", fixture_at(r.json, "tables.silhouette.best_k"), 2, 0);
    fixture_near("at 2", fixture_at(r.json, "tables.silhouette.2.silhouette"),
                 fixture_at(ref, "wholesale_log.2.silhouette"), 1e-6);
    fixture_done(&r);
    fixture_refuses("silhouette --csv %s " WHOLESALE " --k 1", wholesale(), 1, "at least 2");
    json_decref(ref);
}

TEST(segments, groups_of_text_and_gaps)
{
    Buf b = buf_in(arena_new(0), 1 << 16);
    buf_lit(&b, "kind,spend,mail\n");
    for (int i = 0; i < 120; i++)
        buf_printf(&b, "%s,%s%d,%d\n", i % 2 ? "shop" : "web",
                   i % 40 == 7 ? " "
                   : i % 2     ? "9"
                               : "1",
                   i % 5, i % 2);
    const char *file = fixture_file(buf_z(&b));
    Ran r = fixture_json(
        "kmeans --csv %s --columns kind,spend --k 2 --fill median --reach mail --bootstrap 5",
        file);
    fixture_near("filled", fixture_at(r.json, "n"), 120, 0);
    const json_t *list = fixture_tree(r.json, "tables.kmeans.solution.clusters");
    assert_int_equal(json_array_size(list), 2);
    int reached = 0;
    for (size_t g = 0; g < 2; g++)
        reached += json_is_true(json_object_get(json_array_get(list, g), "is_reachable"));
    assert_int_equal(reached, 1); /* only the shops have mail */
    fixture_done(&r);
    arena_free(b.arena);
}

TEST(segments, refusals_name_column_and_line)
{
    const char *flat = fixture_file("a,b\n1,5\n2,5\n3,5\n4,5\n"),
               *minus = fixture_file("a\n1\n-3\n4\n5\n");
    fixture_refuses("kmeans --csv %s --k 2", flat, 1, "column \"b\" has the same value");
    fixture_refuses("kmeans --csv %s --k 9 --columns a", flat, 1, "4 rows cannot make 9");
    fixture_refuses("kmeans --csv %s --k x --columns a", flat, 2, "--k");
    fixture_refuses("kmeans --csv %s --prepare log", minus, 1, "column \"a\", line 3");
    fixture_refuses("som --csv %s --grid 9", minus, 2, "--grid");
    fixture_refuses("hierarchical --csv %s --columns a --where 'a = 1'", flat, 1, "");
    fixture_refuses("kmeans --csv %s --prepare /nowhere.json", flat, 1, "/nowhere.json");
}

TEST_MAIN("segments")
