// Operations of one kind from several processes, as fast as possible or at a fixed rate, for a number of seconds. It prints, as JSON, how
// many were made, in how many seconds, and their latency in microseconds. At a fixed rate latency counts from the time at which an
// operation was due, so that a late start counts as well.
// usage: work KIND PROCESSES RATE SECONDS FOLDER     RATE of all processes together, 0: as fast as possible
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "latency.h"

extern char **environ;

static const char *folder;
static char block[4096];
static int source, sink;

static int fail(const char *what)
{
	perror(what);
	exit(1);
}

/* two calls, and nothing that the kernel does for them takes long */
static void readWrite(void)
{
	if (read(source, block, 512) != 512 || write(sink, block, 512) != 512)
		fail("read and write");
}

static void getParent(void)
{
	syscall(SYS_getppid);
}

/* the life of a small file of a mail server */
static void smallFile(void)
{
	static unsigned number;
	char path[4096];
	snprintf(path, sizeof path, "%s/mail-%d-%u", folder, getpid(), number++ % 100);
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, block, sizeof block) < 0 || close(fd) < 0)
		fail(path);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || read(fd, block, sizeof block) < 0 || close(fd) < 0)
		fail(path);
	if ((fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)) < 0 || write(fd, block, 512) < 0 || close(fd) < 0)
		fail(path);
	if (unlink(path) < 0)
		fail(path);
}

/* a shell that runs five programs */
static void shell(void)
{
	static char *argv[] = {"sh", "-c", "for i in 1 2 3 4 5; do /bin/echo $i; done >/dev/null", NULL};
	pid_t pid;
	int status;
	if ((errno = posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ)))
		fail("posix_spawn");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		exit(1);
}

/* one call for each rule of tools/marked.yaml; raw calls, so that each C library makes the same ones */
static void marked(void)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/marked", folder);
	int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || close(fd) < 0 || syscall(SYS_fchmodat, AT_FDCWD, path, 0600) < 0)
		fail(path);
	strcat(path, "-absent");
	if (syscall(SYS_unlinkat, AT_FDCWD, path, 0) == 0 || errno != ENOENT)
		fail(path);
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {{"rdwr", readWrite}, {"flood", getParent}, {"files", smallFile}, {"exec", shell}, {"marked", marked}};

int main(int argc, char **argv)
{
	if (argc != 6)
		return fprintf(stderr, "usage: work KIND PROCESSES RATE SECONDS FOLDER\n"), 2;
	void (*run)(void) = NULL;
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(argv[1], kinds[i].name))
			run = kinds[i].run;
	int processes = atoi(argv[2]);
	double rate = atof(argv[3]) / processes;
	double seconds = atof(argv[4]);
	folder = argv[5];
	source = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (!run || source < 0 || sink < 0)
		return fprintf(stderr, "work: cannot do '%s'\n", argv[1]), 2;
	struct latency *all = mmap(NULL, sizeof *all * processes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char name[16];
	snprintf(name, sizeof name, "ksys-%s", argv[1]);
	uint64_t from = nowNs(), end = from + seconds * 1e9;
	pid_t parent = getpid();
	for (int p = 0; p < processes; p++) {
		pid_t child = fork();
		if (child < 0)
			fail("fork");
		if (child > 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		/* from now on each call belongs to an operation */
		prctl(PR_SET_NAME, name);
		if (rate > 0)
			prctl(PR_SET_TIMERSLACK, 1);
		uint64_t due = nowNs();
		/* what could not be done in twice the time is left out: the latencies show that it was too much */
		for (uint64_t n = 1, now = from; due < end && now < 2 * end - from; n++) {
			run();
			now = nowNs();
			latencyAdd(&all[p], now - due);
			due = rate > 0 ? from + (uint64_t)(n * 1e9 / rate) : now;
			if (due > now && due < end) {
				struct timespec at = {due / 1000000000, due % 1000000000};
				clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
			}
		}
		_exit(0);
	}
	int status, bad = 0;
	while (wait(&status) > 0)
		bad |= status;
	for (int p = 1; p < processes; p++)
		latencyMerge(&all[0], &all[p]);
	latencyPrint(&all[0], (nowNs() - from) / 1e9);
	return bad ? 1 : 0;
}
