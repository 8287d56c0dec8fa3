/* SPDX-License-Identifier: Apache-2.0 */
/* A small validator: type, enum, pattern, lengths, bounds, items, properties, required,
 * additionalProperties, $ref within schema/. An unknown keyword fails, so none is passed over. */
#include "schema_check.h"
#include "test.h"
#include <regex.h>

typedef struct Check {
    json_t *root; /* of the schema at hand, for "#/$defs/…" */
    char *why;
    size_t size;
} Check;

static bool check(Check *c, json_t *schema, json_t *v, const char *path);

json_t *schema_read(const char *name)
{
    char path[200];
    json_error_t error;
    snprintf(path, sizeof(path), "schema/%s", name);
    json_t *j = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!j)
        fail_msg("%s: %s", path, error.text);
    return j;
}

static bool wrong(Check *c, const char *path, const char *what)
{
    if (!*c->why)
        snprintf(c->why, c->size, "%s: %s", *path ? path : "(top)", what);
    return false;
}

static bool is_type(const char *type, const json_t *v)
{
    if (!strcmp(type, "object"))
        return json_is_object(v);
    if (!strcmp(type, "array"))
        return json_is_array(v);
    if (!strcmp(type, "string"))
        return json_is_string(v);
    if (!strcmp(type, "integer"))
        return json_is_integer(v);
    if (!strcmp(type, "number"))
        return json_is_number(v);
    if (!strcmp(type, "boolean"))
        return json_is_boolean(v);
    return !strcmp(type, "null") && json_is_null(v);
}

static bool check_type(const json_t *type, const json_t *v)
{
    size_t i;
    json_t *one;
    if (json_is_string(type))
        return is_type(json_string_value(type), v);
    json_array_foreach((json_t *)type, i, one)
    {
        if (is_type(json_string_value(one), v))
            return true;
    }
    return false;
}

static bool check_pattern(const char *pattern, const json_t *v)
{
    regex_t regex;
    if (!json_is_string(v))
        return true;
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    bool found = regexec(&regex, json_string_value(v), 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

static bool check_ref(Check *c, const char *ref, json_t *v, const char *path)
{
    char file[100];
    const char *hash = strchr(ref, '#');
    assert_non_null(hash);
    snprintf(file, sizeof(file), "%.*s", (int)(hash - ref), ref);
    Check inner = *c;
    if (*file)
        inner.root = schema_read(file);
    assert_int_equal(strncmp(hash, "#/$defs/", 8), 0);
    json_t *def = json_object_get(json_object_get(inner.root, "$defs"), hash + 8);
    assert_non_null(def);
    bool ok = check(&inner, def, v, path);
    if (*file)
        json_decref(inner.root);
    return ok;
}

static bool check_members(Check *c, const json_t *schema, json_t *v, const char *path)
{
    const char *key;
    json_t *value, *known = json_object_get(schema, "properties");
    json_t *more = json_object_get(schema, "additionalProperties");
    size_t i;
    json_array_foreach(json_object_get(schema, "required"), i, value)
    {
        if (!json_object_get(v, json_string_value(value)))
            return wrong(c, path, json_string_value(value));
    }
    json_object_foreach(v, key, value)
    {
        char inner[400];
        json_t *of_key = json_object_get(known, key);
        snprintf(inner, sizeof(inner), "%s/%s", path, key);
        if (!of_key && json_is_false(more))
            return wrong(c, inner, "is not known");
        if (!of_key)
            of_key = json_is_object(more) ? more : NULL;
        if (of_key && !check(c, of_key, value, inner))
            return false;
    }
    return true;
}

static bool check_items(Check *c, json_t *items, json_t *v, const char *path)
{
    size_t i;
    json_t *item;
    json_array_foreach(v, i, item)
    {
        char inner[400];
        snprintf(inner, sizeof(inner), "%s/%zu", path, i);
        if (!check(c, items, item, inner))
            return false;
    }
    return true;
}

static bool is_in(const json_t *list, const json_t *v)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one)
    {
        if (json_equal(one, v))
            return true;
    }
    return false;
}

static bool is_distinct(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        for (size_t k = 0; k < i; k++) {
            if (json_equal(json_array_get(list, i), json_array_get(list, k)))
                return false;
        }
    }
    return true;
}

static bool check_keyword(Check *c, const char *word, json_t *arg, json_t *v, const char *path)
{
    json_int_t n = json_integer_value(arg), i = json_integer_value(v);
    if (!strcmp(word, "$ref"))
        return check_ref(c, json_string_value(arg), v, path);
    if (!strcmp(word, "type"))
        return check_type(arg, v) || wrong(c, path, "has another type");
    if (!strcmp(word, "enum"))
        return is_in(arg, v) || wrong(c, path, "is none of the values");
    if (!strcmp(word, "pattern"))
        return check_pattern(json_string_value(arg), v) || wrong(c, path, "misses the pattern");
    if (!strcmp(word, "maxLength"))
        return json_string_length(v) <= (size_t)n * 4 || wrong(c, path, "is too long");
    if (!strcmp(word, "minimum"))
        return i >= n || wrong(c, path, "is too small");
    if (!strcmp(word, "maximum"))
        return i <= n || wrong(c, path, "is too great");
    if (!strcmp(word, "minItems"))
        return json_array_size(v) >= (size_t)n || wrong(c, path, "has too few items");
    if (!strcmp(word, "maxItems"))
        return json_array_size(v) <= (size_t)n || wrong(c, path, "has too many items");
    if (!strcmp(word, "uniqueItems"))
        return is_distinct(v) || wrong(c, path, "repeats an item");
    if (!strcmp(word, "items"))
        return check_items(c, arg, v, path);
    static const char *const silent[] = {
        "$schema",     "$id",        "title",    "$defs",
        "description", "properties", "required", "additionalProperties"};
    for (size_t k = 0; k < COUNT_OF(silent); k++) {
        if (!strcmp(word, silent[k]))
            return true;
    }
    return wrong(c, path, "the schema has a keyword this check does not know");
}

static bool check(Check *c, json_t *schema, json_t *v, const char *path)
{
    const char *word;
    json_t *arg;
    json_object_foreach(schema, word, arg)
    {
        if (!check_keyword(c, word, arg, v, path))
            return false;
    }
    return !json_is_object(v) || check_members(c, schema, v, path);
}

bool schema_check(json_t *root, json_t *schema, json_t *value, char *why, size_t size)
{
    Check c = {.root = root, .why = why, .size = size};
    *why = '\0';
    return check(&c, schema, value, "");
}
