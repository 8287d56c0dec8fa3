/* SPDX-License-Identifier: Apache-2.0 */
/* Linkage against the values of reference/linkage.json on two data sets of known pairs, and against
 * small tables whose answer can be told by hand. Covers: linkage.c linkage_block.c */
#include "analytics/linkage.h"
#include "segment_data.h"

enum { COLUMNS = 12, ROWS = 2048 };

typedef struct Csv {
    Str cell[COLUMNS][ROWS];
    size_t n;
} Csv;

static char *read_file(Arena *a, const char *name, size_t *ret_n)
{
    char *path = str_z(a, str_format(a, "%s/%s", segment_data_folder(), name));
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = arena_alloc(a, 1 << 20);
    *ret_n = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    return text;
}

static Str cell(Str *line, const char *quote)
{
    Str out = STR_NULL;
    while (line->n && line->p[0] == ' ')
        *line = str_sub(*line, 1, line->n);
    if (line->n && strchr(quote, line->p[0])) {
        size_t end = str_find_char(str_sub(*line, 1, line->n), line->p[0]);
        out = str_sub(*line, 1, end);
        *line = str_sub(*line, end + 2, line->n);
        (void)str_split(line, ',', &(Str){0});
        return out;
    }
    (void)str_split(line, ',', &out);
    return str_trim(out);
}

static Csv *read_csv(Arena *a, const char *name, const char *quote)
{
    Csv *csv = ARENA_NEW(a, Csv);
    size_t n;
    Str text = {.p = read_file(a, name, &n)}, line;
    text.n = n;
    assert_true(str_split(&text, '\n', &line));
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        for (size_t c = 0; c < COLUMNS && line.n; c++)
            csv->cell[c][csv->n] = cell(&line, quote);
        csv->n += csv->cell[0][csv->n].n > 0;
    }
    return csv;
}

typedef bool (*IsGold)(const void *arg, uint32_t a, uint32_t b);

typedef struct Found {
    double f1, precision, recall, threshold;
    size_t pairs;
} Found;

static Found find(Arena *a, const LinkageTable *t, IsGold is_gold, const void *arg, size_t gold)
{
    Kernel k = segment_kernel(a);
    LinkagePair *pairs;
    LinkageModel model;
    Found f = {0};
    ASSERT_OK(linkage_candidates(&k, t, 1 << 20, &pairs, &f.pairs));
    ASSERT_OK(linkage_fit(&k, t, pairs, f.pairs, &model));
    ASSERT_OK(linkage_score(&k, t, &model, pairs, f.pairs));
    double right = 0, all = 0;
    for (size_t i = 0; i < f.pairs; i++) {
        if (pairs[i].score < model.threshold)
            continue;
        all++;
        right += is_gold(arg, pairs[i].a, pairs[i].b);
    }
    f.precision = right / all;
    f.recall = right / (double)gold;
    f.f1 = 2 * right / (all + (double)gold);
    f.threshold = model.threshold;
    return f;
}

static bool restaurant_gold(const void *arg, uint32_t a, uint32_t b)
{
    const uint32_t(*gold)[2] = arg;
    for (size_t i = 0; i < 112; i++)
        if ((gold[i][0] == a && gold[i][1] == b) || (gold[i][0] == b && gold[i][1] == a))
            return true;
    return false;
}

static void digits_only(Arena *a, Str *s)
{
    char *p = arena_alloc(a, s->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->p[i] >= '0' && s->p[i] <= '9')
            p[n++] = s->p[i];
    *s = str_n(p, n);
}

