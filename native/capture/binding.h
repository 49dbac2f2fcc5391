// A capture of this machine as the addon offers it to JavaScript (src/source/live.ts).
#pragma once
#include <napi.h>

void InitCapture(Napi::Env env, Napi::Object exports);
