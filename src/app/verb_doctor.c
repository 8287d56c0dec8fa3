/* SPDX-License-Identifier: Apache-2.0 */
/* guanxi doctor [--repair] [--json]: what of the database is out of step. Status 0: nothing, or all
 * repaired; 3: problems remain. Where no server runs, opening has already added missing tables,
 * columns and small indexes. */
#include "app/app.h"
#include <stdio.h>

static int print_report(const Settings *s, const json_t *report)
{
    size_t i;
    json_t *p;
    int open = 0;
    json_array_foreach(json_object_get(report, "problems"), i, p)
    {
        bool repaired = json_get_bool(p, "repaired", false);
        Str check = json_get_str(p, "check"), object = json_get_str(p, "object");
        Str what = json_get_str(p, "what");
        open += !repaired;
        if (!s->json)
            printf("%s %.*s %.*s: %.*s\n", repaired ? "repaired" : "problem ", STR_ARG(check),
                   STR_ARG(object), STR_ARG(what));
    }
    if (s->json) {
        json_dumpf(report, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        printf("%lld objects looked at, %zu problems, %d left\n",
               (long long)json_get_int(report, "checked", 0), i, open);
    }
    return open ? 3 : 0;
}

static int doctor_run(Ctx *cx, const Settings *s, Client *c)
{
    json_t *result = NULL;
    int exit_status = client_job(cx, c, "/doctor",
                                 s->repair ? "{\"repair\":true}" : "{\"repair\":false}", &result);
    return exit_status ? exit_status : print_report(s, result);
}

int verb_doctor(Ctx *cx, const Settings *s) { return verb_with_client(cx, s, doctor_run); }
