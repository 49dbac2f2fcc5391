// HTTP with other calls that transfer data: sendmsg, recvmsg, writev, readv and sendfile, over a local or a TCP socket.
// Usage: http_calls unix|tcp FILE; the file's content is sent as a body.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int file;
static long size;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static struct iovec part(const char *s)
{
	return (struct iovec){ (void *)s, strlen(s) };
}

static void *serve(void *arg)
{
	int s = *(int *)arg;
	char buf[4096], head[200];
	struct iovec in = { buf, sizeof(buf) };
	struct msghdr m = { .msg_iov = &in, .msg_iovlen = 1 };
	must(recvmsg(s, &m, 0) > 0, "recvmsg");
	snprintf(head, sizeof(head), "Content-Length: %ld\r\n\r\n", size);
	struct iovec out[] = { part("HTTP/1.1 200 From a file\r\n"), part(head) };
	struct msghdr o = { .msg_iov = out, .msg_iovlen = 2 };
	must(sendmsg(s, &o, 0) > 0, "sendmsg");
	for (long sent = 0; sent < size;) {
		long n = sendfile(s, file, NULL, size - sent);
		must(n > 0, "sendfile");
		sent += n;
	}
	m.msg_iov = &in;
	must(recvmsg(s, &m, 0) > 0, "recvmsg");
	struct iovec rest[] = { part("HTTP/1.1 202 Second\r\nContent-Length: 6\r\n"), part("\r\n"), part("second") };
	must(writev(s, rest, 3) > 0, "writev");
	must(read(s, buf, 1) == 0, "read");
	return NULL;
}

static void ask(int s, const char *path, long most)
{
	static char buf[1 << 16];
	struct iovec out[] = { part("GET "), part(path), part(" HTTP/1.1\r\nHost: calls\r\n\r\n") };
	must(writev(s, out, 3) > 0, "writev");
	for (long got = 0; got < most;) {
		struct iovec in[] = { { buf, 100 }, { buf + 100, sizeof(buf) - 100 } };
		long n = readv(s, in, 2);
		must(n > 0, "readv");
		got += n;
	}
}

static void tcp(int pair[2])
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int l = socket(AF_INET, SOCK_STREAM, 0);
	must(bind(l, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(l, 1) == 0, "listen");
	must(getsockname(l, (struct sockaddr *)&a, &len) == 0, "getsockname");
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	must(connect(pair[0], (struct sockaddr *)&a, sizeof(a)) == 0, "connect");
	pair[1] = accept(l, NULL, NULL);
	close(l);
}

int main(int argc, char **argv)
{
	int pair[2];
	pthread_t t;
	struct stat st;
	must(argc == 3, "arguments");
	file = open(argv[2], O_RDONLY);
	must(file >= 0 && fstat(file, &st) == 0, argv[2]);
	size = st.st_size;
	if (strcmp(argv[1], "tcp") == 0)
		tcp(pair);
	else
		must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
	must(pthread_create(&t, NULL, serve, &pair[1]) == 0, "pthread_create");
	ask(pair[0], "/file", snprintf(NULL, 0, "HTTP/1.1 200 From a file\r\nContent-Length: %ld\r\n\r\n", size) + size);
	ask(pair[0], "/second", strlen("HTTP/1.1 202 Second\r\nContent-Length: 6\r\n\r\nsecond"));
	close(pair[0]);
	pthread_join(t, NULL);
	return 0;
}
