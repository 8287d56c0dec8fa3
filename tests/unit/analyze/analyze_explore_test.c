/* SPDX-License-Identifier: Apache-2.0 */
/* explore --by; options that change nothing; dates that can be read two ways. Covers: analyze_explore.c
 * analyze_args.c analyze.c */
#include "analyze_fixture.h"

static const char ROWS[] = "v,g,w\n1,a,2\n4,b,1\n9,a,1\n2,b,3\n7,a,2\n5,,1\n3,b,1\n8,a,1\n";

/* A group is explored as the file of its rows alone would be. */
TEST(explore, groups_are_what_where_gives)
{
    static const char *const PATHS[] = {"n",
                                        "mean",
                                        "sd",
                                        "median",
                                        "ci95.0",
                                        "trimmed_mean_5pct",
                                        "iqr",
                                        "percentiles_type7.1",
                                        "box.whisker_high",
                                        "shapiro_wilk.W"};
    const char *file = fixture_file(ROWS);
    for (int weighted = 0; weighted < 2; weighted++) {
        const char *tail = weighted ? " --weight w" : "";
        char command[200];
        snprintf(command, sizeof(command), "explore --csv %%s --columns v --by g%s", tail);
        Ran by = fixture_json(command, file);
        for (int k = 0; k < 2; k++) {
            char path[60];
            snprintf(command, sizeof(command),
                     "explore --csv %%s --columns v --where 'g = \"%c\"'%s", 'a' + k, tail);
            snprintf(path, sizeof(path), "tables.explore.v.groups.%c", 'a' + k);
            Ran alone = fixture_json(command, file);
            const json_t *group = fixture_tree(by.json, path),
                         *same = fixture_tree(alone.json, "tables.explore.v");
            for (size_t i = 0; i < COUNT_OF(PATHS) - (weighted ? 1 : 0); i++)
                fixture_near(PATHS[i], fixture_at(group, PATHS[i]), fixture_at(same, PATHS[i]),
                             1e-14);
            fixture_done(&alone);
        }
        fixture_near("all rows", fixture_at(by.json, "tables.explore.v.n"), weighted ? 12 : 8, 0);
        fixture_done(&by);
    }
}

TEST(explore, a_group_without_values_is_said_to_be_empty)
{
    Ran r = fixture_json("explore --csv %s --columns v,u --missing pairwise --by g",
                         fixture_file("v,u,g\n1,,a\n2,,a\n3,5,b\n4,6,b\n"));
    fixture_near("empty", fixture_at(r.json, "tables.explore.u.groups.a.n"), 0, 0);
    fixture_near("full", fixture_at(r.json, "tables.explore.u.groups.b.n"), 2, 0);
    fixture_done(&r);
}

TEST(explore, takes_a_limited_number_of_groups)
{
    static char text[6000];
    size_t at = (size_t)snprintf(text, sizeof(text), "v,g\n");
    for (int i = 0; i < 201; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%d,k%d\n", i, i);
    fixture_refuses("explore --csv %s --columns v --by g", fixture_file(text), 1,
                    "makes 201 groups, at most 200");
}

TEST(options, of_the_family_change_nothing_and_a_note_says_so)
{
    const char *file = fixture_file("c,d,a\nx,2024-01-03,5\ny,2024-01-09,7\nx,2024-02-11,4\n");
    Ran plain = fixture_json("cohort --csv %s --customer c --date d", file);
    Ran r =
        fixture_json("cohort --csv %s --customer c --date d --bins 5 --convention nested", file);
    assert_true(
        json_equal(json_object_get(plain.json, "tables"), json_object_get(r.json, "tables")));
    assert_non_null(strstr(r.out, "--bins changes nothing in cohort"));
    assert_non_null(strstr(r.out, "--convention changes nothing in cohort"));
    assert_null(strstr(plain.out, "changes nothing"));
    fixture_done(&plain);
    fixture_done(&r);
    fixture_refuses("cohort --csv %s --customer c --date d --convention other", file, 2,
                    "convention");
    fixture_refuses(
        "rfm --csv %s --customer c --date d --amount a --snapshot 2024-03-01 --starts 5", file, 2,
        "--starts");
}

TEST(dates, that_can_be_read_two_ways_are_noted)
{
    static const char COMMAND[] = "cohort --csv %s --customer c --date d";
    Ran r = fixture_json(COMMAND, fixture_file("c,d\nx,1/2/2024\ny,3/4/2024\n"));
    assert_non_null(strstr(r.out, "every date can be read as day/month"));
    fixture_done(&r);
    r = fixture_json("cohort --csv %s --customer c --date d --lang zh-CN",
                     fixture_file("c,d\nx,1/2/2024\ny,3/4/2024\n"));
    assert_non_null(strstr(r.out, "月/日"));
    fixture_done(&r);
    r = fixture_json(COMMAND, fixture_file("c,d\nx,1/2/2024\ny,13/4/2024\n"));
    assert_null(strstr(r.out, "every date"));
    fixture_done(&r);
    r = fixture_json(COMMAND, fixture_file("c,d\nx,2/2/2024\ny,3/3/2024\n"));
    assert_null(strstr(r.out, "every date"));
    fixture_done(&r);
    r = fixture_json(COMMAND, fixture_file("c,d\nx,2024-01-02\ny,2024-03-04\n"));
    assert_null(strstr(r.out, "every date"));
    fixture_done(&r);
}

TEST_MAIN("explore")
