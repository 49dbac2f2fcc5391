// Gives up rights in all threads of this process, for good.
#pragma once
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

/// The user that the process goes on as.
struct OtherUser {
	uid_t uid;
	gid_t gid;
	/// supplementary
	std::vector<gid_t> groups;
};

/// Leaves every thread the capabilities `keep` (bits) of those that it has, and no way to others; `user`, where it is one, is whom
/// they run as from then on. Empty once /proc says the same of each thread, else what is wrong.
std::string confine(uint64_t keep, const OtherUser *user);
