// Starts that many operations of io_uring, none of which ends before all have started, and waits for their ends. argv[1]: their number.
#include "ring.h"
#include <poll.h>
#include <sys/eventfd.h>

#define RINGS 64
#define AT_ONCE 16384
#define EACH 65536

static struct ring rings[RINGS];

int main(int argc, char **argv)
{
	long all = argc > 1 ? atol(argv[1]) : 0;
	int fd = eventfd(0, 0), count = (all + EACH - 1) / EACH;
	long ended = 0;
	if (fd < 0 || count > RINGS)
		return 2;
	for (long i = 0; i < all; i++) {
		struct ring *r = &rings[i / EACH];
		if (i % EACH == 0 && ring_open(r, AT_ONCE, EACH, 0))
			return 2;
		ring_next(r, IORING_OP_POLL_ADD, fd, i)->poll32_events = POLLIN;
		if ((i + 1) % AT_ONCE == 0 || i + 1 == all)
			ring_submit(r, i % AT_ONCE + 1);
	}
	if (eventfd_write(fd, 1))
		return 2;
	for (int i = 0; i < count; i++) {
		long here = i + 1 < count ? EACH : all - (long)i * EACH;
		for (long j = 0; j < here; j++)
			ended += ring_wait(&rings[i]).res == POLLIN;
	}
	return ended == all ? 0 : 3;
}
