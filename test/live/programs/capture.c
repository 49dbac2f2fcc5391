/* What the capture tests record: `work` does a few of everything, `loop N` calls getppid N times, `rename` changes names. */
#define _GNU_SOURCE
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

int main(int argc, char **argv)
{
	if (argc > 2) {
		for (long n = atol(argv[2]); n > 0; n--)
			syscall(SYS_getppid);
		return 0;
	}
	work();
	return 7;
}
