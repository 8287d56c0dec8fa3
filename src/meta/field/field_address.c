/* SPDX-License-Identifier: Apache-2.0 */
/* address: country, province, city, district, street, postcode; one column each, so that paths name
 * them (address.province = "zhejiang").
 *
 * In China (country empty or CN) province and city are codes of the lists `province` and `city`, and
 * the city lies in the province; abroad they are the words people use there. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define ADDRESS_STREET_MAX 200
#define ADDRESS_PART_MAX 60
#define DISTRICT_MAX_BYTES 30

static const struct {
    const char *name, *suffix, *zh, *en, *list;
    int max;
} PARTS[ADDRESS_PARTS] = {
    [ADDRESS_COUNTRY] = {"country", "", "国家", "Country", NULL, ADDRESS_PART_MAX},
    [ADDRESS_PROVINCE] = {"province", "p", "省", "Province", "province", ADDRESS_PART_MAX},
    [ADDRESS_CITY] = {"city", "y", "市", "City", "city", ADDRESS_PART_MAX},
    [ADDRESS_DISTRICT] = {"district", "d", "区", "District", NULL, ADDRESS_PART_MAX},
    [ADDRESS_STREET] = {"street", "s", "街道", "Street", NULL, ADDRESS_STREET_MAX},
    [ADDRESS_POSTCODE] = {"postcode", "z", "邮编", "Postcode", NULL, 20},
};

static int address_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    for (int i = 0; i < ADDRESS_PARTS; i++)
        field_column(f, &out[i], PARTS[i].suffix, DB_TEXT);
    return ADDRESS_PARTS;
}

void field_address_part(int i, const char **ret_name, Label *ret_label, int *ret_max,
                        const char **ret_list)
{
    *ret_name = PARTS[i].name;
    *ret_label = (Label){.zh = str_of(PARTS[i].zh), .en = str_of(PARTS[i].en)};
    *ret_max = PARTS[i].max;
    *ret_list = PARTS[i].list;
}

static Str part_path(Ctx *cx, const Field *f, int part)
{
    return str_format(cx->arena, STR_FMT ".%s", STR_ARG(f->name), PARTS[part].name);
}

static bool is_china(Str country) { return country.n == 0 || str_is(country, "CN"); }

static Str country_code(Str s)
{
    static const char *const CHINA[] = {"中国", "中华人民共和国", "China", "china", "CHINA", "cn",
                                        "CHN"};
    for (size_t i = 0; i < COUNT_OF(CHINA); i++)
        if (str_is(s, CHINA[i]))
            return STR("CN");
    return s;
}

/* 浙江省 as 浙江: labels of the lists come without the kind of place. */
static const Choice *place(Ctx *cx, const ChoiceList *l, Str text)
{
    static const char *const ENDS[] = {"省",         "市",           "特别行政区", "壮族自治区",
                                       "回族自治区", "维吾尔自治区", "自治区"};
    const Choice *c = choice_by_label(cx->arena, l, text);
    for (size_t i = 0; i < COUNT_OF(ENDS) && !c; i++)
        if (str_ends(text, str_of(ENDS[i])))
            c = choice_by_label(cx->arena, l, str_sub(text, 0, text.n - strlen(ENDS[i])));
    return c;
}

static Status no_place(Ctx *cx, const Field *f, int part, const ChoiceList *l, Str text)
{
    FIELD_FAIL(cx, part_path(cx, f, part), "no_match", "field.unknown_choice",
               "\"" STR_FMT "\" is not a choice", STR_ARG(text));
    error_suggest(cx, choice_nearest(l, text));
    return ST_INVALID;
}

static Status place_code(Ctx *cx, const Field *f, int part, Str *text, const Choice **ret)
{
    const ChoiceList *l =
        cx->meta ? map_get(&cx->meta->lists_by_name, str_of(PARTS[part].list)) : NULL;
    *ret = NULL;
    if (!l || !text->n)
        return ST_OK;
    *ret = place(cx, l, *text);
    if (!*ret)
        return no_place(cx, f, part, l, *text);
    *text = (*ret)->value;
    return ST_OK;
}

