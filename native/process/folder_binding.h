// A folder as the addon offers it to JavaScript (src/trace/rotation/folder.ts).
#pragma once
#include <napi.h>

void InitFolder(Napi::Env env, Napi::Object exports);
