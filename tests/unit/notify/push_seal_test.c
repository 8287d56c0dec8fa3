/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing against the example of RFC 8291 (5 and appendix A); tokens as RFC 8292 has them.
 * Covers: push_seal.c push_curve.c push_token.c */
#include "../test.h"

#include "base/base64.h"
#include "base/json.h"
#include "notify/push_curve.h"

static void read_bytes(const char *text, unsigned char *ret, size_t n)
{
    size_t got = 0;
    assert_true(base64_read(str_of(text), ret, n, &got));
    assert_int_equal(got, n);
}

static const char UA_POINT[] =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
static const char AS_POINT[] =
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
static const char AS_SECRET[] = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
static const char SEALED[] = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
                             "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
                             "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

TEST(seal, gives_what_the_rfc_shows)
{
    Arena *a = arena_new(4096);
    PushTo to;
    PushKey once;
    unsigned char salt[16];
    Str sealed;
    read_bytes(UA_POINT, to.point, PUSH_POINT);
    read_bytes("BTBZMqHH6r4Tts7J_aSIgg", to.auth, PUSH_AUTH);
    read_bytes(AS_POINT, once.point, PUSH_POINT);
    read_bytes(AS_SECRET, once.secret, PUSH_SECRET);
    read_bytes("DGv6ra1nlYgDCS1FRnbzlw", salt, sizeof salt);
    assert_true(
        push_seal(a, &to, &once, salt, STR("When I grow up, I want to be a watermelon"), &sealed));
    Str text = base64_text(a, sealed.p, sealed.n);
    if (!str_is(text, SEALED))
        fail_msg("%.*s", STR_ARG(text));
    arena_free(a);
}

TEST(seal, refuses_what_is_too_long_and_points_off_the_curve)
{
    Arena *a = arena_new(4096);
    PushTo to;
    PushKey once;
    Str sealed, plain = str_n(arena_zero(a, PUSH_PLAIN + 1), PUSH_PLAIN + 1);
    const unsigned char salt[16] = {0};
    assert_true(push_key_make(&once));
    memcpy(to.point, once.point, PUSH_POINT);
    memset(to.auth, 1, PUSH_AUTH);
    assert_false(push_seal(a, &to, &once, salt, plain, &sealed));
    plain.n--;
    assert_true(push_seal(a, &to, &once, salt, plain, &sealed));
    assert_true(sealed.n <= 4096);
    assert_true(push_point_is_good(to.point));
    to.point[40] ^= 1;
    assert_false(push_point_is_good(to.point));
    assert_false(push_seal(a, &to, &once, salt, plain, &sealed));
    memcpy(to.point, once.point, PUSH_POINT);
    to.point[0] = 2; /* compressed form: its length is another */
    assert_false(push_point_is_good(to.point));
    memset(to.point, 0, PUSH_POINT);
    assert_false(push_point_is_good(to.point));
    arena_free(a);
}

/* What libcrypto signs it verifies, with the numbers put back into DER. */
static bool verifies(const PushKey *key, Str text, const unsigned char sig[64])
{
    unsigned char der[80] = {0x30, 0};
    size_t n = 2;
    for (int half = 0; half < 2; half++) {
        const unsigned char *number = sig + half * 32;
        bool high = number[0] & 0x80;
        der[n++] = 2;
        der[n++] = (unsigned char)(32 + high);
        if (high)
            der[n++] = 0;
        memcpy(der + n, number, 32);
        n += 32;
    }
    der[1] = (unsigned char)(n - 2);
    EVP_PKEY *pkey = push_curve_point(key->point);
    EVP_MD_CTX *cx = EVP_MD_CTX_new();
    bool is = EVP_DigestVerifyInit(cx, NULL, EVP_sha256(), NULL, pkey) > 0 &&
              EVP_DigestVerify(cx, der, n, (const unsigned char *)text.p, text.n) == 1;
    EVP_MD_CTX_free(cx);
    EVP_PKEY_free(pkey);
    return is;
}

static bool starts_with_zero(const unsigned char sig[64]) { return !sig[0] || !sig[32]; }

TEST(token, is_signed_by_the_key_it_names)
{
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    PushKey key;
    assert_true(push_key_make(&key));
    Str token = push_token(a, &key, STR("https://push.example"), STR("https://crm.example"), 77);
    size_t comma = str_find(token, STR(", k="));
    assert_true(str_starts(token, STR("vapid t=")));
    assert_true(comma != SIZE_MAX);
    assert_true(str_eq(str_sub(token, comma + 4, SIZE_MAX), base64_text(a, key.point, PUSH_POINT)));
    Str jwt = str_sub(token, 8, comma - 8), rest = jwt, head, body;
    assert_true(str_split(&rest, '.', &head) && str_split(&rest, '.', &body));
    unsigned char sig[64], text[512];
    size_t n = 0;
    assert_true(base64_read(rest, sig, sizeof sig, &n) && n == 64);
    assert_true(starts_with_zero(sig) || verifies(&key, str_sub(jwt, 0, head.n + 1 + body.n), sig));
    assert_true(base64_read(body, text, sizeof text, &n));
    json_t *claims = NULL;
    ASSERT_OK(json_parse(&cx, str_n((const char *)text, n), &claims));
    assert_true(str_is(json_get_str(claims, "aud"), "https://push.example"));
    assert_true(str_is(json_get_str(claims, "sub"), "https://crm.example"));
    assert_int_equal(json_integer_value(json_object_get(claims, "exp")), 77);
    arena_free(a);
}

TEST_MAIN("push_seal")
