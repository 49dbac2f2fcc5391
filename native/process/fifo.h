// What Node does not tell of a FIFO.
#pragma once
#include <poll.h>

/// Whether a read would not wait: bytes are there, or who wrote has gone. A reader that came first waits until then.
inline bool readable(int fd)
{
	pollfd p{fd, POLLIN, 0};
	return poll(&p, 1, 0) != 0;
}
