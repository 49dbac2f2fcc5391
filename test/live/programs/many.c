/* A process with 10,000 files and 500 threads that have names of their own; after its input has ended, some threads use
 * some files. */
#include "say.h"
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define FILES 10000
#define THREADS 500

static char dir[512];
static int fds[FILES];
static pthread_barrier_t ready, go;
static long result[THREADS], tid[THREADS];

static int used(int i) { return (i * 20 + i % 7) % FILES; }
static void *thread(void *p)
{
	int i = (long)p;
	char name[16];
	struct stat st;
	snprintf(name, sizeof name, "thread %d", i);
	prctl(PR_SET_NAME, name);
	tid[i] = syscall(SYS_gettid);
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&go);
	result[i] = CALL2(fstat, fds[used(i)], &st);
	return 0;
}
int main(int argc, char **argv)
{
	struct rlimit l = { FILES + 100, FILES + 100 };
	pthread_t t[THREADS];
	pthread_attr_t a;
	char name[600], byte;
	(void)argc;
	need(realpath(argv[1], dir) != 0 && setrlimit(RLIMIT_NOFILE, &l) == 0, "limit");
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof name, "%s/f%d", dir, i);
		need((fds[i] = open(name, O_CREAT | O_RDWR, 0600)) >= 0, name);
	}
	pthread_barrier_init(&ready, 0, THREADS + 1);
	pthread_barrier_init(&go, 0, THREADS + 1);
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, 65536);
	for (long i = 0; i < THREADS; i++) need(pthread_create(&t[i], &a, thread, (void *)i) == 0, "thread");
	pthread_barrier_wait(&ready);
	printf("ready %d\n", getpid());
	fflush(stdout);
	need(read(0, &byte, 1) == 0, "end of input");
	pthread_barrier_wait(&go);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(t[i], 0);
		say("fstat", result[i], "fd.num=%d\tfd.name=%s/f%d\tproc.name=thread %d\tthread.tid=%ld\tproc.pid=%d", fds[used(i)], dir, used(i), i, tid[i], getpid());
	}
	flush_said();
	return 0;
}
