/* Streams and parts of an event block. */
#include "block_part.h"

#include <cmath>
#include <cstring>
#include <zstd.h>

namespace ksys {

namespace {

enum Mode : uint8_t { kRaw, kConstant, kZstd };
constexpr size_t kStreamHead = 9;
constexpr size_t kWorthPacking = 48;

void putU32(uint8_t *p, size_t v) {
	uint32_t w = v;
	memcpy(p, &w, 4);
}
uint32_t getU32(const uint8_t *p) {
	uint32_t w;
	memcpy(&w, p, 4);
	return w;
}

struct Compressor {
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	~Compressor() { ZSTD_freeCCtx(ctx); }
};
struct Decompressor {
	ZSTD_DCtx *ctx = ZSTD_createDCtx();
	~Decompressor() { ZSTD_freeDCtx(ctx); }
};
thread_local Compressor compressor;
thread_local Decompressor decompressor;

bool constant(const uint8_t *data, size_t bytes) {
	return bytes > 0 && memcmp(data, data + 1, bytes - 1) == 0;
}

/* Whether bytes are spread so evenly that compressing them is a waste: low bytes of times are. Looks at a sample. */
bool noise(const uint8_t *data, size_t bytes) {
	constexpr size_t sample = 4096;
	if (bytes < sample) return false;
	const uint8_t *p = data + (bytes - sample) / 2;
	uint16_t seen[2][256] = {};
	for (size_t i = 0; i < sample; i += 2) {
		seen[0][p[i]]++;
		seen[1][p[i + 1]]++;
	}
	double bits = 0;
	for (int v = 0; v < 256; v++)
		if (int n = seen[0][v] + seen[1][v]) bits -= n * std::log2(double(n) / sample);
	return bits > 7.75 * sample;
}

/* The values whose bytes, low ones first, lie in `Bytes` planes. The loop is one for vector instructions. */
template <typename T, int Bytes>
__attribute__((optimize("O3"))) std::unique_ptr<T[]> joined(const uint8_t *const *plane, size_t rows) {
	std::unique_ptr<T[]> made(new T[rows]);
	T *__restrict to = made.get();
	const uint8_t *__restrict a = plane[0], *__restrict b = plane[1], *__restrict c = plane[Bytes - 1];
	if constexpr (Bytes == 2)
		for (size_t i = 0; i < rows; i++) to[i] = T(a[i] | b[i] << 8);
	else
		for (size_t i = 0; i < rows; i++) to[i] = T(a[i] | b[i] << 8 | c[i] << 16);
	return made;
}

} // namespace

void putStream(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level) {
	size_t head = out.size();
	uint8_t mode = kRaw;
	if (bytes > 1 && constant(data, bytes)) {
		mode = kConstant;
		out.resize(head + kStreamHead);
		out.push_back(data[0]);
	} else if (bytes >= kWorthPacking && !noise(data, bytes)) {
		size_t room = ZSTD_compressBound(bytes);
		out.resize(head + kStreamHead + room);
		size_t n = ZSTD_compressCCtx(compressor.ctx, out.data() + head + kStreamHead, room, data, bytes, level);
		if (!ZSTD_isError(n) && n < bytes) {
			mode = kZstd;
			out.resize(head + kStreamHead + n);
		}
	}
	if (mode == kRaw) {
		out.resize(head + kStreamHead);
		out.insert(out.end(), data, data + bytes);
	}
	out[head] = mode;
	putU32(&out[head + 1], bytes);
	putU32(&out[head + 5], out.size() - head - kStreamHead);
}

size_t StreamReader::peek() const {
	if (size_t(end_ - at_) < kStreamHead) throw BlockError("a part ends too early");
	return getU32(at_ + 1);
}

void StreamReader::read(uint8_t *out, size_t bytes) {
	if (peek() != bytes) throw BlockError("a column has an impossible size");
	uint8_t mode = at_[0];
	size_t stored = getU32(at_ + 5);
	const uint8_t *data = at_ + kStreamHead;
	if (stored > size_t(end_ - data)) throw BlockError("a part ends too early");
	at_ = data + stored;
	if (mode == kRaw && stored == bytes) {
		if (bytes) memcpy(out, data, bytes);
	} else if (mode == kConstant && stored == 1) {
		if (bytes) memset(out, data[0], bytes);
	} else if (mode == kZstd) {
		size_t n = ZSTD_decompressDCtx(decompressor.ctx, out, bytes, data, stored);
		if (ZSTD_isError(n) || n != bytes) throw BlockError("a column cannot be decompressed");
	} else {
		throw BlockError("a column is stored in an unknown way");
	}
}

void Part::load(const uint8_t *data, size_t bytes, size_t rowCount, size_t arenaBytes, size_t bitmapBytes) {
	rows = rowCount;
	StreamReader in(data, bytes);
	auto list = [&](auto &v, size_t width, size_t most) {
		size_t n = in.peek();
		if (n % width || n / width > most) throw BlockError("a list has an impossible size");
		v.resize(n / width);
		in.read(reinterpret_cast<uint8_t *>(v.data()), n);
	};
	list(threads, 8, rows);
	list(kinds, 8, rows);
	constexpr size_t planes = kPlaneLast - kPlaneFirst + 1;
	memory.reset(new uint8_t[planes * rows + arenaBytes + kSlack]);
	uint8_t *at = memory.get();
	const uint8_t *plane[S_COUNT] = {};
	for (int s = kPlaneFirst; s <= kPlaneLast; s++, at += rows) {
		in.read(at, rows);
		plane[s] = at;
	}
	num = plane[S_NUM];
	time = joined<uint32_t, 3>(&plane[S_TIME0], rows);
	latency = joined<uint32_t, 3>(&plane[S_LAT0], rows);
	ret = joined<uint16_t, 2>(&plane[S_RET0], rows);
	thread = joined<uint16_t, 2>(&plane[S_THREAD0], rows);
	kind = joined<uint16_t, 2>(&plane[S_KIND0], rows);
	cpu = joined<uint16_t, 2>(&plane[S_CPU0], rows);
	const std::unique_ptr<uint16_t[]> lengths = joined<uint16_t, 2>(&plane[S_LEN0], rows);
	std::vector<uint32_t> longs;
	list(wide, 8, rows * 4);
	list(longs, 4, rows);
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
	double v = wide[wideAt++];
	if (!(std::fabs(v) <= 0x1p64) || v != std::trunc(v)) throw BlockError("a number is out of range");
	return v;
}

} // namespace ksys
