/* Calls that the kernel does not make although they are requested: seccomp answers them, or a tracer skips them by removing
 * their number, with signals among them, whose handlers return without a number, too. The expected events of the children:
 * answered: getppid 3 times as usual, 3 times EPERM; gettid 3 times ENOSYS. traced: 5 times number -1 and ENOSYS, 5 returns of
 * handlers, 3 times number 9999, no getppid. x32: twice its number for getpid, which most kernels do not have. told: 4 times number -1 with result 77, 4 returns of handlers, no getppid. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
static void need(int ok, const char *what)
{
	if (ok) return;
	perror(what);
	exit(3);
}

static void handle(int sig) { (void)sig; }

static void times(int n, long nr)
{
	for (int i = 0; i < n; i++) syscall(nr);
}

/* From here on `nr` has `action`, and gettid works only without a tracer. */
static void refuse(long nr, unsigned action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_gettid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof code / sizeof *code, .filter = code };
	need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "seccomp");
}

static void answered(void)
{
	prctl(PR_SET_NAME, "answered");
	times(3, SYS_getppid);
	refuse(SYS_getppid, SECCOMP_RET_ERRNO | EPERM);
	times(3, SYS_getppid);
	times(3, SYS_gettid);
}

static void stop_for_tracer(const char *name)
{
	prctl(PR_SET_NAME, name);
	signal(SIGUSR1, handle);
	need(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0, "traceme");
	kill(getpid(), SIGSTOP);
}

static void traced(void)
{
	stop_for_tracer("traced");
	for (int i = 0; i < 5; i++) {
		syscall(SYS_getppid);
		kill(getpid(), SIGUSR1);
	}
	times(3, 9999);
}

static void told(void)
{
	stop_for_tracer("told");
	refuse(SYS_getppid, SECCOMP_RET_TRACE);
	for (int i = 0; i < 4; i++) {
		kill(getpid(), SIGUSR1);
		syscall(SYS_getppid);
	}
}

static void x32(void)
{
	prctl(PR_SET_NAME, "x32");
	times(2, 0x40000000 | SYS_getpid);
}

/* Skips the call that the child stopped at, if it is getppid. */
static void skip(pid_t pid, long result)
{
	struct user_regs_struct regs;
	need(ptrace(PTRACE_GETREGS, pid, 0, &regs) == 0, "registers");
	if (regs.orig_rax != SYS_getppid) return;
	regs.orig_rax = -1;
	if (result) regs.rax = result;
	need(ptrace(PTRACE_SETREGS, pid, 0, &regs) == 0, "registers");
}

static void trace(pid_t pid, int how, int options, long result)
{
	int status, sig = 0;
	need(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status), "stopped");
	need(ptrace(PTRACE_SETOPTIONS, pid, 0, options) == 0, "options");
	while (ptrace(how, pid, 0, sig) == 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		int call = WSTOPSIG(status) == (SIGTRAP | 0x80) || status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
		if (call) skip(pid, result);
		sig = call ? 0 : WSTOPSIG(status);
	}
	need(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child");
}

static pid_t child(void (*act)(void))
{
	pid_t pid = fork();
	need(pid >= 0, "fork");
	if (pid > 0) return pid;
	act();
	_exit(0);
}

int main(void)
{
	int status;
	need(waitpid(child(answered), &status, 0) > 0 && status == 0, "answered");
	need(waitpid(child(x32), &status, 0) > 0 && status == 0, "x32");
	trace(child(traced), PTRACE_SYSCALL, PTRACE_O_TRACESYSGOOD, 0);
	trace(child(told), PTRACE_CONT, PTRACE_O_TRACESECCOMP, 77);
	return 0;
}
#else
int main(void) { return 0; }
#endif
