#include "capture/boot_epoch.h"
#include "capture/merge.h"
#include <ctime>

namespace {

uint64_t realNow()
{
	timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1'000'000'000ull + ts.tv_nsec;
}

} // namespace

uint64_t epochOfBoot()
{
	uint64_t best = ~0ull, offset = 0;
	for (int i = 0; i < 8; i++) {
		uint64_t a = bootNow(), r = realNow(), b = bootNow();
		if (b - a < best) {
			best = b - a;
			offset = r - (a + (b - a) / 2);
		}
	}
	return offset;
}
