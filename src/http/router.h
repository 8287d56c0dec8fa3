/* SPDX-License-Identifier: Apache-2.0 */
/* Router: the route tables compiled into a tree of path segments. Literal segments win over {name};
 * where the literal branch leads nowhere the parameter is tried. Immutable after router_new. */
#pragma once
#include "http/http.h"

enum { ROUTER_MAX_DEPTH = 12 };

typedef struct Router Router;

typedef struct RouterMatch {
    const Route *route; /* NULL: no such path, or no such method there */
    const Str *names;   /* of the parameters, values in the same order */
    Str values[ROUTER_MAX_DEPTH];
    size_t n;
    Str allow; /* methods of the path, "GET, HEAD, POST"; empty: no such path */
} RouterMatch;

/* tables as in HttpConfig; cx only for the error (a row twice, a bad path). The router and all its
 * memory live in a. */
CHECKED Status router_new(Ctx *cx, Arena *a, const Route *const *tables, Router **ret);

/* path starts with '/', still percent-encoded ("%2F" stays inside its segment); segments are decoded
 * into a. False if the path cannot be decoded. HEAD finds the row of GET. */
bool router_match(const Router *r, Arena *a, Str method, Str path, RouterMatch *ret);
