// Files that lie in memory only and have no name.
#pragma once
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/// Makes one: its descriptor, which commands do not inherit; -1 with errno.
inline int memoryFile()
{
	// where vm.memfd_noexec is 2 only those that nobody can run may be made; before Linux 6.3 nothing is known of them
	int fd = memfd_create("ksys", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	return fd < 0 && errno == EINVAL ? memfd_create("ksys", MFD_CLOEXEC) : fd;
}

/// Gives the memory of bytes [from, to) back, which then are zeros; 0, or an errno.
inline int forgetBytes(int fd, uint64_t from, uint64_t to)
{
	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(from), static_cast<off_t>(to - from)) != 0)
		return errno;
	return 0;
}
