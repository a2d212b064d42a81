/* A disk that can be watched and made to fail: preloaded into the program under test, it writes down in order what is done to the files of one
   folder, and lets chosen calls fail. Tests/Browser/disk.py reads what it wrote and says what it should do.

   ZHIKE_DISK_FOLDER   the folder watched
   ZHIKE_DISK_JOURNAL  where the operations are written down, if anywhere
   ZHIKE_DISK_FAULTS   a file of one `struct faults` that the test changes while the program runs */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, TRUNCATE, SYNC, FAILED_SYNC, RENAME, UNLINK, MKDIR, RMDIR };
enum { NO_FAULT, SYNC_FAULT, WRITE_FAULT, DEATH, SLOWNESS };

struct faults {
    volatile int32_t kind, skip, count, error, is_short, hits, seen, is_held;
    char suffix[32];
};

struct entry {
    uint32_t op, path_length, other_length, data_length;
    uint64_t file;
    int64_t offset;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int journal = -1;
static struct faults *faults;
static struct { char *path; uint64_t file; int is_folder; } open_files[8192];

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

static ssize_t real_write(int descriptor, const void *data, size_t length) {
    REAL(write);
    return real(descriptor, data, length);
}

__attribute__((constructor)) static void begin(void) {
    const char *given = getenv("ZHIKE_DISK_FOLDER"), *place = getenv("ZHIKE_DISK_JOURNAL"), *control = getenv("ZHIKE_DISK_FAULTS");
    if (!given) return;
    snprintf(folder, sizeof folder, "%s", given);
    folder_length = strlen(folder);
    if (place) journal = open(place, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (control) {
        int file = open(control, O_RDWR | O_CLOEXEC);
        void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof(struct faults), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (mapped != MAP_FAILED) faults = mapped;
        if (file >= 0) close(file);
    }
}

static int ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The log's index in memory is made anew by whoever opens the database; the lock and the note of a running server mean nothing after a power cut. */
static int is_watched(const char *path) {
    if (!folder_length || !path || strncmp(path, folder, folder_length) != 0) return 0;
    if (path[folder_length] != '/' && path[folder_length] != 0) return 0;
    return !ends_with(path, "-shm") && !ends_with(path, "/zhike.lock");
}

static int is_tracked(int descriptor) { return descriptor >= 0 && descriptor < 8192 && open_files[descriptor].path != NULL; }

/* Whether this call is one that shall fail. */
static int must_fail(int kind, const char *path) {
    if (!faults || faults->kind != kind || !ends_with(path, faults->suffix)) return 0;
    faults->seen++;
    if (faults->skip > 0) { faults->skip--; return 0; }
    if (faults->count == 0) return 0;
    if (faults->count > 0) faults->count--;
    faults->hits++;
    return 1;
}

/* Every change of the disk comes here when it is done. */
static void note(uint32_t op, const char *path, const char *other, uint64_t file, int64_t offset, const void *data, size_t length) {
    if (must_fail(DEATH, path)) kill(getpid(), SIGKILL);
    if (journal < 0) return;
    struct entry entry = {op, path ? strlen(path) : 0, other ? strlen(other) : 0, length, file, offset};
    size_t size = sizeof entry + entry.path_length + entry.other_length + length;
    char *buffer = malloc(size), *at = buffer;
    memcpy(at, &entry, sizeof entry); at += sizeof entry;
    if (path) memcpy(at, path, entry.path_length);
    at += entry.path_length;
    if (other) memcpy(at, other, entry.other_length);
    at += entry.other_length;
    if (length) memcpy(at, data, length);
    /* In one piece, so that who reads the journal's length never sees half an entry. */
    if (real_write(journal, buffer, size) != (ssize_t)size) abort();
    free(buffer);
}

/* The program ends when the test has seen enough of how it does so. */
void _exit(int code) {
    static void (*real)(int) __attribute__((noreturn));
    if (!real) real = dlsym(RTLD_NEXT, "_exit");
    while (faults && faults->is_held) usleep(1000);
    real(code);
}

/* Opening */

static int opened(const char *path, int flags, mode_t mode, int (*real)(const char *, int, ...)) {
    if (!is_watched(path)) return real(path, flags, mode);
    pthread_mutex_lock(&mutex);
    struct stat before, facts;
    int was_there = stat(path, &before) == 0;
    int descriptor = real(path, flags, mode);
    int error = errno;
    if (descriptor >= 0 && descriptor < 8192 && fstat(descriptor, &facts) == 0) {
        free(open_files[descriptor].path);
        open_files[descriptor].path = strdup(path);
        open_files[descriptor].file = facts.st_ino;
        open_files[descriptor].is_folder = S_ISDIR(facts.st_mode);
        if (!was_there) note(CREATE, path, NULL, facts.st_ino, 0, NULL, 0);
        else if ((flags & O_TRUNC) && before.st_size > 0) note(TRUNCATE, path, NULL, facts.st_ino, 0, NULL, 0);
    }
    pthread_mutex_unlock(&mutex);
    errno = error;
    return descriptor;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        static int (*real)(const char *, int, ...); \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        return opened(path, flags, mode, real); \
    }
OPEN(open)
OPEN(open64)

int mkstemp(char *pattern) {
    REAL(mkstemp);
    int descriptor = real(pattern);
    if (descriptor >= 0 && descriptor < 8192 && is_watched(pattern)) {
        struct stat facts;
        fstat(descriptor, &facts);
        pthread_mutex_lock(&mutex);
        open_files[descriptor].path = strdup(pattern);
        open_files[descriptor].file = facts.st_ino;
        open_files[descriptor].is_folder = 0;
        note(CREATE, pattern, NULL, facts.st_ino, 0, NULL, 0);
        pthread_mutex_unlock(&mutex);
    }
    return descriptor;
}

int close(int descriptor) {
    REAL(close);
    if (is_tracked(descriptor)) {
        pthread_mutex_lock(&mutex);
        free(open_files[descriptor].path);
        open_files[descriptor].path = NULL;
        pthread_mutex_unlock(&mutex);
    }
    return real(descriptor);
}

/* Writing */

static ssize_t put(int descriptor, const void *data, size_t length, off64_t offset, int has_offset) {
    static ssize_t (*at_offset)(int, const void *, size_t, off64_t);
    if (!at_offset) at_offset = dlsym(RTLD_NEXT, "pwrite64");
    if (!is_tracked(descriptor)) return has_offset ? at_offset(descriptor, data, length, offset) : real_write(descriptor, data, length);
    pthread_mutex_lock(&mutex);
    ssize_t written;
    int error = 0;
    if (must_fail(WRITE_FAULT, open_files[descriptor].path)) {
        if (faults->is_short == 1 && length > 1) {
            length /= 2;
            faults->is_short = 2;
        } else {
            error = faults->error;
        }
    }
    if (error) {
        written = -1;
    } else {
        if (!has_offset) {
            struct stat facts;
            offset = fcntl(descriptor, F_GETFL) & O_APPEND && fstat(descriptor, &facts) == 0 ? facts.st_size : lseek64(descriptor, 0, SEEK_CUR);
        }
        written = has_offset ? at_offset(descriptor, data, length, offset) : real_write(descriptor, data, length);
        error = errno;
        if (written > 0) note(WRITE, open_files[descriptor].path, NULL, open_files[descriptor].file, offset, data, written);
    }
    pthread_mutex_unlock(&mutex);
    errno = error;
    return written;
}

ssize_t write(int descriptor, const void *data, size_t length) { return put(descriptor, data, length, 0, 0); }
ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) { return put(descriptor, data, length, offset, 1); }
ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) { return put(descriptor, data, length, offset, 1); }

