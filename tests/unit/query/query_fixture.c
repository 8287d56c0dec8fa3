/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes the databases of query_fixture.h. */
#include "query_fixture.h"
#include "base/embed.h"
#include "base/id.h"

static const char *const OBJECTS[][2] = {
    {"phase",
     "{\"object\":\"phase\",\"plural\":\"phases\",\"area\":\"sales\",\"traits\":[\"coded\"],"
     "\"label\":{\"zh-CN\":\"阶段\",\"en\":\"Phase\"},\"title\":\"name\",\"fields\":[]}"},
    {"guest", "{\"object\":\"guest\",\"plural\":\"guests\",\"area\":\"sales\",\"traits\":[],"
              "\"label\":{\"zh-CN\":\"来宾\",\"en\":\"Guest\"},\"title\":\"name\",\"fields\":["
              "{\"name\":\"name\",\"type\":\"text\",\"required\":true,\"label\":{\"zh-CN\":"
              "\"姓名\",\"en\":\"Name\"}}]}"},
    {"firm",
     "{\"object\":\"firm\",\"plural\":\"firms\",\"area\":\"sales\",\"traits\":[\"owned\"],"
     "\"label\":{\"zh-CN\":\"公司\",\"en\":\"Firm\"},\"title\":\"name\",\"fields\":["
     "{\"name\":\"name\",\"type\":\"text\",\"required\":true,\"search\":true,\"label\":{\"zh-CN\":"
     "\"名称\",\"en\":\"Name\"}},"
     "{\"name\":\"level\",\"type\":\"choice\",\"label\":{\"zh-CN\":\"级别\",\"en\":\"Level\"},"
     "\"choices\":["
     "{\"value\":\"a\",\"label\":{\"zh-CN\":\"甲\",\"en\":\"A\"}},{\"value\":\"b\",\"label\":{\"zh-"
     "CN\":\"乙\",\"en\":\"B\"}}]},"
     "{\"name\":\"staff\",\"type\":\"integer\",\"label\":{\"zh-CN\":\"人数\",\"en\":\"Staff\"}}]}"},
    {"deal",
     "{\"object\":\"deal\",\"plural\":\"deals\",\"area\":\"sales\",\"traits\":[\"owned\"],"
     "\"history\":true,"
     "\"label\":{\"zh-CN\":\"商谈\",\"en\":\"Deal\"},\"title\":\"name\",\"fields\":["
     "{\"name\":\"name\",\"type\":\"text\",\"required\":true,\"label\":{\"zh-CN\":\"名称\",\"en\":"
     "\"Name\"}},"
     "{\"name\":\"code_name\",\"type\":\"text\",\"label\":{\"zh-CN\":\"代号\",\"en\":\"Code "
     "name\"}},"
     "{\"name\":\"firm\",\"type\":\"link\",\"to\":\"firm\",\"label\":{\"zh-CN\":\"公司\",\"en\":"
     "\"Firm\"}},"
     "{\"name\":\"phase\",\"type\":\"link\",\"to\":\"phase\",\"label\":{\"zh-CN\":\"阶段\",\"en\":"
     "\"Phase\"}},"
     "{\"name\":\"guests\",\"type\":\"links\",\"to\":\"guest\",\"label\":{\"zh-CN\":\"来宾\","
     "\"en\":\"Guests\"}},"
     "{\"name\":\"amount\",\"type\":\"money\",\"scale\":2,\"label\":{\"zh-CN\":\"金额\",\"en\":"
     "\"Amount\"}},"
     "{\"name\":\"rate\",\"type\":\"percent\",\"scale\":2,\"label\":{\"zh-CN\":\"比率\",\"en\":"
     "\"Rate\"}},"
     "{\"name\":\"pieces\",\"type\":\"integer\",\"label\":{\"zh-CN\":\"数量\",\"en\":\"Pieces\"}},"
     "{\"name\":\"is_hot\",\"type\":\"boolean\",\"label\":{\"zh-CN\":\"热\",\"en\":\"Hot\"}},"
     "{\"name\":\"opened_on\",\"type\":\"date\",\"label\":{\"zh-CN\":\"开始\",\"en\":\"Opened\"}},"
     "{\"name\":\"closed_on\",\"type\":\"date\",\"label\":{\"zh-CN\":\"结束\",\"en\":\"Closed\"}},"
     "{\"name\":\"met_at\",\"type\":\"datetime\",\"label\":{\"zh-CN\":\"会面\",\"en\":\"Met\"}},"
     "{\"name\":\"days\",\"type\":\"formula\",\"of\":\"closed_on - "
     "opened_on\",\"result\":\"integer\",\"label\":{\"zh-CN\":\"天数\",\"en\":\"Days\"}},"
     "{\"name\":\"weighted\",\"type\":\"formula\",\"of\":\"amount * rate / "
     "100\",\"result\":\"money\",\"scale\":2,\"label\":{\"zh-CN\":\"加权\",\"en\":\"Weighted\"}}]"
     "}"},
};
static const char USER_OBJECT[] =
    "{\"object\":\"user\",\"plural\":\"users\",\"area\":\"organisation\",\"traits\":[],"
    "\"label\":{\"zh-CN\":\"用户\",\"en\":\"User\"},\"title\":\"name\",\"fields\":["
    "{\"name\":\"name\",\"type\":\"text\",\"required\":true,\"label\":{\"zh-CN\":\"姓名\",\"en\":"
    "\"Name\"}}]}";
