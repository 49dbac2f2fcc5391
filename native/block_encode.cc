/* Event blocks written: columns taken apart, each stream in its shortest form. */
#include "block_codec.h"
#include "abi.h"
#include "block_part.h"

#include <cmath>
#include <cstring>

namespace ksys {

namespace {

/* codes of src/schema/codes.ts */
constexpr uint16_t kProcexit = 186, kInternalFirst = 900, kInternalEnd = 1024;
constexpr size_t kMostTids = 4096;
/* ns between calls; when they come closer, CPU time is dearer than bytes */
constexpr double kBusyNs = 2000;

bool internal(uint16_t type) { return type >= kInternalFirst && type < kInternalEnd; }
bool shown(uint16_t type, uint16_t flags) { return !(flags & kRowHidden) && !internal(type); }
bool keepsState(uint16_t type, uint16_t flags) {
	return (flags & (kRowState | kRowHidden)) || type == kProcexit || internal(type);
}

/* Numbers distinct keys in order of appearance. */
class Dictionary {
public:
	explicit Dictionary(size_t rows) {
		size_t n = 64;
		while (n < rows * 2) n *= 2;
		slots_.assign(n, 0);
		mask_ = n - 1;
	}
	uint32_t index(uint64_t key) {
		if (!keys.empty() && key == lastKey_) return last_;
		size_t h = (key * 0x9e3779b97f4a7c15ull) >> 32;
		for (;; h++) {
			uint32_t &slot = slots_[h & mask_];
			if (slot == 0) {
				keys.push_back(key);
				slot = uint32_t(keys.size());
			}
			if (keys[slot - 1] == key) {
				lastKey_ = key;
				return last_ = slot - 1;
			}
		}
	}
	std::vector<uint64_t> keys;

private:
	std::vector<uint32_t> slots_;
	size_t mask_;
	uint64_t lastKey_ = 0;
	uint32_t last_ = 0;
};

/* One part being written. */
struct PartWriter {
	size_t rows, row = 0;
	Dictionary threads, kinds;
	std::vector<uint8_t> planes;
	std::vector<double> wide;
	std::vector<uint32_t> longs, source, length;
	std::vector<uint16_t> kind, last;
	double prevNum = 0, prevTime = 0;
	size_t arenaBytes = 0;

	explicit PartWriter(size_t n)
		: rows(n), threads(n), kinds(n), planes(n * (kPlaneLast - kPlaneFirst + 1)), source(n), length(n), kind(n) {}

