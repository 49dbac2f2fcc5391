/* A program of 32-bit ARM without a C library: calls by their numbers, as such programs make them, with known arguments and
 * results. It prints a line for each with what a tracer must have recorded, as specified in ../live/programs/say.h. */
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;

#define NULL ((void *)0)
#define ENTRY __attribute__((used, noreturn))

__asm__(".globl _start\n.type _start, %function\n_start:\n	mov r0, sp\n	bic sp, sp, #7\n	bl begin\n");

static int call(int nr, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
{
	register u32 r7 __asm__("r7") = nr, r0 __asm__("r0") = a, r1 __asm__("r1") = b, r2 __asm__("r2") = c;
	register u32 r3 __asm__("r3") = d, r4 __asm__("r4") = e, r5 __asm__("r5") = f;
	__asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5) : "memory");
	return r0;
}
#define A(x) ((u32)(x))
#define CALL(nr, a, b, c, d, e, f) call(nr, A(a), A(b), A(c), A(d), A(e), A(f))
#define CALL3(nr, a, b, c) CALL(nr, a, b, c, 0, 0, 0)
#define LOW(x) A((u64)(x))
#define HIGH(x) A((u64)(x) >> 32)

void *memset(void *to, int c, u32 n)
{
	for (u32 i = 0; i < n; i++) ((volatile char *)to)[i] = c;
	return to;
}
void *memcpy(void *to, const void *from, u32 n)
{
	for (u32 i = 0; i < n; i++) ((volatile char *)to)[i] = ((const char *)from)[i];
	return to;
}
static u32 length(const char *s)
{
	u32 n = 0;
	while (s[n]) n++;
	return n;
}

static char said[16384];
static u32 said_len;
static void put(const char *s, u32 n)
{
	memcpy(said + said_len, s, n);
	said_len += n;
}
/* An error is negative, a value below all errors is an address. */
static void put_signed(int n)
{
	int negative = n < 0 && n >= -4095;
	u32 left = negative ? -n : n;
	char digits[12], *at = digits + sizeof digits;
	do *--at = '0' + left % 10; while (left /= 10);
	if (negative) *--at = '-';
	put(at, digits + sizeof digits - at);
}
/* %s, %d */
static void say(const char *name, int ret, const char *fmt, ...)
{
	__builtin_va_list ap;
	__builtin_va_start(ap, fmt);
	put(name, length(name));
	put("\t", 1);
	put_signed(ret);
	put("\t", 1);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put(fmt, 1);
			continue;
		}
		u32 v = __builtin_va_arg(ap, u32);
		if (*++fmt == 's') put((char *)v, length((char *)v));
		else put_signed(v);
	}
	put("\n", 1);
	__builtin_va_end(ap);
}

static ENTRY void leave(int code)
{
	for (;;) CALL3(248, code, 0, 0);
}
static void need(int ok, const char *what)
{
	if (ok) return;
	CALL3(4, 2, what, length(what));
	CALL3(4, 2, "\n", 1);
	leave(3);
}

#define DIR "/tmp/ksys-arm"
#define FILE DIR "/one"
#define FAR 4294967298ull /* 2^32 + 2 */
struct vector { void *at; u32 len; };
struct message { void *name; u32 name_len; struct vector *vectors; u32 count; void *control; u32 control_len, flags; };
struct inet { u16 family, port; u32 address; char zero[8]; };
static char buf[256];

