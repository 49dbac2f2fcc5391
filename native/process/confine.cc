#include "process/confine.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <linux/capability.h>
#include <set>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// Capabilities belong to threads. glibc keeps this signal for the same purpose (setuid in all threads): nobody can block it.
constexpr int EVERY_THREAD = 33;
constexpr int LAST_CAP = 63;
constexpr int ROUNDS = 1000;
constexpr useconds_t SHORTEST_PAUSE = 50, LONGEST_PAUSE = 1000;

uint64_t kept; // for the handler

// Only system calls: it runs inside of whatever the thread was doing.
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
	for (int word = 0; word < 2; word++) {
		uint32_t mask = static_cast<uint32_t>(kept >> 32 * word);
		data[word].effective &= mask;
		data[word].permitted &= mask;
		data[word].inheritable &= mask;
	}
	syscall(SYS_capset, &header, data);
}

void onSignal(int)
{
	int saved = errno;
	confineThread();
	errno = saved;
}

// As the kernel has it: glibc's own functions refuse this signal.
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

// The way back from a handler is glibc's: taken from one that it has installed itself.
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

// The permitted capabilities of a thread of ours; 0 when it has ended.
uint64_t permitted(int tid)
{
	__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, tid};
	__user_cap_data_struct data[2] = {};
	if (syscall(SYS_capget, &header, data))
		return 0;
	return data[0].permitted | static_cast<uint64_t>(data[1].permitted) << 32;
}

// Tells all threads that have too much, each once; false when one is still to react.
bool tellOthers(std::set<int> &told)
{
	DIR *tasks = opendir("/proc/self/task");
	if (!tasks)
		return false;
	bool done = true;
	while (dirent *entry = readdir(tasks)) {
		int tid = atoi(entry->d_name);
		if (tid <= 0 || !(permitted(tid) & ~kept))
			continue;
		done = false;
		if (told.insert(tid).second)
			syscall(SYS_tgkill, getpid(), tid, EVERY_THREAD);
	}
	closedir(tasks);
	return done;
}

} // namespace

bool confine(uint64_t keep)
{
	kept = keep;
	if (!(permitted(0) & ~kept))
		return true;
	confineThread();
	KernelAction before;
	if (!install(&before))
		return false;
	std::set<int> told;
	useconds_t pause = SHORTEST_PAUSE;
	for (int i = 0; i < ROUNDS; i++) {
		if (tellOthers(told)) {
			action(EVERY_THREAD, &before, nullptr);
			return true;
		}
		usleep(pause);
		pause = std::min(pause * 2, LONGEST_PAUSE);
	}
	return false; // our handler stays: a late thread must not meet glibc's, which waits for somebody
}
