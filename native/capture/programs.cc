#include "capture/programs.h"
#include "capture/btf.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <algorithm>
#include <cstring>

namespace {

bool always(const ksys_plan &) { return true; }
bool keepsState(const ksys_plan &p) { return !p.count; }
// counting does not need the state; if the enter side is handled, its own state must stay correct
bool looksAtEnter(const ksys_plan &p) { return !(p.count & COUNT_AT_EXIT); }
bool countsAtExit(const ksys_plan &p) { return !looksAtEnter(p); }
bool byCall(const ksys_plan &p) { return p.by_call != 0; }
bool ofEverybody(const ksys_plan &p) { return p.nslots == 0 && p.root_pid == 0 && !p.count && p.follow_all && !byCall(p); }
bool ofSome(const ksys_plan &p) { return !ofEverybody(p); }
bool secondOfSome(const ksys_plan &p) { return ofSome(p) && !byCall(p); }
bool entersOfSome(const ksys_plan &p) { return looksAtEnter(p) && secondOfSome(p); }
bool births(const ksys_plan &p) { return !p.count || p.root_pid; }
bool execs(const ksys_plan &p) { return births(p) || looksAtEnter(p); }
bool renames(const ksys_plan &p) { return !p.count || looksAtEnter(p); }
bool callsAreRecorded(const ksys_plan &p) { return !p.count; }
bool ends(const ksys_plan &p) { return renames(p) || p.procexit != VERDICT_DROP; }
bool signals(const ksys_plan &p) { return p.signal != VERDICT_DROP; }
bool switches(const ksys_plan &p) { return p.sched_switch != VERDICT_DROP || p.stacks & STACK_KERNEL; }
bool pageFaults(const ksys_plan &p) { return p.page_fault != VERDICT_DROP; }
bool oomKills(const ksys_plan &p) { return p.oomkill != VERDICT_DROP; }
bool uring(const ksys_plan &p) { return !p.count || p.io_uring; }
bool times(const ksys_plan &p) { return p.times != 0; }
bool inFlight(const ksys_plan &p) { return p.inflight != INFLIGHT_NONE; }

const struct {
	const char *name, *feature;
	const char *tracepoint, *arguments; // in the format of hasTracepoint; null: none
	bool (*wanted)(const ksys_plan &);
} PROGRAMS[] = {
	{"on_sys_enter", "typed tracepoints", "sys_enter", "pt_regs int", entersOfSome},
	{"on_sys_enter_second", "preempted programs", "sys_enter", "pt_regs int", entersOfSome},
	{"on_sys_enter_all", "typed tracepoints", "sys_enter", "pt_regs int", ofEverybody},
	{"on_sys_enter_all_second", "preempted programs", "sys_enter", "pt_regs int", ofEverybody},
	{"on_sys_exit", "typed tracepoints", "sys_exit", "pt_regs int", ofSome},
	{"on_sys_exit_second", "preempted programs", "sys_exit", "pt_regs int", secondOfSome},
	{"on_sys_exit_all", "typed tracepoints", "sys_exit", "pt_regs int", ofEverybody},
	{"on_sys_exit_all_second", "preempted programs", "sys_exit", "pt_regs int", ofEverybody},
	{"on_call", "single calls", nullptr, nullptr, byCall},
	{"iter_begun_before", "single calls", nullptr, nullptr, byCall},
	{"on_fork", "threads", "sched_process_fork", "task_struct task_struct", births},
	{"on_exec", "threads", "sched_process_exec", "task_struct int linux_binprm", execs},
	{"on_rename", "threads", "task_rename", "task_struct ptr", renames},
	{"on_exit", "threads", "sched_process_exit", "task_struct", ends},
	{"on_refused_exit", "threads", "sched_process_exit", "task_struct", callsAreRecorded},
	{"iter_task", "iterators", nullptr, nullptr, always},
	{"iter_file", "iterators", nullptr, nullptr, always},
	{"iter_procinfo", "memory of processes", nullptr, nullptr, keepsState},
	{"iter_times", "times of threads", nullptr, nullptr, times},
	{"iter_calls", "calls in flight", nullptr, nullptr, inFlight},
	{"on_cgroup_mkdir", "cgroups", "cgroup_mkdir", "cgroup ptr", always},
	{"on_cgroup_rmdir", "cgroups", "cgroup_rmdir", "cgroup ptr", always},
	{"on_cgroup_attach", "cgroups", "cgroup_attach_task", "cgroup ptr task_struct int", always},
	{"on_signal", "signals", "signal_deliver", "int kernel_siginfo", signals},
	{"on_switch", "switches", "sched_switch", "int task_struct task_struct", switches},
	{"on_fault_user", "page faults", "page_fault_user", "int pt_regs int", pageFaults},
	{"on_fault_kernel", "page faults", "page_fault_kernel", "int pt_regs int", pageFaults},
	{"on_oom_kill", "OOM kills", "mark_victim", "task_struct int", oomKills},
	{"on_uring_submit", "io_uring", "io_uring_submit_req", "io_kiocb", uring},
	{"on_uring_done", "io_uring", "io_uring_complete", "io_ring_ctx ptr io_uring_cqe", uring},
	{"on_uring_overflow", "io_uring", "io_uring_cqe_overflow", "ptr int int int", uring},
	{"on_uring_wake", "io_uring", "io_uring_task_add", "io_kiocb", uring},
	{"on_uring_fail", "io_uring", "io_uring_fail_link", "io_kiocb io_kiocb", uring},
	{"on_uring_work", "io_uring", "io_uring_task_work_run", "", uring},
	{"on_uring_exit", "io_uring", "sched_process_exit", "task_struct", uring},
	{"on_prepare_exec", "counts at exit", "sched_prepare_exec", "task_struct", countsAtExit},
	{"on_last_call", "counts at exit", "sched_process_exit", "task_struct", countsAtExit},
};

// Requirements of features besides their programs' tracepoints: functions of the kernel, which have the names of helpers.
const struct {
	const char *feature, *function;
} FUNCTIONS[] = {
	{"ring buffers", "bpf_ringbuf_output"},
	{"storage of threads", "bpf_task_storage_get"},
	{"registers of threads", "bpf_task_pt_regs"},
	{"iterators", "bpf_iter_task"},
	{"iterators", "bpf_iter_task_file"},
	{"memory of processes", "bpf_loop"},
	{"times of threads", "bpf_iter_task"},
	{"calls in flight", "bpf_iter_task"},
	{"direct reads", "bpf_rdonly_cast"},
	{"single calls", "register_fprobe_ips"},
	{"single calls", "bpf_session_is_return"},
	// since the kernel keeps the calls in progress with their threads
	{"many single calls", "register_fprobe_ips"},
	{"many single calls", "fprobe_return"},
	// introduced in the first kernels that preempt programs of system calls
	{"preempted programs", "trace_call_bpf_faultable"},
	{"preempted programs", "bpf_preempt_disable"},
};

} // namespace

