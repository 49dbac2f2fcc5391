/* Where the threads of a packed snapshot are, and how they are related, so that each can be unpacked when something needs it. */
#ifndef KSYS_TRACE_THREAD_INDEX_H
#define KSYS_TRACE_THREAD_INDEX_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ksys {

/* One thread, as src/trace/packed-threads.ts reads it: `from` and `to` are offsets in the packed bytes, ids that are missing are -1. */
struct PackedThread {
	int32_t from, to;
	int32_t tid = -1, pid = -1, ptid = -1, vpid = -1, fdsOf = -1, fsOf = -1;
	/* index of the first thread with the same list of cgroups */
	int32_t cgroups;
	/* kListens: one of its sockets listens; kCommon: one is in several tables */
	int32_t flags = 0;
	static constexpr int32_t kListens = 1, kCommon = 2;
};

/*
 * Adds the threads of the MessagePack array at `at`, which is checked in full. Returns the offset behind it; 0 if it is malformed, or is not
 * what ksys writes, so that it has to be unpacked as a whole.
 */
size_t indexThreads(const uint8_t *packed, size_t bytes, size_t at, std::vector<PackedThread> &threads);

} // namespace ksys

#endif
