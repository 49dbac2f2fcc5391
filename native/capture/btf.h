// Features of the running kernel according to its BTF: reading it needs no privilege.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

struct btf;

// All its types; null, with errno, if it has no BTF. Valid until `forgetKernel`.
const btf *kernelTypes();

// Whether the kernel has BTF at all.
bool hasTypes();

// Which of some tracepoints and functions the kernel has. One pass over its types finds all of them: libbpf, asked for one name, compares
// it with those of all types before.
class KernelNames {
      public:
	KernelNames(const std::vector<std::string> &tracepoints, const std::vector<std::string> &functions);

	// Whether there is a tracepoint of that name whose programs get these arguments, possibly followed by more: words separated by
	// blanks, each `int` (a number), `ptr` (any pointer) or the name of the structure that is pointed to.
	bool hasTracepoint(const char *name, const char *arguments) const;

	// Whether the kernel has a function of that name.
	bool hasFunction(const char *name) const;

      private:
	// numbers of types by name; 0: the kernel has none
	std::map<std::string, uint32_t, std::less<>> ids;
};

// The functions of the kernel whose names start with one of these.
std::vector<std::string> functionsWith(const std::vector<std::string> &starts);

// Frees the memory of the types (6 MB); the next call of kernelTypes() reads them again.
void forgetKernel();
