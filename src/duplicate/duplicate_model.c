/* SPDX-License-Identifier: Apache-2.0 */
/* Weights: how often fields agree among records that are the same, and among others that share a key. Until the
 * organisation's own data have shown it, what is usual: a name that is equal says much, an e-mail address more. */
#include "duplicate/duplicate_internal.h"

static const char SQL_MODEL[] = "SELECT model FROM {gx_match_state} WHERE object = ?1 AND "
                                "fingerprint = ?2 AND model IS NOT NULL";

static const struct {
    double m[LINKAGE_LEVELS], u[LINKAGE_LEVELS];
} USUAL[] = {
    [MATCH_TEXT] = {{.60, .15, .10, .15}, {.01, .02, .07, .90}},
    [MATCH_COMPANY] = {{.75, .12, .08, .05}, {.0005, .0012, .01, .9883}},
    [MATCH_PERSON] = {{.80, .10, .05, .05}, {.005, .01, .03, .955}},
    [MATCH_PHONE] = {{.70, .08, .02, .20}, {.0002, .003, .012, .9848}},
    [MATCH_EMAIL] = {{.70, .08, .02, .20}, {.0001, .002, .01, .9879}},
    [MATCH_CODE] = {{.90, .05, .01, .04}, {.00005, .002, .01, .98795}},
    [MATCH_LINK] = {{.80, .01, .01, .18}, {.01, .01, .01, .97}},
};
#define USUAL_SHARE 0.02

LinkageKind duplicate_kind(MatchAs as)
{
    switch (as) {
    case MATCH_PERSON: return LINKAGE_NAME;
    case MATCH_COMPANY:
    case MATCH_TEXT: return LINKAGE_TEXT;
    default: return LINKAGE_CODE;
    }
}

int duplicate_level(MatchAs as, Str a, Str b)
{
    int best = LINKAGE_MISSING;
    for (Str one; str_split(&a, '\n', &one);) {
        Str rest = b, other;
        while (str_split(&rest, '\n', &other)) {
            int level = linkage_level(duplicate_kind(as), one, other);
            best = level < best ? level : best;
        }
    }
    return best;
}

void duplicate_usual(const Object *o, LinkageModel *ret)
{
    *ret = (LinkageModel){.n_columns = o->n_match_fields, .share = USUAL_SHARE, .threshold = .5};
    for (size_t c = 0; c < o->n_match_fields; c++) {
        memcpy(ret->m[c], USUAL[o->match_fields[c].as].m, sizeof ret->m[c]);
        memcpy(ret->u[c], USUAL[o->match_fields[c].as].u, sizeof ret->u[c]);
    }
}

void duplicate_model_write(const LinkageModel *model, Buf *out)
{
    buf_printf(out, "{\"share\":%.17g,\"near\":%.17g,\"threshold\":%.17g,\"fields\":[",
               model->share, model->near_share, model->threshold);
    for (size_t c = 0; c < model->n_columns; c++) {
        buf_printf(out, "%s{\"m\":[%.17g,%.17g,%.17g,%.17g],\"u\":[%.17g,%.17g,%.17g,%.17g]}",
                   c ? "," : "", model->m[c][0], model->m[c][1], model->m[c][2], model->m[c][3],
                   model->u[c][0], model->u[c][1], model->u[c][2], model->u[c][3]);
    }
    buf_lit(out, "]}");
}

static double number(const json_t *list, size_t i)
{
    const json_t *v = json_array_get(list, i);
    return json_is_number(v) ? json_number_value(v) : 0;
}

/* Agreement must speak for a match in every field, and matches must be neither nothing nor everything. */
bool duplicate_model_is_sound(const LinkageModel *model)
{
    bool sound = model->share > .0005 && model->share < .98;
    for (size_t c = 0; c < model->n_columns; c++) {
        const double *m = model->m[c], *u = model->u[c];
        for (int l = 0; l < LINKAGE_LEVELS; l++)
            sound = sound && m[l] > 0 && m[l] <= 1 && u[l] > 0 && u[l] <= 1;
        sound = sound && m[0] > u[0] && m[3] < u[3];
    }
    return sound;
}

static bool read_model(const Object *o, const json_t *j, LinkageModel *ret)
{
    LinkageModel model = {.n_columns = o->n_match_fields};
    const json_t *fields = json_object_get(j, "fields");
    if (json_array_size(fields) != o->n_match_fields)
        return false;
    model.share = json_number_value(json_object_get(j, "share"));
    model.near_share = json_number_value(json_object_get(j, "near"));
    model.threshold = json_number_value(json_object_get(j, "threshold"));
    for (size_t c = 0; c < o->n_match_fields; c++) {
        const json_t *one = json_array_get(fields, c);
        model.names[c] = o->match_fields[c].field == o->title;
        for (int l = 0; l < LINKAGE_LEVELS; l++) {
            model.m[c][l] = number(json_object_get(one, "m"), (size_t)l);
            model.u[c][l] = number(json_object_get(one, "u"), (size_t)l);
        }
    }
    if (!duplicate_model_is_sound(&model))
        return false;
    *ret = model;
    return true;
}

Status duplicate_model(Ctx *cx, const Object *o, LinkageModel *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    const DbVal v[] = {db_int(o->number), db_int(match_fingerprint(o))};
    json_t *j = NULL;
    bool found = false;
    duplicate_usual(o, ret);
    TRY(db_prepare(cx, SQL_MODEL, &s));
    TRY(db_bind_all(s, v, COUNT_OF(v)));
    TRY(db_next(s, &found));
    if (!found)
        return ST_OK;
    TRY(json_parse(cx, db_col_text(s, 0), &j));
    (void)read_model(o, j, ret);
    return ST_OK;
}
