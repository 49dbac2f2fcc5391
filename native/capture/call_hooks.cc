#include "capture/call_hooks.h"
#include "capture/btf.h"
#include <bpf/bpf.h>

namespace {

// The function that consults seccomp, since 7.x.
constexpr const char *PERMIT = "__seccomp_permit_syscall";

} // namespace

HookList::HookList(const std::vector<std::string> &calls)
{
	for (const std::string &name : calls)
		add(name.c_str(), HOOK_CALL);
	// only threads that have a filter, or a tracer, get there
	if (hasFunction(PERMIT))
		add(PERMIT, HOOK_PERMIT);
	else
		add("__secure_computing", HOOK_SECCOMP);
	add("ptrace_notify", HOOK_STOP);
}

void HookList::add(const char *symbol, uint64_t kind)
{
	symbols.push_back(symbol);
	kinds.push_back(kind);
}

uint64_t callsMissed(int link)
{
	bpf_link_info info = {};
	uint32_t size = sizeof(info);
	if (bpf_link_get_info_by_fd(link, &info, &size) || info.type != BPF_LINK_TYPE_KPROBE_MULTI)
		return 0;
	return info.kprobe_multi.missed;
}
