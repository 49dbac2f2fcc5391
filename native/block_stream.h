/* Streams: the pieces that a part of an event block consists of, written and read. Internal to the block codec. */
#ifndef KSYS_BLOCK_STREAM_H
#define KSYS_BLOCK_STREAM_H

#include "block_codec.h"

namespace ksys {

/* zstd's levels. Measured on a mixed load: 5.7 bytes a call become 5.3 for 0.1 us more. */
constexpr int kFast = 1, kThorough = 5;

/* Appends one stream: mode, raw size, stored size, bytes; the smallest of constant, zstd and raw. */
void putStream(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level);

/* Reads streams one after the other. */
class StreamReader {
public:
	StreamReader(const uint8_t *data, size_t bytes) : at_(data), end_(data + bytes) {}
	/* Raw size of the next stream. */
	size_t peek() const;
	/* Decompresses the next stream, of exactly `bytes`, to out. */
	void read(uint8_t *out, size_t bytes);
	/* The next stream as a list of at most so many values. */
	template <typename T> void list(std::vector<T> &v, size_t most) {
		size_t n = peek();
		if (n % sizeof(T) || n / sizeof(T) > most) throw BlockError("a list has an impossible size");
		v.resize(n / sizeof(T));
		read(reinterpret_cast<uint8_t *>(v.data()), n);
	}
	bool done() const { return at_ == end_; }

private:
	const uint8_t *at_, *end_;
};

/* The values whose bytes, low ones first, lie in `Bytes` planes. The loop is one for vector instructions. */
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