static void files(void)
{
	int r, f;
	r = CALL3(39, DIR, 0700, 0); say("mkdir", r, "res=0	path=" DIR);
	r = CALL3(5, FILE, 0500000 | 0102, 0640); f = r;
	say("open", r, "fd=%d(<f>" FILE ")	name=" FILE "	flags=18439(O_LARGEFILE|O_CREAT|O_RDWR|O_F_CREATED|O_NOFOLLOW)	mode=0640", f);
	r = CALL3(5, DIR "/none", 0, 0); say("open", r, "fd=-2(ENOENT)	name=" DIR "/none");
	r = CALL3(4, f, "0123456789", 10); say("write", r, "res=10	fd=%d(<f>" FILE ")	size=10	data=0123456789", f);
	r = CALL(181, f, "far", 3, 0, LOW(FAR), HIGH(FAR)); say("pwrite", r, "res=3	size=3	pos=4294967298	data=far");
	r = CALL(180, f, buf, 9, 0, LOW(FAR), HIGH(FAR)); say("pread", r, "res=3	size=9	pos=4294967298	data=far");
	r = CALL(362, f, ((struct vector[]){ { "FAR", 3 } }), 1, LOW(FAR), HIGH(FAR), 0); say("pwritev", r, "res=3	data=FAR	size=3	pos=4294967298");
	r = CALL(361, f, ((struct vector[]){ { buf, 9 } }), 1, LOW(FAR), HIGH(FAR), 0); say("preadv", r, "res=3	data=FAR	size=9	pos=4294967298");
	r = CALL(393, f, ((struct vector[]){ { "far", 3 } }), 1, LOW(FAR), HIGH(FAR), 2); say("pwritev2", r, "res=3	pos_l=4294967298	pos_h=1	flags=2(RWF_DSYNC)");
	r = CALL(392, f, ((struct vector[]){ { buf, 9 } }), 1, LOW(FAR), HIGH(FAR), 0); say("preadv2", r, "res=3	pos_l=4294967298	pos_h=1	flags=0");
	r = CALL(140, f, 1, 2, buf, 0, 0); say("llseek", r, "res=0	fd=%d(<f>" FILE ")	offset=4294967298	whence=0(SEEK_SET)", f);
	r = CALL3(19, f, 4, 0); say("lseek", r, "res=4	offset=4");
	r = CALL3(3, f, buf, 3); say("read", r, "res=3	data=456	size=3");
	r = CALL(225, f, 0, LOW(FAR), HIGH(FAR), 8, 0); say("readahead", r, "res=0	fd=%d(<f>" FILE ")	offset=4294967298	count=8", f);
	r = CALL(270, f, 4, LOW(FAR), HIGH(FAR), 6, 0); say("arm_fadvise64_64", r, "res=0	fd=%d(<f>" FILE ")	advice=4(POSIX_FADV_DONTNEED)	offset=4294967298	len=6", f);
	r = CALL(341, f, 2, LOW(FAR), HIGH(FAR), 7, 0); say("arm_sync_file_range", r, "res=0	flags=2(SYNC_FILE_RANGE_WRITE)	offset=4294967298	nbytes=7");
	r = CALL(352, f, 1, LOW(FAR), HIGH(FAR), 3, 0); say("fallocate", r, "res=0	offset=4294967298	len=3");
	r = CALL(193, FILE, 0, 10, 0, 0, 0); say("truncate", r, "res=0	length=10");
	r = CALL(194, f, 0, 12, 0, 0, 0); say("ftruncate", r, "res=0	length=12");
	r = CALL3(195, FILE, buf, 0); say("stat64", r, "res=0	path=" FILE);
	r = CALL3(197, f, buf, 0); say("fstat64", r, "res=0");
	r = CALL(327, -100, FILE, buf, 0, 0, 0); say("newfstatat", r, "res=0	dirfd=-100(AT_FDCWD)	path=" FILE);
	r = CALL3(146, f, ((struct vector[]){ { "ab", 2 }, { "cde", 3 } }), 2); say("writev", r, "res=5	fd=%d(<f>" FILE ")	size=5	data=abcde", f);
	r = CALL3(63, f, 41, 0); say("dup2", r, "res=41(<f>" FILE ")	oldfd=%d(<f>" FILE ")", f);
	r = CALL3(221, 41, 1 /* F_GETFD */, 0); say("fcntl", r, "res=0	fd=41(<f>" FILE ")	cmd=2(F_GETFD)");
	r = CALL3(6, 41, 0, 0); say("close", r, "res=0	fd=41(<f>" FILE ")");
	r = CALL3(3, 41, buf, 1); say("read", r, "res=-9(EBADF)	fd=41");
	r = CALL(192, 0, 4096, 1, 0x22, -1, 0); say("mmap2", r, "res=%d	length=4096	prot=1(PROT_READ)", r);
	need(r < -4095, "mmap2 in the upper half");
	r = CALL3(91, r, 4096, 0); say("munmap", r, "res=0	length=4096");
	r = CALL3(10, FILE, 0, 0); say("unlink", r, "res=0	path=" FILE);
	r = CALL3(40, DIR, 0, 0); say("rmdir", r, "res=0	path=" DIR);
}

