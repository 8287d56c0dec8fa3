/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on its own: departments, sellers, goods, stores, campaigns, rivals. Written like anybody's
 * records, ≤ BASE_ROWS in a transaction, and found again by external id. */
#include "demo/demo_internal.h"
#include "record/batch.h"

enum { BASE_ROWS = 60 };

const char *const demo_area_codes[DEMO_AREAS] = {"east",      "south",     "north",     "central",
                                                 "southwest", "northwest", "northeast", "overseas"};
static const char *const area_names[DEMO_AREAS] = {"华东", "华南", "华北", "华中",
                                                   "西南", "西北", "东北", "海外"};

typedef struct
    Base { /* one pass over the list of rows; those at hand are counted, not written twice */
    Demo *d;
    int written;
    bool full; /* more than fits into this transaction */
} Base;

static Status find(Demo *d, const char *object, Str filter, Id *ret)
{
    const Object *o = meta_object(d->cx->meta, str_of(object));
    size_t n = 0;
    *ret = 0;
    return o ? query_ids(d->cx, o, filter, 0, 1, ret, &n) : ST_OK;
}

/* The row of this key, or a new one to fill; NULL: it is there, or there is no room or no such object. */
static Status row(Base *b, const char *object, Str key, Id *id, Record **ret)
{
    Ctx *cx = b->d->cx;
    *ret = NULL;
    if (*id || b->full || !demo_has(b->d, object))
        return ST_OK;
    TRY(find(b->d, object,
             str_format(cx->arena,
                        "external_system = \"" DEMO_SYSTEM "\" and external_id = \"" STR_FMT "\"",
                        STR_ARG(key)),
             id));
    if (*id)
        return ST_OK;
    if (b->written == BASE_ROWS) {
        b->full = true;
        return ST_OK;
    }
    Record *r = *ret = demo_fresh(b->d, object);
    demo_word(r, "external_system", DEMO_SYSTEM);
    demo_text(r, "external_id", key);
    return ST_OK;
}

static Status keep(Base *b, Record *r, Id *id)
{
    if (!r)
        return ST_OK;
    TRY(record_write(b->d->cx, b->d->plan, r));
    *id = r->id;
    b->written++;
    return ST_OK;
}

static Str key(const Base *b, const char *kind, size_t i)
{
    return str_format(b->d->cx->arena, "%s-%zu", kind, i);
}

/* ---- the organisation */
static Status departments(Base *b, Id head)
{
    for (size_t i = 0; i < DEMO_AREAS; i++) {
        Record *r = NULL;
        TRY(row(b, "department", key(b, "area", i), &b->d->area_department[i], &r));
        if (r) {
            demo_text(r, "name", str_format(b->d->cx->arena, "%s销售部", area_names[i]));
            demo_link(r, "parent", head);
            demo_word(r, "kind", "department");
        }
        TRY(keep(b, r, &b->d->area_department[i]));
    }
    return ST_OK;
}

static Status positions(Base *b, Id head)
{
    Demo *d = b->d;
    for (size_t i = 0; i < demo_n_positions && i < DEMO_POSITIONS; i++) {
        const DemoPosition *p = &demo_positions[i];
        Record *r = NULL;
        Id *roles = ARENA_NEW(d->cx->arena, Id);
        TRY(row(b, "position", str_of(p->code), &d->positions[i], &r));
        if (!r)
            continue;
        TRY(find(d, "role", str_format(d->cx->arena, "code = \"%s\"", p->role), roles));
        demo_text(r, "code", str_format(d->cx->arena, "demo_%s", p->code));
        demo_word(r, "name", p->name);
        demo_word(r, "name_en", p->name_en);
        if (i == 0)
            demo_link(r, "department", head);
        if (*roles)
            record_set(r, object_field(r->object, STR("roles")),
                       (Value){.t = V_IDS, .ids = {.p = roles, .n = 1}});
        TRY(keep(b, r, &d->positions[i]));
    }
    return ST_OK;
}

/* Cities decide how many sellers an area has. */
static uint8_t area_of_seller(size_t i)
{
    Rng g = rng_of(17, i);
    const char *area = demo_cities[rng_below(&g, demo_n_cities)].area;
    for (int k = 0; k < DEMO_AREAS; k++)
        if (i >= DEMO_AREAS && str_is(str_of(area), demo_area_codes[k]))
            return (uint8_t)k;
    return (uint8_t)(i % (DEMO_AREAS - 1)); /* each area at home has one */
}

