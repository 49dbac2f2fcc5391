// A folder in which files are created, renamed and removed with the privileges of the files' owner: by a process that can do
// nothing else, which starts while this one still has all its privileges. A thread waits for its results.
#pragma once
#include "process/folder_process.h"
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>

class Folder {
public:
	// A descriptor, a process id or 0; a negative errno when it failed.
	using Done = std::function<void(int)>;

	// fd: the open folder, which remains the caller's. error() afterwards returns whether the process could become that user. If
	// this process cannot start another one, the thread works with the remaining privileges.
	Folder(int fd, FolderUser user, const FolderProgram &program);
	~Folder();

	// errno of changing to the user, 0 if it succeeded.
	int error() const { return error_; }

	// Creates a file of that mode, open for writing, and locked unless another process locked it first; done gets its descriptor.
	void create(const std::string &name, mode_t mode, Done done);
	// Opens a file to append to it, and creates it if there is none; links are not followed. done gets its descriptor.
	void append(const std::string &name, Done done);
	// Opens an existing file for writing, and sets its mode; links are not followed. done gets its descriptor.
	void replace(const std::string &name, mode_t mode, Done done);
	// Creates a folder; the process's umask applies.
	void makeFolder(const std::string &name, mode_t mode, Done done);
	// Renames a file; the new name must be free.
	void rename(const std::string &from, const std::string &to, Done done);
	// Renames a file; a file that has the new name is replaced.
	void renameOver(const std::string &from, const std::string &to, Done done);
	void remove(const std::string &name, Done done);
	// Starts the program with that user's privileges and no way to more, as a child of this process: it reads `input`, -1 for
	// none, which remains the caller's, and prints to standard error. argument: an additional last argument, if any. done gets its
	// process id.
	void start(const std::string *argument, int input, Done done);
	// Sends a signal to a program that was started this way, and to all that it started.
	void signal(pid_t program, int signal, Done done);

	// Ends the process once the pending requests are done, and closes the folder; done then gets 0. No method may be called after
	// it.
	void close(Done done);

private:
	struct Shared;
	void add(std::unique_ptr<FolderRequest> request, int input, Done done);
	void addNamed(FolderRequest::Op op, uint32_t number, const std::string &name, const std::string &to, Done done);

	int error_ = 0;
	std::shared_ptr<Shared> shared_;
};

// Locks an open file for as long as it is open; false if another process has locked it.
bool lockFile(int fd);
