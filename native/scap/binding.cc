/* JavaScript interface for reading .scap files: the walk over event blocks, and decompression. Both run on a worker thread. */
#include "scap/binding.h"
#include "scap/walk.h"
#include "promise_task.h"
#include "scap/decompress.h"

#include <memory>

namespace {

using namespace ksys;
using namespace ksys::scap;

uint32_t u32(const Napi::Value &v) { return v.As<Napi::Number>().Uint32Value(); }
int32_t i32(const Napi::Value &v) { return v.As<Napi::Number>().Int32Value(); }

/* Rejects calls while another thread works for the object. */
void idle(bool busy) {
	if (busy) throw std::logic_error("it is at work");
}

/* ScapWalk: see src/scap/native-walk.ts. */
class WalkObject : public Napi::ObjectWrap<WalkObject> {
public:
	static Napi::Function define(Napi::Env env) {
		return DefineClass(env, "ScapWalk",
			{InstanceMethod<&WalkObject::start>("start"), InstanceMethod<&WalkObject::clear>("clear"),
				InstanceMethod<&WalkObject::process>("process"), InstanceMethod<&WalkObject::give>("give"),
				InstanceMethod<&WalkObject::run>("run")});
	}

	/* (roles, most, marks: Uint8Array by code, blocks: Uint32Array of type, counted, flagged, generics, natives, both) */
	explicit WalkObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<WalkObject>(info) {
		guarded(info.Env(), [&] {
			Tables t;
			auto bytes = [&](size_t i, auto set) {
				auto a = info[i].As<Napi::Uint8Array>();
				if (a.ElementLength() != kCodes) throw std::invalid_argument("a table by code has another size");
				for (size_t c = 0; c < kCodes; c++) set(c, a[c]);
			};
			bytes(0, [&](size_t c, uint8_t v) { t.roles[c] = Role(v); });
			bytes(1, [&](size_t c, uint8_t v) { t.most[c] = std::min<uint8_t>(v, kMaxParams); });
			bytes(2, [&](size_t c, uint8_t v) { t.marks[c] = v; });
			auto blocks = info[3].As<Napi::Uint32Array>();
			for (size_t i = 0; i + 2 < blocks.ElementLength(); i += 3)
				t.blocks.push_back({blocks[i], blocks[i + 1] != 0, blocks[i + 2] != 0});
			t.generics = u32(info[4]);
			t.natives = u32(info[5]);
			t.both = info[6].ToBoolean();
			walk_ = std::make_shared<Walk>(std::move(t));
		});
	}

private:
	/* start(high, low) */
	void start(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] {
			idle(busy_);
			walk_->start(u32(info[0]), u32(info[1]));
		});
	}

	void clear(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] {
			idle(busy_);
			walk_->clear();
		});
	}

	/* process(tid, pid) */
	void process(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] {
			idle(busy_);
			walk_->process(i32(info[0]), i32(info[1]));
		});
	}

	/* give(kind, a, n, enterN, steps: Int32Array | undefined, type, form, bits) */
	void give(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] {
			idle(busy_);
			Key key{Key::Kind(u32(info[0])), u32(info[1]), i32(info[2]), i32(info[3])};
			if (!info[4].IsTypedArray()) {
				walk_->give(key, nullptr);
				return;
			}
			auto steps = info[4].As<Napi::Int32Array>();
			Program p;
			p.type = uint16_t(u32(info[5]));
			p.form = uint16_t(u32(info[6]));
			p.bits = uint8_t(u32(info[7]));
			for (size_t i = 0; i + 3 < steps.ElementLength(); i += 4)
				p.steps.push_back({Op(steps[i]), steps[i + 1], steps[i + 2], steps[i + 3]});
			walk_->give(key, &p);
		});
	}

	/* run(bytes: Uint8Array, at, end, batch: ArrayBuffer, capacity, arenaBytes, forms: Uint16Array, rows, report:
	 * Float64Array): a promise; the outcome is in the report: outcome, at, rows, unknown events so far, the key of the needed
	 * program (kind, a, n, enterN), number of damaged events, then the position and error of each */
	Napi::Value run(const Napi::CallbackInfo &info) {
		return guarded(info.Env(), [&]() -> Napi::Value {
			idle(busy_);
			auto bytes = info[0].As<Napi::Uint8Array>();
			size_t at = info[1].As<Napi::Number>().Uint32Value(), end = u32(info[2]);
			if (at > end || end > bytes.ByteLength()) throw std::invalid_argument("there are fewer bytes");
			auto buffer = info[3].As<Napi::ArrayBuffer>();
			BatchView view(static_cast<uint8_t *>(buffer.Data()), buffer.ByteLength(), u32(info[4]), u32(info[5]));
			auto forms = info[6].As<Napi::Uint16Array>();
			if (forms.ElementLength() < view.capacity) throw std::invalid_argument("there are fewer forms than rows");
			size_t rows = u32(info[7]);
			auto report = info[8].As<Napi::Float64Array>();
			if (report.ElementLength() < kReportHead + 2 * kMostWrong) throw std::invalid_argument("the report is too short");
			auto done = std::make_shared<WalkResult>();
			auto kept = std::make_shared<Napi::ObjectReference>(Napi::Persistent(report.As<Napi::Object>()));
			auto task = new Task(
				info.Env(),
				[=, walk = walk_, data = static_cast<const uint8_t *>(bytes.Data()), to = forms.Data()] {
					BatchView out = view;
					*done = walk->run(data, at, end, out, to, rows);
				},
				[=, this](Napi::Env env) {
					busy_ = false;
					tell(*done, kept->Value().As<Napi::Float64Array>());
					return env.Undefined();
				});
			for (size_t i : {0, 3, 6}) task->keep(info[i]);
			task->keep(info.This());
			busy_ = true;
			task->Queue();
			return task->promise();
		});
	}

	void tell(const WalkResult &f, Napi::Float64Array to) {
		double head[kReportHead] = {double(f.outcome), double(f.at), double(f.rows), walk_->unknown,
			double(f.needed.kind), double(f.needed.a), double(f.needed.n), double(f.needed.enterN),
			double(f.wrong.size())};
		std::copy(head, head + kReportHead, to.Data());
		double *next = to.Data() + kReportHead;
		for (auto [at, what] : f.wrong) {
			*next++ = double(at);
			*next++ = double(what);
		}
	}

	static constexpr size_t kReportHead = 9;
	std::shared_ptr<Walk> walk_;
	bool busy_ = false;
};

