// What both files of the shim use.
#ifndef ZHIKE_ADDRESSES_H
#define ZHIKE_ADDRESSES_H

#include "CurlShim.h"
#include <sys/socket.h>

/// Makes libcurl ready, once.
void zk_begin(void);
/// The address of a socket; 0 when it is neither IPv4 nor IPv6.
int zk_take_address(const struct sockaddr *from, zk_address *to);

#endif
