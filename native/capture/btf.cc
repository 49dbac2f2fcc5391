#include "capture/btf.h"
#include <bpf/btf.h>
#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace {

btf *types = nullptr;

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

extern "C" btf *__real_btf__load_vmlinux_btf();

// libbpf calls this when it loads programs, and frees the types afterwards: it gets those that were read for features.
extern "C" btf *__wrap_btf__load_vmlinux_btf()
{
	return types ? std::exchange(types, nullptr) : __real_btf__load_vmlinux_btf();
}

const btf *kernelTypes()
{
	if (!types)
		types = __real_btf__load_vmlinux_btf();
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

bool hasTracepoint(const char *name, const char *arguments)
{
	if (!kernelTypes())
		return false;
	int id = btf__find_by_name_kind(kernelTypes(), ("btf_trace_" + std::string(name)).c_str(), BTF_KIND_TYPEDEF);
	const btf_type *pointer = id < 0 ? nullptr : plain(id);
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

bool hasFunction(const char *name)
{
	return kernelTypes() && btf__find_by_name_kind(kernelTypes(), name, BTF_KIND_FUNC) > 0;
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
