/* Calls that the kernel does not perform: openat of /emulated, five times, which a tracer performs and answers with 70 to 74; of /killed, whose
 * thread is killed while it stops before it; of /answered and /trapped, which seccomp answers with EPERM and with a signal. Only on x86-64. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <sys/user.h>

#define CALLS 5

static void open_file(const char *path)
{
	syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
}

static void traced(void)
{
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	for (int i = 0; i < CALLS; i++)
		open_file("/emulated");
	open_file("/killed");
	_exit(0);
}

static void trace(pid_t child)
{
	struct user_regs_struct regs;
	int status, emulated = 0;
	waitpid(child, &status, 0);
	for (;;) {
		/* how the thread continues must not change what becomes of the call before which it has stopped */
		ptrace(emulated < CALLS ? PTRACE_SYSEMU : PTRACE_SYSCALL, child, 0, 0);
		if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status))
			return;
		ptrace(PTRACE_GETREGS, child, 0, &regs);
		if (regs.orig_rax != SYS_openat)
			continue;
		if (emulated == CALLS) {
			kill(child, SIGKILL);
			continue;
		}
		regs.rax = 70 + emulated++;
		ptrace(PTRACE_SETREGS, child, 0, &regs);
	}
}

static void refused(unsigned int how, const char *path)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, how),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	open_file(path);
	_exit(0);
}

int main(void)
{
	pid_t child = fork();
	if (!child)
		traced();
	trace(child);
	if (!fork())
		refused(SECCOMP_RET_ERRNO | EPERM, "/answered");
	if (!fork())
		refused(SECCOMP_RET_TRAP, "/trapped");
	while (wait(NULL) > 0)
		;
	return 0;
}
#else
int main(void)
{
	return 0;
}
#endif
