/* Puts every control character, invalid UTF-8, direction marks and terminal commands into all that a capture prints: names of
 * threads, files, folders, sockets and programs, arguments, environment, data, HTTP. argv[1]: a folder to work in. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char evil[16][256];
static int evils;

static void add(const char *bytes, int n)
{
	memcpy(evil[evils++], bytes, n);
}

static void prepare(void)
{
	char b[256];
	int n = 0;
	for (int c = 1; c < 32; c++) b[n++] = c;
	b[n++] = 127;
	add(b, n);
	for (n = 0; n < 128; n++) b[n] = 128 + n; /* not UTF-8 */
	add(b, n);
	n = 0;
	for (int c = 0x80; c < 0xa0; c++) { b[n++] = 0xc2; b[n++] = c; } /* C1 as UTF-8 */
	add(b, n);
	add("\u202e\u202d\u202a\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029\ufeff", 37);
	add("\xed\xa0\x80\xed\xb0\x80\xf0\x80\x80\xaf\xc0\xaf\xe2\x80", 14); /* surrogates, overlong, cut off */
	add("\x1b]0;PWNED\x07", 10);
	add("\x1b[2J\x1b[31;7m\x1b[?1049l", 17);
	add("\x1bP+q544e\x1b\\\x9b" "31m\x9d" "0;PWNED\x9c", 26);
	add("\r\n\tPWNED\b\b\b\f\v", 13);
}

static void serve(const char *text)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	char b[4096];
	int l = socket(AF_INET, SOCK_STREAM, 0);
	bind(l, (void *)&a, len);
	listen(l, 1);
	getsockname(l, (void *)&a, &len);
	int c = socket(AF_INET, SOCK_STREAM, 0);
	connect(c, (void *)&a, len);
	int s = accept(l, 0, 0);
	int n = snprintf(b, sizeof b, "GET /%s HTTP/1.1\r\nHost: %s\r\nX-%s: %s\r\nContent-Length: %zu\r\n\r\n%s", text, text, text,
			 text, strlen(text), text);
	send(c, b, n, 0);
	recv(s, b, sizeof b, 0);
	n = snprintf(b, sizeof b, "HTTP/1.1 200 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", text, text, strlen(text), text);
	send(s, b, n, 0);
	recv(c, b, sizeof b, 0);
	close(l);
	close(c);
	close(s);
}

static void names(int i)
{
	char path[512];
	const char *e = evil[i];
	prctl(PR_SET_NAME, e);
	snprintf(path, sizeof path, "d%s", e);
	mkdir(path, 0700);
	if (chdir(path) == 0 && chdir("..") == 0) rmdir(path);
	snprintf(path, sizeof path, "f%s", e);
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	if (write(fd, e, strlen(e)) < 0 || pread(fd, path, sizeof path, 0) < 0) exit(1);
	snprintf(path, sizeof path, "g%s", e);
	symlink(e, path);
	unlink(path);
	open(e, O_RDONLY | O_DIRECTORY);
	syscall(SYS_memfd_create, e, 0);
	mount(e, e, e, 0, e);
	struct sockaddr_un u = {.sun_family = AF_UNIX};
	snprintf(u.sun_path, sizeof u.sun_path, "s%s", e);
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);
	bind(s, (void *)&u, sizeof u);
	char line[512];
	snprintf(line, sizeof line, "<13>Jan  1 00:00:00 %s[1]: %s", e, e);
	sendto(s, line, strlen(line), 0, (void *)&u, sizeof u);
	unlink(u.sun_path);
	serve(e);
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1])) return 2;
	prepare();
	for (int i = 0; i < evils; i++) names(i);
	for (int i = 0; i < evils; i++)
		if (fork() == 0) {
			char program[300], variable[300];
			snprintf(program, sizeof program, "./p%s", evil[i]);
			snprintf(variable, sizeof variable, "V%s=%s", evil[i], evil[i]);
			symlink("/bin/true", program);
			execle(program, evil[i], evil[i], "-c", evil[i], (char *)0, (char *[]){variable, 0});
			_exit(9);
		}
	while (wait(0) > 0) {}
	return 0;
}
