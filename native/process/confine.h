// Gives up privileges in all threads of this process, permanently.
#pragma once
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

// The user that the process continues as.
struct OtherUser {
	uid_t uid;
	gid_t gid;
	/// supplementary
	std::vector<gid_t> groups;
};

struct Confinement {
	/// what failed; empty: /proc confirms it for each thread
	std::string failure;
	/// the threads that take no signals, and therefore keep their privileges, if they are all that failed. An emulator such as
	/// QEMU has some in the process that it runs.
	std::vector<pid_t> unreached;
};

// Leaves every thread the capabilities `keep` (bits) of those that it has, and no way to others; `user`, if given, is the
// account they run as from then on.
Confinement confine(uint64_t keep, const OtherUser *user);
