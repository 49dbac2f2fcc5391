#include "capture/capture.h"
#include "capture/boot_epoch.h"
#include "capture/btf.h"
#include "capture/libbpf_log.h"
#include "capture/named_types.h"
#include "capture/no_signals.h"
#include "capture/parallel_load.h"
#include "capture/table_sizes.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <future>
#include <thread>
#include <sys/mman.h>

extern "C" const unsigned char ksys_bpf_start[], ksys_bpf_end[];

namespace {

constexpr int MAX_CPUS = 1024;

class Fd {
public:
	explicit Fd(int number) : number(number) {}
	~Fd()
	{
		if (number >= 0)
			::close(number);
	}
	const int number;
};

// A map of as many ring buffers, still empty; -1: error in errno.
int tableOfRings(int count)
{
	Fd pattern(bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, sysconf(_SC_PAGESIZE), nullptr));
	if (pattern.number < 0)
		return -1;
	LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = static_cast<uint32_t>(pattern.number));
	return bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "rings", 4, 4, count, &opts);
}

} // namespace

void Capture::open(ksys_config config, uint64_t ringBytes, const Features &without, const Functions &functions)
{
	config.plan.by_call = !functions.empty();
	// the times when calls began tell which of them an overlapping capture has recorded, too (src/cli/rules/last-judged.ts)
	if (config.plan.by_call && !config.plan.count)
		for (ksys_desc &desc : config.descs)
			desc.flags |= DESC_ENTER;
	NamedTypes types;
	unpack(types);
	configure(config, without);
	budget(config.plan, ringBytes);
	prepare(config, without);
	choosePrograms(object, &config.plan, without);
	load(types);
	size_t size;
	openLanes();
	merge.lost = static_cast<const ksys_lost *>(bpf_map__initial_value(mapOf(object, ".bss"), &size));
	merge.skipped = [this] { return skipped(); };
	if (config.plan.count) {
		auto *side = static_cast<uint32_t *>(bpf_map__initial_value(mapOf(object, ".bss.counters"), &size));
		const bool byProgram = config.plan.count & COUNT_PROGRAMS;
		const int fd = bpf_map__fd(mapOf(object, byProgram ? "program_tables" : "counter_tables"));
		if (!(byProgram ? merge.programs.open(fd, cpus, side) : merge.counters.open(fd, cpus, side)))
			fail("counters", errno);
	}
	if (config.plan.ceilings) {
		auto *shared = static_cast<ksys_throttles *>(bpf_map__initial_value(mapOf(object, ".bss.throttles"), &size));
		if (!ceilings.open(bpf_map__fd(mapOf(object, "ceiling_tables")), cpus, shared))
			fail("ceilings", errno);
	}
	merge.startBoot = bootNow();
	merge.counters.began = merge.programs.began = merge.startBoot;
	merge.startReal = config.boot_epoch + merge.startBoot;
	attach(functions);
}

void Capture::tryAll(ksys_config config, const Features &without)
{
	NamedTypes types;
	unpack(types);
	cpus = 1; // the verifier's result does not depend on buffer sizes
	configure(config, without);
	budget(config.plan, 0);
	prepare(config, without);
	choosePrograms(object, nullptr, without);
	load(types);
	close();
}

// Creates the object of all programs, not loaded; when it is loaded, libbpf reads the kernel's types from there.
void Capture::unpack(const NamedTypes &types)
{
	listenToLibbpf();
	const std::string path = types.path();
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "ksys", .btf_custom_path = path.empty() ? nullptr : path.c_str());
	object = bpf_object__open_mem(ksys_bpf_start, ksys_bpf_end - ksys_bpf_start, &opts);
	if (!object)
		fail("open", errno);
	cpus = libbpf_num_possible_cpus();
	if (cpus < 1 || cpus > MAX_CPUS)
		fail("cpus", cpus < 0 ? cpus : ERANGE);
}