bool among(const Features &features, const char *feature)
{
	return std::find(features.begin(), features.end(), feature) != features.end();
}

void choosePrograms(bpf_object *object, const ksys_plan *plan, const Features &without)
{
	for (const auto &p : PROGRAMS) {
		// the programs of unfiltered captures are the others with less code
		bool wanted = plan ? p.wanted(*plan) : p.wanted != ofEverybody;
		bpf_program__set_autoload(bpf_object__find_program_by_name(object, p.name),
					  wanted && !among(without, p.feature));
	}
}

int lastChance(bpf_object *object)
{
	for (const char *name : {"on_call", "on_sys_exit_second", "on_sys_exit_all_second", "on_sys_exit", "on_sys_exit_all"}) {
		bpf_program *p = bpf_object__find_program_by_name(object, name);
		if (bpf_program__autoload(p))
			return bpf_program__fd(p);
	}
	return -1;
}

uint64_t timesSkipped(int program)
{
	bpf_prog_info info = {};
	uint32_t size = sizeof(info);
	return bpf_obj_get_info_by_fd(program, &info, &size) == 0 ? info.recursion_misses : 0;
}

std::string featureOf(const std::string &program)
{
	for (const auto &p : PROGRAMS)
		if (program == p.name)
			return p.feature;
	return "";
}

std::vector<std::pair<std::string, bool>> kernelFeatures()
{
	std::vector<std::pair<std::string, bool>> found;
	auto add = [&](const char *feature, bool there) {
		for (auto &[name, all] : found)
			if (name == feature) {
				all = all && there;
				return;
			}
		found.emplace_back(feature, there);
	};
	if (!hasTypes())
		return found;
	for (const auto &p : PROGRAMS)
		add(p.feature, !p.tracepoint || hasTracepoint(p.tracepoint, p.arguments));
	for (const auto &f : FUNCTIONS)
		add(f.feature, hasFunction(f.function));
	return found;
}
