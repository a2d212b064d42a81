#include "Addresses.h"
#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void begin_once(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }
void zk_begin(void) { pthread_once(&once, begin_once); }

static char *part(CURLU *handle, CURLUPart what, unsigned flags) {
    char *text = NULL, *copy = NULL;
    if (curl_url_get(handle, what, &text, flags) == CURLUE_OK && text) copy = strdup(text);
    curl_free(text);
    return copy;
}

int zk_parse_url(const char *text, zk_url *url) {
    zk_begin();
    memset(url, 0, sizeof *url);
    CURLU *handle = curl_url();
    if (!handle) return -1;
    int failed = curl_url_set(handle, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK;
    if (!failed) {
        curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0);
        url->scheme = part(handle, CURLUPART_SCHEME, 0);
        url->user = part(handle, CURLUPART_USER, 0);
        url->password = part(handle, CURLUPART_PASSWORD, 0);
        url->host = part(handle, CURLUPART_HOST, 0);
        url->path = part(handle, CURLUPART_PATH, 0);
        url->url = part(handle, CURLUPART_URL, 0);
        char *port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
        url->port = port ? atoi(port) : 0;
        free(port);
        failed = !url->scheme || !url->host || !url->url;
    }
    curl_url_cleanup(handle);
    if (failed) zk_free_url(url);
    return failed;
}

void zk_free_url(zk_url *url) {
    free(url->scheme);
    free(url->user);
    free(url->password);
    free(url->host);
    free(url->path);
    free(url->url);
    memset(url, 0, sizeof *url);
}

int zk_take_address(const struct sockaddr *from, zk_address *to) {
    memset(to, 0, sizeof *to);
    if (from->sa_family == AF_INET) {
        to->length = 4;
        memcpy(to->bytes, &((const struct sockaddr_in *)from)->sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        to->length = 16;
        memcpy(to->bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    } else {
        return 0;
    }
    return 1;
}

int zk_resolve(const char *host, zk_address *found, int room) {
    struct addrinfo hints, *list = NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    int error = getaddrinfo(host, NULL, &hints, &list);
    if (error) return error < 0 ? error : -error;
    int count = 0;
    for (struct addrinfo *item = list; item; item = item->ai_next) {
        zk_address address;
        if (!zk_take_address(item->ai_addr, &address)) continue;
        if (count < room) found[count] = address;
        count++;
    }
    freeaddrinfo(list);
    return count;
}

int zk_read_address(const char *text, zk_address *address) {
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, address->bytes) == 1) {
        address->length = 4;
        return 0;
    }
    if (inet_pton(AF_INET6, text, address->bytes) == 1) {
        address->length = 16;
        return 0;
    }
    return 1;
}

void zk_write_address(const zk_address *address, char *text, int room) {
    if (!inet_ntop(address->length == 4 ? AF_INET : AF_INET6, address->bytes, text, (socklen_t)room) && room > 0) text[0] = 0;
}
