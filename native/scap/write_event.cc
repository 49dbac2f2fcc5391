/* Converts a row to an event block: each step of its program takes a parameter from its place in the row. */
#include "row_tail.h"
#include "scap/write.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ksys::scap {

namespace {

constexpr uint32_t kEvent = 0x216, kFlaggedEvent = 0x217, kLargeEvent = 0x221, kLargeFlaggedEvent = 0x222;
constexpr size_t kFrameHead = 8, kFrameTail = 4, kHeader = 26;
constexpr uint32_t kStateOnly = 1;
/* libs rejects larger events, except those with wide lengths */
constexpr size_t kMostBytes = 65000;
constexpr size_t kMostSteps = 32;
constexpr uint8_t kUnix = 1;
/* an entry of poll's list: after their number, descriptor and events */
constexpr size_t kPolledHead = 2, kPolled = 10;
/* Stored values of one table; programs use few, a hostile file may contain any number. What a row requests is stored until
 * it is written: an event of each entry of a list, a number of each step. */
constexpr size_t kMostValues = 1 << 13;
static_assert(kMostValues > 0xffff / kPolled + kMostSteps);

template <typename T> T load(const uint8_t *at) {
	T v;
	memcpy(&v, at, sizeof v);
	return v;
}
template <typename T> void store(uint8_t *at, T v) { memcpy(at, &v, sizeof v); }

uint64_t numberAt(const uint8_t *at, int32_t wire) {
	switch (wire) {
	case kI8: return uint64_t(int64_t(int8_t(*at)));
	case kU8: return *at;
	case kI16: return uint64_t(int64_t(load<int16_t>(at)));
	case kU16: return load<uint16_t>(at);
	case kI32: return uint64_t(int64_t(load<int32_t>(at)));
	case kU32: return load<uint32_t>(at);
	default: return load<uint64_t>(at);
	}
}

} // namespace

void EventWriter::give(uint32_t table, uint64_t value, uint32_t portable) {
	if (table >= values_.size()) values_.resize(table + 1);
	auto &all = values_[table].all;
	if (all.size() >= kMostValues) all.clear();
	all[value] = portable;
}

/* libs' value for the kernel's; false if it must be supplied first. */
bool EventWriter::portable(int32_t table, uint64_t raw, Request &request, uint64_t &v) {
	if (size_t(table) >= values_.size()) values_.resize(size_t(table) + 1);
	Values &known = values_[size_t(table)];
	if (!known.any || known.last != raw) {
		auto found = known.all.find(raw);
		if (found == known.all.end()) {
			request = {Request::Value, uint32_t(table), raw};
			return false;
		}
		known.any = true;
		known.last = raw;
		known.made = found->second;
	}
	v = known.made;
	return true;
}

bool EventWriter::number(const WriteStep &s, const uint8_t *row, Request &request, uint64_t &v) {
	v = numberAt(row + s.place, s.wire);
	if (s.ifWire != 0) {
		uint64_t other = numberAt(row + s.ifPlace, s.ifWire);
		bool looked = s.ifWhole ? uint32_t(other) == uint32_t(s.ifWanted) : (other & uint32_t(s.ifWanted)) != 0;
		if (!looked) {
			v = 0;
			return true;
		}
	}
	return s.table < 0 || portable(s.table, v, request, v);
}

