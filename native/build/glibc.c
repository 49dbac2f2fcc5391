/* Functions that newer glibcs provide under a new name or version, so that the addon loads with glibc 2.28 or newer
 * (check-glibc.sh checks this). Linking selects the newest version of each function on the build machine; an older glibc
 * rejects the whole addon if it lacks one. Everything here is hidden, so private to the addon, and the static libraries in
 * it use it too. Compiled as C17 without _GNU_SOURCE: newer C would turn the calls below into those that must be avoided. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The first version of glibc for the processor, in which all functions of OLDER existed. */
#if defined(__x86_64__)
#define FIRST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define FIRST "GLIBC_2.17"
#endif

/* The function in its first version. 2.34 assigned new versions to thread functions when they moved from libpthread to libc. */
#define OLDER(result, name, parameters, arguments) \
	result older_##name parameters; \
	__asm__(".symver older_" #name ", " #name "@" FIRST); \
	result name parameters \
	{ \
		return older_##name arguments; \
	}

OLDER(int, pthread_create, (pthread_t * thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument),
      (thread, attr, run, argument))
OLDER(int, pthread_join, (pthread_t thread, void **result), (thread, result))
OLDER(int, pthread_detach, (pthread_t thread), (thread))
OLDER(int, pthread_once, (pthread_once_t * once, void (*run)(void)), (once, run))
/* libgcc and libstdc++ only compare its address, to find out whether there are threads */
OLDER(int, __pthread_key_create, (pthread_key_t * key, void (*destroy)(void *)), (key, destroy))
/* 2.32: from libpthread to libc */
OLDER(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old))
/* 2.29: no longer reports errors to a function of the program */
OLDER(double, log2, (double x), (x))

/* 2.38: C23's number parsers, which also accept 0b; no parsed input is binary */
long __isoc23_strtol(const char *text, char **end, int base)
{
	return strtol(text, end, base);
}

unsigned long __isoc23_strtoul(const char *text, char **end, int base)
{
	return strtoul(text, end, base);
}

long long __isoc23_strtoll(const char *text, char **end, int base)
{
	return strtoll(text, end, base);
}

unsigned long long __isoc23_strtoull(const char *text, char **end, int base)
{
	return strtoull(text, end, base);
}

int __isoc23_sscanf(const char *text, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int n = vsscanf(text, format, arguments);
	va_end(arguments);
	return n;
}

int __isoc23_fscanf(FILE *file, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int n = vfscanf(file, format, arguments);
	va_end(arguments);
	return n;
}

/* 2.33: before, a macro for another function. The kernel's structure is glibc's on both processors. */
int fstat(int fd, struct stat *st)
{
	return syscall(SYS_fstat, fd, st);
}

/* the same on 64-bit systems */
int fstat64(int fd, struct stat *st)
{
	return syscall(SYS_fstat, fd, st);
}

/* 2.32: whether the process has one thread, so that counters need no atomics. Node has several. */
char __libc_single_threaded = 0;
