/* Streams of an event block. */
#include "trace/block_stream.h"
#include "trace/kept_bytes.h"

#include <cmath>
#include <cstring>
#include <zstd.h>

namespace ksys {

namespace {

enum Mode : uint8_t { kRaw, kConstant, kZstd };
constexpr size_t kStreamHead = 9;
constexpr size_t kWorthPacking = 48;
/* Minimum raw bytes of a frame, except the last. Measured on a mixed load: a trace is 3 % larger than with one frame; with
 * 64 KiB it would be 9 %. */
constexpr size_t kFrame = 256 << 10;

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
thread_local KeptBytes packed;
thread_local Decompressor decompressor;

bool constant(const uint8_t *data, size_t bytes) {
	return bytes > 0 && memcmp(data, data + 1, bytes - 1) == 0;
}

/* Whether bytes are distributed so evenly that compressing them is a waste, as for low bytes of times. Checks a sample. */
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

/* Compresses to one frame; returns its bytes, 0 if that failed. */
size_t pack(uint8_t *to, size_t room, const uint8_t *data, size_t bytes, int level) {
	size_t made = ZSTD_compressCCtx(compressor.ctx, to, room, data, bytes, level);
	return ZSTD_isError(made) ? 0 : made;
}

/* Decompresses the frames that contain wanted bytes. */
void unpack(uint8_t *out, size_t bytes, const uint8_t *data, size_t stored, const std::vector<Range> &wanted) {
	size_t at = 0, w = 0;
	for (const uint8_t *p = data, *end = data + stored; p < end;) {
		size_t left = size_t(end - p), n = ZSTD_findFrameCompressedSize(p, left);
		unsigned long long raw = ZSTD_getFrameContentSize(p, left);
		if (ZSTD_isError(n) || raw > bytes - at) throw BlockError("a column cannot be decompressed");
		while (w < wanted.size() && wanted[w].second <= at) w++;
		if (w < wanted.size() && wanted[w].first < at + raw && ZSTD_decompressDCtx(decompressor.ctx, out + at, raw, p, n) != raw)
			throw BlockError("a column cannot be decompressed");
		at += raw;
		p += n;
	}
	if (at != bytes) throw BlockError("a column cannot be decompressed");
}

} // namespace

void putStream(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level) {
	putFrames(out, data, bytes, level, {});
}

void putFrames(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level, const std::vector<uint32_t> &at) {
	uint8_t head[kStreamHead] = {kRaw};
	const uint8_t *stored = data;
	size_t n = bytes;
	if (bytes > 1 && constant(data, bytes)) {
		head[0] = kConstant;
		n = 1;
	} else if (bytes >= kWorthPacking && !noise(data, bytes)) {
		std::vector<size_t> ends;
		size_t most = 0, begin = 0;
		auto cut = [&](size_t end) {
			ends.push_back(end);
			most += ZSTD_compressBound(end - begin);
			begin = end;
		};
		for (uint32_t place : at)
			if (place >= begin + kFrame && place < bytes) cut(place);
		cut(bytes);
		uint8_t *to = packed.take(most);
		size_t made = 0;
		bool failed = false;
		begin = 0;
		for (size_t end : ends) {
			size_t frame = pack(to + made, most - made, data + begin, end - begin, level);
			failed = failed || frame == 0;
			made += frame;
			begin = end;
		}
		if (!failed && made < bytes) {
			head[0] = kZstd;
			stored = to;
			n = made;
		}
	}
	putU32(head + 1, bytes);
	putU32(head + 5, n);
	out.insert(out.end(), head, head + kStreamHead);
	out.insert(out.end(), stored, stored + n);
	packed.give();
}

size_t StreamReader::peek() const {
	if (size_t(end_ - at_) < kStreamHead) throw BlockError("a part ends too early");
	return getU32(at_ + 1);
}

StreamReader::Stored StreamReader::next(size_t bytes) {
	if (peek() != bytes) throw BlockError("a column has an impossible size");
	Stored found = {at_[0], at_ + kStreamHead, getU32(at_ + 5)};
	if (found.bytes > size_t(end_ - found.data)) throw BlockError("a section ends too early");
	at_ = found.data + found.bytes;
	return found;
}

void StreamReader::read(uint8_t *out, size_t bytes) { read(out, bytes, {{0, uint32_t(bytes)}}); }

void StreamReader::read(uint8_t *out, size_t bytes, const std::vector<Range> &wanted) {
	auto [mode, data, stored] = next(bytes);
	if (mode == kRaw && stored == bytes) {
		if (bytes) memcpy(out, data, bytes);
	} else if (mode == kConstant && stored == 1) {
		if (bytes) memset(out, data[0], bytes);
	} else if (mode == kZstd) {
		unpack(out, bytes, data, stored, wanted);
	} else {
		throw BlockError("a column is stored in an unknown way");
	}
}

} // namespace ksys
