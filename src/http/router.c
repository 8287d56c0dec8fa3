/* SPDX-License-Identifier: Apache-2.0 */
/* A tree with one node a segment: literal children sorted for binary search, at most one parameter
 * child. A node that ends a path holds one entry a method. A match looks at each segment once unless
 * a literal branch ends without a route, which few tables have. */
#include "http/router.h"

#include "http/query_string.h"

#include <stdlib.h>

typedef struct Entry {
    const Route *route;
    Str names[ROUTER_MAX_DEPTH];
    size_t n_names;
} Entry;

typedef struct Node Node;
struct Node {
    Str segment;
    VEC(Node *) literals; /* sorted by segment once all rows are in */
    Node *param;
    VEC(Entry) entries;
    Str allow;
};

struct Router {
    Node root;
};

static bool is_param(Str segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

static Node *child_of(Arena *a, Node *node, Str segment)
{
    if (is_param(segment)) {
        if (!node->param)
            node->param = ARENA_NEW(a, Node);
        return node->param;
    }
    for (size_t i = 0; i < node->literals.n; i++)
        if (str_eq(node->literals.v[i]->segment, segment))
            return node->literals.v[i];
    Node *made = ARENA_NEW(a, Node);
    made->segment = segment;
    VEC_PUSH(a, &node->literals, made);
    return made;
}

static Status add_route(Ctx *cx, Arena *a, Router *r, const Route *route)
{
    Entry entry = {.route = route};
    Node *node = &r->root;
    Str rest = str_of(route->path), segment;
    if (!rest.n || rest.p[0] != '/')
        return FAIL(cx, ST_INTERNAL, "http.route", "route %s cannot be used", route->path);
    rest = str_sub(rest, 1, SIZE_MAX);
    while (str_split(&rest, '/', &segment)) {
        node = child_of(a, node, segment);
        if (is_param(segment)) {
            if (entry.n_names == ROUTER_MAX_DEPTH)
                return FAIL(cx, ST_INTERNAL, "http.route", "route %s cannot be used", route->path);
            entry.names[entry.n_names++] = str_sub(segment, 1, segment.n - 2);
        }
    }
    for (size_t i = 0; i < node->entries.n; i++)
        if (!strcmp(node->entries.v[i].route->method, route->method))
            return FAIL(cx, ST_INTERNAL, "http.route", "route %s cannot be used", route->path);
    VEC_PUSH(a, &node->entries, entry);
    return ST_OK;
}

static int by_segment(const void *x, const void *y)
{
    return str_cmp((*(Node *const *)x)->segment, (*(Node *const *)y)->segment);
}

static int by_method(const void *x, const void *y)
{
    return strcmp(((const Entry *)x)->route->method, ((const Entry *)y)->route->method);
}

/* Sorts the children and writes the Allow text, for the node and all below it. */
static void finish_node(Arena *a, Node *node)
{
    if (node->literals.n)
        qsort(node->literals.v, node->literals.n, sizeof(*node->literals.v), by_segment);
    if (node->entries.n)
        qsort(node->entries.v, node->entries.n, sizeof(*node->entries.v), by_method);
    Buf allow = buf_in(a, 256);
    for (size_t i = 0; i < node->entries.n; i++) {
        const char *method = node->entries.v[i].route->method;
        buf_printf(&allow, "%s%s%s", i ? ", " : "", method, strcmp(method, "GET") ? "" : ", HEAD");
    }
    node->allow = buf_str(&allow);
    for (size_t i = 0; i < node->literals.n; i++)
        finish_node(a, node->literals.v[i]);
    if (node->param)
        finish_node(a, node->param);
}

Status router_new(Ctx *cx, Arena *a, const Route *const *tables, Router **ret)
{
    Router *r = ARENA_NEW(a, Router);
    for (; tables && *tables; tables++)
        for (const Route *route = *tables; route->method; route++)
            TRY(add_route(cx, a, r, route));
    finish_node(a, &r->root);
    *ret = r;
    return ST_OK;
}

static const Node *literal_child(const Node *node, Str segment)
{
    size_t low = 0, high = node->literals.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = str_cmp(node->literals.v[mid]->segment, segment);
        if (c == 0)
            return node->literals.v[mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Depth is bounded by ROUTER_MAX_DEPTH segments. */
static const Node *find_node(const Node *node, const Str *segments, size_t n, RouterMatch *m)
{
    if (n == 0)
        return node->entries.n ? node : NULL;
    const Node *literal = literal_child(node, *segments);
    if (literal) {
        size_t mark = m->n;
        const Node *found = find_node(literal, segments + 1, n - 1, m);
        if (found)
            return found;
        m->n = mark;
    }
    if (!node->param || !segments->n)
        return NULL;
    m->values[m->n++] = *segments;
    return find_node(node->param, segments + 1, n - 1, m);
}

static void choose_method(const Node *node, Str method, RouterMatch *m)
{
    if (str_eq(method, STR("HEAD")))
        method = STR("GET");
    m->allow = node->allow;
    for (size_t i = 0; i < node->entries.n; i++) {
        if (str_is(method, node->entries.v[i].route->method)) {
            m->route = node->entries.v[i].route;
            m->names = node->entries.v[i].names;
        }
    }
}

bool router_match(const Router *r, Arena *a, Str method, Str path, RouterMatch *ret)
{
    Str segments[ROUTER_MAX_DEPTH], raw;
    size_t n = 0;
    ret->route = NULL;
    ret->n = 0;
    ret->allow = STR_NULL;
    Str rest = str_sub(path, 1, SIZE_MAX);
    bool trailing = rest.n && rest.p[rest.n - 1] == '/';
    while (str_split(&rest, '/', &raw)) {
        if (n == ROUTER_MAX_DEPTH)
            return true;
        if (!query_string_decode(a, raw, false, &segments[n++]))
            return false;
    }
    const Node *node = trailing ? NULL : find_node(&r->root, segments, n, ret);
    if (node)
        choose_method(node, method, ret);
    return true;
}
