/* SPDX-License-Identifier: Apache-2.0 */
/* vCard 4.0 (RFC 6350) and 3.0 (RFC 2426, for telephones that know no newer): persons and firms out of
 * fields of the usual names. Values are those the reader sees, masked ones included. */
#include "base/utf8.h"
#include "export/export_line.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool is_old(const Export *x) { return x->options.format == EXPORT_VCARD3; }

static bool vcard_fits(const Object *o)
{
    bool reachable = false;
    for (size_t i = 0; i < o->n_fields; i++)
        reachable |= o->fields[i]->kind == F_EMAIL || o->fields[i]->kind == F_PHONE;
    return reachable && o->title && o->title->kind == F_TEXT;
}

/* ---- names */
static bool is_han(uint32_t c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf);
}

/* Bytes of the family name in front of a Chinese name of two to four characters; 0: it is none. */
static size_t han_family(Str name)
{
    static const char *const DOUBLE[] = {"欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "东方",
                                         "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒",
                                         "端木", "百里", "南宫", "独孤", "轩辕", "申屠"};
    size_t n = utf8_length(name);
    for (size_t at = 0; at < name.n;)
        if (!is_han(utf8_next(name, &at)))
            return 0;
    if (n < 2 || n > 4)
        return 0;
    for (size_t i = 0; n > 2 && i < COUNT_OF(DOUBLE); i++)
        if (str_starts(name, str_of(DOUBLE[i])))
            return strlen(DOUBLE[i]);
    return n == 4 ? 0 : utf8_offset(name, 1);
}

/* family;given: by the character in Chinese, by the last word where words are parted. */
static void write_name(Cards *c, Str name)
{
    Buf out = buf_in(c->pad, (size_t)4 * name.n + 16);
    size_t han = han_family(name), space = name.n;
    while (space > 0 && name.p[space - 1] != ' ')
        space--;
    if (han) {
        export_line_escape(&out, str_sub(name, 0, han));
        buf_char(&out, ';');
        export_line_escape(&out, str_sub(name, han, SIZE_MAX));
    } else {
        export_line_escape(&out, str_sub(name, space, SIZE_MAX));
        buf_char(&out, ';');
        export_line_escape(&out, str_trim(str_sub(name, 0, space)));
    }
    buf_lit(&out, ";;;");
    export_line_raw(c, "N", buf_str(&out));
}

static bool is_firm(const Export *x) { return str_is(x->object->name, "account"); }

static void write_organisation(const Export *x, Cards *c, Str name)
{
    /* Of other records it is the department that they belong to. */
    const char *own = str_is(x->object->name, "user") ? "department" : NULL;
    Buf out = buf_in(c->pad, (size_t)64 * 1024);
    export_line_escape(&out,
                       is_firm(x) ? name : export_cards_text(x, c, NAMES("account", "company")));
    Str department = export_cards_text(x, c, NAMES("department_name", own));
    if (department.n) {
        buf_char(&out, ';');
        export_line_escape(&out, department);
    }
    if (out.n)
        export_line_raw(c, "ORG", buf_str(&out));
}

/* ---- the rest */
static Str address_part(const Export *x, const Field *f, const Value *v, int part)
{
    Str text = v->address[part];
    const ChoiceList *list = part < f->n_parts ? f->parts[part].choices : NULL;
    const Choice *choice = list ? map_get(&list->by_value, text) : NULL;
    return choice ? label_in(&choice->label, x->cx->lang) : text;
}

/* box;more;street;place;region;code;country */
static void write_address(const Export *x, Cards *c)
{
    static const int PLACES[] = {ADDRESS_CITY, ADDRESS_PROVINCE, ADDRESS_POSTCODE, ADDRESS_COUNTRY};
    const QueryColumn *column = NULL;
    const Value *v = export_cards_value(x, c, NAMES("address"), &column);
    Buf out = buf_in(c->pad, (size_t)64 * 1024);
    if (!v || v->t != V_ADDRESS)
        return;
    buf_lit(&out, ";;");
    export_line_escape(&out, address_part(x, column->field, v, ADDRESS_DISTRICT));
    export_line_escape(&out, address_part(x, column->field, v, ADDRESS_STREET));
    for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
        buf_char(&out, ';');
        export_line_escape(&out, address_part(x, column->field, v, PLACES[i]));
    }
    export_line_raw(c, is_firm(x) ? "ADR;TYPE=work" : "ADR", buf_str(&out));
}

static void write_tags(const Export *x, Cards *c)
{
    const Value *v = export_cards_value(x, c, NAMES("interests", "tags", "skills"), NULL);
    Buf out = buf_in(c->pad, (size_t)64 * 1024);
    for (size_t i = 0; v && v->t == V_TEXTS && i < v->texts.n; i++) {
        if (i)
            buf_char(&out, ',');
        export_line_escape(&out, v->texts.p[i]);
    }
    if (out.n)
        export_line_raw(c, "CATEGORIES", buf_str(&out));
}

