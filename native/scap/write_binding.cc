/* JavaScript interface for writing .scap files: converts rows to event blocks, in order. */
#include "scap/binding.h"
#include "scap/write.h"
#include "promise_task.h"
#include "trace/block_view.h"

namespace {

using namespace ksys;
using namespace ksys::scap;

uint32_t u32(const Napi::Value &v) { return v.As<Napi::Number>().Uint32Value(); }

WriteProgram programOf(uint32_t type, const Napi::Value &steps) {
	WriteProgram p;
	p.type = uint16_t(type);
	auto numbers = steps.As<Napi::Int32Array>();
	size_t n = numbers.ElementLength() / kWriteStep;
	if (n > 32) throw std::invalid_argument("a program is too long");
	p.steps.resize(n);
	if (n > 0) memcpy(p.steps.data(), numbers.Data(), n * sizeof(WriteStep));
	return p;
}

/* ScapEvents: see src/scap/write/native.ts. */
class EventsObject : public Napi::ObjectWrap<EventsObject> {
public:
	static Napi::Function define(Napi::Env env) {
		return DefineClass(env, "ScapEvents",
			{InstanceMethod<&EventsObject::giveRow>("giveRow"), InstanceMethod<&EventsObject::giveValue>("giveValue"),
				InstanceMethod<&EventsObject::giveForm>("giveForm"),
				InstanceMethod<&EventsObject::add>("add"), InstanceMethod<&EventsObject::insert>("insert"),
				InstanceMethod<&EventsObject::begin>("begin"),
				InstanceMethod<&EventsObject::passed>("passed"), InstanceMethod<&EventsObject::take>("take"),
				InstanceMethod<&EventsObject::renew>("renew"),
				InstanceAccessor<&EventsObject::leftOut>("leftOut"), InstanceAccessor<&EventsObject::cut>("cut")});
	}

	/* (start: high and low half of ns since the epoch, byTime) */
	explicit EventsObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<EventsObject>(info) {
		uint64_t start = uint64_t(u32(info[0])) << 32 | u32(info[1]);
		events_ = std::make_unique<EventWriter>(start, info[2].ToBoolean() ? Order::ByTime : Order::OfRows);
	}

private:
	/* giveRow(id, fate, fixed, vars, bits, ownType, own: Int32Array, enterType, enter: Int32Array | undefined) */
	void giveRow(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] {
			WriteRow row;
			row.fate = WriteRow::Fate(u32(info[1]));
			row.fixed = u32(info[2]);
			row.vars = u32(info[3]);
			row.wide = (u32(info[4]) & 1) != 0;
			row.internal = (u32(info[4]) & 2) != 0;
			row.complete = (u32(info[4]) & 4) != 0;
			row.ends = (u32(info[4]) & 8) != 0;
			row.own = programOf(u32(info[5]), info[6]);
			row.hasEnter = info[8].IsTypedArray();
			if (row.hasEnter) row.enter = programOf(u32(info[7]), info[8]);
			events_->give(u32(info[0]), std::move(row));
		});
	}

	/* giveValue(table, low, high, portable) */
	void giveValue(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] { events_->give(u32(info[0]), uint64_t(u32(info[2])) << 32 | u32(info[1]), u32(info[3])); });
	}

	/* giveForm(form, params, own) */
	void giveForm(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] { events_->giveForm(u32(info[0]), u32(info[1]), info[2].ToBoolean()); });
	}

	/* add(batch: ArrayBuffer, capacity, arenaBytes, from, to, keep: Uint8Array | undefined, forms: Uint16Array | undefined,
	 * scout, request: Float64Array, argEnd: Uint32Array | undefined): the row to continue with, after it a request in `request` (kind,
	 * what, low and high half of the value) if any */
	Napi::Value add(const Napi::CallbackInfo &info) {
		return guarded(info.Env(), [&]() -> Napi::Value {
			auto buffer = info[0].As<Napi::ArrayBuffer>();
			BatchView view(static_cast<uint8_t *>(buffer.Data()), buffer.ByteLength(), u32(info[1]), u32(info[2]));
			size_t from = u32(info[3]), to = u32(info[4]);
			const uint8_t *keep = nullptr;
			if (info[5].IsTypedArray()) {
				auto k = info[5].As<Napi::Uint8Array>();
				if (k.ElementLength() < to) throw std::invalid_argument("fewer rows are decided on than there are");
				keep = k.Data();
			}
			const uint16_t *forms = nullptr;
			if (info[6].IsTypedArray()) {
				auto f = info[6].As<Napi::Uint16Array>();
				if (f.ElementLength() < to) throw std::invalid_argument("there are fewer forms than rows");
				forms = f.Data();
			}
			setEnds(view, info[9]);
			Request request;
			size_t row = info[7].ToBoolean() ? events_->scout(view, from, to, keep, forms, request)
							 : events_->add(view, from, to, keep, forms, request);
			auto report = info[8].As<Napi::Float64Array>();
			if (report.ElementLength() < 4) throw std::invalid_argument("the report is too short");
			report[0] = request.kind;
			report[1] = request.what;
			report[2] = double(uint32_t(request.value));
			report[3] = double(uint32_t(request.value >> 32));
			return Napi::Number::New(info.Env(), double(row));
		});
	}

	/* insert(time, block: Uint8Array) */
	void insert(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] {
			auto block = info[1].As<Napi::Uint8Array>();
			events_->insert(info[0].As<Napi::Number>().DoubleValue(), block.Data(), block.ByteLength());
		});
	}

	void begin(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] { events_->begin(); });
	}

	/* passed(now: batch time) */
	void passed(const Napi::CallbackInfo &info) { events_->passed(info[0].As<Napi::Number>().DoubleValue()); }

	/* take(into: Uint8Array, all): bytes written, or their complement (~) if another block does not fit */
	Napi::Value take(const Napi::CallbackInfo &info) {
		return guarded(info.Env(), [&]() -> Napi::Value {
			auto into = info[0].As<Napi::Uint8Array>();
			double n = double(events_->take(into.Data(), into.ByteLength(), info[1].ToBoolean()));
			return Napi::Number::New(info.Env(), events_->more ? -1 - n : n);
		});
	}

	void renew(const Napi::CallbackInfo &info) {
		guarded(info.Env(), [&] { events_->renew(); });
	}

	Napi::Value leftOut(const Napi::CallbackInfo &info) { return Napi::Number::New(info.Env(), events_->leftOut); }
	Napi::Value cut(const Napi::CallbackInfo &info) { return Napi::Number::New(info.Env(), events_->cut); }

	std::unique_ptr<EventWriter> events_;
};

} // namespace

void InitScapWriter(Napi::Env env, Napi::Object exports) { exports.Set("ScapEvents", EventsObject::define(env)); }
