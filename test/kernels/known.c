/* Calls that every kernel and processor has, with known arguments and results: names relative to descriptors, sockets of
 * three families, data, programs with arguments and environment, starts and exits, signals and errors. */
#include "../live/programs/say.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

static char dir[64] = "/tmp/ksys-known-XXXXXX", buf[200];

static void files(void)
{
	long r, fd, dfd;
	r = CALL3(mkdirat, AT_FDCWD, "/tmp/ksys-none/sub", 0755); say("mkdirat", r, "res=-2(ENOENT)\tpath=/tmp/ksys-none/sub");
	r = CALL1(chdir, dir); say("chdir", r, "path=%s", dir);
	fd = CALL4(openat, AT_FDCWD, "one", O_CREAT | O_RDWR | O_CLOEXEC, 0640);
	say("openat", fd, "fd=%ld(<f>%s/one)\tdirfd=-100(AT_FDCWD)\tname=one(%s/one)\tmode=0640", fd, dir, dir);
	r = CALL3(write, fd, "hello known world\n", 18); say("write", r, "res=18\tfd=%ld(<f>%s/one)\tsize=18\tdata=hello known world.", fd, dir);
	r = CALL4(pread64, fd, buf, sizeof buf, 6); say("pread", r, "res=12\tdata=known world.\tfd=%ld(<f>%s/one)\tsize=200\tpos=6", fd, dir);
	r = CALL3(lseek, fd, -5, SEEK_END); say("lseek", r, "res=13\tfd=%ld(<f>%s/one)\toffset=-5\twhence=2(SEEK_END)", fd, dir);
	r = CALL3(dup3, fd, 41, O_CLOEXEC); say("dup3", r, "res=41(<f>%s/one)\toldfd=%ld(<f>%s/one)\tnewfd=41(<f>%s/one)", dir, fd, dir, dir);
	r = CALL1(close, fd); say("close", r, "res=0\tfd=%ld(<f>%s/one)", fd, dir);
	dfd = CALL4(openat, AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0); say("openat", dfd, "fd=%ld(<d>%s)\tname=%s", dfd, dir, dir);
	r = CALL3(mkdirat, dfd, "sub", 0750); say("mkdirat", r, "dirfd=%ld(<d>%s)\tpath=sub(%s/sub)", dfd, dir, dir);
	r = CALL5(renameat2, dfd, "one", dfd, "sub/two", 0);
	say("renameat2", r, "res=0\tolddirfd=%ld(<d>%s)\toldpath=one(%s/one)\tnewpath=sub/two(%s/sub/two)", dfd, dir, dir, dir);
	fd = CALL4(openat, dfd, "sub/two", O_RDONLY, 0); say("openat", fd, "fd=%ld(<f>%s/sub/two)\tdirfd=%ld(<d>%s)\tname=sub/two(%s/sub/two)", fd, dir, dfd, dir, dir);
	r = CALL3(read, fd, buf, 5); say("read", r, "res=5\tfd=%ld(<f>%s/sub/two)\tsize=5\tdata=hello", fd, dir);
	long m = CALL6(mmap, 0, 4096, PROT_READ, MAP_PRIVATE, fd, 0); say("mmap", m, "length=4096\tprot=1(PROT_READ)\tfd=%ld(<f>%s/sub/two)\toffset=0", fd, dir);
	r = CALL2(munmap, m, 4096); say("munmap", r, "res=0\taddr=%lX\tlength=4096", m);
	r = CALL4(openat, dfd, "missing", O_WRONLY, 0); say("openat", r, "fd=-2(ENOENT)\tdirfd=%ld(<d>%s)\tname=missing(%s/missing)", dfd, dir, dir);
	r = CALL3(unlinkat, dfd, "sub", 0); say("unlinkat", r, "res=-21(EISDIR)\tname=sub(%s/sub)", dir);
	r = CALL3(unlinkat, dfd, "sub/two", 0); say("unlinkat", r, "res=0\tdirfd=%ld(<d>%s)\tname=sub/two(%s/sub/two)", dfd, dir, dir);
	r = CALL3(unlinkat, dfd, "sub", AT_REMOVEDIR); say("unlinkat", r, "name=sub(%s/sub)\tflags=512(AT_REMOVEDIR)", dir);
	r = CALL1(close, 999); say("close", r, "res=-9(EBADF)\tfd=999");
	r = CALL3(read, fd, 16, 5); say("read", r, "fd=%ld(<f>%s/sub/two)\tsize=5", fd, dir);
	int p[2];
	r = CALL2(pipe2, p, O_CLOEXEC); say("pipe2", r, "fd1=%d(<p>)\tfd2=%d(<p>)", p[0], p[1]);
}

