#include "probe.h"
#include <bpf/btf.h>
#include <cstdint>

namespace {

btf *types = nullptr;

// The kernel's BTF; null when it has none.
btf *kernel()
{
	if (!types)
		types = btf__load_vmlinux_btf();
	return types;
}

bool has(const char *name, uint32_t kind)
{
	return kernel() && btf__find_by_name_kind(kernel(), name, kind) > 0;
}

const btf_type *behindPointer(const btf_type *t)
{
	const btf_type *to = t && btf_is_ptr(t) ? btf__type_by_id(kernel(), t->type) : nullptr;
	return to;
}

} // namespace

void forgetKernel()
{
	btf__free(types);
	types = nullptr;
}

bool hasTracepoint(const char *name, int arguments)
{
	if (!kernel())
		return false;
	int id = btf__find_by_name_kind(kernel(), ("btf_trace_" + std::string(name)).c_str(), BTF_KIND_TYPEDEF);
	if (id < 0)
		return false;
	const btf_type *def = btf__type_by_id(kernel(), id);
	const btf_type *proto = behindPointer(btf__type_by_id(kernel(), def->type));
	// the first parameter is the tracepoint's own
	return proto && btf_is_func_proto(proto) && btf_vlen(proto) == arguments + 1;
}

bool hasUring()
{
	return hasTracepoint("io_uring_submit_req", 1) && hasTracepoint("io_uring_complete", 3);
}

bool hasDirectReads()
{
	return has("bpf_rdonly_cast", BTF_KIND_FUNC);
}

bool hasTaskMemory()
{
	return has("bpf_copy_from_user_task", BTF_KIND_FUNC);
}

std::vector<std::pair<std::string, bool>> kernelFeatures()
{
	if (!kernel())
		return {};
	return {
		{"typed tracepoints", hasTracepoint("sys_enter", 2) && hasTracepoint("sys_exit", 2)},
		{"threads", hasTracepoint("sched_process_fork", 2) && hasTracepoint("sched_process_exec", 3) &&
				    hasTracepoint("task_rename", 2)},
		{"storage of threads", has("bpf_task_storage_get", BTF_KIND_FUNC)},
		{"ring buffers", has("bpf_ringbuf_output", BTF_KIND_FUNC)},
		{"iterators", has("bpf_iter_task", BTF_KIND_FUNC) && has("bpf_iter_task_file", BTF_KIND_FUNC)},
		{"memory of processes", hasTaskMemory()},
		{"registers of threads", has("bpf_task_pt_regs", BTF_KIND_FUNC)},
		{"direct reads", hasDirectReads()},
		{"page faults", hasTracepoint("page_fault_user", 3) && hasTracepoint("page_fault_kernel", 3)},
		{"io_uring", hasUring()},
	};
}
