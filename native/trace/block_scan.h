/* Whose rows of an event block have one of some texts, or an address with one of some ports, among their arguments. */
#ifndef KSYS_TRACE_BLOCK_SCAN_H
#define KSYS_TRACE_BLOCK_SCAN_H

#include "trace/block_codec.h"

namespace ksys {

struct Holder {
	/* whose row it is, or the process that it is about */
	int32_t pid;
	/* code of the event */
	uint16_t type;
	bool operator==(const Holder &) const = default;
	auto operator<=>(const Holder &) const = default;
};

struct Needles {
	/* of at least one byte */
	std::vector<std::string> texts;
	/* in addresses and pairs of addresses as libs encodes them (src/model/address.ts); what looks like one is taken for one */
	std::vector<uint16_t> ports;
};

/* Looks through a whole block. Each holder is given once. Throws BlockError when the block is damaged or has malformed rows. */
std::vector<Holder> scanEvents(const uint8_t *block, size_t bytes, const Layouts &layouts, const Needles &needles);

} // namespace ksys

#endif
