/* Loaded with LD_PRELOAD: makes the n-th system call on the files of one folder fail, or kills the
   process there. See tests/support/faults.py. */

#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, EIO_ONCE, EIO_ALWAYS, FULL_ONCE, FULL_ALWAYS, KILL };

#define MAX_FDS 4096
static char folder[4096];
static size_t folder_length;
static long at, count;
static int kind, trace = -1;
static char mine[MAX_FDS]; /* descriptors of files in the folder */

/* Calls on files of `where` are counted from now on; the one with number `n` (from 1) fails as
   `how` says. `log`: a descriptor to which the name of each call is written, or -1. */
void fault_arm(const char *where, long n, int how, int log) {
    folder_length = strlen(where);
    memcpy(folder, where, folder_length + 1);
    at = n;
    kind = how;
    trace = log;
    count = 0;
}

static int inside(const char *path) {
    if (!folder_length || !path) return 0;
    if (path[0] != '/') return 1; /* the folder is the current one */
    return !strncmp(path, folder, folder_length) && strchr("/", path[folder_length]);
}

static int known(int fd) { return folder_length && fd >= 0 && fd < MAX_FDS && mine[fd]; }

static void note(int fd, int is_mine) {
    if (fd >= 0 && fd < MAX_FDS) mine[fd] = (char)is_mine;
}

/* Whether the call that begins must fail; errno is set. `writes`: it takes space on the disk. */
static int fails(const char *name, const char *path, int writes) {
    if (trace >= 0) dprintf(trace, "%s %s\n", name, path ? path : "");
    int of_space = kind == FULL_ONCE || kind == FULL_ALWAYS;
    if (of_space && !writes) return 0;
    count++;
    if (kind == NONE || count < at) return 0;
    int always = kind == EIO_ALWAYS || kind == FULL_ALWAYS;
    if (count > at && !always) return 0;
    if (kind == KILL && strcmp(name, "write")) raise(SIGKILL);
    errno = of_space ? ENOSPC : EIO;
    return 1;
}

#define REAL(type, name, ...)                                                  \
    static type (*real)(__VA_ARGS__);                                          \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

static mode_t mode_of(int flags, va_list more) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

