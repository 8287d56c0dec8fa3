/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the world of expr_fixture.h: catalogue, tables, records, rights, names. */
#include "expr_fixture.h"
#include "meta/field/field.h"

#define DAY INT64_C(86400000)

static const char *const OBJECTS[][2] = {
    {"phase", "{'object':'phase','plural':'phases','area':'sales','traits':['coded'],"
              "'label':{'zh-CN':'阶段','en':'Phase'},'title':'name','fields':[]}"},
    {"firm",
     "{'object':'firm','plural':'firms','area':'sales','traits':[],'label':{'zh-CN':'公司','en':"
     "'Firm'},'title':'name','fields':["
     "{'name':'name','type':'text','search':true,'label':{'zh-CN':'名称','en':'Name'}},"
     "{'name':'alias','type':'text','search':true,'label':{'zh-CN':'别名','en':'Alias'}},"
     "{'name':'note','type':'text','label':{'zh-CN':'备注','en':'Note'}},"
     "{'name':'level','type':'choice','label':{'zh-CN':'级别','en':'Level'},'choices':["
     "{'value':'gold','label':{'zh-CN':'金','en':'Gold'}},{'value':'iron','label':{'zh-CN':'铁',"
     "'en':'Iron'}}]},"
     "{'name':'is_open','type':'boolean','label':{'zh-CN':'开','en':'Open'}},"
     "{'name':'staff','type':'integer','label':{'zh-CN':'人数','en':'Staff'}},"
     "{'name':'size','type':'decimal','scale':3,'label':{'zh-CN':'面积','en':'Size'}},"
     "{'name':'share','type':'percent','scale':2,'label':{'zh-CN':'份额','en':'Share'}},"
     "{'name':'worth','type':'money','scale':2,'label':{'zh-CN':'价值','en':'Worth'}},"
     "{'name':'founded_on','type':'date','label':{'zh-CN':'成立','en':'Founded'}},"
     "{'name':'seen_at','type':'datetime','label':{'zh-CN':'见过','en':'Seen'}},"
     "{'name':'parent','type':'link','to':'firm','inverse':'daughters','label':{'zh-CN':'母公司',"
     "'en':'Parent'}},"
     "{'name':'phase','type':'link','to':'phase','inverse':'firms','label':{'zh-CN':'阶段','en':"
     "'Phase'}},"
     "{'name':'friends','type':'links','to':'firm','inverse':'fans','label':{'zh-CN':'伙伴','en':"
     "'Friends'}},"
     "{'name':'marks','type':'links','to':'phase','inverse':'marked','label':{'zh-CN':'标记','en':"
     "'Marks'}},"
     "{'name':'branch','type':'link','to':'department','inverse':'firms','label':{'zh-CN':'部门',"
     "'en':'Branch'}},"
     "{'name':'about','type':'any_link','to':['firm','deal'],'label':{'zh-CN':'关于','en':'About'}}"
     ","
     "{'name':'span','type':'duration','label':{'zh-CN':'时长','en':'Span'}},"
     "{'name':'score','type':'rating','label':{'zh-CN':'评分','en':'Score'}},"
     "{'name':'tags','type':'tags','label':{'zh-CN':'标签','en':'Tags'}},"
     "{'name':'grades','type':'choices','label':{'zh-CN':'等级','en':'Grades'},'choices':["
     "{'value':'a','label':{'zh-CN':'甲','en':'A'}},{'value':'b','label':{'zh-CN':'乙','en':'B'}},"
     "{'value':'c','label':{'zh-CN':'丙','en':'C'}}]},"
     "{'name':'home','type':'address','label':{'zh-CN':'地址','en':'Home'}},"
     "{'name':'story','type':'rich_text','label':{'zh-CN':'故事','en':'Story'}},"
     "{'name':'stake','type':'formula','of':'worth * share / 100','result':'money','scale':2,"
     "'label':{'zh-CN':'权益','en':'Stake'}},"
     "{'name':'density','type':'formula','of':'staff / size','result':'decimal','scale':4,"
     "'label':{'zh-CN':'密度','en':'Density'}},"
     "{'name':'rough','type':'formula','of':'coalesce(parent.density, density) + 0.25','result':"
     "'decimal','scale':1,'label':{'zh-CN':'约数','en':'Rough'}},"
     "{'name':'caption','type':'formula','of':'concat(note, \\'/\\', staff)','result':'text',"
     "'label':{'zh-CN':'标题','en':'Caption'}}]}"},
    {"deal",
     "{'object':'deal','plural':'deals','area':'sales','traits':[],'label':{'zh-CN':'商谈','en':"
     "'Deal'},'title':'name','fields':["
     "{'name':'name','type':'text','label':{'zh-CN':'名称','en':'Name'}},"
     "{'name':'firm','type':'link','to':'firm','inverse':'deals','label':{'zh-CN':'公司','en':"
     "'Firm'}},"
     "{'name':'phase','type':'link','to':'phase','inverse':'deals','label':{'zh-CN':'阶段','en':"
     "'Phase'}},"
     "{'name':'amount','type':'money','scale':2,'label':{'zh-CN':'金额','en':'Amount'}},"
     "{'name':'price','type':'money','scale':4,'label':{'zh-CN':'单价','en':'Price'}},"
     "{'name':'pieces','type':'integer','label':{'zh-CN':'数量','en':'Pieces'}},"
     "{'name':'is_won','type':'boolean','label':{'zh-CN':'赢','en':'Won'}},"
     "{'name':'closed_on','type':'date','label':{'zh-CN':'结束','en':'Closed'}},"
     "{'name':'met_at','type':'datetime','label':{'zh-CN':'会面','en':'Met'}},"
     "{'name':'took','type':'duration','label':{'zh-CN':'用时','en':'Took'}},"
     "{'name':'total','type':'formula','of':'price * pieces','result':'money','scale':2,"
     "'label':{'zh-CN':'总额','en':'Total'}}]}"},
};
static const char SQL_PUT_META[] =
    "INSERT INTO {gx_meta} (kind, name, body, version) VALUES ('object', ?1, ?2, 1)";

