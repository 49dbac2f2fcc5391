#include "process/folder_files.h"
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

namespace {

constexpr mode_t PRIVATE = 0600;

int result(int r)
{
	return r < 0 ? -errno : r;
}

} // namespace

int makeFile(int folder, const char *name, mode_t mode)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, PRIVATE);
	if (fd < 0)
		return -errno;
	// a process that checks whether the file is being written may have locked it: the requester retries
	while (flock(fd, LOCK_EX | LOCK_NB) && errno == EINTR)
		;
	if (fchmod(fd, mode) == 0)
		return fd;
	int e = errno;
	unlinkat(folder, name, 0);
	close(fd);
	return -e;
}

int appendFile(int folder, const char *name)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	return result(openat(folder, name, flags, PRIVATE));
}

int replaceFile(int folder, const char *name, mode_t mode)
{
	const int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	// setting the mode requires that user's privileges
	struct stat found;
	if (fstat(fd, &found) == 0 && (!S_ISREG(found.st_mode) || (found.st_mode & 07777) == mode || fchmod(fd, mode) == 0))
		return fd;
	const int e = errno;
	close(fd);
	return -e;
}

int makeFolder(int folder, const char *name, mode_t mode)
{
	return result(mkdirat(folder, name, mode));
}

// For file systems that cannot rename without replacing: gives the file a second name for a while.
int renameFile(int folder, const char *from, const char *to)
{
	if (syscall(SYS_renameat2, folder, from, folder, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (linkat(folder, from, folder, to, 0) == 0)
		return result(unlinkat(folder, from, 0));
	if (errno != EPERM && errno != EOPNOTSUPP)
		return -errno;
	struct stat there;
	if (syscall(SYS_newfstatat, folder, to, &there, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return result(renameat(folder, from, folder, to));
}

int renameOver(int folder, const char *from, const char *to)
{
	return result(renameat(folder, from, folder, to));
}

int removeFile(int folder, const char *name)
{
	return result(unlinkat(folder, name, 0));
}
