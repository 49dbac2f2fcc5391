#include "capture/btf.h"
#include <bpf/btf.h>
#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

namespace {

btf *types = nullptr;

// Before the name of a tracepoint in the name of the type of its programs.
const std::string TRACEPOINT = "btf_trace_";

// The type without typedefs and qualifiers.
const btf_type *plain(uint32_t id)
{
	const btf_type *t = btf__type_by_id(kernelTypes(), id);
	while (t && (btf_is_typedef(t) || btf_is_mod(t)))
		t = btf__type_by_id(kernelTypes(), t->type);
	return t;
}

bool isA(const btf_type *t, const std::string &word)
{
	if (!t)
		return false;
	if (word == "int")
		return btf_is_int(t) || btf_is_any_enum(t);
	if (!btf_is_ptr(t))
		return false;
	const btf_type *to = plain(t->type);
	return word == "ptr" || (to && btf_is_struct(to) && word == btf__name_by_offset(kernelTypes(), to->name_off));
}

} // namespace

const btf *kernelTypes()
{
	if (!types)
		types = btf__load_vmlinux_btf();
	return types;
}

bool hasTypes()
{
	return kernelTypes() != nullptr;
}

void forgetKernel()
{
	btf__free(types);
	types = nullptr;
}

KernelNames::KernelNames(const std::vector<std::string> &tracepoints, const std::vector<std::string> &functions)
{
	for (const std::string &name : tracepoints)
		ids.emplace(TRACEPOINT + name, 0);
	for (const std::string &name : functions)
		ids.emplace(name, 0);
	const uint32_t count = kernelTypes() ? btf__type_cnt(kernelTypes()) : 0;
	for (uint32_t id = 1; id < count; id++) {
		const btf_type *t = btf__type_by_id(kernelTypes(), id);
		if (!btf_is_func(t) && !btf_is_typedef(t))
			continue;
		const std::string_view name = btf__name_by_offset(kernelTypes(), t->name_off);
		// functions and other types may have the same name
		if (btf_is_typedef(t) && !name.starts_with(TRACEPOINT))
			continue;
		if (const auto found = ids.find(name); found != ids.end())
			found->second = id;
	}
}

bool KernelNames::hasTracepoint(const char *name, const char *arguments) const
{
	const uint32_t id = ids.at(TRACEPOINT + std::string(name));
	const btf_type *pointer = id ? plain(id) : nullptr;
	const btf_type *proto = pointer && btf_is_ptr(pointer) ? plain(pointer->type) : nullptr;
	if (!proto || !btf_is_func_proto(proto))
		return false;
	std::istringstream words(arguments);
	std::string word;
	int i = 1; // the first parameter is the tracepoint's own
	for (; words >> word; i++)
		if (i >= btf_vlen(proto) || !isA(plain(btf_params(proto)[i].type), word))
			return false;
	return true;
}

bool KernelNames::hasFunction(const char *name) const
{
	return ids.at(name) != 0;
}

std::vector<std::string> functionsWith(const std::vector<std::string> &starts)
{
	std::vector<std::string> found;
	const uint32_t count = kernelTypes() ? btf__type_cnt(kernelTypes()) : 0;
	for (uint32_t id = 1; id < count; id++) {
		const btf_type *t = btf__type_by_id(kernelTypes(), id);
		if (!btf_is_func(t))
			continue;
		const std::string_view name = btf__name_by_offset(kernelTypes(), t->name_off);
		if (std::ranges::any_of(starts, [&](const std::string &start) { return name.starts_with(start); }))
			found.emplace_back(name);
	}
	return found;
}
