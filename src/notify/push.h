/* SPDX-License-Identifier: Apache-2.0 */
/* push: a message reaches a browser that is closed, through the push service of its maker (RFC 8030).
 *
 * A person gives his browser's endpoint and keys (a device); each message whose kind he wants on the
 * desktop is queued for his devices by the plan that writes it. A thread sends: text is made with the
 * reader's rights of that moment, sealed for the one browser (RFC 8291, aes128gcm), signed by the
 * organisation's key (RFC 8292). The push service sees no words. What fails is tried again with growing
 * pauses; a device that its service knows no more is forgotten. A kill between sending and forgetting
 * sends twice; the browser shows the same message once. */
#pragma once
#include "base/vault.h"
#include "job/job.h"
#include "outward/outward.h"

enum { PUSH_SECRET = 32, PUSH_POINT = 65, PUSH_AUTH = 16, PUSH_TOKEN_S = 12 * 3600 };
enum { PUSH_DEVICES = 20, PUSH_TRIES = 8, PUSH_PLAIN = 3000 };

/* A pair of keys on P-256: scalar, and point in uncompressed form. */
typedef struct PushKey {
    unsigned char secret[PUSH_SECRET], point[PUSH_POINT];
} PushKey;

/* ---- the organisation's key: read, or made at the first start. vault NULL: it is locked,
 * *ret_there = false and nothing can be pushed. */
CHECKED Status push_key_open(Ctx *cx, DbPool *pool, const Vault *vault, PushKey *ret,
                             bool *ret_there);

/* ---- devices of cx->user */
/* {"key":…|null,"devices":[{"id","label","created_at","last_at","problem"}]} */
CHECKED Status push_write(Ctx *cx, const PushKey *key, Buf *out);
/* {"endpoint","keys":{"p256dh","auth"},"label"}: the same endpoint again is the same device, whoever gave it before. */
CHECKED Status push_add(Ctx *cx, Plan *plan, const json_t *body, Id *ret);
CHECKED Status push_remove(Ctx *cx, Plan *plan, Id device);
CHECKED Status push_try(Ctx *cx, Plan *plan, Id device); /* queues a message that says it works */

/* ---- sending */
typedef struct PushSender {
    DbPool *pool;
    const JobHost *host;
    const OutwardRules *rules;
    const PushKey *key;  /* NULL: none */
    const char *contact; /* https://… or mailto:…, whom a push service may ask */
} PushSender;
/* Sends one that is due: *ret_more if there was one. */
CHECKED Status push_turn(Ctx *cx, const PushSender *s, bool *ret_more);
/* In the plan that writes message `id` for the user: a row for each of his devices. */
void push_queue(Plan *plan, Id id, Id user, int64_t now_ms);

/* ---- the protocol; no database */
bool push_key_make(PushKey *ret);
/* RFC 8291, 4: one record for the browser's point and secret; once: a pair made for this message alone. */
typedef struct PushTo {
    unsigned char point[PUSH_POINT], auth[PUSH_AUTH];
} PushTo;
bool push_seal(Arena *a, const PushTo *to, const PushKey *once, const unsigned char salt[16],
               Str plain, Str *ret);
/* RFC 8292: the value of Authorization; audience is the origin of the endpoint. "" if it cannot be signed. */
Str push_token(Arena *a, const PushKey *key, Str audience, Str contact, int64_t expires_s);
bool push_point_is_good(const unsigned char point[PUSH_POINT]);
