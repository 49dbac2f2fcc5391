// A filter of system calls (seccomp) on this process: what is not allowed fails with EPERM, in all threads and permanently.
#pragma once
#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <vector>

// What the process must still be able to do.
struct StillDone {
	/// loads and attaches BPF programs
	bool attach = false;
	/// reads and writes BPF maps that it has
	bool maps = false;
	/// address families of new sockets
	std::vector<uint32_t> families;
};

// Installs the filter; a second one is not added. 0, or an errno: ENOSYS if the kernel has no such filters.
int filterCalls(const StillDone &);
/// Whether it is installed.
bool callsAreFiltered();

// A filter that allows only these calls: anything else fails with EPERM.
std::vector<sock_filter> onlyCalls(const std::vector<uint32_t> &numbers);
// Installs a filter on this thread, which must be the only one. 0, or an errno. Allocates no memory.
int installFilter(const sock_filter *code, size_t size);