static void write_born(const Export *x, Cards *c)
{
    const Value *born = export_cards_value(x, c, NAMES("birthday"), NULL);
    const Value *gender = export_cards_value(x, c, NAMES("gender"), NULL);
    const Value *calendar = export_cards_value(x, c, NAMES("birthday_calendar"), NULL);
    bool lunar = calendar && calendar->t == V_TEXT && str_is(calendar->s, "lunar");
    if (born && born->t == V_DATE && !lunar)
        export_line_raw(c, "BDAY", export_line_day(c->pad, born->i, is_old(x)));
    if (gender && gender->t == V_TEXT && !is_old(x) && str_is(gender->s, "male"))
        export_line_raw(c, "GENDER", STR("M"));
    else if (gender && gender->t == V_TEXT && !is_old(x) && str_is(gender->s, "female"))
        export_line_raw(c, "GENDER", STR("F"));
}

static void write_lines(const Export *x, Cards *c)
{
    static const struct {
        const char *field, *other, *head, *old;
    } LINES[] = {
        {"title", "job_title", "TITLE", "TITLE"},
        {"mobile", NULL, "TEL;TYPE=cell", "TEL;TYPE=CELL"},
        {"phone", "work_phone", "TEL;TYPE=work", "TEL;TYPE=WORK,VOICE"},
        {"fax", NULL, "TEL;TYPE=fax", "TEL;TYPE=FAX"},
        {"email", NULL, "EMAIL", "EMAIL;TYPE=INTERNET"},
        {"wechat_id", NULL, "X-WECHAT", "X-WECHAT"},
        {"qq", NULL, "X-QQ", "X-QQ"},
        {"description", NULL, "NOTE", "NOTE"},
    };
    for (size_t i = 0; i < COUNT_OF(LINES); i++)
        export_line_text(c, is_old(x) ? LINES[i].old : LINES[i].head,
                         export_cards_text(x, c, NAMES(LINES[i].field, LINES[i].other)));
    Str site = export_cards_text(x, c, NAMES("website"));
    if (site.n)
        export_line_raw(c, "URL", site);
}

/* Columns of one's own under other names: every telephone number and address of mail. */
static void write_others(const Export *x, Cards *c)
{
    static const char *const KNOWN[] = {"mobile", "phone", "work_phone", "fax", "email"};
    for (size_t i = 0; i < x->n_columns; i++) {
        const QueryColumn *q = &x->columns[i];
        bool known = q->in_path;
        for (size_t k = 0; k < COUNT_OF(KNOWN); k++)
            known |= str_is(q->name, KNOWN[k]);
        if (known || (q->field->kind != F_EMAIL && q->field->kind != F_PHONE))
            continue;
        const char *name = str_z(c->pad, q->name);
        export_line_text(c, q->field->kind == F_EMAIL ? "EMAIL" : "TEL",
                         export_cards_text(x, c, NAMES(name)));
    }
}

static void write_card(Export *x, Cards *c)
{
    const char *title = str_z(c->pad, x->object->title->name);
    Str name = str_copy(c->pad, export_cards_text(x, c, NAMES(title)));
    const Value *id = export_cards_value(x, c, NAMES("id"), NULL);
    const Value *changed = export_cards_value(x, c, NAMES("updated_at"), NULL);
    export_line_raw(c, "BEGIN", STR("VCARD"));
    export_line_raw(c, "VERSION", is_old(x) ? STR("3.0") : STR("4.0"));
    export_line_raw(c, "PRODID", STR("-//Guanxi//Guanxi//EN"));
    if (!is_old(x))
        export_line_raw(c, "KIND", is_firm(x) ? STR("org") : STR("individual"));
    if (id)
        export_line_raw(c, "UID", export_line_urn(c->pad, x, id->i));
    export_line_text(c, "FN", name.n ? name : STR("-")); /* a card must have one */
    write_name(c, is_firm(x) ? STR("") : name);
    write_organisation(x, c, name);
    write_lines(x, c);
    write_others(x, c);
    write_address(x, c);
    write_born(x, c);
    write_tags(x, c);
    if (changed && changed->t == V_TIME)
        export_line_raw(c, "REV", export_line_instant(c->pad, changed->i, true));
    export_line_raw(c, "END", STR("VCARD"));
}

/* ---- the writer */
static Status vcard_begin(Export *x, const char *path, void **ret)
{
    Cards *c = NULL;
    Status st = export_cards_begin(x, path, write_card, &c);
    *ret = c;
    c->plain_semicolons = !is_old(x);
    return st;
}

const ExportWriter export_vcard = {.begin = vcard_begin,
                                   .rows = export_cards_rows,
                                   .end = export_cards_end,
                                   .close = export_cards_close,
                                   .fits = vcard_fits,
                                   .ending = "vcf",
                                   .type = "text/vcard"};