TEST(linkage, finds_the_restaurants_as_well_as_the_reference)
{
    NEED_DATA();
    Arena *a = arena_new(1 << 20);
    Csv *csv = read_csv(a, "restaurant/restaurant.csv", "\"");
    Csv *pairs = read_csv(a, "restaurant/restaurant_gold.csv", "'\"");
    uint32_t(*gold)[2] = (uint32_t(*)[2])ARENA_ARRAY(a, uint32_t, 2 * ROWS);
    assert_int_equal(csv->n, 864);
    assert_int_equal(pairs->n, 112);
    for (size_t i = 0; i < pairs->n; i++)
        for (int side = 0; side < 2; side++)
            gold[i][side] = (uint32_t)strtoul(str_z(a, pairs->cell[side + 1][i]), NULL, 10) - 1;
    for (size_t i = 0; i < csv->n; i++)
        digits_only(a, &csv->cell[3][i]);
    const LinkageColumn columns[] = {{LINKAGE_TEXT, csv->cell[0], true},
                                     {LINKAGE_TEXT, csv->cell[1], false},
                                     {LINKAGE_NAME, csv->cell[2], false},
                                     {LINKAGE_CODE, csv->cell[3], false}};
    LinkageTable t = {.columns = columns, .n_columns = 4, .rows = csv->n};
    Found f = find(a, &t, restaurant_gold, gold, 112);
    assert_true(f.f1 >= .9694323144104804 - .02); /* the reference's tolerance */
    arena_free(a);
}

static bool febrl_gold(const void *arg, uint32_t a, uint32_t b)
{
    const Csv *csv = arg;
    return strtol(csv->cell[0][a].p + 4, NULL, 10) == strtol(csv->cell[0][b].p + 4, NULL, 10);
}

TEST(linkage, finds_the_people_as_well_as_the_reference)
{
    NEED_DATA();
    Arena *a = arena_new(1 << 20);
    Csv *csv = read_csv(a, "febrl/dataset1.csv", "\"");
    assert_int_equal(csv->n, 1000);
    const LinkageColumn columns[] = {
        {LINKAGE_NAME, csv->cell[1], false}, {LINKAGE_NAME, csv->cell[2], false},
        {LINKAGE_CODE, csv->cell[3], false}, {LINKAGE_TEXT, csv->cell[4], false},
        {LINKAGE_NAME, csv->cell[6], false}, {LINKAGE_CODE, csv->cell[7], false},
        {LINKAGE_CODE, csv->cell[9], false}, {LINKAGE_CODE, csv->cell[10], false}};
    LinkageTable t = {.columns = columns, .n_columns = COUNT_OF(columns), .rows = csv->n};
    Found f = find(a, &t, febrl_gold, csv, 500);
    assert_true(f.f1 >= .998998998998999 - .005);
    arena_free(a);
}

/* Sixty shops, each twice: the second time the name loses a letter, the phone and city stay; every tenth
 * pair shares phone and city but has another name. */
static LinkageTable shops(Arena *a, bool split)
{
    enum { N = 60 };
    Str *name = ARENA_ARRAY(a, Str, 2 * N), *phone = ARENA_ARRAY(a, Str, 2 * N),
        *city = ARENA_ARRAY(a, Str, 2 * N);
    static const char *const FIRST[] = {"harbour", "willow",  "granite", "copper", "juniper",
                                        "velvet",  "quarter", "mosaic",  "dozen",  "thistle"};
    static const char *const SECOND[] = {"bakery",   "printing",  "orchard",
                                         "lanterns", "ironworks", "pottery"};
    for (size_t i = 0; i < N; i++) {
        size_t other = i + N;
        name[i] = str_format(a, "%s %s", FIRST[i % 10], SECOND[i / 10]);
        name[other] = i % 10 == 9 ? str_format(a, "zz%zu quux", i) : str_sub(name[i], 1, name[i].n);
        phone[i] = phone[other] = str_format(a, "55501%04zu", i * 137 % 10000);
        city[i] = city[other] = i % 3 ? STR("north") : STR("south");
    }
    LinkageColumn *c = ARENA_ARRAY(a, LinkageColumn, 3);
    c[0] = (LinkageColumn){LINKAGE_TEXT, name, true};
    c[1] = (LinkageColumn){LINKAGE_CODE, phone, false};
    c[2] = (LinkageColumn){LINKAGE_NAME, city, false};
    return (LinkageTable){.columns = c, .n_columns = 3, .rows = 2 * N, .split = split ? N : 0};
}

