// Giving up what this process may do, in all of its threads.
#pragma once
#include <cstdint>

/// Leaves every thread with no more than the capabilities in `keep` (bit per number): effective, permitted, inheritable,
/// ambient and, where it may be changed, the bounding set; set-uid programs give none back. false: a thread did not react
/// within a second and still has more. glibc only.
bool confine(uint64_t keep);
