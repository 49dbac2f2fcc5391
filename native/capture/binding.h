// JavaScript interface of a capture of this machine (src/source/live.ts).
#pragma once
#include <napi.h>

void InitCapture(Napi::Env env, Napi::Object exports);
