// A folder in which files are made, given their names and removed with the rights of whoever they belong to: by a process that can do
// nothing else, which begins while this one still has all its rights. A thread waits for what it does.
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

	// fd: the open folder, which stays the caller's. error() tells afterwards whether the process could become that user. Where this
	// process may start none any more, the thread works with the rights that it has left.
	Folder(int fd, FolderUser user, const FolderProgram &program);
	~Folder();

	// errno of becoming the user, 0 when it went well.
	int error() const { return error_; }

	// Makes a new file of that mode, open for writing, and locked unless somebody else was quicker; done is given its descriptor.
	void create(const std::string &name, mode_t mode, Done done);
	// Opens a file to append to it, and makes it where there is none; links are not followed. done is given its descriptor.
	void append(const std::string &name, Done done);
	// Opens an existing file for writing, and gives it that mode; links are not followed. done is given its descriptor.
	void replace(const std::string &name, mode_t mode, Done done);
	// Makes a folder; the process's umask applies.
	void makeFolder(const std::string &name, mode_t mode, Done done);
	// Gives a file another name, which must be free.
	void rename(const std::string &from, const std::string &to, Done done);
	// Gives a file another name; a file that has it is replaced.
	void renameOver(const std::string &from, const std::string &to, Done done);
	void remove(const std::string &name, Done done);
	// Starts the program with that user's rights and no way to more, as a child of this process: it reads `input`, -1 for nothing,
	// which stays the caller's, and prints to standard error. argument: a last word, where there is one. done is given its process id.
	void start(const std::string *argument, int input, Done done);
	// Sends a signal to a program that was started so, and all that it started.
	void signal(pid_t program, int signal, Done done);

	// Ends the process once what was asked for is done, and lets go of the folder; done is given 0 then. Nothing may be called after it.
	void close(Done done);

private:
	struct Shared;
	void add(std::unique_ptr<FolderRequest> request, int input, Done done);
	void addNamed(FolderRequest::Op op, uint32_t number, const std::string &name, const std::string &to, Done done);

	int error_ = 0;
	std::shared_ptr<Shared> shared_;
};

// Locks an open file for as long as it is open; false when somebody else has it locked.
bool lockFile(int fd);