/* Codes for the places of China; a city alone tells its province. */
static Status places(Ctx *cx, const Field *f, Str *parts)
{
    const Choice *province, *city;
    if (!is_china(parts[ADDRESS_COUNTRY]))
        return ST_OK;
    TRY(place_code(cx, f, ADDRESS_PROVINCE, &parts[ADDRESS_PROVINCE], &province));
    TRY(place_code(cx, f, ADDRESS_CITY, &parts[ADDRESS_CITY], &city));
    if (!city || !city->parent.n)
        return ST_OK;
    if (!province)
        parts[ADDRESS_PROVINCE] = city->parent;
    else if (!str_eq(city->parent, province->value))
        return FIELD_FAIL(cx, part_path(cx, f, ADDRESS_CITY), "no_match", "field.city_elsewhere",
                          "\"" STR_FMT "\" does not lie in \"" STR_FMT "\"",
                          STR_ARG(label_in(&city->label, cx->lang)),
                          STR_ARG(label_in(&province->label, cx->lang)));
    return ST_OK;
}

static Status check_part(Ctx *cx, const Field *f, int part, Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ')
            return FIELD_FAIL(cx, part_path(cx, f, part), "bad_value", "field.one_line",
                              "must be one line");
    if (utf8_length(s) <= (size_t)PARTS[part].max)
        return ST_OK;
    return FIELD_FAIL(cx, part_path(cx, f, part), "too_long", "field.too_long",
                      "is longer than %d characters", PARTS[part].max);
}

Status field_address_value(Ctx *cx, const Field *f, Str *parts, Value *out)
{
    bool any = false;
    for (int i = 0; i < ADDRESS_PARTS; i++) {
        parts[i] = str_trim(parts[i]);
        TRY(check_part(cx, f, i, parts[i]));
        any = any || parts[i].n;
    }
    *out = VALUE_NULL;
    if (!any)
        return ST_OK;
    parts[ADDRESS_COUNTRY] = country_code(parts[ADDRESS_COUNTRY]);
    TRY(places(cx, f, parts));
    *out = (Value){.t = V_ADDRESS, .address = parts};
    return ST_OK;
}

/* A merge patch (RFC 7396) over what is there: absent parts stay, null clears. */
Status field_address_merge(Ctx *cx, const Field *f, const Value *now, const json_t *in, Value *out)
{
    const char *key;
    json_t *v;
    if (!json_is_object(in))
        return field_wrong(cx, f);
    Str *parts = ARENA_ARRAY(cx->arena, Str, ADDRESS_PARTS);
    if (now->t == V_ADDRESS)
        memcpy(parts, now->address, sizeof(Str) * ADDRESS_PARTS);
    json_object_foreach((json_t *)in, key, v)
    {
        int part = 0;
        while (part < ADDRESS_PARTS && strcmp(key, PARTS[part].name) != 0)
            part++;
        if (part == ADDRESS_PARTS || (!json_is_string(v) && !json_is_null(v)))
            return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_address",
                              "is not {\"country\",\"province\",\"city\",\"district\",\"street\","
                              "\"postcode\"} with texts");
        parts[part] = json_str(v);
    }
    return field_address_value(cx, f, parts, out);
}

static Status address_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    const Value none = VALUE_NULL;
    return field_address_merge(cx, f, &none, in, out);
}

/* The place that `text` starts with, longest label first; cuts it off. */
static const Choice *leading_place(const ChoiceList *l, Str within, Str *text)
{
    const Choice *found = NULL;
    for (size_t i = 0; l && i < l->n; i++) {
        const Choice *c = &l->items[i];
        bool inside = !within.n || str_eq(c->parent, within);
        if (inside && c->label.zh.n && str_starts(*text, c->label.zh) &&
            (!found || c->label.zh.n > found->label.zh.n))
            found = c;
    }
    if (found)
        *text = str_trim(str_sub(*text, found->label.zh.n, text->n));
    return found;
}

