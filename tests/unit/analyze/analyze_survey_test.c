/* SPDX-License-Identifier: Apache-2.0 */
/* csat and ces against R (recipe: tests/reference/survey.R). Covers: analyze_survey.c analyze_survey_read.c */
#include "analyze_fixture.h"

static const char ANSWERS[] =
    "s,g\n5,a\n4,a\n2,a\n5,a\n3,a\n4,a\n1,a\n2,b\n3,b\n5,b\n1,b\n2,b\n4,b\n";

static void expect(const json_t *tree, const char *path, double value)
{
    fixture_near(path, fixture_at(tree, path), value, 1e-12);
}

TEST(survey, effort_has_the_interval_and_the_test_of_r)
{
    const char *file = fixture_file(ANSWERS);
    Ran r = fixture_json("ces --csv %s --score s --by g", file);
    const json_t *t = fixture_tree(r.json, "tables.ces.comparisons.0");
    expect(t, "t", 0.717810171775268);
    expect(t, "df", 10.7832257724086);
    expect(t, "p_two_sided", 0.488134056811809);
    expect(t, "ci95.0", -1.23439698604823);
    expect(t, "ci95.1", 2.42487317652442);
    fixture_done(&r);
    r = fixture_json("ces --csv %s --score s --where 'g = \"a\"'", file);
    t = fixture_tree(r.json, "tables.ces");
    expect(t, "mean", 3.42857142857143);
    expect(t, "sd", 1.51185789203691);
    expect(t, "ci95.0", 2.03033608506002);
    expect(t, "ci95.1", 4.82680677208284);
    fixture_done(&r);
}

TEST(survey, satisfaction_has_the_intervals_and_the_test_of_r)
{
    const char *file = fixture_file(ANSWERS);
    Ran r = fixture_json("csat --csv %s --score s --by g", file);
    const json_t *t = fixture_tree(r.json, "tables.csat.comparisons.0");
    expect(t, "z", 0.858464589396188);
    expect(t, "p_two_sided", 0.39063597557417);
    expect(t, "ci95.0", -0.249214951044075);
    expect(t, "ci95.1", 0.5973326474008);
    fixture_done(&r);
    r = fixture_json("csat --csv %s --score s --where 'g = \"b\"'", file);
    t = fixture_tree(r.json, "tables.csat");
    expect(t, "ci95.0", 0.0967714111057805);
    expect(t, "ci95.1", 0.700006684861608);
    fixture_done(&r);
}

TEST_MAIN("survey")
