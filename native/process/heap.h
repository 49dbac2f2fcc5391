// How much freed memory glibc's malloc retains. Other C libraries retain less.
#pragma once
#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// Makes threads share heaps. glibc gives them heaps of their own, eight for each CPU, whose free memory no other thread uses:
// blocks of traces that pass from thread to thread would take several times the memory they need.
inline void shareHeaps()
{
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 2);
#endif
}

// Has large blocks of memory mapped individually, so that they are returned when they are freed, and the free ends of heaps
// returned as well. By default glibc keeps recurring blocks in its heaps, with holes between them: 15 MB for a capture that
// writes a trace, and as much that compilers of V8 needed while it started.
inline void mapLargeBlocks()
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

// Returns freed memory to the system.
inline void trimHeaps()
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
