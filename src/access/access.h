/* SPDX-License-Identifier: Apache-2.0 */
/* access: who acts and what they may do. Users with their compiled rights, the predicates of
 * reading, sign-in, sessions, API keys.
 *
 * A User is an immutable snapshot in its own arena, reference-counted, cached by (id, security
 * epoch, catalogue version). A request keeps the one it started with:
 *   TRY(access_session(cx, store, token, &session));   -- no statement while it is cached
 *   TRY(access_user_load(cx, store, session.user, &user)); cx->user = user; cx->access = &access_query;
 *   …  access_user_release(user);
 * Rights of several roles add up; a field right counts only from roles that read the object.
 * Nothing here writes: functions add to a plan. Any thread. */
#pragma once
#include "meta/sql.h"
#include "query/query.h"

typedef struct AccessStore AccessStore;
typedef struct User User;

typedef enum AccessAction {
    ACCESS_READ,
    ACCESS_CREATE, /* scope none or all only */
    ACCESS_UPDATE,
    ACCESS_DELETE,
    ACCESS_EXPORT,
    ACCESS_IMPORT, /* scope none or all only */
    ACCESS_SHARE,
    ACCESS_TRANSFER,
    ACCESS_BULK,
    ACCESS_ACTIONS
} AccessAction;

typedef enum AccessScope { /* ascending: several roles give the greatest */
                           SCOPE_NONE,
                           SCOPE_OWN,
                           SCOPE_COLLABORATORS, /* own, and what one may edit as a collaborator */
                           SCOPE_DEPARTMENT,
                           SCOPE_DEPARTMENT_BELOW,
                           SCOPE_ALL
} AccessScope;

/* Ascending. Masked: shown by its mask; to filters, orders, groups, searches, formulas as if hidden. */
typedef enum FieldRight { FIELD_HIDDEN, FIELD_MASKED, FIELD_READ, FIELD_WRITE } FieldRight;

typedef struct AccessExpr { /* {"expr":"…"} of a role: adds to the scopes */
    AccessAction action;
    Str text, role;
} AccessExpr;

typedef struct ObjectRights {
    uint8_t scope[ACCESS_ACTIONS]; /* AccessScope */
    bool shared, untimed; /* records may be shared with him; a share knows no time of change yet */
    bool typed;           /* he makes records of some types only: of types */
    const Id *read_sets, *edit_sets; /* of sharing rules that open records to him */
    const AccessExpr *exprs;
    const Str *types;
    size_t n_read_sets, n_edit_sets, n_exprs, n_types;
    const uint8_t *fields; /* FieldRight by field index; NULL: FIELD_WRITE everywhere */
    const uint8_t *masks;  /* MaskStyle by field index; NULL: by kind everywhere */
} ObjectRights;

#define USER_SYSTEM ((Id)1) /* acts at creation, migration, in jobs that say so; no row in users */

struct User {
    Id id;
    Str name, login;
    Lang lang;
    const Zone *zone;
    Id department;
    const Id *own_departments; /* main, others, those I lead or am deputy of; ascending */
    size_t n_own_departments;
    const Id *departments; /* these and those below, ascending */
    size_t n_departments;
    const Id *owners; /* I, and whom I stand in for now */
    size_t n_owners;
    const Id *own_people, *people; /* whose main department is one of them; ascending */
    size_t n_own_people, n_people;
    const Id *pools; /* whose records I see, ascending */
    const Id *role_ids;
    size_t n_pools, n_role_ids;
    int64_t valid_until_ms; /* a stand-in begins or ends then */
    const Id *teams;        /* of which I am a member, ascending */
    size_t n_teams;
    const Str *roles; /* codes: his own and those of his positions */
    size_t n_roles, n_from, n_system, n_objects;
    const struct RoleFrom *from; /* where they come from; access_internal.h */
    const Str *system;           /* system rights: customise, manage_views … */
    bool is_administrator;       /* role administrator: every right, also on objects made later */
    const ObjectRights *objects; /* by object number */
    QuerySnapshot *snapshot;     /* what searches keep beside it */
    int64_t security_epoch, catalogue_version;
    AccessStore *store;
    Arena *arena;
    int refs; /* atomic */
};

/* ---- store: caches of one organisation */
CHECKED Status access_open(Ctx *cx, DbPool *pool, AccessStore **ret);
void access_close(AccessStore *s);
int64_t access_epoch(const AccessStore *s);             /* security epoch as known here */
CHECKED Status access_refresh(Ctx *cx, AccessStore *s); /* another node may have raised it */
/* Adds "rights have changed" to the plan: users, roles or access forms were written. */
void access_changed(Ctx *cx, Plan *plan);
/* Writes of these objects must call access_changed. */
bool access_depends_on(const Object *o);

/* ---- users */
/* ST_UNAUTHENTICATED if there is none or it is not active. Uses cx->meta; release when done. */
CHECKED Status access_user_load(Ctx *cx, AccessStore *s, Id id, const User **ret);
/* The system user: every right, language and zone of the organisation. */
CHECKED Status access_user_system(Ctx *cx, AccessStore *s, const User **ret);
void access_user_release(const User *u);
/* Sets cx->user, access, zone, lang, security_epoch. */
void access_act_as(Ctx *cx, const User *u);
CHECKED Status access_user_by_login(Ctx *cx, Str login, Id *ret, bool *ret_found);

