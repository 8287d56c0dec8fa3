/* SPDX-License-Identifier: Apache-2.0 */
/* GET /meta: JSON that reads back, complete, and without what the reader may not see.
 * Covers: meta_visible.c */
#include "meta_fixture.h"

static json_t *written(MetaTest *t, const MetaView *view)
{
    Buf b = buf_in(t->arena, 8 * 1024 * 1024);
    json_t *j;
    meta_write(t->cx.meta, view, &b);
    assert_false(buf_overflowed(&b));
    ASSERT_OK(json_parse(&t->cx, buf_str(&b), &j));
    return j;
}

static json_t *named(const json_t *list, const char *key, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)list, i, item)
    {
        if (str_is(json_get_str(item, key), name))
            return item;
    }
    return NULL;
}

static void whole(MetaTest *t)
{
    json_t *j = written(t, NULL);
    json_t *account = named(json_object_get(j, "objects"), "object", "account");
    json_t *fields = json_object_get(account, "fields");
    assert_int_equal(json_array_size(json_object_get(j, "objects")), t->cx.meta->n_objects);
    assert_non_null(named(json_object_get(j, "lists"), "list", "industry"));
    assert_null(named(json_object_get(j, "lists"), "list", "pay_method")); /* no field uses it */
    assert_true(str_is(json_get_str(account, "title"), "name"));
    json_t *name = named(fields, "name", "name");
    assert_true(json_get_bool(name, "required", false));
    assert_int_equal(json_get_int(name, "max", 0), 200);
    assert_true(str_is(json_get_str(named(fields, "name", "industry"), "list"), "industry"));
    assert_true(str_is(json_get_str(named(fields, "name", "owner"), "to"), "user"));
    assert_true(json_get_bool(named(fields, "name", "id"), "system", false));
    json_t *kind =
        named(json_object_get(named(json_object_get(j, "objects"), "object", "region"), "fields"),
              "name", "kind");
    assert_int_equal(json_array_size(json_object_get(kind, "choices")), 6);
    assert_non_null(named(json_object_get(account, "relations"), "name", "contacts"));
    assert_non_null(named(json_object_get(account, "layouts"), "kind", "form"));
    assert_non_null(named(json_object_get(account, "views"), "view", "mine"));
}

TEST(meta_write, writes_the_whole_catalogue) { meta_fixture_run(whole); }

static bool no_contacts(void *arg, const Object *o)
{
    (void)arg;
    return !str_is(o->name, "contact");
}

static bool no_phones(void *arg, const Field *f)
{
    (void)arg;
    return f->kind != F_PHONE;
}

static void full_rights(void *arg, const Object *o, Buf *out)
{
    (void)arg, (void)o;
    buf_lit(out, ",\"rights\":{\"read\":\"all\"}");
}

static void filtered(MetaTest *t)
{
    MetaView view = {.object = no_contacts, .field = no_phones, .rights = full_rights};
    json_t *objects = json_object_get(written(t, &view), "objects");
    json_t *account = named(objects, "object", "account");
    json_t *fields = json_object_get(account, "fields");
    assert_null(named(objects, "object", "contact"));
    assert_null(named(fields, "name", "phone"));
    assert_null(named(fields, "name", "primary_contact")); /* leads to what is hidden */
    assert_null(named(json_object_get(account, "relations"), "object", "contact"));
    assert_true(str_is(json_get_str(json_object_get(account, "rights"), "read"), "all"));
}

static bool no_level(void *arg, const Field *f)
{
    (void)arg;
    return !str_is(f->name, "level");
}

static void hides_mentions(MetaTest *t)
{
    MetaView view = {.field = no_level};
    json_t *account = named(json_object_get(written(t, &view), "objects"), "object", "account");
    json_t *layouts = json_object_get(account, "layouts");
    json_t *first = json_array_get(json_object_get(named(layouts, "kind", "form"), "sections"), 0);
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(first, "fields"), i, field)
        assert_false(str_is(json_str(field), "level"));
    assert_int_equal(json_array_size(json_object_get(first, "fields")), 11);
    assert_null(named(layouts, "kind", "board")); /* its columns are the levels */
    assert_null(named(json_object_get(account, "views"), "view", "key_accounts"));
    assert_non_null(named(json_object_get(account, "views"), "view", "mine"));
}

TEST(meta_write, names_hidden_fields_nowhere) { meta_fixture_run(hides_mentions); }

TEST(meta_write, leaves_out_what_may_not_be_seen) { meta_fixture_run(filtered); }

TEST_MAIN("meta_write")
