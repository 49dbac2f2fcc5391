/* Batches as passed by JavaScript. */
#ifndef KSYS_TRACE_BLOCK_VIEW_H
#define KSYS_TRACE_BLOCK_VIEW_H

#include "trace/block_codec.h"

#include <napi.h>

namespace ksys {

inline BatchView viewOf(const Napi::ArrayBuffer &buffer, const Napi::Value &capacity, const Napi::Value &arenaBytes) {
	Napi::ArrayBuffer b = buffer;
	return BatchView(static_cast<uint8_t *>(b.Data()), b.ByteLength(), capacity.As<Napi::Number>().Uint32Value(),
		arenaBytes.As<Napi::Number>().Uint32Value());
}

/* Sets where the rows end, which is not in the batch's buffer. */
inline void setEnds(BatchView &view, const Napi::Value &ends) {
	if (!ends.IsTypedArray()) return;
	auto e = ends.As<Napi::Uint32Array>();
	if (e.ElementLength() < view.capacity) throw BlockError("there are fewer ends than rows");
	view.argEnd = e.Data();
}

} // namespace ksys

#endif
