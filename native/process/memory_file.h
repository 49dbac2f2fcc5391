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

/// Gives the memory of all bytes before `end` back, which then are zeros; 0, or an errno. From the beginning each time: a page
/// of which this takes the first part only goes with the next one.
inline int forgetBytes(int fd, uint64_t end)
{
	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(end)) != 0)
		return errno;
	return 0;
}
