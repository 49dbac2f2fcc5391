/* Blocks of one payload: see payload_encoder.h. */
#include "trace/payload_encoder.h"
#include "trace/block_codec.h"

#include <new>
#include <string>
#include <utility>
#include <zstd.h>

namespace ksys {

namespace {

constexpr int kLevel = 3;
/* bytes that wait to be compressed together: smaller payloads are compressed by finish(), at once */
constexpr size_t kPiece = 256 << 10;
constexpr char kTooMuch[] = "there is more to store than a block can hold";

} // namespace

PayloadEncoder::PayloadEncoder() : zstd_(ZSTD_createCCtx(), ZSTD_freeCCtx), block_(kHeaderBytes) {
	if (zstd_ == nullptr) throw std::bad_alloc();
	ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, kLevel);
}

PayloadEncoder::~PayloadEncoder() = default;

void PayloadEncoder::add(const uint8_t *piece, size_t bytes) {
	bytes_ += bytes;
	if (bytes_ > kMaxLargePayload) return;
	waiting_.insert(waiting_.end(), piece, piece + bytes);
	if (waiting_.size() >= kPiece) compress(false);
}

void PayloadEncoder::compress(bool last) {
	ZSTD_inBuffer in = {waiting_.data(), waiting_.size(), 0};
	for (size_t left = 1; last ? left != 0 : in.pos < in.size;) {
		const size_t used = block_.size();
		block_.resize(used + ZSTD_compressBound(in.size - in.pos));
		ZSTD_outBuffer out = {block_.data(), block_.size(), used};
		left = ZSTD_compressStream2(zstd_.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
		block_.resize(out.pos);
		if (ZSTD_isError(left)) throw BlockError(std::string("compression failed: ") + ZSTD_getErrorName(left));
	}
	waiting_.clear();
}

std::vector<uint8_t> PayloadEncoder::finish(uint8_t kind, uint32_t seq, double num, double time) {
	if (bytes_ > kMaxLargePayload) throw BlockError(kTooMuch);
	compress(true);
	const uint8_t *stored = block_.data() + kHeaderBytes;
	const size_t bytes = block_.size() - kHeaderBytes;
	if (!mayUnpack(bytes_, bytes)) throw BlockError(kTooMuch);
	BlockHeader h;
	h.kind = kind;
	h.seq = seq;
	h.stateBytes = uint32_t(bytes);
	h.stateCrc = crc32c(stored, bytes);
	h.rawBytes = uint32_t(bytes_);
	h.numMin = h.numMax = num;
	h.timeMin = h.timeMax = time;
	h.write(block_.data());
	return std::move(block_);
}

} // namespace ksys
