/* Whose rows of an event block have one of some texts among their arguments. */
#ifndef KSYS_BLOCK_SCAN_H
#define KSYS_BLOCK_SCAN_H

#include "block_codec.h"

namespace ksys {

struct Holder {
	/* whose row it is, or the process that it is about */
	int32_t pid;
	/* code of the event */
	uint16_t type;
	bool operator==(const Holder &) const = default;
	auto operator<=>(const Holder &) const = default;
};

/* Looks through a whole block, for texts of at least one byte. Each holder is given once. Throws BlockError when the block is
 * damaged or has malformed rows. */
std::vector<Holder> scanEvents(const uint8_t *block, size_t bytes, const Layouts &layouts, const std::vector<std::string> &texts);

} // namespace ksys

#endif
