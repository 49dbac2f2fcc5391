// JavaScript interface of a folder (src/trace/rotation/folder.ts).
#pragma once
#include <napi.h>

void InitFolder(Napi::Env env, Napi::Object exports);