#define OPEN(symbol)                                                           \
    int symbol(const char *path, int flags, ...) {                             \
        REAL(int, #symbol, const char *, int, ...);                            \
        va_list more;                                                          \
        va_start(more, flags);                                                 \
        mode_t mode = mode_of(flags, more);                                    \
        va_end(more);                                                          \
        int is_mine = inside(path);                                            \
        if (is_mine && fails("open", path, flags & O_CREAT)) return -1;        \
        int fd = real(path, flags, mode);                                      \
        note(fd, is_mine);                                                     \
        return fd;                                                             \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(symbol)                                                         \
    int symbol(int at_fd, const char *path, int flags, ...) {                  \
        REAL(int, #symbol, int, const char *, int, ...);                       \
        va_list more;                                                          \
        va_start(more, flags);                                                 \
        mode_t mode = mode_of(flags, more);                                    \
        va_end(more);                                                          \
        int is_mine = inside(path);                                            \
        if (is_mine && fails("open", path, flags & O_CREAT)) return -1;        \
        int fd = real(at_fd, path, flags, mode);                               \
        note(fd, is_mine);                                                     \
        return fd;                                                             \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    REAL(int, "close", int);
    int failed = known(fd) && fails("close", 0, 0);
    note(fd, 0);
    int result = real(fd); /* as Linux does: closed even so */
    if (failed) errno = EIO;
    return failed ? -1 : result;
}

int fcntl64(int fd, int command, ...) {
    REAL(int, "fcntl64", int, int, ...);
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    int result = real(fd, command, argument);
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) note(result, known(fd));
    return result;
}

int dup2(int from, int to) {
    REAL(int, "dup2", int, int);
    int result = real(from, to);
    note(result, known(from));
    return result;
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (known(fd) && fails("write", 0, 1)) {
        int reason = errno;
        if (size > 1 && real(fd, data, size / 2) < 0) reason = errno;
        if (kind == KILL) raise(SIGKILL);
        errno = reason;
        return -1;
    }
    return real(fd, data, size);
}

#define ON_FD(type, name, symbol, writes, failure, parameters, arguments, ...) \
    type symbol parameters {                                                   \
        REAL(type, #symbol, __VA_ARGS__);                                      \
        if (known(fd) && fails(name, 0, writes)) return failure;               \
        return real arguments;                                                 \
    }
ON_FD(ssize_t, "read", read, 0, -1, (int fd, void *data, size_t size), (fd, data, size), int,
      void *, size_t)
ON_FD(ssize_t, "read", pread64, 0, -1, (int fd, void *data, size_t size, off64_t from),
      (fd, data, size, from), int, void *, size_t, off64_t)
ON_FD(ssize_t, "read", preadv64, 0, -1,
      (int fd, const struct iovec *parts, int number, off64_t from), (fd, parts, number, from),
      int, const struct iovec *, int, off64_t)
ON_FD(ssize_t, "read", preadv64v2, 0, -1,
      (int fd, const struct iovec *parts, int number, off64_t from, int flags),
      (fd, parts, number, from, flags), int, const struct iovec *, int, off64_t, int)
ON_FD(int, "fsync", fsync, 1, -1, (int fd), (fd), int)
ON_FD(int, "fsync", fdatasync, 1, -1, (int fd), (fd), int)
ON_FD(int, "truncate", ftruncate64, 1, -1, (int fd, off64_t size), (fd, size), int, off64_t)
ON_FD(off64_t, "seek", lseek64, 0, -1, (int fd, off64_t to, int from), (fd, to, from), int,
      off64_t, int)
ON_FD(int, "lock", flock, 0, -1, (int fd, int how), (fd, how), int, int)
ON_FD(int, "chmod", fchmod, 0, -1, (int fd, mode_t mode), (fd, mode), int, mode_t)
ON_FD(int, "stat", fstat64, 0, -1, (int fd, struct stat64 *found), (fd, found), int,
      struct stat64 *)

void *mmap64(void *where, size_t size, int protection, int flags, int fd, off64_t from) {
    REAL(void *, "mmap64", void *, size_t, int, int, int, off64_t);
    if (known(fd) && fails("map", 0, 0)) return MAP_FAILED;
    return real(where, size, protection, flags, fd, from);
}

#define ON_PATH(type, name, symbol, writes, failure, parameters, arguments, ...) \
    type symbol parameters {                                                   \
        REAL(type, #symbol, __VA_ARGS__);                                      \
        if (inside(path) && fails(name, path, writes)) return failure;         \
        return real arguments;                                                 \
    }
ON_PATH(int, "rename", rename, 1, -1, (const char *path, const char *to), (path, to),
        const char *, const char *)
ON_PATH(int, "link", link, 1, -1, (const char *path, const char *to), (path, to), const char *,
        const char *)
ON_PATH(int, "link", linkat, 1, -1, (int a, const char *path, int b, const char *to, int flags),
        (a, path, b, to, flags), int, const char *, int, const char *, int)
ON_PATH(int, "unlink", unlink, 0, -1, (const char *path), (path), const char *)
ON_PATH(int, "unlink", unlinkat, 0, -1, (int a, const char *path, int flags), (a, path, flags),
        int, const char *, int)
ON_PATH(int, "stat", stat64, 0, -1, (const char *path, struct stat64 *found), (path, found),
        const char *, struct stat64 *)
ON_PATH(int, "stat", lstat64, 0, -1, (const char *path, struct stat64 *found), (path, found),
        const char *, struct stat64 *)
ON_PATH(int, "stat", fstatat64, 0, -1,
        (int a, const char *path, struct stat64 *found, int flags), (a, path, found, flags), int,
        const char *, struct stat64 *, int)
ON_PATH(int, "access", access, 0, -1, (const char *path, int mode), (path, mode), const char *,
        int)
ON_PATH(int, "access", faccessat, 0, -1, (int a, const char *path, int mode, int flags),
        (a, path, mode, flags), int, const char *, int, int)
ON_PATH(int, "chmod", chmod, 0, -1, (const char *path, mode_t mode), (path, mode), const char *,
        mode_t)
ON_PATH(int, "mkdir", mkdir, 1, -1, (const char *path, mode_t mode), (path, mode), const char *,
        mode_t)
ON_PATH(ssize_t, "readlink", readlink, 0, -1, (const char *path, char *to, size_t size),
        (path, to, size), const char *, char *, size_t)
ON_PATH(DIR *, "list", opendir, 0, NULL, (const char *path), (path), const char *)