// Sets the members that only the addon knows.
void Capture::configure(ksys_config &config, const Features &without)
{
	config.boot_epoch = epochOfBoot();
	// what is needed of the enter side of counted calls is determined elsewhere
	if (config.plan.count && !config.plan.want_latency && !among(without, "counts at exit"))
		config.plan.count |= COUNT_AT_EXIT;
	config.plan.direct_reads = !among(without, "direct reads");
	config.plan.preemptible = !among(without, "preempted programs");
}

// Sets what must be known before load: the configuration and the sizes that depend on it.
void Capture::prepare(const ksys_config &config, const Features &without)
{
	if (int e = bpf_map__set_initial_value(mapOf(object, ".rodata"), &config, sizeof(config)))
		fail("config", e);
	bpf_map__set_max_entries(mapOf(object, "scratches"), cpus * 2);
	bpf_map__set_max_entries(mapOf(object, "rings"), cpus);
	const ksys_plan &p = config.plan;
	const char *counters = !p.count ? nullptr : p.count & COUNT_PROGRAMS ? "program_tables" : "counter_tables";
	for (const std::string map : {"counter_tables", "program_tables"}) {
		bpf_map__set_max_entries(mapOf(object, map.c_str()), cpus);
		if (!counters || map != counters)
			bpf_map__set_autocreate(mapOf(object, map.c_str()), false);
	}
	if (p.ceilings)
		bpf_map__set_max_entries(mapOf(object, "ceiling_tables"), cpus);
	if (!(p.stacks & STACK_KERNEL))
		bpf_map__set_max_entries(mapOf(object, "sleeps"), 1);
	const TableSizes sizes = tableSizes();
	bpf_map__set_max_entries(mapOf(object, "followed"), p.follow_all ? 1 : sizes.followed);
	const std::pair<const char *, uint32_t> uring[] = {
		{"uring_ops", sizes.operations},  {"uring_newest", sizes.operations},      {"uring_paths", sizes.paths},
		{"uring_longs", sizes.longPaths}, {"uring_watches", sizes.uringProcesses},
	};
	for (auto [map, size] : uring)
		bpf_map__set_max_entries(mapOf(object, map), among(without, "io_uring") ? 1 : size);
}

// Loads the programs, several at a time, and creates the buffers meanwhile: the kernel takes long to check the former and to clear the
// latter.
void Capture::load(NamedTypes &types)
{
	NoSignals none;
	int error = 0;
	auto lanes = std::async([this] { return makeChunks(); });
	types.narrow(bpf_object__btf(object));
	Fd memory(lanes.get());
	if (memory.number < 0)
		fail("buffers", -memory.number);
	if (int e = bpf_map__reuse_fd(mapOf(object, "chunks"), memory.number))
		fail("buffers", e);
	Fd table(tableOfRings(cpus));
	if (table.number < 0)
		fail("buffers", errno);
	if (int e = bpf_map__reuse_fd(mapOf(object, "rings"), table.number))
		fail("buffers", e);
	ParallelLoad programs;
	std::thread buffers([&] { error = mapChunks(memory.number) ? makeRings(table.number) : errno; });
	const int e = bpf_object__load(object);
	buffers.join();
	forgetKernel();
	if (e)
		fail("load", e);
	std::string refused;
	if (int failed = programs.finish(refused))
		fail("load", failed, refused.c_str());
	if (error)
		fail("buffers", error);
}

void Capture::close()
{
	detach();
	std::lock_guard<std::mutex> hold(telling);
	for (bpf_link **link : {&timesLink, &callsLink}) {
		if (*link)
			bpf_link__destroy(*link);
		*link = nullptr;
	}
	for (Ring &r : merge.rings)
		r.close();
	if (chunkMemory)
		munmap(chunkMemory, chunkBytes);
	chunkMemory = nullptr;
	merge.counters.close();
	merge.programs.close();
	ceilings.close();
	for (int fd : fds)
		::close(fd);
	fds.clear();
	bpf_object__close(object);
	object = nullptr;
}
