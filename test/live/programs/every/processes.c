/* Every call on processes, their privileges, signals, scheduling and on the machine; calls that would change the machine are refused. */
#include "every.h"
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/times.h>
#include <sys/user.h>
#include <sys/utsname.h>

static char out[4096];
static long word = 0x1122334455667788;
static void on(int s) { (void)s; }

static void births(char *self)
{
	int status;
	struct rusage ru;
	siginfo_t info;
	long pid = DO(fork);
	if (pid == 0) DO(exit, 3);
	DO(wait4, pid, &status, WUNTRACED, &ru);
	pid = DO(fork);
	if (pid == 0) DO(kill, getpid(), SIGKILL);
	DO(waitid, P_PID, pid, &info, WEXITED | WNOWAIT, 0);
	DO(wait4, pid, &status, 0, 0);
	DO(wait4, -1, &status, WNOHANG, 0);
	pid = DO(clone, SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) DO(exit_group, 0);
	ended(pid);
	int pidfd = -1;
	uint64_t a[11] = { CLONE_PIDFD | CLONE_NEWUTS, (uint64_t)&pidfd, 0, 0, SIGCHLD };
	pid = DO(clone3, a, 88);
	if (pid == 0) {
		DO(sethostname, "every", 5);
		DO(setdomainname, "every.example", 13);
		DO(exit_group, 0);
	}
	DO(waitid, P_PIDFD, pidfd, &info, WEXITED, &ru);
	a[0] = CLONE_NEWNS | CLONE_FS;
	DO(clone3, a, 88);
	DO(clone3, a, 8);
	char *av[] = { self, "again", "two words", 0 }, *ev[] = { "E=1", "F=two", 0 };
	pid = vfork();
	if (pid == 0) {
		DO(execve, "/nothing", av, ev);
		DO(execve, self, av, ev);
		DO(exit, 1);
	}
	ended(pid);
	long f = DO(open, self, O_PATH | O_CLOEXEC);
	pid = DO(fork);
	if (pid == 0) {
		DO(execveat, 12345, "nothing", av, ev, AT_SYMLINK_NOFOLLOW);
		DO(execveat, f, "", av, ev, AT_EMPTY_PATH);
		DO(exit, 1);
	}
	ended(pid);
	DO(waitid, 99, 1, &info, WEXITED, 0);
	DO(pidfd_open, getpid(), 0);
	long p = DO(pidfd_open, getppid(), O_NONBLOCK);
	DO(pidfd_getfd, p, 1, 0);
	DO(pidfd_getfd, p, 4321, 0);
	DO(pidfd_send_signal, p, 0, 0, 0);
	DO(process_mrelease, p, 0);
	DO(kcmp, getpid(), getppid(), 1, 0, 0);
	DO(kcmp, getpid(), getpid(), 0, 1, 2);
	struct iovec v = { &word, 8 };
	DO(process_madvise, p, &v, 1, 20, 0);
}

static void who(void)
{
	unsigned a, b, c, list[40];
	DO(getpid), DO(getppid), DO(gettid), DO(getpgrp), DO(getuid), DO(geteuid), DO(getgid), DO(getegid);
	DO(getpgid, 0);
	DO(getsid, 0);
	DO(getresuid, &a, &b, &c);
	DO(getresgid, &a, &b, &c);
	DO(getgroups, 40, list);
	DO(getgroups, 0, 0);
	long pid = fork();
	if (pid == 0) {
		unsigned groups[3] = { 7, 8, 4294967294u };
		DO(setsid);
		DO(setpgid, 0, 0);
		DO(setgroups, 3, groups);
		DO(getgroups, 40, list);
		DO(setregid, -1, 5);
		DO(setresgid, 6, 5, 6);
		DO(setgid, 6);
		DO(setfsgid, 6);
		DO(setreuid, -1, 5);
		DO(setresuid, 6, 5, 6);
		DO(setuid, 6);
		DO(setfsuid, 6);
		DO(setuid, 0);
		DO(exit_group, 0);
	}
	ended(pid);
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];
	DO(capget, &h, d);
	DO(capset, &h, d);
	h.version = 1;
	DO(capget, &h, 0);
	struct utsname u;
	struct sysinfo s;
	struct tms t;
	struct rusage ru;
	struct rlimit l;
	struct timeval tv;
	struct timezone tz;
	DO(uname, &u);
	DO(sysinfo, &s);
	DO(times, &t);
	DO(getrusage, RUSAGE_SELF, &ru);
	DO(getrusage, RUSAGE_CHILDREN, &ru);
	DO(getrlimit, RLIMIT_NOFILE, &l);
	DO(setrlimit, RLIMIT_NOFILE, &l);
	l = (struct rlimit){ 0, RLIM_INFINITY };
	DO(setrlimit, RLIMIT_CORE, &l);
	DO(prlimit64, 0, RLIMIT_STACK, 0, &l);
	DO(prlimit64, 0, RLIMIT_CORE, &l, 0);
	DO(getcpu, &a, &b, 0);
	DO(personality, 0xffffffff);
	DO(personality, 0x0040000);
	DO(personality, 0);
	DO(set_tid_address, &word);
	void *list_head;
	size_t len;
	DO(get_robust_list, 0, &list_head, &len);
	DO(set_robust_list, list_head, 24);
	DO(set_robust_list, 0, 1);
	DO(rseq, 0, 32, 0, 0x53053053);
	DO(membarrier, 0, 0, 0);
	DO(membarrier, 16, 0, 0);
	DO(membarrier, 8, 0, 0);
	DO(restart_syscall);
}

