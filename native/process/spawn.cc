#include "process/spawn.h"
#include "process/priority.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

Stopped spawnStopped(const std::vector<std::string> &args, const std::vector<std::string> &env)
{
	// All memory is allocated before the fork: the child of a process with threads must not allocate.
	std::vector<char *> argv, envp;
	for (const std::string &a : args)
		argv.push_back(const_cast<char *>(a.c_str()));
	for (const std::string &e : env)
		envp.push_back(const_cast<char *>(e.c_str()));
	argv.push_back(nullptr);
	envp.push_back(nullptr);
	int gate[2], report[2];
	if (pipe2(gate, O_CLOEXEC))
		throw std::system_error(errno, std::generic_category());
	if (pipe2(report, O_CLOEXEC)) {
		int e = errno;
		close(gate[0]);
		close(gate[1]);
		throw std::system_error(e, std::generic_category());
	}
	pid_t pid = fork();
	if (pid == 0) {
		for (int sig = 1; sig < 65; sig++)
			signal(sig, SIG_DFL);
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, nullptr);
		// node marks its own standard streams close-on-exec
		for (int fd = 0; fd < 3; fd++)
			fcntl(fd, F_SETFD, 0);
		close(gate[1]);
		unhurry();
		char go;
		if (read(gate[0], &go, 1) != 1)
			_exit(127);
		execvpe(argv[0], argv.data(), envp.data());
		int e = errno;
		if (write(report[1], &e, sizeof(e)) < 0)
			_exit(126);
		_exit(127);
	}
	int e = errno;
	close(gate[0]);
	close(report[1]);
	if (pid < 0) {
		close(gate[1]);
		close(report[0]);
		throw std::system_error(e, std::generic_category());
	}
	return {pid, gate[1], report[0]};
}

int resumeStopped(Stopped &child)
{
	int error = 0;
	if (child.gate < 0)
		return 0;
	if (write(child.gate, "g", 1) == 1) {
		ssize_t n;
		do
			n = read(child.report, &error, sizeof(error));
		while (n < 0 && errno == EINTR);
		if (n != sizeof(error))
			error = 0;
	}
	close(child.gate);
	close(child.report);
	child.gate = child.report = -1;
	return error;
}

int waitStopped(int pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}
