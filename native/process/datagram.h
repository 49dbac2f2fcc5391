// Sends a message to a unix datagram socket: Node does not support these.
#pragma once
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

// Sends a datagram to the socket at a path, or at an abstract address, written with @ in front. 0, or an errno: EINVAL if the
// address is neither. If the reader is slow it waits for at most a second, or with `waits` false not at all (EAGAIN).
inline int sendDatagram(const std::string &address, const std::string &text, const bool waits)
{
	sockaddr_un to{};
	to.sun_family = AF_UNIX;
	const bool abstract = address.starts_with('@');
	if (!(abstract || address.starts_with('/')) || address.size() < 2 || address.size() >= sizeof to.sun_path)
		return EINVAL;
	memcpy(to.sun_path, address.data(), address.size());
	if (abstract)
		to.sun_path[0] = '\0';
	const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size() + (abstract ? 0 : 1));
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	const timeval patience{1, 0};
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	const int flags = MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT);
	const ssize_t sent = sendto(fd, text.data(), text.size(), flags, reinterpret_cast<sockaddr *>(&to), length);
	const int error = sent < 0 ? errno : 0;
	close(fd);
	return error;
}
