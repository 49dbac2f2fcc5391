#include "process/confine.h"
#include "process/credentials.h"
#include "process/proc_files.h"
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <linux/capability.h>
#include <set>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

// Credentials belong to threads. glibc reserves this signal for the same purpose (setuid in all threads): it cannot be blocked.
constexpr int EVERY_THREAD = 33;
// Beginning of the names that the kernel gives the threads of an io_uring.
constexpr char IO_URING[] = "iou-";
constexpr int LAST_CAP = 63;
// A thread that waits for a slow disk takes the signal afterwards.
constexpr std::chrono::seconds LONGEST_WAIT{10};
// One that blocks the signal, cannot be sent it, or has taken it in vain, does not change any more after this time.
constexpr std::chrono::seconds LONGEST_IN_VAIN{1};
// However long the process was stopped meanwhile.
constexpr int LEAST_ROUNDS = 20;
constexpr rlim_t LEAST_WAITING = 1024;
constexpr useconds_t SHORTEST_PAUSE = 50, LONGEST_PAUSE = 1000;

// The target state of every thread, for the handler.
uint64_t kept;
const OtherUser *other;

// Only system calls: it interrupts arbitrary code of the thread. Failures are found by checking the thread afterwards.
void confineThread()
{
	for (int cap = 0; cap <= LAST_CAP; cap++)
		if (!(kept >> cap & 1))
			syscall(SYS_prctl, PR_CAPBSET_DROP, cap, 0, 0, 0);
	syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
	__user_cap_data_struct data[2];
	if (syscall(SYS_capget, &header, data))
		return;
	if (other) {
		syscall(SYS_prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0);
		syscall(SYS_setgroups, other->groups.size(), other->groups.data());
		syscall(SYS_setresgid, other->gid, other->gid, other->gid);
		syscall(SYS_setresuid, other->uid, other->uid, other->uid);
		syscall(SYS_prctl, PR_SET_KEEPCAPS, 0, 0, 0, 0);
	}
	// changing the user has cleared the effective ones
	for (int word = 0; word < 2; word++) {
		data[word].effective &= static_cast<uint32_t>(kept >> 32 * word);
		data[word].permitted = data[word].effective;
		data[word].inheritable = 0;
	}
	syscall(SYS_capset, &header, data);
}

// Whether this is a thread that another user's process may block in the kernel.
bool mayBeStuck()
{
	char name[16] = "";
	syscall(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
	return strcmp(name, PROC_READER) == 0;
}

void onSignal(int)
{
	int saved = errno;
	// the caller no longer waits for it, and by now the system call filter may prevent changing the user
	if (mayBeStuck())
		syscall(SYS_exit, 0);
	confineThread();
	errno = saved;
}

// The kernel's structure: glibc's own functions reject this signal.
struct KernelAction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)();
	uint64_t mask;
};

bool action(int sig, const KernelAction *set, KernelAction *old)
{
	return syscall(SYS_rt_sigaction, sig, set, old, sizeof(uint64_t)) == 0;
}

// The return from a handler is glibc's: copied from a handler that glibc has installed itself.
bool install(KernelAction *before)
{
	struct sigaction probe = {}, previous;
	probe.sa_handler = onSignal;
	probe.sa_flags = SA_RESTART;
	sigfillset(&probe.sa_mask);
	if (sigaction(SIGRTMAX, &probe, &previous))
		return false;
	KernelAction mine;
	bool ok = action(SIGRTMAX, nullptr, &mine) && action(EVERY_THREAD, &mine, before);
	sigaction(SIGRTMAX, &previous, nullptr);
	return ok;
}

bool all(const std::vector<uint64_t> &ids, uint64_t id)
{
	return std::all_of(ids.begin(), ids.end(), [id](uint64_t i) { return i == id; });
}

// What a thread has in excess, or lacks; nullptr: nothing.
const char *wrongWith(const Credentials &c, uint64_t caps)
{
	if (c.effective != caps || c.permitted != caps || c.inheritable)
		return "its capabilities are not those that are to stay";
	if (!c.noNewPrivileges)
		return "it may still get new privileges";
	if (!other)
		return nullptr;
	if (!all(c.uids, other->uid) || !all(c.gids, other->gid))
		return "its user or group is another one";
	std::vector<uint64_t> groups(other->groups.begin(), other->groups.end());
	std::sort(groups.begin(), groups.end());
	return c.groups == groups ? nullptr : "its supplementary groups are others";
}

// Whether a thread is still in the kernel, and ends on its return, before it does anything else.
bool endsLater(const Credentials &c)
{
	return c.name == PROC_READER && c.pending >> (EVERY_THREAD - 1) & 1;
}

