/* What blocks of every kind share: header, checksum, payload blocks; and the columns of a block. */
#include "trace/block_codec.h"
#include "trace/block_rows.h"

#include <algorithm>
#include <cstring>
#include <zstd.h>

namespace ksys {

namespace {

constexpr size_t kCrcAt = kHeaderBytes - 4;
constexpr size_t kMostStored = 80 << 20;

constexpr size_t kMostSummary = 1 << 20;
/* forms in a row's flags; src/trace/external-events.ts has the same */
constexpr uint16_t kMostForms = 512;
constexpr int kFormShift = 7;

const uint32_t *crcTable() {
	static uint32_t table[256];
	static bool made = [] {
		for (uint32_t i = 0; i < 256; i++) {
			uint32_t c = i;
			for (int k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0x82f63b78 : c >> 1;
			table[i] = c;
		}
		return true;
	}();
	(void)made;
	return table;
}

uint32_t crcBytes(uint32_t crc, const uint8_t *data, size_t bytes) {
	const uint32_t *table = crcTable();
	for (size_t i = 0; i < bytes; i++) crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xff];
	return crc;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) uint32_t crcWords(uint32_t crc, const uint8_t *data, size_t words) {
	uint64_t c = crc;
	for (size_t i = 0; i < words; i++) {
		uint64_t w;
		memcpy(&w, data + i * 8, 8);
		c = __builtin_ia32_crc32di(c, w);
	}
	return uint32_t(c);
}
#endif

} // namespace

uint32_t crc32c(const uint8_t *data, size_t bytes) {
	uint32_t crc = ~0u;
#ifdef __x86_64__
	static const bool fast = __builtin_cpu_supports("sse4.2");
	if (fast) {
		size_t words = bytes / 8;
		crc = crcWords(crc, data, words);
		data += words * 8;
		bytes -= words * 8;
	}
#endif
	return ~crcBytes(crc, data, bytes);
}

bool mayUnpack(size_t bytes, size_t stored) {
	return bytes <= kMaxPayload || (bytes <= kMaxLargePayload && bytes / kMostExpansion <= stored);
}

void BlockHeader::write(uint8_t *out) const {
	memset(out, 0, kHeaderBytes);
	memcpy(out, &kBlockMagic, 4);
	out[4] = kind;
	out[5] = flags;
	const uint32_t words[] = {summaryBytes, stateBytes, restBytes, stateRows, restRows, stateArena, restArena, summaryCrc,
		stateCrc, restCrc};
	memcpy(out + 8, words, sizeof words);
	const double range[] = {numMin, numMax, timeMin, timeMax};
	memcpy(out + 48, range, sizeof range);
	memcpy(out + 80, &rawBytes, 4);
	memcpy(out + 84, &seq, 4);
	uint32_t crc = crc32c(out, kCrcAt);
	memcpy(out + kCrcAt, &crc, 4);
}

BlockHeader BlockHeader::read(const uint8_t *in, size_t bytes) {
	if (bytes < kHeaderBytes) throw BlockError("it ends too early");
	uint32_t magic, crc, words[10];
	double range[4];
	memcpy(&magic, in, 4);
	memcpy(&crc, in + kCrcAt, 4);
	if (magic != kBlockMagic) throw BlockError("there is no block at this position");
	if (crc != crc32c(in, kCrcAt)) throw BlockError("the checksum of its header is wrong");
	memcpy(words, in + 8, sizeof words);
	memcpy(range, in + 48, sizeof range);
	BlockHeader h;
	h.kind = in[4];
	h.flags = in[5];
	h.summaryBytes = words[0];
	h.stateBytes = words[1];
	h.restBytes = words[2];
	h.stateRows = words[3];
	h.restRows = words[4];
	h.stateArena = words[5];
	h.restArena = words[6];
	h.summaryCrc = words[7];
	h.stateCrc = words[8];
	h.restCrc = words[9];
	h.numMin = range[0];
	h.numMax = range[1];
	h.timeMin = range[2];
	h.timeMax = range[3];
	memcpy(&h.rawBytes, in + 80, 4);
	memcpy(&h.seq, in + 84, 4);
	auto sum = [](uint64_t a, uint64_t b) { return a + b; };
	if (h.summaryBytes > kMostSummary || sum(h.stateBytes, h.restBytes) > kMostStored ||
		sum(h.stateRows, h.restRows) > kMaxRows || sum(h.stateArena, h.restArena) > kMaxArena || !mayUnpack(h.rawBytes, h.stateBytes))
		throw BlockError("its sizes are impossible");
	return h;
}

std::vector<uint8_t> decodePayload(const uint8_t *block, size_t bytes) {
	BlockHeader h = BlockHeader::read(block, bytes);
	size_t at = kHeaderBytes + h.summaryBytes;
	if (bytes < at + h.stateBytes) throw BlockError("it ends too early");
	if (crc32c(block + at, h.stateBytes) != h.stateCrc) throw BlockError("its checksum is wrong");
	std::vector<uint8_t> out(h.rawBytes);
	size_t n = ZSTD_decompress(out.data(), out.size(), block + at, h.stateBytes);
	if (ZSTD_isError(n) || n != out.size()) throw BlockError("it cannot be decompressed");
	return out;
}

Layouts::Layouts() {
	for (size_t i = 0; i < kCodeLimit; i++) {
		fixed[i] = kUnknown;
		vars[i] = 0;
	}
}

Columns::Columns() {
	num.resize(kMaxRows);
	time.resize(kMaxRows);
	latency.resize(kMaxRows);
	ret.resize(kMaxRows);
	tid.resize(kMaxRows);
	pid.resize(kMaxRows);
	absent.resize(kMaxRows);
	argOff.resize(kMaxRows + 1);
	type.resize(kMaxRows);
	flags.resize(kMaxRows);
	cpu.resize(kMaxRows);
}

void Columns::clear() {
	rows = 0;
	arena.clear();
	argOff[0] = 0;
}

BatchView::BatchView(uint8_t *base, size_t bytes, size_t rowsMax, size_t arenaMax) : capacity(rowsMax), arenaBytes(arenaMax) {
	if (capacity > 1u << 24 || arenaBytes > 1u << 30) throw BlockError("the batch is too large");
	if (capacity * 54 + 4 + arenaBytes > bytes) throw BlockError("the batch is larger than its buffer");
	auto take = [&](auto *&column, size_t n) {
		column = reinterpret_cast<std::remove_reference_t<decltype(column)>>(base);
		base += n * sizeof *column;
	};
	take(num, capacity);
	take(time, capacity);
	take(latency, capacity);
	take(ret, capacity);
	take(tid, capacity);
	take(pid, capacity);
	take(absent, capacity);
	take(argOff, capacity + 1);
	take(type, capacity);
	take(flags, capacity);
	take(cpu, capacity);
	arena = base;
}

namespace {

/* Where the arguments of a row end. Throws if the batch's offsets are invalid. */
uint32_t endOf(const BatchView &b, size_t i) {
	uint32_t start = b.argOff[i], end = b.argEnd ? b.argEnd[i] : b.argOff[i + 1];
	if (start > end || end > b.arenaBytes || end - start > kMaxArena - kArenaGoal)
		throw BlockError("the batch's argument offsets are wrong");
	return end;
}

/* Copies rows from i on that are copied unchanged and whose arguments are contiguous; returns the row after them. */
size_t appendRun(Columns &c, const BatchView &b, size_t i, size_t to, const uint8_t *keep) {
	const size_t first = i, row = c.rows, most = std::min(to, i + (kMaxRows - row));
	const uint32_t from = b.argOff[i];
	const size_t before = c.arena.size();
	uint32_t end = from;
	for (; i < most && before + (end - from) < kArenaGoal && (!keep || keep[i] == 1) && b.argOff[i] == end; i++) {
		end = endOf(b, i);
		c.argOff[row + (i - first) + 1] = uint32_t(before + (end - from));
	}
	const size_t n = i - first;
	auto copy = [&](auto &column, const auto *source) { std::copy(source + first, source + i, column.begin() + long(row)); };
	copy(c.num, b.num);
	copy(c.time, b.time);
	copy(c.latency, b.latency);
	copy(c.ret, b.ret);
	copy(c.tid, b.tid);
	copy(c.pid, b.pid);
	copy(c.absent, b.absent);
	copy(c.type, b.type);
	copy(c.flags, b.flags);
	copy(c.cpu, b.cpu);
	c.arena.insert(c.arena.end(), b.arena + from, b.arena + end);
	c.rows += n;
	return i;
}

} // namespace

size_t appendRows(Columns &c, const BatchView &b, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms) {
	if (to > b.capacity) throw BlockError("the batch has more rows than its capacity");
	size_t i = from;
	while (i < to && !c.full()) {
		if (keep && keep[i] == 0) {
			i++;
			continue;
		}
		const bool hidden = keep && keep[i] == 2;
		if (!hidden && !forms) {
			i = appendRun(c, b, i, to, keep);
			continue;
		}
		i = appendRun(c, b, i, i + 1, nullptr);
		uint16_t &flags = c.flags[c.rows - 1];
		if (hidden) flags |= ROW_HIDDEN;
		if (forms && forms[i - 1] < kMostForms) flags |= uint16_t(forms[i - 1] << kFormShift);
	}
	return i;
}

} // namespace ksys
