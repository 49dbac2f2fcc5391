/* Reads event blocks: reassembles columns, and checks everything that users of the batch rely on. */
#include "trace/block_read.h"
#include "trace/block_rows.h"
#include "trace/block_v1.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ksys {

namespace {

void checkCrc(const uint8_t *data, size_t bytes, uint32_t crc, const char *what) {
	if (crc32c(data, bytes) != crc) throw BlockError(std::string("the checksum of ") + what + " is wrong");
}

bool has(const std::vector<uint8_t> &types, uint16_t type) { return type < types.size() && types[type] != 0; }

/* What rows of a type must fulfil, besides their type, to be needed. */
struct Bounds {
	double minLatency = 0;
	Outcome outcome = kAnyOutcome;

	Bounds(const Omitted &omitted, uint16_t type) {
		if (type < omitted.minLatency.size()) minLatency = omitted.minLatency[type];
		if (type < omitted.outcome.size()) outcome = Outcome(omitted.outcome[type]);
	}
	bool any() const { return minLatency > 0 || outcome != kAnyOutcome; }
	bool hold(double latency, double result) const {
		bool failed = result < 0 && result >= -4095;
		return (minLatency == 0 || latency >= minLatency) && (outcome == kAnyOutcome || failed == (outcome == kFailed));
	}
};

/* What happens to the rows of a cell: they are delivered, counted, or neither because their section is not read. */
enum Use : uint8_t { kDeliver, kOmit, kPass };

struct Cell {
	uint32_t next, absent;
	uint16_t flags, type;
	Use use;
};

struct Thread {
	/* end of its previous row */
	double end;
	uint32_t next, cell;
	int32_t tid, pid;
	/* none of its rows is delivered */
	bool idle;
};

/* An iteration over the rows of a block in their order. */
class Walk {
public:
	Walk(const BlockHeader &h, const BlockReader &in, bool whole, Omitted *omitted) : in_(in) {
		for (const BlockReader::Thread &t : in.threads) {
			bool wanted = !omitted || !omitted->byProcess || std::binary_search(omitted->processes.begin(), omitted->processes.end(), t.pid);
			bool idle = true;
			for (uint32_t c = t.cell; c < t.cellEnd; c++) {
				uint64_t kind = in.kinds[in.cells[c].kind];
				Use use = useOf(kind, whole, wanted, omitted);
				idle = idle && use != kDeliver;
				cells_.push_back({in.cells[c].row, absentOf(kind), flagsOf(kind), typeOf(kind), use});
			}
			threads_.push_back({startOf(h), t.row, t.cell, t.tid, t.pid, idle});
		}
	}

	/* Omits the rows that do not fulfil the bounds, whole cells if none is left. */
	void bound(Omitted &omitted) {
		for (size_t t = 0; t < threads_.size(); t++) {
			Thread &thread = threads_[t];
			if (thread.idle) continue;
			thread.idle = true;
			for (uint32_t c = in_.threads[t].cell; c < in_.threads[t].cellEnd; c++) {
				if (cells_[c].use == kDeliver) bound(c, omitted);
				thread.idle = thread.idle && cells_[c].use != kDeliver;
			}
		}
	}

	/* By cell. */
	std::vector<CellUse> uses() const {
		std::vector<CellUse> made(cells_.size(), kIdle);
		for (size_t t = 0; t < threads_.size(); t++)
			for (uint32_t c = in_.threads[t].cell; c < in_.threads[t].cellEnd; c++)
				if (!threads_[t].idle) made[c] = cells_[c].use == kDeliver ? kDelivered : kWalked;
		return made;
	}

	/* Counts the rows that are omitted. */
	void count(const BlockHeader &h, Omitted &omitted) const {
		bool any = !omitted_.empty();
		for (size_t c = 0; c < cells_.size(); c++) {
			uint32_t rows = in_.cells[c].rows;
			if (cells_[c].use != kOmit || rows == 0) continue;
			any = true;
			if (cells_[c].flags & ROW_HIDDEN) continue;
			omitted.counts[cells_[c].type] += rows;
			omitted.rows += rows;
		}
		if (any && std::fabs(h.timeMax) <= kExact) omitted.lastTime = std::trunc(h.timeMax);
	}

