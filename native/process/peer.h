// Who is at the other end of a unix socket.
#pragma once
#include <sys/socket.h>

/// The user that the other end's process had when it connected; -1 where that cannot be told.
inline double peerUser(int fd)
{
	ucred peer{};
	socklen_t size = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? double(peer.uid) : -1;
}
