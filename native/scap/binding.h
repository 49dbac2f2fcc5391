/* JavaScript interface for reading and writing .scap files (src/scap/native.ts, src/scap/write/native.ts). */
#ifndef KSYS_SCAP_BINDING_H
#define KSYS_SCAP_BINDING_H

#include <napi.h>

void InitScap(Napi::Env env, Napi::Object exports);
void InitScapWriter(Napi::Env env, Napi::Object exports);

#endif
