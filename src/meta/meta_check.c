/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of a declaration's shape: attributes known, labels, flags and texts of the right kind. */
#include "base/utf8.h"
#include "meta/meta_build.h"

#define LABEL_MAX 200

static bool is_listed(const char *allowed, Str name)
{
    Str rest = str_of(allowed), word;
    while (rest.n && str_split(&rest, ' ', &word)) {
        if (str_eq(word, name))
            return true;
    }
    return false;
}

Status meta_check_attributes(MetaBuild *b, const json_t *decl, const char *allowed,
                             const char *more)
{
    Status st = ST_OK;
    const char *key;
    json_t *value;
    if (!json_is_object(decl))
        return FIELD_FAIL(b->cx, meta_path(b, ""), "bad_value", "meta.not_an_object",
                          "must be an object");
    json_object_foreach((json_t *)decl, key, value)
    {
        if (is_listed(allowed, str_of(key)) || (more && is_listed(more, str_of(key))))
            continue;
        st = FIELD_FAIL(b->cx, meta_path(b, key), "unknown_attribute", "meta.unknown_attribute",
                        "there is no attribute \"%s\" here", key);
    }
    return st;
}

static Status label_part(MetaBuild *b, const char *part, const char *lang, const json_t *text,
                         Label *ret)
{
    Str s = json_str(text);
    bool zh = !strcmp(lang, "zh-CN");
    if (!zh && strcmp(lang, "en") != 0)
        return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.label_language",
                          "a label has the languages zh-CN and en");
    if (!json_is_string(text) || utf8_length(s) > LABEL_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.bad_label",
                          "must be a text of at most %d characters", LABEL_MAX);
    *(zh ? &ret->zh : &ret->en) = s;
    return ST_OK;
}

Status meta_check_label(MetaBuild *b, const json_t *decl, const char *part, Str dflt, Label *ret)
{
    json_t *label = json_object_get(decl, part), *text;
    const char *lang;
    *ret = (Label){0};
    if (label && !json_is_object(label))
        return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.label_form",
                          "must have the form {\"zh-CN\":\"…\",\"en\":\"…\"}");
    json_object_foreach(label, lang, text) { TRY(label_part(b, part, lang, text, ret)); }
    if (!ret->zh.n && !ret->en.n)
        ret->zh = ret->en = dflt;
    return ST_OK;
}

Status meta_check_flag(MetaBuild *b, const json_t *decl, const char *part, bool dflt, bool *ret)
{
    json_t *flag = json_object_get(decl, part);
    *ret = flag ? json_is_true(flag) : dflt;
    if (!flag || json_is_boolean(flag))
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.bad_flag",
                      "must be true or false");
}

Status meta_check_text(MetaBuild *b, const json_t *decl, const char *part, Str *ret)
{
    json_t *text = json_object_get(decl, part);
    *ret = json_str(text);
    if (!text || json_is_string(text) || json_is_null(text))
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.bad_text", "must be a text");
}
