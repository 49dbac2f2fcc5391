// A process that creates, renames and removes files in one folder on behalf of this one, which may have given up the privileges
// to do so. It takes requests over a socket, checks each name, and does nothing else; if it runs no program, a system call
// filter enforces this.
#pragma once
#include <array>
#include <climits>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

// The user whose privileges it has; -1: those of the process.
struct FolderUser {
	int64_t uid = -1, gid = -1;
};

// The program that it may start, and its arguments; empty if it starts none.
struct FolderProgram {
	std::vector<std::string> argv, env;
};

// One request: names are paths below the folder, and end with a zero byte.
struct FolderRequest {
	enum Op : uint32_t { CREATE, APPEND, REPLACE, MAKE_FOLDER, RENAME, RENAME_OVER, REMOVE, START, SIGNAL } op = CREATE;
	/// mode of a file or folder; signal that is sent
	uint32_t number = 0;
	/// program that a signal is sent to
	int32_t program = 0;
	// START: the input is passed with the request, and a last argument is added
	bool input = false, argument = false;
	std::array<char, PATH_MAX> name{}, to{}, word{};
};

class FolderProcess {
public:
	// fd: the open folder, which remains the caller's. error() afterwards returns whether it could start.
	FolderProcess(int fd, FolderUser user, const FolderProgram &program);
	~FolderProcess();
	FolderProcess(const FolderProcess &) = delete;
	FolderProcess &operator=(const FolderProcess &) = delete;

	/// An errno; 0: it runs.
	int error() const { return error_; }
	// Sends the request and waits: a descriptor, a process id or 0; a negative errno. input: the program's standard input, -1 for
	// none.
	int ask(const FolderRequest &request, int input);

private:
	pid_t pid_ = -1;
	int socket_ = -1, error_ = 0;
};

// Performs a request on files in this process.
int doInFolder(int folder, const FolderRequest &request);
