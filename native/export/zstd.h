/* zstd for the files of other formats, as the addon offers it to JavaScript (src/export/parquet/zstd.ts). */
#ifndef KSYS_EXPORT_ZSTD_H
#define KSYS_EXPORT_ZSTD_H

#include <napi.h>

void InitZstd(Napi::Env env, Napi::Object exports);

#endif
