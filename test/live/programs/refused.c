// refused [N]: calls that seccomp ends with a signal, each in a process with its own name: trapped, killed, in a thread, in strict mode;
// with a number those of this many threads, with "kinds" several calls.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void ignore(int sig) { (void)sig; }

static void refuse(unsigned nr, unsigned action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof(code) / sizeof(code[0]), code};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		perror("seccomp");
}

static void make(void) { syscall(SYS_mkdirat, AT_FDCWD, "/proc/never", 0700); }

static void *in_thread(void *unused)
{
	(void)unused;
	refuse(SYS_mkdirat, SECCOMP_RET_KILL_THREAD);
	make();
	return 0;
}

static void trapped(void)
{
	signal(SIGSYS, ignore);
	refuse(SYS_mkdirat, SECCOMP_RET_TRAP);
	make();
}

static void killed(void)
{
	refuse(SYS_mkdirat, SECCOMP_RET_KILL_PROCESS);
	make();
}

static void threaded(void)
{
	pthread_t t;
	pthread_create(&t, 0, in_thread, 0);
	pthread_join(t, 0);
}

static void strict(void)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	make();
}

static void run(const char *name, void (*act)(void))
{
	if (fork() == 0) {
		struct rlimit none = {0, 0};
		setrlimit(RLIMIT_CORE, &none);
		prctl(PR_SET_NAME, name);
		act();
		_exit(0);
	}
	wait(0);
}

static int one(void *(*act)(void *), void *with)
{
	pthread_t t;
	return pthread_create(&t, 0, act, with) || pthread_join(t, 0) ? 2 : 0;
}

// N threads, one after the other, each of which ends in its call
static int many(int n)
{
	for (int i = 0; i < n; i++)
		if (one(in_thread, 0))
			return 2;
	return 0;
}

static void *make_refused(void *call)
{
	long *c = call;
	refuse(c[0], SECCOMP_RET_KILL_THREAD);
	syscall(c[0], c[1], c[2], c[3], c[4], c[5], c[6]);
	return 0;
}

// parameters of which some can be recorded, before and after some that cannot
static int kinds(void)
{
	char path[] = "/proc/never";
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(4321), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct iovec vector[] = {{path, 3}, {path, 4}};
	struct timespec times[2] = {{1, 2}, {3, 4}};
	long calls[][7] = {
		{SYS_connect, 77, (long)&to, sizeof(to)},
		{SYS_pwritev2, 77, (long)vector, 2, 5, 0, 2},
		{SYS_utimensat, AT_FDCWD, (long)path, (long)times, AT_SYMLINK_NOFOLLOW},
		{SYS_brk, 4096},
		{SYS_openat, AT_FDCWD, (long)path, O_RDONLY},
		{SYS_execve, (long)path},
	};
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (one(make_refused, calls[i]))
			return 2;
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "kinds") == 0)
		return kinds();
	if (argc > 1)
		return many(atoi(argv[1]));
	run("trapped", trapped);
	run("killed", killed);
	run("threaded", threaded);
	run("strict", strict);
	return 0;
}
