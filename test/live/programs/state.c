/* Changes what ksys stores about processes and descriptors, one section per argument, and prints which file, socket, name
 * or user each later call really had. Every read has a size of its own, so that its result identifies it. */
#include "say.h"
#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#endif

static char dir[512], self[512];
static char bytes[1 << 16];
static struct shared { volatile int size, turn; volatile long a, b; } *sh;

static char *at(const char *name)
{
	static char slots[16][600];
	static int n;
	char *s = slots[n++ & 15];
	snprintf(s, 600, "%s/%s", dir, name);
	return s;
}
static long me(void) { return syscall(SYS_gettid); }
static void make(const char *name)
{
	int fd = open(at(name), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
	need(fd >= 0 && ftruncate(fd, 60000) == 0, name);
	close(fd);
}
/* Reads from a descriptor; the line is printed by a process that shares the memory or by the process itself. */
static long rd(int fd) { return syscall(SYS_pread64, fd, bytes, 100 + __sync_fetch_and_add(&sh->size, 1), 0); }
static void reads(int fd, const char *name)
{
	long r = rd(fd);
	need(r > 0, name);
	say("pread", r, "thread.tid=%ld\tfd.num=%d\tfd.name=%s\tfd.type=file", me(), fd, at(name));
}
static int opens(const char *name)
{
	int fd = open(at(name), O_RDONLY);
	need(fd >= 0, name);
	return fd;
}
static void opens_relative(const char *relative, const char *full)
{
	int fd = openat(AT_FDCWD, relative, O_RDONLY);
	need(fd >= 0, relative);
	say("openat", fd, "thread.tid=%ld\tfd.name=%s", me(), full[0] == '/' ? full : at(full));
	close(fd);
}
static void turn(int n) { while (sh->turn < n) usleep(200); }
static void next(void) { sh->turn++; }
/* A child by clone with these flags; ends with the exit of its thread only. */
static int (*child_work)(void);
static int child_main(void *unused)
{
	(void)unused;
	int r = child_work();
	if (!(sh->b & CLONE_VM)) flush_said();
	return r;
}
static int starts(int flags, int (*work)(void))
{
	char *stack = mmap(0, 1 << 18, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(stack != MAP_FAILED, "stack");
	flush_said();
	child_work = work;
	sh->turn = 0;
	sh->b = flags;
	int pid = clone(child_main, stack + (1 << 18), flags | (flags & CLONE_THREAD ? 0 : SIGCHLD), 0);
	need(pid > 0, "clone");
	return pid;
}

static int files_child(void)
{
	sh->a = opens("child");
	next();
	turn(2);
	reads(sh->a + 1, "parent");
	close(sh->a);
	next();
	turn(4);
	return 0;
}
/* One table for both: what one opens or closes is also opened or closed for the other. */
static void shared_files(int flags)
{
	int pid = starts(flags | CLONE_FILES, files_child);
	turn(1);
	reads(sh->a, "child");
	int fd = opens("parent");
	need(fd == sh->a + 1, "the next number");
	next();
	turn(3);
	int again = opens("other");
	need(again == sh->a, "the number that the child closed");
	reads(again, "other");
	next();
	if (!(flags & CLONE_THREAD)) waitpid(pid, 0, 0);
	usleep(1000);
	close(again);
	close(fd);
}
static int copy_child(void)
{
	int fd = opens("child");
	sh->a = fd;
	next();
	turn(2);
	reads(fd, "child");
	return 0;
}
static void copied_files(void)
{
	int keep = opens("other");
	int pid = starts(0, copy_child);
	turn(1);
	int fd = opens("parent");
	need(fd == sh->a, "the same number");
	reads(fd, "parent");
	next();
	waitpid(pid, 0, 0);
	reads(keep, "other");
	close(fd);
	close(keep);
}
static void *unsharing_thread(void *unused)
{
	(void)unused;
	int fd = sh->a;
	reads(fd, "other");
	need(unshare(CLONE_FILES) == 0, "unshare");
	close(fd);
	need(opens("child") == fd, "the same number");
	reads(fd, "child");
	return 0;
}
static void unshared_files(void)
{
	pthread_t t;
	int fd = opens("other");
	sh->a = fd;
	pthread_create(&t, 0, unsharing_thread, 0);
	pthread_join(t, 0);
	reads(fd, "other");
	close(fd);
}
static void vfork_files(void)
{
	int fd = opens("other");
	flush_said();
	int pid = vfork();
	if (pid == 0) {
		close(fd);
		int mine = open(at("child"), O_RDONLY);
		if (mine == fd) reads(mine, "child");
		_exit(0);
	}
	waitpid(pid, 0, 0);
	reads(fd, "other");
	close(fd);
}
static int dirs_child(void)
{
	need(chdir(at("one/two")) == 0, "chdir");
	next();
	turn(2);
	opens_relative("./deep", "one/two/deep");
	return 0;
}
static void directories(void)
{
	need(chdir(dir) == 0, "chdir");
	int pid = starts(0, dirs_child);
	turn(1);
	opens_relative("one/two/../two/deep", "one/two/deep");
	next();
	waitpid(pid, 0, 0);
	pid = starts(CLONE_FS, dirs_child);
	turn(1);
	opens_relative("deep", "one/two/deep");
	opens_relative("../near", "one/near");
	next();
	waitpid(pid, 0, 0);
	int one = open(at("one"), O_RDONLY | O_DIRECTORY);
	need(fchdir(one) == 0, "fchdir");
	opens_relative("near", "one/near");
	int fd = openat(one, "two/deep", O_RDONLY);
	say("openat", fd, "thread.tid=%ld\tfd.name=%s", me(), at("one/two/deep"));
	need(chdir(at("link")) == 0, "chdir through a link");
	opens_relative("deep", "one/two/deep");
	opens_relative("../near", "one/near");
	CALL0(getppid);
	say("getppid", getppid(), "thread.tid=%ld\tproc.cwd=%s/", me(), at("one/two"));
	pid = fork();
	if (pid == 0) {
		said_len = 0;
		need(chroot(at("one")) == 0, "chroot");
		need(chdir("/two") == 0, "chdir in the new root");
		opens_relative("deep", "/two/deep");
		flush_said();
		_exit(0);
	}
	waitpid(pid, 0, 0);
}
/* Reads from a descriptor, whose name is the kernel's name in /proc. */
static void reads_as_proc(int fd, const char *what)
{
	char link[64], name[4096];
	need(fd >= 0, what);
	snprintf(link, sizeof link, "/proc/thread-self/fd/%d", fd);
	long n = readlink(link, name, sizeof name - 1), r = rd(fd);
	need(n > 0 && r >= 0, what);
	name[n] = 0;
	say("pread", r, "thread.tid=%ld\tfd.num=%d\tfd.name=%s\tfd.type=file", me(), fd, name);
	close(fd);
}
static void *moves_alone(void *flag)
{
	need(unshare((long)flag) == 0 && chdir(at("one/two")) == 0, "unshare, chdir");
	opens_relative("deep", "one/two/deep");
	return 0;
}
/* A thread unshares a mount namespace, which gives it a working directory of its own; so does a process that shared it. */
static void own_directories(void)
{
	pthread_t t;
	need(chdir(at("one")) == 0, "chdir");
	pthread_create(&t, 0, moves_alone, (void *)(long)CLONE_NEWNS);
	pthread_join(t, 0);
	opens_relative("near", "one/near");
	for (int i = 0; i < 2; i++) {
		long pid = syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
		if (pid == 0) {
			said_len = 0;
			moves_alone((void *)(long)(i ? CLONE_NEWUSER : CLONE_NEWNS));
			flush_said();
			_exit(0);
		}
		waitpid(pid, 0, 0);
		opens_relative("near", "one/near");
	}
}
/* Files whose paths do not identify them: through a link and up again, below a root of the call, without a name, too deep. */
static void ways(void)
{
	struct open_how in_root = { .flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT };
	make("deep");
	reads_as_proc(open(at("link/../near"), O_RDONLY), "link/../near");
	need(chdir(dir) == 0, "chdir");
	reads_as_proc(open("link/../near", O_RDONLY), "relative link/../near");
	reads_as_proc(open("one/../other", O_RDONLY), "one/../other");
	int one = open(at("one"), O_RDONLY | O_DIRECTORY);
	reads_as_proc(syscall(SYS_openat2, one, "/two/deep", &in_root, sizeof in_root), "openat2 in a root");
	reads_as_proc(syscall(SYS_openat2, one, "../../near", &in_root, sizeof in_root), "openat2 above a root");
	int nameless = open(dir, O_TMPFILE | O_RDWR, 0600);
	need(nameless < 0 || write(nameless, bytes, 60000) == 60000, "O_TMPFILE");
	if (nameless >= 0)
		reads_as_proc(nameless, "O_TMPFILE");
	for (int i = 0; i < 70; i++)
		need(mkdir("d", 0755) == 0 && chdir("d") == 0, "a deep directory");
	int fd = open("bottom", O_CREAT | O_RDWR, 0644);
	long r = rd(fd);
	need(fd >= 0 && r == 0, "bottom");
	char name[200] = "...", *end = name + 3;
	for (int i = 0; i < 64; i++)
		end = stpcpy(end, "/d");
	say("pread", r, "thread.tid=%ld\tfd.num=%d\tfd.name=%s/bottom\tfd.type=file", me(), fd, name);
}
/* A process that shares its descriptors gets a table of its own by closing some of them, or by requesting one. */
static void closes_alone(void)
{
	for (int i = 0; i < 2; i++) {
		dup2(opens("other"), 60);
		reads(60, "other");
		long pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
		if (pid == 0) {
			said_len = 0;
			need((i ? unshare(CLONE_FILES) : syscall(SYS_close_range, 200, 1000, CLOSE_RANGE_UNSHARE)) == 0, "unshare");
			close(60);
			dup2(opens("child"), 60);
			reads(60, "child");
			flush_said();
			_exit(0);
		}
		waitpid(pid, 0, 0);
		reads(60, "other");
	}
}
static void sends(int fd, const char *name, long r)
{
	need(r > 0, name);
	say("sendto", r, "thread.tid=%ld\tfd.num=%d\tfd.name=%s", me(), fd, name);
}
/* Sockets without a peer, with another than before, and on a port that the kernel selected. */
static void peers(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002), .sin_port = htons(5353) }, own;
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	socklen_t n = sizeof own;
	char name[100];
	int u = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_STREAM, 0);
	need(connect(u, (void *)&to, sizeof to) == 0 && connect(u, &nobody, sizeof nobody) == 0, "connect");
	say("connect", 0, "thread.tid=%ld\tfd.num=%d\tfd.name=", me(), u);
	to.sin_addr.s_addr = htonl(0x7f000042);
	long r = syscall(SYS_sendto, u, bytes, 900, 0, &to, sizeof to);
	getsockname(u, (void *)&own, &n);
	snprintf(name, sizeof name, "127.0.0.1:%d->127.0.0.66:5353", ntohs(own.sin_port));
	sends(u, name, r);
	own = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	need(bind(b, (void *)&own, sizeof own) == 0 && listen(b, 5) == 0, "bind, listen");
	getsockname(b, (void *)&own, &n);
	int port = ntohs(own.sin_port), l = socket(AF_INET, SOCK_STREAM, 0);
	say("bind", 0, "thread.tid=%ld\tfd.num=%d\tfd.name=127.0.0.1:%d", me(), b, port);
	say("listen", 0, "thread.tid=%ld\tfd.num=%d\tfd.name=127.0.0.1:%d\tfd.sport=%d", me(), b, port, port);
	need(listen(l, 5) == 0 && getsockname(l, (void *)&own, &n) == 0, "listen without bind");
	say("listen", 0, "thread.tid=%ld\tfd.num=%d\tfd.name=0.0.0.0:%d", me(), l, ntohs(own.sin_port));
}
static void copies(void)
{
	int a = opens("other");
	int b = dup(a), c = dup2(a, 50), d = dup3(a, 51, O_CLOEXEC);
	int e = fcntl(a, F_DUPFD, 60), f = fcntl(a, F_DUPFD_CLOEXEC, 70);
	close(a);
	reads(b, "other"); reads(c, "other"); reads(d, "other"); reads(e, "other"); reads(f, "other");
	int over = opens("parent");
	need(dup2(over, 50) == 50, "dup2 over an open one");
	reads(50, "parent");
	reads(60, "other");
	need(fcntl(60, F_SETFD, FD_CLOEXEC) == 0, "cloexec");
	need(syscall(SYS_close_range, 70, 70, CLOSE_RANGE_CLOEXEC) == 0, "close_range");
	int g = fcntl(b, F_DUPFD, 80);
	int h = fcntl(over, F_DUPFD, 81);
	need(syscall(SYS_close_range, 80, 90, 0) == 0, "close_range");
	need(g == 80 && h == 81, "numbers");
	need(fcntl(over, F_DUPFD, 80) == 80, "the number is free again");
	reads(80, "parent");
	flush_said();
	char number[16];
	snprintf(number, sizeof number, "%d", sh->size + 50);
	execl(self, self, "after", dir, number, (char *)0);
	need(0, "exec");
}
/* The second half of copies: only descriptors without close-on-exec remain, and the free numbers are new files. */
static void after(void)
{
	reads(50, "parent");
	reads(80, "parent");
	int c = opens("child");
	int fd = fcntl(c, F_DUPFD, 51);
	need(fd == 51 && fcntl(c, F_DUPFD, 60) == 60 && fcntl(c, F_DUPFD, 70) == 70, "closed by exec");
	reads(51, "child"); reads(60, "child"); reads(70, "child");
	say("getppid", getppid(), "thread.tid=%ld\tproc.name=state\tproc.exepath=%s", me(), self);
	CALL0(getppid);
}
static void *exec_thread(void *unused)
{
	(void)unused;
	char number[16];
	snprintf(number, sizeof number, "%d", sh->size + 50);
	execl(self, self, "thread-after", dir, number, (char *)0);
	return 0;
}
static void thread_exec(void)
{
	pthread_t t;
	int fd = opens("other");
	need(dup2(fd, 40) == 40, "dup2");
	reads(40, "other");
	flush_said();
	prctl(PR_SET_NAME, "beforeexec");
	pthread_create(&t, 0, exec_thread, 0);
	for (;;) pause();
}
static void thread_after(void)
{
	need(me() == getpid(), "an exec makes its thread the leader");
	reads(40, "other");
	CALL0(getppid);
	say("getppid", getppid(), "thread.tid=%d\tproc.pid=%d\tproc.name=state\tproc.nthreads=1", getpid(), getpid());
}
static void send_fd(int sock, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = {0}, byte = 'x';
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	*c = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	need(sendmsg(sock, &m, 0) == 1, "sendmsg");
}
static int receive_fd(int sock)
{
	char room[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
	int fd;
	need(recvmsg(sock, &m, 0) == 1, "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
	return fd;
}
static void passing(void)
{
	int pair[2];
	need(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
	int stay = opens("parent");
	flush_said();
	int pid = fork();
	if (pid == 0) {
		int fd = opens("child");
		send_fd(pair[1], fd);
		close(fd);
		need(dup2(opens("other"), 90) == 90, "dup2");
		next();
		turn(2);
		reads(90, "other");
		flush_said();
		_exit(0);
	}
	int got = receive_fd(pair[0]);
	reads(got, "child");
	turn(1);
	int pidfd = CALL2(pidfd_open, pid, 0), taken = CALL3(pidfd_getfd, pidfd, 90, 0);
	need(taken >= 0, "pidfd_getfd");
	reads(taken, "other");
	reads(stay, "parent");
	next();
	waitpid(pid, 0, 0);
	/* descriptors without a path, or without a file */
	int stream[2], ends[2], memory = memfd_create("shared", 0), ns = open("/proc/self/ns/net", O_RDONLY);
	const char *fifo = at("fifo");
	unlink(fifo);
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, stream) == 0 && pipe(ends) == 0 && mkfifo(fifo, 0600) == 0, "pipe");
	const struct { int fd; const char *what; } odd[] = {
		{memory, "fd.type=memfd\tfd.name=shared"}, {ns, "fd.type=file\tfd.name="}, {ends[0], "fd.type=pipe\tfd.name="},
		{epoll_create1(0), "fd.type=eventpoll"}, {eventfd(0, 0), "fd.type=event"}, {stream[0], "fd.type=unix"},
	};
	for (unsigned i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct stat st;
		send_fd(pair[1], odd[i].fd);
		int fd = receive_fd(pair[0]);
		fstat(fd, &st);
		say("fstat", 0, "thread.tid=%ld\tfd.num=%d\t%s", me(), fd, odd[i].what);
	}
	struct stat st;
	send_fd(pair[1], open(fifo, O_RDWR));
	int named = receive_fd(pair[0]);
	fstat(named, &st);
	say("fstat", 0, "thread.tid=%ld\tfd.num=%d\tfd.type=pipe\tfd.name=%s", me(), named, fifo);
	/* in two messages of one call, and a descriptor of the sender that was not sent */
	int a = opens("child"), b = opens("parent"), one = 1, sockets[2];
	need(socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) == 0 && setsockopt(sockets[0], SOL_SOCKET, SO_PASSPIDFD, &one, sizeof one) == 0, "socketpair");
	send_fd(sockets[1], a);
	send_fd(sockets[1], b);
	close(a); close(b);
	char data[2], control[2][128];
	struct iovec v[2] = {{data, 1}, {data + 1, 1}};
	struct mmsghdr m[2] = {{.msg_hdr = {.msg_iov = &v[0], .msg_iovlen = 1, .msg_control = control[0], .msg_controllen = 128}},
			       {.msg_hdr = {.msg_iov = &v[1], .msg_iovlen = 1, .msg_control = control[1], .msg_controllen = 128}}};
	need(CALL5(recvmmsg, sockets[0], m, 2, 0, 0) == 2, "recvmmsg");
	for (int i = 0; i < 2; i++)
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m[i].msg_hdr); c; c = CMSG_NXTHDR(&m[i].msg_hdr, c)) {
			int fd = *(int *)CMSG_DATA(c);
			struct stat st;
			if (c->cmsg_type == SCM_RIGHTS) reads(fd, i ? "parent" : "child");
			else { fstat(fd, &st); say("fstat", 0, "thread.tid=%ld\tfd.num=%d\tfd.type=pidfd", me(), fd); }
		}
}
/* A socket that one of the children names; its parent and the other child have it, too. */
static void siblings(void)
{
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);
	for (int kid = 0; kid < 2; kid++)
		if (fork() == 0) {
			prctl(PR_SET_NAME, kid ? "sibling" : "namer");
			struct sockaddr_un a = {.sun_family = AF_UNIX};
			snprintf(a.sun_path, sizeof a.sun_path, "%s", at("bound"));
			if (kid == 0) need(bind(s, (void *)&a, sizeof a) == 0, "bind");
			else turn(1);
			next();
			for (int i = 0; i < 30; i++) recv(s, bytes, sizeof bytes, MSG_DONTWAIT);
			_exit(0);
		}
	turn(2);
	for (int i = 0; i < 30; i++) recv(s, bytes, sizeof bytes, MSG_DONTWAIT);
	while (wait(0) > 0) {}
}
static void seen(int fd, const char *type, const char *name)
{
	struct stat st;
	need(fd >= 0, type);
	fstat(fd, &st);
	say("fstat", 0, "thread.tid=%ld\tfd.num=%d\tfd.type=%s%s%s", me(), fd, type, name ? "\tfd.name=" : "", name ? name : "");
}
/* Descriptors that are created indirectly: by an ioctl, by the start of a process, by a filter; and a result that is none. */
static void aside(void)
{
	char name[32];
	int unlock = 0, number, status, pidfd = -1, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	need(master >= 0 && ioctl(master, TIOCSPTLCK, &unlock) == 0 && ioctl(master, TIOCGPTN, &number) == 0, "terminal");
	snprintf(name, sizeof name, "/dev/pts/%d", number);
	seen(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY), "file", name);
	int ns = open("/proc/self/ns/net", O_RDONLY);
	seen(ioctl(ns, 0xb701 /* NS_GET_USERNS */), "file", 0);
	flush_said();
	long pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0);
	if (pid == 0) _exit(0);
	seen(pidfd, "pidfd", 0);
	flush_said();
	waitpid(pid, &status, 0);
	uint64_t args[8] = {CLONE_PIDFD, (uintptr_t)&pidfd, 0, 0, SIGCHLD};
	pid = syscall(SYS_clone3, args, sizeof args);
	if (pid == 0) _exit(0);
	seen(pidfd, "pidfd", 0);
	flush_said();
	waitpid(pid, &status, 0);
	long version = syscall(SYS_landlock_create_ruleset, 0, 0, 1);
	if (version > 0) {
		need(dup2(opens("child"), version) == version && syscall(SYS_landlock_create_ruleset, 0, 0, 1) == version, "version");
		reads(version, "child");
	}
	pid = fork();
	if (pid == 0) {
		struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
		struct sock_fprog prog = {1, &allow};
		said_len = 0;
		seen(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog), "other", "anon_inode:seccomp notify");
		flush_said();
		_exit(0);
	}
	waitpid(pid, 0, 0);
}
static void *renames_leader(void *unused)
{
	(void)unused;
	char path[64];
	snprintf(path, sizeof path, "/proc/self/task/%d/comm", getpid());
	int fd = open(path, O_WRONLY);
	need(write(fd, "from a thread", 13) == 13, "comm of the leader");
	return 0;
}
static void names(void)
{
	prctl(PR_SET_NAME, "by prctl");
	CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tproc.name=by prctl", me());
	int fd = open("/proc/self/comm", O_WRONLY);
	need(write(fd, "by proc", 7) == 7, "comm");
	CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tproc.name=by proc", me());
	flush_said();
	pthread_t t;
	pthread_create(&t, 0, renames_leader, 0);
	pthread_join(t, 0);
	CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tproc.name=from a thread", me());
	flush_said();
	int pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NAME, "the child");
		CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tproc.name=the child\tproc.pname=from a thread\tproc.ppid=%d", me(), getppid());
		flush_said();
		_exit(0);
	}
	waitpid(pid, 0, 0);
}
static void ids(void)
{
	CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tuser.name=root\tuser.uid=0\tgroup.gid=0", me());
	need(setresgid(1, 1, 1) == 0, "setresgid");
	need(setresuid(65534, 65534, 0) == 0, "setresuid");
	CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tuser.name=nobody\tuser.uid=65534\tgroup.name=daemon", me());
	need(setuid(0) == 0 || setresuid(0, 0, 0) == 0, "back");
	CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tuser.name=root", me());
}
static void *racer(void *name)
{
	char path[600]; /* its own: the slots of at() are for one thread */
	snprintf(path, sizeof(path), "%s/%s", dir, (char *)name);
	while (!sh->turn) ;
	for (int i = 0; i < 400; i++) {
		int fd = open(path, O_RDONLY);
		struct stat st;
		long r = syscall(SYS_pread64, fd, bytes, 1000, 0);
		/* the file itself identifies which one was read: each has another size */
		if (fd < 0 || fstat(fd, &st) != 0) continue;
		sh->a += r == st.st_size;
		close(fd);
	}
	return 0;
}
static void race(void)
{
	static const char *who[] = {"race-a", "race-b", "race-c"};
	pthread_t t[3];
	for (int i = 0; i < 3; i++) {
		int fd = open(at(who[i]), O_CREAT | O_RDWR, 0644);
		need(ftruncate(fd, 101 + i) == 0, "race");
		close(fd);
	}
	sh->turn = 0;
	for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, racer, (void *)who[i]);
	next();
	for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
}
static void pids(void)
{
	need(unshare(CLONE_NEWPID) == 0, "unshare");
	flush_said();
	int init = fork();
	if (init == 0) {
		for (int i = 0; i < 5; i++) {
			int last = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
			need(last >= 0 && write(last, "100", 3) == 3, "ns_last_pid");
			close(last);
			int pid = fork();
			if (pid == 0) {
				char name[16];
				snprintf(name, sizeof name, "again-%d", i);
				prctl(PR_SET_NAME, name);
				const char *file = i % 2 ? "other" : "child";
				int fd = opens(file);
				long r = rd(fd);
				say("pread", r, "thread.vtid=101\tproc.vpid=101\tproc.name=again-%d\tfd.name=%s", i, at(file));
				flush_said();
				_exit(0);
			}
			need(pid == 101, "the same pid again");
			waitpid(pid, 0, 0);
		}
		_exit(0);
	}
	waitpid(init, 0, 0);
}
static void *other_user(void *unused)
{
	(void)unused;
	CALL3(setresuid, 1001, 1001, 1001);
	CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tuser.uid=1001\tthread.cap_effective=", me());
	return 0;
}
/* sessions, groups, capabilities, limits: by the process itself, by another, by one of its threads alone */
static void rights(void)
{
	struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct c[2] = {{.permitted = 1 << CAP_KILL | 1 << CAP_SETUID, .effective = 1 << CAP_SETUID, .inheritable = 1 << CAP_KILL}};
	struct rlimit l = {77, 99};
	int pid = fork();
	if (pid == 0) {
		pthread_t t;
		int self_ = setsid();
		CALL0(getppid); say("getppid", getppid(), "thread.tid=%d\tproc.sid=%d\tproc.pgid=%d\tproc.is_sid_leader=true", self_, self_, self_);
		flush_said();
		int child = fork();
		if (child == 0) {
			turn(1);
			CALL0(getppid); say("getppid", getppid(), "thread.tid=%ld\tproc.sid=%d\tproc.pgid=%d\tproc.is_sid_leader=false", me(), self_, getpid());
			flush_said();
			_exit(0);
		}
		need(setpgid(child, child) == 0, "setpgid");
		next();
		waitpid(child, 0, 0);
		need(setrlimit(RLIMIT_NOFILE, &l) == 0, "setrlimit");
		CALL0(getppid); say("getppid", getppid(), "thread.tid=%d\tproc.fdlimit=77", self_);
		pthread_create(&t, 0, other_user, 0);
		pthread_join(t, 0);
		CALL0(getppid); say("getppid", getppid(), "thread.tid=%d\tuser.uid=0", self_);
		need(syscall(SYS_capset, &h, c) == 0, "capset");
		CALL0(getppid); say("getppid", getppid(), "thread.tid=%d\tthread.cap_permitted=CAP_KILL CAP_SETUID\tthread.cap_effective=CAP_SETUID\tthread.cap_inheritable=CAP_KILL", self_);
		need(syscall(SYS_setresuid, 1000, 1000, 1000) == 0, "setresuid");
		CALL0(getppid); say("getppid", getppid(), "thread.tid=%d\tuser.uid=1000\tthread.cap_permitted=\tthread.cap_effective=\tthread.cap_inheritable=CAP_KILL", self_);
		flush_said();
		_exit(0);
	}
	waitpid(pid, 0, 0);
}
static void connects(int family)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(0x7f000001)}};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	snprintf(un.sun_path, sizeof un.sun_path, "%s", at("sock"));
	unlink(un.sun_path);
	struct sockaddr *a = family == AF_INET ? (void *)&in : family == AF_INET6 ? (void *)&in6 : (void *)&un;
	socklen_t len = family == AF_INET ? sizeof in : family == AF_INET6 ? sizeof in6 : sizeof un;
	int l = socket(family, SOCK_STREAM, 0), c = socket(family, SOCK_STREAM, 0);
	need(bind(l, a, len) == 0 && listen(l, 5) == 0 && getsockname(l, a, &len) == 0, "listen");
	need(connect(c, a, len) == 0, "connect");
	int s = accept4(l, 0, 0, 0);
	struct sockaddr_storage from;
	socklen_t from_len = sizeof from;
	getsockname(c, (void *)&from, &from_len);
	int sport = ntohs(in.sin_port ? in.sin_port : in6.sin6_port);
	int cport = ntohs(((struct sockaddr_in *)&from)->sin_port);
	int n = 100 + __sync_fetch_and_add(&sh->size, 2);
	long w = syscall(SYS_write, c, bytes, n), w2 = syscall(SYS_write, s, bytes, n + 1);
	const char *ip = family == AF_INET ? "127.0.0.1" : "::1";
	if (family == AF_UNIX) {
		say("write", w, "fd.num=%d\tfd.type=unix\tfd.typechar=u", c);
		say("write", w2, "fd.num=%d\tfd.type=unix\tfd.typechar=u", s);
		return;
	}
	for (int i = 0; i < 2; i++)
		say("write", i ? w2 : w,
		    "fd.num=%d\tfd.type=%s\tfd.l4proto=tcp\tfd.cip=%s\tfd.sip=%s\tfd.cport=%d\tfd.sport=%d\tfd.is_server=%s\tfd.name=%s:%d->%s:%d",
		    i ? s : c, family == AF_INET ? "ipv4" : "ipv6", ip, ip, cport, sport, i ? "true" : "false", ip, cport, ip, sport);
}

