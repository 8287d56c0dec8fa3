/* SPDX-License-Identifier: Apache-2.0 */
/* Networks of the internet protocol: an address, or all addresses that begin alike. */
#pragma once
#include "base/str.h"

typedef struct Network {
    unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
    int bits;                  /* of the 128 that are looked at */
} Network;

/* "10.0.0.1", "fd00::1"; false if it is none. */
bool network_address(Str text, unsigned char ret[16]);
/* "10.0.0.1", "10.0.0.0/8", "fd00::/8"; false if it is none. */
bool network_read(Str text, Network *ret);
bool network_has(const Network *net, const unsigned char address[16]);
bool network_is_v4(const unsigned char address[16]);
enum { NETWORK_TEXT = 46 };
/* As people write it, ended by NUL. */
void network_text(const unsigned char address[16], char ret[NETWORK_TEXT]);
