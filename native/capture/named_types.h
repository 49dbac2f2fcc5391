// The part of the kernel's BTF that the programs are relocated against. For each structure that they name libbpf goes over all types
// that it has, and the kernel has more than a hundred thousand: most of a capture's start that is not the kernel's own work.
#pragma once
#include <string>

struct btf;

/// A file with all of the kernel's types, then with those that a BPF object names. They keep their numbers, which programs tell the kernel.
class NamedTypes {
public:
	NamedTypes();
	~NamedTypes();
	NamedTypes(const NamedTypes &) = delete;
	/// Leaves those that are named in `object`, and what they have inside. Where no file can be made for them (RLIMIT_FSIZE), all stay.
	void narrow(const btf *object);
	/// Where libbpf finds them; empty where the kernel has no such file, and libbpf looks for one itself.
	std::string path() const { return fd < 0 ? "" : "/proc/self/fd/" + std::to_string(fd); }

private:
	const int fd;
};