void world_fail(const Ctx *cx, const char *what)
{
    const FieldError *f = cx->err.fields.n ? &cx->err.fields.v[0] : NULL;
    fail_msg("%s: %.*s [%.*s: %.*s] (%s:%d)", what, STR_ARG(cx->err.text), f ? (int)f->field.n : 0,
             f ? f->field.p : "", f ? (int)f->message.n : 0, f ? f->message.p : "",
             cx->err.file ? cx->err.file : "?", cx->err.line);
}

/* xorshift64*: the same world and the same expressions each time. */
uint32_t world_random(World *w, uint32_t below)
{
    w->random ^= w->random >> 12;
    w->random ^= w->random << 25;
    w->random ^= w->random >> 27;
    return (uint32_t)((w->random * 2685821657736338717u) >> 33) % below;
}

/* ---- rights: every seventh firm and every fifth deal is not to be seen */
bool world_is_hidden(const Object *o, Id id)
{
    return (str_is(o->name, "firm") && id % 7 == 2) || (str_is(o->name, "deal") && id % 5 == 4);
}

static Status rights_predicate(Ctx *cx UNUSED, const Object *o, DbKind dialect UNUSED, int alias,
                               Sql *q, int *next_alias UNUSED)
{
    if (str_is(o->name, "phase"))
        return ST_OK;
    bool firm = str_is(o->name, "firm");
    sql_lit(q, " AND ");
    sql_column(q, alias, o->id, 0);
    sql_lit(q, " % ");
    sql_number(q, firm ? 7 : 5);
    sql_lit(q, " <> ");
    sql_number(q, firm ? 2 : 4);
    return ST_OK;
}

static Id rights_me(const Ctx *cx UNUSED) { return WORLD_ME; }
static Id rights_department(const Ctx *cx UNUSED) { return 0; }

static void rights_departments(const Ctx *cx UNUSED, const Id **ret, size_t *ret_n)
{
    static const Id DEPARTMENTS[] = {2, 4, 6};
    *ret = DEPARTMENTS;
    *ret_n = COUNT_OF(DEPARTMENTS);
}

