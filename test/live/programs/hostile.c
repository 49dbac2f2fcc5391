/* Hostile arguments and names: bad pointers, huge lengths, iovecs, control messages, paths, escapes. Says what it did. */
#include "say.h"
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

static char path[8192], big[128 * 1024];
static struct iovec iov[1024];

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
