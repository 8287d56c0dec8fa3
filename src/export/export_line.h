/* SPDX-License-Identifier: Apache-2.0 */
/* Content lines of vCard and iCalendar: NAME:value, folded at 75 bytes between characters, ended by
 * CR LF; and the state that both writers share. */
#pragma once
#include "export/export_internal.h"

typedef struct Cards Cards;
struct Cards {
    ExportFile *file;
    Buf out, value;
    const Value *row;      /* in hand */
    Arena *pad;            /* of the row in hand */
    bool plain_semicolons; /* in texts of one part, as vCard 4.0 has them */
    void (*write)(Export *x, Cards *c);
};

CHECKED Status export_cards_begin(Export *x, const char *path, void (*write)(Export *, Cards *),
                                  Cards **ret);
/* As an ExportWriter wants them. */
CHECKED Status export_cards_rows(Export *x, void *state, const Value *rows, size_t n);
CHECKED Status export_cards_end(Export *x, void *state);
void export_cards_close(void *state);

/* What stands in the row under one of these names (ended by NULL): the first that is there and holds
 * something. NULL: none. */
const Value *export_cards_value(const Export *x, const Cards *c, const char *const *names,
                                const QueryColumn **ret_column);
/* Likewise as text for people; empty: none. Lives until the next call. */
Str export_cards_text(const Export *x, Cards *c, const char *const *names);

/* Adds , ; \ and line ends escaped. */
void export_line_escape(Buf *out, Str text);
/* head ("SUMMARY", "TEL;TYPE=cell"), then the value as it stands. */
void export_line_raw(Cards *c, const char *head, Str value);
void export_line_text(Cards *c, const char *head, Str text); /* escaped; nothing when empty */
/* 20260301T020304Z, or 20260301 of a day. */
Str export_line_instant(Arena *a, int64_t ms, bool utc);
Str export_line_day(Arena *a, int64_t day, bool dashes);
/* urn:x-guanxi:object:id */
Str export_line_urn(Arena *a, const Export *x, Id id);
