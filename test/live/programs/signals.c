/* Fifty signals, each with a handler that returns. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static void handler(int signal)
{
	(void)signal;
}

int main(void)
{
	signal(SIGUSR1, handler);
	for (int i = 0; i < 50; i++) {
		kill(getpid(), SIGUSR1);
		syscall(SYS_getppid);
	}
	return 0;
}
