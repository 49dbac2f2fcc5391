/* Writes event blocks: splits columns, and writes each stream in its shortest form. */
#include "trace/block_cells.h"
#include "trace/block_rows.h"
#include "trace/block_stream.h"
#include "trace/block_summary.h"
#include "trace/kept_bytes.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ksys {

namespace {

/* zstd's level by ns between calls: the more frequent they are, the more expensive CPU time is. For a mixed load a call
 * takes 5.7 bytes and 0.11 us at level 1, 5.6 and 0.14 at 3, 4.9 and 0.30 at 6, which is also fastest to read. */
int levelFor(double ns) { return ns < 1000 ? 1 : ns < 2000 ? 3 : 6; }

/* The highest level for planes, whose bytes have few long repetitions: at level 6 they take 82 ns for each call beside redis, at 4 36 ns, and
 * the file is 3 % smaller (a mixed load: 2 %). */
constexpr int kPlaneLevel = 4;

/* bytes between planes, so that equal positions of 17 planes do not share one cache set */
constexpr size_t kApart = 5 * 64;

/* Of the block that this thread encodes: its planes, and the arguments of both sections. */
thread_local KeptBytes split;

/* Values that did not fit their planes, with their position in the order of their plane. */
template <typename T> struct Wide {
	std::vector<std::pair<uint32_t, T>> found;
	void add(uint32_t at, T value) { found.emplace_back(at, value); }
	T last() const { return found.back().second; }
	std::vector<T> list() {
		std::sort(found.begin(), found.end(), [](auto &a, auto &b) { return a.first < b.first; });
		std::vector<T> out;
		for (auto &f : found) out.push_back(f.second);
		return out;
	}
};

__attribute__((noinline)) uint32_t asWide(double value, uint32_t mark, uint32_t at, Wide<double> &wide) {
	wide.add(at, std::isfinite(value) ? std::trunc(value) : 0);
	return mark;
}

/* v if it fits below the mark, else the mark, and the value itself in the list. */
__attribute__((always_inline)) inline uint32_t narrow(double v, double value, uint32_t mark, uint32_t at, Wide<double> &wide) {
	bool near = v >= 0 && v < mark;
	int32_t n = near ? int32_t(v) : 0;
	return near && n == v && std::fabs(value) <= kExact ? uint32_t(n) : asWide(value, mark, at, wide);
}

/* The columns of a block, split into streams. */
class Taken {
public:
	Taken(const Columns &c, Cells &cells, double start)
		: rows_(c.rows), stride_(c.rows + kApart), planes_(split.take(stride_ * P_COUNT + cells.stateBytes + cells.restBytes)),
		  state_(planes_ + stride_ * P_COUNT), rest_(state_ + cells.stateBytes) {
		struct Turn {
			uint32_t next;
			double end;
		};
		std::vector<Turn> threads;
		uint32_t first = 0;
		for (const Cells::Thread &t : cells.threads) {
			threads.push_back({first, start});
			first += t.rows;
		}
		/* copies, so that the compiler need not assume that writes change them */
		const uint32_t rows = uint32_t(c.rows), *const argOff = c.argOff.data(), *const cellOf = cells.ofRow.data();
		const double *const nums = c.num.data(), *const times = c.time.data(), *const latencies = c.latency.data(), *const rets = c.ret.data();
		const uint16_t *const cpus = c.cpu.data();
		uint8_t *const planes = planes_, *const state = state_, *const rest = rest_;
		const size_t stride = stride_;
		auto put16 = [planes, stride](int plane, uint32_t i, uint32_t v) {
			uint8_t *to = planes + size_t(plane) * stride + i;
			to[0] = uint8_t(v);
			to[stride] = uint8_t(v >> 8);
		};
		auto put24 = [planes, stride, put16](int plane, uint32_t i, uint32_t v) {
			put16(plane, i, v);
			planes[size_t(plane + 2) * stride + i] = uint8_t(v >> 16);
		};
		double num = 0;
		for (uint32_t i = 0; i < rows; i++) {
			Cells::Cell &cell = cells.cells[cellOf[i]];
			Turn &thread = threads[cell.thread];
			uint32_t s = thread.next++, r = cell.rows++;
			planes[size_t(P_NUM) * stride + i] = uint8_t(narrow(nums[i] - num, nums[i], kNumWide, i, num_));
			num = nums[i];
			put16(P_THREAD0, i, cell.thread);
			put16(P_CELL0, s, cell.local);
			put16(P_CPU0, s, cpus[i]);
			double latency = latencies[i], time = times[i];
			/* the reader adds the latency to the gap, which is exact only below this */
			double took = std::max(latency, 0.0), before = took <= kExact - kTimeWide ? time - took - thread.end : -1;
			uint32_t gap = narrow(before, time, kTimeWide, r, time_);
			put24(P_GAP0, r, gap);
			put24(P_LAT0, r, narrow(latency + 1, latency, kTimeWide, r, latency_));
			put16(P_RET0, r, narrow(rets[i] + kRetBias, rets[i], kRetWide, r, ret_));
			thread.end = gap == kTimeWide ? time_.last() : time;
			uint32_t from = argOff[i], n = argOff[i + 1] - from;
			uint32_t d = uint16_t(n - cell.length);
			if (n > 0xffff || d == kLenLong) {
				d = kLenLong;
				long_.add(r, n);
			}
			put16(P_LEN0, r, d);
			cell.length = uint16_t(n);
			if (n) memcpy((cell.state ? state : rest) + cell.bytes, c.arena.data() + from, n);
			cell.bytes += n;
		}
	}
	Taken(const Taken &) = delete;
	~Taken() { split.give(); }
	void writeState(std::vector<uint8_t> &out, const Cells &cells, int level) {
		auto list = [&](const auto &v) {
			putStream(out, reinterpret_cast<const uint8_t *>(v.data()), v.size() * sizeof(v[0]), level);
		};
		list(cells.threadKeys);
		list(cells.kindKeys);
		std::vector<uint16_t> counts, kinds;
		for (const Cells::Thread &t : cells.threads) counts.push_back(uint16_t(t.cells - 1));
		for (uint32_t i : cells.sorted) kinds.push_back(uint16_t(cells.cells[i].kind));
		list(counts);
		list(kinds);
		for (int p = 0; p < P_COUNT; p++) putStream(out, planes_ + size_t(p) * stride_, rows_, std::min(level, kPlaneLevel));
		list(num_.list());
		list(time_.list());
		list(latency_.list());
		list(ret_.list());
		list(long_.list());
		putFrames(out, state_, cells.stateBytes, level, ends(cells, true));
	}
	void writeRest(std::vector<uint8_t> &out, const Cells &cells, int level) {
		putFrames(out, rest_, cells.restBytes, level, ends(cells, false));
	}

private:
	/* Where the arguments of threads end in a section. */
	static std::vector<uint32_t> ends(const Cells &cells, bool state) {
		std::vector<uint32_t> made;
		uint32_t last = 0;
		for (uint32_t i : cells.sorted) {
			const Cells::Cell &cell = cells.cells[i];
			if (cell.state != state) continue;
			if (made.empty() || cell.thread != last) made.push_back(0);
			made.back() = cell.bytes;
			last = cell.thread;
		}
		return made;
	}

