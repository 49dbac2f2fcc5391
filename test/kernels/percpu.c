/* Makes a known number of calls of getpgid on each processor: percpu CALLS. A process for each configured processor pins itself to it, again
 * and again, since processors may go and come back. Prints the number of calls of all, and that of the processors on which some were made. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 1024
/* calls after which a process pins itself again */
#define PINNED 50

static void work(int cpu, long calls, char *seen)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	for (long i = 0; i < calls; i++) {
		/* fails while the processor is off */
		if (i % PINNED == 0)
			sched_setaffinity(0, sizeof set, &set);
		getpgid(0);
		int at = sched_getcpu();
		if (at >= 0 && at < MOST)
			seen[at] = 1;
	}
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 0, cpus = sysconf(_SC_NPROCESSORS_CONF), used = 0;
	char *seen = mmap(NULL, MOST, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED || cpus < 1 || cpus > MOST)
		return 1;
	for (long cpu = 0; cpu < cpus; cpu++) {
		pid_t child = fork();
		if (child < 0)
			return 1;
		if (child == 0) {
			work(cpu, calls, seen);
			_exit(0);
		}
	}
	for (long cpu = 0; cpu < cpus; cpu++) {
		int status;
		if (wait(&status) < 0 || status != 0)
			return 1;
	}
	for (int cpu = 0; cpu < MOST; cpu++)
		used += seen[cpu];
	printf("%ld %ld\n", calls * cpus, used);
	return 0;
}