static Status seller(Base *b, size_t i, Id manager, Id seller_role, Id manager_role)
{
    Demo *d = b->d;
    Arena *a = d->cx->arena;
    Record *r = NULL;
    Id *roles = ARENA_NEW(a, Id);
    Rng g = rng_of(d->seed, 1000003 + i);
    Str name = i < demo_n_people ? str_of(demo_people[i].name) : demo_person_name(d, &g);
    Str login = i < demo_n_people ? str_of(demo_people[i].login) : str_format(a, "seller%03zu", i);
    *roles = i ? seller_role : manager_role;
    d->seller_area[i] = area_of_seller(i);
    d->departments[i] = d->area_department[d->seller_area[i]];
    TRY(row(b, "user", key(b, "user", i), &d->sellers[i], &r));
    if (!r)
        return ST_OK;
    demo_text(r, "name", name);
    demo_text(r, "login", login);
    demo_text(r, "email", str_format(a, STR_FMT "@example.com", STR_ARG(login)));
    demo_word(r, "job_title", i < demo_n_people ? demo_people[i].title : "销售");
    demo_word(r, "status", "active");
    demo_bool(r, "is_seller", true);
    demo_link(r, "manager", manager);
    demo_link(r, "department", d->departments[i]);
    demo_link(r, "position", d->positions[i < 2 ? i : 2]);
    if (*roles)
        record_set(r, object_field(r->object, STR("roles")),
                   (Value){.t = V_IDS, .ids = {.p = roles, .n = 1}});
    return keep(b, r, &d->sellers[i]);
}

static Status sellers(Base *b)
{
    Demo *d = b->d;
    Id manager_role = 0, seller_role = 0;
    TRY(find(d, "role", STR("code = \"sales_manager\""), &manager_role));
    TRY(find(d, "role", STR("code = \"seller\""), &seller_role));
    for (size_t i = 0; i < d->n_sellers; i++)
        TRY(seller(b, i, i ? d->sellers[0] : 0, seller_role, manager_role));
    return ST_OK;
}

static Status stores(Base *b)
{
    Demo *d = b->d;
    for (size_t i = 0; i < d->n_stores; i++) {
        Record *r = NULL;
        Rng g = rng_of(d->seed, 2000003 + i);
        d->store_city[i] = (uint16_t)(i < demo_n_cities ? i : rng_below(&g, demo_n_cities));
        const DemoCity *city = &demo_cities[d->store_city[i]];
        TRY(row(b, "store", key(b, "store", i), &d->stores[i], &r));
        if (r) {
            demo_text(r, "code", str_format(d->cx->arena, "demo_store_%zu", i));
            demo_text(r, "name",
                      str_format(d->cx->arena, "%s%s店", city->name,
                                 demo_streets[rng_below(&g, demo_n_streets)]));
            demo_word(r, "kind", "shop");
            demo_word(r, "status", "open");
            demo_link(r, "region", d->regions[d->store_city[i]]);
            demo_date(r, "opened_on", d->today - LIFE_DAYS - (int64_t)rng_below(&g, 900));
        }
        TRY(keep(b, r, &d->stores[i]));
    }
    return ST_OK;
}

/* ---- goods */
static Status categories(Base *b)
{
    for (size_t i = 0; i < GOODS_GROUPS; i++) {
        Record *r = NULL;
        TRY(row(b, "product_category", key(b, "category", i), &b->d->categories[i], &r));
        demo_text(r, "code", str_format(b->d->cx->arena, "demo_%s", demo_group_names[i][0]));
        demo_word(r, "name", demo_group_names[i][1]);
        demo_word(r, "name_en", demo_group_names[i][2]);
        TRY(keep(b, r, &b->d->categories[i]));
    }
    return ST_OK;
}

static Status products(Base *b)
{
    Demo *d = b->d;
    for (size_t i = 0; i < demo_n_products; i++) {
        const DemoProduct *p = &demo_products[i];
        Record *r = NULL;
        TRY(row(b, "product", str_of(p->code), &d->products[i], &r));
        demo_word(r, "name", p->name);
        demo_word(r, "english_name", p->english);
        demo_word(r, "code", p->code);
        demo_word(r, "unit", p->unit);
        demo_word(r, "series", p->series);
        demo_word(r, "kind", p->group == GOODS_SERVICE ? "service" : "goods");
        demo_link(r, "category", d->categories[p->group]);
        demo_cents(d, r, "price", p->price_cents);
        demo_cents(d, r, "cost", p->cost_cents);
        TRY(keep(b, r, &d->products[i]));
    }
    return ST_OK;
}

