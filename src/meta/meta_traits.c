/* SPDX-License-Identifier: Apache-2.0 */
/* Traits: the fields that every object has and those that a trait brings (dictionary 1). */
#include "meta/field/field.h"
#include "meta/meta_build.h"

static const char *const trait_names[] = {"owned",      "numbered", "followed", "pooled",
                                          "approvable", "line",     "coded",    "append_only"};

enum { SYSTEM = 1, READONLY = 2, REQUIRED = 4, UNIQUE = 8, SEARCH = 16, TRUE_BY_DEFAULT = 32 };

typedef struct TraitField {
    const char *name;
    FieldKind kind;
    uint32_t trait; /* 0: every object */
    int flags, max;
    const char *to; /* of a link the object, of a choice the list */
    const char *zh, *en;
} TraitField;

#define EACH (SYSTEM | READONLY)
static const TraitField trait_fields[] = {
    {"id", F_ID, 0, EACH, 0, NULL, "编号 ID", "Id"},
    {"version", F_INTEGER, 0, EACH, 0, NULL, "版本", "Version"},
    {"created_at", F_DATETIME, 0, EACH, 0, NULL, "创建时间", "Created at"},
    {"created_by", F_LINK, 0, EACH, 0, "user", "创建人", "Created by"},
    {"updated_at", F_DATETIME, 0, EACH, 0, NULL, "修改时间", "Updated at"},
    {"updated_by", F_LINK, 0, EACH, 0, "user", "修改人", "Updated by"},
    {"external_id", F_TEXT, 0, SYSTEM, 120, NULL, "外部编号", "External id"},
    {"external_system", F_TEXT, 0, SYSTEM, 40, NULL, "外部系统", "External system"},
    {"owner", F_LINK, TRAIT_OWNED, SYSTEM, 0, "user", "负责人", "Owner"},
    {"department", F_LINK, TRAIT_OWNED, SYSTEM, 0, "department", "所属部门", "Department"},
    {"tags", F_TAGS, TRAIT_OWNED, SYSTEM, 0, NULL, "标签", "Tags"},
    {"number", F_AUTO_NUMBER, TRAIT_NUMBERED, EACH | SEARCH, 0, NULL, "编号", "Number"},
    {"code", F_TEXT, TRAIT_CODED, REQUIRED | UNIQUE | SEARCH, 40, NULL, "编码", "Code"},
    {"name", F_TEXT, TRAIT_CODED, REQUIRED | SEARCH, 200, NULL, "名称", "Name"},
    {"name_en", F_TEXT, TRAIT_CODED, 0, 200, NULL, "英文名称", "English name"},
    {"position", F_INTEGER, TRAIT_CODED | TRAIT_LINE, 0, 0, NULL, "顺序", "Position"},
    {"color", F_TEXT, TRAIT_CODED, 0, 20, NULL, "颜色", "Color"},
    {"is_active", F_BOOLEAN, TRAIT_CODED, TRUE_BY_DEFAULT, 0, NULL, "启用", "Active"},
    {"last_followup_at", F_DATETIME, TRAIT_FOLLOWED, EACH, 0, NULL, "最近跟进时间",
     "Last follow-up"},
    {"last_followup_by", F_LINK, TRAIT_FOLLOWED, EACH, 0, "user", "最近跟进人",
     "Last followed up by"},
    {"next_followup_at", F_DATETIME, TRAIT_FOLLOWED, SYSTEM, 0, NULL, "下次跟进时间",
     "Next follow-up"},
    {"followup_count", F_INTEGER, TRAIT_FOLLOWED, EACH, 0, NULL, "跟进次数", "Follow-ups"},
    {"pool", F_LINK, TRAIT_POOLED, SYSTEM, 0, "pool", "公海", "Pool"},
    {"pooled_at", F_DATETIME, TRAIT_POOLED, EACH, 0, NULL, "入池时间", "Pooled at"},
    {"pool_reason", F_CHOICE, TRAIT_POOLED, EACH, 0, "pool_reason", "公海原因", "Pool reason"},
    {"claimed_at", F_DATETIME, TRAIT_POOLED, EACH, 0, NULL, "领取时间", "Claimed at"},
    {"protected_until", F_DATETIME, TRAIT_POOLED, SYSTEM, 0, NULL, "保护期至", "Protected until"},
    {"previous_owner", F_LINK, TRAIT_POOLED, EACH, 0, "user", "前负责人", "Previous owner"},
    {"recycle_at", F_DATETIME, TRAIT_POOLED, EACH, 0, NULL, "回收时间", "Recycled at"},
    {"approval_status", F_CHOICE, TRAIT_APPROVABLE, EACH, 0, "approval_status", "审批状态",
     "Approval status"},
};

