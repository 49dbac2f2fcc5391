/* The current event of a walk over a .scap file, and how its bytes are read. Internal to the walk. */
#ifndef KSYS_SCAP_EVENT_H
#define KSYS_SCAP_EVENT_H

#include "abi.h"
#include "scap/walk.h"

#include <cstring>

namespace ksys::scap {

/* Flag of a block: the event only keeps the state correct. */
constexpr uint32_t kStateOnly = 1;
constexpr double kTwo32 = 4294967296.0;

template <typename T> T load(const uint8_t *at) {
	T v;
	memcpy(&v, at, sizeof v);
	return v;
}

struct Walk::Event {
	const uint8_t *cpuAt, *base, *stop;
	double time;
	int32_t tid;
	uint32_t flags;
	uint16_t code;
	Role role;
	int n, wide;
};

} // namespace ksys::scap

#endif
