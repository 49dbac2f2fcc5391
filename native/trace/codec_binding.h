/* JavaScript interface of the trace block codec (src/trace/codec.ts). */
#ifndef KSYS_TRACE_CODEC_BINDING_H
#define KSYS_TRACE_CODEC_BINDING_H

#include <napi.h>

void InitBlock(Napi::Env env, Napi::Object exports);

#endif
