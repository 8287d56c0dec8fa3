/* SPDX-License-Identifier: Apache-2.0 */
/* JSON of single fields, prepared when a catalogue is compiled. */
#pragma once
#include "meta/meta.h"

void meta_write_field(Arena *a, Field *f); /* sets f->json */
