/* Walks over MessagePack without creating values. Of the types, those that src/trace/pack.ts writes. */
#ifndef KSYS_TRACE_MSGPACK_WALK_H
#define KSYS_TRACE_MSGPACK_WALK_H

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace ksys {

/* Throws Malformed at what is not MessagePack, too deep, or longer than the data. */
class MsgpackWalk {
public:
	struct Malformed : std::runtime_error {
		using runtime_error::runtime_error;
	};

	MsgpackWalk(const uint8_t *data, size_t bytes, size_t at) : p_(data + at), start_(data), end_(data + bytes) {
		if (at > bytes) throw Malformed("it ends too early");
	}

	size_t offset() const { return size_t(p_ - start_); }

	/* Number of items of the list here; the walk continues at the first one. */
	size_t list() {
		uint8_t c = take();
		if ((c & 0xf0) == 0x90) return items(c & 15);
		if (c == 0xdc) return items(size_t(number(2)));
		if (c == 0xdd) return items(size_t(number(4)));
		throw Malformed("a list is missing");
	}

	/* Number of keys of the map here; the walk continues at the first key. */
	size_t map() {
		uint8_t c = take();
		if ((c & 0xf0) == 0x80) return items(2 * size_t(c & 15)) / 2;
		if (c == 0xde) return items(2 * size_t(number(2))) / 2;
		if (c == 0xdf) return items(2 * size_t(number(4))) / 2;
		throw Malformed("a map is missing");
	}

	std::string_view text() {
		uint8_t c = take();
		if ((c & 0xe0) == 0xa0) return raw(c & 31);
		if (c == 0xd9) return raw(size_t(number(1)));
		if (c == 0xda) return raw(size_t(number(2)));
		if (c == 0xdb) return raw(size_t(number(4)));
		throw Malformed("a text is missing");
	}

	/* An integer of 32 bits. */
	int32_t integer() {
		uint8_t c = take();
		if (c < 0x80) return c;
		if (c >= 0xe0) return int8_t(c);
		int64_t value;
		if (c >= 0xcc && c <= 0xce) value = int64_t(number(1u << (c - 0xcc)));
		else if (c == 0xd0) value = int8_t(number(1));
		else if (c == 0xd1) value = int16_t(number(2));
		else if (c == 0xd2) value = int32_t(number(4));
		else throw Malformed("an integer is missing");
		if (value > INT32_MAX) throw Malformed("an integer is too large");
		return int32_t(value);
	}

	void skip(int depth = 0) {
		uint8_t c = *peek();
		if ((c & 0xf0) == 0x80 || c == 0xde || c == 0xdf) return pass(2 * map(), depth);
		if ((c & 0xf0) == 0x90 || c == 0xdc || c == 0xdd) return pass(list(), depth);
		p_++;
		if (c < 0x80 || c >= 0xe0 || c == 0xc0 || c == 0xc2 || c == 0xc3) return;
		if (c < 0xc0) raw(c & 31);
		else if (c == 0xc4 || c == 0xd9) raw(size_t(number(1)));
		else if (c == 0xc5 || c == 0xda) raw(size_t(number(2)));
		else if (c == 0xc6 || c == 0xdb) raw(size_t(number(4)));
		else if (c >= 0xcc && c <= 0xcf) raw(size_t(1) << (c - 0xcc));
		else if (c >= 0xd0 && c <= 0xd3) raw(size_t(1) << (c - 0xd0));
		else if (c == 0xca) raw(4);
		else if (c == 0xcb) raw(8);
		else throw Malformed("a value has an unexpected type");
	}

	/* The next byte, which has the type of a value. */
	const uint8_t *peek() const {
		if (p_ == end_) throw Malformed("it ends too early");
		return p_;
	}

private:
	static constexpr int kMaxDepth = 16;

	uint8_t take() {
		uint8_t c = *peek();
		p_++;
		return c;
	}

	uint64_t number(size_t bytes) {
		uint64_t value = 0;
		for (char c : raw(bytes)) value = value << 8 | uint8_t(c);
		return value;
	}

	std::string_view raw(size_t bytes) {
		if (bytes > size_t(end_ - p_)) throw Malformed("a value exceeds the data");
		std::string_view out(reinterpret_cast<const char *>(p_), bytes);
		p_ += bytes;
		return out;
	}

	/* Each item takes a byte at least. */
	size_t items(size_t count) const {
		if (count > size_t(end_ - p_)) throw Malformed("a list is longer than the data");
		return count;
	}

	void pass(size_t count, int depth) {
		if (depth >= kMaxDepth) throw Malformed("it is too deep");
		for (size_t i = 0; i < count; i++) skip(depth + 1);
	}

	const uint8_t *p_;
	const uint8_t *const start_, *const end_;
};

} // namespace ksys

#endif
