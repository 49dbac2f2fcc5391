/* Control of processes and of the kernel: tracing, other processes' memory, capabilities, seccomp, keys, BPF, rings, modules,
 * and the ways to create processes that process.c omits. */
#include "say.h"
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/user.h>

static long word = 0x1122334455667788;

static void others(void)
{
	int status;
	long r, pid = fork(), got = 0;
	if (pid == 0) {
		r = CALL4(ptrace, PTRACE_TRACEME, 0, 0, 0);
		kill(getpid(), SIGSTOP);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	r = CALL4(ptrace, PTRACE_PEEKDATA, pid, &word, &got); say("ptrace", r, "res=0\taddr=%lX\tdata=1122334455667788\trequest=3(PTRACE_PEEKDATA)\tpid=%ld(control)", (long)&word, pid);
	r = CALL4(ptrace, PTRACE_POKEDATA, pid, &word, 77L); say("ptrace", r, "res=0\taddr=%lX\tdata=4D\trequest=6(PTRACE_POKEDATA)", (long)&word);
	struct user_regs_struct regs;
	r = CALL4(ptrace, PTRACE_GETREGS, pid, 0, &regs); say("ptrace", r, "res=0\taddr=0\tdata=%lX\trequest=26(PTRACE_GETREGS)", (long)&regs);
	struct iovec to = { &got, 8 }, from = { &word, 8 };
	r = CALL6(process_vm_readv, pid, &to, 1, &from, 1, 0); say("process_vm_readv", r, "res=8\tpid=%ld(control)\tdata=M.......", pid);
	struct iovec two[2] = { { "ab", 2 }, { "cd", 2 } };
	from.iov_len = 4;
	r = CALL6(process_vm_writev, pid, two, 2, &from, 1, 0); say("process_vm_writev", r, "res=4\tpid=%ld(control)\tdata=abcd", pid);
	struct iovec nowhere = { (void *)8, 8 };
	r = CALL6(process_vm_readv, pid, &to, 1, &nowhere, 1, 0); say("process_vm_readv", r, "res=-14(EFAULT)\tpid=%ld(control)", pid);
	r = CALL4(ptrace, PTRACE_CONT, pid, 0, SIGKILL); say("ptrace", r, "res=0\taddr=0\tdata=9(SIGKILL)\trequest=8(PTRACE_CONT)");
	waitpid(pid, &status, 0);
	r = CALL4(ptrace, PTRACE_ATTACH, 999999, 0, 0); say("ptrace", r, "res=-3(ESRCH)\trequest=11(PTRACE_ATTACH)\tpid=999999");
}

/* A child lives until its parent has printed its name: it waits at this number for the end of a pipe. */
#define GATE 77

static int gate(void)
{
	int ends[2];
	need(pipe2(ends, O_CLOEXEC) == 0 && dup2(ends[0], GATE) == GATE, "a gate");
	close(ends[0]);
	return ends[1];
}

static void wait_at_gate(void)
{
	char c;
	while (read(GATE, &c, 1) > 0) {}
}

static void births(char *self)
{
	int status, open_gate = gate();
	char *av[] = { self, "again", 0 }, *ev[] = { "B=2", 0 };
	long r = CALL0(fork);
	if (r == 0) {
		close(open_gate);
		wait_at_gate();
		call(SYS_exit_group, 0, 0, 0, 0, 0, 0);
	}
	say("fork", r, "res=%ld(control)\tpid=%d(control)\tflags=0", r, getpid());
	close(open_gate);
	waitpid(r, &status, 0);
	open_gate = gate();
	long dir = CALL2(open, "/proc", O_RDONLY | O_DIRECTORY), exe = CALL3(open, self, O_PATH, 0);
	r = vfork();
	if (r == 0) {
		syscall(SYS_execveat, dir, "self/nothing", av, ev, 0);
		syscall(SYS_execveat, exe, "", av, ev, AT_EMPTY_PATH);
		_exit(1);
	}
	/* it shares the memory of the waiting process, which prints this */
	say("execveat", -2, "res=-2(ENOENT)\tpid=%ld(control)", r);
	say("vfork", r, "res=%ld(control)\tpid=%d(control)\tflags=134250496(CLONE_VM|CLONE_VFORK)", r, getpid());
	say("execveat", 0, "res=0\texe=%s\targs=again.\tenv=B=2.\tpid=%ld(control)\tptid=%d(control)\tflags=1(EXE_WRITABLE)\ttrusted_exepath=%s", self, r, getpid(), self);
	close(open_gate);
	waitpid(r, &status, 0);
	close(GATE);
	/* a program that exists in memory only */
	long memory = CALL2(memfd_create, "program", 0), file = CALL3(open, self, O_RDONLY, 0);
	need(sendfile(memory, file, 0, 1 << 24) > 0, "sendfile");
	flush_said();
	r = fork();
	if (r == 0) {
		syscall(SYS_execveat, memory, "", av, ev, AT_EMPTY_PATH);
		_exit(1);
	}
	waitpid(r, &status, 0);
	say("execveat", 0, "flags=5(EXE_WRITABLE|EXE_FROM_MEMFD)\ttrusted_exepath=/memfd:program\tptid=%d(control)", getpid());
	flush_said();
	r = fork();
	if (r == 0) {
		long s = CALL0(setsid); say("setsid", s, "res=%d(control)", getpid());
		s = CALL0(setsid); say("setsid", s, "res=-1(EPERM)");
		flush_said();
		_exit(0);
	}
	waitpid(r, &status, 0);
}

static void kernel(void)
{
	long r, fd;
	union bpf_attr a = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1 };
	fd = CALL3(bpf, BPF_MAP_CREATE, &a, sizeof a); need(fd > 0, "bpf"); say("bpf", fd, "fd=%ld(<b>)\tcmd=0(BPF_MAP_CREATE)", fd);
	memset(&a, 0, sizeof a);
	int key = 0;
	long value = 5;
	a.map_fd = fd; a.key = (long)&key; a.value = (long)&value;
	r = CALL3(bpf, BPF_MAP_UPDATE_ELEM, &a, sizeof a); say("bpf", r, "cmd=2(BPF_MAP_UPDATE_ELEM)");
	struct bpf_insn code[] = { { 0xb7, 0, 0, 0, 0 }, { 0x95, 0, 0, 0, 0 } };
	memset(&a, 0, sizeof a);
	a.prog_type = BPF_PROG_TYPE_SOCKET_FILTER; a.insn_cnt = 2; a.insns = (long)code; a.license = (long)"GPL";
	r = CALL3(bpf, BPF_PROG_LOAD, &a, sizeof a); say("bpf", r, "fd=%ld(<b>)\tcmd=5(BPF_PROG_LOAD)", r);
	r = CALL3(bpf, BPF_MAP_CREATE, 0, 0); say("bpf", r, "fd=-22(EINVAL)\tcmd=0(BPF_MAP_CREATE)");

	struct io_uring_params p = { .flags = IORING_SETUP_CQSIZE, .cq_entries = 16 };
	fd = CALL2(io_uring_setup, 4, &p);
	say("io_uring_setup", fd, "res=%ld\tentries=4\tsq_entries=%u\tcq_entries=%u\tflags=16(IORING_SETUP_CQSIZE)", fd, p.sq_entries, p.cq_entries);
	r = CALL6(io_uring_enter, fd, 0, 0, IORING_ENTER_GETEVENTS, 0, 0); say("io_uring_enter", r, "res=0\tfd=%ld(<r>)\tto_submit=0\tmin_complete=0\tflags=1(IORING_ENTER_GETEVENTS)", fd);
	int event = CALL2(eventfd2, 0, 0);
	r = CALL4(io_uring_register, fd, IORING_REGISTER_EVENTFD, &event, 1); say("io_uring_register", r, "res=0\tfd=%ld(<r>)\topcode=4(IORING_REGISTER_EVENTFD)\targ=%lX\tnr_args=1", fd, (long)&event);
	r = CALL6(io_uring_enter, 999, 1, 0, 0, 0, 0); say("io_uring_enter", r, "res=-9(EBADF)\tfd=999\tto_submit=1");
	fd = CALL1(userfaultfd, O_CLOEXEC | O_NONBLOCK); say("userfaultfd", fd, "res=%ld\tflags=4160(O_NONBLOCK|O_CLOEXEC)", fd);

	r = CALL3(init_module, "no module", 9, "a=1"); say("init_module", r, "img=no module\tlength=9\tuargs=a=1");
	r = CALL3(finit_module, event, "b=2", 3); say("finit_module", r, "fd=%d(<e>)\tuargs=b=2\tflags=3(MODULE_INIT_IGNORE_MODVERSIONS|MODULE_INIT_IGNORE_VERMAGIC)", event);
	r = CALL2(delete_module, "ksys_no_such", O_NONBLOCK | O_TRUNC); say("delete_module", r, "name=ksys_no_such\tflags=3(O_NONBLOCK|O_TRUNC)");
}

