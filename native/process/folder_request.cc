// Performs a folder request on its files. No memory is allocated: it also runs in a forked process.
#include "process/folder_files.h"
#include "process/folder_process.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace {

// Whether a path consists of names only: none is empty, "." or "..".
bool isInside(const std::array<char, PATH_MAX> &path)
{
	const size_t length = strnlen(path.data(), path.size());
	if (length == path.size())
		return false;
	for (const char *at = path.data();; at++) {
		const size_t part = strcspn(at, "/");
		if (part == 0 || (part <= 2 && strspn(at, ".") >= part))
			return false;
		at += part;
		if (!*at)
			return true;
	}
}

// Length of the folders of a path, including the trailing slash.
size_t lengthOfFolders(const char *path)
{
	const char *last = strrchr(path, '/');
	return last ? static_cast<size_t>(last - path) + 1 : 0;
}

// The last of the folders on a path, none of which is a link; `folder` itself if there is none, else the caller must close it.
// A negative errno if it failed.
int openFolders(int folder, const char *path, size_t length)
{
	int at = folder;
	for (const char *end; length > 0; length -= static_cast<size_t>(end + 1 - path), path = end + 1) {
		char part[NAME_MAX + 1] = "";
		end = static_cast<const char *>(memchr(path, '/', length));
		const bool fits = end - path <= NAME_MAX;
		if (fits)
			memcpy(part, path, static_cast<size_t>(end - path));
		const int next = fits ? openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
		const int error = next >= 0 ? 0 : fits ? errno : ENAMETOOLONG;
		if (at != folder)
			close(at);
		if (error != 0)
			return -error;
		at = next;
	}
	return at;
}

int doWithName(int folder, const FolderRequest &request, const char *name, const char *to)
{
	switch (request.op) {
	case FolderRequest::CREATE:
		return makeFile(folder, name, request.number & 07777);
	case FolderRequest::APPEND:
		return appendFile(folder, name);
	case FolderRequest::REPLACE:
		return replaceFile(folder, name, request.number & 07777);
	case FolderRequest::MAKE_FOLDER:
		return makeFolder(folder, name, request.number & 07777);
	case FolderRequest::RENAME:
		return renameFile(folder, name, to);
	case FolderRequest::RENAME_OVER:
		return renameOver(folder, name, to);
	case FolderRequest::REMOVE:
		return removeFile(folder, name);
	default:
		return -EPERM;
	}
}

} // namespace

int doInFolder(int folder, const FolderRequest &request)
{
	if (!isInside(request.name))
		return -EINVAL;
	const size_t depth = lengthOfFolders(request.name.data());
	const char *name = request.name.data() + depth, *to = request.to.data() + depth;
	const bool renames = request.op == FolderRequest::RENAME || request.op == FolderRequest::RENAME_OVER;
	if (renames && (!isInside(request.to) || lengthOfFolders(request.to.data()) != depth ||
			memcmp(request.name.data(), request.to.data(), depth) != 0))
		return -EINVAL;
	const int in = openFolders(folder, request.name.data(), depth);
	if (in < 0)
		return in;
	const int result = doWithName(in, request, name, to);
	if (in != folder)
		close(in);
	return result;
}