static void scheduling(void)
{
	struct sched_param p = { 0 };
	struct timespec t;
	unsigned long cpus[16] = { 0 };
	DO(sched_yield);
	DO(getpriority, PRIO_PROCESS, 0);
	DO(setpriority, PRIO_PROCESS, 0, 5);
	DO(setpriority, PRIO_USER, 12345, 5);
	DO(sched_getscheduler, 0);
	DO(sched_setscheduler, 0, SCHED_BATCH, &p);
	DO(sched_setscheduler, 0, SCHED_OTHER | SCHED_RESET_ON_FORK, &p);
	p.sched_priority = 200;
	DO(sched_setscheduler, 0, SCHED_FIFO, &p);
	DO(sched_setparam, 0, &p);
	DO(sched_getparam, 0, &p);
	DO(sched_get_priority_max, SCHED_RR);
	DO(sched_get_priority_min, SCHED_RR);
	DO(sched_rr_get_interval, 0, &t);
	DO(sched_getaffinity, 0, sizeof cpus, cpus);
	DO(sched_setaffinity, 0, sizeof cpus, cpus);
	DO(sched_setaffinity, 0, 8, 16L);
	struct { uint32_t size, policy; uint64_t flags; int nice; uint32_t prio; uint64_t run, dl, per; uint32_t min, max; } a = { 56, SCHED_BATCH, 1, 3 };
	DO(sched_setattr, 0, &a, 0);
	DO(sched_getattr, 0, &a, sizeof a, 0);
	a.policy = 6, a.run = 1000, a.dl = 500, a.per = 2000;
	DO(sched_setattr, 0, &a, 0);
	DO(ioprio_get, 1, 0);
	DO(ioprio_set, 1, 0, 2 << 13 | 5);
	DO(ioprio_set, 1, 0, 3 << 13);
	DO(ioprio_get, 1, 0);
}

static void signals(void)
{
	struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } a = { SIG_IGN, 0, 0, 0 }, old;
	unsigned long set = 1 << (SIGUSR1 - 1) | 1 << (SIGHUP - 1), most = ~0ul, got;
	siginfo_t info = { 0 };
	struct timespec t = { 0, 1000000 };
	stack_t ss = { out, SS_DISABLE, sizeof out }, os;
	DO(rt_sigaction, SIGUSR2, &a, &old, 8);
	a.flags = SA_RESTART | SA_NOCLDSTOP | SA_SIGINFO | SA_NODEFER, a.mask = 1 << (SIGTERM - 1);
	DO(rt_sigaction, SIGUSR2, &a, 0, 8);
	DO(rt_sigaction, SIGUSR2, 0, &old, 8);
	DO(rt_sigaction, SIGKILL, &a, 0, 8);
	DO(rt_sigaction, 99, &a, 0, 8);
	DO(rt_sigprocmask, SIG_BLOCK, &set, &got, 8);
	DO(rt_sigprocmask, SIG_SETMASK, &most, &got, 8);
	DO(rt_sigprocmask, SIG_SETMASK, &set, 0, 8);
	DO(kill, getpid(), SIGUSR1);
	DO(rt_sigpending, &got, 8);
	DO(rt_sigtimedwait, &set, &info, &t, 8);
	DO(rt_sigtimedwait, &set, &info, &t, 8);
	info.si_code = SI_QUEUE, info.si_signo = SIGHUP, info.si_pid = getpid(), info.si_value.sival_int = 77;
	DO(rt_sigqueueinfo, getpid(), SIGHUP, &info);
	DO(rt_sigtimedwait, &set, &info, 0, 8);
	info.si_code = SI_QUEUE;
	DO(rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &info);
	DO(rt_sigtimedwait, &set, 0, &t, 8);
	DO(tgkill, getpid(), getpid(), 0);
	DO(tkill, getpid(), 0);
	DO(kill, -1, 99);
	DO(kill, 99999999, SIGTERM);
	DO(sigaltstack, &ss, &os);
	DO(sigaltstack, 0, &os);
	signal(SIGALRM, on);
	DO(alarm, 1);
	DO(alarm, 0);
	struct itimerval it = { { 0, 0 }, { 0, 30000 } }, was;
	DO(setitimer, ITIMER_REAL, &it, &was);
	DO(getitimer, ITIMER_VIRTUAL, &was);
	unsigned long none = 0;
	DO(rt_sigsuspend, &none, 8);
	DO(setitimer, ITIMER_REAL, &it, 0);
	DO(pause);
}

