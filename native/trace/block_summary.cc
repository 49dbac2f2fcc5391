/* Summaries of event blocks: types, threads and names of rows that may be shown, and the processes to which the rows belong.
 *
 *   u16 count and event codes (including those of calls in flight: readers search for them); u32 count and tids, ~0: not known;
 *   u8 whether names are known, and the given names;
 *   then varints, lists of ids as a count and zigzag differences to the previous id:
 *     rows of the state section that may be shown;
 *     processes of the tids above, if the two differ: positions in that list, and as many process ids;
 *     event codes of the state section, hidden rows included;
 *     processes that have rows in the state section or are named in another's;
 *     edges: pairs of processes, the first is known only as far as the second is (its parent, or one that shares its tables);
 *     processes of which a thread ended; those that took over children. */
#include "trace/block_summary.h"
#include "abi.h"
#include "trace/block_cells.h"
#include "trace/block_rows.h"

#include <algorithm>
#include <cstring>

namespace ksys {

namespace {

constexpr size_t kMostTids = 4096;
/* bytes; readers reject blocks with a summary of twice that */
constexpr size_t kMostWritten = 512 << 10;
/* bits of ks_fork's `shared` (src/schema/events/internal.ts): descriptors or directories, and the whole process */
constexpr uint32_t kSharesTables = 3, kSharesProcess = 8;

template <typename T> void put(std::vector<uint8_t> &out, T v) {
	const uint8_t *p = reinterpret_cast<const uint8_t *>(&v);
	out.insert(out.end(), p, p + sizeof v);
}

void putVarint(std::vector<uint8_t> &out, uint64_t v) {
	for (; v >= 0x80; v >>= 7) out.push_back(uint8_t(v) | 0x80);
	out.push_back(uint8_t(v));
}

void putIds(std::vector<uint8_t> &out, const std::vector<int32_t> &ids) {
	putVarint(out, ids.size());
	int64_t last = 0;
	for (int32_t id : ids) {
		int64_t d = id - last;
		putVarint(out, uint64_t(d) << 1 ^ uint64_t(d >> 63));
		last = id;
	}
}

template <typename T> void unique(std::vector<T> &v) {
	std::sort(v.begin(), v.end());
	v.erase(std::unique(v.begin(), v.end()), v.end());
}

/* The four-byte number at an offset of a row's arguments, 0 if they are shorter. */
int32_t argument(const Columns &c, size_t row, size_t offset) {
	int32_t v = 0;
	if (c.argOff[row] + offset + 4 <= c.argOff[row + 1]) memcpy(&v, c.arena.data() + c.argOff[row] + offset, 4);
	return v;
}

/* The processes that the state section refers to. */
struct About {
	uint64_t shownRows = 0;
	std::vector<int32_t> types, ended, reapers;
	Dictionary processes;
	std::vector<std::pair<int32_t, int32_t>> edges;
	std::vector<bool> seen = std::vector<bool>(65536);

	void add(const Columns &c, size_t i) {
		uint16_t type = c.type[i];
		int32_t pid = c.pid[i], other = argument(c, i, 4);
		if (shown(type, c.flags[i])) shownRows++;
		if (!seen[type]) {
			seen[type] = true;
			types.push_back(type);
		}
		processes.index(uint32_t(pid));
		if (type == KS_FORK) {
			uint32_t shared = uint32_t(argument(c, i, 20));
			if (shared & kSharesProcess) return;
			edges.push_back({other, pid});
			edges.push_back({other, argument(c, i, 8)});
			if (shared & kSharesTables) edges.push_back({pid, other});
		} else if (type == KS_RENAME || type == KS_CGROUPS) {
			processes.index(uint32_t(other));
		} else if (type == KS_PROCEXIT) {
			ended.push_back(pid);
			reapers.push_back(argument(c, i, 16));
		}
	}
	void write(std::vector<uint8_t> &out, const std::vector<int32_t> &places, const std::vector<int32_t> &of) {
		putVarint(out, shownRows);
		putIds(out, places);
		putIds(out, of);
		unique(edges);
		std::vector<int32_t> first, second;
		for (auto &[a, b] : edges) {
			if (a == b) continue;
			first.push_back(a);
			second.push_back(b);
		}
		std::vector<int32_t> rows(processes.keys.begin(), processes.keys.end());
		for (auto *ids : {&types, &rows, &ended, &reapers}) unique(*ids);
		for (auto *ids : {&types, &rows, &first, &second, &ended, &reapers}) putIds(out, *ids);
	}
};

} // namespace

bool shown(uint16_t type, uint16_t flags) { return !(flags & ROW_HIDDEN) && !internal(type); }

std::vector<uint8_t> summarize(const Columns &c, const std::vector<uint8_t> *names) {
	std::vector<uint8_t> out;
	std::vector<bool> seen(65536);
	std::vector<uint16_t> types;
	Dictionary threads;
	About about;
	for (size_t i = 0; i < c.rows; i++) {
		uint16_t type = c.type[i], flags = c.flags[i];
		if (keepsState(type, flags)) about.add(c, i);
		bool visible = shown(type, flags);
		if (!visible && type != KS_INFLIGHT) continue;
		if (!seen[type]) {
			seen[type] = true;
			types.push_back(type);
		}
		if (visible) threads.index(uint64_t(uint32_t(c.tid[i])) << 32 | uint32_t(c.pid[i]));
	}
	unique(threads.keys);
	std::vector<int32_t> tids, places, of;
	for (uint64_t key : threads.keys) {
		int32_t tid = int32_t(key >> 32), pid = int32_t(key);
		if (tids.empty() || tids.back() != tid) tids.push_back(tid);
		if (tid == pid) continue;
		places.push_back(int32_t(tids.size()) - 1);
		of.push_back(pid);
	}
	put(out, uint16_t(types.size()));
	for (uint16_t t : types) put(out, t);
	bool few = tids.size() <= kMostTids;
	put(out, few ? uint32_t(tids.size()) : ~0u);
	if (few)
		for (int32_t t : tids) put(out, t);
	put(out, uint8_t(names != nullptr));
	if (names) out.insert(out.end(), names->begin(), names->end());
	size_t before = out.size();
	about.write(out, few ? places : std::vector<int32_t>(), few ? of : std::vector<int32_t>());
	if (out.size() > kMostWritten) out.resize(before);
	return out;
}

} // namespace ksys
