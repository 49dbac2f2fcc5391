/* JavaScript interface for rows, payloads and bytes that are written to a trace. */
#include "trace/writer_binding.h"
#include "trace/block_codec.h"
#include "trace/block_view.h"
#include "trace/payload_encoder.h"
#include "promise_task.h"
#include "trace/writer_threads.h"

#include <cstring>
#include <optional>

namespace {

using namespace ksys;
using Bytes = std::vector<uint8_t>;

Bytes bytesOf(const Napi::Value &value) {
	auto b = value.As<Napi::Buffer<uint8_t>>();
	return Bytes(b.Data(), b.Data() + b.Length());
}

/* The promise of a block, and its result. */
struct Promised {
	Napi::Promise::Deferred deferred;
	Appended appended;
	/* columns that can be released */
	std::shared_ptr<Columns> columns;
};

/* new Payload(): what a block of one payload contains, compressed as it is added */
class Payload : public Napi::ObjectWrap<Payload> {
public:
	static Napi::Function define(Napi::Env env) {
		return DefineClass(env, "Payload", {InstanceMethod<&Payload::add>("add")});
	}
	explicit Payload(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Payload>(info), encoder_(std::make_shared<PayloadEncoder>()) {}
	/* Its encoder, once. */
	std::shared_ptr<PayloadEncoder> take() { return std::move(encoder_); }

private:
	/* add(piece: Buffer) */
	Napi::Value add(const Napi::CallbackInfo &info) {
		return guarded(info.Env(), [&]() -> Napi::Value {
			auto piece = info[0].As<Napi::Buffer<uint8_t>>();
			encoder_->add(piece.Data(), piece.Length());
			return info.Env().Undefined();
		});
	}

	std::shared_ptr<PayloadEncoder> encoder_;
};

/* new TraceFile(fd, regular, threads) */
class TraceFile : public Napi::ObjectWrap<TraceFile> {
public:
	static Napi::Function define(Napi::Env env) {
		return DefineClass(env, "TraceFile",
			{InstanceMethod<&TraceFile::append>("append"), InstanceMethod<&TraceFile::finish>("finish"),
				InstanceMethod<&TraceFile::payload>("payload"), InstanceMethod<&TraceFile::raw>("raw"),
				InstanceAccessor<&TraceFile::rows>("rows"), InstanceAccessor<&TraceFile::written>("written"),
				InstanceAccessor<&TraceFile::full>("full")});
	}
	explicit TraceFile(const Napi::CallbackInfo &info)
		: Napi::ObjectWrap<TraceFile>(info),
		  out_(info[0].As<Napi::Number>().Int32Value(), info[1].ToBoolean(), info[2].As<Napi::Number>().Int32Value()), columns_(fresh()) {
	}

private:
	/* append(buffer, capacity, arenaBytes, from, to, keep, nativeFlags, forms, argEnd): the row at which it stopped */
	Napi::Value append(const Napi::CallbackInfo &info) {
		return guarded(info.Env(), [&]() -> Napi::Value {
			BatchView view = viewOf(info[0].As<Napi::ArrayBuffer>(), info[1], info[2]);
			size_t from = info[3].As<Napi::Number>().Uint32Value(), to = info[4].As<Napi::Number>().Uint32Value();
			const uint8_t *keep = nullptr;
			if (info[5].IsTypedArray()) {
				Napi::Uint8Array k = info[5].As<Napi::Uint8Array>();
				if (k.ElementLength() < to) throw BlockError("fewer keep marks than rows");
				keep = k.Data();
			}
			columns_->native = info[6].ToBoolean();
			const uint16_t *forms = nullptr;
			if (info[7].IsTypedArray()) {
				Napi::Uint16Array f = info[7].As<Napi::Uint16Array>();
				if (f.ElementLength() < to) throw BlockError("there are fewer forms than rows");
				forms = f.Data();
			}
			setEnds(view, info[8]);
			return Napi::Number::New(info.Env(), double(appendRows(*columns_, view, from, to, keep, forms)));
		});
	}

