// What the running kernel has, by its BTF: reading that needs no privilege.
#pragma once

struct btf;

/// All its types; null, with errno, when it tells none. Valid until `forgetKernel`.
const btf *kernelTypes();

/// Whether the kernel tells its types at all.
bool hasTypes();

/// Whether there is a tracepoint of that name whose programs get these arguments, perhaps more behind them: words with blanks
/// between, each `int` (a number), `ptr` (any pointer) or the name of the structure that is pointed to.
bool hasTracepoint(const char *name, const char *arguments);

/// Whether the kernel has a function of that name.
bool hasFunction(const char *name);

/// Gives back the memory of the types (6 MB); whoever asks next has them read again.
void forgetKernel();
