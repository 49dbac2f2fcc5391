/* JavaScript interface of a trace under construction (src/trace/codec.ts). */
#ifndef KSYS_TRACE_WRITER_BINDING_H
#define KSYS_TRACE_WRITER_BINDING_H

#include <napi.h>

void InitTraceFile(Napi::Env env, Napi::Object exports);

#endif
