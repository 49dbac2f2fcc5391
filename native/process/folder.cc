#include "process/folder.h"
#include "process/priority.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <linux/capability.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

struct Folder::Shared {
	struct Job {
		std::function<int()> work;
		Done done;
	};
	std::mutex lock;
	std::condition_variable wake;
	std::deque<Job> jobs;
	bool closing = false;

	void run()
	{
		std::unique_lock<std::mutex> hold(lock);
		for (;;) {
			wake.wait(hold, [this] { return closing || !jobs.empty(); });
			if (jobs.empty())
				return;
			Job job = std::move(jobs.front());
			jobs.pop_front();
			hold.unlock();
			job.done(job.work());
			hold.lock();
		}
	}
};

namespace {

constexpr int LAST_CAP = 63;
constexpr mode_t PRIVATE = 0600;

// Credentials belong to threads: glibc's own functions would change those of all.
int become(FolderUser user)
{
	unhurry();
	for (int cap = 0; cap <= LAST_CAP; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	const uid_t uid = static_cast<uid_t>(user.uid);
	const gid_t gid = static_cast<gid_t>(user.gid);
	if (user.gid >= 0 && (syscall(SYS_setgroups, 0, nullptr) || syscall(SYS_setresgid, gid, gid, gid)))
		return errno;
	if (user.uid >= 0 && syscall(SYS_setresuid, uid, uid, uid))
		return errno;
	__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
	__user_cap_data_struct none[2] = {};
	return syscall(SYS_capset, &header, none) ? errno : 0;
}

int makeFile(int folder, const std::string &name, mode_t mode)
{
	int fd = openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, PRIVATE);
	if (fd < 0)
		return -errno;
	// whoever looks whether it is written has it locked for a moment; where files cannot be locked this fails at once
	while (flock(fd, LOCK_EX) && errno == EINTR)
		;
	if (fchmod(fd, mode) == 0)
		return fd;
	int e = errno;
	unlinkat(folder, name.c_str(), 0);
	close(fd);
	return -e;
}

// Nobody's FIFO makes this wait.
int appendFile(int folder, const std::string &name)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	const int fd = openat(folder, name.c_str(), flags, PRIVATE);
	return fd < 0 ? -errno : fd;
}

// A device or a FIFO in the file's place must not make this wait; whoever asked looks at what was opened. The mode changes with that
// user's rights only.
int replaceFile(int folder, const std::string &name, mode_t mode)
{
	const int fd = openat(folder, name.c_str(), O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	struct stat found;
	if (fstat(fd, &found) == 0 && (!S_ISREG(found.st_mode) || (found.st_mode & 07777) == mode || fchmod(fd, mode) == 0))
		return fd;
	const int e = errno;
	close(fd);
	return -e;
}

// File systems that cannot rename without replacing can have a second name for a while.
int renameFree(int folder, const char *from, const char *to)
{
	if (syscall(SYS_renameat2, folder, from, folder, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (linkat(folder, from, folder, to, 0) == 0)
		return unlinkat(folder, from, 0) ? -errno : 0;
	if (errno != EPERM && errno != EOPNOTSUPP)
		return -errno;
	if (faccessat(folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(folder, from, folder, to) ? -errno : 0;
}

std::vector<char *> pointers(std::vector<std::string> &words)
{
	std::vector<char *> p;
	for (std::string &w : words)
		p.push_back(w.data());
	p.push_back(nullptr);
	return p;
}

int startProgram(std::vector<std::string> &argv, std::vector<std::string> &env, int input)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	if (input < 0)
		posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDERR_FILENO);
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setpgroup(&attr, 0);
	// this thread may be in a hurry, as all are
	sched_param ordinary = {};
	posix_spawnattr_setschedpolicy(&attr, SCHED_OTHER);
	posix_spawnattr_setschedparam(&attr, &ordinary);
	// of its own group: the terminal's interrupt, which ends ksys, lets it finish
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP |
					POSIX_SPAWN_SETSCHEDULER);
	pid_t pid = -1;
	int e = posix_spawnp(&pid, argv[0].c_str(), &files, &attr, pointers(argv).data(), pointers(env).data());
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return e != 0 ? -e : pid;
}

} // namespace

bool lockFile(int fd)
{
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno == EINTR)
			continue;
		// where files cannot be locked nobody has this one locked
		return errno != EWOULDBLOCK;
	}
	return true;
}

Folder::Folder(int fd, FolderUser user) : fd_(fd), shared_(std::make_shared<Shared>())
{
	auto became = std::make_shared<std::promise<int>>();
	std::future<int> result = became->get_future();
	std::thread([shared = shared_, became, user] {
		int error = become(user);
		became->set_value(error);
		if (error == 0)
			shared->run();
	}).detach();
	error_ = result.get();
}

Folder::~Folder()
{
	std::lock_guard<std::mutex> hold(shared_->lock);
	shared_->closing = true;
	shared_->wake.notify_all();
}

void Folder::add(std::function<int()> work, Done done)
{
	std::lock_guard<std::mutex> hold(shared_->lock);
	shared_->jobs.push_back({std::move(work), std::move(done)});
	shared_->wake.notify_one();
}

void Folder::create(std::string name, mode_t mode, Done done)
{
	add([fd = fd_, name, mode] { return makeFile(fd, name, mode); }, std::move(done));
}

void Folder::append(std::string name, Done done)
{
	add([fd = fd_, name] { return appendFile(fd, name); }, std::move(done));
}

void Folder::replace(std::string name, mode_t mode, Done done)
{
	add([fd = fd_, name, mode] { return replaceFile(fd, name, mode); }, std::move(done));
}

void Folder::makeFolder(std::string name, mode_t mode, Done done)
{
	add([fd = fd_, name, mode] { return mkdirat(fd, name.c_str(), mode) ? -errno : 0; }, std::move(done));
}

void Folder::rename(std::string from, std::string to, Done done)
{
	add([fd = fd_, from, to] { return renameFree(fd, from.c_str(), to.c_str()); }, std::move(done));
}

void Folder::renameOver(std::string from, std::string to, Done done)
{
	add([fd = fd_, from, to] { return renameat(fd, from.c_str(), fd, to.c_str()) ? -errno : 0; }, std::move(done));
}

void Folder::remove(std::string name, Done done)
{
	add([fd = fd_, name] { return unlinkat(fd, name.c_str(), 0) ? -errno : 0; }, std::move(done));
}

void Folder::start(std::vector<std::string> argv, std::vector<std::string> env, int input, Done done)
{
	add([argv = std::move(argv), env = std::move(env), input]() mutable { return startProgram(argv, env, input); }, std::move(done));
}

void Folder::signal(pid_t program, int signal, Done done)
{
	// each is the first of a group of its own
	add([program, signal] { return kill(-program, signal) ? -errno : 0; }, std::move(done));
}
