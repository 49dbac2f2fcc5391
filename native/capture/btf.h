// Features of the running kernel according to its BTF: reading it needs no privilege.
#pragma once
#include <string>
#include <vector>

struct btf;

// All its types; null, with errno, if it has no BTF. Valid until `forgetKernel`, or until programs
// are loaded: libbpf takes the types then.
const btf *kernelTypes();

// Whether the kernel has BTF at all.
bool hasTypes();

// Whether there is a tracepoint of that name whose programs get these arguments, possibly followed by more: words separated by
// blanks, each `int` (a number), `ptr` (any pointer) or the name of the structure that is pointed to.
bool hasTracepoint(const char *name, const char *arguments);

/// Whether the kernel has a function of that name.
bool hasFunction(const char *name);

// The functions of the kernel whose names start with one of these.
std::vector<std::string> functionsWith(const std::vector<std::string> &starts);

// Frees the memory of the types (6 MB); the next call of kernelTypes() reads them again.
void forgetKernel();