/* Copying a file inside the kernel, written down as what then stands there. */
static ssize_t sent(int to, int from, void *offset, size_t length, const char *name) {
    ssize_t (*real)(int, int, void *, size_t) = dlsym(RTLD_NEXT, name);
    if (!is_tracked(to)) return real(to, from, offset, length);
    pthread_mutex_lock(&mutex);
    off64_t at = lseek64(to, 0, SEEK_CUR);
    ssize_t count = real(to, from, offset, length);
    if (count > 0) {
        char *data = malloc(count), source[64];
        static int (*plain)(const char *, int, ...);
        if (!plain) plain = dlsym(RTLD_NEXT, "open64");
        snprintf(source, sizeof source, "/proc/self/fd/%d", to);
        int again = plain(source, O_RDONLY);
        if (again < 0 || pread64(again, data, count, at) != count) abort();
        close(again);
        note(WRITE, open_files[to].path, NULL, open_files[to].file, at, data, count);
        free(data);
    }
    pthread_mutex_unlock(&mutex);
    return count;
}

ssize_t sendfile(int to, int from, off_t *offset, size_t length) { return sent(to, from, offset, length, "sendfile"); }
ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) { return sent(to, from, offset, length, "sendfile64"); }

#define SHORTEN(name, type) \
    int name(int descriptor, type length) { \
        REAL(name); \
        if (!is_tracked(descriptor)) return real(descriptor, length); \
        pthread_mutex_lock(&mutex); \
        int code = real(descriptor, length), error = errno; \
        if (code == 0) note(TRUNCATE, open_files[descriptor].path, NULL, open_files[descriptor].file, length, NULL, 0); \
        pthread_mutex_unlock(&mutex); \
        errno = error; \
        return code; \
    }
