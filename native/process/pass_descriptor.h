// Messages of one size between two processes, optionally with a descriptor.
#pragma once
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

// False: the other end was closed.
inline bool sendWith(int socket, const void *data, size_t size, int fd)
{
	iovec part = {const_cast<void *>(data), size};
	alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
	msghdr message = {};
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	if (fd >= 0) {
		message.msg_control = space;
		message.msg_controllen = sizeof space;
		cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(head), &fd, sizeof(int));
	}
	ssize_t sent;
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == static_cast<ssize_t>(size);
}

// fd: the received descriptor, -1 for none. False: the other end was closed, or sent a message of another size.
inline bool receiveWith(int socket, void *data, size_t size, int *fd)
{
	iovec part = {data, size};
	alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
	msghdr message = {};
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	message.msg_control = space;
	message.msg_controllen = sizeof space;
	ssize_t got;
	do
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	*fd = -1;
	if (got < 0)
		return false;
	const cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(head), sizeof(int));
	if (got == static_cast<ssize_t>(size) && !(message.msg_flags & MSG_TRUNC))
		return true;
	if (*fd >= 0)
		close(*fd);
	return false;
}
