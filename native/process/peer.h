// Who is at the other end of a unix socket.
#pragma once
#include <sys/socket.h>

/// The user that the other end's process had when it connected or, of a listener, when it began to listen; -1 where the kernel
/// does not say.
inline double peerUser(int fd)
{
	ucred peer{};
	socklen_t size = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? double(peer.uid) : -1;
}
