/* JavaScript interface of the trace block codec. Slow functions run on a worker thread and return a promise. */
#include "trace/codec_binding.h"
#include "trace/block_codec.h"
#include "trace/block_view.h"
#include "trace/block_scan.h"
#include "trace/thread_index.h"
#include "promise_task.h"

#include <cstring>
#include <memory>

namespace {

using namespace ksys;
using Bytes = std::vector<uint8_t>;

Napi::Value bufferOf(Napi::Env env, const Bytes &bytes) {
	return Napi::Buffer<uint8_t>::Copy(env, bytes.data(), bytes.size());
}

/* The same bytes, which the buffer owns: those of many processes are not copied. */
Napi::Value bufferOf(Napi::Env env, Bytes &&bytes) {
	auto *own = new Bytes(std::move(bytes));
	return Napi::Buffer<uint8_t>::NewOrCopy(
		env, own->data(), own->size(), [](Napi::Env, uint8_t *, Bytes *b) { delete b; }, own);
}

/* Row layouts by event code; fixed is 0xffff if there is no such event. Copied, so that they may change in the meantime. */
std::shared_ptr<const Layouts> layoutsOf(const Napi::Uint16Array &fixed, const Napi::Uint8Array &vars) {
	auto made = std::make_shared<Layouts>();
	for (size_t i = 0; i < kCodeLimit && i < fixed.ElementLength() && i < vars.ElementLength(); i++) {
		made->fixed[i] = fixed[i];
		made->vars[i] = vars[i];
	}
	return made;
}

/* What decodeEvents() may omit, from { types, minLatency, outcome, processes, ofAnyProcess }. */
std::shared_ptr<Omitted> omittedOf(const Napi::Object &left) {
	auto made = std::make_shared<Omitted>();
	auto codes = [](const Napi::Value &v) {
		auto a = v.As<Napi::Uint8Array>();
		return std::vector<uint8_t>(a.Data(), a.Data() + a.ElementLength());
	};
	made->types = codes(left.Get("types"));
	auto latencies = left.Get("minLatency").As<Napi::Float64Array>();
	made->minLatency.assign(latencies.Data(), latencies.Data() + latencies.ElementLength());
	made->outcome = codes(left.Get("outcome"));
	Napi::Value processes = left.Get("processes");
	if (processes.IsTypedArray()) {
		auto p = processes.As<Napi::Int32Array>();
		made->byProcess = true;
		made->processes.assign(p.Data(), p.Data() + p.ElementLength());
		made->ofAnyProcess = codes(left.Get("ofAnyProcess"));
	}
	return made;
}

/* decodeEvents(block, buffer, capacity, arenaBytes, argEnd, stateOnly, fixed, vars, left: { types: Uint8Array, minLatency:
 * Float64Array, outcome: Uint8Array, counts: Uint32Array, processes?: Int32Array, ofAnyProcess?: Uint8Array } | undefined):
 * a promise of { rows, skipped, omitted, lastTime }; omitted rows are added to the counts */
Napi::Value decode(const Napi::CallbackInfo &info) {
	return guarded(info.Env(), [&]() -> Napi::Value {
		auto block = info[0].As<Napi::Buffer<uint8_t>>();
		BatchView view = viewOf(info[1].As<Napi::ArrayBuffer>(), info[2], info[3]);
		const uint8_t *data = block.Data();
		size_t bytes = block.Length();
		setEnds(view, info[4]);
		if (view.argEnd == nullptr) throw BlockError("the batch has no ends");
		bool stateOnly = info[5].ToBoolean();
		auto done = std::make_shared<Decoded>();
		std::shared_ptr<Omitted> omitted;
		std::shared_ptr<Napi::ObjectReference> counts;
		if (info[8].IsObject()) {
			auto left = info[8].As<Napi::Object>();
			omitted = omittedOf(left);
			counts = std::make_shared<Napi::ObjectReference>(Napi::Persistent(left.Get("counts").As<Napi::Object>()));
		}
		auto task = new Task(
			info.Env(),
			[=, with = layoutsOf(info[6].As<Napi::Uint16Array>(), info[7].As<Napi::Uint8Array>())] {
				BatchView out = view;
				*done = decodeEvents(data, bytes, out, *with, stateOnly, omitted.get());
			},
			[=](Napi::Env env) -> Napi::Value {
				auto o = Napi::Object::New(env);
				o.Set("rows", double(done->rows));
				o.Set("skipped", double(done->skipped));
				o.Set("omitted", double(omitted ? omitted->rows : 0));
				o.Set("lastTime", omitted ? omitted->lastTime : 0);
				if (omitted && omitted->rows > 0) {
					auto all = counts->Value().As<Napi::Uint32Array>();
					for (size_t i = 0; i < omitted->counts.size() && i < all.ElementLength(); i++)
						all.Data()[i] += omitted->counts[i];
				}
				return o;
			});
		task->keep(info[0]);
		task->keep(info[1]);
		task->keep(info[4]);
		task->Queue();
		return task->promise();
	});
}

/* scanEvents(block, fixed, vars, texts: Buffer[], ports: Uint16Array): a promise of an Int32Array with the process and event
 * code of each holder in turn */
Napi::Value scan(const Napi::CallbackInfo &info) {
	auto block = info[0].As<Napi::Buffer<uint8_t>>();
	const uint8_t *data = block.Data();
	size_t bytes = block.Length();
	Needles needles;
	auto given = info[3].As<Napi::Array>();
	for (uint32_t i = 0; i < given.Length(); i++) {
		auto text = given.Get(i).As<Napi::Buffer<char>>();
		needles.texts.emplace_back(text.Data(), text.Length());
	}
	auto ports = info[4].As<Napi::Uint16Array>();
	needles.ports.assign(ports.Data(), ports.Data() + ports.ElementLength());
	auto found = std::make_shared<std::vector<Holder>>();
	auto task = new Task(
		info.Env(),
		[=, with = layoutsOf(info[1].As<Napi::Uint16Array>(), info[2].As<Napi::Uint8Array>())] {
			*found = scanEvents(data, bytes, *with, needles);
		},
		[=](Napi::Env env) -> Napi::Value {
			auto out = Napi::Int32Array::New(env, found->size() * 2);
			for (size_t i = 0; i < found->size(); i++) {
				out[2 * i] = (*found)[i].pid;
				out[2 * i + 1] = (*found)[i].type;
			}
			return out;
		});
	task->keep(info[0]);
	task->Queue();
	return task->promise();
}

/* decodePayload(block): a promise of the payload */
Napi::Value unpack(const Napi::CallbackInfo &info) {
	auto block = info[0].As<Napi::Buffer<uint8_t>>();
	const uint8_t *data = block.Data();
	size_t bytes = block.Length();
	auto out = std::make_shared<Bytes>();
	auto task = new Task(
		info.Env(), [=] { *out = decodePayload(data, bytes); }, [out](Napi::Env env) { return bufferOf(env, std::move(*out)); });
	task->keep(info[0]);
	task->Queue();
	return task->promise();
}

/* decodePayloadNow(block): the payload */
Napi::Value unpackNow(const Napi::CallbackInfo &info) {
	auto block = info[0].As<Napi::Buffer<uint8_t>>();
	return guarded(info.Env(), [&] {
		const Bytes bytes = decodePayload(block.Data(), block.Length());
		return bufferOf(info.Env(), bytes);
	});
}

/* indexThreads(bytes, at): { end, rows } of the packed threads at `at`, see thread_index.h; undefined if they have to be unpacked as a whole */
Napi::Value threadIndex(const Napi::CallbackInfo &info) {
	auto b = info[0].As<Napi::Buffer<uint8_t>>();
	std::vector<PackedThread> threads;
	size_t end = indexThreads(b.Data(), b.Length(), info[1].As<Napi::Number>().Uint32Value(), threads);
	if (end == 0) return info.Env().Undefined();
	auto rows = Napi::Int32Array::New(info.Env(), threads.size() * sizeof(PackedThread) / sizeof(int32_t));
	if (!threads.empty()) memcpy(rows.Data(), threads.data(), threads.size() * sizeof(PackedThread));
	auto out = Napi::Object::New(info.Env());
	out.Set("end", Napi::Number::New(info.Env(), double(end)));
	out.Set("rows", rows);
	return out;
}

Napi::Value checksum(const Napi::CallbackInfo &info) {
	auto b = info[0].As<Napi::Buffer<uint8_t>>();
	return Napi::Number::New(info.Env(), crc32c(b.Data(), b.Length()));
}

} // namespace

void InitBlock(Napi::Env env, Napi::Object exports) {
	exports.Set("decodeEvents", Napi::Function::New(env, decode));
	exports.Set("scanEvents", Napi::Function::New(env, scan));
	exports.Set("decodePayload", Napi::Function::New(env, unpack));
	exports.Set("decodePayloadNow", Napi::Function::New(env, unpackNow));
	exports.Set("indexThreads", Napi::Function::New(env, threadIndex));
	exports.Set("crc32c", Napi::Function::New(env, checksum));
}
