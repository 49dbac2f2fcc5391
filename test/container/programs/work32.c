/* A load for a profile of an i386 program: a thread, files, a child and sockets. With an argument it also makes a link. */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *in_thread(void *unused)
{
	struct timespec ms = { 0, 1000000 };

	(void)unused;
	nanosleep(&ms, NULL);
	return malloc(1 << 20);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	struct stat st;
	int pair[2], status = 0, count = 0;
	char text[6] = "";
	DIR *dir = opendir("/www");
	FILE *file = fopen("/tmp/x", "w");
	pid_t child;

	while (dir && readdir(dir))
		count++;
	if (file) {
		fprintf(file, "x");
		fclose(file);
	}
	printf("thread %d\n", pthread_create(&thread, NULL, in_thread, NULL) || pthread_join(thread, NULL));
	printf("stat %d, size %ld, entries %d\n", stat("/tmp/x", &st), (long)st.st_size, count);
	printf("sockets %d\n", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(send(pair[1], "hello", 5, 0) == 5 ? 7 : 1);
	waitpid(child, &status, 0);
	printf("child %d, %ld %s\n", WEXITSTATUS(status), (long)recv(pair[0], text, 5, 0), text);
	if (argc > 1)
		printf("%s %d\n", argv[1], symlink("/tmp/x", "/tmp/y"));
	return 0;
}