static const char DEPARTMENT_OBJECT[] =
    "{\"object\":\"department\",\"plural\":\"departments\",\"area\":\"organisation\",\"traits\":[],"
    "\"label\":{\"zh-CN\":\"部门\",\"en\":\"Department\"},\"title\":\"name\",\"fields\":["
    "{\"name\":\"name\",\"type\":\"text\",\"required\":true,\"label\":{\"zh-CN\":\"名称\",\"en\":"
    "\"Name\"}}]}";
static const char SQL_PUT_META[] =
    "INSERT INTO {gx_meta} (kind, name, body, version) VALUES ('object', ?1, ?2, 1)";

static void fail_with(const Ctx *cx, const char *what)
{
    const FieldError *f = cx->err.fields.n ? &cx->err.fields.v[0] : NULL;
    fail_msg("%s: %.*s [%.*s: %.*s] (%s:%d)", what, STR_ARG(cx->err.text), f ? (int)f->field.n : 0,
             f ? f->field.p : "", f ? (int)f->message.n : 0, f ? f->message.p : "",
             cx->err.file ? cx->err.file : "?", cx->err.line);
}

/* ---- rights of the test */

static const QueryRights *rights_of(const Ctx *cx) { return (const QueryRights *)cx->user; }

static bool rights_object(const Ctx *cx, const Object *o)
{
    const char *hidden = rights_of(cx)->hide_object;
    return !hidden || !str_is(o->name, hidden);
}

static Status rights_predicate(Ctx *cx, const Object *o, DbKind dialect UNUSED, int alias, Sql *q,
                               int *next_alias UNUSED)
{
    const QueryRights *r = rights_of(cx);
    if (!rights_object(cx, o)) {
        sql_lit(q, " AND 1=0");
    } else if (r->only_owner && o->owner) {
        sql_lit(q, " AND ");
        sql_column(q, alias, o->owner, 0);
        sql_lit(q, " = ");
        sql_bind_int(q, r->only_owner);
    }
    return ST_OK;
}

static bool rights_reads_all(const Ctx *cx, const Object *o)
{
    return rights_object(cx, o) && !rights_of(cx)->only_owner;
}

static bool rights_field(const Ctx *cx, const Field *f)
{
    const char *hidden = rights_of(cx)->hide_field;
    return !hidden || !str_is(f->name, hidden);
}

static Id rights_me(const Ctx *cx) { return rights_of(cx)->me; }
static Id rights_department(const Ctx *cx UNUSED) { return 0; }

static const QueryAccess RIGHTS = {
    .predicate = rights_predicate,
    .reads_all = rights_reads_all,
    .object = rights_object,
    .field = rights_field,
    .me = rights_me,
    .my_department = rights_department,
};

void query_fixture_rights(QueryTest *t, const QueryRights *rights)
{
    t->cx.user = (const struct User *)rights;
}

/* ---- opening */

static bool is_shipped(const char *object)
{
    char tail[100];
    snprintf(tail, sizeof(tail), "/%s.object.json", object);
    for (size_t i = 0; i < embed_meta_count; i++)
        if (str_ends(str_of(embed_meta[i].path), str_of(tail)))
            return true;
    return false;
}

static void put_object(Plan *p, const char *name, const char *body)
{
    if (!is_shipped(name))
        plan_exec(p, str_of(SQL_PUT_META), (DbVal[]){db_text(str_of(name)), db_text(str_of(body))},
                  2);
}

static void open_all(QueryTest *t)
{
    DbConfig config = {.dir = t->dir,
                       .url = t->kind == DB_POSTGRES ? test_postgres() : NULL,
                       .schema = t->schema,
                       .readers = 4,
                       .create = true};
    if (db_open(&t->cx, &config, &t->pool) != ST_OK)
        fail_with(&t->cx, "db_open");
    t->cx.db = db_lease(t->pool);
    Plan *p = plan_new(&t->cx);
    for (size_t i = 0; i < COUNT_OF(OBJECTS); i++)
        put_object(p, OBJECTS[i][0], OBJECTS[i][1]);
    put_object(p, "user", USER_OBJECT);
    put_object(p, "department", DEPARTMENT_OBJECT);
    if (db_apply(t->pool, &t->cx, p, NULL) != ST_OK)
        fail_with(&t->cx, "metadata");
    MetaHooks hooks = {.compile = expr_compile_meta};
    if (meta_open(&t->cx, t->pool, &hooks, &t->store) != ST_OK)
        fail_with(&t->cx, "meta_open");
    t->cx.meta = meta_acquire(t->store);
}