	size_t rows_, stride_;
	uint8_t *const planes_, *const state_, *const rest_;
	Wide<double> num_, time_, latency_, ret_;
	Wide<uint32_t> long_;
};

/* The header's range of numbers and times: of the rows that may be shown, or of all if there are none. */
void widen(BlockHeader &h, const Columns &c) {
	bool any = false;
	auto take = [&](size_t i) {
		double n = c.num[i], t = c.time[i];
		if (!any || n < h.numMin) h.numMin = n;
		if (!any || n > h.numMax) h.numMax = n;
		if (!any || t < h.timeMin) h.timeMin = t;
		if (!any || t > h.timeMax) h.timeMax = t;
		any = true;
	};
	for (size_t i = 0; i < c.rows; i++)
		if (shown(c.type[i], c.flags[i])) take(i);
	for (size_t i = 0; i < c.rows && !any; i++) take(i);
}

} // namespace

std::vector<uint8_t> encodeEvents(const Columns &c, uint32_t seq, const std::vector<uint8_t> *names) {
	BlockHeader h;
	widen(h, c);
	Cells cells(c);
	Taken taken(c, cells, startOf(h));
	std::vector<uint8_t> out(kHeaderBytes);
	std::vector<uint8_t> summary = summarize(c, names);
	out.insert(out.end(), summary.begin(), summary.end());
	size_t stateAt = out.size();
	int level = levelFor((h.timeMax - h.timeMin) / double(c.rows));
	taken.writeState(out, cells, level);
	size_t restAt = out.size();
	if (cells.stateRows < c.rows) taken.writeRest(out, cells, level);

	h.kind = kEvents;
	h.flags = kByThread | (c.native ? kNativeFlags : 0);
	h.seq = seq;
	h.summaryBytes = uint32_t(summary.size());
	h.stateBytes = uint32_t(restAt - stateAt);
	h.restBytes = uint32_t(out.size() - restAt);
	h.stateRows = uint32_t(cells.stateRows);
	h.restRows = uint32_t(c.rows - cells.stateRows);
	h.stateArena = uint32_t(cells.stateBytes);
	h.restArena = uint32_t(cells.restBytes);
	h.summaryCrc = crc32c(out.data() + kHeaderBytes, h.summaryBytes);
	h.stateCrc = crc32c(out.data() + stateAt, h.stateBytes);
	h.restCrc = crc32c(out.data() + restAt, h.restBytes);
	h.write(out.data());
	return out;
}

} // namespace ksys