/* Unpacker: see src/scap/native.ts. */
class UnpackerObject : public Napi::ObjectWrap<UnpackerObject> {
public:
	static Napi::Function define(Napi::Env env) {
		return DefineClass(env, "Unpacker", {InstanceMethod<&UnpackerObject::run>("run")});
	}
	/* (kind: 'gzip' | 'zstd') */
	explicit UnpackerObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<UnpackerObject>(info) {
		guarded(info.Env(), [&] { unpacker_ = makeUnpacker(info[0].As<Napi::String>().Utf8Value()); });
	}

private:
	/* run(from: Uint8Array, to: Uint8Array): a promise of { read, written, ended, error } */
	Napi::Value run(const Napi::CallbackInfo &info) {
		return guarded(info.Env(), [&]() -> Napi::Value {
			idle(busy_);
			auto from = info[0].As<Napi::Uint8Array>(), to = info[1].As<Napi::Uint8Array>();
			auto done = std::make_shared<Unpacked>();
			auto task = new Task(
				info.Env(),
				[=, with = unpacker_, in = static_cast<const uint8_t *>(from.Data()), bytes = from.ByteLength(),
					out = static_cast<uint8_t *>(to.Data()), room = to.ByteLength()] {
					*done = with->run(in, bytes, out, room);
				},
				[=, this](Napi::Env env) -> Napi::Value {
					busy_ = false;
					auto o = Napi::Object::New(env);
					o.Set("read", double(done->read));
					o.Set("written", double(done->written));
					o.Set("ended", done->ended);
					if (!done->error.empty()) o.Set("error", done->error);
					return o;
				});
			for (size_t i : {0, 1}) task->keep(info[i]);
			task->keep(info.This());
			busy_ = true;
			task->Queue();
			return task->promise();
		});
	}

	std::shared_ptr<Unpacker> unpacker_;
	bool busy_ = false;
};

} // namespace

void InitScap(Napi::Env env, Napi::Object exports) {
	exports.Set("ScapWalk", WalkObject::define(env));
	exports.Set("Unpacker", UnpackerObject::define(env));
}
