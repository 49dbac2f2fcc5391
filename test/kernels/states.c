/* Programs in a known state: resident memory, asleep in a call, busy on a CPU, causing page faults, with open descriptors.
 * usage: states resident | asleep FIFO | busy MILLISECONDS | faults | descriptors COUNT READY
 * descriptors waits with that many besides the standard ones, once it has created the file READY. */
#include "../live/programs/say.h"
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#define PAGE 4096

/* The resident memory by the page tables: exact on every kernel, while the counters of /proc/PID/statm lag on old ones. */
static long resident(void)
{
	static char text[4096];
	int fd = open("/proc/self/smaps_rollup", O_RDONLY);
	long n = read(fd, text, sizeof text - 1);
	need(n > 0, "smaps_rollup");
	text[n] = 0;
	close(fd);
	return atol(strstr(text, "\nRss:") + 5);
}

/* Grows repeatedly by less than what a kernel before 6.2 stores in the thread (64 pages). */
static void grow(void)
{
	char *m = mmap(0, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(madvise(m, 64 << 20, MADV_NOHUGEPAGE) == 0 || errno == EINVAL, "madvise");
	resident();
	for (int step = 0, page = 0; step < 12; step++) {
		for (int i = 0; i < 23; i++) m[page++ * PAGE] = 1;
		long kb = resident();
		/* the call for which ksys records vm_rss; its length identifies it */
		CALL2(munmap, m + (60 << 20), PAGE * (step + 1));
		say("resident", kb, "length=%d", PAGE * (step + 1));
	}
}

static void busy(long ms)
{
	struct timespec t;
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	while (t.tv_sec * 1000 + t.tv_nsec / 1000000 < ms);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	say("cpu", t.tv_sec * 1000000000L + t.tv_nsec, "");
}

static void faults(void)
{
	char *m = mmap(0, 40 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(madvise(m, 40 * PAGE, MADV_NOHUGEPAGE) == 0 || errno == EINVAL, "madvise");
	for (int i = 0; i < 40; i++) {
		m[i * PAGE] = 1;
		say("page_fault", 0, "addr=%lX", (long)(m + i * PAGE));
	}
	struct timespec t = { 0, 2000000 };
	for (int i = 0; i < 5; i++) say("nanosleep", CALL2(nanosleep, &t, 0), "");
}

static void descriptors(int count, const char *ready)
{
	struct rlimit limit = { count + 10, count + 10 };
	need(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
	syscall(SYS_close_range, 3, ~0U, 0);
	for (int fd = 3; fd < count + 3; fd++) need(open("/dev/null", O_RDONLY) == fd, "open");
	/* its own descriptor is not one of these */
	close(creat(ready, 0600));
	pause();
}

int main(int argc, char **argv)
{
	const char *state = argc > 1 ? argv[1] : "", *with = argc > 2 ? argv[2] : "0";
	if (strcmp(state, "resident") == 0) grow();
	else if (strcmp(state, "busy") == 0) busy(atol(with));
	else if (strcmp(state, "faults") == 0) faults();
	else if (strcmp(state, "descriptors") == 0 && argc > 3) descriptors(atoi(with), argv[3]);
	else if (strcmp(state, "asleep") == 0) {
		int fd = open(with, O_RDWR);
		need(fd >= 0, with);
		char c;
		return read(fd, &c, 1) != 1;
	} else return 2;
	flush_said();
	return 0;
}
