// A running capture: attaches programs, configures what they drop, and triggers iterators.
#include "capture/capture.h"
#include "capture/call_hooks.h"
#include "capture/libbpf_log.h"
#include "capture/quiesce.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>
#include <sys/random.h>
#include <unistd.h>

namespace {

// Bytes to read of an iterator's output at once: the kernel returns less.
constexpr size_t ITERATED = 1 << 20;

// The tracepoint's exit side is attached last: a call that enters in the meantime is complete when it returns. Both sides of calls
// follow the programs for exits of threads, which free the state that these store for a thread.
int turn(const bpf_program *p)
{
	const std::string_view name = bpf_program__name(p);
	return name.starts_with("on_sys_exit") ? 2 : name.starts_with("on_sys_enter") || name == "on_call" ? 1 : 0;
}

} // namespace

// Programs of one tracepoint run in the order in which they are attached: that of the object.
void Capture::attach(const Functions &functions)
{
	ksys_begun_before &before = begunBefore();
	before.attached = !functions.empty();
	std::vector<bpf_program *> order;
	bpf_program *p;
	bpf_object__for_each_program(p, object)
		if (bpf_program__autoload(p) && std::string_view(bpf_program__name(p)).starts_with("on_"))
			order.push_back(p);
	std::ranges::stable_sort(order, {}, turn);
	for (bpf_program *program : order) {
		bpf_link *link = attachOne(program, functions);
		if (!link)
			fail("attach", errno, bpf_program__name(program));
		links.push_back(link);
	}
	if (!functions.empty()) {
		endsLink = links.back();
		links.pop_back();
		findBegunBefore();
	}
	timesLink = attachIterator("iter_times");
	callsLink = attachIterator("iter_calls");
}

bpf_link *Capture::attachOne(bpf_program *program, const Functions &functions)
{
	if (std::string_view(bpf_program__name(program)) != "on_call")
		return bpf_program__attach(program);
	const HookList hooks(functions);
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = hooks.names(), .cookies = hooks.cookies(), .cnt = hooks.count(), .session = true);
	bpf_link *link = bpf_program__attach_kprobe_multi_opts(program, nullptr, &opts);
	if (link)
		functionsLink = bpf_link__fd(link);
	return link;
}

// Runs the iterator that counts the calls of which programs at functions see no end.
void Capture::findBegunBefore()
{
	bpf_link *link = attachIterator("iter_begun_before");
	tell(link);
	bpf_link__destroy(link);
}

ksys_begun_before &Capture::begunBefore()
{
	size_t size;
	return *static_cast<ksys_begun_before *>(bpf_map__initial_value(mapOf(object, ".bss.before"), &size));
}

void Capture::detachTracepoint()
{
	std::lock_guard<std::mutex> hold(telling);
	if (!endsLink)
		return;
	ksys_begun_before &before = begunBefore();
	if (__atomic_load_n(&before.calls, __ATOMIC_SEQ_CST) != 0)
		return;
	bpf_link__destroy(endsLink);
	endsLink = nullptr;
	before.attached = 0;
}

// How many ends of calls the kernel did not show at most: it skipped the program, or had no memory left to note the return of a function.
uint64_t Capture::skipped()
{
	return timesSkipped(lastChance(object)) + (functionsLink < 0 ? missedCalls : callsMissed(functionsLink));
}

// Attaches an iterator program that records when it is read; null if the plan does not need it.
bpf_link *Capture::attachIterator(const char *program)
{
	bpf_program *p = bpf_object__find_program_by_name(object, program);
	if (!bpf_program__autoload(p))
		return nullptr;
	bpf_link *link = bpf_program__attach_iter(p, nullptr);
	if (!link)
		fail("attach", errno, program);
	return link;
}

void Capture::detach()
{
	if (links.empty())
		return;
	// Detaching one program after another takes up to a second. The capture ends before the first, for all its programs: a record of
	// one that is still attached would claim that nothing that precedes it is missing.
	merge.until = bootNow();
	{
		std::lock_guard<std::mutex> hold(telling);
		if (endsLink)
			bpf_link__destroy(endsLink);
		endsLink = nullptr;
	}
	missedCalls = skipped() - timesSkipped(lastChance(object));
	functionsLink = -1;
	for (; !links.empty(); links.pop_back())
		bpf_link__destroy(links.back());
	awaitPrograms();
}