static void clocks(void)
{
	struct timespec t = { 0, 100 }, left;
	struct timeval tv = { 1, 2000000 };
	struct timezone tz;
	struct timex x = { 0 };
	struct itimerspec its = { { 0, 0 }, { 100, 5 } }, old;
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 9 };
	int id;
	long then;
	DO(time, &then);
	DO(gettimeofday, &tv, &tz);
	tv = (struct timeval){ 1, 2000000 };
	DO(settimeofday, &tv, 0);
	DO(clock_gettime, CLOCK_MONOTONIC, &t);
	DO(clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t);
	DO(clock_gettime, 77, &t);
	DO(clock_getres, CLOCK_REALTIME_COARSE, &t);
	t.tv_nsec = 2000000000;
	DO(clock_settime, CLOCK_REALTIME, &t);
	t = (struct timespec){ 0, 1000 };
	DO(nanosleep, &t, &left);
	DO(clock_nanosleep, CLOCK_MONOTONIC, 0, &t, 0);
	DO(clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &t, &left);
	DO(adjtimex, &x);
	x.modes = 0;
	DO(clock_adjtime, CLOCK_REALTIME, &x);
	DO(timer_create, CLOCK_MONOTONIC, &ev, &id);
	DO(timer_settime, id, 0, &its, &old);
	DO(timer_gettime, id, &old);
	DO(timer_getoverrun, id);
	DO(timer_delete, id);
	DO(timer_delete, 12345);
}

