// Makes a call that no other program makes every 10 ms, and prints after each when it was: its number and ms since the epoch. With an
// argument it only computes. Either exits together with its parent.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char name[32];
	(void)argv;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (volatile long n = 0; argc > 1;)
		n++;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (long n = 0;; n++) {
		struct timespec now;
		snprintf(name, sizeof(name), "/mark/%ld", n);
		access(name, F_OK);
		clock_gettime(CLOCK_REALTIME, &now);
		printf("%ld %ld\n", n, now.tv_sec * 1000 + now.tv_nsec / 1000000);
		usleep(10000);
	}
}
