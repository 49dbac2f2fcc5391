/* Work for a thread of Node's pool that settles a promise. The memory that it reads and writes is kept alive until then, and
 * JavaScript must not access it before the promise settles. */
#ifndef KSYS_PROMISE_TASK_H
#define KSYS_PROMISE_TASK_H

#include <functional>
#include <napi.h>
#include <vector>

namespace ksys {

/* Runs `work` on a worker thread, then settles a promise with the value that `result` returns on the main thread. */
class Task : public Napi::AsyncWorker {
public:
	Task(Napi::Env env, std::function<void()> work, std::function<Napi::Value(Napi::Env)> result)
		: Napi::AsyncWorker(env), deferred_(env), work_(std::move(work)), result_(std::move(result)) {}
	Napi::Promise promise() { return deferred_.Promise(); }
	/* Keeps a value alive until the task is over. */
	void keep(Napi::Value value) { kept_.push_back(Napi::Persistent(value.As<Napi::Object>())); }

protected:
	void Execute() override { work_(); }
	void OnOK() override { deferred_.Resolve(result_(Env())); }
	void OnError(const Napi::Error &error) override { deferred_.Reject(error.Value()); }

private:
	Napi::Promise::Deferred deferred_;
	std::function<void()> work_;
	std::function<Napi::Value(Napi::Env)> result_;
	std::vector<Napi::ObjectReference> kept_;
};

/* Turns a C++ exception of a synchronous call into a JavaScript one. */
template <typename F> auto guarded(Napi::Env env, F f) {
	try {
		return f();
	} catch (const std::exception &e) {
		throw Napi::Error::New(env, e.what());
	}
}

} // namespace ksys

#endif