static void rights_teams(const Ctx *cx UNUSED, const Id **ret, size_t *ret_n)
{
    *ret = NULL;
    *ret_n = 0;
}

static const QueryAccess RIGHTS = {.predicate = rights_predicate,
                                   .me = rights_me,
                                   .my_department = rights_department,
                                   .my_departments = rights_departments,
                                   .my_teams = rights_teams};

/* ---- values */
static bool is_null_here(World *w)
{
    w->values++;
    bool null = world_random(w, 4) == 0;
    w->nulls += null;
    return null;
}

static const char *const TEXTS[] = {
    "alpha", "Alpha", "北京公司", "北京",      "ABC公司", "ＡＢＣ", "Straße", "STRASSE",
    "a b",   " x ",   "é",        "E\xcc\x81", "漢語",    "汉语",   "z",      "\xe3\x80\x80"};

static Value random_money(World *w, int scale)
{
    Value v = {.t = V_MONEY, .scale = (uint8_t)scale};
    int64_t n = (int64_t)world_random(w, 2000000) - 500000;
    if (world_random(w, 3) == 0)
        n = n / 10000 * 10000; /* whole amounts, so that some are equal */
    bool foreign = world_random(w, 5) == 0;
    v.money =
        (Money){.value = n, .base = foreign ? n * 7 : n, .rate = foreign ? 7000000000 : 1000000000};
    memcpy(v.money.currency, foreign ? "USD" : "CNY", 4);
    return v;
}

static Value random_links(World *w, size_t below)
{
    Value v = {.t = V_IDS};
    Id *ids = ARENA_ARRAY(w->arena, Id, 8);
    Id id = 0;
    while (v.ids.n < 4) {
        id += 1 + world_random(w, (uint32_t)below / 2);
        if (id > (Id)below)
            break;
        ids[v.ids.n++] = id;
    }
    v.ids.p = ids;
    return v.ids.n ? v : VALUE_NULL;
}

static Value random_texts(World *w, const char *const *from, uint32_t n)
{
    Str *texts = ARENA_ARRAY(w->arena, Str, 3);
    uint32_t some = 1 + world_random(w, 3);
    for (uint32_t i = 0; i < some; i++)
        texts[i] = str_of(from[world_random(w, n)]);
    return field_set_value(texts, some);
}

static Value random_address(World *w)
{
    static const char *const PROVINCES[] = {"zhejiang", "guangdong", ""};
    Str *parts = ARENA_ARRAY(w->arena, Str, ADDRESS_PARTS);
    parts[ADDRESS_PROVINCE] = str_of(PROVINCES[world_random(w, 3)]);
    if (world_random(w, 2))
        parts[ADDRESS_CITY] = STR("hangzhou");
    parts[ADDRESS_STREET] = str_of(TEXTS[world_random(w, COUNT_OF(TEXTS))]);
    return (Value){.t = V_ADDRESS, .address = parts};
}

static Value random_ref(World *w)
{
    bool firm = world_random(w, 2);
    return (Value){.t = V_REF,
                   .ref = {.id = 1 + world_random(w, firm ? WORLD_FIRMS : WORLD_DEALS),
                           .object = firm ? STR("firm") : STR("deal")}};
}