static bool shop_gold(const void *arg, uint32_t a, uint32_t b)
{
    (void)arg;
    return b == a + 60 && a % 10 != 9;
}

TEST(linkage, tells_what_shares_an_address_from_what_is_the_same)
{
    Arena *a = arena_new(1 << 16);
    for (int split = 0; split < 2; split++) {
        LinkageTable t = shops(a, split);
        Found f = find(a, &t, shop_gold, NULL, 54);
        assert_true(f.recall == 1);
        assert_true(f.precision >= .98);
    }
    arena_free(a);
}

TEST(linkage, pairs_of_two_files_cross_the_split)
{
    Arena *a = arena_new(1 << 16);
    Kernel k = segment_kernel(a);
    LinkagePair *pairs;
    size_t n;
    LinkageTable t = shops(a, true);
    ASSERT_OK(linkage_candidates(&k, &t, 1 << 20, &pairs, &n));
    assert_true(n > 54);
    for (size_t i = 0; i < n; i++) {
        assert_true(pairs[i].a < 60 && pairs[i].b >= 60);
        if (i)
            assert_true(pairs[i - 1].a < pairs[i].a ||
                        (pairs[i - 1].a == pairs[i].a && pairs[i - 1].b < pairs[i].b));
    }
    ASSERT_ST(ST_TOO_LARGE, linkage_candidates(&k, &t, 20, &pairs, &n));
    assert_int_equal(k.fault.kind, FAULT_TOO_MANY);
    arena_free(a);
}

TEST(linkage, levels_are_those_of_the_kind)
{
    assert_int_equal(linkage_level(LINKAGE_NAME, STR(""), STR("a")), LINKAGE_MISSING);
    assert_int_equal(linkage_level(LINKAGE_NAME, STR("martha"), STR("marhta")), 1);
    assert_int_equal(linkage_level(LINKAGE_NAME, STR("dwayne"), STR("duane")), 2);
    assert_int_equal(linkage_level(LINKAGE_NAME, STR("anna"), STR("boris")), 3);
    assert_int_equal(linkage_level(LINKAGE_CODE, STR("13800138000"), STR("13800130800")), 1);
    assert_int_equal(linkage_level(LINKAGE_CODE, STR("13800138000"), STR("13811138000")), 2);
    assert_int_equal(linkage_level(LINKAGE_CODE, STR("12"), STR("98")), 3);
    assert_int_equal(linkage_level(LINKAGE_NUMBER, STR("100"), STR("100.0")), 0);
    assert_int_equal(linkage_level(LINKAGE_NUMBER, STR("100"), STR("100.9")), 1);
    assert_int_equal(linkage_level(LINKAGE_NUMBER, STR("100"), STR("95")), 2);
    assert_int_equal(linkage_level(LINKAGE_NUMBER, STR("100"), STR("x")), 3);
    assert_int_equal(linkage_level(LINKAGE_TEXT, STR("华为技术"), STR("华为技木")), 2);
}

/* a-b and b-c are one group though a-c was never compared; below the threshold nothing joins. */
TEST(linkage, groups_are_closed)
{
    const LinkagePair pairs[] = {{.a = 1, .b = 4, .score = .9},
                                 {.a = 4, .b = 5, .score = .8},
                                 {.a = 0, .b = 1, .score = .4}};
    uint32_t of[6];
    linkage_groups(pairs, COUNT_OF(pairs), .5, COUNT_OF(of), of);
    const uint32_t wanted[] = {0, 1, 2, 3, 1, 1};
    assert_memory_equal(of, wanted, sizeof of);
}

TEST(linkage, needs_a_pair)
{
    Arena *a = arena_new(4096);
    Kernel k = segment_kernel(a);
    LinkageTable t = shops(a, false);
    LinkageModel model;
    ASSERT_ST(ST_INVALID, linkage_fit(&k, &t, NULL, 0, &model));
    assert_int_equal(k.fault.kind, FAULT_TOO_FEW);
    arena_free(a);
}

TEST_MAIN("linkage")
