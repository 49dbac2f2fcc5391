/* A load in which processes change what filters compare: names (by themselves, through /proc, by exec, by a thread's
 * exec), users, descriptors that come from elsewhere, and many short-lived children. What they use afterwards was opened before,
 * when it matched no filter by name or user. Run in a folder of its own; links to this program named ks-target and
 * ks-other are there, and ks-file. */
#include "say.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static void name(const char *n) { prctl(PR_SET_NAME, n, 0, 0, 0); }
static void name_by_proc(const char *n)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/comm", getpid());
	int fd = open(path, O_WRONLY);
	if (write(fd, n, strlen(n)) < 0) exit(3);
	close(fd);
}
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
#define MUST(x) do { if ((x) < 0) { perror(#x); exit(9); } } while (0)

/* The descriptors that a process may have open: plain, at another number, in another folder, of every kind. */
static void early(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un u = { .sun_family = AF_UNIX };
	socklen_t len = sizeof a;
	int two[2], s, c;
	MUST(open("ks-file", O_RDWR));
	MUST(dup2(open("ks-file", O_RDONLY | O_CLOEXEC), 50));
	MUST(close(open("ks-file", O_RDONLY)));
	MUST(fcntl(open("ks-file", O_RDONLY | O_CLOEXEC), F_SETFD, 0));
	MUST(chdir("ks-folder"));
	MUST(open("inner", O_RDWR | O_CREAT, 0666));
	MUST(open(".", O_RDONLY | O_DIRECTORY));
	MUST(pipe(two));
	MUST(eventfd(7, 0));
	MUST(epoll_create1(0));
	MUST(memfd_create("ks-memory", 0));
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, two));
	MUST(s = socket(AF_INET, SOCK_STREAM, 0)); /* finds a free port */
	MUST(bind(s, (void *)&a, sizeof a));
	MUST(getsockname(s, (void *)&a, &len));
	MUST(close(s));
	MUST(s = socket(AF_INET, SOCK_STREAM, 0));
	MUST(bind(s, (void *)&a, sizeof a));
	MUST(listen(s, 5));
	MUST(c = socket(AF_INET, SOCK_STREAM, 0));
	MUST(connect(c, (void *)&a, sizeof a));
	MUST(accept(s, 0, 0));
	MUST(socket(AF_INET, SOCK_DGRAM, 0));
	snprintf(u.sun_path, sizeof u.sun_path, "ks-sock-%d", getpid());
	MUST(s = socket(AF_UNIX, SOCK_STREAM, 0));
	MUST(bind(s, (void *)&u, sizeof u));
	MUST(listen(s, 5));
	MUST(c = socket(AF_UNIX, SOCK_STREAM, 0));
	MUST(connect(c, (void *)&u, sizeof u));
	MUST(accept(s, 0, 0));
	unlink(u.sun_path);
	for (int i = 0; i < 300; i++)
		MUST(open("inner", O_RDONLY));
}
/* Uses all of them, and changes some. */
static void use(void)
{
	char buf[64];
	for (int i = 3; i < 60; i++) CALL3(fcntl, i, F_GETFL, 0);
	for (int i = 60; i < 320; i += 20) CALL3(read, i, buf, 1);
	close(50);
	int fd = open("inner", O_RDONLY);
	CALL3(read, fd, buf, 1);
	CALL3(read, fd + 1, buf, 1);
	close(fd);
	work();
}
static int turn[2][2];
static void pass_turn(int i) { if (write(turn[i][1], "t", 1) != 1) exit(8); }
static void await_turn(int i) { char b; if (read(turn[i][0], &b, 1) != 1) exit(8); }
/* A thread begins to match; what the other threads of its process open is then its own too. */
static void *renamed_thread(void *apart)
{
	if (apart && unshare(CLONE_FILES)) exit(8);
	name("ks-target");
	use();
	pass_turn(0);
	await_turn(1);
	use();
	return 0;
}
static void thread_renamed(void *apart)
{
	pthread_t t;
	name("ks-early");
	early();
	if (pipe(turn[0]) || pipe(turn[1])) exit(8);
	pthread_create(&t, 0, renamed_thread, apart);
	await_turn(0);
	if (open("inner", O_RDONLY) < 0 || close(5)) exit(8);
	pass_turn(1);
	pthread_join(t, 0);
	name("ks-target");
	use();
}
static void *early_exec_from_thread(void *exe)
{
	char *av[] = { exe, "use", 0 };
	execv(exe, av);
	exit(5);
}

int main(int argc, char **argv)
{
	if (argc > 1) { if (!strcmp(argv[1], "use")) use(); else work(); _exit(0); }
	name("ks-parent");
	CHILD { name("ks-target"); work(); name("ks-other"); work(); name("ks-target"); work(); _exit(0); }
	wait(0);
	CHILD { name_by_proc("ks-target"); work(); _exit(0); }
	wait(0);
	CHILD { char *av[] = { "ks-target", "work", 0 }; execv("ks-target", av); _exit(1); }
	wait(0);
	CHILD { name("ks-user"); if (setuid(65534)) _exit(1); work(); _exit(0); }
	wait(0);
	CHILD { pthread_t t; pthread_create(&t, 0, exec_from_thread, "./ks-other"); pause(); }
	wait(0);
	CHILD { name("ks-early"); early(); name("ks-target"); use(); name("ks-other"); use(); _exit(0); }
	wait(0);
	CHILD { name("ks-user"); early(); if (setuid(65534)) _exit(1); use(); _exit(0); }
	wait(0);
	CHILD { char *av[] = { "ks-target", "use", 0 }; name("ks-early"); early(); execv("../ks-target", av); _exit(1); }
	wait(0);
	CHILD { pthread_t t; name("ks-early"); early(); pthread_create(&t, 0, early_exec_from_thread, "../ks-other"); pause(); }
	wait(0);
	CHILD { name("ks-early"); early(); if (!vfork()) { char *av[] = { "ks-target", "use", 0 }; execv("../ks-target", av); _exit(1); } wait(0); use(); _exit(0); }
	wait(0);
	CHILD { thread_renamed(0); _exit(0); }
	wait(0);
	CHILD { thread_renamed(""); _exit(0); }
	wait(0);
	CHILD { name("ks-early"); early(); name_by_proc("ks-target"); use(); CHILD { use(); _exit(0); } wait(0); _exit(0); }
	wait(0);
	int sv[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv)) return 3;
	CHILD { name("ks-giver"); pass(sv[0], open("ks-passed", O_RDWR | O_CREAT, 0600)); _exit(0); }
	CHILD { name("ks-taker"); char b[8]; int fd = take(sv[1]); for (int i = 0; i < 3; i++) { if (write(fd, "abc", 3) != 3) _exit(1); if (pread(fd, b, 3, 0) != 3) _exit(1); } _exit(0); }
	wait(0);
	wait(0);
	CHILD { name("ks-giver"); pass(sv[0], open("ks-passed", O_RDWR)); _exit(0); }
	CHILD { name("ks-early"); early(); name("ks-target"); char b[8]; int fd = take(sv[1]); if (pread(fd, b, 3, 0) != 3) _exit(1); work(); _exit(0); }
	wait(0);
	wait(0);
	for (int i = 0; i < 50; i++) CHILD { if (i & 1) name("ks-target"); CALL0(getppid); _exit(i); }
	while (wait(0) > 0) { }
	return 0;
}
