/* A load in which processes change what filters look at: names (by themselves, through /proc, by exec, by a thread's
 * exec), users, descriptors that come from elsewhere, and many short children. Run in a folder of its own; links to this
 * program named ks-target and ks-other are there. */
#include "say.h"
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static void name(const char *n) { prctl(PR_SET_NAME, n, 0, 0, 0); }
static void work(void)
{
	char buf[64];
	for (int i = 0; i < 5; i++) {
		CALL0(getppid);
		int fd = open("ks-file", O_RDONLY);
		if (read(fd, buf, sizeof buf) < 0) exit(4);
		close(fd);
		CALL2(open, "ks-missing", O_RDONLY);
	}
}
static void *exec_from_thread(void *exe)
{
	char *av[] = { exe, "work", 0 };
	execv(exe, av);
	exit(5);
}
static void pass(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec v = { "x", 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	if (sendmsg(sock, &m, 0) != 1) exit(6);
}
static int take(int sock)
{
	char control[CMSG_SPACE(sizeof(int))] = "", b;
	struct iovec v = { &b, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
	int fd;
	if (recvmsg(sock, &m, 0) != 1) exit(7);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
	return fd;
}
#define CHILD if (fork() == 0)

int main(int argc, char **argv)
{
	if (argc > 1) { work(); _exit(0); }
	name("ks-parent");
	CHILD { name("ks-target"); work(); name("ks-other"); work(); name("ks-target"); work(); _exit(0); }
	wait(0);
	int go[2];
	if (pipe(go)) return 3;
	pid_t c = fork();
	if (c == 0) { char b; if (read(go[0], &b, 1) != 1) _exit(3); work(); _exit(0); }
	char comm[64];
	snprintf(comm, sizeof comm, "/proc/%d/comm", c);
	FILE *f = fopen(comm, "w");
	if (!f) return 3;
	fputs("ks-target", f);
	fclose(f);
	if (write(go[1], "g", 1) != 1) return 3;
	wait(0);
	CHILD { char *av[] = { "ks-target", "work", 0 }; execv("ks-target", av); _exit(1); }
	wait(0);
	CHILD { name("ks-user"); if (setuid(65534)) _exit(1); work(); _exit(0); }
	wait(0);
	CHILD { pthread_t t; pthread_create(&t, 0, exec_from_thread, "./ks-other"); pause(); }
	wait(0);
	int sv[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv)) return 3;
	CHILD { name("ks-giver"); pass(sv[0], open("ks-passed", O_RDWR | O_CREAT, 0600)); _exit(0); }
	CHILD { name("ks-taker"); char b[8]; int fd = take(sv[1]); for (int i = 0; i < 3; i++) { if (write(fd, "abc", 3) != 3) _exit(1); if (pread(fd, b, 3, 0) != 3) _exit(1); } _exit(0); }
	wait(0);
	wait(0);
	for (int i = 0; i < 50; i++) CHILD { if (i & 1) name("ks-target"); CALL0(getppid); _exit(i); }
	while (wait(0) > 0) { }
	return 0;
}
