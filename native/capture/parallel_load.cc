#include "capture/parallel_load.h"
#include "capture/libbpf_log.h"
#include <bpf/bpf.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace {

// Shorter programs are loaded in less than a millisecond.
constexpr size_t LONG_PROGRAM = 500;
// The kernel may need some ten megabytes to check a program.
constexpr int MAX_THREADS = 4;
constexpr size_t LOG_MIN = 1 << 16, LOG_MAX = 1 << 24;

thread_local ParallelLoad *current;

int processors()
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

std::vector<char> copyOf(const void *bytes, size_t size)
{
	const auto *from = static_cast<const char *>(bytes);
	return from ? std::vector<char>(from, from + size) : std::vector<char>();
}

} // namespace

extern "C" int __real_bpf_prog_load(bpf_prog_type type, const char *name, const char *license, const bpf_insn *insns, size_t count,
				    bpf_prog_load_opts *opts);

// A program with all that libbpf passes to the kernel, in memory of its own.
struct LoadRequest {
	bpf_prog_type type;
	std::string name, license;
	std::vector<bpf_insn> insns;
	bpf_prog_load_opts opts;
	std::vector<char> functions, lines;
	int placeholder = -1;
	int fd = -1, error = 0;

	int load(char *log = nullptr, size_t size = 0)
	{
		bpf_prog_load_opts all = opts;
		all.func_info = functions.empty() ? nullptr : functions.data();
		all.line_info = lines.empty() ? nullptr : lines.data();
		all.log_buf = log;
		all.log_size = static_cast<uint32_t>(size);
		all.log_level = log ? 1 : 0;
		return __real_bpf_prog_load(type, name.c_str(), license.c_str(), insns.data(), insns.size(), &all);
	}

	// Loads it once more, for the kernel's log, which is stored as libbpf would report it.
	void explain()
	{
		std::vector<char> log(LOG_MIN);
		int again;
		while ((again = load(log.data(), log.size())) == -ENOSPC && log.size() < LOG_MAX)
			log.assign(log.size() * 4, 0);
		if (again >= 0)
			::close(again);
		const std::string prefix = "libbpf: prog '" + name + "': ";
		note(prefix + "BPF program load failed: " + strerror(error) + '\n');
		if (log[0])
			note(prefix + "-- BEGIN PROG LOAD LOG --\n" + log.data() + prefix + "-- END PROG LOAD LOG --\n");
	}
};

// libbpf calls this for each program, and for those with which it tries out what the kernel supports.
extern "C" int __wrap_bpf_prog_load(bpf_prog_type type, const char *name, const char *license, const bpf_insn *insns, size_t count,
				    bpf_prog_load_opts *opts)
{
	if (current && name && license && opts && count >= LONG_PROGRAM && opts->log_level == 0) {
		int placeholder = current->take({type, name, license, {insns, insns + count}, *opts,
						 copyOf(opts->func_info, size_t(opts->func_info_cnt) * opts->func_info_rec_size),
						 copyOf(opts->line_info, size_t(opts->line_info_cnt) * opts->line_info_rec_size)});
		if (placeholder >= 0)
			return placeholder;
	}
	return __real_bpf_prog_load(type, name, license, insns, count, opts);
}

ParallelLoad::ParallelLoad()
{
	const int count = std::min(processors(), MAX_THREADS);
	if (count < 2)
		return;
	try {
		for (int i = 0; i < count; i++)
			threads.emplace_back([this] { work(); });
	} catch (const std::system_error &) {
		// a limit of threads: those that exist load all programs, or libbpf does
	}
	if (!threads.empty())
		current = this;
}

ParallelLoad::~ParallelLoad()
{
	join();
	for (LoadRequest &r : requests)
		if (r.fd >= 0)
			::close(r.fd);
}

int ParallelLoad::take(LoadRequest request)
{
	// any program serves: what libbpf does with the descriptor before all are loaded, binding maps, does not matter
	const bpf_insn nothing[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
	LIBBPF_OPTS(bpf_prog_load_opts, none, .token_fd = request.opts.token_fd);
	request.placeholder = __real_bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, nullptr, "GPL", nothing, std::size(nothing), &none);
	if (request.placeholder < 0)
		return -1;
	std::lock_guard<std::mutex> hold(lock);
	requests.push_back(std::move(request));
	more.notify_one();
	return requests.back().placeholder;
}

void ParallelLoad::work()
{
	std::unique_lock<std::mutex> hold(lock);
	for (;;) {
		more.wait(hold, [this] { return begun < requests.size() || complete; });
		if (begun == requests.size())
			return;
		LoadRequest &r = requests[begun++]; // stays where it is when others are added
		hold.unlock();
		r.fd = r.load();
		r.error = r.fd < 0 ? -r.fd : 0;
		hold.lock();
	}
}

void ParallelLoad::join()
{
	current = nullptr;
	{
		std::lock_guard<std::mutex> hold(lock);
		complete = true;
		more.notify_all();
	}
	for (std::thread &t : threads)
		t.join();
	threads.clear();
}

int ParallelLoad::finish(std::string &program)
{
	join();
	for (LoadRequest &r : requests) {
		if (r.fd < 0) {
			r.explain();
			program = r.name;
			return r.error;
		}
		if (dup3(r.fd, r.placeholder, O_CLOEXEC) < 0) {
			program = r.name;
			return errno;
		}
	}
	return 0;
}
