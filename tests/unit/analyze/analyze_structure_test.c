/* SPDX-License-Identifier: Apache-2.0 */
/* reliability, factor and correspondence by command against R (tests/reference/structure.R); refusals.
 * Covers: analyze_reliability.c analyze_factor.c analyze_correspondence.c */
#include "analyze_fixture.h"

static json_t *reference(void)
{
    json_error_t e;
    json_t *ref = json_load_file("tests/fixtures/analytics/structure.json", 0, &e);
    assert_non_null(ref);
    return ref;
}

/* The six columns as ln(1 + x), as the recipe has them. */
static const char *logs(void)
{
    char path[1024], line[500], *text = calloc(1, 1 << 18);
    snprintf(path, sizeof(path), "%s/wholesale/wholesale_customers.csv", fixture_data());
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t n = (size_t)snprintf(text, 100, "a,b,c,d,e,f\n");
    assert_non_null(fgets(line, sizeof(line), f));
    double v[8];
    while (fgets(line, sizeof(line), f) && sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", v, v + 1,
                                                  v + 2, v + 3, v + 4, v + 5, v + 6, v + 7) == 8)
        n += (size_t)snprintf(text + n, 300, "%.15g,%.15g,%.15g,%.15g,%.15g,%.15g\n", log1p(v[2]),
                              log1p(v[3]), log1p(v[4]), log1p(v[5]), log1p(v[6]), log1p(v[7]));
    fclose(f);
    const char *file = fixture_file(text);
    free(text);
    return file;
}

TEST(structure, reliability_and_factor_agree_with_r)
{
    if (!fixture_data())
        skip();
    json_t *ref = reference();
    const char *file = logs();
    Ran r = fixture_json("reliability --csv %s", file);
    fixture_near("alpha", fixture_at(r.json, "tables.reliability.alpha"),
                 fixture_at(ref, "alpha.0"), 1e-10);
    fixture_near("deleted",
                 fixture_at(r.json, "tables.reliability.item_statistics.2.alpha_if_deleted"),
                 fixture_at(ref, "alpha_if_deleted.2"), 1e-10);
    double low = fixture_at(r.json, "tables.reliability.alpha_ci95.0");
    double high = fixture_at(r.json, "tables.reliability.alpha_ci95.1");
    assert_true(low < fixture_at(ref, "alpha.0") && fixture_at(ref, "alpha.0") < high && high < 1);
    fixture_done(&r);
    r = fixture_json("factor --csv %s --factors 2", file);
    fixture_near("kmo", fixture_at(r.json, "tables.factor.kmo"), fixture_at(ref, "kmo.0"), 1e-10);
    fixture_near("chi2", fixture_at(r.json, "tables.factor.bartlett.chi2"),
                 fixture_at(ref, "bartlett.0"), 1e-10);
    assert_true(fixture_at(r.json, "tables.factor.bartlett.p") < 1e-100);
    fixture_near("eigenvalue", fixture_at(r.json, "tables.factor.variance.1.eigenvalue"),
                 fixture_at(ref, "eigenvalue.1"), 1e-10);
    fixture_near("rotated", fixture_at(r.json, "tables.factor.rotated.2.loading.0"),
                 fixture_at(ref, "pca_rotated.4"), 1e-6);
    fixture_done(&r);
    r = fixture_json("factor --csv %s", file);
    assert_true(fixture_at(r.json, "tables.factor.factors") == 2); /* eigenvalues above 1 */
    fixture_done(&r);
    json_decref(ref);
}

TEST(structure, correspondence_reads_rows_or_counts)
{
    json_t *ref = reference();
    char text[2000];
    size_t n = (size_t)snprintf(text, 100, "r,c,n\n");
    for (int i = 0; i < 12; i++)
        n += (size_t)snprintf(
            text + n, 100, "r%d,c%d,%.0f\n", i / 3, i % 3,
            json_number_value(json_array_get(json_object_get(ref, "table"), (size_t)i)));
    const char *file = fixture_file(text);
    Ran r = fixture_json("correspondence --csv %s --rows r --cols c --counts n", file);
    Ran w = fixture_json("correspondence --csv %s --rows r --cols c --weight n", file);
    fixture_near("chi2", fixture_at(r.json, "tables.correspondence.chi2"),
                 fixture_at(ref, "chi2.0"), 1e-10);
    fixture_near("weighted", fixture_at(w.json, "tables.correspondence.chi2"),
                 fixture_at(ref, "chi2.0"), 1e-10);
    fixture_near("singular",
                 fixture_at(r.json, "tables.correspondence.dimensions.1.singular_value"),
                 fixture_at(ref, "singular.1"), 1e-10);
    fixture_near("mass", fixture_at(r.json, "tables.correspondence.rows.3.mass"),
                 fixture_at(ref, "row_mass.3"), 1e-12);
    fixture_done(&r);
    fixture_done(&w);
    json_decref(ref);
}

TEST(structure, refusals_name_column_and_line)
{
    const char *flat = fixture_file("a,b,c\n1,5,2\n2,5,1\n3,5,4\n4,5,7\n");
    fixture_refuses("reliability --csv %s", flat, 1, "column \"b\" has the same value");
    fixture_refuses("factor --csv %s --columns a,c --factors 3", flat, 2, "3 factors");
    fixture_refuses("factor --csv %s --columns a,c --factors x", flat, 2, "--factors");
    fixture_refuses("reliability --csv %s --columns a", flat, 1, "\"a\"");
    const char *minus = fixture_file("r,c,n\nx,p,1\nx,q,-2\ny,p,3\ny,q,1\n"),
               *none = fixture_file("r,c,n\nx,p,0\nx,q,0\ny,p,3\ny,q,1\n");
    fixture_refuses("correspondence --csv %s --rows r --cols c --counts n", minus, 1, "line 3");
    fixture_refuses("correspondence --csv %s --rows r --cols c --counts n", none, 1,
                    "\"x\" of column \"r\"");
}

TEST_MAIN("structure")
