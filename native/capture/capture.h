// The BPF programs in the kernel: loaded with a plan, attached, their rings and counters, the iterators of the snapshot.
#pragma once
#include "capture/ceilings.h"
#include "capture/merge.h"
#include "capture/programs.h"
#include <mutex>
#include <string>
#include <vector>

struct bpf_object;
class NamedTypes;
struct bpf_link;

/// Why a capture could not be made: the step that failed, errno, what the kernel or libbpf said, and the program that they
/// refused, empty when it is none in particular.
struct CaptureError {
	std::string step;
	int error;
	std::string log, program;
};

class Capture {
public:
	~Capture() { close(); }
	/// Loads and attaches (config.boot_epoch is filled in); ringBytes is the budget of all rings. What these features are made
	/// of is left out. Throws CaptureError.
	void open(ksys_config config, uint64_t ringBytes, const Features &without);
	/// Loads all programs, whatever the plan wants, but for those of these features; attaches none, and unloads them.
	void tryAll(ksys_config config, const Features &without);
	/// No more records are made, and none is under way; what is in the rings stays readable.
	void detach();
	void close();
	/// What an iterator program (iter_task, iter_file, iter_procinfo) writes: struct ksys_task, ksys_file or ksys_procinfo records;
	/// nothing where the kernel cannot have it. Throws CaptureError.
	std::vector<uint8_t> iterate(const char *program);

	/// What the kernel side knows of the cgroup with this key from now on: slots that no thread in it fulfils (bits), and
	/// KSYS_CGROUP_CONTAINER; false when another one has its place.
	bool markCgroup(uint64_t cgroup, uint32_t marks);

	/// Makes the programs record what each thread has used; only with plan.times. A failure leaves the times as they were.
	void tellTimes();

	/// Makes the programs record the calls that threads are in; only with plan.inflight. A failure records none.
	void tellCalls();

	Merge merge;
	/// Open where the plan has ceilings.
	Ceilings ceilings;
	int cpus = 0;
	size_t ringSize = 0;
	size_t chunks = 0; // of one CPU's lane
	uint32_t chunkSize = KSYS_CHUNK_BYTES; // bytes of an element of the map of chunks

private:
	void unpack(const NamedTypes &types);
	void configure(ksys_config &config, const Features &without);
	void prepare(const ksys_config &config, const Features &without);
	void budget(ksys_plan &plan, uint64_t ringBytes);
	void load(NamedTypes &types);
	int makeRings(int table);
	void openLanes();
	void attach();
	bpf_link *attachIterator(const char *program);
	void tell(bpf_link *link);

	bpf_object *object = nullptr;
	bpf_link *timesLink = nullptr, *callsLink = nullptr;
	std::mutex telling;
	std::vector<bpf_link *> links;
	std::vector<int> fds;
	void *chunkMemory = nullptr;
	size_t chunkBytes = 0;
};
