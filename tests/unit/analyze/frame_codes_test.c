/* SPDX-License-Identifier: Apache-2.0 */
/* Codes for missing: their form, what they match, that they are gaps before kinds are guessed, and where they are
 * counted. Covers: frame_codes.c split.c analyze_cases.c analyze_args.c */
#include "analyze/frame.h"
#include "analyze_fixture.h"

static const char SURVEY[] =
    "q,age,answer,w\n"
    "1,30,是,1\n9,41,不知道,2\n2,99,否,1\n3,98,是,3\n,52,不知道,1\n2,不详,否,0\n";
#define CODES " --missing-codes 'q=9;age=97..99,不详;answer=不知道'"

TEST(codes, are_gaps_before_the_kind_is_guessed)
{
    Ran r = fixture_json("descriptives --csv %s --columns q,age" CODES, fixture_file(SURVEY));
    fixture_near("n", fixture_at(r.json, "tables.descriptives.q.n"), 4, 0);
    fixture_near("mean", fixture_at(r.json, "tables.descriptives.q.mean"), 2, 0);
    fixture_near("n", fixture_at(r.json, "tables.descriptives.age.n"), 3, 0);
    fixture_near("mean", fixture_at(r.json, "tables.descriptives.age.mean"), 41, 1e-15);
    fixture_done(&r);
    /* without the codes the word makes the column text */
    fixture_refuses("descriptives --csv %s --columns age", fixture_file(SURVEY), 1, "\"不详\"");
}

TEST(codes, are_counted_apart_from_blanks)
{
    Ran r = fixture_json("frequencies --csv %s --columns q,age,answer" CODES, fixture_file(SURVEY));
    const json_t *cases = fixture_tree(r.json, "tables.cases.columns");
    fixture_near("valid", fixture_at(cases, "0.valid"), 4, 0);
    fixture_near("blank", fixture_at(cases, "0.blank"), 1, 0);
    fixture_near("coded", fixture_at(cases, "0.coded"), 1, 0);
    fixture_near("range", fixture_at(cases, "1.codes.0.count"), 2, 0);
    fixture_near("word", fixture_at(cases, "1.codes.1.count"), 1, 0);
    fixture_near("answer", fixture_at(cases, "2.coded"), 2, 0);
    const json_t *q = fixture_tree(r.json, "tables.frequencies.q");
    fixture_near("code", fixture_at(q, "missing_codes.0.count"), 1, 0);
    fixture_near("blank", fixture_at(q, "blank_row.count"), 1, 0);
    fixture_near("total", fixture_at(q, "total_row.count"), 6, 0);
    fixture_done(&r);
}

TEST(codes, are_left_out_row_by_row_and_weighted)
{
    Ran r = fixture_json("correlate --csv %s --columns q,age --method spearman" CODES
                         " --where 'row != 0 or q = 1'",
                         fixture_file("q,age,answer\n1,30,\n9,41,\n2,44,\n3,98,\n4,52,\n5,60,\n"));
    fixture_near("n", fixture_at(r.json, "n"), 4, 0);
    fixture_near("missing", fixture_at(r.json, "missing"), 2, 0);
    fixture_done(&r);
    r = fixture_json("frequencies --csv %s --columns answer --weight w" CODES,
                     fixture_file(SURVEY));
    fixture_near("coded", fixture_at(r.json, "tables.cases.columns.0.coded"), 3, 0);
    fixture_near("valid", fixture_at(r.json, "tables.cases.columns.0.valid"), 5, 0);
    fixture_done(&r);
}

TEST(codes, match_numbers_by_value_and_text_by_bytes)
{
    Ran r =
        fixture_json("frequencies --csv %s --columns a,t --missing-codes 'a=9.0,-1;t=\"x,y\",Nil'",
                     fixture_file("a,t\n9,\"x,y\"\n09.00,nil\n-1,Nil\n-1.5,z\n9e0,z\n"));
    fixture_near("a", fixture_at(r.json, "tables.cases.columns.0.coded"), 4, 0);
    fixture_near("t", fixture_at(r.json, "tables.cases.columns.1.coded"), 2, 0);
    fixture_done(&r);
    r = fixture_json("descriptives --csv %s --columns a,b --missing-codes '*=NaN,inf'",
                     fixture_file("a,b\n1,NaN\ninf,2\n3,4\n"));
    fixture_near("a", fixture_at(r.json, "tables.descriptives.a.mean"), 2, 0);
    fixture_near("b", fixture_at(r.json, "tables.descriptives.b.mean"), 3, 0);
    fixture_done(&r);
}

TEST(codes, nothing_left_and_wrong_forms_are_refused)
{
    const char *file = fixture_file(SURVEY);
    fixture_refuses("descriptives --csv %s --columns q --missing-codes q=0..9", file, 1,
                    "column \"q\"");
    fixture_refuses("frequencies --csv %s --missing-codes nobody=9", file, 1, "\"nobody\"");
    static const char *const WRONG[] = {"9", "q=", "=9", "q=5..1", "q=9;;age=1", "q=9,,1"};
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        char command[200];
        snprintf(command, sizeof(command), "frequencies --csv %%s --missing-codes %s", WRONG[i]);
        fixture_refuses(command, file, 2, "--missing-codes");
    }
}

TEST(codes, one_that_never_occurs_is_named)
{
    Ran r =
        fixture_json("frequencies --csv %s --columns q --missing-codes q=77", fixture_file(SURVEY));
    assert_non_null(strstr(json_string_value(fixture_tree(r.json, "notes.0")), "\"q\""));
    fixture_done(&r);
}

/* What a method cannot follow is refused by name; --threads, common to all, is taken, checked and noted. */
TEST(codes, options_without_meaning_are_refused)
{
    const char *file = fixture_file(SURVEY);
    fixture_refuses("ttest --csv %s --value q --columns age", file, 2, "--columns");
    fixture_refuses("ttest --csv %s --value q --out rows.csv", file, 2, "--out");
    fixture_refuses("ttest --csv %s --value q --threads 0", file, 2, "--threads must be 1 to 256");
    fixture_refuses("ttest --csv %s --value q --threads 257", file, 2,
                    "--threads must be 1 to 256");
    fixture_refuses("ttest --csv %s --value q --colour red", file, 2, "no option --colour");
    fixture_refuses("power --test two-means --effect .5 --where 1=1", NULL, 2, "--where");
    fixture_refuses("nps --counts 0,0,0,0,0,0,0,0,0,0,9 --weight w", NULL, 2, "--weight");
    Ran r = fixture_json("descriptives --csv %s --columns w --threads 4", file);
    assert_non_null(strstr(json_string_value(fixture_tree(r.json, "notes.0")), "--threads"));
    fixture_done(&r);
}

TEST_MAIN("codes")
