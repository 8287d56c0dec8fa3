/* SPDX-License-Identifier: Apache-2.0 */
/* customer: accounts and their contacts. A person customer is an account of kind person with exactly one
 * contact, its primary_contact; name, mobile and e-mail are kept equal, whichever of the two is
 * written (dictionary 1). Lists, orders and analysis always hang on the account.
 *
 * Imports bring accounts whose contact is made with them; a file of contacts may add others, since it may come
 * from where a person had several. */
#pragma once
#include "verb/verb.h"

extern const RecordHooks account_hooks, contact_hooks;
extern const RecordVerb pooled_verbs[]; /* pool/pooled.c */

const Field *customer_field(const Record *r, const char *name);
const Value *customer_get(const Record *r, const char *name);
bool customer_is_person(const Record *account);
/* Copies what the two have in common, in either direction; true if anything changed. */
bool customer_equal(Record *to, const Record *from);
/* The name it had before this write is kept among the former ones. */
void customer_keep_name(Ctx *cx, Record *r);
/* One of the fields that are kept equal was set in this write. */
bool customer_touched(const Record *r);
