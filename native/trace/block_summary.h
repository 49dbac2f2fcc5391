/* A summary of a block's rows, so that a reader can skip what is irrelevant. Internal to the block codec. */
#ifndef KSYS_TRACE_BLOCK_SUMMARY_H
#define KSYS_TRACE_BLOCK_SUMMARY_H

#include "trace/block_codec.h"

namespace ksys {

/* Whether a row may be shown. */
bool shown(uint16_t type, uint16_t flags);

/* The summary; src/trace/block-summary.ts reads it. names: process names of the rows as given, null if unknown. */
std::vector<uint8_t> summarize(const Columns &c, const std::vector<uint8_t> *names);

} // namespace ksys

#endif
