// perf_map BYTES: generated code calls getppid() for a minute at most; its perf map has this many bytes of the shortest lines, and
// one more line each second.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static char path[64];

static void ends(int signal)
{
	unlink(path);
	_exit(signal);
}

int main(int argc, char **argv)
{
	// push %rbp; mov %rsp,%rbp; mov $110,%eax (getppid); syscall; pop %rbp; ret
	static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xb8, 110, 0, 0, 0, 0x0f, 0x05, 0x5d, 0xc3};
	void *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (made == MAP_FAILED)
		return 1;
	memcpy(made, code, sizeof code);
	snprintf(path, sizeof path, "/tmp/perf-%d.map", getpid());
	signal(SIGTERM, ends);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	FILE *map = fopen(path, "w");
	if (!map)
		return 1;
	for (long left = argc > 1 ? atol(argv[1]) : 0; left > 0; left -= 6)
		fputs("1 1 a\n", map);
	for (int i = 0; i < 300; i++) {
		if (i % 5 == 0)
			fputs("2 1 b\n", map);
		fflush(map);
		((long (*)(void))made)();
		nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
	}
	unlink(path);
	return 0;
}
