/* SPDX-License-Identifier: Apache-2.0 */
/* Private to api/: the state of one request at the edge, and what handlers share. */
#pragma once
#include "api/api.h"
#include "base/log.h"

#define MAX_ATTEMPTS 3
#define MAX_NUMBER_ATTEMPTS                                                                        \
    40 /* of a plan that all others of its kind meet: numbers without gaps, the catalogue */
#define MAX_ANSWER (8 * 1024 * 1024)

typedef enum EdgePhase { EDGE_PREPARE, EDGE_APPLIED, EDGE_FAILED } EdgePhase;

typedef struct Edge {
    App *app;
    Req *rq;
    Ctx cx;
    const User *user;
    Id viewer; /* who sees as `user` does; 0: nobody else */
    Str viewer_name;
    Session session;
    bool by_cookie, is_in_flight;
    bool writes; /* counted in app->writing */
    Plan *plan;
    int attempts;
    EdgePhase phase;
    Status applied;
    PlanResult result;
    Id user_id; /* for the log, when the user is released */
    Id key_user;
    Str key;                 /* Idempotency-Key, "" if none */
    uint8_t fingerprint[32]; /* of method, path and body */
    Str location, etag;      /* set by req_created, req_etag, req_accepted */
    uint32_t statements;
} Edge;

/* api_ctx.c */
Status api_enter_request(App *app, Edge *e); /* connection, catalogue, clock, language */
Status api_authenticate(Edge *e);            /* session, key or owner; CSRF; the route's right */
void api_leave_request(Edge *e);

/* idempotency.c */
Status idempotency_begin(Edge *e, bool *ret_replayed); /* answers at once if the key is known */
void idempotency_store(Edge *e);                       /* adds the row with the rendered answer */
void idempotency_end(Edge *e);                         /* no longer in flight */
typedef struct InFlight InFlight;

/* req_parts.c. For handlers: what a request brought along. */
App *req_app_of(Req *rq);
Edge *req_edge(Req *rq);
/* The object of {plural}; ST_NOT_FOUND if unknown or not readable by the user. */
CHECKED Status req_object(Ctx *cx, Req *rq, const Object **ret);
CHECKED Status req_id_param(Ctx *cx, Req *rq, const char *name, Id *ret);
/* The body as JSON: content type, UTF-8, syntax. */
CHECKED Status req_json(Ctx *cx, Req *rq, json_t **ret);
/* If-Match against this version: ST_STALE; absent or * is accepted. */
CHECKED Status req_if_match(Ctx *cx, Req *rq, int64_t version);
CHECKED Status req_if_match_text(Ctx *cx, Str text, int64_t version);
/* Not kept under its Idempotency-Key: it carries or shows a secret. */
void req_forget(Req *rq);
void req_etag(Ctx *cx, Req *rq, int64_t version);
void req_created(Ctx *cx, Req *rq, const Object *o, Id id,
                 int64_t version);           /* 201, Location, ETag */
void req_accepted(Ctx *cx, Req *rq, Id job); /* 202, Location */
