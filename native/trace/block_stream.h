/* Streams: the pieces of an event block's section, written and read. Internal to the block codec. */
#ifndef KSYS_TRACE_BLOCK_STREAM_H
#define KSYS_TRACE_BLOCK_STREAM_H

#include "trace/block_codec.h"

#include <utility>

namespace ksys {

/* Appends one stream: mode, raw size, stored size, bytes; the smallest of constant, zstd and raw. */
void putStream(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level);

/* The same in frames that can be decompressed separately: each starts at one of the offsets `at`, which ascend. A new frame
 * starts when the present one is large enough. */
void putFrames(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level, const std::vector<uint32_t> &at);

/* Bytes from the first to the second; lists of them are ascending and do not overlap. */
using Range = std::pair<uint32_t, uint32_t>;

/* Reads streams one after the other. */
class StreamReader {
public:
	StreamReader(const uint8_t *data, size_t bytes) : at_(data), end_(data + bytes) {}
	/* Raw size of the next stream. */
	size_t peek() const;
	/* Skips the next stream. */
	void pass() { next(peek()); }
	/* Decompresses the next stream, of exactly `bytes`, to out. */
	void read(uint8_t *out, size_t bytes);
	/* The same, but only the bytes in these ranges are guaranteed; others are left unchanged if frames allow it. */
	void read(uint8_t *out, size_t bytes, const std::vector<Range> &wanted);
	/* The next stream as a list of at most `most` values. */
	template <typename T> void list(std::vector<T> &v, size_t most) {
		size_t n = peek();
		if (n % sizeof(T) || n / sizeof(T) > most) throw BlockError("a list has an impossible size");
		v.resize(n / sizeof(T));
		read(reinterpret_cast<uint8_t *>(v.data()), n);
	}
	bool done() const { return at_ == end_; }

private:
	struct Stored {
		uint8_t mode;
		const uint8_t *data;
		size_t bytes;
	};
	/* Skips the next stream, which must have that many raw bytes. */
	Stored next(size_t bytes);

	const uint8_t *at_, *end_;
};

/* The values whose bytes, low ones first, are in `Bytes` planes. The loop is written for vectorization. */
template <int Bytes, typename T>
__attribute__((optimize("O3"))) void join(T *__restrict to, const uint8_t *const *plane, size_t rows) {
	const uint8_t *__restrict a = plane[0], *__restrict b = plane[1], *__restrict c = plane[Bytes - 1];
	if constexpr (Bytes == 2)
		for (size_t i = 0; i < rows; i++) to[i] = T(a[i] | b[i] << 8);
	else
		for (size_t i = 0; i < rows; i++) to[i] = T(a[i] | b[i] << 8 | c[i] << 16);
}

} // namespace ksys

#endif
