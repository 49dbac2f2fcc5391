/* Blocks of version 1. */
#include "trace/block_v1.h"
#include "trace/block_check.h"
#include "trace/block_rows.h"
#include "trace/block_stream.h"

#include <algorithm>
#include <cstring>

namespace ksys::v1 {

namespace {

/* readable bytes after a section's arena, so that short rows are copied in whole words */
constexpr size_t kSlack = 32;

void copyRow(uint8_t *to, const uint8_t *from, size_t n, bool roomy) {
	if (roomy && n <= kSlack) memcpy(to, from, kSlack);
	else if (n) memcpy(to, from, n);
}

/* Which rows of a section are omitted: all of a kind, or those of a thread unless their kind is needed from every process. */
struct Leaving {
	std::vector<uint8_t> kind, thread, ofAnyProcess;
	bool any = false;

	Leaving(const Part &part, bool isState, const Omitted *omitted)
		: kind(part.kinds.size()), thread(part.threads.size()), ofAnyProcess(part.kinds.size()) {
		if (omitted == nullptr) return;
		auto has = [](const std::vector<uint8_t> &types, uint16_t type) { return type < types.size() && types[type] != 0; };
		for (size_t k = 0; k < kind.size(); k++) {
			uint16_t type = uint16_t(part.kinds[k] >> 48), flags = uint16_t(part.kinds[k] >> 32);
			ofAnyProcess[k] = type >= kCodeLimit || omitted->wantsOfAny(type, isState);
			kind[k] = !isState && type < kCodeLimit && has(omitted->types, type) && (flags & (ROW_HIDDEN | ROW_STATE)) == 0;
			any = any || kind[k];
		}
		if (!omitted->byProcess) return;
		any = true;
		for (size_t t = 0; t < thread.size(); t++)
			thread[t] = !std::binary_search(omitted->processes.begin(), omitted->processes.end(), int32_t(part.threads[t] >> 32));
	}
	bool row(uint32_t k, uint32_t t) const { return kind[k] || (thread[t] && !ofAnyProcess[k]); }
};

} // namespace

void Part::load(const uint8_t *data, size_t bytes, size_t rowCount, size_t arenaBytes, size_t bitmapBytes) {
	rows = rowCount;
	StreamReader in(data, bytes);
	in.list(threads, rows);
	in.list(kinds, rows);
	constexpr size_t planes = kPlaneLast - kPlaneFirst + 1;
	memory.reset(new uint8_t[planes * rows + arenaBytes + kSlack]);
	uint8_t *at = memory.get();
	const uint8_t *plane[S_COUNT] = {};
	for (int s = kPlaneFirst; s <= kPlaneLast; s++, at += rows) {
		in.read(at, rows);
		plane[s] = at;
	}
	auto joinTo = [&]<int Bytes>(auto &to, const uint8_t *const *from) {
		to.resize(rows);
		join<Bytes>(to.data(), from, rows);
	};
	num = plane[S_NUM];
	joinTo.template operator()<3>(time, &plane[S_TIME0]);
	joinTo.template operator()<3>(latency, &plane[S_LAT0]);
	joinTo.template operator()<2>(ret, &plane[S_RET0]);
	joinTo.template operator()<2>(thread, &plane[S_THREAD0]);
	joinTo.template operator()<2>(kind, &plane[S_KIND0]);
	joinTo.template operator()<2>(cpu, &plane[S_CPU0]);
	std::vector<uint16_t> lengths;
	joinTo.template operator()<2>(lengths, &plane[S_LEN0]);
	std::vector<uint32_t> longs;
	in.list(wide, rows * 4);
	in.list(longs, rows);
	in.read(at, arenaBytes);
	memset(at + arenaBytes, 0, kSlack);
	arena = at;
	stateBits.resize(bitmapBytes);
	if (bitmapBytes) in.read(stateBits.data(), bitmapBytes);
	if (!in.done()) throw BlockError("a part is longer than what it holds");

	length.resize(rows);
	cursor.assign(kinds.size() + 1, 0);
	std::vector<uint16_t> last(kinds.size(), 0);
	std::vector<uint64_t> sum(kinds.size(), 0);
	size_t longAt = 0;
	for (size_t i = 0; i < rows; i++) {
		uint32_t k = kind[i];
		if (k >= kinds.size() || thread[i] >= threads.size()) throw BlockError("a row names nothing");
		uint32_t d = lengths[i], n = uint16_t(last[k] + d);
		if (d == kLenLong) {
			if (longAt >= longs.size()) throw BlockError("a length is missing");
			n = longs[longAt++];
		}
		last[k] = uint16_t(n);
		length[i] = n;
		sum[k] += n;
	}
	uint64_t total = 0;
	for (size_t k = 0; k < kinds.size(); k++) {
		cursor[k] = uint32_t(total);
		total += sum[k];
		if (total > arenaBytes) throw BlockError("the rows are longer than their arguments");
	}
}

double Part::nextInteger() {
	if (wideAt >= wide.size()) throw BlockError("a value is missing");
	return integer(wide[wideAt++]);
}

Decoded decodeParts(const BlockHeader &h, const uint8_t *state, const uint8_t *rest, BatchView &out, const Layouts &layouts,
	Omitted *omitted) {
	Part parts[2]; /* 0 the rest, 1 the state section: the bitmap's values */
	const bool whole = rest != nullptr;
	const size_t rows = h.stateRows + (whole ? h.restRows : 0);
	if (h.stateRows) parts[1].load(state, h.stateBytes, h.stateRows, h.stateArena, 0);
	if (whole) parts[0].load(rest, h.restBytes, h.restRows, h.restArena, (rows + 7) / 8);
	const Leaving leaving[2] = {{parts[0], false, omitted}, {parts[1], true, omitted}};
	const uint8_t *bits = parts[0].stateBits.data();
	double num[2] = {0, 0}, time[2] = {0, 0};
	size_t to = 0, at = 0;
	Decoded done;
	for (size_t i = 0; i < rows; i++) {
		bool isState = whole ? bits[i >> 3] >> (i & 7) & 1 : true;
		Part &p = parts[isState];
		size_t r = p.row++;
		if (r >= p.rows) throw BlockError("its parts do not fit together");
		uint32_t dn = p.num[r], dt = p.time[r], lat = p.latency[r], ret = p.ret[r];
		/* the rest is relative to the previous row, the state section to its own previous row */
		double n = dn == kNumWide ? p.nextInteger() : num[isState] + dn;
		double t = dt == kTimeWide ? p.nextInteger() : time[isState] + dt;
		num[0] = n;
		time[0] = t;
		if (isState) {
			num[1] = n;
			time[1] = t;
		}
		double latency = lat == kTimeWide ? p.nextInteger() : double(lat) - 1;
		double result = ret == kRetWide ? p.nextInteger() : double(int32_t(ret) - kRetBias);
		uint32_t k = p.kind[r], len = p.length[r];
		uint64_t kind = p.kinds[k];
		const uint8_t *args = p.arena + p.cursor[k];
		p.cursor[k] += len;
		uint16_t type = uint16_t(kind >> 48);
		if (leaving[isState].any && leaving[isState].row(k, p.thread[r])) {
			omitted->lastTime = t;
			if (uint16_t(kind >> 32) & ROW_HIDDEN) continue;
			omitted->counts[type]++;
			omitted->rows++;
			continue;
		}
		if (type >= kCodeLimit || !fits(args, len, type, layouts)) {
			done.skipped++;
			continue;
		}
		uint64_t thread = p.threads[p.thread[r]];
		out.num[to] = n;
		out.time[to] = t;
		out.latency[to] = latency;
		out.ret[to] = result;
		out.tid[to] = int32_t(thread);
		out.pid[to] = int32_t(thread >> 32);
		out.absent[to] = uint32_t(kind);
		out.flags[to] = uint16_t(kind >> 32);
		out.type[to] = type;
		out.cpu[to] = p.cpu[r];
		out.argOff[to] = uint32_t(at);
		copyRow(out.arena + at, args, len, at + kSlack <= out.arenaBytes);
		at += len;
		out.argEnd[to] = uint32_t(at);
		to++;
	}
	out.argOff[to] = uint32_t(at);
	done.rows = to;
	return done;
}

} // namespace ksys::v1
