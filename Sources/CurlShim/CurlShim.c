#include "Addresses.h"
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    const zk_target *target;
    zk_answer *answer;
    size_t limit, room, heads;
    const uint8_t *upload;
    size_t left;
} transfer;

static int same(const zk_address *a, const zk_address *b) { return a->length == b->length && memcmp(a->bytes, b->bytes, (size_t)a->length) == 0; }

// Whatever libcurl resolved or was told, no socket is ever opened to another address than the pinned one.
static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address) {
    transfer *one = data;
    zk_address peer;
    if (purpose != CURLSOCKTYPE_IPCXN || !zk_take_address(&address->addr, &peer) || !same(&peer, &one->target->address)) {
        one->answer->outcome = ZK_WRONG_PEER;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data) {
    transfer *one = data;
    size_t more = size * count, length = one->answer->length;
    if (more > one->limit || length > one->limit - more) {
        one->answer->outcome = ZK_TOO_LARGE;
        return 0;
    }
    if (length + more > one->room) {
        size_t room = one->room ? one->room : 4096;
        while (room < length + more) room *= 2;
        uint8_t *grown = realloc(one->answer->body, room);
        if (!grown) return 0;
        one->answer->body = grown;
        one->room = room;
    }
    memcpy(one->answer->body + length, bytes, more);
    one->answer->length = length + more;
    return more;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *data) {
    transfer *one = data;
    size_t more = size * count;
    one->heads += more;
    if (one->heads > 65536) {
        one->answer->outcome = ZK_TOO_LARGE;
        return 0;
    }
    if (more > 9 && strncasecmp(bytes, "location:", 9) == 0 && !one->answer->location) {
        one->answer->location = strndup(bytes + 9, more - 9);
    }
    return more;
}

static size_t give_body(char *room, size_t size, size_t count, void *data) {
    transfer *one = data;
    size_t some = size * count < one->left ? size * count : one->left;
    memcpy(room, one->upload, some);
    one->upload += some;
    one->left -= some;
    return some;
}

static size_t give_nothing(char *bytes, size_t size, size_t count, void *data) {
    (void)bytes;
    (void)data;
    return size * count;
}

static struct curl_slist *pin(const zk_target *target) {
    char address[64], line[512];
    zk_write_address(&target->address, address, sizeof address);
    int six = target->address.length == 16;
    int length = snprintf(line, sizeof line, "%s:%d:%s%s%s", target->host, target->port, six ? "[" : "", address, six ? "]" : "");
    if (length <= 0 || (size_t)length >= sizeof line) return NULL;
    return curl_slist_append(NULL, line);
}

static CURL *prepare(transfer *one, char *error, struct curl_slist **pinned) {
    zk_begin();
    // OpenSSL writes to a connection that the other side has reset with write(), whose SIGPIPE would end the whole program. libcurl leaves
    // signals alone with NOSIGNAL, so the thread, which is one of our pool, does not take this one.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    CURL *curl = curl_easy_init();
    if (!curl) return NULL;
    if (one->target->host) *pinned = pin(one->target);
    curl_easy_setopt(curl, CURLOPT_URL, one->target->url);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, *pinned);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, one);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, one->target->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, one->target->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    if (one->target->authorities) curl_easy_setopt(curl, CURLOPT_CAINFO, one->target->authorities);
    return curl;
}

static void finish(transfer *one, CURL *curl, CURLcode code, const char *error, struct curl_slist *pinned) {
    zk_answer *answer = one->answer;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    char *peer = NULL;
    zk_address address;
    if (code == CURLE_OK && curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &peer) == CURLE_OK && peer
        && (zk_read_address(peer, &address) || !same(&address, &one->target->address))) {
        answer->outcome = ZK_WRONG_PEER;
        code = CURLE_COULDNT_CONNECT;
    }
    if (code != CURLE_OK && answer->outcome == ZK_OK) {
        switch (code) {
        case CURLE_OPERATION_TIMEDOUT: answer->outcome = ZK_TIMED_OUT; break;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_USE_SSL_FAILED: answer->outcome = ZK_TLS; break;
        case CURLE_LOGIN_DENIED: answer->outcome = ZK_REFUSED; break;
        default: answer->outcome = ZK_FAILED;
        }
    }
    if (code != CURLE_OK) {
        strncpy(answer->error, error[0] ? error : curl_easy_strerror(code), sizeof answer->error - 1);
    }
    curl_slist_free_all(pinned);
    curl_easy_cleanup(curl);
}

void zk_http(const zk_target *target, const char *const *headers, const uint8_t *body, size_t length, size_t limit, zk_answer *answer) {
    memset(answer, 0, sizeof *answer);
    transfer one = {.target = target, .answer = answer, .limit = limit};
    char error[CURL_ERROR_SIZE] = "";
    struct curl_slist *pinned = NULL, *lines = NULL;
    CURL *curl = prepare(&one, error, &pinned);
    if (!curl || (target->host && !pinned)) {
        answer->outcome = ZK_FAILED;
        if (curl) curl_easy_cleanup(curl);
        curl_slist_free_all(pinned);
        return;
    }
    for (const char *const *line = headers; *line; line++) lines = curl_slist_append(lines, *line);
    lines = curl_slist_append(lines, "Expect:");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &one);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &one);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    }
    CURLcode code = curl_easy_perform(curl);
    finish(&one, curl, code, error, pinned);
    curl_slist_free_all(lines);
}

void zk_smtp(
    const zk_target *target, int tls, const char *user, const char *password, const char *from, const char *const *recipients,
    const uint8_t *message, size_t length, zk_answer *answer
) {
    memset(answer, 0, sizeof *answer);
    transfer one = {.target = target, .answer = answer, .upload = message, .left = length};
    char error[CURL_ERROR_SIZE] = "";
    struct curl_slist *pinned = NULL, *people = NULL;
    CURL *curl = prepare(&one, error, &pinned);
    if (!curl || (target->host && !pinned)) {
        answer->outcome = ZK_FAILED;
        if (curl) curl_easy_cleanup(curl);
        curl_slist_free_all(pinned);
        return;
    }
    for (const char *const *one_of = recipients; *one_of; one_of++) people = curl_slist_append(people, *one_of);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(tls == ZK_TLS_NEVER ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (user) curl_easy_setopt(curl, CURLOPT_USERNAME, user);
    if (password) curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, people);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(curl, CURLOPT_READDATA, &one);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, give_nothing);
    CURLcode code = curl_easy_perform(curl);
    finish(&one, curl, code, error, pinned);
    // libcurl calls a refused sender or recipient a failure to send; the server's reply says which it was.
    if (answer->outcome == ZK_FAILED && answer->status >= 400) answer->outcome = ZK_REFUSED;
    curl_slist_free_all(people);
}

void zk_free_answer(zk_answer *answer) {
    free(answer->body);
    free(answer->location);
    answer->body = NULL;
    answer->location = NULL;
    answer->length = 0;
}
