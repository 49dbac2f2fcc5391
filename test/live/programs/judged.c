/* Threads that change what a filter asks of their process, after ksys has judged them: each change is followed by calls that must be
 * recorded. Usage: judged MODE ROUNDS; the marked calls are writes of 7 bytes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int out;

static void mark(void)
{
	if (write(out, "marked.", 7) != 7)
		abort();
}

/* Calls of the kind that the filter is about, for long enough that the thread is judged. */
static void work(void)
{
	for (int i = 0; i < 400; i++) {
		if (write(out, "x", 1) != 1)
			abort();
		usleep(1000);
	}
}

static void renames(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		work();
		prctl(PR_SET_NAME, "wanted-name");
		mark();
		prctl(PR_SET_NAME, "other-name");
	}
}

static void users(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		work();
		if (seteuid(65534))
			abort();
		mark();
		if (seteuid(0))
			abort();
	}
}

/* Runs itself again, as another program by its first argument. */
static void programs(const char *self, int rounds, bool wanted)
{
	char left[16];
	if (wanted)
		mark();
	else
		work();
	if (rounds == 0)
		return;
	snprintf(left, sizeof(left), "%d", rounds - 1);
	execl("/proc/self/exe", wanted ? "other" : "wanted", "programs", left, self, NULL);
	abort();
}

/* The parent runs another program, and then ends: its child has another parent each time. */
static void parent(const char *self)
{
	int ready[2];
	char there[16];
	if (pipe(ready))
		abort();
	if (fork() == 0) {
		char c;
		work();
		if (write(out, "go", 2) != 2 || read(ready[0], &c, 1) != 1)
			abort();
		for (int i = 0; i < 5; i++)
			mark();
		_exit(0);
	}
	usleep(600000);
	snprintf(there, sizeof(there), "%d", ready[1]);
	execl("/proc/self/exe", "wanted", "child", there, self, NULL);
	abort();
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 1;
	out = open("/dev/null", O_WRONLY);
	if (!strcmp(argv[1], "renames"))
		renames(rounds);
	else if (!strcmp(argv[1], "users"))
		users(rounds);
	else if (!strcmp(argv[1], "programs"))
		programs(argv[0], rounds, !strcmp(argv[0], "wanted"));
	else if (!strcmp(argv[1], "parent"))
		parent(argv[0]);
	else if (!strcmp(argv[1], "child")) {
		if (write(rounds, "k", 1) != 1)
			abort();
		wait(NULL);
	} else if (!strcmp(argv[1], "many")) {
		work();
		for (int i = 0; i < 10000; i++)
			mark();
	}
	return 0;
}
