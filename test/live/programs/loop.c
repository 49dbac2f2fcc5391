/* Waits for a line, then calls as fast as it can for a number of seconds, or until SIGTERM, by its argument: `read` of /dev/zero, or
 * `open` of itself. Prints the number of calls that it made with this name. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void end_now(int signal)
{
	(void)signal;
	ended = 1;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	int zero, opens = argc > 2 && !strcmp(argv[2], "open");
	char buf[64];
	double end;
	long calls = 0;
	if (argc < 3 || !fgets(buf, sizeof(buf), stdin))
		return 1;
	zero = open("/dev/zero", O_RDONLY);
	signal(SIGTERM, end_now);
	for (end = now() + atof(argv[1]); !ended && now() < end; calls += 1000)
		for (int i = 0; i < 1000; i++)
			if (opens)
				close(open(argv[0], O_RDONLY));
			else
				read(zero, buf, sizeof(buf));
	printf("%ld\n", calls);
	return 0;
}
