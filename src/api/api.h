/* SPDX-License-Identifier: Apache-2.0 */
/* api: routes and the edge that runs them. Handlers are thin: parse → one call → reply.
 *
 * The edge (api_edge.c) gives each request its Ctx: arena, leased connection, catalogue, user,
 * clock; checks session, CSRF or API key and the route's right; runs the handler; for WRITE and LONG
 * submits the plan and answers after the commit; prepares again on ST_RETRY (3 times, then 409 or
 * 503); stores and replays idempotent answers; renders problems; logs one line. */
#pragma once
#include "access/access.h"
#include "event/event.h"
#include "http/http.h"
#include "job/job.h"
#include "meta/meta.h"
#include "notify/push.h"
#include "record/record.h"

typedef struct App {
    const char *dir;        /* data directory (files, uploads, imports) */
    const char *public_url; /* https://… or NULL */
    bool insecure_http;
    const struct Settings *settings; /* of app/ */
    _Atomic bool read_only;          /* the organisation is being moved: nobody writes */
    _Atomic int64_t writing;         /* requests that may write and have not ended */
    DbPool *pool;
    struct Vault *vault; /* keys of encrypted fields */
    MetaStore *meta;
    struct AccessStore *access;
    EventHub *events;
    JobRunner *jobs;
    Http *http;
    RecordEnv records;
    ColumnStore *columns;      /* what boards count in memory */
    SightStore *sights;        /* what readers see */
    TitleStore *titles;        /* of what is named everywhere */
    struct Notifier *notifier; /* notify/: who is told what; NULL until started */
    OutwardRules outward;      /* which other machines may be reached */
    JobHost host;              /* of the notifier's threads */
    PushKey push_key;
    bool can_push;
    struct EventStreams *streams; /* api_events.c */
    struct InFlight *in_flight;   /* idempotency keys being worked on */
    const Route *const *tables;   /* api_tables and what app/ adds */
    int64_t started_ms;
} App;

struct InFlight *idempotency_open(void);
void idempotency_close(struct InFlight *f);
extern const Route *const api_tables[]; /* NULL-ended: all route tables, for http_start */
HttpApp api_edge(App *app);             /* callbacks for http_start */
extern const JobDef api_jobs[];         /* ended by name == NULL: "sweep" */
JobHost api_job_host(App *app);         /* jobs run with the same kind of Ctx */
const MetaHooks *api_meta_hooks(void);  /* compiles expressions and record texts */
/* Asks for a new generation of the search index; also doctor's repair. */
CHECKED Status api_search_rebuild(Ctx *cx, Plan *plan, Id *ret_job);
CHECKED Status api_start(Ctx *cx, App *app); /* streams; needs pool, meta, access */
void api_stop(App *app);
void api_job_changed(void *arg, Id job, Id run_as, const char *status); /* arg = App */
void api_event_sink(void *arg, const Event *e); /* arg = App: for event_start */

/* A Ctx outside HTTP (start-up, commands): user NULL = the system. */
CHECKED Status api_enter(App *app, Arena *a, Id user, Ctx *ret);
void api_leave(App *app, Ctx *cx);

/* OpenAPI 3.1 of these tables. */
void api_openapi(const Route *const *tables, const Meta *m, Buf *out);