static void sockets(void)
{
	int r, s, pair[2], len = sizeof(struct inet);
	struct inet me = { 2, 0, 0x0100007f, {} };
	r = CALL(288, 1, 1, 0, pair, 0, 0); say("socketpair", r, "res=0	fd1=%d(<u>)	fd2=%d(<u>)", pair[0], pair[1]);
	struct vector out[] = { { "po", 2 }, { "ng", 2 } }, in = { buf, 9 };
	struct message given = { 0, 0, out, 2, 0, 0, 0 }, taken = { 0, 0, &in, 1, 0, 0, 0 };
	r = CALL3(296, pair[0], &given, 0); say("sendmsg", r, "res=4	size=4	data=pong");
	r = CALL3(297, pair[1], &taken, 0); say("recvmsg", r, "res=4	size=9	data=pong");
	s = r = CALL3(281, 2, 2, 0); say("socket", r, "fd=%d(<4>)	domain=2(AF_INET)	type=2(SOCK_DGRAM)", r);
	r = CALL3(282, s, &me, sizeof me); say("bind", r, "res=0	addr=127.0.0.1:0");
	need(CALL3(286, s, &me, &len) == 0, "getsockname");
	u32 port = (me.port & 255) << 8 | me.port >> 8;
	r = CALL3(283, s, &me, sizeof me); say("connect", r, "res=0	addr=127.0.0.1:%d", port);
	r = CALL(289, s, "to me", 5, 0, 0, 0); say("send", r, "res=5	data=to me	fd=%d(<4u>127.0.0.1:%d->127.0.0.1:%d)	size=5", s, port, port);
	r = CALL(291, s, buf, 100, 0, 0, 0); say("recv", r, "res=5	data=to me	size=100");
	r = CALL(290, s, "again", 5, 0, 0, 0); say("sendto", r, "res=5	data=again");
}

static void nothing(int sig) { (void)sig; }

static void processes(void)
{
	int r, status, pid = CALL3(20, 0, 0, 0);
	u32 action[5] = { A(nothing) };
	say("getpid", pid, "");
	r = CALL(403, 1, buf, 0, 0, 0, 0); say("clock_gettime", r, "res=0	which_clock=1(CLOCK_MONOTONIC)");
	r = CALL3(199, 0, 0, 0); say("getuid", r, "uid=0(root)");
	r = CALL3(0xf0005, 0x1234, 0, 0); say("set_tls", r, "res=0	value=1234");
	r = CALL3(0xf0010, 5, 0, 0); say("unknown", r, "res=-38(ENOSYS)	nativeID=983056");
	need(CALL(174, 10, action, 0, 8, 0, 0) == 0, "rt_sigaction");
	r = CALL3(37, pid, 10, 0); say("kill", r, "res=0	pid=%d(arm32)	sig=10(SIGUSR1)", pid);
	say("sigreturn", r, "");
	r = CALL3(2, 0, 0, 0);
	if (r == 0) {
		CALL3(11, "/proc/self/exe", ((const char *[]){ "arm32", "again", NULL }), ((const char *[]){ "A=b", NULL }));
		leave(1);
	}
	say("fork", r, "res=%d(arm32)", r);
	need(CALL(114, r, &status, 0, 0, 0, 0) == r, "wait4");
	/* of a 32-bit program by one, then of a 64-bit one by one of 32 bits */
	say("execve", 0, "res=0	exe=arm32	args=again.	tid=%d(exe)	filename=/proc/self/exe	env=A=b.", r);
	r = CALL3(11, "/nonexistent/program", ((const char *[]){ "x", NULL }), 0); say("execve", r, "res=-2(ENOENT)	filename=/nonexistent/program");
	r = CALL3(2, 0, 0, 0);
	if (r == 0) {
		CALL3(11, "/bin/busybox", ((const char *[]){ "busybox", "true", NULL }), 0);
		leave(1);
	}
	need(CALL(114, r, &status, 0, 0, 0, 0) == r && status == 0, "busybox");
	say("execve", 0, "res=0	exe=busybox	args=true.	tid=%d(busybox)	filename=/bin/busybox", r);
	say("exit_group", 0, "error_code=8");
}

ENTRY void begin(u32 *stack)
{
	u32 argc = stack[0];
	char **argv = (char **)stack + 1, **env = argv + argc + 1;
	const char *to = NULL;
	if (argc > 1) leave(7);
	/* started by a 64-bit program */
	say("execve", 0, "res=0	exe=arm32	filename=/bin/arm32");
	for (; *env; env++)
		if ((*env)[0] == 'S' && (*env)[1] == 'A' && (*env)[2] == 'I' && (*env)[3] == 'D' && (*env)[4] == '=') to = *env + 5;
	files();
	sockets();
	processes();
	if (to) {
		int f = CALL3(5, to, 02101, 0644);
		need(f >= 0 && CALL3(4, f, said, said_len) == (int)said_len, to);
	}
	leave(8);
}