static void close_all(QueryTest *t)
{
    error_clear(&t->cx);
    if (t->kind == DB_POSTGRES) {
        Plan *p = plan_new(&t->cx);
        plan_ddl(p, str_format(t->arena, "DROP SCHEMA \"%s\" CASCADE", t->schema));
        if (db_apply(t->pool, &t->cx, p, NULL) != ST_OK)
            fail_with(&t->cx, "drop schema");
    }
    meta_release(t->cx.meta);
    meta_close(t->store);
    db_release(t->cx.db);
    db_close(t->pool);
}

static void run_on(DbKind kind, void (*body)(QueryTest *))
{
    static const QueryRights everything = {.me = 1};
    QueryTest t = {.kind = kind, .arena = arena_new(64 * 1024), .dir = test_tempdir()};
    t.cx = (Ctx){.arena = t.arena,
                 .lang = LANG_EN,
                 .cause = "person",
                 .access = &RIGHTS,
                 .zone = zone_get(STR("Asia/Shanghai")),
                 .now_ms = 1772323200000}; /* 2026-03-01 08:00 in Shanghai */
    query_fixture_rights(&t, &everything);
    snprintf(t.schema, sizeof(t.schema), "test_%s", t.dir + strlen(t.dir) - 6);
    open_all(&t);
    body(&t);
    close_all(&t);
    test_tempdir_remove(t.dir);
    arena_free(t.arena);
}

void query_fixture_run(void (*body)(QueryTest *))
{
    run_on(DB_SQLITE, body);
    if (test_postgres())
        run_on(DB_POSTGRES, body);
}

const Object *query_fixture_object(QueryTest *t, const char *name)
{
    const Object *o = meta_object(t->cx.meta, str_of(name));
    if (!o)
        fail_msg("no object %s", name);
    return o;
}

/* ---- rows */

static Value text_value(QueryTest *t, const Field *f, Str text)
{
    Value v = VALUE_NULL;
    Str part, rest = text;
    if (f->kind == F_LINK && str_int(text, &v.i))
        v.t = V_ID;
    if (f->kind == F_LINKS) {
        Id *ids = ARENA_ARRAY(t->arena, Id, 100);
        v = (Value){.t = V_IDS, .ids = {.p = ids, .n = 0}};
        while (str_split(&rest, ' ', &part))
            if (str_int(part, &ids[v.ids.n]))
                v.ids.n++;
    }
    TextForm form = {.zone = zone_get(STR("UTC"))};
    if (value_is_null(&v) && f->type->parse_text(&t->cx, f, text, &form, &v) != ST_OK)
        fail_with(&t->cx, f->name.p);
    return v;
}

static void put_columns(QueryTest *t, const Field *f, const Value *v, Sql *names, Sql *values)
{
    DbVal cells[FIELD_COLUMNS];
    f->type->store(t->arena, f, v, cells);
    for (int i = 0; i < f->n_columns; i++) {
        sql_lit(names, ", ");
        sql_column(names, -1, f, i);
        sql_lit(values, ", ");
        sql_bind(values, cells[i]);
    }
}

static void put_links(QueryTest *t, const Field *f, Id id, const Value *v)
{
    for (size_t i = 0; f->kind == F_LINKS && i < v->ids.n; i++) {
        Sql q = sql_new(t->arena);
        sql_lit(&q, "INSERT INTO ");
        sql_links_table(&q, f);
        sql_lit(&q, " (record, target) VALUES (");
        sql_bind_int(&q, id);
        sql_lit(&q, ", ");
        sql_bind_int(&q, v->ids.p[i]);
        sql_lit(&q, ")");
        plan_exec(t->plan, sql_text(&q), q.vals->v, q.vals->n);
    }
}

static void put_system(const Object *o, Id owner, Sql *names, Sql *values)
{
    sql_lit(names, "version, changed, created_at, updated_at, created_by, updated_by");
    sql_lit(values, "1, 1, 1700000000000, 1700000000000, 1, 1");
    if (o->owner && owner) {
        sql_lit(names, ", owner");
        sql_lit(values, ", ");
        sql_bind_int(values, owner);
    }
}

