/* Waits for a line, then repeatedly sends itself a signal and creates a child, which exits at once. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void nothing(int sig)
{
	(void)sig;
}

int main(int argc, char **argv)
{
	char line[64];
	sigset_t child;
	/* it is random whether the child's signal arrives while the parent waits */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	signal(SIGUSR1, nothing);
	if (argc < 2 || !fgets(line, sizeof(line), stdin))
		return 1;
	for (int i = atoi(argv[1]); i > 0; i--) {
		pid_t pid;
		kill(getpid(), SIGUSR1);
		pid = fork();
		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return 0;
}
