// A process that makes, names and removes files in one folder for this one, which may have given up the rights to. It takes requests
// over a socket, checks each name, and does nothing else; where it runs no program, a filter of its system calls holds it to that.
#pragma once
#include <array>
#include <climits>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

/// Whose rights it has; -1: those of the process stay.
struct FolderUser {
	int64_t uid = -1, gid = -1;
};

/// The program that it may start, in words; none where it starts nothing.
struct FolderProgram {
	std::vector<std::string> argv, env;
};

/// One request: names are paths below the folder, and end with a zero byte.
struct FolderRequest {
	enum Op : uint32_t { CREATE, APPEND, REPLACE, MAKE_FOLDER, RENAME, RENAME_OVER, REMOVE, START, SIGNAL } op = CREATE;
	/// mode of a file or folder; signal that is sent
	uint32_t number = 0;
	/// program that a signal is sent to
	int32_t program = 0;
	/// START: the input comes with the request, and a last argument is added
	bool input = false, argument = false;
	std::array<char, PATH_MAX> name{}, to{}, word{};
};

class FolderProcess {
public:
	/// fd: the open folder, which stays the caller's. error() tells afterwards whether it could begin.
	FolderProcess(int fd, FolderUser user, const FolderProgram &program);
	~FolderProcess();
	FolderProcess(const FolderProcess &) = delete;
	FolderProcess &operator=(const FolderProcess &) = delete;

	/// An errno; 0: it runs.
	int error() const { return error_; }
	/// Has it done, and waits: a descriptor, a process id or 0; a negative errno. input: what a program reads, -1 for nothing.
	int ask(const FolderRequest &request, int input);

private:
	pid_t pid_ = -1;
	int socket_ = -1, error_ = 0;
};

/// Does what is asked for with files, in this process.
int doInFolder(int folder, const FolderRequest &request);
