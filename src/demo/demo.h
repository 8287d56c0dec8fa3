/* SPDX-License-Identifier: Apache-2.0 */
/* demo: a company to look at. A maker of machines that also runs shops: firms and persons, regions, stores,
 * sellers, five years of leads, follow-ups, deals and orders with baskets, seasons, repeat purchase, churn and
 * goods that go together. The same seed, number of accounts and day give the same company; customer k is the
 * same in a company of any size.
 *
 * What stands on its own (people, goods, stores, campaigns) is written through record/ like anybody's rows.
 * Customers are filled in bulk (record_fill), two chunks at a time: one is prepared while the writer
 * applies the other. An object or field that the organisation does not have is left out. */
#pragma once
#include "job/job.h"

extern const JobDef demo_jobs[]; /* "demo": {"accounts":200,"seed":1} */
