/* SPDX-License-Identifier: Apache-2.0 */
/* Private to notify/: P-256 as libcrypto does it. */
#pragma once
#include "notify/push.h"
#include <openssl/evp.h>

/* With the secret (key) or without (point); NULL: not on the curve. */
EVP_PKEY *push_curve_pair(const PushKey *key);
EVP_PKEY *push_curve_point(const unsigned char point[PUSH_POINT]);
bool push_curve_agree(const PushKey *mine, const unsigned char theirs[PUSH_POINT],
                      unsigned char ret[PUSH_SECRET]);
/* ES256: r and s, 32 bytes each. */
bool push_curve_sign(const PushKey *key, Str text, unsigned char ret[64]);