static Value random_value(World *w, const Field *f)
{
    static const char *const STORIES[] = {"<p>Alpha</p>", "<p>北京<b>公司</b></p>",
                                          "<p>漢語 x</p>"};
    static const char *const TAGS[] = {"red", "blue", "北京", "漢"}, *const GRADES[] = {"a", "b",
                                                                                        "c"};
    int64_t n = (int64_t)world_random(w, 4000) - 1000;
    switch (f->kind) {
    case F_TEXT: return (Value){.t = V_TEXT, .s = str_of(TEXTS[world_random(w, COUNT_OF(TEXTS))])};
    case F_CHOICE: return (Value){.t = V_TEXT, .s = world_random(w, 2) ? STR("gold") : STR("iron")};
    case F_BOOLEAN: return (Value){.t = V_BOOL, .b = world_random(w, 2)};
    case F_INTEGER: return (Value){.t = V_INT, .i = (int64_t)world_random(w, 60) - 20};
    case F_DECIMAL:
    case F_PERCENT:
        return (Value){.t = V_DECIMAL, .scale = (uint8_t)f->scale, .i = n % 3 ? n : n / 100 * 100};
    case F_MONEY: return random_money(w, f->scale);
    case F_DATE: return (Value){.t = V_DATE, .i = (int64_t)world_random(w, 30000) - 8000};
    case F_DATETIME:
        return (Value){.t = V_TIME,
                       .i = (int64_t)world_random(w, 22000) * DAY + world_random(w, DAY)};
    case F_LINK:
        return (Value){
            .t = V_ID,
            .i = 1 + world_random(w, str_is(f->to->name, "phase") ? WORLD_PHASES : WORLD_FIRMS)};
    case F_ANY_LINK: return random_ref(w);
    case F_DURATION:
        return (Value){.t = V_DURATION, .i = ((int64_t)world_random(w, 4000) - 1000) * 1800000};
    case F_RATING: return (Value){.t = V_INT, .i = 1 + world_random(w, 5)};
    case F_TAGS: return random_texts(w, TAGS, COUNT_OF(TAGS));
    case F_CHOICES: return random_texts(w, GRADES, COUNT_OF(GRADES));
    case F_ADDRESS: return random_address(w);
    case F_RICH_TEXT:
        return (Value){.t = V_HTML, .s = str_of(STORIES[world_random(w, COUNT_OF(STORIES))])};
    case F_LINKS: return random_links(w, str_is(f->to->name, "phase") ? WORLD_PHASES : WORLD_FIRMS);
    default: return VALUE_NULL;
    }
}

static void fill_system(World *w, const Object *o, Id id, Value *row)
{
    static const char *const CODES[] = {"new", "talk", "won", "held", "lost"};
    row[o->id->index] = (Value){.t = V_ID, .i = id};
    row[o->version->index] = (Value){.t = V_INT, .i = 1};
    row[o->created_at->index] =
        (Value){.t = V_TIME, .i = INT64_C(1700000000000) + (int64_t)world_random(w, 900) * DAY};
    row[o->updated_at->index] = row[o->created_at->index];
    row[o->created_by->index] = (Value){.t = V_ID, .i = 1 + world_random(w, WORLD_ME)};
    if (o->code) {
        row[o->code->index] = (Value){.t = V_TEXT, .s = str_of(CODES[id - 1])};
        row[o->title->index] = row[o->code->index];
    }
}

static const Value *make_row(World *w, const Object *o, Id id)
{
    Value *row = ARENA_ARRAY(w->arena, Value, o->n_fields);
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!f->system && f->n_columns > 0 && !o->code && !is_null_here(w))
            row[i] = random_value(w, f);
    }
    fill_system(w, o, id, row);
    return row;
}

/* ---- into the database */
static void put_links(Plan *p, World *w, const Field *f, Id id, const Value *v)
{
    size_t n = v->t == V_IDS ? v->ids.n : v->t == V_TEXTS ? v->texts.n : 0;
    for (size_t i = 0; i < n; i++) {
        Sql q = sql_new(w->arena);
        sql_lit(&q, "INSERT INTO ");
        sql_links_table(&q, f);
        sql_lit(&q, " (record, target) VALUES (");
        sql_bind_int(&q, id);
        sql_lit(&q, ", ");
        if (v->t == V_IDS)
            sql_bind_int(&q, v->ids.p[i]);
        else
            sql_bind_text(&q, v->texts.p[i]);
        sql_lit(&q, ")");
        plan_exec(p, sql_text(&q), q.vals->v, q.vals->n);
    }
}

