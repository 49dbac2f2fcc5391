/* JavaScript interface of zstd for export formats (src/export/parquet/zstd.ts). */
#ifndef KSYS_EXPORT_ZSTD_H
#define KSYS_EXPORT_ZSTD_H

#include <napi.h>

void InitZstd(Napi::Env env, Napi::Object exports);

#endif
