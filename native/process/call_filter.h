// A filter of system calls (seccomp) over this process: what it was not told to allow fails with EPERM, in all threads and for good.
#pragma once
#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <vector>

/// What the process still does.
struct StillDone {
	/// loads and attaches BPF programs
	bool attach = false;
	/// reads and writes BPF maps that it has
	bool maps = false;
	/// address families of new sockets
	std::vector<uint32_t> families;
};

/// Installs the filter; a second one is not put over the first. 0, or an errno: ENOSYS where the kernel has no such filters.
int filterCalls(const StillDone &);
/// Whether it is installed.
bool callsAreFiltered();

/// A filter that leaves these calls alone: anything else fails with EPERM.
std::vector<sock_filter> onlyCalls(const std::vector<uint32_t> &numbers);
/// Puts a filter over this thread, which must be the only one. 0, or an errno. Allocates nothing.
int installFilter(const sock_filter *code, size_t size);
