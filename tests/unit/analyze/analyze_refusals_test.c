/* SPDX-License-Identifier: Apache-2.0 */
/* Every method against every kind of data that has no answer: all missing, infinite, not a number, one row, one value,
 * one group. It must end with status 1 and a message that names a column, never with a number; what is an answer
 * all the same (the frequencies of a constant) must be free of nothing but nulls. */
#include "analytics/kernel.h"
#include "analyze_fixture.h"
#include <stdlib.h>

enum { ROWS = 24, BAD = 5 };
typedef enum Kind {
    GOOD,
    MISSING,
    UNREAL,
    NOT_A_NUMBER,
    ONE_ROW,
    CONSTANT,
    ONE_GROUP,
    FEW,
    KINDS
} Kind;

/* x, y, z any numbers; g three groups; b two classes; s answers; f, r, a a history; m money; d days; c customers. */
static char *table(Kind kind)
{
    char *text;
    size_t n;
    FILE *to = open_memstream(&text, &n);
    Random r = random_of(3, 3);
    fprintf(to, "x,y,z,g,b,s,f,r,a,m,d,c\n");
    for (int i = 0; i < (kind == ONE_ROW ? 1 : kind == FEW ? 2 : ROWS); i++) {
        double v[4];
        for (int j = 0; j < 4; j++)
            v[j] = kind == CONSTANT ? 5 : random_unit(&r) * 9 - 4;
        const char *bad = kind == UNREAL ? "inf" : "nan";
        int f = kind == CONSTANT ? 0 : i % 4, answer = kind == CONSTANT ? 5 : 1 + i % 5;
        if (kind == MISSING)
            fprintf(to, ",,,,,,,,,,,\n");
        else if ((kind == UNREAL || kind == NOT_A_NUMBER) && i == BAD)
            fprintf(to, "%s,%s,%s,p,1,%s,%s,%s,%s,%s,2024-01-01,k1\n", bad, bad, bad, bad, bad, bad,
                    bad, bad);
        else
            fprintf(to, "%.3f,%.3f,%.3f,%c,%d,%d,%d,%d,20,%.2f,2024-0%d-1%d,k%d\n", v[0], v[1],
                    v[2], kind == ONE_GROUP ? 'p' : "pqr"[i % 3],
                    kind == ONE_GROUP ? 1 : i * 7 % 11 % 2, answer, f, f ? 3 + i % 9 : 0,
                    kind == CONSTANT ? 5 : 10 + v[3], 1 + i % 9, i % 7, i % 5);
    }
    fclose(to);
    return text;
}

#define ALL_BAD "MUN1C"
/* Which kinds are refused: M all missing, U infinite, N not a number, 1 one row, C constant, G one group, F two rows where the
 * method has more parameters or groups than that. The others
 * answer. */
static const struct {
    const char *command, *refuses;
} METHODS[] = {
    {"frequencies --csv %s --columns x", "MUN"},
    {"descriptives --csv %s --columns x,y", "MUN"},
    {"explore --csv %s --columns x", "MUN"},
    {"pareto --csv %s --customer c --amount m", "MUN"},
    {"crosstab --csv %s --rows g --cols b", "M1G"},
    {"ttest --csv %s --value x --by b", ALL_BAD "GF"},
    {"ttest --csv %s --paired x,y", ALL_BAD},
    {"anova --csv %s --value x --by g", ALL_BAD "GF"},
    {"anova --csv %s --value x --by g,b", ALL_BAD "GF"},
    {"ranks --csv %s --value x --by g", ALL_BAD "G"},
    {"ranks --csv %s --value x --by b", ALL_BAD "G"},
    {"ranks --csv %s --paired x,y", "MUNC"},
    {"ranks --csv %s --paired x,y,z", ALL_BAD},
    {"correlate --csv %s --columns x,y --method pearson", ALL_BAD "F"},
    {"correlate --csv %s --columns x,y --method spearman", ALL_BAD "F"},
    {"correlate --csv %s --columns x,y --method kendall", ALL_BAD "F"},
    {"correlate --csv %s --columns x,y --control z --method partial", ALL_BAD "F"},
    {"regress --csv %s --target x --columns y,z", ALL_BAD "F"},
    {"logistic --csv %s --target b --columns x,y", ALL_BAD "GF"},
    {"roc --csv %s --score x --target b", "MUN1G"},
    {"reliability --csv %s --columns x,y,z", ALL_BAD "F"},
    {"factor --csv %s --columns x,y,z --factors 1", ALL_BAD "F"},
    {"correspondence --csv %s --rows g --cols s", "MUN1CG"},
    {"rfm --csv %s --customer c --date d --amount m --snapshot 2025-01-01", "MUN1F"},
    {"cohort --csv %s --customer c --date d", "M"},
    {"kmeans --csv %s --columns x,y --k 2 --bootstrap 0", ALL_BAD},
    {"hierarchical --csv %s --columns x,y --k 2", ALL_BAD},
    {"som --csv %s --columns x,y --grid 3x3", ALL_BAD "F"},
    {"silhouette --csv %s --columns x,y --label g", ALL_BAD "GF"},
    {"bgnbd --csv %s --frequency f --recency r --age a", ALL_BAD "F"},
    {"paretonbd --csv %s --frequency f --recency r --age a", ALL_BAD "F"},
    {"gammagamma --csv %s --frequency f --recency r --age a --mean m", ALL_BAD "F"},
    {"clv --csv %s --frequency f --recency r --age a --mean m", ALL_BAD "F"},
    {"valuescore --csv %s --columns x,y", ALL_BAD},
    {"itemsets --csv %s --basket c --item g --min-support 1", "M"},
    {"rules --csv %s --basket c --item g --min-support 1", "M"},
    {"nps --csv %s --score s", "MUN"},
    {"csat --csv %s --score s", "MUN"},
    {"ces --csv %s --score s", "MUN"},
};
static const char LETTER[KINDS] = {' ', 'M', 'U', 'N', '1', 'C', 'G', 'F'};

