/* Prints which of these BPF objects the kernel still has: words such as prog:12 map:7 link:3. */
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int there(int command, unsigned id)
{
	union bpf_attr a;
	memset(&a, 0, sizeof(a));
	a.prog_id = id;
	int fd = syscall(SYS_bpf, command, &a, sizeof(a));
	return fd >= 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *colon = strchr(argv[i], ':');
		int command = !strncmp(argv[i], "prog", 4)  ? BPF_PROG_GET_FD_BY_ID
			      : !strncmp(argv[i], "map", 3) ? BPF_MAP_GET_FD_BY_ID
							    : BPF_LINK_GET_FD_BY_ID;
		if (colon && there(command, atoi(colon + 1)))
			puts(argv[i]);
	}
	return 0;
}
