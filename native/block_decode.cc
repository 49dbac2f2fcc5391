/* Event blocks read: columns put together again, everything checked that who reads the batch relies on. */
#include "block_codec.h"
#include "block_part.h"

#include <algorithm>
#include <cstring>

namespace ksys {

namespace {

void copyRow(uint8_t *to, const uint8_t *from, size_t n, bool roomy) {
	if (roomy && n <= kSlack) memcpy(to, from, kSlack);
	else if (n) memcpy(to, from, n);
}

/* Whether the lengths inside a row stay inside it. */
bool fits(const uint8_t *row, size_t n, uint16_t type, const Layouts &layouts) {
	uint16_t fixed = layouts.fixed[type];
	if (fixed == Layouts::kUnknown) return true;
	size_t at = fixed;
	for (int v = layouts.vars[type]; v > 0; v--) {
		if (at + 2 > n) return false;
		uint16_t len;
		memcpy(&len, row + at, 2);
		at += 2 + size_t(len);
	}
	return at <= n;
}

void checkCrc(const uint8_t *data, size_t bytes, uint32_t crc, const char *what) {
	if (crc32c(data, bytes) != crc) throw BlockError(std::string("the checksum of ") + what + " is wrong");
}

/* Which rows of a part are left out: all of a kind, or those of a thread unless their kind is everybody's. */
struct Leaving {
	std::vector<uint8_t> kind, thread, everybodys;
	bool any = false;

	Leaving(const Part &part, bool isState, const Omitted *omitted)
		: kind(part.kinds.size()), thread(part.threads.size()), everybodys(part.kinds.size()) {
		if (omitted == nullptr) return;
		auto has = [](const std::vector<uint8_t> &types, uint16_t type) { return type < types.size() && types[type] != 0; };
		for (size_t k = 0; k < kind.size(); k++) {
			uint16_t type = uint16_t(part.kinds[k] >> 48), flags = uint16_t(part.kinds[k] >> 32);
			everybodys[k] = type >= kCodeLimit || (isState && has(omitted->everybodys, type));
			kind[k] = !isState && type < kCodeLimit && has(omitted->types, type) && (flags & (kRowHidden | kRowState)) == 0;
			any = any || kind[k];
		}
		if (!omitted->byProcess) return;
		any = true;
		for (size_t t = 0; t < thread.size(); t++)
			thread[t] = !std::binary_search(omitted->processes.begin(), omitted->processes.end(), int32_t(part.threads[t] >> 32));
	}
	bool row(uint32_t k, uint32_t t) const { return kind[k] || (thread[t] && !everybodys[k]); }
};

} // namespace

Decoded decodeEvents(const uint8_t *block, size_t bytes, BatchView &out, const Layouts &layouts, bool stateOnly,
	Omitted *omitted) {
	BlockHeader h = BlockHeader::read(block, bytes);
	if (h.kind != kEvents) throw BlockError("it is not a block of events");
	const uint8_t *stateData = block + kHeaderBytes + h.summaryBytes, *restData = stateData + h.stateBytes;
	bool whole = !stateOnly && h.restRows > 0;
	size_t needed = size_t(restData - block) + (whole ? h.restBytes : 0);
	if (bytes < needed) throw BlockError("it ends too early");
	size_t rows = h.stateRows + (whole ? h.restRows : 0), arenaBytes = h.stateArena + (whole ? h.restArena : 0);
	if (rows > out.capacity || arenaBytes > out.arenaBytes) throw BlockError("it does not fit the batch");

	Part parts[2]; /* 0 the rest, 1 the state part: as the bitmap says */
	if (h.stateRows) {
		checkCrc(stateData, h.stateBytes, h.stateCrc, "its state part");
		parts[1].load(stateData, h.stateBytes, h.stateRows, h.stateArena, 0);
	}
	if (whole) {
		checkCrc(restData, h.restBytes, h.restCrc, "its events");
		parts[0].load(restData, h.restBytes, h.restRows, h.restArena, (rows + 7) / 8);
	}
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
		/* the rest counts from the row before, the state part from its own row before */
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
			if (uint16_t(kind >> 32) & kRowHidden) continue;
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
		to++;
	}
	out.argOff[to] = uint32_t(at);
	done.rows = to;
	return done;
}

} // namespace ksys
