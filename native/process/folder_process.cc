#include "process/folder_process.h"
#include "process/call_filter.h"
#include "process/call_numbers.h"
#include "process/folder_files.h"
#include "process/fork_memory.h"
#include "process/own_memory.h"
#include "process/own_processes.h"
#include "process/pass_descriptor.h"
#include "process/priority.h"
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace {

constexpr int LAST_CAP = 63;
constexpr int LAST_SIGNAL = 64;
constexpr int CHANNEL = 3, FOLDER = 4, FIRST_OTHER = 5;

// The system calls that it still makes if it runs no program: messages, the files, and its exit.
const std::vector<uint32_t> CALLS = {
	__NR_recvmsg, __NR_sendmsg, __NR_openat, __NR_flock, __NR_fchmod, __NR_close, __NR_unlinkat, __NR_renameat, __NR_renameat2,
	__NR_linkat, __NR_newfstatat, __NR_fstat, __NR_mkdirat, __NR_rt_sigreturn, __NR_restart_syscall, __NR_exit, __NR_exit_group,
};

// Programs that were started last; more never run at once.
constexpr size_t RUNNING = 64;
pid_t started[RUNNING];
size_t startedCount = 0;

// Everything that the fork needs, in memory of its own, because it must not allocate.
struct Plan {
	int socket, folder;
	FolderUser user;
	// with a free slot for one more argument before the end
	char **argv, **env;
	size_t words;
	sock_filter *filter;
	size_t filterSize;
	MemoryPart *needless;
	size_t needlessCount;
};

size_t sizeOf(const FolderProgram &program, size_t filter, size_t parts)
{
	constexpr size_t EACH = sizeof(char *) + alignof(std::max_align_t) + 1;
	size_t size = 4096 + filter * sizeof(sock_filter) + parts * sizeof(MemoryPart);
	for (const auto *all : {&program.argv, &program.env})
		for (const std::string &word : *all)
			size += word.size() + EACH;
	return size;
}

// Credentials by system calls: glibc's own functions would signal threads that a fork does not have.
int become(FolderUser user)
{
	for (int cap = 0; cap <= LAST_CAP; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return errno;
	const uid_t uid = static_cast<uid_t>(user.uid);
	const gid_t gid = static_cast<gid_t>(user.gid);
	if (user.gid >= 0 && (syscall(SYS_setgroups, 0, nullptr) || syscall(SYS_setresgid, gid, gid, gid)))
		return errno;
	if (user.uid >= 0 && syscall(SYS_setresuid, uid, uid, uid))
		return errno;
	__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
	__user_cap_data_struct none[2] = {};
	if (syscall(SYS_capset, &header, none))
		return errno;
	// other processes of that user must not trace it
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? errno : 0;
}

// Closes all descriptors except the two that it needs, and standard error for programs.
void keepDescriptors(const Plan &plan)
{
	// first to numbers beyond the final ones, so that neither overwrites the other
	const int channel = fcntl(plan.socket, F_DUPFD_CLOEXEC, FIRST_OTHER), folder = fcntl(plan.folder, F_DUPFD_CLOEXEC, FIRST_OTHER);
	dup3(channel, CHANNEL, O_CLOEXEC);
	dup3(folder, FOLDER, O_CLOEXEC);
	const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(nothing, STDIN_FILENO);
	if (plan.words == 0)
		dup2(nothing, STDERR_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	fcntl(STDERR_FILENO, F_SETFD, 0);
	if (syscall(SYS_close_range, FIRST_OTHER, ~0U, 0) == 0)
		return;
	rlimit most{};
	getrlimit(RLIMIT_NOFILE, &most);
	for (rlim_t fd = FIRST_OTHER; fd < most.rlim_cur; fd++)
		close(static_cast<int>(fd));
}

// It ends when the other end does: the terminal's interrupt, or a service manager's, must not end it before the last request.
void setSignals()
{
	struct sigaction usual = {}, ignored = {};
	usual.sa_handler = SIG_DFL;
	ignored.sa_handler = SIG_IGN;
	for (int sig = 1; sig <= LAST_SIGNAL; sig++)
		sigaction(sig, &usual, nullptr);
	for (int sig : {SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE})
		sigaction(sig, &ignored, nullptr);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void runProgram(const Plan &plan, int input, int report)
{
	for (int sig = 1; sig <= LAST_SIGNAL; sig++)
		signal(sig, SIG_DFL);
	// in its own group: the terminal's interrupt, which ends ksys, lets it finish
	setpgid(0, 0);
	if (input >= 0)
		dup2(input, STDIN_FILENO);
	execvpe(plan.argv[0], plan.argv, plan.env);
	const int e = errno;
	if (write(report, &e, sizeof e) < 0)
		_exit(126);
	_exit(127);
}

// As a child of this process's parent, which waits for its exit.
int startProgram(const Plan &plan, FolderRequest &request, int input)
{
	if (plan.words == 0)
		return -EPERM;
	request.word.back() = '\0';
	plan.argv[plan.words] = request.argument ? request.word.data() : nullptr;
	int report[2];
	if (pipe2(report, O_CLOEXEC))
		return -errno;
	const long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		runProgram(plan, input, report[1]);
	int result = pid < 0 ? -errno : static_cast<int>(pid), e;
	close(report[1]);
	// the pipe is closed by its exec
	if (pid > 0 && read(report[0], &e, sizeof e) == sizeof e)
		result = -e;
	close(report[0]);
	if (result > 0)
		started[startedCount++ % RUNNING] = result;
	return result;
}

// Only groups of programs that were started here.
int signalProgram(const FolderRequest &request)
{
	for (pid_t pid : started)
		if (pid > 0 && pid == request.program)
			return kill(-pid, static_cast<int>(request.number)) ? -errno : 0;
	return -ESRCH;
}

int answerOf(const Plan &plan, FolderRequest &request, int input)
{
	switch (request.op) {
	case FolderRequest::START:
		return startProgram(plan, request, input);
	case FolderRequest::SIGNAL:
		return signalProgram(request);
	default:
		return doInFolder(FOLDER, request);
	}
}

bool opens(FolderRequest::Op op)
{
	return op == FolderRequest::CREATE || op == FolderRequest::APPEND || op == FolderRequest::REPLACE;
}

[[noreturn]] void serve(const Plan &plan)
{
	static FolderRequest request;
	for (int input; receiveWith(CHANNEL, &request, sizeof request, &input);) {
		const int result = answerOf(plan, request, request.input ? input : -1);
		const bool opened = result >= 0 && opens(request.op);
		const int answer = opened ? 0 : result;
		const bool sent = sendWith(CHANNEL, &answer, sizeof answer, opened ? result : -1);
		if (opened)
			close(result);
		if (input >= 0)
			close(input);
		if (!sent)
			break;
	}
	_exit(0);
}

[[noreturn]] void runFork(const Plan &plan)
{
	setSignals();
	unhurry();
	prctl(PR_SET_NAME, "ksys files", 0, 0, 0);
	keepDescriptors(plan);
	giveUpMemory(plan.needless, plan.needlessCount);
	int error = become(plan.user);
	if (error == 0 && plan.filterSize > 0) {
		error = installFilter(plan.filter, plan.filterSize);
		// a kernel without such filters
		if (error == ENOSYS || error == EINVAL)
			error = 0;
	}
	const bool sent = sendWith(CHANNEL, &error, sizeof error, -1);
	if (error != 0 || !sent)
		_exit(1);
	serve(plan);
}

} // namespace

FolderProcess::FolderProcess(int fd, FolderUser user, const FolderProgram &program)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		error_ = errno;
		return;
	}
	const auto filter = program.argv.empty() ? onlyCalls(CALLS) : std::vector<sock_filter>();
	auto needless = needlessAfterFork();
	ForkMemory memory(sizeOf(program, filter.size(), needless.size()));
	// another thread may have unmapped memory in between, where the plan is now
	std::erase_if(needless, [&memory](const MemoryPart &part) { return memory.overlaps(part.begin, part.end); });
	if (!memory.failed()) {
		Plan *plan = memory.take<Plan>(1);
		*plan = {ends[1], fd, user, memory.words(program.argv), memory.words(program.env), program.argv.size(),
		         memory.copy(filter), filter.size(), memory.copy(needless), needless.size()};
		pid_ = fork();
		if (pid_ == 0)
			runFork(*plan);
		error_ = pid_ < 0 ? errno : 0;
		if (pid_ > 0)
			own_processes::add(pid_);
	} else
		error_ = ENOMEM;
	close(ends[1]);
	socket_ = ends[0];
	int input;
	if (error_ == 0 && !receiveWith(socket_, &error_, sizeof error_, &input))
		error_ = EPIPE;
}

FolderProcess::~FolderProcess()
{
	if (socket_ >= 0)
		close(socket_);
	if (pid_ <= 0)
		return;
	// while its pid cannot be reused
	siginfo_t end;
	while (waitid(P_PID, static_cast<id_t>(pid_), &end, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	own_processes::remove(pid_);
	while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR)
		;
}

int FolderProcess::ask(const FolderRequest &request, int input)
{
	int result, fd;
	if (!sendWith(socket_, &request, sizeof request, input) || !receiveWith(socket_, &result, sizeof result, &fd))
		return -EPIPE;
	if (fd >= 0)
		return fd;
	// it was not received, if this process may open no more
	return result >= 0 && opens(request.op) ? -EMFILE : result;
}
