#include "process/call_filter.h"
#include "process/call_numbers.h"
#include <asm/ioctls.h>
#include <asm/unistd.h>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <mutex>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

#if defined(__x86_64__)
constexpr uint32_t ARCH = AUDIT_ARCH_X86_64;
// calls of programs with 32-bit pointers have numbers from here on
constexpr uint32_t X32 = 0x40000000;
#elif defined(__aarch64__)
constexpr uint32_t ARCH = AUDIT_ARCH_AARCH64;
#else
#error "no filter of system calls for this architecture: add it to native/process/call_filter.cc"
#endif

constexpr uint32_t REFUSED = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t UNKNOWN_CALL = SECCOMP_RET_ERRNO | ENOSYS;
constexpr uint32_t NEW_NAMESPACES =
	CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWUTS;

// What libbpf does with existing maps and programs. The program of an iterator is attached whenever it is read.
constexpr uint32_t ON_MAPS[] = {
	BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_GET_NEXT_KEY, BPF_OBJ_GET_INFO_BY_FD,
	BPF_MAP_LOOKUP_BATCH, BPF_MAP_LOOKUP_AND_DELETE_BATCH, BPF_MAP_UPDATE_BATCH, BPF_MAP_DELETE_BATCH, BPF_LINK_CREATE,
	BPF_ITER_CREATE,
};

class Program {
public:
	void add(uint16_t code, uint32_t k, uint8_t ifTrue = 0, uint8_t ifFalse = 0) { code_.push_back({code, ifTrue, ifFalse, k}); }
	void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)); }
	// The lower half of an argument: of a flag or a number that the kernel takes as an int.
	void loadArgument(int n) { load(offsetof(seccomp_data, args) + sizeof(uint64_t) * n + (LITTLE ? 0 : sizeof(uint32_t))); }
	void give(uint32_t result) { add(BPF_RET | BPF_K, result); }
	// Returns `result` if the loaded value is this one.
	void giveIf(uint32_t value, uint32_t result)
	{
		add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
		give(result);
	}
	// Adds the code of `body`, which ends with a result, for one call.
	template <typename F> void forCall(uint32_t nr, F body)
	{
		Program own;
		body(own);
		add(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, static_cast<uint8_t>(own.code_.size()));
		code_.insert(code_.end(), own.code_.begin(), own.code_.end());
	}
	const std::vector<sock_filter> &code() const { return code_; }

private:
	static constexpr bool LITTLE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	std::vector<sock_filter> code_;
};

int install(const sock_filter *code, size_t size, unsigned flags)
{
	const sock_fprog program = {static_cast<unsigned short>(size), const_cast<sock_filter *>(code)};
	const long result = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	// more than 0 is a thread that has another filter
	return result == 0 ? 0 : result > 0 ? ESRCH : errno;
}

// Loads the number of the call if it belongs to this architecture; others are `refused`.
Program ofNumber(uint32_t refused)
{
	Program p;
	p.load(offsetof(seccomp_data, arch));
	p.add(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	p.give(refused);
	p.load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
	p.add(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
	p.give(refused);
#endif
	return p;
}

Program filterOf(const StillDone &done)
{
	Program p = ofNumber(REFUSED);
	for (uint32_t nr : NEVER_CALLED)
		p.giveIf(nr, REFUSED);
	if (!done.attach)
		p.giveIf(__NR_perf_event_open, REFUSED);
	// its flags are in memory, which a filter cannot read: libc falls back to clone
	p.giveIf(CALL_clone3, UNKNOWN_CALL);
	p.forCall(__NR_clone, [&](Program &own) {
		own.loadArgument(0);
		own.add(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
		own.give(REFUSED);
		// a process, not a thread
		own.add(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0);
		own.give(REFUSED);
		own.give(SECCOMP_RET_ALLOW);
	});
	p.forCall(__NR_socket, [&](Program &own) {
		own.loadArgument(0);
		for (uint32_t family : done.families)
			own.giveIf(family, SECCOMP_RET_ALLOW);
		own.give(REFUSED);
	});
	// input that is simulated at a terminal would be typed as its user
	p.forCall(__NR_ioctl, [&](Program &own) {
		own.loadArgument(1);
		own.giveIf(TIOCSTI, REFUSED);
		own.giveIf(TIOCLINUX, REFUSED);
		own.give(SECCOMP_RET_ALLOW);
	});
	if (!done.attach)
		p.forCall(__NR_bpf, [&](Program &own) {
			own.loadArgument(0);
			if (done.maps)
				for (uint32_t command : ON_MAPS)
					own.giveIf(command, SECCOMP_RET_ALLOW);
			own.give(REFUSED);
		});
	p.give(SECCOMP_RET_ALLOW);
	return p;
}

std::mutex lock;
bool installed = false;

} // namespace

int filterCalls(const StillDone &done)
{
	std::lock_guard<std::mutex> hold(lock);
	if (installed)
		return 0;
	const Program p = filterOf(done);
	const int error = install(p.code().data(), p.code().size(), SECCOMP_FILTER_FLAG_TSYNC);
	installed = error == 0;
	return error;
}

bool callsAreFiltered()
{
	std::lock_guard<std::mutex> hold(lock);
	return installed;
}

std::vector<sock_filter> onlyCalls(const std::vector<uint32_t> &numbers)
{
	Program p = ofNumber(REFUSED);
	for (uint32_t nr : numbers)
		p.giveIf(nr, SECCOMP_RET_ALLOW);
	p.give(REFUSED);
	return p.code();
}

int installFilter(const sock_filter *code, size_t size)
{
	return install(code, size, 0);
}
