/* Builds a block of one compressed payload (metadata, snapshots, index) from pieces, so that a large payload never exists as a whole. */
#ifndef KSYS_TRACE_PAYLOAD_ENCODER_H
#define KSYS_TRACE_PAYLOAD_ENCODER_H

#include <cstdint>
#include <memory>
#include <vector>

struct ZSTD_CCtx_s;

namespace ksys {

class PayloadEncoder {
public:
	PayloadEncoder();
	~PayloadEncoder();
	/* Appends to the payload. Throws BlockError if it cannot be compressed. */
	void add(const uint8_t *piece, size_t bytes);
	/* The block; add() must not follow. time: of a keyframe. Throws BlockError, also if there is more than a block can hold. */
	std::vector<uint8_t> finish(uint8_t kind, uint32_t seq, double num, double time);

private:
	void compress(bool last);

	std::unique_ptr<ZSTD_CCtx_s, size_t (*)(ZSTD_CCtx_s *)> zstd_;
	/* what was added and is not compressed */
	std::vector<uint8_t> waiting_;
	/* the block so far, with space for its header */
	std::vector<uint8_t> block_;
	/* of the payload */
	size_t bytes_ = 0;
};

} // namespace ksys

#endif