void query_fixture_add(QueryTest *t, const char *object, Id id, Id owner, ...)
{
    const Object *o = query_fixture_object(t, object);
    Sql q = sql_new(t->arena), names = sql_fragment(&q), values = sql_fragment(&q);
    if (!t->plan)
        t->plan = plan_new(&t->cx);
    put_system(o, owner, &names, &values);
    sql_lit(&names, ", id");
    sql_lit(&values, ", ");
    sql_bind_int(&values, id);
    va_list pairs;
    va_start(pairs, owner);
    for (const char *name; (name = va_arg(pairs, const char *));) {
        const Field *f = object_field(o, str_of(name));
        const char *text = va_arg(pairs, const char *);
        if (!f)
            fail_msg("no field %s", name);
        if (!text)
            continue;
        Value v = text_value(t, f, str_of(text));
        put_columns(t, f, &v, &names, &values);
        put_links(t, f, id, &v);
    }
    va_end(pairs);
    sql_lit(&q, "INSERT INTO ");
    sql_table(&q, o);
    sql_lit(&q, " (");
    sql_append(&q, &names);
    sql_lit(&q, ") VALUES (");
    sql_append(&q, &values);
    sql_lit(&q, ")");
    plan_exec(t->plan, sql_text(&q), q.vals->v, q.vals->n);
}

void query_fixture_commit(QueryTest *t)
{
    if (db_apply(t->pool, &t->cx, t->plan, NULL) != ST_OK)
        fail_with(&t->cx, "rows");
    t->plan = NULL;
}

void query_fixture_delete(QueryTest *t, const char *object, Id id)
{
    const Object *o = query_fixture_object(t, object);
    Plan *p = plan_new(&t->cx);
    Sql copy = sql_new(t->arena), drop = sql_new(t->arena), names = sql_fragment(&copy);
    sql_lit(&names, "changed");
    for (size_t i = 0; i < o->n_fields; i++) {
        for (int k = 0; k < o->fields[i]->n_columns; k++) {
            sql_lit(&names, ", ");
            sql_column(&names, -1, o->fields[i], k);
        }
    }
    sql_lit(&copy, "INSERT INTO ");
    sql_twin(&copy, o);
    sql_lit(&copy, " (until, op, ");
    sql_append(&copy, &names);
    sql_lit(&copy, ") SELECT 2, 'delete', ");
    sql_append(&copy, &names);
    sql_lit(&copy, " FROM ");
    sql_table(&copy, o);
    sql_lit(&copy, " WHERE id = ");
    sql_bind_int(&copy, id);
    sql_lit(&drop, "DELETE FROM ");
    sql_table(&drop, o);
    sql_lit(&drop, " WHERE id = ");
    sql_bind_int(&drop, id);
    plan_exec(p, sql_text(&copy), copy.vals->v, copy.vals->n);
    plan_exec(p, sql_text(&drop), drop.vals->v, drop.vals->n);
    if (db_apply(t->pool, &t->cx, p, NULL) != ST_OK)
        fail_with(&t->cx, "delete");
}

/* ---- asking */

static json_t *parsed(QueryTest *t, Status st, const Buf *out, const char *what)
{
    json_t *j;
    if (st != ST_OK)
        fail_with(&t->cx, what);
    if (json_parse(&t->cx, buf_str(out), &j) != ST_OK)
        fail_msg("%s: not JSON: %.*s", what, (int)out->n, out->p);
    return j;
}

json_t *query_fixture_list(QueryTest *t, const char *object, ListQuery q)
{
    Buf out = buf_in(t->arena, 1 << 20);
    if (q.limit == 0)
        q.limit = 50;
    Status st = query_list(&t->cx, query_fixture_object(t, object), &q, &out);
    return parsed(t, st, &out, "list");
}

json_t *query_fixture_aggregate(QueryTest *t, const char *object, const char *body)
{
    Buf out = buf_in(t->arena, 1 << 20);
    json_t *j;
    if (json_parse(&t->cx, str_of(body), &j) != ST_OK)
        fail_with(&t->cx, "body");
    Status st = query_aggregate(&t->cx, query_fixture_object(t, object), j, &out);
    return parsed(t, st, &out, "aggregate");
}

const char *query_fixture_ids(QueryTest *t, const json_t *list)
{
    Buf out = buf_in(t->arena, 1 << 20);
    const json_t *items = json_object_get(list, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        if (i > 0)
            buf_char(&out, ' ');
        buf_str_add(&out, json_get_str(json_array_get(items, i), "id"));
    }
    return buf_z(&out);
}

const char *query_fixture_text(QueryTest *t, const json_t *v)
{
    Buf out = buf_in(t->arena, 1 << 20);
    json_write(&out, v);
    return buf_z(&out);
}

void query_fixture_refused(QueryTest *t, Status st, const char *code)
{
    Status was = t->cx.err.status;
    const char *said = t->cx.err.code ? t->cx.err.code : status_code(was);
    assert_int_not_equal(st, ST_OK);
    assert_string_equal(said, code);
    error_clear(&t->cx);
}
