#include "capture/binding.h"
#include "capture/btf.h"
#include "capture/capture.h"
#include "capture/programs.h"
#include "capture/worker.h"
#include "napi_values.h"
#include <cstring>
#include <memory>

// Name and version of the compiler of the BPF programs (object.S).
extern "C" const char ksys_bpf_compiler[];

namespace {

Napi::Error toError(Napi::Env env, const CaptureError &e)
{
	Napi::Error error = Napi::Error::New(env, e.step + ": " + strerror(e.error));
	error.Set("step", Napi::String::New(env, e.step));
	error.Set("errno", Napi::Number::New(env, e.error));
	error.Set("log", Napi::String::New(env, e.log));
	if (std::string feature = featureOf(e.program); !feature.empty())
		error.Set("feature", Napi::String::New(env, feature));
	return error;
}

// A promise that another thread resolves with a number, and what must live until then.
struct Pending {
	Napi::Promise::Deferred deferred;
	Napi::Reference<Napi::ArrayBuffer> buffer;
	int value = 0;
};

Napi::ThreadSafeFunction resolver(Napi::Env env, const char *name)
{
	return Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo &) {}), name, 0, 1);
}

void resolveLater(Napi::ThreadSafeFunction &to, Pending *pending)
{
	auto call = [](Napi::Env env, Napi::Function, Pending *p) {
		std::unique_ptr<Pending> own(p);
		if (env != nullptr)
			own->deferred.Resolve(Napi::Number::New(env, own->value));
	};
	if (to.NonBlockingCall(pending, call) != napi_ok)
		delete pending;
}

std::unique_ptr<ksys_config> configOf(const Napi::Value &value)
{
	Napi::Uint8Array bytes = value.As<Napi::Uint8Array>();
	if (bytes.ByteLength() != sizeof(ksys_config))
		throw Napi::RangeError::New(value.Env(), "the configuration must have " + std::to_string(sizeof(ksys_config)) + " bytes");
	auto config = std::make_unique<ksys_config>();
	memcpy(config.get(), bytes.Data(), sizeof(ksys_config));
	return config;
}

/** new Capture(config: Uint8Array, ringBytes: number, without: string[], functions: string[]) */
class CaptureObject : public Napi::ObjectWrap<CaptureObject> {
public:
	static Napi::Function define(Napi::Env env)
	{
		return DefineClass(env, "Capture",
				   {
					   InstanceMethod("nextBatch", &CaptureObject::nextBatch),
					   InstanceMethod("iterate", &CaptureObject::iterate),
					   InstanceMethod("markCgroup", &CaptureObject::markCgroup),
					   InstanceMethod("requests", &CaptureObject::requests),
					   InstanceMethod("judge", &CaptureObject::judge),
					   InstanceMethod("throttle", &CaptureObject::throttle),
					   InstanceMethod("forgetCgroup", &CaptureObject::forgetCgroup),
					   InstanceMethod("limitCgroups", &CaptureObject::limitCgroups),
					   InstanceMethod("ceilings", &CaptureObject::ceilings),
					   InstanceMethod("tellCalls", &CaptureObject::tellCalls),
					   InstanceMethod("stats", &CaptureObject::stats),
					   InstanceMethod("detach", &CaptureObject::detach),
					   InstanceMethod("close", &CaptureObject::close),
				   });
	}

