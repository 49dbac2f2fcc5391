/* Converts the streams of an event block to checked columns. */
#include "trace/block_read.h"
#include "trace/block_check.h"
#include "trace/block_rows.h"
#include "trace/block_stream.h"

#include <algorithm>

namespace ksys {

namespace {

/* The loop is written for vectorization. */
__attribute__((optimize("O3"))) bool contains(const uint32_t *values, size_t n, uint32_t value) {
	uint32_t found = 0;
	for (size_t i = 0; i < n; i++) found |= values[i] == value;
	return found != 0;
}

/* Replaces each value at the mark by its index in the list of wide ones. */
void number(std::vector<uint32_t> &column, uint32_t mark, const std::vector<double> &wide) {
	uint32_t next = mark;
	constexpr size_t step = 128;
	for (size_t i = 0; i < column.size(); i += step) {
		size_t end = std::min(column.size(), i + step);
		if (!contains(&column[i], end - i, mark)) continue;
		for (size_t k = i; k < end; k++)
			if (column[k] == mark) column[k] = next++;
	}
	if (next - mark > wide.size()) throw BlockError("a value is missing");
	for (double v : wide) integer(v);
}

} // namespace

void BlockReader::load(const BlockHeader &h, const uint8_t *state, const uint8_t *rest) {
	rows = h.stateRows + size_t(h.restRows);
	StreamReader in(state, h.stateBytes);
	in.list(threadKeys_, rows);
	in.list(kinds, rows);
	in.list(cellCounts_, threadKeys_.size());
	in.list(cellKinds_, rows);
	planes_.resize(P_COUNT * rows);
	const uint8_t *plane[P_COUNT];
	for (int p = 0; p < P_COUNT; p++) {
		in.read(planes_.data() + size_t(p) * rows, rows);
		plane[p] = planes_.data() + size_t(p) * rows;
	}
	auto joined = [&]<int Bytes>(auto &to, Plane from) {
		to.resize(rows);
		join<Bytes>(to.data(), plane + from, rows);
	};
	num = plane[P_NUM];
	joined.template operator()<2>(thread, P_THREAD0);
	joined.template operator()<2>(cell, P_CELL0);
	joined.template operator()<2>(cpu, P_CPU0);
	joined.template operator()<3>(gap_, P_GAP0);
	joined.template operator()<3>(latency_, P_LAT0);
	joined.template operator()<2>(ret_, P_RET0);
	joined.template operator()<2>(lengths_, P_LEN0);
	in.list(wideNum, rows);
	in.list(wideTime, rows);
	in.list(wideLatency, rows);
	in.list(wideRet, rows);
	in.list(longs_, rows);
	for (double v : wideNum) integer(v);
	number(gap_, kTimeWide, wideTime);
	number(latency_, kTimeWide, wideLatency);
	number(ret_, kRetWide, wideRet);
	more_ = in;
	whole_ = rest != nullptr;
	if (whole_) rest_ = StreamReader(rest, h.restBytes);
	index(h);
}

void BlockReader::fetch(const BlockHeader &h, uint8_t *arena, const Layouts &layouts, const std::vector<CellUse> &uses) {
	locate(h, uses);
	more_.read(arena, h.stateArena, stateRanges_);
	if (!more_.done()) throw BlockError("a part is longer than what it holds");
	if (whole_) {
		rest_.read(arena + h.stateArena, h.restArena, restRanges_);
		if (!rest_.done()) throw BlockError("a part is longer than what it holds");
	}
	check(arena, layouts, uses);
}

/* Computes where the rows of threads and cells start. */
void BlockReader::index(const BlockHeader &h) {
	if (cellCounts_.size() != threadKeys_.size()) throw BlockError("its lists do not fit together");
	threads.clear();
	cells.clear();
	for (size_t t = 0; t < threadKeys_.size(); t++) {
		uint32_t first = uint32_t(cells.size()), n = cellCounts_[t] + 1u;
		if (n > cellKinds_.size() - first) throw BlockError("its lists do not fit together");
		for (uint32_t k = 0; k < n; k++) {
			if (cellKinds_[first + k] >= kinds.size()) throw BlockError("a row names nothing");
			cells.push_back({cellKinds_[first + k], 0, 0});
		}
		threads.push_back({int32_t(threadKeys_[t]), int32_t(threadKeys_[t] >> 32), 0, first, first + n});
	}
	for (uint16_t t : thread) {
		if (t >= threads.size()) throw BlockError("a row names nothing");
		threads[t].row++;
	}
	uint32_t seen = 0;
	for (Thread &t : threads) {
		uint32_t first = seen;
		seen += t.row;
		t.row = first;
		for (uint32_t s = first; s < seen; s++) {
			if (cell[s] >= t.cellEnd - t.cell) throw BlockError("a row names nothing");
			cells[t.cell + cell[s]].rows++;
		}
	}
	size_t next = 0, state = 0;
	for (Cell &c : cells) {
		c.row = uint32_t(next);
		next += c.rows;
		if (keepsState(typeOf(kinds[c.kind]), flagsOf(kinds[c.kind]))) state += c.rows;
	}
	if (state != h.stateRows) throw BlockError("its parts do not fit together");
}

/* Computes where the arguments of rows are. */
void BlockReader::locate(const BlockHeader &h, const std::vector<CellUse> &uses) {
	row.resize(rows);
	stateRanges_.clear();
	restRanges_.clear();
	uint64_t stateAt = 0, restAt = h.stateArena;
	const uint64_t stateEnd = h.stateArena, restEnd = stateEnd + h.restArena;
	size_t nextLong = 0;
	for (size_t k = 0; k < cells.size(); k++) {
		const Cell &c = cells[k];
		bool state = keepsState(typeOf(kinds[c.kind]), flagsOf(kinds[c.kind]));
		uint64_t &at = state ? stateAt : restAt;
		const uint64_t first = at;
		uint32_t n = 0;
		for (uint32_t r = c.row; r < c.row + c.rows; r++) {
			uint32_t d = lengths_[r];
			if (d == kLenLong) {
				if (nextLong >= longs_.size()) throw BlockError("a length is missing");
				n = longs_[nextLong++];
			} else {
				n = uint16_t(n + d);
			}
			if (n > (state ? stateEnd : restEnd) - at) throw BlockError("the rows are longer than their arguments");
			if (uses[k] != kIdle) row[r] = {gap_[r], latency_[r], ret_[r], uint32_t(at), uint32_t(at + n)};
			at += n;
		}
		if (uses[k] != kDelivered) continue;
		uint32_t before = state ? 0 : h.stateArena;
		(state ? stateRanges_ : restRanges_).emplace_back(uint32_t(first) - before, uint32_t(at) - before);
	}
}

/* Marks the delivered rows whose arguments do not match their declaration. */
void BlockReader::check(const uint8_t *arena, const Layouts &layouts, const std::vector<CellUse> &uses) {
	for (size_t k = 0; k < cells.size(); k++) {
		if (uses[k] != kDelivered) continue;
		const Cell &c = cells[k];
		uint16_t type = typeOf(kinds[c.kind]);
		bool known = type < kCodeLimit;
		for (uint32_t r = c.row; r < c.row + c.rows; r++)
			if (!known || !fits(arena + row[r].from, row[r].to - row[r].from, type, layouts)) row[r].from = kMalformed;
	}
}

} // namespace ksys