	uint8_t &plane(int s) { return planes[size_t(s - kPlaneFirst) * rows + row]; }
	void put16(int s, uint32_t v) {
		plane(s) = uint8_t(v);
		plane(s + 1) = uint8_t(v >> 8);
	}
	void put24(int s, uint32_t v) {
		put16(s, v);
		plane(s + 2) = uint8_t(v >> 16);
	}
	/* v when it fits below the mark, else the mark and the value itself in the list */
	uint32_t narrow(double v, double value, uint32_t mark) {
		if (v >= 0 && v < mark) {
			uint32_t n = uint32_t(v);
			if (n == v && std::fabs(value) <= kExact) return n;
		}
		wide.push_back(std::isfinite(value) ? std::trunc(value) : 0);
		return mark;
	}
	void add(const Columns &c, size_t i, double fromNum, double fromTime) {
		plane(S_NUM) = uint8_t(narrow(c.num[i] - fromNum, c.num[i], kNumWide));
		put24(S_TIME0, narrow(c.time[i] - fromTime, c.time[i], kTimeWide));
		put24(S_LAT0, narrow(c.latency[i] + 1, c.latency[i], kTimeWide));
		put16(S_RET0, narrow(c.ret[i] + kRetBias, c.ret[i], kRetWide));
		put16(S_THREAD0, threads.index(uint64_t(uint32_t(c.tid[i])) | uint64_t(uint32_t(c.pid[i])) << 32));
		uint32_t k = kinds.index(uint64_t(c.absent[i]) | uint64_t(c.flags[i]) << 32 | uint64_t(c.type[i]) << 48);
		put16(S_KIND0, k);
		put16(S_CPU0, c.cpu[i]);
		uint32_t n = c.argOff[i + 1] - c.argOff[i];
		if (k >= last.size()) last.resize(k + 1, 0);
		uint32_t d = uint16_t(n - last[k]);
		if (n > 0xffff || d == kLenLong) {
			d = kLenLong;
			longs.push_back(n);
		}
		put16(S_LEN0, d);
		last[k] = uint16_t(n);
		source[row] = c.argOff[i];
		length[row] = n;
		kind[row] = uint16_t(k);
		arenaBytes += n;
		row++;
	}
	void write(std::vector<uint8_t> &out, const uint8_t *from, const std::vector<uint8_t> &bitmap, int level) {
		auto list = [&](const auto &v) {
			putStream(out, reinterpret_cast<const uint8_t *>(v.data()), v.size() * sizeof(v[0]));
		};
		list(threads.keys);
		list(kinds.keys);
		for (int s = kPlaneFirst; s <= kPlaneLast; s++)
			putStream(out, planes.data() + size_t(s - kPlaneFirst) * rows, rows, s < S_RET0 ? kFast : level);
		list(wide);
		list(longs);
		std::vector<size_t> at(kinds.keys.size() + 1, 0);
		for (size_t i = 0; i < rows; i++) at[kind[i] + 1] += length[i];
		for (size_t k = 1; k < at.size(); k++) at[k] += at[k - 1];
		std::vector<uint8_t> arena(arenaBytes);
		for (size_t i = 0; i < rows; i++) {
			if (length[i]) memcpy(arena.data() + at[kind[i]], from + source[i], length[i]);
			at[kind[i]] += length[i];
		}
		putStream(out, arena.data(), arena.size(), level);
		if (!bitmap.empty()) list(bitmap);
	}
};

template <typename T> void put(std::vector<uint8_t> &out, T v) {
	const uint8_t *p = reinterpret_cast<const uint8_t *>(&v);
	out.insert(out.end(), p, p + sizeof v);
}

/* u16 count and codes, with that of calls in flight, for which a reader looks too; u32 count and tids (~0: not known); u8 whether names are known, and these as they were given. */
std::vector<uint8_t> summarize(const Columns &c, const std::vector<uint8_t> *names) {
	std::vector<uint8_t> out;
	std::vector<bool> seen(65536);
	std::vector<uint16_t> types;
	Dictionary tids(c.rows);
	for (size_t i = 0; i < c.rows; i++) {
		bool visible = shown(c.type[i], c.flags[i]);
		if (!visible && c.type[i] != KS_INFLIGHT) continue;
		if (!seen[c.type[i]]) {
			seen[c.type[i]] = true;
			types.push_back(c.type[i]);
		}
		if (visible) tids.index(uint32_t(c.tid[i]));
	}
	put(out, uint16_t(types.size()));
	for (uint16_t t : types) put(out, t);
	bool few = tids.keys.size() <= kMostTids;
	put(out, few ? uint32_t(tids.keys.size()) : ~0u);
	if (few)
		for (uint64_t t : tids.keys) put(out, uint32_t(t));
	put(out, uint8_t(names != nullptr));
	if (names) out.insert(out.end(), names->begin(), names->end());
	return out;
}

} // namespace

std::vector<uint8_t> encodeEvents(const Columns &c, uint32_t seq, const std::vector<uint8_t> *names) {
	std::vector<uint8_t> bitmap((c.rows + 7) / 8);
	size_t stateRows = 0;
	BlockHeader h;
	bool any = false;
	auto widen = [&](size_t i) {
		double n = c.num[i], t = c.time[i];
		if (!any || n < h.numMin) h.numMin = n;
		if (!any || n > h.numMax) h.numMax = n;
		if (!any || t < h.timeMin) h.timeMin = t;
		if (!any || t > h.timeMax) h.timeMax = t;
		any = true;
	};
	for (size_t i = 0; i < c.rows; i++) {
		if (shown(c.type[i], c.flags[i])) widen(i);
		if (!keepsState(c.type[i], c.flags[i])) continue;
		bitmap[i >> 3] |= 1 << (i & 7);
		stateRows++;
	}
	for (size_t i = 0; i < c.rows && !any; i++) widen(i);

	PartWriter state(stateRows), rest(c.rows - stateRows);
	for (size_t i = 0; i < c.rows; i++) {
		double num = i ? c.num[i - 1] : 0, time = i ? c.time[i - 1] : 0;
		if (bitmap[i >> 3] >> (i & 7) & 1) {
			state.add(c, i, state.prevNum, state.prevTime);
			state.prevNum = c.num[i];
			state.prevTime = c.time[i];
		} else {
			rest.add(c, i, num, time);
		}
	}
	std::vector<uint8_t> out(kHeaderBytes);
	std::vector<uint8_t> summary = summarize(c, names);
	out.insert(out.end(), summary.begin(), summary.end());
	size_t stateAt = out.size();
	int level = h.timeMax - h.timeMin > kBusyNs * double(c.rows) ? kThorough : kFast;
	if (stateRows) state.write(out, c.arena.data(), {}, level);
	size_t restAt = out.size();
	if (rest.rows) rest.write(out, c.arena.data(), bitmap, level);

	h.kind = kEvents;
	h.flags = c.native ? kNativeFlags : 0;
	h.seq = seq;
	h.summaryBytes = uint32_t(summary.size());
	h.stateBytes = uint32_t(restAt - stateAt);
	h.restBytes = uint32_t(out.size() - restAt);
	h.stateRows = uint32_t(stateRows);
	h.restRows = uint32_t(rest.rows);
	h.stateArena = uint32_t(state.arenaBytes);
	h.restArena = uint32_t(rest.arenaBytes);
	h.summaryCrc = crc32c(out.data() + kHeaderBytes, h.summaryBytes);
	h.stateCrc = crc32c(out.data() + stateAt, h.stateBytes);
	h.restCrc = crc32c(out.data() + restAt, h.restBytes);
	h.write(out.data());
	return out;
}

} // namespace ksys