/* Appends the block of row i to the present chunk; false if something must be supplied first, and nothing was appended. */
bool EventWriter::build(const Part &part, const BatchView &batch, size_t i, Request &request, Entry &made) {
	const auto &[row, program, time, hidden, params] = part;
	size_t from = batch.argOff[i];
	const uint8_t *args = batch.arena + from;
	size_t room = from <= batch.arenaBytes ? batch.arenaBytes - from : 0;
	if (row.fixed > room || row.vars > kMostSteps || program.steps.size() > kMostSteps)
		throw std::invalid_argument("a row leads out of its batch");
	/* the variable parameters follow the fixed ones, each after its length */
	size_t starts[kMostSteps + 1];
	size_t at = row.fixed;
	for (uint32_t k = 0; k < row.vars; k++) {
		if (at + 2 > room) throw std::invalid_argument("a row leads out of its batch");
		starts[k] = at + 2;
		at += 2u + load<uint16_t>(args + at);
		if (at > room) throw std::invalid_argument("a row leads out of its batch");
	}
	const size_t rowEnd = std::min<size_t>(batch.argEnd ? batch.argEnd[i] : batch.argOff[i + 1], batch.arenaBytes);
	const RowTail tail(args + at, batch.arena + rowEnd, batch.flags[i], batch.ret[i]);
	uint32_t absent = batch.absent[i] | ~params;
	double ret = batch.ret[i];
	auto lacks = [&](const WriteStep &s) {
		return s.op == WriteOp::Nothing ||
			(s.op != WriteOp::Constant && ((absent >> s.param & 1) != 0 || (s.op == WriteOp::Result && std::isnan(ret))));
	};
	/* as many as were recorded: producers omit unknown ones, only at the end */
	size_t n = program.steps.size();
	if (row.complete)
		n = size_t(std::find_if(program.steps.begin(), program.steps.end(),
				   [&](const WriteStep &s) { return s.op < WriteOp::Bytes && s.fill == 0 && lacks(s); }) -
			program.steps.begin());
	while (n > 0 && program.steps[n - 1].op != WriteOp::Constant && (params >> program.steps[n - 1].param & 1) == 0) n--;

	size_t wide = row.wide ? 4 : 2;
	size_t before = kFrameHead + 2 + (hidden ? 4 : 0);
	size_t lengths = before + kHeader, values = lengths + n * wide;
	uint8_t *out = reserve(values + at + tail.restBytes + 16 * n + kFrameTail + 4);
	uint8_t *next = out + values;
	double over = 0;
	/* how many of these bytes fit */
	auto fitting = [&](size_t bytes) {
		size_t used = size_t(next - (out + values));
		return row.wide ? bytes : std::min(bytes, kMostBytes - std::min(used, kMostBytes));
	};
	for (size_t k = 0; k < n; k++) {
		const WriteStep &s = program.steps[k];
		uint8_t *value = next;
		if (lacks(s)) {
			if (s.fill != 0 && s.op < WriteOp::Bytes) {
				memset(next, s.fill == 1 ? 0 : 0xff, size_t(s.size));
				next += s.size;
			}
		} else switch (s.op) {
			case WriteOp::Number:
			case WriteOp::Result:
			case WriteOp::Constant: {
				uint64_t v = uint32_t(s.place);
				if (s.op == WriteOp::Result && tail.exact) v = load<uint64_t>(tail.exact);
				else if (s.op == WriteOp::Result) v = ret < 0 ? uint64_t(whole<int64_t>(ret)) : whole<uint64_t>(ret);
				else if (s.op == WriteOp::Number && !number(s, args, request, v)) return false;
				memcpy(next, &v, size_t(s.size));
				next += s.size;
				break;
			}
			case WriteOp::Polled: {
				const uint8_t *bytes = args + starts[s.place];
				size_t length = load<uint16_t>(bytes - 2);
				size_t fits = fitting(length);
				/* complete entries, and their number */
				if (fits < length) fits = fits < kPolledHead ? 0 : fits - (fits - kPolledHead) % kPolled;
				over += double(length - fits);
				memcpy(next, bytes, fits);
				if (fits < length && fits > 0) store(next, uint16_t((fits - kPolledHead) / kPolled));
				for (size_t e = kPolledHead; s.table >= 0 && e + kPolled <= fits; e += kPolled) {
					uint64_t v = 0;
					if (!portable(s.table, load<uint16_t>(next + e + 8), request, v)) return false;
					store(next + e + 8, uint16_t(v));
				}
				next += fits;
				break;
			}
			default: {
				const uint8_t *bytes = args + starts[s.place];
				size_t length = load<uint16_t>(bytes - 2);
				bool ends = s.op == WriteOp::Text ||
					(s.op == WriteOp::Address && length > 1 && bytes[0] == kUnix && bytes[length - 1] != 0);
				/* the data continue after the parameters */
				size_t more = length == KSYS_FIRST_DATA ? tail.restBytes : 0;
				size_t fits = fitting(length + more);
				over += double(length + more - fits);
				memcpy(next, bytes, std::min(fits, length));
				if (fits > length) memcpy(next + length, tail.rest, fits - length);
				next += fits;
				if (ends) *next++ = 0;
			}
			}
		if (row.wide) store(out + lengths + 4 * k, uint32_t(next - value));
		else store(out + lengths + 2 * k, uint16_t(next - value));
	}
	size_t end = size_t(next - out);
	bool large = row.wide && end > kMostBytes;
	store<uint32_t>(out, large ? (hidden ? kLargeFlaggedEvent : kLargeEvent) : hidden ? kFlaggedEvent : kEvent);
	store<uint16_t>(out + kFrameHead, batch.cpu[i]);
	if (hidden) store<uint32_t>(out + kFrameHead + 2, kStateOnly);
	uint8_t *head = out + before;
	store<uint64_t>(head, uint64_t(time));
	store<int64_t>(head + 8, batch.tid[i]);
	store<uint32_t>(head + 16, uint32_t(end - before));
	store<uint16_t>(head + 20, program.type);
	store<uint32_t>(head + 22, uint32_t(n));
	size_t padded = (end + 3) & ~size_t(3);
	memset(out + end, 0, padded - end);
	size_t total = padded + kFrameTail;
	store<uint32_t>(out + 4, uint32_t(total));
	store<uint32_t>(out + padded, uint32_t(total));
	Chunk &c = chunks_[current_];
	made = {time, seq_++, current_, uint32_t(c.used), uint32_t(total)};
	c.used += total;
	cut += over;
	return true;
}

} // namespace ksys::scap