static void rights(void)
{
	int n;
	struct sock_filter code[] = { { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW } };
	struct sock_fprog prog = { 1, code };
	DO(prctl, PR_SET_NAME, "processes", 0, 0, 0);
	DO(prctl, PR_GET_NAME, out, 0, 0, 0);
	DO(prctl, PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	DO(prctl, PR_GET_PDEATHSIG, &n, 0, 0, 0);
	DO(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
	DO(prctl, PR_GET_DUMPABLE, 0, 0, 0, 0);
	DO(prctl, PR_GET_KEEPCAPS, 0, 0, 0, 0);
	DO(prctl, PR_SET_KEEPCAPS, 0, 0, 0, 0);
	DO(prctl, PR_CAPBSET_READ, CAP_SYS_TIME, 0, 0, 0);
	DO(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0);
	DO(prctl, PR_GET_SECUREBITS, 0, 0, 0, 0);
	DO(prctl, PR_SET_SECUREBITS, SECBIT_KEEP_CAPS | SECBIT_NOROOT, 0, 0, 0);
	DO(prctl, PR_SET_SECUREBITS, 0, 0, 0, 0);
	DO(prctl, PR_SET_TIMERSLACK, 60000, 0, 0, 0);
	DO(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	DO(prctl, PR_GET_CHILD_SUBREAPER, &n, 0, 0, 0);
	DO(prctl, PR_GET_TID_ADDRESS, out, 0, 0, 0);
	DO(prctl, PR_SET_THP_DISABLE, 1, 0, 0, 0);
	DO(prctl, PR_GET_SPECULATION_CTRL, 0, 0, 0, 0);
	DO(prctl, PR_GET_TSC, &n, 0, 0, 0);
	DO(prctl, PR_SET_TSC, 1, 0, 0, 0);
	DO(prctl, PR_MCE_KILL, 0, 0, 0, 0);
	DO(prctl, PR_SET_MM, 1, 0, 0, 0);
	DO(prctl, PR_SET_VMA, 0, 4096, 4096, "a name");
	DO(prctl, PR_SET_MDWE, 4, 0, 0, 0);
	DO(prctl, PR_SCHED_CORE, 0, 0, 0, &word);
	DO(prctl, PR_SET_PTRACER, -1, 0, 0, 0);
	DO(prctl, 987654, 0, 0, 0, 0);
	DO(arch_prctl, 0x1003, &word);
	DO(arch_prctl, 0x1011, 0);
	DO(arch_prctl, 0x1022, &word);
	DO(arch_prctl, 0x9999, 0);
	DO(seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &(int){ SECCOMP_RET_LOG });
	DO(seccomp, SECCOMP_GET_NOTIF_SIZES, 0, out);
	DO(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_TSYNC, &prog);
	DO(seccomp, SECCOMP_SET_MODE_STRICT, 1, 0);
	uint64_t ls[3] = { 4 | 2, 1, 3 };
	long r = DO(landlock_create_ruleset, ls, 24, 0), dir = DO(open, "/usr", O_PATH);
	DO(landlock_create_ruleset, 0, 0, 1);
	struct __attribute__((packed)) { uint64_t access; int fd; } beneath = { 4, dir };
	uint64_t port[2] = { 1, 443 };
	DO(landlock_add_rule, r, 1, &beneath, 0);
	DO(landlock_add_rule, r, 2, port, 0);
	DO(landlock_add_rule, r, 9, port, 0);
	DO(landlock_restrict_self, 4321, 0);
	uint32_t size = sizeof out;
	DO(lsm_get_self_attr, 100, out, &size, 0);
	DO(lsm_set_self_attr, 101, out, 32, 0);
	size = sizeof out;
	DO(lsm_list_modules, out, &size, 0);
	long ring = DO(keyctl, KEYCTL_JOIN_SESSION_KEYRING, "every", 0, 0, 0);
	long key = DO(add_key, "user", "every:key", "secret", 6, ring);
	DO(add_key, "keyring", "every:ring", 0, 0, KEY_SPEC_PROCESS_KEYRING);
	DO(request_key, "user", "every:none", 0, KEY_SPEC_SESSION_KEYRING);
	DO(keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0, 0, 0);
	DO(keyctl, KEYCTL_UPDATE, key, "changed", 7, 0);
	DO(keyctl, KEYCTL_DESCRIBE, key, out, 200, 0);
	DO(keyctl, KEYCTL_READ, key, out, 200, 0);
	DO(keyctl, KEYCTL_SEARCH, ring, "user", "every:key", 0);
	DO(keyctl, KEYCTL_LINK, key, KEY_SPEC_PROCESS_KEYRING, 0, 0);
	DO(keyctl, KEYCTL_UNLINK, key, KEY_SPEC_PROCESS_KEYRING, 0, 0);
	DO(keyctl, KEYCTL_SETPERM, key, 0x3f3f0000, 0, 0);
	DO(keyctl, KEYCTL_CHOWN, key, 0, -1, 0);
	DO(keyctl, KEYCTL_SET_TIMEOUT, key, 100, 0, 0);
	DO(keyctl, KEYCTL_SET_REQKEY_KEYRING, -1, 0, 0, 0);
	DO(keyctl, KEYCTL_GET_SECURITY, key, out, 100, 0);
	DO(keyctl, KEYCTL_CAPABILITIES, out, 8, 0, 0);
	DO(keyctl, KEYCTL_REVOKE, key, 0, 0, 0);
	DO(keyctl, KEYCTL_CLEAR, ring, 0, 0, 0);
	DO(keyctl, 999, 1, 2, 3, 4);
}

static void others(void)
{
	long pid = fork(), got = 0;
	if (pid == 0) {
		DO(ptrace, PTRACE_TRACEME, 0, 0, 0);
		DO(exit_group, 0);
	}
	ended(pid);
	DO(ptrace, PTRACE_PEEKDATA, 99999999, &word, &got);
	DO(ptrace, PTRACE_SETOPTIONS, 99999999, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK);
	DO(ptrace, PTRACE_CONT, 99999999, 0, SIGTERM);
	struct iovec set = { out, sizeof out };
	DO(ptrace, PTRACE_GETREGSET, 99999999, 1, &set);
	DO(ptrace, PTRACE_SEIZE, 99999999, 0, PTRACE_O_EXITKILL);
	DO(ptrace, PTRACE_INTERRUPT, 99999999, 0, 0);
	struct iovec to = { &got, 8 }, from[2] = { { &word, 4 }, { (char *)&word + 4, 4 } }, bad = { (void *)8, 8 };
	DO(process_vm_readv, getpid(), &to, 1, from, 2, 0);
	DO(process_vm_writev, getpid(), from, 2, &to, 1, 0);
	DO(process_vm_readv, getpid(), &to, 1, &bad, 1, 0);
	pid = fork();
	if (pid == 0) {
		DO(unshare, CLONE_NEWUTS | CLONE_NEWIPC);
		DO(unshare, CLONE_FILES | CLONE_FS);
		long ns = DO(open, "/proc/self/ns/uts", O_RDONLY);
		DO(setns, ns, CLONE_NEWUTS);
		DO(setns, ns, CLONE_NEWNET);
		DO(exit_group, 0);
	}
	ended(pid);
}

static void kernel(void)
{
	union bpf_attr a = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1, .map_name = "every" };
	long fd = DO(bpf, BPF_MAP_CREATE, &a, sizeof a), value = 5;
	int key = 0;
	memset(&a, 0, sizeof a);
	a.map_fd = fd, a.key = L(&key), a.value = L(&value);
	DO(bpf, BPF_MAP_UPDATE_ELEM, &a, sizeof a);
	DO(bpf, BPF_MAP_LOOKUP_ELEM, &a, sizeof a);
	memset(&a, 0, sizeof a);
	struct bpf_insn code[] = { { 0xb7, 0, 0, 0, 0 }, { 0x95, 0, 0, 0, 0 } };
	a.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, a.insn_cnt = 2, a.insns = L(code), a.license = L("GPL");
	strcpy(a.prog_name, "program");
	DO(bpf, BPF_PROG_LOAD, &a, sizeof a);
	memset(&a, 0, sizeof a);
	a.pathname = L("/sys/fs/bpf/every/nothing"), a.bpf_fd = fd;
	DO(bpf, BPF_OBJ_PIN, &a, 16);
	DO(bpf, BPF_OBJ_GET, &a, 16);
	memset(&a, 0, sizeof a);
	DO(bpf, BPF_PROG_GET_NEXT_ID, &a, 12);
	DO(bpf, BPF_MAP_FREEZE, &a, 4);
	DO(bpf, 999, &a, 4);
	struct perf_event_attr p = { .type = PERF_TYPE_SOFTWARE, .size = sizeof p, .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000, .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID, .read_format = PERF_FORMAT_ID,
		.disabled = 1, .exclude_kernel = 1, .exclude_hv = 1 };
	DO(perf_event_open, &p, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	p.type = 77;
	DO(perf_event_open, &p, 0, 0, -1, 0);
	DO(init_module, "no module", 9, "a=1");
	DO(finit_module, 0, "b=2", 3);
	DO(delete_module, "every_no_such", O_NONBLOCK | O_TRUNC);
	DO(kexec_load, 0, 0, 0, 0xff00);
	DO(kexec_file_load, -1, -1, 6, "quiet", 0xff00);
	DO(reboot, 1, 2, 0x1234567, 0);
	DO(syslog, 9, 0, 0);
	DO(syslog, 10, 0, 0);
	DO(syslog, 77, out, 10);
	unsigned segment[4] = { 9999, 1, 2, 3 };
	DO(modify_ldt, 0, out, 16);
	DO(modify_ldt, 1, segment, 16);
	DO(set_thread_area, segment);
	DO(get_thread_area, segment);
}

/* Numbers that do not have a call any more, or none on this architecture. */
static void gone(void)
{
	DO(_sysctl, 0);
	DO(create_module, "old", 5);
	DO(get_kernel_syms, 0);
	DO(query_module, "old", 1, 0, 0, 0);
	DO(nfsservctl, 1, 0, 0);
	DO(getpmsg), DO(putpmsg), DO(afs_syscall), DO(tuxcall), DO(security), DO(vserver);
	DO(epoll_ctl_old), DO(epoll_wait_old);
	struct rlimit no = { 0, 0 }; /* the second ends it */
	long pid = fork();
	if (pid == 0) setrlimit(RLIMIT_CORE, &no), syscall(336), syscall(335), _exit(0);
	ended(pid);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "again") == 0) _exit(7);
	char self[4096] = "";
	need(readlink("/proc/self/exe", self, sizeof self - 1) > 0, "readlink");
	births(self);
	who();
	scheduling();
	signals();
	clocks();
	others();
	kernel();
	gone();
	rights();
	return 0;
}
