/* SPDX-License-Identifier: Apache-2.0 */
/* An organisation of six over the shipped catalogue: 1 system, 101 admin, 102 ana and 103 bo sell in
 * departments 201 and 202 (202 below 201), 104 mia manages 201, 105 left. */
#pragma once
#include "../query/query_fixture.h"
#include "access/access.h"

typedef struct AccessTest {
    QueryTest *q;
    Ctx *cx;
    AccessStore *store;
    const User *user;
} AccessTest;

void access_fixture_run(void (*body)(AccessTest *));
void access_fixture_as(AccessTest *t, Id user);
void access_fixture_apply(AccessTest *t, Plan *p);