static void put_row(Plan *p, World *w, const Object *o, Id id, const Value *row)
{
    Sql q = sql_new(w->arena), names = sql_fragment(&q), values = sql_fragment(&q);
    sql_lit(&names, "changed");
    sql_lit(&values, "1");
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        DbVal cells[FIELD_COLUMNS];
        if (row[i].t == V_NULL || f->n_columns == 0)
            continue;
        f->type->store(w->arena, f, &row[i], cells);
        for (int k = 0; k < f->n_columns; k++) {
            sql_lit(&names, ", ");
            sql_column(&names, -1, f, k);
            sql_lit(&values, ", ");
            sql_bind(&values, cells[k]);
        }
        put_links(p, w, f, id, &row[i]);
    }
    sql_lit(&q, "INSERT INTO ");
    sql_table(&q, o);
    sql_lit(&q, " (");
    sql_append(&q, &names);
    sql_lit(&q, ") VALUES (");
    sql_append(&q, &values);
    sql_lit(&q, ")");
    plan_exec(p, sql_text(&q), q.vals->v, q.vals->n);
}

static void fill_table(World *w, Plan *p, const char *name, size_t n, WorldTable *t)
{
    t->object = meta_object(w->cx.meta, str_of(name));
    assert_non_null(t->object);
    t->rows = ARENA_ARRAY(w->arena, const Value *, n);
    t->n = n;
    for (size_t i = 0; i < n; i++) {
        t->rows[i] = make_row(w, t->object, (Id)i + 1);
        put_row(p, w, t->object, (Id)i + 1, t->rows[i]);
    }
}

static void fill(World *w)
{
    Plan *p = plan_new(&w->cx);
    fill_table(w, p, "phase", WORLD_PHASES, &w->phases);
    fill_table(w, p, "firm", WORLD_FIRMS, &w->firms);
    fill_table(w, p, "deal", WORLD_DEALS, &w->deals);
    if (db_apply(w->pool, &w->cx, p, NULL) != ST_OK)
        world_fail(&w->cx, "rows");
}

/* ---- opening */
static Str json_text(Arena *a, const char *text)
{
    char *copy = str_z(a, str_of(text));
    for (char *c = copy; *c; c++) {
        if (c[0] == '\\' && c[1] == '\'')
            *++c = '"';
        else if (*c == '\'')
            *c = '"';
    }
    return str_of(copy);
}

static void open_all(World *w)
{
    DbConfig config = {.dir = w->dir,
                       .url = w->kind == DB_POSTGRES ? test_postgres() : NULL,
                       .schema = w->schema,
                       .readers = 2,
                       .create = true};
    if (db_open(&w->cx, &config, &w->pool) != ST_OK)
        world_fail(&w->cx, "db_open");
    w->cx.db = db_lease(w->pool);
    db_statement_limit(w->cx.db, 60000);
    Plan *p = plan_new(&w->cx);
    for (size_t i = 0; i < COUNT_OF(OBJECTS); i++)
        plan_exec(
            p, str_of(SQL_PUT_META),
            (DbVal[]){db_text(str_of(OBJECTS[i][0])), db_text(json_text(w->arena, OBJECTS[i][1]))},
            2);
    if (db_apply(w->pool, &w->cx, p, NULL) != ST_OK)
        world_fail(&w->cx, "metadata");
    MetaHooks hooks = {.compile = expr_compile_meta};
    if (meta_open(&w->cx, w->pool, &hooks, &w->store) != ST_OK)
        world_fail(&w->cx, "meta_open");
    w->cx.meta = meta_acquire(w->store);
}

static void close_all(World *w)
{
    error_clear(&w->cx);
    if (w->kind == DB_POSTGRES) {
        Plan *p = plan_new(&w->cx);
        plan_ddl(p, str_format(w->arena, "DROP SCHEMA \"%s\" CASCADE", w->schema));
        if (db_apply(w->pool, &w->cx, p, NULL) != ST_OK)
            world_fail(&w->cx, "drop schema");
    }
    meta_release(w->cx.meta);
    meta_close(w->store);
    db_release(w->cx.db);
    db_close(w->pool);
}

