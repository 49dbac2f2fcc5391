/* Makes the calls that a profile should refuse, and prints the name and error number of each. Static: it needs few calls of its own. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void attempt(const char *name, long result)
{
	char line[64];
	int length = snprintf(line, sizeof(line), "%s %d\n", name, result < 0 ? errno : 0);

	(void)!write(1, line, length);
}

int main(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attempt("mount", mount("none", "/tmp", "tmpfs", 0, ""));
	attempt("ptrace", ptrace(PTRACE_TRACEME, 0, 0, 0));
	attempt("unshare", unshare(CLONE_NEWUTS));
	attempt("setns", syscall(SYS_setns, -1, 0));
	attempt("keyctl", syscall(SYS_keyctl, 0, -3, 0));
	attempt("bpf", syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)));
	attempt("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0));
	attempt("socket", socket(AF_PACKET, SOCK_RAW, 0));
	return 0;
}