/* ---- market */
static Status campaigns(Base *b)
{
    static const char *const kinds[] = {"exhibition", "webinar", "event", "email", "content"};
    static const char *const names[] = {"春季展会", "线上直播周", "客户开放日", "新品邮件",
                                        "案例巡讲"};
    Demo *d = b->d;
    for (size_t i = 0; i < DEMO_CAMPAIGNS; i++) {
        Record *r = NULL;
        int64_t start = d->today - LIFE_DAYS + (int64_t)i * LIFE_DAYS / DEMO_CAMPAIGNS;
        size_t k = i % COUNT_OF(kinds);
        TRY(row(b, "campaign", key(b, "campaign", i), &d->campaigns[i], &r));
        if (r)
            demo_text(r, "name",
                      str_format(d->cx->arena, "%d年%s", calendar_civil(start).year, names[k]));
        demo_word(r, "kind", kinds[k]);
        demo_word(r, "status", start + 30 < d->today ? "done" : "running");
        demo_date(r, "starts_on", start);
        demo_date(r, "ends_on", start + 14);
        demo_cents(d, r, "budget", (int64_t)(30 + 10 * (i % 7)) * 100000);
        TRY(keep(b, r, &d->campaigns[i]));
    }
    return ST_OK;
}

static Status rivals(Base *b)
{
    for (size_t i = 0; i < demo_n_rivals && i < DEMO_RIVALS; i++) {
        const DemoRival *x = &demo_rivals[i];
        Record *r = NULL;
        TRY(row(b, "competitor", key(b, "rival", i), &b->d->rivals[i], &r));
        demo_word(r, "name", x->name);
        demo_word(r, "strengths", x->strengths);
        demo_word(r, "weaknesses", x->weaknesses);
        demo_word(r, "threat", x->threat);
        TRY(keep(b, r, &b->d->rivals[i]));
    }
    return ST_OK;
}

static Status pool(Base *b)
{
    Record *r = NULL;
    TRY(row(b, "pool", key(b, "pool", 0), &b->d->pool, &r));
    demo_word(r, "name", "全国公海");
    demo_word(r, "object", "account");
    demo_int(r, "capacity", 200);
    demo_int(r, "claim_daily_limit", 10);
    return keep(b, r, &b->d->pool);
}

/* ---- what every organisation has */
static Status find_places(Demo *d)
{
    Ctx *cx = d->cx;
    for (size_t i = 0; i < demo_n_cities; i++)
        TRY(find(d, "region", str_format(cx->arena, "code = \"%s\"", demo_cities[i].region),
                 &d->regions[i]));
    TRY(find(d, "pipeline", STR("is_default = true"), &d->pipeline));
    for (size_t i = 0; i < DEMO_STAGES; i++)
        TRY(find(d, "stage",
                 str_format(cx->arena, "code = \"%s\" and pipeline = \"%lld\"", demo_stages[i].code,
                            (long long)d->pipeline),
                 &d->stages[i]));
    return ST_OK;
}

static Status prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Base *b = arg;
    Id head = 0;
    b->d->cx = cx;
    b->d->plan = plan;
    b->written = 0;
    b->full = false;
    if (!job->batch) {
        TRY(batch_begin(cx, plan, "import", STR("demo"), &job->batch));
        job_set_batch(cx, plan, job, job->batch);
    }
    cx->batch = job->batch;
    TRY(find_places(b->d));
    TRY(find(b->d, "department", STR("parent is null"), &head));
    TRY(departments(b, head));
    TRY(positions(b, head));
    TRY(sellers(b));
    TRY(categories(b));
    TRY(products(b));
    TRY(stores(b));
    TRY(campaigns(b));
    TRY(rivals(b));
    return pool(b);
}

Status demo_base(Demo *d, Ctx *cx, Job *job)
{
    Base b = {.d = d, .full = true};
    while (b.full)
        TRY(job_apply(cx, job, prepare, &b));
    return ST_OK;
}

Id demo_department_of(const Demo *d, Id seller)
{
    for (size_t i = 0; seller && i < d->n_sellers; i++)
        if (d->sellers[i] == seller)
            return d->departments[i];
    return 0;
}