static void run_on(DbKind kind, void (*body)(World *))
{
    World w = {.kind = kind,
               .arena = arena_new(256 * 1024),
               .dir = test_tempdir(),
               .random = 0x9e3779b97f4a7c15};
    w.cx = (Ctx){.arena = w.arena,
                 .lang = LANG_EN,
                 .cause = "person",
                 .access = &RIGHTS,
                 .zone = zone_get(STR("Asia/Shanghai")),
                 .now_ms = 1772323200000}; /* 2026-03-01 08:00 in Shanghai */
    snprintf(w.schema, sizeof(w.schema), "expr_%s", w.dir + strlen(w.dir) - 6);
    open_all(&w);
    fill(&w);
    body(&w);
    close_all(&w);
    test_tempdir_remove(w.dir);
    arena_free(w.arena);
}

void world_run_once(void (*body)(World *)) { run_on(DB_SQLITE, body); }

void world_run(void (*body)(World *))
{
    run_on(DB_SQLITE, body);
    if (test_postgres())
        run_on(DB_POSTGRES, body);
}

Ctx world_ctx(World *w, Arena *scratch)
{
    arena_reset(scratch);
    Ctx cx = w->cx;
    cx.arena = scratch;
    cx.err = (Error){.status = ST_OK};
    return cx;
}

/* ---- the record's surroundings, as expr_eval asks for them */
static const WorldTable *table_of(const World *w, const Object *o)
{
    return o == w->firms.object ? &w->firms : o == w->deals.object ? &w->deals : &w->phases;
}

static Status row_follow(void *arg, Ctx *cx UNUSED, const Field *link, Id id,
                         const Value **ret_values)
{
    const WorldTable *t = table_of(arg, link->to);
    if (str_is(link->to->name, "department")) {
        *ret_values = NULL;
        return ST_OK;
    }
    bool seen = id > 0 && id <= (Id)t->n && !world_is_hidden(link->to, id);
    *ret_values = seen ? t->rows[id - 1] : NULL;
    return ST_OK;
}

static Status row_children(void *arg, Ctx *cx, const Object *of, Str name, Id id,
                           const Object **ret_child, const Value ***ret_rows, size_t *ret_n)
{
    const Relation *r = object_relation(of, name);
    const Field *links = r ? NULL : object_field(of, name);
    *ret_child = r ? r->child : links->to;
    const WorldTable *t = table_of(arg, *ret_child), *own = table_of(arg, of);
    *ret_rows = ARENA_ARRAY(cx->arena, const Value *, t->n);
    *ret_n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const Value *link = r ? &t->rows[i][r->field->index] : &own->rows[id - 1][links->index];
        if (value_has_id(link, r ? id : (Id)i + 1) && !world_is_hidden(*ret_child, (Id)i + 1))
            (*ret_rows)[(*ret_n)++] = t->rows[i];
    }
    return ST_OK;
}

ExprRow world_row(World *w, const WorldTable *t, size_t i)
{
    return (ExprRow){
        .arg = w, .values = t->rows[i], .follow = row_follow, .children = row_children};
}

static Status names_code_ids(void *arg, Ctx *cx, const Object *o, Str code, const Id **ret,
                             size_t *ret_n)
{
    const World *w = arg;
    Id *ids = ARENA_ARRAY(cx->arena, Id, w->phases.n);
    *ret_n = 0;
    for (size_t i = 0; i < w->phases.n; i++)
        if (str_eq(w->phases.rows[i][o->code->index].s, code))
            ids[(*ret_n)++] = (Id)i + 1;
    *ret = ids;
    return ST_OK;
}

static Status names_codes(void *arg, Ctx *cx, const Object *o, const Str **ret, size_t *ret_n)
{
    const World *w = arg;
    Str *codes = ARENA_ARRAY(cx->arena, Str, w->phases.n);
    for (size_t i = 0; i < w->phases.n; i++)
        codes[i] = w->phases.rows[i][o->code->index].s;
    *ret = codes;
    *ret_n = w->phases.n;
    return ST_OK;
}

/* external_id is what this user may not see. */
static bool names_visible(void *arg UNUSED, const Field *f)
{
    return !(str_is(f->name, "external_id"));
}

const ExprNames *world_names(World *w)
{
    ExprNames *names = ARENA_NEW(w->arena, ExprNames);
    *names = (ExprNames){
        .arg = w, .visible = names_visible, .code_ids = names_code_ids, .codes = names_codes};
    return names;
}
