// The Node-API surface of the native side, and nothing else.
#include "capture/binding.h"
#include "capture/libbpf_log.h"
#include "export/zstd.h"
#include "napi_values.h"
#include "process/announcement.h"
#include "process/call_filter.h"
#include "process/confine.h"
#include "process/datagram.h"
#include "process/fifo.h"
#include "process/folder_binding.h"
#include "process/heap.h"
#include "process/memory_file.h"
#include "process/peer.h"
#include "process/priority.h"
#include "process/proc_files.h"
#include "process/same_process.h"
#include "process/spawn.h"
#include "scap/binding.h"
#include "trace/codec_binding.h"
#include "trace/writer_binding.h"
#include <napi.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace {

/** waitFor(pid: number): Promise<number>; resolves to the wait status of a child */
Napi::Value waitFor(const Napi::CallbackInfo &info)
{
	const int pid = info[0].As<Napi::Number>();
	auto [promise, done] = promiseOfNumber(info.Env(), "ksys wait", Napi::Object::New(info.Env()));
	std::thread([pid, done = std::move(done)]() mutable { done(waitStopped(pid)); }).detach();
	return promise;
}

/** spawnStopped(argv: string[], env: string[]): { pid, resume(): number } */
Napi::Value spawn(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	auto child = std::make_shared<Stopped>();
	try {
		*child = spawnStopped(strings(info[0]), strings(info[1]));
	} catch (const std::system_error &e) {
		throw Napi::Error::New(env, e.what());
	}
	Napi::Object o = Napi::Object::New(env);
	o.Set("pid", child->pid);
	o.Set("resume", Napi::Function::New(env, [child](const Napi::CallbackInfo &i) {
		      return Napi::Number::New(i.Env(), resumeStopped(*child));
	      }));
	return o;
}

/** readable(fd: number): boolean */
Napi::Value isReadable(const Napi::CallbackInfo &info)
{
	return Napi::Boolean::New(info.Env(), readable(info[0].As<Napi::Number>()));
}

/** pipe(): [number, number]; its read end and write end, or one negative errno */
Napi::Value makePipe(const Napi::CallbackInfo &info)
{
	int ends[2];
	Napi::Array made = Napi::Array::New(info.Env());
	if (pipe2(ends, O_CLOEXEC)) {
		made.Set(0u, Napi::Number::New(info.Env(), -errno));
		return made;
	}
	made.Set(0u, Napi::Number::New(info.Env(), ends[0]));
	made.Set(1u, Napi::Number::New(info.Env(), ends[1]));
	return made;
}

/** memoryFile(): number; throws an error with its errno */
Napi::Value makeMemoryFile(const Napi::CallbackInfo &info)
{
	int fd = memoryFile();
	if (fd < 0) {
		int error = errno;
		Napi::Error e = Napi::Error::New(info.Env(), strerror(error));
		e.Set("errno", Napi::Number::New(info.Env(), error));
		throw e;
	}
	return Napi::Number::New(info.Env(), fd);
}

/** forgetBytes(fd: number, end: number): number; an errno, or 0 */
Napi::Value forget(const Napi::CallbackInfo &info)
{
	const auto end = uint64_t(info[1].As<Napi::Number>().Int64Value());
	return Napi::Number::New(info.Env(), forgetBytes(info[0].As<Napi::Number>(), end));
}

/** readProcFiles(paths: string[]): { bytes: ArrayBuffer, places: Float64Array }; of each path where its content begins, or -1, and its size */
Napi::Value readFilesOfProc(const Napi::CallbackInfo &info)
{
	ProcFiles contents = readProcFiles(strings(info[0]));
	Napi::Float64Array places = Napi::Float64Array::New(info.Env(), contents.places.size() * 2);
	for (size_t i = 0; i < contents.places.size(); i++) {
		places[i * 2] = contents.places[i].from;
		places[i * 2 + 1] = contents.places[i].size;
	}
	Napi::Object read = Napi::Object::New(info.Env());
	read.Set("bytes", arrayBuffer(info.Env(), contents.bytes));
	read.Set("places", places);
	return read;
}

/** free(bytes: ArrayBuffer): void; afterwards its length is 0 */
void freeBytes(const Napi::CallbackInfo &info)
{
	info[0].As<Napi::ArrayBuffer>().Detach();
}

/** signalProcess(pid: number, start: number, signal: number): number; an errno, or 0 */
Napi::Value signalOne(const Napi::CallbackInfo &info)
{
	const int error = signalProcess(info[0].As<Napi::Number>(), info[1].As<Napi::Number>().Int64Value(),
	                                info[2].As<Napi::Number>());
	return Napi::Number::New(info.Env(), error);
}