int main(int argc, char **argv)
{
	need(argc > 2 && readlink("/proc/self/exe", self, sizeof self - 1) > 0, "arguments");
	snprintf(dir, sizeof dir, "%s", argv[2]);
	sh = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(sh != MAP_FAILED, "mmap");
	sh->size = argc > 3 ? atoi(argv[3]) : 0;
	const char *what = argv[1];
	mkdir(at("one"), 0755); mkdir(at("one/two"), 0755);
	symlink("one/two", at("link"));
	make("child"); make("parent"); make("other"); make("one/near"); make("one/two/deep");
	if (!strcmp(what, "sharing")) {
		shared_files(0);
		shared_files(CLONE_VM);
		shared_files(CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD);
		copied_files();
		unshared_files();
		vfork_files();
	} else if (!strcmp(what, "directories")) directories();
	else if (!strcmp(what, "own-directories")) own_directories();
	else if (!strcmp(what, "ways")) ways();
	else if (!strcmp(what, "peers")) peers();
	else if (!strcmp(what, "own-table")) closes_alone();
	else if (!strcmp(what, "copies")) copies();
	else if (!strcmp(what, "after")) after();
	else if (!strcmp(what, "thread-exec")) thread_exec();
	else if (!strcmp(what, "thread-after")) thread_after();
	else if (!strcmp(what, "passing")) passing();
	else if (!strcmp(what, "siblings")) siblings();
	else if (!strcmp(what, "names")) names();
	else if (!strcmp(what, "ids")) ids();
	else if (!strcmp(what, "rights")) rights();
	else if (!strcmp(what, "aside")) aside();
	else if (!strcmp(what, "race")) race();
	else if (!strcmp(what, "pids")) pids();
	else if (!strcmp(what, "sockets")) { connects(AF_INET); connects(AF_INET6); connects(AF_UNIX); }
	else need(0, what);
	flush_said();
	return 0;
}
