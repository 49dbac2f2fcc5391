// mdwe COMMAND...: runs a command that may not execute memory that was written, as under MemoryDenyWriteExecute= of systemd.
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

/* since Linux 6.3 */
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)) {
		perror("PR_SET_MDWE");
		return 2;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 2;
}
