/* Decompression in steps, independent of Node: gzip members and zstd frames. */
#ifndef KSYS_SCAP_DECOMPRESS_H
#define KSYS_SCAP_DECOMPRESS_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace ksys {

struct Unpacked {
	size_t read = 0, written = 0;
	/* a member or frame ends with what was read; the next run starts another one */
	bool ended = false;
	/* error in the data; what was written before is valid */
	std::string error;
};

class Unpacker {
public:
	virtual ~Unpacker() = default;
	/* Decompresses until one of the buffers is used up or a member ends. */
	virtual Unpacked run(const uint8_t *from, size_t bytes, uint8_t *to, size_t room) = 0;
};

/* kind: "gzip" or "zstd". Throws std::invalid_argument for others, std::bad_alloc. */
std::unique_ptr<Unpacker> makeUnpacker(const std::string &kind);

} // namespace ksys

#endif