bool Capture::markCgroup(uint64_t cgroup, uint32_t marks)
{
	if (!object || cgroup >> (64 - KSYS_CGROUP_MARKS) || marks >> KSYS_CGROUP_MARKS)
		return false;
	size_t size;
	auto *table = static_cast<ksys_cgroup_table *>(bpf_map__initial_value(mapOf(object, ".bss.cgroups"), &size));
	unsigned long long &entry = table->marks[KSYS_CGROUP_ENTRY(cgroup)];
	if (entry != 0 && entry >> KSYS_CGROUP_MARKS != cgroup)
		return marks == 0;
	__atomic_store_n(&entry, marks == 0 ? 0 : cgroup << KSYS_CGROUP_MARKS | marks, __ATOMIC_RELAXED);
	__atomic_fetch_add(&table->changes, 1, __ATOMIC_SEQ_CST);
	return true;
}

std::vector<ksys_request> Capture::requests()
{
	std::vector<ksys_request> found;
	if (!object)
		return found;
	size_t size;
	auto *all = static_cast<ksys_judgements *>(bpf_map__initial_value(mapOf(object, ".bss.judged"), &size));
	const uint64_t made = __atomic_load_n(&all->requested, __ATOMIC_ACQUIRE);
	answered = std::max(answered, made > KSYS_REQUESTS ? made - KSYS_REQUESTS : 0);
	for (; answered < made; answered++) {
		const ksys_request &entry = all->requests[answered & (KSYS_REQUESTS - 1)];
		if (__atomic_load_n(&entry.number, __ATOMIC_ACQUIRE) < answered + 1)
			break; // it is being written
		ksys_request request = entry;
		if (__atomic_load_n(&entry.number, __ATOMIC_ACQUIRE) == answered + 1)
			found.push_back(request);
	}
	return found;
}

void Capture::judge(uint32_t tid, uint64_t time, uint16_t slots)
{
	if (!object)
		return;
	size_t size;
	auto *all = static_cast<ksys_judgements *>(bpf_map__initial_value(mapOf(object, ".bss.judged"), &size));
	__atomic_store_n(&all->entries[tid & (KSYS_JUDGED - 1)].judgement, KSYS_REQUEST_ID(tid, time) << 16 | slots, __ATOMIC_RELAXED);
}

void Capture::tellTimes()
{
	std::lock_guard<std::mutex> hold(telling);
	tell(timesLink);
}

void Capture::tellCalls()
{
	std::lock_guard<std::mutex> hold(telling);
	if (!callsLink)
		return;
	// this thread must just have been woken: the program takes the present time from it
	std::this_thread::sleep_for(std::chrono::microseconds(1));
	tell(callsLink);
}

// Runs an iterator's program over all threads; it writes to the ring buffers.
void Capture::tell(bpf_link *link)
{
	if (!link)
		return;
	int fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0)
		return;
	char nothing[64];
	while (read(fd, nothing, sizeof(nothing)) < 0 && (errno == EINTR || errno == EAGAIN))
		;
	::close(fd);
}

GrowingBytes Capture::iterate(const char *program)
{
	GrowingBytes out;
	bpf_program *p = bpf_object__find_program_by_name(object, program);
	if (!bpf_program__autoload(p))
		return out;
	// bytes that occur nowhere else: iter_procinfo finds the kernel's direct map by them
	alignas(32) uint8_t sample[32];
	if (getrandom(sample, sizeof(sample), 0) != sizeof(sample))
		fail("iterator", errno, program);
	size_t size;
	auto *directMap = static_cast<ksys_direct_map *>(bpf_map__initial_value(mapOf(object, ".bss.memory"), &size));
	directMap->sample = reinterpret_cast<uintptr_t>(sample);
	directMap->page_shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
	listenToLibbpf();
	bpf_link *link = bpf_program__attach_iter(p, nullptr);
	if (!link)
		fail("iterator", errno, program);
	int fd = bpf_iter_create(bpf_link__fd(link));
	int error = fd < 0 ? errno : 0;
	for (ssize_t n = 1; !error && n != 0;) {
		n = read(fd, out.room(ITERATED), ITERATED);
		if (n > 0)
			out.grow(n);
		else if (n < 0 && errno != EINTR && errno != EAGAIN)
			error = errno;
	}
	if (fd >= 0)
		::close(fd);
	bpf_link__destroy(link);
	if (error)
		fail("iterator", error, program);
	return out;
}
