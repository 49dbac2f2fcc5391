/* How the rows of an event block are laid out in streams. Internal to the block codec.
 *
 * Three orders: rows as they were recorded; by thread, in order of a thread's first row; by cell, which is a thread's rows
 * of one kind (type, flags, absent mask), in order of its first row within the thread. Programs repeat themselves: in the
 * second and third order most streams are long repetitions. The state section has all columns and the arguments of the rows
 * that keep threads and descriptors correct, the rest has the other arguments. */
#ifndef KSYS_TRACE_BLOCK_ROWS_H
#define KSYS_TRACE_BLOCK_ROWS_H

#include "abi.h"
#include "trace/block_codec.h"

#include <cmath>

namespace ksys {

/* Planes of the state section in file order, one byte per row. They are preceded by the lists: threads (tid i32, pid i32),
 * kinds (absent u32, flags u16, type u16), cells of each thread (u16, less 1), the kind of each cell (u16). They are
 * followed by the lists of values that do not fit: f64 num by row; f64 time, latency, result and u32 length by cell. The
 * arguments come last. */
enum Plane {
	P_NUM,                 /* by row: difference to the previous row */
	P_THREAD0, P_THREAD1,  /* by row: index of the thread */
	P_CELL0, P_CELL1,      /* by thread: index among the thread's cells */
	P_CPU0, P_CPU1,        /* by thread */
	P_GAP0, P_GAP1, P_GAP2, /* by cell: from the end of the thread's previous row (at first the block's time) to the start of this */
	P_LAT0, P_LAT1, P_LAT2, /* by cell: latency + 1 */
	P_RET0, P_RET1,        /* by cell: result + kRetBias */
	P_LEN0, P_LEN1,        /* by cell: bytes of arguments less those of the cell's previous row, modulo 2^16 */
	P_COUNT
};

/* A plane's largest value refers to the list. */
constexpr uint32_t kNumWide = 0xff, kTimeWide = 0xffffff, kRetWide = 0xffff;
constexpr int kRetBias = 4096;
/* a length difference that refers to the list */
constexpr uint32_t kLenLong = 0x8000;
/* integers that a double holds exactly */
constexpr double kExact = 9007199254740992.0;

/* codes of src/schema/codes.ts */
constexpr uint16_t kProcexit = 186, kInternalFirst = 900, kInternalEnd = 1024;

inline bool internal(uint16_t type) { return type >= kInternalFirst && type < kInternalEnd; }
/* Whether rows of a kind belong to the state section. */
inline bool keepsState(uint16_t type, uint16_t flags) {
	return (flags & (ROW_STATE | ROW_HIDDEN)) || type == kProcexit || internal(type);
}

/* The block's time to which the first row of each thread is relative. */
inline double startOf(const BlockHeader &h) { return std::fabs(h.timeMin) <= kExact ? std::trunc(h.timeMin) : 0; }

inline uint64_t kindOf(uint32_t absent, uint16_t flags, uint16_t type) {
	return uint64_t(absent) | uint64_t(flags) << 32 | uint64_t(type) << 48;
}
inline uint32_t absentOf(uint64_t kind) { return uint32_t(kind); }
inline uint16_t flagsOf(uint64_t kind) { return uint16_t(kind >> 32); }
inline uint16_t typeOf(uint64_t kind) { return uint16_t(kind >> 48); }

} // namespace ksys

#endif
