/* SPDX-License-Identifier: Apache-2.0 */
/* Covers: analyze.c analyze_args.c analyze_help.c analysis.c result.c result_text.c analyze_methods.c
 * analyze_descriptives.c */
#include "analyze_fixture.h"
#include <signal.h>
#include <sys/wait.h>

TEST(analyze, usage_errors_have_status_2)
{
    const char *file = fixture_file("a\n1\n2\n");
    fixture_refuses("", NULL, 2, "guanxi analyze METHOD");
    fixture_refuses("nothing", NULL, 2, "nothing");
    fixture_refuses("descriptives", NULL, 2, "descriptives needs --csv");
    fixture_refuses("descriptives --csv %s --frob 1", file, 2, "no option --frob");
    fixture_refuses("descriptives --csv %s --seed x", file, 2, "\"x\" is not a number");
    fixture_refuses("descriptives --csv %s --seed", file, 2, "--seed needs a value");
    fixture_refuses("descriptives --csv %s --missing some", file, 2, "listwise|pairwise");
    fixture_refuses("descriptives --csv %s --csv %s", file, 2, "twice");
    fixture_refuses("descriptives --csv %s --where 'a >'", file, 2, "");
    /* names and places are those of the text as written */
    const char *chinese = fixture_file("客户名称,b\n1,x\n");
    fixture_refuses("descriptives --csv %s --where '客户名称 = \"甲\"'", chinese, 2, "(8)");
    fixture_refuses("descriptives --csv %s --where '客户名称 > 0 and any(b, 1 = 1)'", chinese, 2,
                    "\"b\" is one value");
    fixture_refuses("descriptives --csv %s --where '客户名称 > 0 and b > 3'", chinese, 2, "(16)");
}

TEST(analyze, data_errors_have_status_1)
{
    const char *file = fixture_file("a,t\n1,x\n2,y\n");
    fixture_refuses("descriptives --csv /nowhere/at/all.csv", NULL, 1, "/nowhere/at/all.csv");
    fixture_refuses("descriptives --csv %s --columns b", file, 1, "no column \"b\"");
    fixture_refuses("descriptives --csv %s --columns t", file, 1, "column \"t\", line 2: \"x\"");
    fixture_refuses("descriptives --csv %s --columns a --where 'row > 5'", file, 1,
                    "no row is left");
    fixture_refuses("descriptives --csv %s --weight t", file, 1, "column \"t\", line 2");
    fixture_refuses("descriptives --csv %s --columns a --out /nowhere/x", file, 2,
                    "no result by row");
}

TEST(analyze, weights_equal_repetition)
{
    const char *weighted = fixture_file("a,w\n3,2\n5,1\n9,3\n4,0\n"),
               *repeated = fixture_file("a\n3\n3\n5\n9\n9\n9\n");
    static const char *const KEYS[] = {"n",
                                       "mean",
                                       "sd",
                                       "skewness",
                                       "kurtosis",
                                       "se_mean",
                                       "median",
                                       "min",
                                       "max",
                                       "percentiles_type7.1",
                                       "percentiles_haverage.3"};
    Ran a = fixture_json("descriptives --csv %s --columns a --weight w", weighted);
    Ran b = fixture_json("descriptives --csv %s", repeated);
    for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
        char path[100];
        snprintf(path, sizeof(path), "tables.descriptives.a.%s", KEYS[i]);
        fixture_near(KEYS[i], fixture_at(a.json, path), fixture_at(b.json, path), 1e-14);
    }
    fixture_done(&a);
    fixture_done(&b);
}

TEST(analyze, speaks_both_languages_and_aligns)
{
    const char *file = fixture_file("甲乙,b\n1,2\n2,3\n");
    Ran r = fixture_run("descriptives --csv %s --lang zh-CN", file);
    assert_non_null(strstr(r.out, "描述统计"));
    assert_non_null(strstr(r.out, "描述了 2 列"));
    fixture_done(&r);
    r = fixture_run("descriptives --csv %s --lang en", file);
    assert_non_null(strstr(r.out, "Descriptive Statistics"));
    fixture_done(&r);
    r = fixture_run("descriptives --help --lang zh-CN", NULL);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "--columns"));
    fixture_done(&r);
}

TEST(analyze, descriptives_are_those_of_the_reference)
{
    static const char *const KEYS[] = {"n",
                                       "mean",
                                       "sd",
                                       "variance",
                                       "se_mean",
                                       "skewness",
                                       "kurtosis",
                                       "min",
                                       "max",
                                       "median",
                                       "percentiles_haverage.0",
                                       "percentiles_haverage.4",
                                       "percentiles_type7.0",
                                       "percentiles_type7.4",
                                       "percentiles_type7.1"};
    static const char *const COLUMNS[] = {"tenure", "MonthlyCharges"};
    json_t *reference = fixture_reference("statistics");
    if (!reference)
        skip();
    char path[600], key[200];
    snprintf(path, sizeof(path), "%s/telco/Telco-Customer-Churn.csv", fixture_data());
    Ran r = fixture_json("descriptives --csv %s", path);
    for (size_t c = 0; c < COUNT_OF(COLUMNS); c++)
        for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
            snprintf(key, sizeof(key), "descriptives.%s.%s", COLUMNS[c], KEYS[i]);
            fixture_near(key, fixture_at(json_object_get(r.json, "tables"), key),
                         fixture_at(reference, key), 1e-12);
        }
    fixture_done(&r);
    json_decref(reference);
}

/* Ctrl-C: a long run ends at once, with status 1, a sentence and no part of a result. */
TEST(analyze, an_interrupt_stops_the_run)
{
    char *dir = test_tempdir(), csv[600], out[600], err[600], text[200] = "";
    snprintf(csv, sizeof(csv), "%s/rows.csv", dir);
    snprintf(out, sizeof(out), "%s/out", dir);
    snprintf(err, sizeof(err), "%s/err", dir);
    FILE *f = fopen(csv, "w");
    fputs("x,y\n", f);
    for (int i = 0; i < 20000; i++)
        fprintf(f, "%d,%d\n", i * 7919 % 10007, i * 104729 % 9973);
    fclose(f);
    pid_t child = fork();
    if (child == 0) {
        char *argv[] = {"kmeans", "--csv", csv, "--k", "50", "--starts", "10000", "--lang", "en"};
        Ctx cx = {.arena = arena_new(65536), .zone = zone_get(STR("UTC"))};
        if (!freopen(out, "w", stdout) || !freopen(err, "w", stderr))
            _exit(99);
        int status = analyze_verb(&cx, COUNT_OF(argv), argv);
        fflush(NULL);
        _exit(status);
    }
    int status = 0;
    usleep(500000);
    assert_int_equal(kill(child, SIGINT), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    f = fopen(err, "r");
    assert_non_null(fgets(text, sizeof(text), f));
    fclose(f);
    assert_non_null(strstr(text, "stopped by request"));
    f = fopen(out, "r");
    assert_null(fgets(text, sizeof(text), f));
    fclose(f);
    test_tempdir_remove(dir);
}

TEST_MAIN("analyze")
