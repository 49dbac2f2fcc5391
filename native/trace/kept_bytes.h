/* Uninitialized memory that a thread reuses from block to block: fresh pages of the kernel would take as much time as the compression of
 * the block. Internal to the block codec. */
#ifndef KSYS_TRACE_KEPT_BYTES_H
#define KSYS_TRACE_KEPT_BYTES_H

#include <cstddef>
#include <cstdint>
#include <memory>

namespace ksys {

class KeptBytes {
public:
	/* Room for that many bytes, with any content, until the next call. */
	uint8_t *take(size_t bytes) {
		if (bytes > bytes_) {
			memory_.reset();
			bytes_ = 0;
			memory_.reset(new uint8_t[bytes]);
			bytes_ = bytes;
		}
		return memory_.get();
	}
	/* Called when the bytes are not needed any more: frees what is unusually large. */
	void give() {
		if (bytes_ <= kKept) return;
		bytes_ = 0;
		memory_.reset();
	}

private:
	static constexpr size_t kKept = 8 << 20;

	std::unique_ptr<uint8_t[]> memory_;
	size_t bytes_ = 0;
};

} // namespace ksys

#endif
