#include "process/priority.h"
#include <atomic>
#include <cstdlib>
#include <dirent.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// With this value a trace loses nothing among some dozens of busy programs, and each of these still gets CPU time.
constexpr int RECORDING = -10;

std::atomic<bool> raised{false};

template <typename F> void eachThread(F act)
{
	DIR *tasks = opendir("/proc/self/task");
	if (!tasks)
		return;
	while (dirent *entry = readdir(tasks))
		if (int tid = atoi(entry->d_name); tid > 0)
			act(tid);
	closedir(tasks);
}

// By system calls: musl's and some of glibc's own functions fail or affect the whole process.
void schedule(int tid, int policy, int priority)
{
	sched_param p = {};
	p.sched_priority = priority;
	syscall(SYS_sched_setscheduler, tid, policy, &p);
}

} // namespace

void hurry(bool recording)
{
	if (sched_getscheduler(0) != SCHED_OTHER || getpriority(PRIO_PROCESS, 0) != 0)
		return;
	raised = true;
	if (recording)
		eachThread([](int tid) { setpriority(PRIO_PROCESS, static_cast<id_t>(tid), RECORDING); });
	hurryAgain();
}

void hurryAgain()
{
	if (raised)
		eachThread([](int tid) { schedule(tid, SCHED_RR, 1); });
}

void settle()
{
	if (raised)
		eachThread([](int tid) { schedule(tid, SCHED_OTHER, 0); });
}

void unhurry()
{
	if (!raised)
		return;
	schedule(0, SCHED_OTHER, 0);
	setpriority(PRIO_PROCESS, 0, 0);
}