static void skip_kind(Str *text)
{
    static const char *const KINDS[] = {
        "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "省", "市"};
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (str_starts(*text, str_of(KINDS[i]))) {
            *text = str_trim(str_sub(*text, strlen(KINDS[i]), text->n));
            return;
        }
}

/* The form of the API, as an export of codes writes it. */
static json_t *object_in(Arena *a, Str text)
{
    json_t *tree = NULL;
    if (str_starts(text, STR("{")))
        tree = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    if (tree)
        json_own(a, tree);
    return tree;
}

/* 浙江省杭州市西湖区文三路 90 号: province and city are recognised, up to 区 or 县 is the district,
 * the rest the street; what is not recognised is all street. */
static Status address_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                 Value *out)
{
    Str *parts = ARENA_ARRAY(cx->arena, Str, ADDRESS_PARTS), rest = str_trim(in);
    const json_t *object = object_in(cx->arena, rest);
    if (object)
        return address_parse(cx, f, object, out);
    const Map *lists = cx->meta ? &cx->meta->lists_by_name : NULL;
    if (str_starts(rest, STR("中国")))
        rest = str_trim(str_sub(rest, sizeof("中国") - 1, rest.n));
    const Choice *province =
        lists ? leading_place(map_get(lists, STR("province")), STR_NULL, &rest) : NULL;
    if (province) {
        parts[ADDRESS_PROVINCE] = province->value;
        skip_kind(&rest);
    }
    const Choice *city =
        lists ? leading_place(map_get(lists, STR("city")), parts[ADDRESS_PROVINCE], &rest) : NULL;
    if (city) {
        parts[ADDRESS_CITY] = city->value;
        skip_kind(&rest);
    }
    size_t district = str_find(rest, STR("区")), county = str_find(rest, STR("县"));
    size_t end = district < county ? district : county;
    if ((province || city) && end != SIZE_MAX && end > 0 && end <= DISTRICT_MAX_BYTES) {
        parts[ADDRESS_DISTRICT] = str_sub(rest, 0, end + 3);
        rest = str_trim(str_sub(rest, end + 3, rest.n));
    }
    parts[ADDRESS_STREET] = rest;
    return field_address_value(cx, f, parts, out);
}

static void address_load(Arena *a, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    Str *parts = ARENA_ARRAY(a, Str, ADDRESS_PARTS);
    bool any = false;
    for (int i = 0; i < ADDRESS_PARTS; i++)
        if (!db_col_null(q, col + i)) {
            parts[i] = db_col_text(q, col + i);
            any = true;
        }
    *out = any ? (Value){.t = V_ADDRESS, .address = parts} : VALUE_NULL;
}

static void address_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v,
                          DbVal out[FIELD_COLUMNS])
{
    for (int i = 0; i < ADDRESS_PARTS; i++)
        out[i] = v->t == V_ADDRESS && v->address[i].n ? db_text(v->address[i]) : db_null(DB_TEXT);
}

static void address_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    for (int i = 0; i < ADDRESS_PARTS; i++) {
        buf_char(b, i ? ',' : '{');
        buf_json_str(b, str_of(PARTS[i].name));
        buf_char(b, ':');
        if (v->address[i].n)
            buf_json_str(b, v->address[i]);
        else
            buf_lit(b, "null");
    }
    buf_char(b, '}');
}

static void address_place_text(Buf *b, const Field *f, const Value *v, int part, Lang lang)
{
    const ChoiceList *l = f->parts ? f->parts[part].choices : NULL;
    const Choice *c = l ? choice_find(l, v->address[part]) : NULL;
    buf_str_add(b, c ? label_in(&c->label, lang) : v->address[part]);
}

/* From the largest to the smallest, as it is written in Chinese. */
static void address_text(Buf *b, const Field *f, const Value *v, Lang lang)
{
    size_t start = b->n;
    for (int i = 0; i < ADDRESS_PARTS; i++) {
        if (!v->address[i].n || (i == ADDRESS_COUNTRY && is_china(v->address[i])))
            continue;
        if (b->n > start && (lang != LANG_ZH || i == ADDRESS_POSTCODE))
            buf_char(b, ' ');
        address_place_text(b, f, v, i, lang);
    }
}

const FieldType field_address_type = {
    .kind = F_ADDRESS,
    .name = "address",
    .value = V_ADDRESS,
    .filterable = true,
    .reads = ADDRESS_PARTS,
    .columns = address_columns,
    .parse = address_parse,
    .parse_text = address_parse_text,
    .validate = field_validate_none,
    .load = address_load,
    .store = address_store,
    .json = address_json,
    .text = address_text,
    .declare = field_declare_none,
};
