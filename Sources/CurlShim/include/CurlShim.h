// What Channels needs of libcurl. curl_easy_setopt takes variable arguments, which Swift cannot call; everything that must never be forgotten
// (no redirects, no proxy of the environment, pinned address, limits) is set here, in one place.
#ifndef ZHIKE_CURL_SHIM_H
#define ZHIKE_CURL_SHIM_H

#include <stddef.h>
#include <stdint.h>

/// An address as bytes: 4 of IPv4 or 16 of IPv6.
typedef struct {
    int length;
    uint8_t bytes[16];
} zk_address;

/// Splits a URL as libcurl itself will read it. Parts are to be freed with zk_free; NULL where absent.
typedef struct {
    char *scheme, *user, *password, *host, *path;
    int port;
    /// The whole URL without fragment, to be given to zk_http.
    char *url;
} zk_url;

/// 0 when `text` is a URL.
int zk_parse_url(const char *text, zk_url *url);
void zk_free_url(zk_url *url);

/// Resolves a host name; `found` gets at most `room` addresses. Returns how many there are, or a negative getaddrinfo error.
int zk_resolve(const char *host, zk_address *found, int room);
/// Reads a literal address; 0 when it is one.
int zk_read_address(const char *text, zk_address *address);
/// Writes an address as text into `text` (at least 46 bytes).
void zk_write_address(const zk_address *address, char *text, int room);

enum {
    ZK_OK = 0,
    ZK_FAILED = 1,
    ZK_TIMED_OUT = 2,
    ZK_TOO_LARGE = 3,
    ZK_WRONG_PEER = 4,
    ZK_TLS = 5,
    ZK_REFUSED = 6
};

typedef struct {
    const char *url;
    /// Host (NULL when the URL holds the address itself), port, and the only address that may be connected to.
    const char *host;
    int port;
    zk_address address;
    long timeout_ms;
    /// A file of certificates to trust beside the system's; NULL for none.
    const char *authorities;
} zk_target;

typedef struct {
    int outcome;
    /// HTTP status or the last SMTP reply.
    long status;
    /// Freed with zk_free_answer.
    uint8_t *body;
    size_t length;
    char *location;
    char error[256];
} zk_answer;

/// One HTTP request. `body` NULL is a GET; `headers` are whole lines, ended by NULL.
void zk_http(const zk_target *target, const char *const *headers, const uint8_t *body, size_t length, size_t limit, zk_answer *answer);

enum { ZK_TLS_NEVER = 0, ZK_TLS_START = 1, ZK_TLS_FIRST = 2 };

/// One mail by SMTP. `recipients` are ended by NULL.
void zk_smtp(
    const zk_target *target, int tls, const char *user, const char *password, const char *from, const char *const *recipients,
    const uint8_t *message, size_t length, zk_answer *answer
);

void zk_free_answer(zk_answer *answer);

#endif
