/* Another time of day: preloaded, it moves the clock by TEST_CLOCK_OFFSET seconds for whoever asks what time it is or how old a file is. Nothing takes
   longer or shorter: what waits until a time of that clock waits as long as it would. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static time_t offset(void) {
    static _Atomic time_t known;
    static _Atomic int is_known;
    if (!is_known) {
        const char *text = getenv("TEST_CLOCK_OFFSET");
        known = text ? atol(text) : 0;
        is_known = 1;
    }
    return known;
}

static int is_of_day(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(clock_gettime);
    int code = real(clock, now);
    if (code == 0 && is_of_day(clock)) now->tv_sec += offset();
    return code;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec found;
    if (clock_gettime(CLOCK_REALTIME, &found) != 0) return -1;
    *now = (struct timeval){found.tv_sec, found.tv_nsec / 1000};
    if (zone) *(struct timezone *)zone = (struct timezone){0, 0};
    return 0;
}

time_t time(time_t *place) {
    struct timespec found;
    if (clock_gettime(CLOCK_REALTIME, &found) != 0) return -1;
    if (place) *place = found.tv_sec;
    return found.tv_sec;
}

/* The true time of a moment. One of a clock that counts from the machine's start is small, and stays. */
static struct timespec truly(const struct timespec *moment) {
    struct timespec found = *moment;
    if (found.tv_sec > 1000000000) found.tv_sec -= offset();
    return found;
}

#define UNTIL(name, type) \
    int name(type *what, const struct timespec *moment) { \
        REAL(name); \
        struct timespec when = truly(moment); \
        return real(what, &when); \
    }
UNTIL(sem_timedwait, sem_t)
UNTIL(pthread_mutex_timedlock, pthread_mutex_t)

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *moment) {
    static __typeof__(pthread_cond_timedwait) *real;
    /* There is an older one of this name for old programs. */
    if (!real) real = (__typeof__(pthread_cond_timedwait) *)dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!real) real = (__typeof__(pthread_cond_timedwait) *)dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    struct timespec when = truly(moment);
    return real(condition, mutex, &when);
}

int timerfd_settime(int descriptor, int flags, const struct itimerspec *value, struct itimerspec *old) {
    REAL(timerfd_settime);
    struct itimerspec when = *value;
    if (flags & TFD_TIMER_ABSTIME) when.it_value = truly(&value->it_value);
    return real(descriptor, flags, &when, old);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *moment, struct timespec *rest) {
    REAL(clock_nanosleep);
    struct timespec when = flags & TIMER_ABSTIME ? truly(moment) : *moment;
    return real(clock, flags, &when, rest);
}

/* How old a file is */

#define AGED(facts) ((facts)->st_atim.tv_sec += offset(), (facts)->st_mtim.tv_sec += offset(), (facts)->st_ctim.tv_sec += offset())
#define FACTS(name, type, what) \
    int name(what place, struct type *restrict facts) { \
        REAL(name); \
        int code = real(place, facts); \
        if (code == 0) AGED(facts); \
        return code; \
    }
FACTS(stat, stat, const char *restrict)
FACTS(lstat, stat, const char *restrict)
FACTS(fstat, stat, int)
FACTS(stat64, stat64, const char *restrict)
FACTS(lstat64, stat64, const char *restrict)
FACTS(fstat64, stat64, int)

#define FACTS_AT(name, type) \
    int name(int folder, const char *restrict path, struct type *restrict facts, int flags) { \
        REAL(name); \
        int code = real(folder, path, facts, flags); \
        if (code == 0) AGED(facts); \
        return code; \
    }
FACTS_AT(fstatat, stat)
FACTS_AT(fstatat64, stat64)

int statx(int folder, const char *restrict path, int flags, unsigned int mask, struct statx *restrict facts) {
    REAL(statx);
    int code = real(folder, path, flags, mask, facts);
    if (code == 0) facts->stx_atime.tv_sec += offset(), facts->stx_mtime.tv_sec += offset(), facts->stx_ctime.tv_sec += offset(), facts->stx_btime.tv_sec += offset();
    return code;
}

static void backdate(const struct timespec given[2], struct timespec kept[2]) {
    for (int each = 0; each < 2; each++) {
        kept[each] = given[each];
        if (given[each].tv_nsec != UTIME_NOW && given[each].tv_nsec != UTIME_OMIT) kept[each].tv_sec -= offset();
    }
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
    REAL(utimensat);
    struct timespec kept[2];
    if (times) backdate(times, kept);
    return real(folder, path, times ? kept : NULL, flags);
}

int futimens(int descriptor, const struct timespec times[2]) {
    REAL(futimens);
    struct timespec kept[2];
    if (times) backdate(times, kept);
    return real(descriptor, times ? kept : NULL);
}
