/* Hostile arguments and names: bad pointers, huge lengths, iovecs, control messages, paths, escapes. Prints what it did. */
#include "say.h"
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/mman.h>
#include <sys/uio.h>

static char path[8192], big[128 * 1024];
static struct iovec iov[1024];

/* A page without a mapped neighbour: data that start at its end are there in part. */
static char *edge(void)
{
	char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(p != MAP_FAILED && munmap(p + 4096, 4096) == 0, "edge");
	memset(p, 0xff, 4096);
	return p + 4096;
}

/* Structures, lists and texts that are at invalid addresses, are enormous, or point to invalid addresses themselves. */
static void structures(void *p, void *list)
{
	long r;
#define TRY(name, ...) r = __VA_ARGS__; say(name, r, "")
	TRY("select", CALL5(select, 1 << 30, p, p, p, p));
	TRY("pselect6", CALL6(pselect6, 64, p, p, p, p, p));
	TRY("pselect6", CALL6(pselect6, 64, 0, 0, 0, 0, list));
	TRY("fcntl", CALL3(fcntl, 1000, 6 /* F_SETLK */, p));
	TRY("fcntl", CALL3(fcntl, 1, 6, p));
	TRY("ioctl", CALL3(ioctl, 1000, 0x5402 /* TCSETS */, p));
	TRY("keyctl", CALL5(keyctl, 2 /* UPDATE */, -3, p, -1L, 0));
	TRY("keyctl", CALL5(keyctl, 10 /* SEARCH */, -3, p, p, 0));
	TRY("semop", CALL3(semop, -1, p, -1L));
	TRY("semctl", CALL4(semctl, -1, 0, 1 /* IPC_SET */, p));
	TRY("msgsnd", CALL4(msgsnd, -1, p, -1L, 0));
	TRY("io_submit", CALL3(io_submit, 16, 1L << 40, p));
	TRY("io_submit", CALL3(io_submit, 16, 1024, list));
	TRY("io_uring_register", CALL4(io_uring_register, 1000, 0 /* BUFFERS */, p, -1));
	TRY("io_uring_register", CALL4(io_uring_register, 1000, 20 /* RING_FDS */, list, 1 << 30));
	TRY("process_vm_readv", CALL6(process_vm_readv, getpid(), p, 1024, p, 1L << 40, 0));
	TRY("process_vm_writev", CALL6(process_vm_writev, getpid(), list, 1024, list, 1024, 0));
	TRY("process_madvise", CALL5(process_madvise, 1000, p, -1L, 20, 0));
	TRY("bpf", CALL3(bpf, 6 /* OBJ_PIN */, p, 1L << 31));
	TRY("bpf", CALL3(bpf, 5 /* PROG_LOAD */, list, 128));
	TRY("ptrace", CALL4(ptrace, 0x4209 /* PEEKSIGINFO */, 1 << 30, p, p));
	TRY("mount", CALL5(mount, p, p, p, 0, p));
	TRY("setsockopt", CALL5(setsockopt, 1000, 6, 13, p, -1));
	TRY("setsockopt", CALL5(setsockopt, 1000, 1, 25, list, 1 << 30));
	TRY("sched_setattr", CALL3(sched_setattr, 0, p, 0));
	TRY("sched_setaffinity", CALL3(sched_setaffinity, 1 << 30, -8, p));
	TRY("prctl", CALL5(prctl, 0x53564d41 /* SET_VMA */, 0, 4096, 4096, p));
	TRY("seccomp", CALL3(seccomp, 1, 1 << 30, p));
	TRY("landlock_add_rule", CALL4(landlock_add_rule, 1000, 1, p, 0));
	TRY("futex_waitv", CALL5(futex_waitv, p, 1 << 30, 0, p, 0));
	TRY("mbind", CALL6(mbind, 4096, 4096, 2, p, 1L << 40, 0));
	TRY("move_pages", CALL6(move_pages, 0, 1L << 40, p, p, p, 0));
	TRY("rt_sigaction", CALL4(rt_sigaction, 10, p, 0, 8));
	TRY("clone3", CALL2(clone3, p, 1L << 31));
	TRY("perf_event_open", CALL5(perf_event_open, p, 0, 0, -1, 0));
	TRY("setxattr", CALL5(setxattr, p, p, p, -1L, 0));
	TRY("add_key", CALL5(add_key, p, p, p, -1L, 0));
	TRY("vmsplice", CALL4(vmsplice, 1000, list, 1024, 0));
	TRY("recvmmsg", CALL5(recvmmsg, 1000, p, 1 << 30, 0, p));
	TRY("sendmmsg", CALL4(sendmmsg, 1000, list, 1024, 0));
	TRY("quotactl", CALL4(quotactl, 0x80000800, p, 0, p));
	TRY("epoll_ctl", CALL4(epoll_ctl, 1000, 1, 0, p));
	TRY("kexec_load", CALL4(kexec_load, 0, -1L, p, 0xff00));
	TRY("utimensat", CALL4(utimensat, -100, p, p, 0));
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "again") == 0) return 0;
	char self[4096] = "";
	need(readlink("/proc/self/exe", self, sizeof self - 1) > 0, "readlink");
	void *bad[] = {(void *)1, (void *)-1, (void *)0xffff888000000000, (void *)0x00007ffffffff000};
	long r;
	for (int i = 0; i < 4; i++) {
		r = CALL3(openat, -100, bad[i], 0); say("openat", r, "");
		r = CALL3(write, 1000, bad[i], -1L); say("write", r, "");
		r = CALL3(execve, bad[i], bad[i], bad[i]); say("execve", r, "");
		r = CALL3(writev, 1, bad[i], 1024); say("writev", r, "");
		r = CALL3(sendmsg, 1, bad[i], 0); say("sendmsg", r, "");
		r = CALL3(connect, 1, bad[i], 1 << 30); say("connect", r, "");
		r = CALL3(poll, bad[i], 1 << 30, 0); say("poll", r, "");
		r = CALL5(prctl, PR_SET_NAME, bad[i], 0, 0, 0); say("prctl", r, "");
	}
	int fd = open("/dev/null", O_WRONLY), pair[2];
	char *end = edge();
	for (int i = 0; i < 1024; i++) ((void **)iov)[i] = bad[i % 4];
	for (int i = 0; i < 4; i++) structures(bad[i], iov);
	structures(end - 3, end - 8);
	for (int i = 0; i < 1024; i++) iov[i] = (struct iovec){"abcdefgh", 3};
	r = CALL3(writev, fd, iov, 1024); say("writev", r, "");
	r = CALL3(writev, fd, iov, 1025); say("writev", r, "");
	memset(path, 'p', 4095);
	for (int i = 0; i < 4095; i += 200) path[i] = '/';
	r = CALL3(openat, -100, path, 0); say("openat", r, "");
	memset(path, '/', 5000);
	r = CALL3(openat, -100, path, 0); say("openat", r, "");
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
	int fds[253];
	char control[CMSG_SPACE(sizeof fds)];
	for (int i = 0; i < 253; i++) fds[i] = fd;
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	*c = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fds), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(c), fds, sizeof fds);
	r = CALL3(sendmsg, pair[0], &m, 0); say("sendmsg", r, "");
	m.msg_controllen = -1UL;
	r = CALL3(sendmsg, pair[0], &m, 0); say("sendmsg", r, "");
	r = CALL3(openat, -100, "/tmp/new\nline\x1b[31m\xff\xfe", 0); say("openat", r, "");
	r = CALL5(prctl, PR_SET_NAME, "a\n\x1b[2J\xff", 0, 0, 0); say("prctl", r, "");
	flush_said();
	memset(big, 'x', sizeof big - 1);
	if (fork() == 0) {
		execl(self, self, "again", "line\nbreak", "\x1b]0;title\x07", "\xff\xfe", big, (char *)0);
		_exit(9);
	}
	wait(0);
	return 0;
}
