/* SPDX-License-Identifier: Apache-2.0 */
/* JSON of single fields, prepared when a catalogue is compiled. */
#pragma once
#include "meta/meta.h"

void meta_write_field(Arena *a, Field *f); /* sets f->json */
void meta_write_label(Buf *b, const Label *l);
void meta_verbs_write(const Object *o, const MetaView *view, Buf *out); /* meta_verbs.c */

/* meta_visible.c: parts of declarations without what names a field hidden from the reader. */
bool meta_hides_any(const Object *o, const MetaView *view);
bool meta_mentions_hidden(const Object *o, const MetaView *view, Str text);
void meta_write_visible_sets(const Object *o, const MetaView *view, const json_t *sets, Buf *out);
