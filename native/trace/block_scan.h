/* Finds processes with rows in an event block that have one of some texts, or an address with one of some ports, among their arguments. */
#ifndef KSYS_TRACE_BLOCK_SCAN_H
#define KSYS_TRACE_BLOCK_SCAN_H

#include "trace/block_codec.h"

namespace ksys {

struct Holder {
	/* the row's process, or the process that the row describes */
	int32_t pid;
	/* code of the event */
	uint16_t type;
	bool operator==(const Holder &) const = default;
	auto operator<=>(const Holder &) const = default;
};

struct Needles {
	/* of at least one byte */
	std::vector<std::string> texts;
	/* in addresses and pairs of addresses in libs' encoding (src/model/address.ts); bytes that look like one are included */
	std::vector<uint16_t> ports;
};

/* Searches a whole block. Each holder is returned once. Throws BlockError if the block is damaged or has malformed rows. */
std::vector<Holder> scanEvents(const uint8_t *block, size_t bytes, const Layouts &layouts, const Needles &needles);

} // namespace ksys

#endif
