/* Prints "ready", and at a line makes one call, by its argument: `recvmsg` or `recvmmsg` of a message that passes a descriptor
 * (`passed`, `passed-many`), or none (`plain`), an ioctl that creates one (`ioctl`), or mmap of its own code (`code`). Then prints "done",
 * and waits for the end of its input. Other than these calls it only reads and writes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

static void need(int ok, const char *what)
{
	if (ok) return;
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "plain";
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr head; } out = {}, in = {};
	char line[64], text[16] = "hello";
	struct iovec v = {text, 5};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	struct mmsghdr many = {};
	int pair[2], terminal = posix_openpt(O_RDWR | O_NOCTTY), self = open("/proc/self/exe", O_RDONLY);
	need(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal), "terminal");
	need(self >= 0 && !socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), "socketpair");
	if (!strncmp(what, "passed", 6)) {
		m.msg_control = out.bytes;
		m.msg_controllen = sizeof out.bytes;
		out.head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(&out.head), &self, sizeof self);
	}
	need(sendmsg(pair[0], &m, 0) == 5, "sendmsg");
	m.msg_control = in.bytes;
	m.msg_controllen = sizeof in.bytes;
	many.msg_hdr = m;
	need(write(1, "ready\n", 6) == 6 && read(0, line, sizeof line) > 0, "line");
	if (!strcmp(what, "passed-many")) need(recvmmsg(pair[1], &many, 1, 0, NULL) == 1, what);
	else if (!strcmp(what, "ioctl")) need(ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY) >= 0, what);
	else if (!strcmp(what, "code")) need(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, self, 0) != MAP_FAILED, what);
	else need(recvmsg(pair[1], &m, 0) == 5, what);
	need(write(1, "done\n", 5) == 5, "done");
	while (read(0, line, sizeof line) > 0);
	return 0;
}
