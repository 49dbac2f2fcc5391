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

// Leaves every thread the capabilities `keep` (bits) of those that it has, and no way to others; `user`, if given, is the
// account they run as from then on. Empty once /proc confirms this for each thread, else what failed.
std::string confine(uint64_t keep, const OtherUser *user);