/** confine(keep: number[], user?: { uid, gid, groups: number[] }): { failure: string, unreached: number[] } */
Napi::Value confineProcess(const Napi::CallbackInfo &info)
{
	uint64_t keep = 0;
	for (uint32_t cap : numbers(info[0]))
		keep |= 1ull << (cap & 63);
	// the handler of a late thread may still read it
	static OtherUser user;
	const bool other = info[1].IsObject();
	if (other) {
		const Napi::Object to = info[1].As<Napi::Object>();
		user = {to.Get("uid").As<Napi::Number>().Uint32Value(), to.Get("gid").As<Napi::Number>().Uint32Value(),
		        numbers(to.Get("groups"))};
	}
	const Confinement is = confine(keep, other ? &user : nullptr);
	Napi::Array unreached = Napi::Array::New(info.Env(), is.unreached.size());
	for (uint32_t i = 0; i < is.unreached.size(); i++)
		unreached.Set(i, Napi::Number::New(info.Env(), is.unreached[i]));
	Napi::Object o = Napi::Object::New(info.Env());
	o.Set("failure", is.failure);
	o.Set("unreached", unreached);
	return o;
}

/** filterCalls({ attach, maps: boolean, families: number[] }): number; an errno, or 0 */
Napi::Value filterOwnCalls(const Napi::CallbackInfo &info)
{
	const Napi::Object o = info[0].As<Napi::Object>();
	StillDone done;
	done.attach = o.Get("attach").ToBoolean();
	done.maps = o.Get("maps").ToBoolean();
	done.families = numbers(o.Get("families"));
	return Napi::Number::New(info.Env(), filterCalls(done));
}

/* Functions that read and write files. They need nothing specific to Linux: a build for another system may consist of these alone. */
Napi::Object reading(Napi::Env env)
{
	Napi::Object exports = Napi::Object::New(env);
	InitScap(env, exports);
	InitScapWriter(env, exports);
	InitBlock(env, exports);
	InitTraceFile(env, exports);
	InitZstd(env, exports);
	return exports;
}

Napi::Object init(Napi::Env env, Napi::Object exports)
{
	shareHeaps();
	listenToLibbpf();
	exports.Set("spawnStopped", Napi::Function::New(env, spawn));
	exports.Set("waitFor", Napi::Function::New(env, waitFor));
	exports.Set("readable", Napi::Function::New(env, isReadable));
	exports.Set("pipe", Napi::Function::New(env, makePipe));
	exports.Set("memoryFile", Napi::Function::New(env, makeMemoryFile));
	exports.Set("forgetBytes", Napi::Function::New(env, forget));
	exports.Set("peerUser", Napi::Function::New(env, [](const Napi::CallbackInfo &i) -> Napi::Value {
			    return Napi::Number::New(i.Env(), peerUser(i[0].As<Napi::Number>()));
		    }));
	exports.Set("sendDatagram", Napi::Function::New(env, [](const Napi::CallbackInfo &i) -> Napi::Value {
			    const std::string to = i[0].As<Napi::String>(), text = i[1].As<Napi::String>();
			    const bool waits = i[2].IsUndefined() || i[2].ToBoolean();
			    return Napi::Number::New(i.Env(), sendDatagram(to, text, waits));
		    }));
	exports.Set("readProcFiles", Napi::Function::New(env, readFilesOfProc));
	exports.Set("free", Napi::Function::New(env, freeBytes));
	exports.Set("signalProcess", Napi::Function::New(env, signalOne));
	exports.Set("confine", Napi::Function::New(env, confineProcess));
	exports.Set("filterCalls", Napi::Function::New(env, filterOwnCalls));
	exports.Set("endProcess", Napi::Function::New(env, [](const Napi::CallbackInfo &i) {
			    _exit(i[0].As<Napi::Number>().Int32Value());
		    }));
	exports.Set("trim", Napi::Function::New(env, [](const Napi::CallbackInfo &) { trimHeaps(); }));
	exports.Set("hurry", Napi::Function::New(env, [](const Napi::CallbackInfo &i) { hurry(i[0].ToBoolean()); }));
	exports.Set("hurryAgain", Napi::Function::New(env, [](const Napi::CallbackInfo &) { hurryAgain(); }));
	exports.Set("announce", Napi::Function::New(env, [](const Napi::CallbackInfo &i) {
			    announce(i[0].As<Napi::Number>().Int32Value(), i[1].As<Napi::String>());
		    }));
	exports.Set("withdraw", Napi::Function::New(env, [](const Napi::CallbackInfo &i) -> Napi::Value {
			    return Napi::Boolean::New(i.Env(), withdraw());
		    }));
	exports.Set("settle", Napi::Function::New(env, [](const Napi::CallbackInfo &) { settle(); }));
	InitCapture(env, exports);
	InitFolder(env, exports);
	exports.Set("reading", reading(env));
	return exports;
}

} // namespace

NODE_API_MODULE(ksys, init)
