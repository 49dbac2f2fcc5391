/* Runs several programs, one after the other: the words of each are separated from those of the next by `--`. Fails if one of them does. */
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static int run(char **words)
{
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, words[0], NULL, NULL, words, environ) || waitpid(pid, &status, 0) != pid)
		return 1;
	return status != 0;
}

int main(int argc, char **argv)
{
	int failed = 0, first = 1;

	for (int i = 1; i <= argc; i++) {
		if (i < argc && strcmp(argv[i], "--"))
			continue;
		argv[i] = NULL;
		failed |= run(argv + first);
		first = i + 1;
	}
	return failed;
}
