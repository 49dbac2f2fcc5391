/* A process that differs from its environment in everything: namespaces, session, terminal, group, ids, capabilities,
 * control group, name, arguments, program. It waits in a read until its input ends, then uses each of its sockets once and
 * prints what it is. A parent outside waits for it and cleans up. */
#include "say.h"
#include <arpa/inet.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

static char folder[512], about[2048], group_path[256], group[128];

/* Numbers as seen from outside: /proc is that of the outer namespace. */
static long outside(const char *link)
{
	char text[64] = "";
	need(readlink(link, text, sizeof text - 1) > 0, link);
	return atol(strrchr(text, '/') ? strrchr(text, '/') + 1 : text);
}
static int put(const char *path, const char *text)
{
	int f = open(path, O_WRONLY);
	int ok = f >= 0 && write(f, text, strlen(text)) == (ssize_t)strlen(text);
	close(f);
	return ok;
}
/* A control group of its own, in the memory controller's tree if there are several. */
static void own_group(void)
{
	char procs[300], me[16];
	snprintf(group, sizeof group, "/ksys-test-%d", getpid());
	snprintf(group_path, sizeof group_path, "/sys/fs/cgroup%s%s", access("/sys/fs/cgroup/memory", F_OK) == 0 ? "/memory" : "", group);
	snprintf(procs, sizeof procs, "%s/cgroup.procs", group_path);
	snprintf(me, sizeof me, "%d", getpid());
	if (mkdir(group_path, 0700) != 0) group_path[0] = 0;
	else if (!put(procs, me)) { rmdir(group_path); group_path[0] = 0; }
}
static int terminal(void)
{
	int unlock = 0, number, master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	char path[32];
	struct stat st;
	if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) || ioctl(master, TIOCGPTN, &number)) return 0;
	snprintf(path, sizeof path, "/dev/pts/%d", number);
	int slave = open(path, O_RDWR);
	need(slave >= 0 && ioctl(slave, TIOCSCTTY, 0) == 0 && fstat(slave, &st) == 0, "terminal");
	unsigned major = major(st.st_rdev), minor = minor(st.st_rdev);
	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

static int fds[32], count;
static char what[32][256];
static void has(int fd, const char *fmt, ...)
{
	va_list ap;
	need(fd >= 0, fmt);
	va_start(ap, fmt);
	vsnprintf(what[count], sizeof what[0], fmt, ap);
	va_end(ap);
	fds[count++] = fd;
}
static void network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int s = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
	need(ioctl(s, SIOCSIFFLAGS, &lo) == 0, "loopback");
	/* the client's port is one at which a server listens outside: here it is a client nevertheless */
	struct sockaddr_in a = { AF_INET, htons(8080), { htonl(INADDR_LOOPBACK) } }, c = { AF_INET, htons(atoi(getenv("TAKEN"))), { htonl(INADDR_LOOPBACK) } };
	int l = socket(AF_INET, SOCK_STREAM, 0), k = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(k, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	need(bind(l, (void *)&a, sizeof a) == 0 && listen(l, 1) == 0 && bind(k, (void *)&c, sizeof c) == 0 && connect(k, (void *)&a, sizeof a) == 0, "tcp");
	int port = ntohs(c.sin_port), n = accept(l, 0, 0);
	has(l, "fd.type=ipv4\tfd.l4proto=tcp\tfd.name=127.0.0.1:8080\tfd.is_server=true");
	has(k, "fd.type=ipv4\tfd.l4proto=tcp\tfd.name=127.0.0.1:%d->127.0.0.1:8080\tfd.is_server=false\tfd.cport=%d\tfd.sport=8080\tfd.connected=true", port, port);
	has(n, "fd.type=ipv4\tfd.l4proto=tcp\tfd.name=127.0.0.1:%d->127.0.0.1:8080\tfd.is_server=true\tfd.cport=%d\tfd.sport=8080\tfd.connected=true", port, port);
	struct sockaddr_in6 b = { .sin6_family = AF_INET6, .sin6_port = htons(5353), .sin6_addr = IN6ADDR_LOOPBACK_INIT }, d;
	socklen_t len = sizeof d;
	int u = socket(AF_INET6, SOCK_DGRAM, 0), v = socket(AF_INET6, SOCK_DGRAM, 0);
	need(bind(u, (void *)&b, sizeof b) == 0 && connect(v, (void *)&b, sizeof b) == 0 && getsockname(v, (void *)&d, &len) == 0, "udp");
	has(u, "fd.type=ipv6\tfd.l4proto=udp\tfd.name=::1:5353");
	has(v, "fd.type=ipv6\tfd.l4proto=udp\tfd.name=::1:%d->::1:5353\tfd.connected=true", ntohs(d.sin6_port));
	has(s, "fd.type=ipv4");
}