// Whether it blocks the signal that it was sent. Threads of libc cannot for long; those of an emulator and of io_uring do for ever.
// An emulator may have changed the signal's number.
bool blocksSignal(const Credentials &c)
{
	return c.pending & c.blocked;
}

// The threads that are not in the target state.
struct Remaining {
	// of the last one; empty: there are none
	std::string fault;
	std::vector<pid_t> unreached;
	// others than `unreached`
	bool others = false;
	// some of them have yet to take their signal
	bool signalled = false;
	// some end later
	bool late = false;
};

// Describes what is wrong with a thread.
std::string faultOf(pid_t tid, const Credentials &has, const char *wrong)
{
	std::string text = "thread " + std::to_string(tid) + " (" + has.name + "): " + wrong;
	if (blocksSignal(has))
		text += ", and it takes no signals";
	if (has.name.rfind(IO_URING, 0) == 0)
		text += ", as it belongs to an io_uring of Node: unset UV_USE_IO_URING";
	return text;
}

// Signals the threads that are not in the target state, each once; returns which these are.
Remaining signalOthers(std::set<pid_t> &reached, uint64_t caps)
{
	Remaining r;
	const std::vector<pid_t> threads = ownThreads();
	if (threads.empty()) {
		r.others = true;
		// such as too many open files of the machine
		r.fault = std::string("the threads of this process cannot be seen in /proc: ") + strerror(errno);
	}
	for (pid_t tid : threads) {
		const auto has = credentialsOf(tid);
		const char *wrong = has ? wrongWith(*has, caps) : nullptr;
		if (!wrong)
			continue;
		if (endsLater(*has)) {
			r.late = true;
			continue;
		}
		r.fault = faultOf(tid, *has, wrong);
		if (reached.count(tid) && blocksSignal(*has)) {
			r.unreached.push_back(tid);
			continue;
		}
		r.others = true;
		if (reached.count(tid))
			r.signalled |= has->pending != 0;
		else if (syscall(SYS_tgkill, getpid(), tid, EVERY_THREAD) == 0) {
			reached.insert(tid);
			r.signalled = true;
		} else if (errno == EAGAIN)
			r.fault += ", and it cannot be signalled: the limit of pending signals is too low (RLIMIT_SIGPENDING)";
	}
	return r;
}

} // namespace

Confinement confine(uint64_t keep, const OtherUser *user)
{
	const pid_t self = static_cast<pid_t>(syscall(SYS_gettid));
	const auto before = credentialsOf(self);
	if (!before)
		return {"what this process may do cannot be seen in /proc", {}};
	kept = keep;
	other = user;
	// threads count for that user, and a limit applies that root does not have
	if (rlimit most; other && getrlimit(RLIMIT_NPROC, &most) == 0) {
		const rlimit any = {RLIM_INFINITY, RLIM_INFINITY};
		most.rlim_cur = most.rlim_max;
		if (setrlimit(RLIMIT_NPROC, &any))
			setrlimit(RLIMIT_NPROC, &most);
	}
	const uint64_t caps = before->effective & keep;
	// threads are signalled, and the signal may have to be queued
	if (rlimit waiting; getrlimit(RLIMIT_SIGPENDING, &waiting) == 0 && waiting.rlim_cur < LEAST_WAITING) {
		waiting = {LEAST_WAITING, std::max<rlim_t>(waiting.rlim_max, LEAST_WAITING)};
		setrlimit(RLIMIT_SIGPENDING, &waiting);
	}
	confineThread();
	KernelAction old;
	if (!install(&old))
		return {"other threads cannot be signalled", {}};
	std::set<pid_t> reached{self};
	useconds_t pause = SHORTEST_PAUSE;
	Remaining last;
	bool wasClean = false;
	const auto start = Clock::now();
	auto signalled = start;
	for (int i = 0;; i++) {
		last = signalOthers(reached, caps);
		const bool clean = last.fault.empty();
		// a thread that was not signalled yet may have created another one since the list was read: that one is in the next list
		if (clean && wasClean)
			break;
		const auto now = Clock::now();
		if (last.signalled)
			signalled = now;
		const bool late = now - start > LONGEST_WAIT || now - signalled > LONGEST_IN_VAIN;
		if (!clean && late && i >= LEAST_ROUNDS)
			break;
		if (!clean) {
			usleep(pause);
			pause = std::min(pause * 2, LONGEST_PAUSE);
		}
		wasClean = clean;
	}
	// else our handler stays: a late thread must not run glibc's, which waits for its caller
	if (last.fault.empty() && !last.late)
		action(EVERY_THREAD, &old, nullptr);
	// else any process of that user may trace it
	if (other && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return {"it may still be traced", {}};
	if (last.others)
		last.unreached.clear();
	return {last.fault, last.unreached};
}
