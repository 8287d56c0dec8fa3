/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, agreement and signatures on P-256 by libcrypto, which libsodium does not have. */
#include "notify/push_curve.h"
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

#define CURVE "P-256"

static EVP_PKEY *from_parameters(OSSL_PARAM *parameters, int selection)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *cx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (!cx || !parameters || EVP_PKEY_fromdata_init(cx) <= 0 ||
        EVP_PKEY_fromdata(cx, &pkey, selection, parameters) <= 0)
        pkey = NULL;
    EVP_PKEY_CTX_free(cx);
    return pkey;
}

static EVP_PKEY *build(const unsigned char *secret, const unsigned char point[PUSH_POINT])
{
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    BIGNUM *number = secret ? BN_bin2bn(secret, PUSH_SECRET, NULL) : NULL;
    OSSL_PARAM *parameters = NULL;
    if (b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, CURVE, 0) &&
        OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, PUSH_POINT) &&
        (!number || OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, number)))
        parameters = OSSL_PARAM_BLD_to_param(b);
    EVP_PKEY *pkey = from_parameters(parameters, secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
    OSSL_PARAM_free(parameters);
    BN_clear_free(number);
    OSSL_PARAM_BLD_free(b);
    return pkey;
}

EVP_PKEY *push_curve_pair(const PushKey *key) { return build(key->secret, key->point); }

EVP_PKEY *push_curve_point(const unsigned char point[PUSH_POINT])
{
    EVP_PKEY *pkey = build(NULL, point);
    EVP_PKEY_CTX *cx = pkey ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
    bool good = cx && EVP_PKEY_public_check(cx) == 1;
    EVP_PKEY_CTX_free(cx);
    if (good)
        return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

bool push_point_is_good(const unsigned char point[PUSH_POINT])
{
    EVP_PKEY *pkey = point[0] == POINT_CONVERSION_UNCOMPRESSED ? push_curve_point(point) : NULL;
    EVP_PKEY_free(pkey);
    return pkey != NULL;
}

bool push_key_make(PushKey *ret)
{
    EVP_PKEY *pkey = EVP_EC_gen(CURVE);
    BIGNUM *number = NULL;
    size_t n = 0;
    bool made = pkey && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &number) &&
                BN_bn2binpad(number, ret->secret, PUSH_SECRET) == PUSH_SECRET &&
                EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, ret->point,
                                                PUSH_POINT, &n) &&
                n == PUSH_POINT;
    BN_clear_free(number);
    EVP_PKEY_free(pkey);
    return made;
}

bool push_curve_agree(const PushKey *mine, const unsigned char theirs[PUSH_POINT],
                      unsigned char ret[PUSH_SECRET])
{
    EVP_PKEY *own = push_curve_pair(mine), *peer = push_curve_point(theirs);
    EVP_PKEY_CTX *cx = own ? EVP_PKEY_CTX_new(own, NULL) : NULL;
    size_t n = PUSH_SECRET;
    bool agreed = cx && peer && EVP_PKEY_derive_init(cx) > 0 &&
                  EVP_PKEY_derive_set_peer(cx, peer) > 0 && EVP_PKEY_derive(cx, ret, &n) > 0 &&
                  n == PUSH_SECRET;
    EVP_PKEY_CTX_free(cx);
    EVP_PKEY_free(own);
    EVP_PKEY_free(peer);
    return agreed;
}

/* libcrypto gives DER; a token holds the two numbers side by side (RFC 7515, 3.4). */
static bool two_numbers(const unsigned char *der, size_t n, unsigned char ret[64])
{
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
    bool is = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, 32) == 32 &&
              BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + 32, 32) == 32;
    ECDSA_SIG_free(sig);
    return is;
}

bool push_curve_sign(const PushKey *key, Str text, unsigned char ret[64])
{
    EVP_PKEY *own = push_curve_pair(key);
    EVP_MD_CTX *cx = EVP_MD_CTX_new();
    unsigned char der[128];
    size_t n = sizeof der;
    bool is = own && cx && EVP_DigestSignInit(cx, NULL, EVP_sha256(), NULL, own) > 0 &&
              EVP_DigestSign(cx, der, &n, (const unsigned char *)text.p, text.n) > 0 &&
              two_numbers(der, n, ret);
    EVP_MD_CTX_free(cx);
    EVP_PKEY_free(own);
    return is;
}
