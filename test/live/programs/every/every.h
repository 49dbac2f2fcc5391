/* Shared by the programs of this folder: they make calls by number, each with distinctive arguments, in an environment of their own
 * (namespaces, a tmpfs). They print nothing: strace records what they did. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define L(x) ((long)(x))
#define DO1(n) syscall(SYS_##n)
#define DO2(n, a) syscall(SYS_##n, L(a))
#define DO3(n, a, b) syscall(SYS_##n, L(a), L(b))
#define DO4(n, a, b, c) syscall(SYS_##n, L(a), L(b), L(c))
#define DO5(n, a, b, c, d) syscall(SYS_##n, L(a), L(b), L(c), L(d))
#define DO6(n, a, b, c, d, e) syscall(SYS_##n, L(a), L(b), L(c), L(d), L(e))
#define DO7(n, a, b, c, d, e, f) syscall(SYS_##n, L(a), L(b), L(c), L(d), L(e), L(f))
#define PICK(_1, _2, _3, _4, _5, _6, _7, name, ...) name
/* DO(openat, AT_FDCWD, "x", O_RDONLY): the call, whatever its result */
#define DO(...) PICK(__VA_ARGS__, DO7, DO6, DO5, DO4, DO3, DO2, DO1)(__VA_ARGS__)

/* calls that are newer than some headers */
#undef SYS_cachestat
#define SYS_cachestat 451
#undef SYS_fchmodat2
#define SYS_fchmodat2 452
#undef SYS_map_shadow_stack
#define SYS_map_shadow_stack 453
#undef SYS_futex_wake
#define SYS_futex_wake 454
#undef SYS_futex_wait
#define SYS_futex_wait 455
#undef SYS_futex_requeue
#define SYS_futex_requeue 456
#undef SYS_statmount
#define SYS_statmount 457
#undef SYS_listmount
#define SYS_listmount 458
#undef SYS_lsm_get_self_attr
#define SYS_lsm_get_self_attr 459
#undef SYS_lsm_set_self_attr
#define SYS_lsm_set_self_attr 460
#undef SYS_lsm_list_modules
#define SYS_lsm_list_modules 461
#undef SYS_mseal
#define SYS_mseal 462
#undef SYS_setxattrat
#define SYS_setxattrat 463
#undef SYS_getxattrat
#define SYS_getxattrat 464
#undef SYS_listxattrat
#define SYS_listxattrat 465
#undef SYS_removexattrat
#define SYS_removexattrat 466
#undef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#undef SYS_file_getattr
#define SYS_file_getattr 468
#undef SYS_file_setattr
#define SYS_file_setattr 469

__attribute__((unused)) static void need(int ok, const char *what)
{
	if (!ok) { fprintf(stderr, "%s: %s\n", what, strerror(errno)); exit(3); }
}

/* Waits for a created child. */
__attribute__((unused)) static void ended(long pid)
{
	DO(wait4, pid, 0, 0, 0);
}
