/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 8292: a token signed by the organisation's key (JWT, ES256), good for one push service. */
#include "base/base64.h"
#include "base/buf.h"
#include "notify/push_curve.h"

static const char HEADER[] = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";

Str push_token(Arena *a, const PushKey *key, Str audience, Str contact, int64_t expires_s)
{
    unsigned char signature[64];
    Buf claims = buf_in(a, 4096);
    buf_lit(&claims, "{\"aud\":");
    buf_json_str(&claims, audience);
    buf_printf(&claims, ",\"exp\":%lld", (long long)expires_s);
    if (contact.n) {
        buf_lit(&claims, ",\"sub\":");
        buf_json_str(&claims, contact);
    }
    buf_char(&claims, '}');
    Str body = buf_str(&claims);
    Str text =
        str_format(a, STR_FMT "." STR_FMT, STR_ARG(base64_text(a, HEADER, sizeof HEADER - 1)),
                   STR_ARG(base64_text(a, body.p, body.n)));
    if (buf_overflowed(&claims) || !push_curve_sign(key, text, signature))
        return STR("");
    return str_format(a, "vapid t=" STR_FMT "." STR_FMT ", k=" STR_FMT, STR_ARG(text),
                      STR_ARG(base64_text(a, signature, sizeof signature)),
                      STR_ARG(base64_text(a, key->point, PUSH_POINT)));
}