static Status read_trait(MetaBuild *b, const json_t *item, uint32_t *traits)
{
    Str name = json_str(item);
    for (size_t i = 0; i < COUNT_OF(trait_names); i++) {
        if (!str_is(name, trait_names[i]))
            continue;
        *traits |= 1u << i;
        return ST_OK;
    }
    return FIELD_FAIL(b->cx, meta_path(b, "traits"), "bad_value", "meta.unknown_trait",
                      "must be a list of traits: owned, numbered, followed, line, coded, "
                      "append_only");
}

Status meta_traits_read(MetaBuild *b, const json_t *decl)
{
    json_t *list = json_object_get(decl, "traits");
    size_t i;
    json_t *item;
    b->object->traits = 0;
    if (list && !json_is_array(list))
        return read_trait(b, list, &b->object->traits);
    json_array_foreach(list, i, item) { TRY(read_trait(b, item, &b->object->traits)); }
    return ST_OK;
}

void meta_traits_write(uint32_t traits, Buf *out)
{
    bool first = true;
    buf_char(out, '[');
    for (size_t i = 0; i < COUNT_OF(trait_names); i++) {
        if (!(traits & (1u << i)))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, str_of(trait_names[i]));
    }
    buf_char(out, ']');
}

size_t meta_traits_max_fields(void) { return COUNT_OF(trait_fields); }

static Field *trait_field(MetaBuild *b, const TraitField *t)
{
    Field *f = ARENA_NEW(b->arena, Field);
    f->name = f->key = str_of(t->name);
    f->kind = t->kind;
    f->type = field_type_of(t->kind);
    f->label = (Label){str_of(t->zh), str_of(t->en)};
    f->system = t->flags & SYSTEM;
    f->readonly = t->flags & READONLY;
    f->required = t->flags & REQUIRED;
    f->search = t->flags & SEARCH;
    /* A coded line (a stage) has its code unique within its parent: meta_indexes.c. */
    f->unique = (t->flags & UNIQUE) && !(b->object->traits & TRAIT_LINE);
    f->max = t->max;
    if (t->kind == F_CHOICE)
        f->list_name = str_of(t->to);
    else
        f->to_name = str_of(t->to);
    if (t->kind == F_TAGS) /* its side table is called by number */
        f->number = meta_numbers_get(
            b->numbers, "field",
            str_format(b->arena, STR_FMT "." STR_FMT, STR_ARG(b->object->name), STR_ARG(f->key)));
    f->on_delete = DELETE_RESTRICT;
    if (t->kind == F_AUTO_NUMBER) {
        f->unique = true;
        f->max = 60;
    }
    if (t->flags & TRUE_BY_DEFAULT) {
        f->has_default = true;
        f->dflt = (Value){.t = V_BOOL, .b = true};
    }
    return f;
}

void meta_traits_fields(MetaBuild *b, Field **fields, size_t *n)
{
    for (size_t i = 0; i < COUNT_OF(trait_fields); i++) {
        const TraitField *t = &trait_fields[i];
        if (!t->trait || (t->trait & b->object->traits))
            fields[(*n)++] = trait_field(b, t);
    }
}