/* ---- rights */
extern const QueryAccess access_query;
AccessScope access_scope(const Ctx *cx, const Object *o, AccessAction action);
FieldRight access_field(const Ctx *cx, const Field *f);
/* What decides "own" of one record; of a line those of its parent. */
typedef struct AccessRecord {
    Id id, owner, department, created_by, pool;
} AccessRecord;
/* By owner and departments in memory; where shares, expressions or inherited visibility could say
 * yes, one statement asks for the record as it is stored. r: NULL where there is no record yet. */
CHECKED Status access_may(Ctx *cx, const Object *o, AccessAction action, const AccessRecord *r,
                          bool *ret);
/* May records become of that type (a value of record_type)? Any where the object has no types. */
bool access_may_type(const Ctx *cx, const Object *o, Str type);
/* Some records of the object, for that action. */
bool access_may_some(const Ctx *cx, const Object *o, AccessAction action);
/* ST_DENIED "forbidden" unless access_may. */
CHECKED Status access_require(Ctx *cx, const Object *o, AccessAction action, const AccessRecord *r);
/* The expressions of a role's form (its other parts are the catalogue's to check): field errors at
 * objects.<object>.<action>. */
CHECKED Status access_check_form(Ctx *cx, const json_t *form);
/* May the user have a masked value shown in full, one by one and noted? */
bool access_may_reveal(const Ctx *cx, const Field *f);
bool access_has_right(const Ctx *cx, const char *system_right);
CHECKED Status access_require_right(Ctx *cx, const char *system_right);
/* {"read":true,"update":false,…,"because":[{"rule":"role:seller own"},…]  of CONTRACT 4, left open. */
CHECKED Status access_explain(Ctx *cx, const Object *o, const AccessRecord *r, Buf *out);
/* ,"people":[{"user":{…},"can":["read",…],"because":[…]}],"people_more":false — of the active users, in
 * the order of their ids. */
CHECKED Status access_explain_people(Ctx *cx, const Object *o, const AccessRecord *r, Buf *out);
/* {"user":{…},"active":true,"read":…,"because":[…],"because_not":[{"rule":"role:seller own"}]} */
CHECKED Status access_explain_user(Ctx *cx, const Object *o, const AccessRecord *r, Id user,
                                   Buf *out);
/* "rights" of GET /me: {"objects":{"account":{"read":"all","create":true,…}},"system":[…]} */
void access_write_rights(const Ctx *cx, Buf *out);
/* ,"rights":{…} of one object; fits MetaView.rights with arg = cx. */
void access_write_object_rights(void *arg, const Object *o, Buf *out);

/* ---- sign-in: passwords by Argon2id (19 MiB), one at a time */
typedef struct SignIn {
    Status refused; /* ST_OK: signed in. Else cx->err is set (bad_credentials, locked) and the
                           * plan must be applied all the same: it counts the failure. */
    Id user;
    char token[44]; /* of the cookie: 32 bytes, base64url */
    char csrf[44];
    int64_t expires_ms;
} SignIn;
/* ST_BUSY when too many wait for the one slot. Same work and message for an unknown login. */
CHECKED Status access_sign_in(Ctx *cx, AccessStore *s, Str login, Str password, Plan *plan,
                              SignIn *ret);
/* Length ≥ 8, not the login; ST_INVALID with a field error "password". Hash for gx_credential. */
CHECKED Status access_set_password(Ctx *cx, AccessStore *s, Id user, Str login, Str password,
                                   Plan *plan);

/* ---- sessions */
typedef struct Session {
    Id user;
    char csrf[44];
    Id view_as;                  /* whose eyes; 0: one's own */
    int64_t seen_ms, expires_ms; /* idle 12 h, at most 30 days */
    bool touch_due;              /* access_session_touch is due (each 5 minutes) */
} Session;
/* ST_UNAUTHENTICATED if unknown, idle or expired. */
CHECKED Status access_session(Ctx *cx, AccessStore *s, Str token, Session *ret);
/* Records that the session was seen; the edge applies it apart from the request's own plan. */
void access_session_touch(Ctx *cx, AccessStore *s, Str token, Plan *plan);
void access_sign_out(Ctx *cx, AccessStore *s, Str token, Plan *plan);
void access_sign_out_user(Ctx *cx, AccessStore *s, Id user, Plan *plan); /* every session */
bool access_csrf_ok(const Session *session, Str header);                 /* constant time */
/* Seeing as somebody else (docs/adr/0063): the session of `token` ends, another of the same person
 * begins; noted. cx->user is the viewer, who may do it (right view_as) only where the other sees
 * nothing that is closed to himself. */
CHECKED Status access_view_as(Ctx *cx, AccessStore *s, Str token, const Session *session, Id user,
                              Plan *plan, SignIn *ret);
CHECKED Status access_view_as_check(Ctx *cx, const User *as);
void access_view_as_end(Ctx *cx, AccessStore *s, Str token, const Session *session, Plan *plan,
                        SignIn *ret);
/* Deletes expired sessions: for the hourly timer. */
void access_sweep(Ctx *cx, AccessStore *s, Plan *plan);
