/* Shared by all test programs: makes a call by number and prints, in one line, what a tracer must have recorded:
 * name TAB result (-errno) TAB argument=text TAB argument=text ...  in ksys's own form of evt.args. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static long call(long nr, long a, long b, long c, long d, long e, long f)
{
	long r = syscall(nr, a, b, c, d, e, f);
	return r < 0 ? -errno : r;
}
#define ARG(x) ((long)(x))
#define CALL0(n) call(SYS_##n, 0, 0, 0, 0, 0, 0)
#define CALL1(n, a) call(SYS_##n, ARG(a), 0, 0, 0, 0, 0)
#define CALL2(n, a, b) call(SYS_##n, ARG(a), ARG(b), 0, 0, 0, 0)
#define CALL3(n, a, b, c) call(SYS_##n, ARG(a), ARG(b), ARG(c), 0, 0, 0)
#define CALL4(n, a, b, c, d) call(SYS_##n, ARG(a), ARG(b), ARG(c), ARG(d), 0, 0)
#define CALL5(n, a, b, c, d, e) call(SYS_##n, ARG(a), ARG(b), ARG(c), ARG(d), ARG(e), 0)
#define CALL6(n, a, b, c, d, e, f) call(SYS_##n, ARG(a), ARG(b), ARG(c), ARG(d), ARG(e), ARG(f))

static char said[1 << 20];
static size_t said_len;
/* Lines are stored and written at the end, so that writing them is not itself among the tested calls. */
static void say(const char *name, long ret, const char *fmt, ...)
{
	said_len += snprintf(said + said_len, sizeof said - said_len, "%s\t%ld", name, ret);
	if (fmt && *fmt) {
		va_list ap;
		said[said_len++] = '\t';
		va_start(ap, fmt);
		said_len += vsnprintf(said + said_len, sizeof said - said_len, fmt, ap);
		va_end(ap);
	}
	said[said_len++] = '\n';
}
static FILE *said_file;
/* Opened before the program may lose the right to open it. */
__attribute__((constructor)) static void open_said(void)
{
	if (!getenv("SAID")) return;
	said_file = fopen(getenv("SAID"), "ae");
	if (!said_file) { perror("SAID"); exit(3); }
}
static void flush_said(void)
{
	fwrite(said, 1, said_len, said_file);
	fflush(said_file);
	said_len = 0;
}
__attribute__((unused)) static void need(int ok, const char *what)
{
	if (!ok) { fprintf(stderr, "test program: %s: %s\n", what, strerror(errno)); exit(3); }
}
