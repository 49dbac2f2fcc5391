/* Streams of an event block. */
#include "block_stream.h"

#include <cmath>
#include <cstring>
#include <memory>
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
/* what is kept of it from stream to stream is bounded */
constexpr size_t kKept = 8 << 20;

/* Room for compressed bytes, not initialized. */
class Room {
public:
	uint8_t *take(size_t bytes) {
		if (bytes > bytes_) {
			bytes_ = bytes;
			memory_.reset(new uint8_t[bytes]);
		}
		return memory_.get();
	}
	void give() {
		if (bytes_ <= kKept) return;
		bytes_ = 0;
		memory_.reset();
	}

private:
	std::unique_ptr<uint8_t[]> memory_;
	size_t bytes_ = 0;
};
thread_local Room packed;
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

} // namespace

void putStream(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level) {
	uint8_t head[kStreamHead] = {kRaw};
	const uint8_t *stored = data;
	size_t n = bytes;
	if (bytes > 1 && constant(data, bytes)) {
		head[0] = kConstant;
		n = 1;
	} else if (bytes >= kWorthPacking && !noise(data, bytes)) {
		size_t most = ZSTD_compressBound(bytes);
		uint8_t *to = packed.take(most);
		size_t made = ZSTD_compressCCtx(compressor.ctx, to, most, data, bytes, level);
		if (!ZSTD_isError(made) && made < bytes) {
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

} // namespace ksys