static void ipv4(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, me;
	socklen_t len = sizeof a;
	long r, ls = CALL3(socket, AF_INET, SOCK_STREAM, 0); say("socket", ls, "fd=%ld(<4>)\tdomain=2(AF_INET)\ttype=1(SOCK_STREAM)", ls);
	r = CALL3(bind, ls, &a, sizeof a); say("bind", r, "addr=127.0.0.1:0");
	getsockname(ls, (void *)&a, &len);
	int port = ntohs(a.sin_port);
	r = CALL2(listen, ls, 5); say("listen", r, "res=0\tbacklog=5");
	long cs = CALL3(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	r = CALL3(connect, cs, &a, sizeof a);
	len = sizeof me; getsockname(cs, (void *)&me, &len);
	int cport = ntohs(me.sin_port);
	say("connect", r, "res=0\ttuple=127.0.0.1:%d->127.0.0.1:%d\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)", cport, port, cs, cport, port);
	long as = CALL4(accept4, ls, 0, 0, SOCK_CLOEXEC);
	say("accept4", as, "fd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\ttuple=127.0.0.1:%d->127.0.0.1:%d", as, cport, port, cport, port);
	r = CALL6(sendto, cs, "ping", 4, 0, 0, 0); say("sendto", r, "res=4\tdata=ping\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\tsize=4", cs, cport, port);
	r = CALL6(recvfrom, as, buf, sizeof buf, 0, 0, 0); say("recvfrom", r, "res=4\tdata=ping\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\tsize=200", as, cport, port);
	struct iovec out[2] = { { "po", 2 }, { "ng", 2 } }, in = { buf, sizeof buf };
	struct msghdr m = { .msg_iov = out, .msg_iovlen = 2 }, mi = { .msg_iov = &in, .msg_iovlen = 1 };
	r = CALL3(sendmsg, as, &m, 0); say("sendmsg", r, "res=4\tdata=pong\tsize=4");
	r = CALL3(recvmsg, cs, &mi, 0); say("recvmsg", r, "res=4\tsize=200\tdata=pong\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)", cs, cport, port);
	CALL1(close, as); CALL1(close, cs); CALL1(close, ls);
	cs = CALL3(socket, AF_INET, SOCK_STREAM, 0);
	r = CALL3(connect, cs, &a, sizeof a); say("connect", r, "res=-111(ECONNREFUSED)\taddr=127.0.0.1:%d", port);
}

static void ipv6(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT }, from;
	socklen_t len = sizeof a;
	long r, to = CALL3(socket, AF_INET6, SOCK_DGRAM, 0), s = CALL3(socket, AF_INET6, SOCK_DGRAM, 0);
	say("socket", to, "fd=%ld(<6>)\tdomain=10(AF_INET6)\ttype=2(SOCK_DGRAM)", to);
	r = CALL3(bind, to, &a, sizeof a); say("bind", r, "addr=::1:0");
	getsockname(to, (void *)&a, &len);
	r = CALL6(sendto, s, "udp6", 4, 0, &a, sizeof a); say("sendto", r, "res=4\tdata=udp6\tsize=4");
	len = sizeof from;
	r = CALL6(recvfrom, to, buf, sizeof buf, 0, &from, &len);
	say("recvfrom", r, "res=4\tdata=udp6\ttuple=::1:%d->::1:%d", ntohs(from.sin6_port), ntohs(a.sin6_port));
}

static void local(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int pair[2];
	snprintf(un.sun_path, sizeof un.sun_path, "%s/sock", dir);
	long r, ls = CALL3(socket, AF_UNIX, SOCK_STREAM, 0), cs = CALL3(socket, AF_UNIX, SOCK_STREAM, 0);
	say("socket", ls, "fd=%ld(<u>)\tdomain=1(AF_LOCAL|AF_UNIX)", ls);
	r = CALL3(bind, ls, &un, sizeof un); say("bind", r, "res=0\taddr=%s", un.sun_path);
	CALL2(listen, ls, 1);
	r = CALL3(connect, cs, &un, sizeof un); say("connect", r, "res=0\taddr=%s", un.sun_path);
	r = CALL4(socketpair, AF_UNIX, SOCK_STREAM, 0, pair); say("socketpair", r, "fd1=%d(<u>)\tfd2=%d(<u>)", pair[0], pair[1]);
	r = CALL3(unlinkat, AT_FDCWD, un.sun_path, 0); say("unlinkat", r, "res=0\tname=%s", un.sun_path);
}

static void nothing(int sig) { (void)sig; }

static void processes(void)
{
	long r;
	int status;
	r = fork();
	if (r == 0) {
		char *av[] = { "/proc/self/exe", "again", "two words", 0 }, *ev[] = { "KNOWN=1", "B=two", 0 };
		CALL3(execve, av[0], av, ev);
		_exit(1);
	}
	waitpid(r, &status, 0);
	say("execve", 0, "exe=/proc/self/exe\targs=again.two words.\tenv=KNOWN=1.B=two.\tpid=%ld(exe)", r);
	say("procexit", 0, "ret=7");
	char *none[] = { "x", 0 };
	r = CALL3(execve, "/nonexistent/program", none, none); say("execve", r, "res=-2(ENOENT)\tfilename=/nonexistent/program");
	r = call(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
	if (r == 0) { pause(); _exit(0); }
	say("clone", r, "res=%ld(known)\tpid=%d(known)", r, getpid());
	long child = r;
	/* on another CPU the child may have exited before the call returns */
	say("procexit", 0, "sig=15(SIGTERM)");
	r = CALL2(kill, child, SIGTERM); say("kill", r, "res=0\tsig=15(SIGTERM)");
	r = CALL4(wait4, child, &status, 0, 0); say("wait4", r, "");
	signal(SIGUSR1, nothing);
	r = CALL2(kill, getpid(), SIGUSR1); say("kill", r, "sig=10(SIGUSR1)");
	say("signaldeliver", 0, "spid=%d(known)\tdpid=%d(known)\tsig=10(SIGUSR1)", getpid(), getpid());
	r = CALL1(setuid, 65534); say("setuid", r, "uid=65534(nobody)");
	r = CALL0(getuid); say("getuid", r, "uid=65534(nobody)");
	r = CALL4(openat, AT_FDCWD, "/etc/shadow", O_RDONLY, 0); say("openat", r, "fd=-13(EACCES)\tname=/etc/shadow");
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "again") == 0) _exit(7);
	need(mkdtemp(dir) != 0, "mkdtemp");
	files();
	ipv4();
	ipv6();
	local();
	need(chdir("/") == 0 && rmdir(dir) == 0, dir);
	/* so many that no other program's calls can be mistaken for them */
	for (int i = 0; i < 57; i++) CALL1(getpgid, 0);
	processes();
	flush_said();
	return 0;
}
