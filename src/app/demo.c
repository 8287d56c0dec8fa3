/* SPDX-License-Identifier: Apache-2.0 */
/* The demo company: a machine maker's sales force with customers, contacts, products, deals. The
 * same seed and the same day give the same company. Written as a job in chunks through the ordinary
 * record path, so its rows are like anybody's; taken back as one batch. */
#include "app/app.h"
#include "app/demo_words.h"
#include "base/calendar.h"
#include "base/decimal.h"
#include <stdio.h>

#define PER_PLAN 20 /* customers with their contacts and deals in one transaction */

typedef struct Demo {
    Ctx *cx;
    Plan *plan;
    uint64_t random;
    int64_t today;
    Id users[COUNT_OF(demo_people)], products[COUNT_OF(demo_products)];
    Id regions[COUNT_OF(demo_cities)];
    Id pipeline, stages[8]; /* by demo_stages */
} Demo;

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next(Demo *d)
{
    uint64_t z = (d->random += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static size_t below(Demo *d, size_t n) { return (size_t)(next(d) % n); }

#define PICK(d, words) (words)[below((d), COUNT_OF(words))]

/* ---- setting fields by name; a field that the organisation took away is left out */
static const Field *field(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

static void set(Record *r, const char *name, Value v)
{
    if (field(r, name))
        record_set(r, field(r, name), v);
}

static void set_text(Record *r, const char *name, Str s)
{
    set(r, name, (Value){.t = V_TEXT, .s = s});
}

static void set_id(Record *r, const char *name, Id id)
{
    if (id)
        set(r, name, (Value){.t = V_ID, .i = id});
}

static void set_number(Record *r, const char *name, int64_t v)
{
    set(r, name, (Value){.t = V_INT, .i = v});
}

static void set_date(Record *r, const char *name, int64_t day)
{
    set(r, name, (Value){.t = V_DATE, .i = day});
}

static void set_money(Demo *d, Record *r, const char *name, int64_t whole)
{
    const Field *f = field(r, name);
    if (!f)
        return;
    int64_t v = whole * decimal_pow10(f->scale);
    Value money = {.t = V_MONEY, .scale = (uint8_t)f->scale};
    money.money = (Money){.value = v, .base = v, .rate = 1000000000};
    snprintf(money.money.currency, sizeof money.money.currency, "%.*s",
             STR_ARG(d->cx->meta->currency));
    record_set(r, f, money);
}

static Record *fresh(Demo *d, const char *object)
{
    Record *r = record_new(d->cx, meta_object(d->cx->meta, str_of(object)));
    r->import = true;
    return r;
}

static Status find_by(Demo *d, const char *object, Str filter, Id *ret)
{
    size_t n = 0;
    *ret = 0;
    return query_ids(d->cx, meta_object(d->cx->meta, str_of(object)), filter, 0, 1, ret, &n);
}

/* ---- people and goods */
static Status add_person(Demo *d, size_t i)
{
    const DemoPerson *p = &demo_people[i];
    Str login = str_of(p->login);
    TRY(find_by(d, "user", str_format(d->cx->arena, "login = \"%s\"", p->login), &d->users[i]));
    if (d->users[i])
        return ST_OK;
    Record *r = fresh(d, "user");
    set_text(r, "name", str_of(p->name));
    set_text(r, "login", login);
    set_text(r, "email", str_format(d->cx->arena, "%s@example.com", p->login));
    set_text(r, "job_title", str_of(p->title));
    set_text(r, "status", STR("active"));
    set(r, "is_seller", (Value){.t = V_BOOL, .b = true});
    set_id(r, "manager", i ? d->users[0] : 0);
    Id head = 0, role = 0;
    TRY(find_by(d, "department", STR("parent is null"), &head));
    set_id(r, "department", head);
    TRY(find_by(d, "role", i ? STR("code = \"seller\"") : STR("code = \"sales_manager\""), &role));
    Id *roles = arena_dup(d->cx->arena, &role, sizeof role);
    if (role)
        set(r, "roles", (Value){.t = V_IDS, .ids = {.p = roles, .n = 1}});
    TRY(record_write(d->cx, d->plan, r));
    d->users[i] = r->id;
    return ST_OK;
}

static Status add_product(Demo *d, size_t i)
{
    const DemoProduct *p = &demo_products[i];
    TRY(find_by(d, "product", str_format(d->cx->arena, "code = \"%s\"", p->code), &d->products[i]));
    if (d->products[i])
        return ST_OK;
    Record *r = fresh(d, "product");
    set_text(r, "name", str_of(p->name));
    set_text(r, "english_name", str_of(p->english));
    set_text(r, "code", str_of(p->code));
    set_text(r, "unit", str_of(p->unit));
    set_text(r, "series", str_of(p->series));
    set_money(d, r, "price", p->price);
    TRY(record_write(d->cx, d->plan, r));
    d->products[i] = r->id;
    return ST_OK;
}

static Status find_places(Demo *d)
{
    Ctx *cx = d->cx;
    for (size_t i = 0; i < COUNT_OF(demo_cities); i++)
        TRY(find_by(d, "region", str_format(cx->arena, "code = \"%s\"", demo_cities[i].region),
                    &d->regions[i]));
    TRY(find_by(d, "pipeline", STR("is_default = true"), &d->pipeline));
    for (size_t i = 0; i < COUNT_OF(demo_stages); i++)
        TRY(find_by(d, "stage",
                    str_format(cx->arena, "code = \"%s\" and pipeline = \"%lld\"",
                               demo_stages[i].code, (long long)d->pipeline),
                    &d->stages[i]));
    return ST_OK;
}

/* ---- one customer */
static void fill_account(Demo *d, Record *r, size_t city)
{
    Arena *a = d->cx->arena;
    size_t trade = below(d, COUNT_OF(demo_trades));
    Str word = str_format(a, "%s%s", PICK(d, demo_first), PICK(d, demo_second));
    set_text(r, "name",
             str_format(a, "%s%.*s%s有限公司", demo_cities[city].name, STR_ARG(word),
                        demo_trades[trade].name));
    set_text(r, "short_name", word);
    set_text(r, "kind", STR("company"));
    set_text(r, "industry", str_of(demo_trades[trade].industry));
    set_text(r, "size", str_of(PICK(d, demo_sizes)));
    set_text(r, "level", str_of(PICK(d, demo_levels)));
    set_text(r, "source", str_of(PICK(d, demo_sources)));
    set_text(r, "phone",
             str_format(a, "%s%08u", demo_cities[city].prefix,
                        (unsigned)(60000000 + below(d, 30000000))));
    set_number(r, "employee_count", (int64_t)(20 + below(d, 1980)));
    set_number(r, "founded_year", (int64_t)(1988 + below(d, 35)));
    set_money(d, r, "annual_revenue", (int64_t)(1 + below(d, 900)) * 1000000);
    set_id(r, "region", d->regions[city]);
}

static Status add_contact(Demo *d, Id account, Id owner, bool primary, Id *ret)
{
    Arena *a = d->cx->arena;
    Record *r = fresh(d, "contact");
    set_text(r, "name", str_format(a, "%s%s", PICK(d, demo_surnames), PICK(d, demo_given)));
    set_id(r, "account", account);
    set_text(r, "title", str_of(PICK(d, demo_titles)));
    set_text(
        r, "mobile",
        str_format(a, "1%u%08u", (unsigned)(30 + below(d, 60)), (unsigned)below(d, 100000000)));
    set(r, "is_primary", (Value){.t = V_BOOL, .b = primary});
    set_id(r, "owner", owner);
    TRY(record_write(d->cx, d->plan, r));
    *ret = r->id;
    return ST_OK;
}

static void fill_dates(Demo *d, Record *r, const DemoStage *stage)
{
    int64_t started = d->today - 10 - (int64_t)below(d, 360), cycle = 15 + (int64_t)below(d, 90);
    set_date(r, "started_on", started);
    if (stage->closed)
        set_date(r, "closed_on", started + cycle > d->today ? d->today : started + cycle);
    set_date(r, "expected_close_on",
             stage->closed ? started + cycle : d->today - 7 + (int64_t)below(d, 90));
}

static Status add_deal(Demo *d, Str customer, Id account, Id contact, Id owner)
{
    Record *r = fresh(d, "opportunity");
    size_t product = below(d, COUNT_OF(demo_products)),
           stage = below(d, COUNT_OF(demo_stage_shares));
    const DemoStage *s = &demo_stages[demo_stage_shares[stage]];
    int64_t count = 1 + (int64_t)below(d, 6);
    set_text(r, "name",
             str_format(d->cx->arena, "%.*s%s", STR_ARG(customer), demo_products[product].name));
    set_id(r, "account", account);
    set_id(r, "primary_contact", contact);
    set_id(r, "pipeline", d->pipeline);
    set_id(r, "stage", d->stages[demo_stage_shares[stage]]);
    set_id(r, "product", d->products[product]);
    set_id(r, "owner", owner);
    set_money(d, r, "amount", demo_products[product].price * count);
    if (s->loss)
        set_text(r, "loss_reason", str_of(PICK(d, demo_losses)));
    fill_dates(d, r, s);
    return record_write(d->cx, d->plan, r);
}

static Status add_customer(Demo *d)
{
    size_t city = below(d, COUNT_OF(demo_cities));
    Id owner = d->users[1 + below(d, COUNT_OF(demo_people) - 1)], contacts[3] = {0};
    Record *r = fresh(d, "account");
    fill_account(d, r, city);
    set_id(r, "owner", owner);
    TRY(record_write(d->cx, d->plan, r));
    for (size_t i = 0; i < COUNT_OF(contacts); i++)
        TRY(add_contact(d, r->id, owner, i == 0, &contacts[i]));
    Str name = record_get(r, field(r, "short_name"))->s;
    for (int i = 0; i < 2; i++)
        TRY(add_deal(d, name, r->id, contacts[0], owner));
    return ST_OK;
}

/* ---- the job */
typedef struct Turn {
    Demo *d;
    int64_t from, to; /* customers; from < 0: people and goods */
    uint64_t random;
} Turn;

static Status prepare_base(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Turn *t = arg;
    t->d->plan = plan;
    if (!job->batch) {
        TRY(batch_begin(cx, plan, "import", STR("demo"), &job->batch));
        job_set_batch(cx, plan, job, job->batch);
    }
    cx->batch = job->batch;
    for (size_t i = 0; i < COUNT_OF(demo_people); i++)
        TRY(add_person(t->d, i));
    for (size_t i = 0; i < COUNT_OF(demo_products); i++)
        TRY(add_product(t->d, i));
    return find_places(t->d);
}

static Status prepare_customers(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Turn *t = arg;
    t->d->plan = plan;
    t->d->random = t->random;
    cx->batch = job->batch;
    for (int64_t i = t->from; i < t->to; i++)
        TRY(add_customer(t->d));
    job_checkpoint(cx, plan, job, str_format(cx->arena, "%lld", (long long)t->to));
    return ST_OK;
}

static Status demo_run(Ctx *cx, Job *job, Buf *result)
{
    int64_t accounts = json_get_int(job->params, "accounts", 200), done = 0;
    uint64_t seed = (uint64_t)json_get_int(job->params, "seed", 1);
    Demo d = {.cx = cx, .today = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms))};
    Turn turn = {.d = &d};
    cx->cause = "import";
    (void)!str_int(job->checkpoint, &done);
    TRY(job_apply(cx, job, prepare_base, &turn));
    Arena *outer = cx->arena;
    CLEANUP(arena) Arena *inner = arena_new(1024 * 1024);
    cx->arena = inner;
    Status st = ST_OK;
    for (; done < accounts && st == ST_OK; done = turn.to) {
        turn.from = done;
        turn.to = done + PER_PLAN < accounts ? done + PER_PLAN : accounts;
        turn.random = seed * 0x9e3779b97f4a7c15ULL + (uint64_t)done * 0xd1b54a32d192ed03ULL;
        st = job_apply(cx, job, prepare_customers, &turn);
        if (st == ST_OK)
            st = job_progress(cx, job, turn.to, accounts);
        if (st == ST_OK)
            arena_reset(inner);
    }
    cx->arena = outer;
    if (cx->err.text.n)
        cx->err.text = str_copy(outer, cx->err.text);
    TRY(st);
    TRY(db_analyze(cx, cx->records->pool));
    buf_printf(result, "{\"accounts\":%lld,\"contacts\":%lld,\"opportunities\":%lld}",
               (long long)accounts, (long long)accounts * 3, (long long)accounts * 2);
    return ST_OK;
}

const JobDef demo_jobs[] = {
    {.name = "demo",
     .run = demo_run,
     .max_attempts = 2,
     .timeout_s = 3600,
     .summary = "Fills a demo company"},
    {.name = NULL},
};

/* ---- POST /api/v1/demo {"accounts":200,"seed":1} */
static Status post_demo(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    Id job = 0;
    TRY(json_parse(cx, req_body(rq), &body));
    int64_t accounts = json_get_int(body, "accounts", 200);
    if (accounts < 1 || accounts > 10000000) {
        FIELD_FAIL(cx, STR("accounts"), "out_of_range", "app.demo_accounts",
                   "accounts: from 1 to %d", 10000000);
        return ST_INVALID;
    }
    TRY(job_enqueue(cx, plan, "demo", body, 0, cx->now_ms, &job));
    req_status(rq, 202);
    req_set_header(rq, "Location", str_format(cx->arena, "/api/v1/jobs/%lld", (long long)job));
    buf_lit(req_out(rq), "{\"id\":");
    buf_json_id(req_out(rq), job);
    buf_lit(req_out(rq),
            ",\"kind\":\"demo\",\"status\":\"queued\",\"progress\":{\"done\":0,\"total\":0}}");
    return ST_OK;
}

const Route demo_routes[] = {
    {"POST", "/api/v1/demo", LONG, post_demo, "customise", "Fill a demo company", 4096, 0, ""},
    {.method = NULL},
};
