/* SPDX-License-Identifier: Apache-2.0 */
/* XML of a workbook's parts as a stream of events (expat). Names come without their prefix. A document
 * type, and with it every entity of its own, is refused; depth and length of one tag are bounded. */
#pragma once
#include "import/zip.h"

#define XML_MAX_DEPTH 64
#define XML_MAX_TAG ((int64_t)1 << 20)

typedef struct XmlHandler {
    /* attributes: name, value, …, NULL. What is not ST_OK stops the reading. */
    Status (*start)(Ctx *cx, void *arg, const char *name, const char **attributes);
    Status (*end)(Ctx *cx, void *arg, const char *name);
    Status (*text)(Ctx *cx, void *arg, Str piece); /* NULL: not wanted */
} XmlHandler;

CHECKED Status xml_read(Ctx *cx, const Zip *z, const ZipEntry *e, const XmlHandler *h, void *arg);
/* Value of an attribute by its name without prefix; null if absent. */
Str xml_attribute(const char **attributes, const char *name);
/* The bare name: "x:row" → "row". */
const char *xml_local(const char *name);
