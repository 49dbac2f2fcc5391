/* Where the threads of a packed snapshot are: see thread_index.h. The names of keys are those of ThreadInfo and FdInfo (src/model/snapshot.ts). */
#include "trace/thread_index.h"
#include "trace/msgpack_walk.h"

#include <climits>
#include <unordered_map>

namespace ksys {

namespace {

/* state of a listening TCP socket */
constexpr int32_t kTcpListen = 10;

/* Depths of what is inside threads, in a snapshot, for the limit of the walk. */
constexpr int kInThread = 3, kInDescriptor = 5;

constexpr struct {
	std::string_view key;
	int32_t PackedThread::*value;
} kIds[] = {
	{"tid", &PackedThread::tid},   {"pid", &PackedThread::pid},     {"ptid", &PackedThread::ptid},
	{"vpid", &PackedThread::vpid}, {"fdsOf", &PackedThread::fdsOf}, {"fsOf", &PackedThread::fsOf},
};

bool readId(MsgpackWalk &in, std::string_view key, PackedThread &thread) {
	for (auto [name, value] : kIds) {
		if (key != name) continue;
		thread.*value = in.integer();
		return true;
	}
	return false;
}

/* What the descriptors of a table are that others depend on. */
int32_t descriptors(MsgpackWalk &in) {
	int32_t flags = 0;
	for (size_t left = in.list(); left > 0; left--) {
		for (size_t keys = in.map(); keys > 0; keys--) {
			std::string_view key = in.text();
			if (key == "tcpState" && *in.peek() == kTcpListen) flags |= PackedThread::kListens;
			if (key == "common") flags |= PackedThread::kCommon;
			in.skip(kInDescriptor);
		}
	}
	return flags;
}

} // namespace

size_t indexThreads(const uint8_t *packed, size_t bytes, size_t at, std::vector<PackedThread> &threads) try {
	if (bytes > INT_MAX) return 0;
	MsgpackWalk in(packed, bytes, at);
	std::unordered_map<std::string_view, int32_t> lists;
	size_t count = in.list();
	threads.reserve(count);
	for (size_t i = 0; i < count; i++) {
		PackedThread thread;
		thread.from = int32_t(in.offset());
		std::string_view cgroups;
		for (size_t keys = in.map(); keys > 0; keys--) {
			std::string_view key = in.text();
			if (readId(in, key, thread)) continue;
			size_t from = in.offset();
			if (key == "fds" && *in.peek() != 0xc0) thread.flags = descriptors(in);
			else in.skip(kInThread);
			if (key == "cgroups") cgroups = {reinterpret_cast<const char *>(packed + from), in.offset() - from};
		}
		thread.to = int32_t(in.offset());
		thread.cgroups = lists.try_emplace(cgroups, int32_t(i)).first->second;
		threads.push_back(thread);
	}
	return in.offset();
} catch (const MsgpackWalk::Malformed &) {
	return 0;
}

} // namespace ksys