SHORTEN(ftruncate, off_t)
SHORTEN(ftruncate64, off64_t)

/* A failed sync is one that did not happen: what it should have made safe may be gone although the file still reads as written. */
static int synced(int descriptor, int (*real)(int)) {
    if (!is_tracked(descriptor)) return real(descriptor);
    if (must_fail(SLOWNESS, open_files[descriptor].path)) while (faults->kind == SLOWNESS) usleep(1000);
    pthread_mutex_lock(&mutex);
    int fails = must_fail(SYNC_FAULT, open_files[descriptor].path);
    note(fails ? FAILED_SYNC : SYNC, open_files[descriptor].path, NULL, open_files[descriptor].file, open_files[descriptor].is_folder, NULL, 0);
    pthread_mutex_unlock(&mutex);
    if (!fails) return 0;
    errno = faults->error;
    return -1;
}

int fsync(int descriptor) { REAL(fsync); return synced(descriptor, real); }
int fdatasync(int descriptor) { REAL(fdatasync); return synced(descriptor, real); }

/* Names */

#define ON_PATH(name, op) \
    int name(const char *path) { \
        REAL(name); \
        if (!is_watched(path)) return real(path); \
        pthread_mutex_lock(&mutex); \
        int code = real(path), error = errno; \
        if (code == 0) note(op, path, NULL, 0, 0, NULL, 0); \
        pthread_mutex_unlock(&mutex); \
        errno = error; \
        return code; \
    }
ON_PATH(unlink, UNLINK)
ON_PATH(rmdir, RMDIR)

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    if (!is_watched(path)) return real(path, mode);
    pthread_mutex_lock(&mutex);
    int code = real(path, mode), error = errno;
    if (code == 0) note(MKDIR, path, NULL, 0, 0, NULL, 0);
    pthread_mutex_unlock(&mutex);
    errno = error;
    return code;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    if (!is_watched(from) && !is_watched(to)) return real(from, to);
    pthread_mutex_lock(&mutex);
    int code = real(from, to), error = errno;
    if (code == 0) note(RENAME, from, to, 0, 0, NULL, 0);
    pthread_mutex_unlock(&mutex);
    errno = error;
    return code;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    REAL(renameat);
    if (from_folder == AT_FDCWD && to_folder == AT_FDCWD && (is_watched(from) || is_watched(to))) return rename(from, to);
    return real(from_folder, from, to_folder, to);
}
