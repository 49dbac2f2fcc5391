// The user at the other end of a unix socket.
#pragma once
#include <sys/socket.h>

// The user that the other end's process had when it connected or, for a listener, when it started to listen; -1 if the kernel
// does not provide it.
inline double peerUser(int fd)
{
	ucred peer{};
	socklen_t size = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? double(peer.uid) : -1;
}
