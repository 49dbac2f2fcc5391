// Files that exist in memory only and have no name.
#pragma once
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

// Creates one: its descriptor, close-on-exec; -1 with errno.
inline int memoryFile()
{
	// if vm.memfd_noexec is 2 only files that are not executable may be created; before Linux 6.3 the flag is unknown
	int fd = memfd_create("ksys", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	return fd < 0 && errno == EINVAL ? memfd_create("ksys", MFD_CLOEXEC) : fd;
}

// Frees the memory of all bytes before `end`, which then are zeros; 0, or an errno. From the start each time: a page whose
// first part this covers is only freed by the next call.
inline int forgetBytes(int fd, uint64_t end)
{
	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(end)) != 0)
		return errno;
	return 0;
}
