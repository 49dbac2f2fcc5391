/* Calls from known places: stacks WHAT. Compiled with or without frame pointers, and as a library's caller. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define APART __attribute__((noinline, noclone))

/* What comes after a call keeps the compiler from making a jump of it. */
static volatile int after;

APART int innermost(const char *path)
{
	int fd = open(path, O_RDONLY);
	after++;
	return fd;
}
APART int middle(const char *path)
{
	int fd = innermost(path);
	after++;
	return fd;
}
APART int outermost(const char *path)
{
	int fd = middle(path);
	after++;
	return fd;
}

APART void sleeps(void)
{
	struct timespec t = {0, 20000000};
	nanosleep(&t, NULL);
	after++;
}

APART void by_number(void)
{
	syscall(110 /* getppid on x86-64 */);
	after++;
}

APART int recurse(int n)
{
	int r = n == 0 ? getppid() : recurse(n - 1);
	after++;
	return r;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int status;
	if (!strcmp(what, "open"))
		for (int i = 0; i < 50; i++)
			close(outermost("/etc/passwd"));
	if (!strcmp(what, "sleep"))
		sleeps();
	if (!strcmp(what, "number"))
		by_number();
	if (!strcmp(what, "deep"))
		recurse(400);
	if (!strcmp(what, "fork")) {
		if (fork() == 0) {
			outermost("/etc/hostname");
			_exit(0);
		}
		wait(&status);
		outermost("/etc/passwd");
	}
	return 0;
}