static void check(const char *command, const char *file, Kind kind, bool is_refused)
{
    char line[400];
    snprintf(line, sizeof(line), "%s --lang en --json", command);
    Ran r = fixture_run(line, file);
    if (r.status != (is_refused ? 1 : 0))
        fail_msg("%s, kind %c: status %d: %s", command, LETTER[kind], r.status, r.err);
    bool is_named = strstr(r.err, "column") || strstr(r.err, "row") || strstr(r.err, "\"");
    if (is_refused && (r.out[0] || !is_named))
        fail_msg("%s, kind %c says: %s%s", command, LETTER[kind], r.err, r.out);
    if (!is_refused && (strstr(r.out, "nan") || strstr(r.out, "inf\"")))
        fail_msg("%s, kind %c answers with what is no number: %s", command, LETTER[kind], r.out);
    if ((kind == UNREAL || kind == NOT_A_NUMBER) && is_refused && !strstr(r.err, "line 7"))
        fail_msg("%s, kind %c does not name line 7: %s", command, LETTER[kind], r.err);
    fixture_done(&r);
    if (!is_refused)
        return;
    snprintf(line, sizeof(line), "%s --lang zh-CN", command);
    r = fixture_run(line, file);
    bool is_chinese = strstr(r.err, "列“") || strstr(r.err, "“") || strstr(r.err, "行");
    if (r.status != 1 || r.out[0] || !is_chinese || strstr(r.err, " the ") ||
        strstr(r.err, "column"))
        fail_msg("%s, kind %c says in Chinese: %s%s", command, LETTER[kind], r.err, r.out);
    fixture_done(&r);
}

static void check_kind(Kind kind)
{
    char *text = table(kind);
    const char *file = fixture_file(text);
    for (size_t i = 0; i < COUNT_OF(METHODS); i++)
        check(METHODS[i].command, file, kind, strchr(METHODS[i].refuses, LETTER[kind]) != NULL);
    free(text);
}

TEST(refusals, good_data_has_answers) { check_kind(GOOD); }
TEST(refusals, nothing_but_gaps) { check_kind(MISSING); }
TEST(refusals, infinite_values) { check_kind(UNREAL); }
TEST(refusals, values_that_are_no_number) { check_kind(NOT_A_NUMBER); }
TEST(refusals, one_row) { check_kind(ONE_ROW); }
TEST(refusals, constant_columns) { check_kind(CONSTANT); }
TEST(refusals, one_group) { check_kind(ONE_GROUP); }
TEST(refusals, two_rows) { check_kind(FEW); }

TEST(refusals, fewer_rows_than_parameters)
{
    const char *file = fixture_file("y,a,b,c,t\n1,2,3,1,0\n2,1,5,4,1\n4,4,1,2,0\n");
    fixture_refuses("regress --csv %s --target y --columns a,b,c", file, 1, "at least");
    fixture_refuses("logistic --csv %s --target t --columns a,b,c", file, 1, "\"");
    fixture_refuses("factor --csv %s --columns y,a,b,c --factors 1", file, 1, "\"");
    fixture_refuses("kmeans --csv %s --columns a,b --k 4", file, 1, "cannot make");
}

TEST_MAIN("refusals")
