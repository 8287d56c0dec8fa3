/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of records that the rows of a page only name: titles of many-to-many links and of links
 * to any object, names of files. While a row is written a mark is left; when the page is read, each
 * object is asked once for all its ids, and the answers are put in at the marks. */
#include "query/query_internal.h"

static size_t splice_links(Shape *s, const Object *to, bool files)
{
    for (size_t i = 0; i < s->links.n; i++)
        if (s->links.v[i].to == to && s->links.v[i].files == files)
            return i;
    ShapeLinks links = {.to = to, .files = files};
    VEC_PUSH(s->cx->arena, &s->links, links);
    return s->links.n - 1;
}

void splice_mark(Shape *s, const Object *to, bool files, bool any, Id id, const Buf *out)
{
    ShapeSplice mark = {.at = out->n, .id = id, .links = splice_links(s, to, files), .any = any};
    VEC_PUSH(s->cx->arena, &s->splices, mark);
    VEC_PUSH(s->cx->arena, &s->links.v[mark.links].ids, id);
}

typedef struct SpliceFound {
    TitleRow *titles;
    FileRow *files;
    size_t n;
} SpliceFound;

static Status splice_load(Shape *s, const ShapeLinks *l, SpliceFound *ret)
{
    if (!l->to) /* an object that is no more */
        return ST_OK;
    if (l->files)
        return file_load(s->cx, l->ids.v, l->ids.n, &ret->files, &ret->n);
    return title_load(s->cx, l->to, l->ids.v, l->ids.n, &ret->titles, &ret->n);
}

static void splice_write(const ShapeLinks *l, const ShapeSplice *mark, const SpliceFound *found,
                         Buf *out)
{
    if (l->files)
        file_json(found->files, found->n, mark->id, out);
    else if (l->to)
        title_json(l->to, mark->id, title_find(found->titles, found->n, mark->id), mark->any, out);
    else
        buf_lit(out, "null");
}

Status splice_finish(Shape *s, const Buf *rows, Buf *out)
{
    SpliceFound *found = ARENA_ARRAY(s->cx->arena, SpliceFound, s->links.n + 1);
    for (size_t i = 0; i < s->links.n; i++)
        TRY(splice_load(s, &s->links.v[i], &found[i]));
    size_t from = 0;
    for (size_t i = 0; i < s->splices.n; i++) {
        const ShapeSplice *mark = &s->splices.v[i];
        buf_add(out, rows->p + from, mark->at - from);
        splice_write(&s->links.v[mark->links], mark, &found[mark->links], out);
        from = mark->at;
    }
    buf_add(out, rows->p + from, rows->n - from);
    return ST_OK;
}
