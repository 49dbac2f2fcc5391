/* Used by the capture tests: `work` makes a few calls of every kind, `loop N` calls getppid N times, `blocked` renames a thread in a call,
 * `refused` connects to a closed port, `sleepers N` has N threads that sleep and exit one after the other. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *thread(void *unused)
{
	syscall(SYS_getppid);
	return unused;
}

static void pass(void)
{
	int pair[2], fd = open("/etc/hostname", O_RDONLY);
	char byte = 'x', control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	sendmsg(pair[0], &m, 0);
	recvmsg(pair[1], &m, 0);
}

static void work(void)
{
	char buf[64], longpath[400];
	struct timespec nap = {0, 30000000};
	pthread_t t;
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	if (read(fd, buf, 5) != 5)
		exit(9);
	close(fd);
	memset(longpath, 'x', sizeof(longpath) - 1);
	longpath[0] = '/';
	longpath[sizeof(longpath) - 1] = 0;
	open(longpath, O_RDONLY);
	nanosleep(&nap, NULL);
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	if (fork() == 0) {
		execl("/bin/true", "true", "one", "two words", (char *)NULL);
		_exit(9);
	}
	wait(NULL);
	chdir("/usr/bin");
	pass();
	prctl(PR_SET_NAME, "renamed");
	syscall(SYS_getppid);
}

static void call_it(pid_t thread, const char *name)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", thread);
	int fd = open(path, O_WRONLY);
	if (write(fd, name, strlen(name)) < 0)
		exit(9);
	close(fd);
}

/* Until the thread sleeps, which it does in a read. */
static void await_read(pid_t thread)
{
	char path[64], line[128], *end = NULL;
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread);
	while (!end || end[2] != 'S') {
		usleep(1000);
		int fd = open(path, O_RDONLY), n = read(fd, line, sizeof(line) - 1);
		close(fd);
		if (n <= 0)
			exit(9);
		line[n] = 0;
		end = strrchr(line, ')');
	}
}

static int go[2], took[2];

static void *reader(void *unused)
{
	char b[2];
	pid_t self = gettid();
	prctl(PR_SET_NAME, "ks-awake");
	if (write(took[1], &self, sizeof(self)) < 0 || read(go[0], b, 1) != 1)
		exit(9);
	if (write(took[1], b, 1) != 1 || read(go[0], b, 2) != 2)
		exit(9);
	return unused;
}

/* A thread has the name ks-awake when its first read starts and when its second one ends, and another in between. */
static void renamed_while_blocked(void)
{
	pthread_t t;
	pid_t thread;
	char b;
	if (pipe(go) || pipe(took))
		exit(9);
	pthread_create(&t, NULL, reader, NULL);
	if (read(took[0], &thread, sizeof(thread)) < 0)
		exit(9);
	await_read(thread);
	call_it(thread, "ks-asleep");
	if (write(go[1], "1", 1) < 0 || read(took[0], &b, 1) != 1)
		exit(9);
	await_read(thread);
	call_it(thread, "ks-awake");
	if (write(go[1], "22", 2) < 0)
		exit(9);
	pthread_join(t, NULL);
}

/* Nobody listens on port 1. */
static void refused(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&a, sizeof(a));
}

static void *sleeper(void *unused)
{
	struct timespec half = {.tv_nsec = 500000000};
	nanosleep(&half, NULL);
	syscall(SYS_gettid);
	return unused;
}

/* Some exit while others sleep. */
static int sleepers(int n)
{
	pthread_t *t = calloc(n, sizeof(*t));
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < n; i++)
		if (pthread_create(&t[i], &small, sleeper, NULL))
			return 9;
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2) {
		strcmp(argv[1], "blocked") ? refused() : renamed_while_blocked();
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "sleepers"))
		return sleepers(atoi(argv[2]));
	if (argc > 2) {
		for (long n = atol(argv[2]); n > 0; n--)
			syscall(SYS_getppid);
		return 0;
	}
	work();
	return 7;
}
