/* Processes that do nothing: COUNT children with 20 descriptors each (files, pipes, sockets), until its input ends.
 * usage: processes COUNT; prints a line when all exist. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILES 9
#define PAIRS 3

static int fill(void)
{
	int ends[2];
	for (int i = 0; i < FILES; i++) {
		char name[64];
		snprintf(name, sizeof name, "/tmp/ksys-bench-%d-%d", getpid(), i);
		if (open(name, O_RDWR | O_CREAT | O_EXCL, 0600) < 0 || unlink(name))
			return 1;
	}
	for (int i = 0; i < PAIRS; i++)
		if (i ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends))
			return 1;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 || socket(AF_INET, SOCK_DGRAM, 0) < 0;
}

int main(int argc, char **argv)
{
	int ready[2], rest = argc > 1 ? atoi(argv[1]) : 0;
	char c;
	if (pipe(ready))
		return perror("processes"), 1;
	for (int i = 0; i < rest; i++) {
		pid_t child = fork();
		if (child < 0)
			return perror("processes"), 1;
		if (child)
			continue;
		/* each has its input, output, errors and 17 others; the end of the parent is theirs */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		if (fill() || write(ready[1], "", 1) != 1)
			return perror("processes"), 1;
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	for (int i = 0; i < rest; i++)
		if (read(ready[0], &c, 1) != 1)
			return fprintf(stderr, "processes: not all have started\n"), 1;
	puts("ready");
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	return 0;
}
