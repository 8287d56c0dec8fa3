/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and networks as text and as 16 bytes, IPv4 mapped into IPv6. */
#include "base/network.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char V4[12] = {[10] = 0xff, [11] = 0xff};

bool network_is_v4(const unsigned char address[16]) { return memcmp(address, V4, sizeof V4) == 0; }

bool network_address(Str text, unsigned char ret[16])
{
    char z[INET6_ADDRSTRLEN];
    if (!text.n || text.n >= sizeof z)
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    memcpy(ret, V4, sizeof V4);
    return inet_pton(AF_INET, z, ret + 12) == 1 || inet_pton(AF_INET6, z, ret) == 1;
}

bool network_read(Str text, Network *ret)
{
    size_t slash = str_find_char(text, '/');
    int64_t bits;
    if (!network_address(str_sub(text, 0, slash), ret->address))
        return false;
    bool v4 = str_find_char(text, ':') == SIZE_MAX;
    ret->bits = 128;
    if (slash == SIZE_MAX)
        return true;
    if (!str_int(str_sub(text, slash + 1, SIZE_MAX), &bits) || bits < 0 || bits > (v4 ? 32 : 128))
        return false;
    ret->bits = (int)bits + (v4 ? 96 : 0);
    return true;
}

bool network_has(const Network *net, const unsigned char address[16])
{
    int bytes = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->address, address, (size_t)bytes) != 0)
        return false;
    return rest == 0 || (net->address[bytes] ^ address[bytes]) >> (8 - rest) == 0;
}

void network_text(const unsigned char address[16], char ret[NETWORK_TEXT])
{
    bool v4 = network_is_v4(address);
    inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? address + 12 : address, ret, NETWORK_TEXT);
}
