/* Loaded before the C library: counts large allocations and lets one of them, or all from one on,
   fail, as if no memory were left.

   Only those of Python, NumPy and Numba count. C++ libraries (LLVM), OpenBLAS and the C library end
   the process, or their own call, in ways that no Python program can handle. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static const char *const others[] = {
    "libllvmlite", "openblas", "libstdc++", "libgcc", "libgomp", "libomp", "libtbb", "ld-linux", "libc.so",
    "libc-", "libpthread"};
static size_t least; /* bytes of an allocation that counts; 0: none does */
static long counted, first, last;

/* Let those fail that have the numbers from_number to to_number, from 1. */
void allocations_arm(size_t least_bytes, long from_number, long to_number)
{
    counted = 0;
    first = from_number;
    last = to_number;
    least = least_bytes;
}

long allocations_counted(void) { return counted; }

static int fails(size_t size, void *caller)
{
    if (!least || size < least)
        return 0;
    Dl_info found;
    if (!dladdr(caller, &found) || !found.dli_fname)
        return 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strstr(found.dli_fname, others[i]))
            return 0;
    long number = __sync_add_and_fetch(&counted, 1);
    if (number < first || number > last)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails(size, __builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (size && count <= (size_t)-1 / size && fails(count * size, __builtin_return_address(0)))
        return NULL;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(size, __builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    if (fails(size, __builtin_return_address(0)))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

void *mmap64(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    if (fails(size, __builtin_return_address(0)))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}
