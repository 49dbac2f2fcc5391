/* Calls from known places: stacks WHAT. Compiled with or without frame pointers, and as a library's caller. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define APART __attribute__((noinline, noclone))

/* The statement after a call prevents the compiler from replacing it with a jump. */
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

#if defined(__x86_64__)
/* Code generated at run time, as a JIT compiler generates and registers it: push %rbp; mov %rsp, %rbp; call *%rdi; pop %rbp; ret */
APART void compiled(void)
{
	static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
	char path[64];
	FILE *map;
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(page, code, sizeof(code));
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	map = fopen(path, "w");
	fprintf(map, "%lx %zx made;at run time\n", (unsigned long)page, sizeof(code));
	fclose(map);
	((void (*)(void (*)(void)))page)(sleeps);
	usleep(1500000);
	unlink(path);
	after++;
}
#endif

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
#if defined(__x86_64__)
	if (!strcmp(what, "compiled"))
		compiled();
#endif
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
