#include "process/folder_binding.h"
#include "process/folder.h"
#include "napi_values.h"

namespace {

// Names are bytes.
std::string nameOf(const Napi::Value &value)
{
	auto b = value.As<Napi::Buffer<char>>();
	return {b.Data(), b.Length()};
}

/** new Folder(fd, uid, gid, argv?: string[], env?: string[]); uid and gid -1: the process's own; argv: the program that it may start */
class FolderObject : public Napi::ObjectWrap<FolderObject> {
public:
	static Napi::Function define(Napi::Env env)
	{
		return DefineClass(env, "Folder",
				   {
					   InstanceAccessor<&FolderObject::error>("error"),
					   InstanceMethod<&FolderObject::create>("create"),
					   InstanceMethod<&FolderObject::append>("append"),
					   InstanceMethod<&FolderObject::replace>("replace"),
					   InstanceMethod<&FolderObject::makeFolder>("makeFolder"),
					   InstanceMethod<&FolderObject::rename>("rename"),
					   InstanceMethod<&FolderObject::renameOver>("renameOver"),
					   InstanceMethod<&FolderObject::remove>("remove"),
					   InstanceMethod<&FolderObject::start>("start"),
					   InstanceMethod<&FolderObject::signal>("signal"),
					   InstanceMethod<&FolderObject::close>("close"),
				   });
	}

	explicit FolderObject(const Napi::CallbackInfo &info)
		: Napi::ObjectWrap<FolderObject>(info),
		  folder(info[0].As<Napi::Number>(), {info[1].As<Napi::Number>().Int64Value(), info[2].As<Napi::Number>().Int64Value()}, programOf(info))
	{
	}

private:
	static FolderProgram programOf(const Napi::CallbackInfo &info)
	{
		return info[3].IsArray() ? FolderProgram{strings(info[3]), strings(info[4])} : FolderProgram{};
	}

	/** error: number; errno of changing to that user, 0: success */
	Napi::Value error(const Napi::CallbackInfo &info) { return Napi::Number::New(info.Env(), folder.error()); }

	template <typename F> Napi::Value promised(const Napi::CallbackInfo &info, F f)
	{
		auto [promise, done] = promiseOfNumber(info.Env(), "ksys folder", info.This().As<Napi::Object>());
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

	/** append(name: Buffer): Promise<number>; a descriptor, or a negative errno */
	Napi::Value append(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) { folder.append(nameOf(info[0]), std::move(done)); });
	}

	/** replace(name: Buffer, mode: number): Promise<number>; a descriptor, or a negative errno */
	Napi::Value replace(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) {
			folder.replace(nameOf(info[0]), info[1].As<Napi::Number>().Uint32Value(), std::move(done));
		});
	}

	/** makeFolder(name: Buffer, mode: number): Promise<number>; 0, or a negative errno */
	Napi::Value makeFolder(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) {
			folder.makeFolder(nameOf(info[0]), info[1].As<Napi::Number>().Uint32Value(), std::move(done));
		});
	}

	/** rename(from: Buffer, to: Buffer): Promise<number> */
	Napi::Value rename(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) { folder.rename(nameOf(info[0]), nameOf(info[1]), std::move(done)); });
	}

	/** renameOver(from: Buffer, to: Buffer): Promise<number> */
	Napi::Value renameOver(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) {
			folder.renameOver(nameOf(info[0]), nameOf(info[1]), std::move(done));
		});
	}

	/** remove(name: Buffer): Promise<number> */
	Napi::Value remove(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) { folder.remove(nameOf(info[0]), std::move(done)); });
	}

	/** start(argument?: string, input?: number): Promise<number>; a process id, or a negative errno */
	Napi::Value start(const Napi::CallbackInfo &info)
	{
		const std::string argument = info[0].IsString() ? info[0].As<Napi::String>().Utf8Value() : "";
		const int input = info[1].IsNumber() ? info[1].As<Napi::Number>().Int32Value() : -1;
		return promised(info, [&](Folder::Done done) {
			folder.start(info[0].IsString() ? &argument : nullptr, input, std::move(done));
		});
	}

	/** signal(program: number, signal: number): Promise<number>; 0, or a negative errno */
	Napi::Value signal(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) {
			folder.signal(info[0].As<Napi::Number>(), info[1].As<Napi::Number>(), std::move(done));
		});
	}

	/** close(): Promise<number>; 0 */
	Napi::Value close(const Napi::CallbackInfo &info)
	{
		return promised(info, [&](Folder::Done done) { folder.close(std::move(done)); });
	}

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
