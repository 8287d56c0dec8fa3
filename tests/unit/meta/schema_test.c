/* SPDX-License-Identifier: Apache-2.0 */
/* schema/ is true: the shipped files are valid by it, and wrong ones are not. */
#include "base/embed.h"
#include "base/str.h"
#include "schema_check.h"
#include "test.h"

static const struct {
    const char *ends, *schema;
} kinds[] = {
    {".object.json", "object.schema.json"},
    {".layouts.json", "layouts.schema.json"},
    {".access.json", "access.schema.json"},
};

static const char *schema_of(Str path)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (str_ends(path, str_of(kinds[i].ends)))
            return kinds[i].schema;
    }
    return str_starts(path, STR("seed/lists")) ? "lists.schema.json" : NULL;
}

TEST(schema, fits_every_shipped_file)
{
    size_t checked = 0;
    for (size_t i = 0; i < embed_meta_count; i++) {
        const EmbedFile *f = &embed_meta[i];
        const char *name = schema_of(str_of(f->path));
        char why[500];
        if (!name)
            continue;
        json_t *schema = schema_read(name);
        json_t *file = json_loadb((const char *)f->data, f->size, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(file);
        if (!schema_check(schema, schema, file, why, sizeof(why)))
            fail_msg("%s: %s", f->path, why);
        json_decref(file);
        json_decref(schema);
        checked++;
    }
    assert_true(checked >= 12 * 3 + 2);
}

static const struct {
    const char *schema, *text;
} wrong[] = {
    {"object.schema.json", "{\"object\":\"a\"}"},
    {"object.schema.json", "{\"object\":\"A\",\"plural\":\"as\"}"},
    {"object.schema.json", "{\"object\":\"a\",\"plural\":\"as\",\"traits\":[\"owned\",\"owned\"]}"},
    {"object.schema.json",
     "{\"object\":\"a\",\"plural\":\"as\",\"fields\":[{\"name\":\"x\",\"type\":\"telepathy\"}]}"},
    {"object.schema.json", "{\"object\":\"a\",\"plural\":\"as\",\"fields\":[{\"name\":\"x\","
                           "\"type\":\"text\",\"colour\":1}]}"},
    {"object.schema.json", "{\"object\":\"a\",\"plural\":\"as\",\"fields\":[{\"name\":\"x\","
                           "\"type\":\"decimal\",\"scale\":10}]}"},
    {"object.schema.json", "{\"object\":\"a\",\"plural\":\"as\",\"unique\":[[]]}"},
    {"object.schema.json", "{\"object\":\"a\",\"plural\":\"as\",\"verbs\":[{\"verb\":\"x\","
                           "\"label\":{},\"needs\":\"luck\"}]}"},
    {"layouts.schema.json",
     "{\"object\":\"a\",\"layouts\":[{\"layout\":\"a.form\",\"kind\":\"x\"}]}"},
    {"layouts.schema.json", "{\"object\":\"a\",\"views\":[{\"view\":\"v\"}]}"},
    {"access.schema.json", "{\"object\":\"a\",\"roles\":{\"seller\":{\"read\":\"some\"}}}"},
    {"access.schema.json",
     "{\"object\":\"a\",\"roles\":{\"seller\":{\"read\":\"own\",\"create\":1}}}"},
    {"lists.schema.json", "{\"lists\":[{\"list\":\"a\",\"label\":{},\"entries\":[]}]}"},
};

TEST(schema, refuses_what_the_server_refuses)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char why[500];
        json_t *schema = schema_read(wrong[i].schema);
        json_t *value = json_loads(wrong[i].text, 0, NULL);
        assert_non_null(value);
        if (schema_check(schema, schema, value, why, sizeof(why)))
            fail_msg("%s passed", wrong[i].text);
        json_decref(value);
        json_decref(schema);
    }
}

TEST_MAIN("schema")