static void keys(void)
{
	long r, ring = CALL5(keyctl, KEYCTL_JOIN_SESSION_KEYRING, "ksys-test", 0, 0, 0);
	say("keyctl", ring, "res=%ld\toperation=1(KEYCTL_JOIN_SESSION_KEYRING)\targ2=ksys-test\targ3=0", ring);
	long key = CALL5(add_key, "user", "ksys:key", "secret", 6, ring); say("add_key", key, "plen=6");
	r = CALL5(keyctl, KEYCTL_SEARCH, ring, "user", "ksys:key", 0); say("keyctl", r, "operation=10(KEYCTL_SEARCH)\targ2=%ld\targ3=user\targ4=ksys:key\targ5=0", ring);
	r = CALL5(keyctl, KEYCTL_SETPERM, key, 0x3f3f0000, 0, 0); say("keyctl", r, "res=0\toperation=5(KEYCTL_SETPERM)\targ2=%ld\targ3=1061093376", key);
	r = CALL5(keyctl, KEYCTL_REVOKE, key, 0, 0, 0); say("keyctl", r, "res=0\toperation=3(KEYCTL_REVOKE)\targ2=%ld", key);
}

static void rights(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct c[2];
	long r;
	need(CALL2(capget, &h, c) == 0, "capget");
	c[0].inheritable = 1 << CAP_NET_RAW;
	c[0].permitted = 1 << CAP_NET_RAW | 1 << CAP_SYS_ADMIN;
	c[0].effective = 1 << CAP_SYS_ADMIN;
	c[1].permitted = c[1].effective = 1 << (CAP_BPF - 32);
#define CAP64(f) (c[0].f | (unsigned long)c[1].f << 32)
	r = CALL2(capset, &h, c); say("capset", r, "res=0\tcap_inheritable=%lX(CAP_NET_RAW)\tcap_permitted=%lX(CAP_NET_RAW|CAP_SYS_ADMIN|CAP_BPF)\tcap_effective=%lX(CAP_SYS_ADMIN|CAP_BPF)", CAP64(inheritable), CAP64(permitted), CAP64(effective));
	h.version = 1;
	r = CALL2(capset, &h, c); say("capset", r, "res=-22(EINVAL)");
	struct sock_filter allow = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };
	struct sock_fprog prog = { 1, &allow };
	r = CALL3(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &prog); say("seccomp", r, "res=0\top=1(SECCOMP_SET_MODE_FILTER)\tflags=2(SECCOMP_FILTER_FLAG_LOG)");
	r = CALL3(seccomp, 99, 0, 0); say("seccomp", r, "res=-22(EINVAL)\top=99\tflags=0");
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "again") == 0) {
		wait_at_gate();
		_exit(0);
	}
	char self[4096] = "";
	need(readlink("/proc/self/exe", self, sizeof self - 1) > 0, "readlink");
	others();
	flush_said();
	births(self);
	kernel();
	keys();
	rights();
	flush_said();
	return 0;
}
