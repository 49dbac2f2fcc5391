// State of a FIFO that Node does not provide.
#pragma once
#include <poll.h>

// Whether a read would not block: bytes are available, or the writer has closed it. A reader that opened it first waits until
// then.
inline bool readable(int fd)
{
	pollfd p{fd, POLLIN, 0};
	return poll(&p, 1, 0) != 0;
}
