// Extreme load for tracers: many processes, many threads at once, many descriptors.
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_barrier_t all;

static void *thread(void *arg)
{
	(void)arg;
	pthread_barrier_wait(&all);
	syscall(SYS_getppid);
	pthread_barrier_wait(&all);
	return NULL;
}

int main(int argc, char **argv)
{
	int n = atoi(argv[2]);
	if (strcmp(argv[1], "processes") == 0) {
		// no more than 64 at a time, the last of each kind of end waits for its parent
		for (int i = 0, running = 0; i < n; i++) {
			pid_t p = fork();
			if (p == 0)
				_exit(i & 1);
			if (p < 0)
				return 3;
			if (++running == 64)
				while (running > 0 && wait(NULL) > 0)
					running--;
		}
		while (wait(NULL) > 0)
			;
	} else if (strcmp(argv[1], "threads") == 0) {
		pthread_attr_t small;
		pthread_t *t = calloc(n, sizeof(*t));
		pthread_attr_init(&small);
		pthread_attr_setstacksize(&small, 65536);
		pthread_barrier_init(&all, NULL, n + 1);
		for (int i = 0; i < n; i++)
			if (pthread_create(&t[i], &small, thread, NULL))
				return 3;
		pthread_barrier_wait(&all);
		pthread_barrier_wait(&all);
		for (int i = 0; i < n; i++)
			pthread_join(t[i], NULL);
	} else {
		struct rlimit most = {n + 16, n + 16};
		char name[32], got[8];
		setrlimit(RLIMIT_NOFILE, &most);
		for (int i = 3; i < n; i++)
			if (open("/dev/zero", O_RDONLY) < 0)
				return 3;
		snprintf(name, sizeof(name), "/proc/self/comm");
		int last = open(name, O_RDONLY);
		if (argc > 3) {
			close(1); // signals that all are open
			pause();
		}
		return read(last, got, 4) == 4 ? 0 : 4;
	}
	return 0;
}
