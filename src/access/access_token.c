/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of sessions and API keys: 256 random bits. Stored as BLAKE2b hash, so that a stolen
 * database opens nothing; no salt or slow hash is needed for what cannot be guessed. */
#include "access/access_internal.h"
#include <sodium.h>

void access_token_new(char out[44])
{
    uint8_t raw[TOKEN_BYTES];
    randombytes_buf(raw, sizeof(raw));
    sodium_bin2base64(out, 44, raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(raw, sizeof(raw));
}

void access_token_hash(Str token, uint8_t out[TOKEN_HASH])
{
    crypto_generichash(out, TOKEN_HASH, (const uint8_t *)token.p, token.n, NULL, 0);
}

size_t access_token_slot(const uint8_t hash[TOKEN_HASH], size_t slots)
{
    uint32_t head;
    memcpy(&head, hash, sizeof(head));
    return head % slots;
}
