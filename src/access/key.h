/* SPDX-License-Identifier: Apache-2.0 */
/* API keys (access_key.c): "gx_" + 43 characters, kept as hash, shown once. They act as their person. */
#pragma once
#include "access/access.h"

CHECKED Status access_key_new(Ctx *cx, AccessStore *s, Id user, Str name, Plan *plan, Id *ret_id,
                              Str *ret_key);
CHECKED Status access_key_revoke(Ctx *cx, AccessStore *s, Id user, Id key, Plan *plan);
CHECKED Status access_key(Ctx *cx, AccessStore *s, Str key, Id *ret_user);
/* {"items":[{"id","name","created_at"}]} of one user. */
CHECKED Status access_keys_write(Ctx *cx, Id user, Buf *out);
/* {"items":[{"id","name","created_at","user":{…}}],"next"} of everybody, behind `after`. */
CHECKED Status access_keys_write_all(Ctx *cx, Id after, int limit, Buf *out);
CHECKED Status access_key_person(Ctx *cx, Id key, Id *ret_user); /* whose it is; ST_NOT_FOUND */
