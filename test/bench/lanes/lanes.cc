// The addon of `npm run bench lanes`: a machine of many CPUs whose records are merged by the thread of a live capture.
#include "lanes/machine.h"
#include "capture/quiesce.h"
#include "capture/worker.h"
#include "napi_values.h"
#include <algorithm>

void awaitPrograms() {}

namespace {

// Moves an id of a process or thread; 0 and negative numbers are none.
void shift(void *id, uint32_t by)
{
	int32_t old;
	memcpy(&old, id, sizeof(old));
	if (old <= 0)
		return;
	old += by;
	memcpy(id, &old, sizeof(old));
}

/** new Lanes(cpus: number, laneBytes: number, ringBytes: number, start: number); start: ns since boot */
class Lanes : public Napi::ObjectWrap<Lanes> {
public:
	static Napi::Function define(Napi::Env env)
	{
		return DefineClass(env, "Lanes",
				   {
					   InstanceMethod("play", &Lanes::play),
					   InstanceMethod("begin", &Lanes::begin),
					   InstanceMethod("nextBatch", &Lanes::nextBatch),
					   InstanceMethod("stats", &Lanes::stats),
					   InstanceMethod("close", &Lanes::close),
				   });
	}

	explicit Lanes(const Napi::CallbackInfo &info)
		: Napi::ObjectWrap<Lanes>(info), machine(size(info[0]), size(info[1]), size(info[2])), losses(size(info[0])),
		  worker(merge)
	{
		merge.startBoot = size(info[3]);
		merge.lost = losses.data();
		merge.skipped = [] { return uint64_t{0}; };
	}
	~Lanes() { worker.close(); }

private:
	static size_t size(const Napi::Value &value) { return static_cast<size_t>(value.As<Napi::Number>().Int64Value()); }

	/**
	 * play(records: Uint8Array, cpus: Uint8Array, ids: Uint32Array, firstCpu, shift, from, scale: number)
	 * Adds a tape of records, each with a u64 of its length before it: `cpus` are theirs, after firstCpu; at `ids` are numbers of
	 * threads and processes, to which `shift` is added; times and latencies are multiplied by `scale`, and begin at `from`.
	 */
	void play(const Napi::CallbackInfo &info)
	{
		const auto tape = info[0].As<Napi::Uint8Array>(), cpus = info[1].As<Napi::Uint8Array>();
		const auto ids = info[2].As<Napi::Uint32Array>();
		const size_t firstCpu = size(info[3]), by = size(info[4]), from = size(info[5]);
		const double scale = info[6].As<Napi::Number>().DoubleValue();
		std::vector<uint8_t> bytes(tape.Data(), tape.Data() + tape.ByteLength());
		for (size_t i = 0; i < ids.ElementLength(); i++)
			shift(bytes.data() + ids[i], by);
		size_t at = 0;
		for (size_t i = 0; at < bytes.size(); i++) {
			uint64_t length;
			ksys_rec rec;
			memcpy(&length, bytes.data() + at, sizeof(length));
			memcpy(&rec, bytes.data() + at + 8, sizeof(rec));
			rec.time = merge.startBoot + from + static_cast<uint64_t>(rec.time * scale);
			if (rec.latency != ~0ull)
				rec.latency = static_cast<uint64_t>(rec.latency * scale);
			machine.add(firstCpu + cpus[i], rec, bytes.data() + at + 8 + sizeof(rec), length - sizeof(rec));
			at += 8 + length;
		}
	}

	/** begin(): everything was added; reading starts */
	void begin(const Napi::CallbackInfo &)
	{
		machine.open(merge);
		worker.finish();
		worker.start(0);
	}

	/** nextBatch(buffer: ArrayBuffer, rows: number, arenaBytes: number): Promise<number>; -1 at the end */
	Napi::Value nextBatch(const Napi::CallbackInfo &info)
	{
		auto buffer = info[0].As<Napi::ArrayBuffer>();
		auto [promise, settle] = promiseOfNumber(info.Env(), "lanes", buffer);
		worker.ask({buffer.Data(), info[1].As<Napi::Number>(), info[2].As<Napi::Number>(), settle});
		return promise;
	}

	/** stats(): { events, late: number } */
	Napi::Value stats(const Napi::CallbackInfo &info)
	{
		Napi::Object o = Napi::Object::New(info.Env());
		o.Set("events", static_cast<double>(merge.events.load()));
		o.Set("late", static_cast<double>(merge.late.load()));
		return o;
	}

	void close(const Napi::CallbackInfo &) { worker.close(); }

	Machine machine;
	std::vector<ksys_lost> losses;
	Merge merge;
	Worker worker;
};

Napi::Object init(Napi::Env env, Napi::Object exports)
{
	exports.Set("Lanes", Lanes::define(env));
	return exports;
}

} // namespace

NODE_API_MODULE(lanes, init)
