#include "process/folder_binding.h"
#include "process/folder.h"
#include "process/spawn.h"
#include <memory>
#include <thread>
#include <vector>

namespace {

// Promises of numbers that other threads settle. The process does not end while one is open.
class Promises {
public:
	// `self` lives until the promise is settled. Gives the promise, and the function that settles it from any thread.
	std::pair<Napi::Promise, Folder::Done> make(Napi::Env env, Napi::Object self)
	{
		auto *open = new Open{Napi::Promise::Deferred::New(env), Napi::Persistent(self), this, 0};
		if (open_++ == 0)
			begin(env);
		Napi::Promise promise = open->deferred.Promise();
		to_.Acquire();
		Folder::Done settle = [open, to = to_](int value) mutable {
			open->value = value;
			if (to.NonBlockingCall(open, settled) != napi_ok)
				delete open;
			to.Release();
		};
		return {promise, settle};
	}

private:
	struct Open {
		Napi::Promise::Deferred deferred;
		Napi::ObjectReference self;
		Promises *of;
		int value;
	};

	// The function lives while a promise is open: when the process ends, it may be gone before this object is.
	void begin(Napi::Env env)
	{
		auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo &) {});
		to_ = Napi::ThreadSafeFunction::New(env, nothing, "ksys folder", 0, 1);
	}

	static void settled(Napi::Env env, Napi::Function, Open *open)
	{
		std::unique_ptr<Open> own(open);
		if (env == nullptr)
			return;
		if (--open->of->open_ == 0)
			open->of->to_.Release();
		open->deferred.Resolve(Napi::Number::New(env, open->value));
	}

	Napi::ThreadSafeFunction to_;
	size_t open_ = 0;
};

std::vector<std::string> strings(const Napi::Value &value)
{
	Napi::Array a = value.As<Napi::Array>();
	std::vector<std::string> v;
	for (uint32_t i = 0; i < a.Length(); i++)
		v.push_back(a.Get(i).As<Napi::String>().Utf8Value());
	return v;
}

// Names are bytes.
std::string nameOf(const Napi::Value &value)
{
	auto b = value.As<Napi::Buffer<char>>();
	return {b.Data(), b.Length()};
}

/** new Folder(fd, uid, gid); -1: the process's own */
class FolderObject : public Napi::ObjectWrap<FolderObject> {
public:
	static Napi::Function define(Napi::Env env)
	{
		return DefineClass(env, "Folder",
				   {
					   InstanceAccessor<&FolderObject::error>("error"),
					   InstanceMethod<&FolderObject::create>("create"),
					   InstanceMethod<&FolderObject::rename>("rename"),
					   InstanceMethod<&FolderObject::remove>("remove"),
					   InstanceMethod<&FolderObject::start>("start"),
					   InstanceMethod<&FolderObject::wait>("wait"),
				   });
	}

	explicit FolderObject(const Napi::CallbackInfo &info)
		: Napi::ObjectWrap<FolderObject>(info),
		  folder(info[0].As<Napi::Number>(), {info[1].As<Napi::Number>().Int64Value(), info[2].As<Napi::Number>().Int64Value()})
	{
	}

private:
	/** error: number; errno of becoming that user, 0: it went well */
	Napi::Value error(const Napi::CallbackInfo &info) { return Napi::Number::New(info.Env(), folder.error()); }

	template <typename F> Napi::Value promised(const Napi::CallbackInfo &info, F f)
	{
		auto [promise, done] = promises.make(info.Env(), info.This().As<Napi::Object>());
		f(std::move(done));
		return promise;
	}

	/** create(name: Buffer, mode: number): Promise<number>; a descriptor, or a negative errno */
	Napi::Value create(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) {
			folder.create(nameOf(info[0]), info[1].As<Napi::Number>().Uint32Value(), std::move(done));
		});
	}

	/** rename(from: Buffer, to: Buffer): Promise<number> */
	Napi::Value rename(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) { folder.rename(nameOf(info[0]), nameOf(info[1]), std::move(done)); });
	}

	/** remove(name: Buffer): Promise<number> */
	Napi::Value remove(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) { folder.remove(nameOf(info[0]), std::move(done)); });
	}

	/** start(argv: string[], env: string[]): Promise<number>; a process id, or a negative errno */
	Napi::Value start(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) { folder.start(strings(info[0]), strings(info[1]), std::move(done)); });
	}

	/** wait(pid: number): Promise<number>; the status word of waitpid */
	Napi::Value wait(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) {
			std::thread([pid = info[0].As<Napi::Number>().Int32Value(), done = std::move(done)] { done(waitStopped(pid)); })
				.detach();
		});
	}

	Promises promises;
	Folder folder;
};

/** lockFile(fd: number): boolean */
Napi::Value lock(const Napi::CallbackInfo &info)
{
	return Napi::Boolean::New(info.Env(), lockFile(info[0].As<Napi::Number>()));
}

} // namespace

void InitFolder(Napi::Env env, Napi::Object exports)
{
	exports.Set("Folder", FolderObject::define(env));
	exports.Set("lockFile", Napi::Function::New(env, lock));
}
