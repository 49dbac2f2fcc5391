// What the kernel allows a thread of this process: its user, groups and capabilities.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

struct Credentials {
	/// real, effective, saved and of the file system
	std::vector<uint64_t> uids, gids;
	/// supplementary, in ascending order
	std::vector<uint64_t> groups;
	uint64_t effective = 0, permitted = 0, inheritable = 0;
	bool noNewPrivileges = false;
	// of the thread, as the kernel has it
	std::string name;
	// signals that are pending for this thread only: bit n - 1 for signal n
	uint64_t pending = 0;
	// signals that it blocks, in the same form
	uint64_t blocked = 0;
};

// Of a thread of this process; none if it has ended, or /proc does not show it.
std::optional<Credentials> credentialsOf(pid_t tid);
// The threads of this process; none, and errno, if /proc does not show them.
std::vector<pid_t> ownThreads();
