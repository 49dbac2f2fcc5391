/* Has descriptors of every kind open, and uses each once when its input has ended. Prints what each is. */
#include "say.h"
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>

static char about[96][256];
static int fds[96], count;
static void has(int fd, const char *fmt, ...)
{
	va_list ap;
	need(fd >= 0, fmt);
	va_start(ap, fmt);
	vsnprintf(about[count], sizeof about[0], fmt, ap);
	va_end(ap);
	fds[count++] = fd;
}
/* What remains open after an exec and what does not, printed by the program that was started. */
static int after(char **argv)
{
	for (int i = 2; i < 6; i++) {
		struct stat st;
		int fd = atoi(argv[i]), stays = i < 4;
		long r = CALL2(fstat, fd, &st);
		need(r == (stays ? 0 : -EBADF), argv[i]);
		say("fstat", r, "fd.num=%d\tfd.name=%s%s\tproc.pid=%d", fd, stays ? argv[6] : "null", stays ? "/kept" : "", getpid());
	}
	flush_said();
	return 0;
}
int main(int argc, char **argv)
{
	if (argc > 6 && !strcmp(argv[1], "after")) return after(argv);
	need(argc > 1 && chdir(argv[1]) == 0, "folder");
	const char *d = argv[1];
	int two[2];
	sigset_t usr1;
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, 0);
	prctl(PR_SET_NAME, "already here");
	has(open("kept", O_CREAT | O_RDWR, 0644), "fd.name=%s/kept\tfd.type=file", d);
	has(open("gone", O_CREAT | O_RDWR, 0644), "fd.type=file\tfd.name=%s/gone (deleted)", d);
	unlink("gone");
	has(open("od\xff\xfe\nd", O_CREAT | O_RDWR, 0644), "fd.type=file\tfd.name=%s/od\xef\xbf\xbd\xef\xbf\xbd\\nd", d);
	has(open("/dev/null", O_WRONLY), "fd.type=file\tfd.name=/dev/null");
	has(open("kept", O_PATH), "fd.type=file\tfd.name=%s/kept", d);
	need(mkfifo("fifo", 0600) == 0, "mkfifo");
	has(open("fifo", O_RDWR), "fd.type=pipe\tfd.name=%s/fifo", d);
	int stays = open("kept", O_RDONLY), goes = open("kept", O_RDONLY | O_CLOEXEC);
	int stays2 = open("kept", O_RDONLY | O_CLOEXEC), goes2 = open("kept", O_RDONLY);
	need(fcntl(stays2, F_SETFD, 0) == 0 && fcntl(goes2, F_SETFD, FD_CLOEXEC) == 0, "close on exec");
	has(open(".", O_RDONLY | O_DIRECTORY), "fd.name=%s\tfd.type=directory", d);
	need(pipe(two) == 0, "pipe");
	has(two[0], "fd.type=pipe"); has(two[1], "fd.type=pipe");
	for (int v6 = 0; v6 < 2; v6++) {
		struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT}, b;
		struct sockaddr_in *a4 = (void *)&a;
		if (!v6) { memset(&a, 0, sizeof a); a4->sin_family = AF_INET; a4->sin_addr.s_addr = htonl(0x7f000001); }
		socklen_t len = sizeof a, len2 = sizeof b;
		int family = v6 ? AF_INET6 : AF_INET, l = socket(family, SOCK_STREAM, 0), c = socket(family, SOCK_STREAM, 0);
		need(bind(l, (void *)&a, v6 ? sizeof a : 16) == 0 && listen(l, 1) == 0, "listen");
		getsockname(l, (void *)&a, &len);
		need(connect(c, (void *)&a, len) == 0, "connect");
		getsockname(c, (void *)&b, &len2);
		int s = accept(l, 0, 0), sp = ntohs(a.sin6_port), cp = ntohs(b.sin6_port);
		const char *t = v6 ? "ipv6" : "ipv4", *ip = v6 ? "::1" : "127.0.0.1";
		has(l, "fd.type=%s\tfd.name=%s:%d\tfd.is_server=true", t, ip, sp);
		has(c, "fd.type=%s\tfd.l4proto=tcp\tfd.name=%s:%d->%s:%d\tfd.is_server=false", t, ip, cp, ip, sp);
		has(s, "fd.type=%s\tfd.l4proto=tcp\tfd.name=%s:%d->%s:%d\tfd.is_server=true", t, ip, cp, ip, sp);
		has(socket(family, SOCK_DGRAM, 0), "fd.type=%s", t);
	}
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, two) == 0, "socketpair");
	has(two[0], "fd.type=unix"); has(two[1], "fd.type=unix");
	for (int abstract = 0; abstract < 2; abstract++) {
		struct sockaddr_un u = { AF_UNIX, "" };
		int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
		int len = snprintf(u.sun_path + abstract, 100, "%s/un", d) + abstract + sizeof(sa_family_t);
		const char *at = abstract ? "@" : "";
		need(bind(l, (void *)&u, len) == 0 && listen(l, 1) == 0 && connect(c, (void *)&u, len) == 0, "unix");
		has(l, "fd.type=unix\tfd.name=%s%s/un", at, d);
		has(c, "fd.type=unix\tfd.name=%s%s/un", at, d);
		has(accept(l, 0, 0), "fd.type=unix\tfd.name=%s%s/un", at, d);
	}
	union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1 }, prog = { 0 };
	struct bpf_insn code[] = { { 0xb7, 0, 0, 0, 0 }, { 0x95, 0, 0, 0, 0 } };
	prog.prog_type = BPF_PROG_TYPE_SOCKET_FILTER; prog.insn_cnt = 2; prog.insns = (long)code; prog.license = (long)"GPL";
	has(CALL3(bpf, BPF_MAP_CREATE, &map, sizeof map), "fd.type=bpf");
	has(CALL3(bpf, BPF_PROG_LOAD, &prog, sizeof prog), "fd.type=bpf");
	struct io_uring_params ring = { 0 };
	has(CALL2(io_uring_setup, 2, &ring), "fd.type=io_uring");
	has(CALL1(userfaultfd, O_CLOEXEC), "fd.type=userfaultfd");
	has(fanotify_init(FAN_CLASS_NOTIF, O_RDONLY), "fd.type=other\tfd.name=anon_inode:[fanotify]");
	has(CALL2(fsopen, "tmpfs", 0), "fd.type=other\tfd.name=anon_inode:[fscontext]");
	has(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "fd.type=netlink");
	has(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), "fd.type=socket");
	struct sockaddr_in raw = { AF_INET, 0, { htonl(0x7f000001) } };
	int icmp = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	need(bind(icmp, (void *)&raw, sizeof raw) == 0, "raw");
	has(icmp, "fd.type=ipv4\tfd.l4proto=raw\tfd.sip=127.0.0.1");
	has(eventfd(0, 0), "fd.type=event");
	has(timerfd_create(CLOCK_MONOTONIC, 0), "fd.type=timerfd");
	has(epoll_create1(0), "fd.type=eventpoll");
	has(signalfd(-1, &usr1, 0), "fd.type=signalfd");
	has(inotify_init1(0), "fd.type=inotify");
	has(memfd_create("memory", 0), "fd.type=memfd\tfd.name=memory");
	has(CALL2(pidfd_open, getpid(), 0), "fd.type=pidfd");
	printf("ready %d\n", getpid());
	fflush(stdout);
	char byte;
	struct stat st;
	need(read(0, &byte, 1) == 0, "end of input");
	for (int i = 0; i < count; i++) {
		long r = CALL2(fstat, fds[i], &st);
		say("fstat", r, "fd.num=%d\t%s\tproc.name=already here\tproc.pid=%d\tproc.ppid=%d\tproc.cwd=%s/\tproc.pname=node\tproc.env[MARK]=here\tproc.args=%s two\\nlines", fds[i], about[i], getpid(), getppid(), d, d);
	}
	flush_said();
	pid_t pid = fork();
	if (pid == 0) {
		char n[4][12];
		sprintf(n[0], "%d", stays); sprintf(n[1], "%d", stays2); sprintf(n[2], "%d", goes); sprintf(n[3], "%d", goes2);
		execl("/proc/self/exe", "running", "after", n[0], n[1], n[2], n[3], d, NULL);
		_exit(1);
	}
	int status;
	need(waitpid(pid, &status, 0) == pid && status == 0, "child");
	return 0;
}
