/* gzip by zlib, zstd by its library. */
#include "scap/decompress.h"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <zlib.h>
#include <zstd.h>

namespace ksys {

namespace {

class Gzip : public Unpacker {
public:
	Gzip() {
		/* 16: with a gzip header, and a checksum that is compared */
		if (inflateInit2(&z_, MAX_WBITS + 16) != Z_OK) throw std::bad_alloc();
	}
	~Gzip() override { inflateEnd(&z_); }

	Unpacked run(const uint8_t *from, size_t bytes, uint8_t *to, size_t room) override {
		Unpacked made;
		if (over_) {
			inflateReset(&z_);
			over_ = false;
		}
		z_.next_in = const_cast<uint8_t *>(from);
		z_.avail_in = uInt(std::min<size_t>(bytes, kMost));
		z_.next_out = to;
		z_.avail_out = uInt(std::min<size_t>(room, kMost));
		int result = inflate(&z_, Z_NO_FLUSH);
		made.read = size_t(z_.next_in - from);
		made.written = size_t(z_.next_out - to);
		if (result == Z_STREAM_END) over_ = made.ended = true;
		else if (result == Z_NEED_DICT) made.error = "it needs a dictionary";
		else if (result != Z_OK && result != Z_BUF_ERROR) made.error = z_.msg != nullptr ? z_.msg : "no memory";
		return made;
	}

private:
	static constexpr size_t kMost = 1u << 30;
	z_stream z_{};
	bool over_ = false;
};

class Zstd : public Unpacker {
public:
	Zstd() : stream_(ZSTD_createDStream(), ZSTD_freeDStream) {
		if (!stream_) throw std::bad_alloc();
	}

	Unpacked run(const uint8_t *from, size_t bytes, uint8_t *to, size_t room) override {
		Unpacked made;
		ZSTD_inBuffer in{from, bytes, 0};
		ZSTD_outBuffer out{to, room, 0};
		size_t left;
		do {
			left = ZSTD_decompressStream(stream_.get(), &out, &in);
		} while (!ZSTD_isError(left) && left != 0 && in.pos < in.size && out.pos < out.size);
		made.read = in.pos;
		made.written = out.pos;
		made.ended = left == 0;
		if (ZSTD_isError(left)) made.error = ZSTD_getErrorName(left);
		return made;
	}

private:
	std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream *)> stream_;
};

} // namespace

std::unique_ptr<Unpacker> makeUnpacker(const std::string &kind) {
	if (kind == "gzip") return std::make_unique<Gzip>();
	if (kind == "zstd") return std::make_unique<Zstd>();
	throw std::invalid_argument("there is no decompression of that name");
}

} // namespace ksys
