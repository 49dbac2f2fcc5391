// The subset of the kernel's BTF that the programs are relocated against. For each structure that they name, libbpf iterates
// over all types that it has, and the kernel has more than a hundred thousand: that was most of a capture's start time outside
// the kernel.
#pragma once
#include <string>

struct btf;

// A file with all of the kernel's types, later only those that a BPF object names. They keep their numbers, which programs pass
// to the kernel.
class NamedTypes {
public:
	NamedTypes();
	~NamedTypes();
	NamedTypes(const NamedTypes &) = delete;
	// Retains the types that are named in `object`, and their members' types. If no file can be created (RLIMIT_FSIZE), all are
	// retained.
	void narrow(const btf *object);
	// Path for libbpf; empty if the kernel has no such file, and libbpf searches for one itself.
	std::string path() const { return fd < 0 ? "" : "/proc/self/fd/" + std::to_string(fd); }

private:
	const int fd;
};
