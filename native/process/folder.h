// A folder in which files are made, given their names and removed by a thread that may do no more than the owner of these files.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <vector>

// Whose rights the thread has; -1: those of the process stay.
struct FolderUser {
	int64_t uid = -1, gid = -1;
};

class Folder {
public:
	// A descriptor, a process id or 0; a negative errno when it failed.
	using Done = std::function<void(int)>;

	// fd: the open folder, which stays the caller's. error() tells afterwards whether the thread could become that user.
	Folder(int fd, FolderUser user);
	~Folder();

	// errno of becoming the user, 0 when it went well.
	int error() const { return error_; }

	// Makes a new file of that mode, open for writing and locked; done is given its descriptor.
	void create(std::string name, mode_t mode, Done done);
	// Opens a file to append to it, and makes it where there is none; links are not followed. done is given its descriptor.
	void append(std::string name, Done done);
	// Opens an existing file for writing, and gives it that mode; links are not followed. done is given its descriptor.
	void replace(std::string name, mode_t mode, Done done);
	// Makes a folder; the process's umask applies.
	void makeFolder(std::string name, mode_t mode, Done done);
	// Gives a file another name, which must be free.
	void rename(std::string from, std::string to, Done done);
	// Gives a file another name; a file that has it is replaced.
	void renameOver(std::string from, std::string to, Done done);
	void remove(std::string name, Done done);
	// Starts a program with that user's rights and no way to more: it reads `input`, -1 for nothing, which stays the caller's, and prints
	// to standard error. done is given its process id.
	void start(std::vector<std::string> argv, std::vector<std::string> env, int input, Done done);
	// Sends a signal to a program that was started so, and all that it started.
	void signal(pid_t program, int signal, Done done);

private:
	struct Shared;
	void add(std::function<int()> work, Done done);

	const int fd_;
	int error_ = 0;
	std::shared_ptr<Shared> shared_;
};

// Locks an open file for as long as it is open; false when somebody else has it locked.
bool lockFile(int fd);
