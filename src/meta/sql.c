/* SPDX-License-Identifier: Apache-2.0 */
/* The SQL builder: literals, catalogue names and bound values put together (see sql.h). */
#include "meta/sql.h"

#define MAX_SQL_BYTES ((size_t)1024 * 1024)

Sql sql_new(Arena *a)
{
    return (Sql){.text = buf_in(a, MAX_SQL_BYTES), .vals = ARENA_NEW(a, SqlVals), .arena = a};
}

Sql sql_fragment(const Sql *with)
{
    return (Sql){
        .text = buf_in(with->arena, MAX_SQL_BYTES), .vals = with->vals, .arena = with->arena};
}

void sql_append(Sql *q, const Sql *fragment) { buf_str_add(&q->text, buf_str(&fragment->text)); }

static void sql_marker(Sql *q, Str name, const char *suffix)
{
    buf_char(&q->text, '{');
    buf_str_add(&q->text, name);
    buf_str_add(&q->text, str_of(suffix));
    buf_char(&q->text, '}');
}

void sql_table(Sql *q, const Object *o) { sql_marker(q, o->plural, ""); }
void sql_twin(Sql *q, const Object *o) { sql_marker(q, o->plural, "_h"); }

void sql_derived(Sql *q, const Object *o) { sql_marker(q, o->plural, "_d"); }

void sql_links_table(Sql *q, const Field *f)
{
    buf_lit(&q->text, "{l_");
    buf_uint(&q->text, f->number);
    buf_char(&q->text, '}');
}

void sql_index(Sql *q, const Index *x, bool twin)
{
    buf_str_add(&q->text, str_of(x->name));
    if (twin)
        buf_lit(&q->text, "_h");
}

void sql_alias(Sql *q, int alias)
{
    buf_char(&q->text, 't');
    buf_int(&q->text, alias);
}

void sql_column(Sql *q, int alias, const Field *f, int part)
{
    Str name = str_of(f->columns[part].name);
    if (alias >= 0) {
        sql_alias(q, alias);
        buf_char(&q->text, '.');
    }
    if (!buf_reserve(&q->text, name.n + 2)) /* texts are made of little else */
        return;
    char *at = q->text.p + q->text.n;
    *at++ = '"';
    if (name.n)
        memcpy(at, name.p, name.n);
    at[name.n] = '"';
    q->text.n += name.n + 2;
}

void sql_kind(Sql *q, int alias, const Field *any, const Object *o)
{
    sql_column(q, alias, any, 1);
    buf_lit(&q->text, " = ");
    sql_bind_text(q, o->name);
}

void sql_bind(Sql *q, DbVal v)
{
    VEC_PUSH(q->arena, q->vals, v);
    buf_char(&q->text, '?');
    buf_uint(&q->text, q->vals->n);
}

void sql_bind_int(Sql *q, int64_t v) { sql_bind(q, db_int(v)); }
void sql_bind_text(Sql *q, Str v) { sql_bind(q, db_text(v)); }
void sql_number(Sql *q, int64_t v) { buf_int(&q->text, v); }

/* PostgreSQL takes a LIMIT that is a value for a tenth of the rows, finds its plan for any value dear by that, and
 * plans for these values each time. A page reads one row more than it shows; few sizes, so that texts stay few. */
void sql_limit(Sql *q, DbKind dialect, int64_t n)
{
    bool usual = n == 2 || (n > 0 && n <= 201 && n % 5 == 1);
    sql_lit(q, " LIMIT ");
    if (usual && dialect == DB_POSTGRES)
        sql_number(q, n);
    else
        sql_bind_int(q, n);
}
