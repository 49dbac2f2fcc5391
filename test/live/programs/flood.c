/* Makes known numbers of calls, signals and exits while its parent, the capture, is stopped repeatedly.
 * flood STOPS FORKS THREADS CALLS WRITES BYTES SIGNALS: FORKS processes with THREADS threads each, every one of which makes CALLS
 * getppid, WRITES writes of BYTES and as many SIGNALS to itself. The parent is stopped STOPS times, first until three quarters of the
 * getppid have been made, which fill its buffers, then for 20 ms, with pauses; with 0 once and to the end. The first process makes one
 * more getppid. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long stops, forks, threads, calls, writes, bytes, signals;
static char *buffer;
static int sink;
/* getppid made by all processes, rounded down to STEPs for each thread */
static long *made;
#define STEP 100

static void handle(int sig) { (void)sig; }

static void *work(void *arg)
{
	for (long i = 0; i < calls; i++) {
		syscall(SYS_getppid);
		if (i % STEP == STEP - 1) __atomic_fetch_add(made, STEP, __ATOMIC_RELAXED);
	}
	for (long i = 0; i < writes; i++)
		if (write(sink, buffer, bytes) != bytes) abort();
	for (long i = 0; i < signals; i++) syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), SIGUSR1);
	return arg;
}

static void process(void)
{
	pthread_t t[threads];
	for (long i = 0; i < threads; i++)
		if (pthread_create(&t[i], NULL, work, NULL)) abort();
	for (long i = 0; i < threads; i++) pthread_join(t[i], NULL);
	exit(0);
}

int main(int argc, char **argv)
{
	long *to[] = { &stops, &forks, &threads, &calls, &writes, &bytes, &signals };
	if (argc != 8) {
		fputs("flood STOPS FORKS THREADS CALLS WRITES BYTES SIGNALS\n", stderr);
		return 2;
	}
	for (int i = 0; i < 7; i++) *to[i] = atol(argv[1 + i]);
	buffer = calloc(1, bytes + 1);
	made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (made == MAP_FAILED) abort();
	sink = open("/dev/null", O_WRONLY);
	signal(SIGUSR1, handle);
	pid_t capture = syscall(SYS_getppid);
	kill(capture, SIGSTOP);
	for (long i = 0; i < forks; i++) {
		/* its end sends no signal: that would be an occasional extra one, as the C library blocks signals while it forks */
		pid_t pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
		if (pid < 0) abort();
		if (pid == 0) process();
	}
	for (long i = 0; i < stops; i++) {
		while (i == 0 && __atomic_load_n(made, __ATOMIC_RELAXED) < forks * threads * (calls / STEP * STEP) / 4 * 3) usleep(1000);
		usleep(20000);
		kill(capture, SIGCONT);
		usleep(3000);
		kill(capture, SIGSTOP);
	}
	if (stops > 0) kill(capture, SIGCONT);
	while (waitpid(-1, NULL, __WALL) > 0) ;
	kill(capture, SIGCONT);
	return 0;
}
