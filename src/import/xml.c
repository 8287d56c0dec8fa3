/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of an archive's entry go straight into expat; nothing of the document is kept. */
#include "import/xml.h"
#include <expat.h>

typedef struct Xml {
    Ctx *cx;
    XML_Parser parser;
    const XmlHandler *handler;
    void *arg;
    Status failed;
    int depth;
    int64_t fed;
} Xml;

const char *xml_local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

Str xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (!strcmp(xml_local(attributes[0]), name))
            return str_of(attributes[1]);
    return STR_NULL;
}

static void stop(Xml *x, Status st)
{
    if (st == ST_OK || x->failed != ST_OK)
        return;
    x->failed = st;
    XML_StopParser(x->parser, XML_FALSE);
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
    Xml *x = arg;
    if (++x->depth > XML_MAX_DEPTH)
        stop(x, FAIL(x->cx, ST_INVALID, "import.xml_broken", "a part of the workbook is no XML"));
    else
        stop(x, x->handler->start(x->cx, x->arg, xml_local(name), attributes));
}

static void on_end(void *arg, const XML_Char *name)
{
    Xml *x = arg;
    x->depth--;
    if (x->failed == ST_OK)
        stop(x, x->handler->end(x->cx, x->arg, xml_local(name)));
}

static void on_text(void *arg, const XML_Char *text, int n)
{
    Xml *x = arg;
    if (x->failed == ST_OK)
        stop(x, x->handler->text(x->cx, x->arg, str_n(text, (size_t)n)));
}

static void on_doctype(void *arg, const XML_Char *name UNUSED, const XML_Char *system UNUSED,
                       const XML_Char *public UNUSED, int internal UNUSED)
{
    Xml *x = arg;
    stop(x, FAIL(x->cx, ST_INVALID, "import.xml_doctype",
                 "the workbook declares a document type, which workbooks never do"));
}

static Status result(Xml *x, enum XML_Status got)
{
    if (x->failed != ST_OK)
        return x->failed;
    if (got != XML_STATUS_OK || x->fed - XML_GetCurrentByteIndex(x->parser) > XML_MAX_TAG)
        return FAIL(x->cx, ST_INVALID, "import.xml_broken", "a part of the workbook is no XML");
    return ST_OK;
}

static Status take(Ctx *cx UNUSED, void *arg, Str piece)
{
    Xml *x = arg;
    x->fed += (int64_t)piece.n;
    return result(x, XML_Parse(x->parser, piece.p, (int)piece.n, XML_FALSE));
}

Status xml_read(Ctx *cx, const Zip *z, const ZipEntry *e, const XmlHandler *h, void *arg)
{
    Xml x = {.cx = cx, .handler = h, .arg = arg, .failed = ST_OK};
    x.parser = XML_ParserCreate(NULL);
    if (!x.parser)
        return FAIL(cx, ST_INTERNAL, "import.xml_broken", "a part of the workbook is no XML");
    XML_SetUserData(x.parser, &x);
    XML_SetElementHandler(x.parser, on_start, on_end);
    if (h->text)
        XML_SetCharacterDataHandler(x.parser, on_text);
    XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
    Status st = zip_read(cx, z, e, take, &x);
    if (st == ST_OK) {
        x.fed = 0;
        enum XML_Status got = XML_Parse(x.parser, "", 0, XML_TRUE);
        st = x.failed != ST_OK ? x.failed
             : got == XML_STATUS_OK
                 ? ST_OK
                 : FAIL(cx, ST_INVALID, "import.xml_broken", "a part of the workbook is no XML");
    }
    XML_ParserFree(x.parser);
    return st;
}
