// The BPF programs in the kernel: loaded with a plan, attached, their ring buffers and counters, the iterators of the snapshot.
#pragma once
#include "capture/ceilings.h"
#include "capture/merge.h"
#include "capture/programs.h"
#include "growing_bytes.h"
#include <mutex>
#include <string>
#include <vector>

struct bpf_object;
class NamedTypes;
struct bpf_link;
struct bpf_program;

// Why a capture could not be created: the step that failed, errno, the message of the kernel or libbpf, and the rejected
// program, empty if it is none in particular.
struct CaptureError {
	std::string step;
	int error;
	std::string log, program;
};

using Functions = std::vector<std::string>;

class Capture {
public:
	~Capture() { close(); }
	// Loads and attaches (config.boot_epoch is filled in); ringBytes is the budget of all buffers. Programs of the features in
	// `without` are not loaded. functions: the kernel's functions of the calls at which programs run; none: at the tracepoints of all
	// calls. Throws CaptureError.
	void open(ksys_config config, uint64_t ringBytes, const Features &without, const Functions &functions);
	// Loads all programs, independent of the plan, except those of these features; attaches none, and unloads them.
	void tryAll(ksys_config config, const Features &without);
	// With programs at functions of calls: detaches that at the tracepoint of all calls' ends once it is no longer needed.
	void detachTracepoint();
	// The capture ends: no more records are written, and none is being written; those up to now stay readable.
	void detach();
	void close();
	// Output of an iterator program (iter_task, iter_file, iter_procinfo): struct ksys_task, ksys_file or ksys_procinfo records;
	// empty if the kernel does not support it. Throws CaptureError.
	GrowingBytes iterate(const char *program);

	// Sets the kernel side's marks of the cgroup with this key: slots that no thread in it can fulfil (bits), and
	// KSYS_CGROUP_CONTAINER; false if another cgroup has its entry.
	bool markCgroup(uint64_t cgroup, uint32_t marks);

	// Requests for judgements of threads (bpf/judged.h) since the last call. Some may be missing: they are repeated.
	std::vector<ksys_request> requests();
	// Answers the request of a thread at that time: slots that it cannot fulfil (bits).
	void judge(uint32_t tid, uint64_t time, uint16_t slots);

	// Makes the programs record what each thread has used; only with plan.times. If it fails, the times stay as they were.
	void tellTimes();

	// Makes the programs record the calls that threads are in; only with plan.inflight. If it fails, none is recorded.
	void tellCalls();

	// Number of CPUs that the machine has, of those that are possible (cpus).
	int presentCount() const;

	Merge merge;
	// Open if the plan has ceilings.
	Ceilings ceilings;
	int cpus = 0;
	size_t ringSize = 0;
	size_t chunks = 0; // of the lane of a CPU that is present
	uint32_t chunkSize = KSYS_CHUNK_BYTES; // bytes of an element of the map of chunks

private:
	void unpack(const NamedTypes &types);
	void configure(ksys_config &config, const Features &without);
	void prepare(const ksys_config &config, const Features &without);
	void budget(ksys_plan &plan, uint64_t ringBytes);
	size_t chunksOf(int cpu) const;
	size_t allChunks() const;
	void load(NamedTypes &types);
	int makeChunks() const;
	bool mapChunks(int map);
	int makeRings(int table);
	void openLanes();
	void attach(const Functions &functions);
	bpf_link *attachOne(bpf_program *program, const Functions &functions);
	void findBegunBefore();
	ksys_begun_before &begunBefore();
	uint64_t skipped();
	bpf_link *attachIterator(const char *program);
	void tell(bpf_link *link);

	bpf_object *object = nullptr;
	bpf_link *timesLink = nullptr, *callsLink = nullptr;
	bpf_link *endsLink = nullptr; // of the tracepoint of all calls' ends, with programs at functions of calls
	int functionsLink = -1; // descriptor of the link of these functions
	uint64_t missedCalls = 0; // that it had when it was detached
	std::mutex telling;
	std::vector<bpf_link *> links;
	std::vector<int> fds;
	std::vector<bool> present; // by CPU
	size_t leastChunks = 1; // of the lane of any other CPU
	uint64_t answered = 0; // number of the last request that requests() has returned
	void *chunkMemory = nullptr;
	size_t chunkBytes = 0;
};
