// Values between JavaScript and C++.
#pragma once
#include "growing_bytes.h"
#include <functional>
#include <memory>
#include <napi.h>
#include <string>
#include <utility>
#include <vector>

inline std::vector<std::string> strings(const Napi::Value &value)
{
	Napi::Array a = value.As<Napi::Array>();
	std::vector<std::string> v;
	for (uint32_t i = 0; i < a.Length(); i++)
		v.push_back(a.Get(i).As<Napi::String>().Utf8Value());
	return v;
}

inline std::vector<uint32_t> numbers(const Napi::Value &value)
{
	Napi::Array a = value.As<Napi::Array>();
	std::vector<uint32_t> v;
	for (uint32_t i = 0; i < a.Length(); i++)
		v.push_back(a.Get(i).As<Napi::Number>().Uint32Value());
	return v;
}

// The bytes without a copy.
inline Napi::ArrayBuffer arrayBuffer(Napi::Env env, GrowingBytes &bytes)
{
	const size_t size = bytes.size();
	return Napi::ArrayBuffer::New(env, bytes.release(), size, [](Napi::Env, void *own) { free(own); });
}

// A promise of a number, and the function that settles it, once, from any thread. Until then `kept` is kept alive and the
// process does not end.
inline std::pair<Napi::Promise, std::function<void(int)>> promiseOfNumber(Napi::Env env, const char *name, Napi::Object kept)
{
	struct Pending {
		Napi::Promise::Deferred deferred;
		Napi::ObjectReference kept;
		int value;
	};
	auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo &) {});
	auto to = Napi::ThreadSafeFunction::New(env, nothing, name, 0, 1);
	auto *pending = new Pending{Napi::Promise::Deferred::New(env), Napi::Persistent(kept), 0};
	auto settled = [](Napi::Env env, Napi::Function, Pending *p) {
		std::unique_ptr<Pending> own(p);
		if (env != nullptr)
			own->deferred.Resolve(Napi::Number::New(env, own->value));
	};
	return {pending->deferred.Promise(), [to, pending, settled](int value) mutable {
			pending->value = value;
			// if the process is ending, JavaScript objects must not be accessed from here
			to.NonBlockingCall(pending, settled);
			to.Release();
		}};
}
