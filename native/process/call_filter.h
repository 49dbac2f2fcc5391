// A filter of system calls (seccomp) over this process: what it was not told to allow fails with EPERM, in all threads and for good.
#pragma once
#include <cstdint>
#include <vector>

/// What the process still does.
struct StillDone {
	/// starts programs, which have the filter, too
	bool programs = false;
	/// loads and attaches BPF programs
	bool attach = false;
	/// reads and writes BPF maps that it has
	bool maps = false;
	/// address families of new sockets
	std::vector<uint32_t> families;
};

/// Installs the filter; a second one is not put over the first. 0, or an errno: ENOSYS where the kernel has no such filters.
int filterCalls(const StillDone &);