	explicit CaptureObject(const Napi::CallbackInfo &info)
		: Napi::ObjectWrap<CaptureObject>(info), worker(capture.merge)
	{
		Napi::Env env = info.Env();
		auto config = configOf(info[0]);
		try {
			capture.open(*config, static_cast<uint64_t>(info[1].As<Napi::Number>().DoubleValue()), strings(info[2]), strings(info[3]));
		} catch (const CaptureError &e) {
			capture.close();
			throw toError(env, e);
		}
		resolve = resolver(env, "ksys capture");
		Napi::Object self = info.This().As<Napi::Object>();
		self.Set("startBoot", Napi::Number::New(env, static_cast<double>(capture.merge.startBoot)));
		self.Set("startSec", Napi::Number::New(env, static_cast<double>(capture.merge.startReal / 1'000'000'000)));
		self.Set("startNsec", Napi::Number::New(env, static_cast<double>(capture.merge.startReal % 1'000'000'000)));
		self.Set("cpus", Napi::Number::New(env, capture.cpus));
		self.Set("presentCpus", Napi::Number::New(env, capture.presentCount()));
		self.Set("ringSize", Napi::Number::New(env, static_cast<double>(capture.ringSize)));
		const size_t room = capture.chunks * KSYS_CHUNK;
		times = config->plan.times != 0;
		worker.start(room, [this] {
			if (times)
				capture.tellTimes();
			capture.detachTracepoint();
		});
		open = true;
	}
	~CaptureObject() { end(); }

private:
	/** nextBatch(buffer: ArrayBuffer, rows: number, arenaBytes: number): Promise<number>; -1 at the end */
	Napi::Value nextBatch(const Napi::CallbackInfo &info)
	{
		Napi::Env env = info.Env();
		Napi::ArrayBuffer buffer = info[0].As<Napi::ArrayBuffer>();
		uint32_t rows = info[1].As<Napi::Number>(), arena = info[2].As<Napi::Number>();
		if (buffer.ByteLength() < Batch::bytes(rows, arena) || arena < capture.merge.longestRow || rows < 2)
			throw Napi::RangeError::New(env, "the buffer is too small for its batch");
		auto *pending = new Pending{Napi::Promise::Deferred::New(env), Napi::Persistent(buffer)};
		Napi::Promise promise = pending->deferred.Promise();
		if (!open) {
			std::unique_ptr<Pending> own(pending);
			own->deferred.Resolve(Napi::Number::New(env, -1));
			return promise;
		}
		worker.ask({buffer.Data(), rows, arena, [this, pending](int n) {
				    pending->value = n;
				    resolveLater(resolve, pending);
			    }});
		return promise;
	}

	/** iterate(program: 'iter_task' | 'iter_file' | 'iter_procinfo'): ArrayBuffer */
	Napi::Value iterate(const Napi::CallbackInfo &info)
	{
		Napi::Env env = info.Env();
		try {
			GrowingBytes bytes = capture.iterate(info[0].As<Napi::String>().Utf8Value().c_str());
			return arrayBuffer(env, bytes);
		} catch (const CaptureError &e) {
			throw toError(env, e);
		}
	}

	/** markCgroup(cgroup: number, marks: number): boolean */
	Napi::Value markCgroup(const Napi::CallbackInfo &info)
	{
		uint32_t marks = info[1].As<Napi::Number>();
		return Napi::Boolean::New(info.Env(), open && capture.markCgroup(cgroupOf(info[0]), marks));
	}

	/** requests(): Float64Array; pairs of a thread and the ns since startBoot */
	Napi::Value requests(const Napi::CallbackInfo &info)
	{
		const std::vector<ksys_request> found = open ? capture.requests() : std::vector<ksys_request>();
		Napi::Float64Array out = Napi::Float64Array::New(info.Env(), found.size() * 2);
		for (size_t i = 0; i < found.size(); i++) {
			out[i * 2] = static_cast<double>(found[i].tid);
			out[i * 2 + 1] = static_cast<double>(static_cast<int64_t>(found[i].time - capture.merge.startBoot));
		}
		return out;
	}

	/** judge(tid: number, time: number, slots: number): void; time: as in requests() */
	void judge(const Napi::CallbackInfo &info)
	{
		const auto time = static_cast<int64_t>(info[1].As<Napi::Number>().DoubleValue());
		if (open)
			capture.judge(info[0].As<Napi::Number>(), capture.merge.startBoot + time, static_cast<uint16_t>(info[2].As<Napi::Number>().Uint32Value()));
	}

	/** throttle(cgroup: number, how: number): boolean */
	Napi::Value throttle(const Napi::CallbackInfo &info)
	{
		uint32_t how = info[1].As<Napi::Number>();
		return Napi::Boolean::New(info.Env(), open && capture.ceilings.throttle(cgroupOf(info[0]), how));
	}

	/** limitCgroups(shown: number, others: number): void */
	void limitCgroups(const Napi::CallbackInfo &info)
	{
		if (open)
			capture.ceilings.limit(info[0].As<Napi::Number>(), info[1].As<Napi::Number>());
	}

	/** forgetCgroup(cgroup: number): void */
	void forgetCgroup(const Napi::CallbackInfo &info)
	{
		if (open)
			capture.ceilings.forget(cgroupOf(info[0]));
	}

	/** ceilings(): Float64Array */
	Napi::Value ceilings(const Napi::CallbackInfo &info)
	{
		std::vector<double> numbers;
		if (open)
			numbers = capture.ceilings.read();
		Napi::Float64Array out = Napi::Float64Array::New(info.Env(), numbers.size());
		memcpy(out.Data(), numbers.data(), numbers.size() * sizeof(double));
		return out;
	}

	// The id of a cgroup; -1 represents ~0, which no cgroup has.
	static uint64_t cgroupOf(const Napi::Value &value)
	{
		double id = value.As<Napi::Number>().DoubleValue();
		if (!(id >= -1 && id <= 9007199254740991.0))
			throw Napi::RangeError::New(value.Env(), "a cgroup's id must be a whole number");
		return id < 0 ? ~0ull : static_cast<uint64_t>(id);
	}

	void tellCalls(const Napi::CallbackInfo &)
	{
		if (open)
			capture.tellCalls();
	}

	Napi::Value stats(const Napi::CallbackInfo &info)
	{
		Napi::Object o = Napi::Object::New(info.Env());
		o.Set("events", static_cast<double>(capture.merge.events.load()));
		Napi::Array lost = Napi::Array::New(info.Env(), LOST_KINDS);
		for (uint32_t kind = 0; kind < LOST_KINDS; kind++)
			lost.Set(kind, static_cast<double>(capture.merge.lostSoFar[kind].load()));
		o.Set("lost", lost);
		o.Set("late", static_cast<double>(capture.merge.late.load()));
		return o;
	}

	void detach(const Napi::CallbackInfo &)
	{
		if (!open)
			return;
		if (times)
			capture.tellTimes();
		capture.detach();
		worker.finish();
	}

	void close(const Napi::CallbackInfo &) { end(); }

	void end()
	{
		if (!open)
			return;
		open = false;
		worker.close();
		capture.close();
		resolve.Release();
	}

	Capture capture;
	Worker worker;
	Napi::ThreadSafeFunction resolve;
	bool open = false, times = false;
};

/** tryAll(config: Uint8Array, without: string[]): throws the error of a failed load */
void tryAll(const Napi::CallbackInfo &info)
{
	auto config = configOf(info[0]);
	Capture capture;
	try {
		capture.tryAll(*config, strings(info[1]));
	} catch (const CaptureError &e) {
		throw toError(info.Env(), e);
	}
}

/** features(): Record<string, boolean>; what the running kernel supports, empty if it has no BTF */
Napi::Value features(const Napi::CallbackInfo &info)
{
	Napi::Object o = Napi::Object::New(info.Env());
	for (const auto &[name, there] : kernelFeatures())
		o.Set(name, Napi::Boolean::New(info.Env(), there));
	return o;
}

/** callFunctions(): string[]; the kernel's functions of system calls */
Napi::Value callFunctions(const Napi::CallbackInfo &info)
{
	const std::vector<std::string> found = functionsWith({"__x64_sys_", "__ia32_", "__do_sys_"});
	Napi::Array names = Napi::Array::New(info.Env(), found.size());
	for (uint32_t i = 0; i < found.size(); i++)
		names.Set(i, Napi::String::New(info.Env(), found[i]));
	return names;
}

} // namespace

void InitCapture(Napi::Env env, Napi::Object exports)
{
	exports.Set("Capture", CaptureObject::define(env));
	exports.Set("tryAll", Napi::Function::New(env, tryAll));
	exports.Set("features", Napi::Function::New(env, features));
	exports.Set("callFunctions", Napi::Function::New(env, callFunctions));
	exports.Set("compiler", ksys_bpf_compiler);
}
