// What the running kernel has, by its BTF: reading that needs no privilege.
#pragma once
#include <string>
#include <utility>
#include <vector>

/// Whether there is a tracepoint of that name whose programs get so many arguments.
bool hasTracepoint(const char *name, int arguments);

/// Whether operations of io_uring can be followed.
bool hasUring();

/// Whether programs may read through pointers of unknown origin: bpf_rdonly_cast, since 6.2.
bool hasDirectReads();

/// Whether programs may read the memory of a process that they do not run in.
bool hasTaskMemory();

/// Gives back the memory of what was read for these questions (6 MB); the next one reads it again.
void forgetKernel();

/// Each feature that captures use, by the name that src/source/features.ts has for it; empty without BTF.
std::vector<std::pair<std::string, bool>> kernelFeatures();
