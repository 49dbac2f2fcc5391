/* The traced program of the benchmark: one system call pattern N times, pinned to a CPU; prints ns of CPU time per
 * iteration, which does not depend on other programs of the machine. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: loop getppid|read|open N CPU\n");
		return 2;
	}
	long n = atol(argv[2]);
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(atoi(argv[3]), &set);
	if (sched_setaffinity(0, sizeof set, &set)) {
		perror("sched_setaffinity");
		return 1;
	}
	int fd = open("/dev/zero", O_RDONLY);
	char c;
	struct timespec a, b;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	if (!strcmp(argv[1], "getppid"))
		for (long i = 0; i < n; i++)
			syscall(SYS_getppid);
	else if (!strcmp(argv[1], "read"))
		for (long i = 0; i < n; i++) {
			if (read(fd, &c, 1) != 1)
				return 1;
		}
	else
		for (long i = 0; i < n; i++)
			close(open("/etc/passwd", O_RDONLY));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	printf("%.1f\n", ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / n);
	return 0;
}
