/* SPDX-License-Identifier: Apache-2.0 */
/* What a dry run would write, shown by a few rows: new records with their values, existing ones with old and
 * new values. */
#include "import/report.h"

#define SAMPLED 30
#define ROOM ((size_t)900 * 1024) /* of the megabyte that all samples may take */

Status report_sample(Ctx *cx, Import *im, const ImportRow *row, Outcome outcome, const Record *r)
{
    Buf one = buf_in(cx->arena, 1 << 20);
    if (im->sampled == SAMPLED)
        return ST_OK;
    buf_printf(&one, "%s{\"row\":%lld,\"outcome\":\"%s\",\"id\":", im->sampled ? "," : "",
               (long long)row->csv.number, outcome == ROW_UPDATED ? "updated" : "created");
    if (row->existing)
        buf_json_id(&one, row->existing);
    else
        buf_lit(&one, "null");
    buf_lit(&one, ",\"title\":");
    const Value *title = im->object->title ? record_get(r, im->object->title) : NULL;
    if (title && title->t == V_TEXT)
        buf_json_str(&one, title->s);
    else
        buf_lit(&one, "null");
    buf_lit(&one, ",\"changes\":");
    TRY(record_changes_json(cx, r, &one));
    buf_char(&one, '}');
    if (buf_overflowed(&one) || im->samples.n + one.n > ROOM)
        return ST_OK;
    buf_str_add(&im->samples, buf_str(&one));
    im->sampled++;
    return ST_OK;
}
