#include "process/folder.h"
#include "process/call_filter.h"
#include <cerrno>
#include <cstring>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

struct Folder::Shared {
	struct Job {
		std::unique_ptr<FolderRequest> request;
		int input;
		Done done;
	};
	int fd;
	// none: the thread does the work
	std::unique_ptr<FolderProcess> process;
	std::mutex lock;
	std::condition_variable wake;
	std::deque<Job> jobs;
	bool closing = false, ended = false;
	Done closed;

	void run()
	{
		std::unique_lock<std::mutex> hold(lock);
		for (;;) {
			wake.wait(hold, [this] { return closing || !jobs.empty(); });
			if (jobs.empty())
				break;
			Job job = std::move(jobs.front());
			jobs.pop_front();
			hold.unlock();
			job.done(process ? process->ask(*job.request, job.input) : doInFolder(fd, *job.request));
			hold.lock();
		}
		process.reset();
		ended = true;
		if (closed)
			closed(0);
	}
};

namespace {

// Copies into an array that ends with a zero byte; false: too long, or it contains a zero byte.
template <size_t N> bool put(std::array<char, N> &place, const std::string &text)
{
	if (text.size() >= N || text.find('\0') != std::string::npos)
		return false;
	memcpy(place.data(), text.c_str(), text.size() + 1);
	return true;
}

} // namespace

bool lockFile(int fd)
{
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno == EINTR)
			continue;
		// if files cannot be locked, this one is not locked
		return errno != EWOULDBLOCK;
	}
	return true;
}

Folder::Folder(int fd, FolderUser user, const FolderProgram &program) : shared_(std::make_shared<Shared>())
{
	shared_->fd = fd;
	if (!callsAreFiltered()) {
		shared_->process = std::make_unique<FolderProcess>(fd, user, program);
		error_ = shared_->process->error();
	} else if (user.uid >= 0 || user.gid >= 0 || !program.argv.empty())
		error_ = EPERM;
	shared_->ended = error_ != 0;
	if (error_ == 0)
		std::thread([shared = shared_] { shared->run(); }).detach();
}

Folder::~Folder()
{
	std::lock_guard<std::mutex> hold(shared_->lock);
	shared_->closing = true;
	shared_->wake.notify_all();
}

void Folder::close(Done done)
{
	std::lock_guard<std::mutex> hold(shared_->lock);
	if (shared_->ended || shared_->closing)
		return done(0);
	shared_->closed = std::move(done);
	shared_->closing = true;
	shared_->wake.notify_all();
}

void Folder::add(std::unique_ptr<FolderRequest> request, int input, Done done)
{
	std::lock_guard<std::mutex> hold(shared_->lock);
	if (shared_->ended || shared_->closing)
		return done(-EBADF);
	shared_->jobs.push_back({std::move(request), input, std::move(done)});
	shared_->wake.notify_one();
}

void Folder::addNamed(FolderRequest::Op op, uint32_t number, const std::string &name, const std::string &to, Done done)
{
	auto request = std::make_unique<FolderRequest>();
	request->op = op;
	request->number = number;
	if (put(request->name, name) && put(request->to, to))
		add(std::move(request), -1, std::move(done));
	else
		done(-ENAMETOOLONG);
}

void Folder::create(const std::string &name, mode_t mode, Done done)
{
	addNamed(FolderRequest::CREATE, mode, name, "", std::move(done));
}

void Folder::replace(const std::string &name, mode_t mode, Done done)
{
	addNamed(FolderRequest::REPLACE, mode, name, "", std::move(done));
}

void Folder::makeFolder(const std::string &name, mode_t mode, Done done)
{
	addNamed(FolderRequest::MAKE_FOLDER, mode, name, "", std::move(done));
}

void Folder::append(const std::string &name, Done done)
{
	addNamed(FolderRequest::APPEND, 0, name, "", std::move(done));
}

void Folder::renameOver(const std::string &from, const std::string &to, Done done)
{
	addNamed(FolderRequest::RENAME_OVER, 0, from, to, std::move(done));
}

void Folder::rename(const std::string &from, const std::string &to, Done done)
{
	addNamed(FolderRequest::RENAME, 0, from, to, std::move(done));
}

void Folder::remove(const std::string &name, Done done)
{
	addNamed(FolderRequest::REMOVE, 0, name, "", std::move(done));
}

void Folder::start(const std::string *argument, int input, Done done)
{
	auto request = std::make_unique<FolderRequest>();
	request->op = FolderRequest::START;
	request->input = input >= 0;
	request->argument = argument != nullptr;
	if (argument && !put(request->word, *argument))
		done(-E2BIG);
	else
		add(std::move(request), input, std::move(done));
}

void Folder::signal(pid_t program, int signal, Done done)
{
	auto request = std::make_unique<FolderRequest>();
	request->op = FolderRequest::SIGNAL;
	request->program = program;
	request->number = static_cast<uint32_t>(signal);
	add(std::move(request), -1, std::move(done));
}
