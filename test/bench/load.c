/* A load of a known rate: processes that call getppid, read, open, close, send and recv (UDP to themselves) in turn.
 * usage: load CALLS_PER_SECOND PROCESSES SECONDS */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define CALLS 6
#define TICK_NS 5000000L

static int work(long rate, long seconds)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	int s = socket(AF_INET, SOCK_DGRAM, 0), zero = open("/dev/zero", O_RDONLY);
	char data[64];
	if (s < 0 || zero < 0 || bind(s, (void *)&a, len) || getsockname(s, (void *)&a, &len) || connect(s, (void *)&a, len))
		return perror("load"), 1;
	struct timespec next;
	clock_gettime(CLOCK_MONOTONIC, &next);
	long end = next.tv_sec + seconds;
	double owed = 0;
	while (next.tv_sec < end) {
		for (owed += rate / (1e9 / TICK_NS); owed >= CALLS; owed -= CALLS) {
			syscall(SYS_getppid);
			int fd = open("/etc/hostname", O_RDONLY);
			if (read(zero, data, sizeof data) < 0 || send(s, data, sizeof data, 0) < 0 || recv(s, data, sizeof data, 0) < 0)
				return perror("load"), 1;
			close(fd);
		}
		next.tv_nsec += TICK_NS;
		if (next.tv_nsec >= 1000000000L)
			next.tv_nsec -= 1000000000L, next.tv_sec++;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, 0);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return fprintf(stderr, "usage: load CALLS_PER_SECOND PROCESSES SECONDS\n"), 2;
	long n = atol(argv[2]);
	for (long i = 0; i < n; i++)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			return work(atol(argv[1]) / n, atol(argv[3]));
		}
	int status, bad = 0;
	while (wait(&status) > 0)
		bad |= status != 0;
	return bad;
}
