/* Converts one event to a row of the batch: each step of its program copies a parameter from where it was recorded. */
#include "row_tail.h"
#include "scap/event.h"

#include <algorithm>
#include <limits>

namespace ksys::scap {

namespace {

/* Most bytes of one variable parameter in a row. */
constexpr size_t kVarLimit = 0xffff;
/* Space in the arena for a step besides what it copies. */
constexpr size_t kStepRoom = 8;

template <typename T> void store(uint8_t *at, T v) { memcpy(at, &v, sizeof v); }

size_t span(const uint8_t *const *ends, int n) { return n <= 0 ? 0 : size_t(ends[n] - ends[0]); }

struct Value {
	int32_t low = 0, high = 0;
	bool there = true;
};

/* A number of any recorded length, as two halves. */
Value numberAt(const uint8_t *at, ptrdiff_t length, bool isSigned) {
	Value v;
	if (length >= 8) {
		v.low = load<int32_t>(at);
		v.high = load<int32_t>(at + 4);
		return v;
	}
	if (length >= 4) {
		v.low = load<int32_t>(at);
		v.high = isSigned ? v.low >> 31 : 0;
		return v;
	}
	if (length == 2) v.low = isSigned ? load<int16_t>(at) : load<uint16_t>(at);
	else if (length == 1) v.low = isSigned ? load<int8_t>(at) : load<uint8_t>(at);
	else v.there = false;
	v.high = v.low >> 31;
	return v;
}

} // namespace

/* Adds a row; false if the batch has no space for it. */
bool Walk::row(const Program &p, const Event &e, double latency, int enterN) {
	BatchView &out = *out_;
	size_t i = rows_;
	if (i == out.capacity) return false;
	size_t from = out.argOff[i];
	size_t most = sizeof(int64_t) + kStepRoom * 4 * p.steps.size() + span(exitAt_, e.n) + span(enterAt_, enterN);
	if (most > out.arenaBytes - from) return false;
	uint8_t *to = out.arena + from;
	uint32_t absent = 0;
	double ret = std::numeric_limits<double>::quiet_NaN();
	int64_t exact = 0;
	for (const Step &s : p.steps) {
		uint32_t bit = 1u << s.param;
		switch (s.op) {
		case Op::Number:
		case Op::EnterNumber: {
			const uint8_t *const *ends = s.op == Op::Number ? exitAt_ : enterAt_;
			Value v = numberAt(ends[s.source], ends[s.source + 1] - ends[s.source], s.size >= kSigned);
			if (!v.there) absent |= bit;
			switch (s.size & (kSigned - 1)) {
			case 4:
				store(to, v.low);
				to += 4;
				break;
			case 8:
				store(to, v.low);
				store(to + 4, v.high);
				to += 8;
				break;
			case 2:
				store(to, int16_t(v.low));
				to += 2;
				break;
			default:
				*to++ = uint8_t(v.low);
			}
			break;
		}
		case Op::Result:
		case Op::DynResult: {
			/* a dyn parameter starts with a selector byte */
			ptrdiff_t skip = s.op == Op::DynResult ? 1 : 0;
			ptrdiff_t length = exitAt_[s.source + 1] - exitAt_[s.source] - skip;
			const uint8_t *at = exitAt_[s.source] + skip;
			bool isSigned = s.size >= kSigned;
			if (length >= 8) {
				exact = load<int64_t>(at);
				ret = isSigned ? double(exact) : double(uint64_t(exact));
			} else if (length >= 4) ret = isSigned ? double(load<int32_t>(at)) : double(load<uint32_t>(at));
			else absent |= bit;
			break;
		}
		case Op::NoResult:
			absent |= bit;
			break;
		case Op::NoNumber:
			absent |= bit;
			memset(to, 0, size_t(s.size & (kSigned - 1)));
			to += s.size & (kSigned - 1);
			break;
		case Op::NoBytes:
			absent |= bit;
			store<uint16_t>(to, 0);
			to += 2;
			break;
		default: {
			const uint8_t *const *ends = s.op == Op::Bytes || s.op == Op::Text ? exitAt_ : enterAt_;
			const uint8_t *at = ends[s.source];
			size_t length = size_t(ends[s.source + 1] - at);
			if (length == 0) absent |= bit;
			else if ((s.op == Op::Text || s.op == Op::EnterText) && at[length - 1] == 0) length--;
			length = std::min(length, kVarLimit);
			store(to, uint16_t(length));
			if (length > 0) memcpy(to + 2, at, length);
			to += 2 + length;
		}
		}
	}
	if (std::fabs(ret) >= double(INEXACT)) {
		store(to, exact);
		to += sizeof(exact);
	}
	int32_t pid = processes_.get(e.tid);
	out.num[i] = num_ + 1;
	out.time[i] = e.time;
	out.latency[i] = latency;
	out.ret[i] = ret;
	out.tid[i] = e.tid;
	out.pid[i] = pid == 0 ? e.tid : pid;
	out.absent[i] = absent;
	out.type[i] = p.type;
	bool changes = (p.bits & kState) != 0 && !(ret < 0);
	out.flags[i] = uint16_t(((e.flags & kStateOnly) != 0 ? ROW_HIDDEN | ROW_STATE : 0) | (changes ? ROW_STATE : 0));
	out.cpu[i] = load<uint16_t>(e.cpuAt);
	forms_[i] = p.form;
	out.argOff[i + 1] = uint32_t(to - out.arena);
	rows_ = i + 1;
	return true;
}

} // namespace ksys::scap