	/* finish(seq, names): a promise of the block of the appended rows, see add(); the columns are empty again at once */
	Napi::Value finish(const Napi::CallbackInfo &info) {
		uint32_t seq = info[0].As<Napi::Number>().Uint32Value();
		std::optional<Bytes> names;
		if (info[1].IsBuffer()) names = bytesOf(info[1]);
		std::shared_ptr<Columns> columns(columns_.release());
		columns_ = fresh();
		auto make = [=, names = std::move(names)] { return encodeEvents(*columns, seq, names ? &*names : nullptr); };
		return add(info.Env(), make, columns);
	}

	/* payload(kind, seq, payload: Payload, num, time): a promise of the whole block, see add(); the payload must not be used again */
	Napi::Value payload(const Napi::CallbackInfo &info) {
		uint8_t kind = uint8_t(info[0].As<Napi::Number>().Uint32Value());
		uint32_t seq = info[1].As<Napi::Number>().Uint32Value();
		double num = info[3].As<Napi::Number>().DoubleValue(), time = info[4].As<Napi::Number>().DoubleValue();
		auto encoder = Payload::Unwrap(info[2].As<Napi::Object>())->take();
		return add(info.Env(), [=] { return encoder->finish(kind, seq, num, time); });
	}

	/* raw(bytes): a promise of bytes that are not a block, see add() */
	Napi::Value raw(const Napi::CallbackInfo &info) {
		return add(info.Env(), [from = bytesOf(info[0])] { return from; });
	}

	/* Queues a block: a promise of { offset, bytes, head: Buffer, errno, what }; errno 0 and an empty `what` mean that it was written. */
	Napi::Value add(Napi::Env env, TraceOut::Make make, std::shared_ptr<Columns> columns = nullptr) {
		auto *promised = new Promised{Napi::Promise::Deferred::New(env), {}, std::move(columns)};
		if (underway_++ == 0) begin(env);
		Napi::Promise promise = promised->deferred.Promise();
		settle_.Acquire();
		out_.add(std::move(make), [this, promised, settle = settle_](Appended &a) mutable {
			promised->appended = std::move(a);
			auto call = [this](Napi::Env to, Napi::Function, Promised *p) { settled(to, p); };
			if (settle.NonBlockingCall(promised, call) != napi_ok) delete promised;
			settle.Release();
		});
		return promise;
	}

	/* Called when the first block is queued: until all are written, the process does not end and this object stays. The
	 * function exists no longer than that: when the process ends, it may be freed before this object. */
	void begin(Napi::Env env) {
		auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo &) {});
		settle_ = Napi::ThreadSafeFunction::New(env, nothing, "ksys trace", 0, 1);
		Ref();
	}

	/* On the main thread, once the block was written or failed; without `env` if JavaScript has ended, and this object too. */
	void settled(Napi::Env env, Promised *promised) {
		std::unique_ptr<Promised> own(promised);
		if (env == nullptr) return;
		if (--underway_ == 0) {
			settle_.Release();
			Unref();
		}
		if (own->columns && !spare_) spare_ = std::make_unique<Columns>(std::move(*own->columns));
		const Appended &a = own->appended;
		auto o = Napi::Object::New(env);
		o.Set("offset", double(a.offset));
		o.Set("bytes", double(a.bytes));
		o.Set("head", Napi::Buffer<uint8_t>::Copy(env, a.head.data(), a.head.size()));
		o.Set("errno", a.error);
		o.Set("what", a.what);
		own->deferred.Resolve(o);
	}

	Napi::Value rows(const Napi::CallbackInfo &info) { return Napi::Number::New(info.Env(), double(columns_->rows)); }
	Napi::Value written(const Napi::CallbackInfo &info) { return Napi::Number::New(info.Env(), double(out_.written())); }
	Napi::Value full(const Napi::CallbackInfo &info) { return Napi::Boolean::New(info.Env(), columns_->full()); }

	std::unique_ptr<Columns> fresh() {
		std::unique_ptr<Columns> c = spare_ ? std::move(spare_) : std::make_unique<Columns>();
		c->clear();
		return c;
	}

	TraceOut out_;
	Napi::ThreadSafeFunction settle_;
	/* blocks that are queued and not settled: until then neither this object nor the process ends */
	size_t underway_ = 0;
	std::unique_ptr<Columns> spare_, columns_;
};

} // namespace

void InitTraceFile(Napi::Env env, Napi::Object exports) {
	exports.Set("Payload", Payload::define(env));
	exports.Set("TraceFile", TraceFile::define(env));
}