static void live(long parent, long grandparent)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct c[2] = { { .permitted = 1 << CAP_NET_RAW | 1 << CAP_KILL, .effective = 1 << CAP_NET_RAW } };
	struct rlimit files = { 64, 128 };
	struct stat st;
	char login[16] = "", exe[512] = "", byte;
	int tty, f;

	need(readlink("/proc/self/exe", exe, sizeof exe - 1) > 0 && stat(exe, &st) == 0, "exe");
	f = open("/proc/self/loginuid", O_RDONLY);
	if (f < 0 || read(f, login, sizeof login - 1) <= 0) strcpy(login, "-1");
	close(f);
	need(setsid() > 0, "setsid");
	tty = terminal();
	network();
	need(setrlimit(RLIMIT_NOFILE, &files) == 0 && mkdir("deep", 0755) == 0 && chdir("deep") == 0, "folder");
	long session = outside("/proc/self");
	pid_t child = fork();
	if (child > 0) { int s; prctl(PR_SET_NAME, "the parent"); close(0); close(1); waitpid(child, &s, 0); _exit(s != 0); }
	need(setpgid(0, 0) == 0, "setpgid");
	prctl(PR_SET_KEEPCAPS, 1);
	need(setresgid(54321, 54321, 54321) == 0 && setresuid(12345, 12345, 12345) == 0 && syscall(SYS_capset, &h, c) == 0, "ids");
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_NAME, "odd \xff\n one");
	unsigned long exe_ino = st.st_ino;
	snprintf(about, sizeof about,
		 "thread.tid=%ld\tproc.pid=%ld\tproc.vpid=3\tthread.vtid=3\tproc.ppid=%ld\tproc.pvpid=2\tproc.aname[1]=the parent"
		 "\tproc.apid[2]=%ld\tproc.aname[2]=surroundings\tproc.apid[3]=%ld\tproc.sid=%ld\tproc.pgid=%ld\tproc.vpgid=3\tproc.tty=%d"
		 "\tuser.uid=12345\tgroup.gid=54321\tuser.loginuid=%d\tproc.cwd=%s/deep/\tproc.exepath=%s\tproc.exe_ino=%lu\tproc.fdlimit=64"
		 "\tthread.cap_permitted=CAP_KILL CAP_NET_RAW\tthread.cap_effective=CAP_NET_RAW\tthread.cap_inheritable="
		 "\tproc.env[MARK]=odd\tproc.nthreads=1\tproc.name=odd \xef\xbf\xbd\\n one",
		 outside("/proc/self"), outside("/proc/self"), session, parent, grandparent, session, outside("/proc/self"), tty,
		 atoi(login), folder, exe, exe_ino);
	if (group[0] && group_path[0]) sprintf(about + strlen(about), "\tthread.cgroup.memory=%s", group);
	printf("ready %ld\n", outside("/proc/self"));
	fflush(stdout);
	long r = CALL3(read, 0, &byte, 1);
	say("read", r, "fd.num=0\tfd.type=unix\tevt.latency=null\t%s", about);
	for (int i = 0; i < count; i++) {
		r = CALL2(fstat, fds[i], &st);
		say("fstat", r, "fd.num=%d\t%s\t%s", fds[i], what[i], about);
	}
	flush_said();
	_exit(0);
}

int main(int argc, char **argv)
{
	int status = 0;
	(void)argc;
	need(realpath(argv[1], folder) && chdir(folder) == 0, "folder");
	own_group();
	put("/proc/self/loginuid", "1234");
	long first = outside("/proc/self");
	need(unshare(CLONE_NEWNET | CLONE_NEWPID) == 0, "unshare");
	pid_t init = fork();
	if (init == 0) {
		long here = outside("/proc/self");
		pid_t leader = fork();
		if (leader == 0) live(here, first);
		close(0); close(1);
		waitpid(leader, &status, 0);
		_exit(status != 0);
	}
	close(0); close(1);
	waitpid(init, &status, 0);
	if (group_path[0]) {
		put("/sys/fs/cgroup/cgroup.procs", "0");
		put("/sys/fs/cgroup/memory/cgroup.procs", "0");
		rmdir(group_path);
	}
	return status != 0;
}
