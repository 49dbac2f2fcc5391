#include "capture/named_types.h"
#include "capture/btf.h"
#include "process/memory_file.h"
#include <bpf/btf.h>
#include <algorithm>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <unistd.h>
#include <unordered_set>
#include <vector>

namespace {

struct Free {
	void operator()(btf *b) const { btf__free(b); }
};

// A structure's name as libbpf compares it: a suffix after ___ distinguishes layouts of one structure.
std::string_view essential(const btf *types, const btf_type *t)
{
	const std::string_view name = btf__name_by_offset(types, t->name_off);
	return name.substr(0, name.find("___"));
}

bool canBeNamed(const btf_type *t)
{
	return t->name_off && (btf_is_composite(t) || btf_is_any_enum(t) || btf_is_typedef(t));
}

std::unordered_set<std::string_view> namesIn(const btf *object)
{
	std::unordered_set<std::string_view> names;
	for (uint32_t id = 1; id < btf__type_cnt(object); id++)
		if (const btf_type *t = btf__type_by_id(object, id); canBeNamed(t))
			names.insert(essential(object, t));
	return names;
}

// Which types are retained, by number: those of these names, and their members' types. Pointer targets are not included.
std::vector<bool> kept(const btf *kernel, const std::unordered_set<std::string_view> &names)
{
	std::vector<uint32_t> next;
	for (uint32_t id = 1; id < btf__type_cnt(kernel); id++)
		if (const btf_type *t = btf__type_by_id(kernel, id); canBeNamed(t) && names.contains(essential(kernel, t)))
			next.push_back(id);
	std::vector<bool> keep(btf__type_cnt(kernel));
	keep[0] = true;
	while (!next.empty()) {
		const uint32_t id = next.back();
		next.pop_back();
		if (keep[id])
			continue;
		keep[id] = true;
		const btf_type *t = btf__type_by_id(kernel, id);
		if (btf_is_composite(t))
			for (int i = 0; i < btf_vlen(t); i++)
				next.push_back(btf_members(t)[i].type);
		else if (btf_is_array(t))
			next.insert(next.end(), {btf_array(t)->type, btf_array(t)->index_type});
		else if (btf_is_typedef(t) || btf_is_mod(t))
			next.push_back(t->type);
	}
	return keep;
}

// The retained types, with their numbers: each other type is replaced by an anonymous one.
std::unique_ptr<btf, Free> thinned(const btf *kernel, const std::vector<bool> &keep)
{
	std::unique_ptr<btf, Free> thin(btf__new_empty());
	const uint32_t end = keep.rend() - std::find(keep.rbegin(), keep.rend(), true);
	for (uint32_t id = 1; thin && id < end; id++) {
		const btf_type *t = btf__type_by_id(kernel, id);
		const int made = !keep[id] || btf_is_ptr(t) ? btf__add_ptr(thin.get(), 0) : btf__add_type(thin.get(), kernel, t);
		if (made < 0)
			thin.reset();
	}
	return thin;
}

} // namespace

NamedTypes::NamedTypes() : fd(open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC)) {}

NamedTypes::~NamedTypes()
{
	if (fd >= 0)
		close(fd);
}

void NamedTypes::narrow(const btf *object)
{
	const btf *kernel = fd < 0 ? nullptr : kernelTypes();
	const auto thin = kernel ? thinned(kernel, kept(kernel, namesIn(object))) : nullptr;
	uint32_t size;
	const void *bytes = thin ? btf__raw_data(thin.get(), &size) : nullptr;
	const int file = bytes ? memoryFile() : -1;
	if (file < 0)
		return;
	if (write(file, bytes, size) == ssize_t{size})
		dup3(file, fd, O_CLOEXEC);
	close(file);
}
