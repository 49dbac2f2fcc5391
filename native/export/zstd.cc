/* Compresses to one zstd frame at a time. */
#include "export/zstd.h"
#include "promise_task.h"

#include <memory>
#include <stdexcept>
#include <zstd.h>

namespace {

struct Free {
	void operator()(ZSTD_CCtx *ctx) const { ZSTD_freeCCtx(ctx); }
};
thread_local std::unique_ptr<ZSTD_CCtx, Free> compressor;

/* zstdCompress(from: Uint8Array, to: Uint8Array, level: number): number; the bytes of the frame. Throws if `to` is too small. */
Napi::Value compress(const Napi::CallbackInfo &info) {
	return ksys::guarded(info.Env(), [&]() -> Napi::Value {
		auto from = info[0].As<Napi::Uint8Array>(), to = info[1].As<Napi::Uint8Array>();
		if (compressor == nullptr) compressor.reset(ZSTD_createCCtx());
		if (compressor == nullptr) throw std::bad_alloc();
		const size_t made = ZSTD_compressCCtx(compressor.get(), to.Data(), to.ByteLength(), from.Data(), from.ByteLength(),
			info[2].As<Napi::Number>().Int32Value());
		if (ZSTD_isError(made)) throw std::runtime_error(ZSTD_getErrorName(made));
		return Napi::Number::New(info.Env(), double(made));
	});
}

} // namespace

void InitZstd(Napi::Env env, Napi::Object exports) {
	exports.Set("zstdCompress", Napi::Function::New(env, compress));
}