	Decoded run(BatchView &out, uint32_t arenaBytes) {
		/* a copy, so that the compiler need not assume that writes change it */
		const BatchView to = out;
		const size_t rows = in_.rows;
		const uint8_t *const nums = in_.num;
		const uint16_t *const threadOf = in_.thread.data(), *const cellOf = in_.cell.data(), *const cpu = in_.cpu.data();
		const BlockReader::Row *const rowOf = in_.row.data();
		Thread *const threads = threads_.data();
		Cell *const cells = cells_.data();
		Decoded done;
		size_t n = 0, wideNum = 0;
		double num = 0;
		for (size_t i = 0; i < rows; i++) {
			uint32_t d = nums[i];
			if (d == kNumWide && wideNum >= in_.wideNum.size()) throw BlockError("a value is missing");
			num = d == kNumWide ? in_.wideNum[wideNum++] : num + d;
			Thread &thread = threads[threadOf[i]];
			if (thread.idle) continue;
			uint32_t s = thread.next++;
			Cell &cell = cells[thread.cell + cellOf[s]];
			uint32_t r = cell.next++;
			const BlockReader::Row &row = rowOf[r];
			uint32_t gap = row.gap, lat = row.latency, ret = row.ret;
			double latency = lat < kTimeWide ? double(int32_t(lat) - 1) : in_.wideLatency[lat - kTimeWide];
			double end = gap < kTimeWide ? thread.end + (gap + std::max(latency, 0.0)) : in_.wideTime[gap - kTimeWide];
			thread.end = end;
			if (cell.use != kDeliver || (!omitted_.empty() && omitted_[r])) continue;
			if (row.from == kMalformed) {
				done.skipped++;
				continue;
			}
			to.num[n] = num;
			to.time[n] = end;
			to.latency[n] = latency;
			to.ret[n] = ret < kRetWide ? double(int32_t(ret) - kRetBias) : in_.wideRet[ret - kRetWide];
			to.tid[n] = thread.tid;
			to.pid[n] = thread.pid;
			to.absent[n] = cell.absent;
			to.flags[n] = cell.flags;
			to.type[n] = cell.type;
			to.cpu[n] = cpu[s];
			to.argOff[n] = row.from;
			to.argEnd[n] = row.to;
			n++;
		}
		to.argOff[n] = arenaBytes;
		done.rows = n;
		return done;
	}

private:
	static Use useOf(uint64_t kind, bool whole, bool wanted, const Omitted *omitted) {
		uint16_t type = typeOf(kind), flags = flagsOf(kind);
		bool state = keepsState(type, flags);
		if (!state && !whole) return kPass;
		/* only delivered rows of this type can be attributed to a process */
		if (!omitted || type >= kCodeLimit) return kDeliver;
		if (!wanted && !omitted->wantsOfAny(type, state)) return kOmit;
		return !state && has(omitted->types, type) ? kOmit : kDeliver;
	}

	void bound(uint32_t c, Omitted &omitted) {
		Cell &cell = cells_[c];
		const BlockReader::Cell &from = in_.cells[c];
		Bounds bounds(omitted, cell.type);
		if (!bounds.any() || keepsState(cell.type, cell.flags) || from.rows == 0) return;
		if (omitted_.empty()) omitted_.resize(in_.rows);
		uint32_t n = 0;
		for (uint32_t r = from.row; r < from.row + from.rows; r++) {
			bool wanted = bounds.hold(in_.latencyOf(r), in_.resultOf(r));
			omitted_[r] = !wanted;
			n += !wanted;
		}
		if (n == from.rows) {
			cell.use = kOmit;
			return;
		}
		omitted.counts[cell.type] += n;
		omitted.rows += n;
	}

	const BlockReader &in_;
	std::vector<Thread> threads_;
	/* by cell, rows of the delivered cells that are omitted; empty: none */
	std::vector<uint8_t> omitted_;
	std::vector<Cell> cells_;
};

thread_local BlockReader reader;

} // namespace

Decoded decodeEvents(const uint8_t *block, size_t bytes, BatchView &out, const Layouts &layouts, bool stateOnly,
	Omitted *omitted) {
	BlockHeader h = BlockHeader::read(block, bytes);
	if (h.kind != kEvents) throw BlockError("it is not a block of events");
	const uint8_t *state = block + kHeaderBytes + h.summaryBytes, *rest = state + h.stateBytes;
	bool whole = !stateOnly && h.restRows > 0;
	size_t needed = size_t(rest - block) + (whole ? h.restBytes : 0);
	if (bytes < needed) throw BlockError("it ends too early");
	size_t rows = h.stateRows + (whole ? h.restRows : 0), arenaBytes = h.stateArena + (whole ? h.restArena : 0);
	if (rows > out.capacity || arenaBytes > out.arenaBytes) throw BlockError("it does not fit the batch");
	if (rows == 0) return {};
	checkCrc(state, h.stateBytes, h.stateCrc, "its state part");
	if (whole) checkCrc(rest, h.restBytes, h.restCrc, "its events");
	if (!(h.flags & kByThread)) return v1::decodeParts(h, state, whole ? rest : nullptr, out, layouts, omitted);
	reader.load(h, state, whole ? rest : nullptr);
	Walk walk(h, reader, whole, omitted);
	if (omitted) walk.bound(*omitted);
	reader.fetch(h, out.arena, layouts, walk.uses());
	if (omitted) walk.count(h, *omitted);
	return walk.run(out, uint32_t(arenaBytes));
}

} // namespace ksys
