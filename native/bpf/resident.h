/* Reads memory of other processes without faulting it in: through their page tables and the kernel's direct map of all
 * memory. The owner of the memory could block a reader that faults it in forever (a file of FUSE, userfaultfd). */
#ifndef KSYS_RESIDENT_H
#define KSYS_RESIDENT_H

#include "arch.h"

#define SAMPLE 4 /* words */

/* The kernel's direct map. The addon writes the first two members; `offset` is found with them. */
struct ksys_direct_map direct_map SEC(".bss.memory") = {};

/* The kernel address of a byte of a process's memory, given its top page table and the offset to add to physical addresses;
 * 0: it is not in memory. The number of page table levels follows from the kernel's own addresses, which start where the
 * levels end. */
__noinline u64 resident_at(u64 table, u64 at, u64 offset, u32 page_shift)
{
	u32 bits = page_shift - 3, levels = 2;
	u64 entry = 0;
	for (int i = 0; i < 3; i++)
		if (table < -(1ull << (page_shift + levels * bits)))
			levels++;
	for (u32 level = 5; level-- > 0;) {
		u32 shift = page_shift + level * bits;
		u64 within = (1ull << shift) - 1, index = at >> shift & ((1ull << bits) - 1);
		if (level >= levels)
			continue;
		if (bpf_probe_read_kernel(&entry, sizeof(entry), (void *)(table + index * 8)))
			return 0;
		entry = entry_in_memory(entry);
		if (!entry)
			return 0;
		if (!level || ENTRY_IS_BLOCK(entry))
			return offset + (entry & ENTRY_ADDRESS & ~within) + (at & within);
		table = offset + (entry & ENTRY_ADDRESS & -(1ull << page_shift));
	}
	return 0;
}

/* Alignment of the kernel's direct map: 512 MB with 64 KB pages, else 1 GB. */
static __always_inline u32 direct_map_shift(void)
{
	return direct_map.page_shift == 16 ? 29 : 30;
}

struct sample_search {
	u64 table;
	u64 sample[SAMPLE];
};

/* Whether the search is over: the sample is at its expected address, if the table has the i-th possible physical address.
 * The highest is tried first, so that only addresses below those of memory are read before it is found: above it, there may
 * be devices. */
static long try_address(u32 i, struct sample_search *s)
{
	u64 step = 1ull << direct_map_shift(), found[SAMPLE];
	u64 physical = (s->table & (step - 1)) + ((1ull << MEMORY_SHIFT) - step) - i * step;
	u64 offset = s->table - physical;
	u64 at = resident_at(s->table, direct_map.sample, offset, direct_map.page_shift);
	if (!at || bpf_probe_read_kernel(found, sizeof(found), (void *)at))
		return 0;
	for (int k = 0; k < SAMPLE; k++)
		if (found[k] != s->sample[k])
			return 0;
	direct_map.offset = offset;
	return 1;
}

/* Finds the kernel's direct map: the place that contains the bytes that the reader of the iterator has at `sample`, which
 * occur nowhere else. No symbol of the kernel provides it on all kernels and with all settings. */
static __always_inline bool know_direct_map(void)
{
	struct sample_search s;
	if (direct_map.offset)
		return true;
	if (direct_map.tries >= 3 || bpf_probe_read_user(s.sample, sizeof(s.sample), (void *)direct_map.sample))
		return false;
	direct_map.tries++;
	s.table = (u64)BPF_CORE_READ(bpf_get_current_task_btf(), mm, pgd);
	bpf_loop(1u << (MEMORY_SHIFT - direct_map_shift()), try_address, &s, 0);
	return direct_map.offset;
}

/* Copies bytes within one page. Fails if they are not in memory, and if the page was moved in the meantime: the copied bytes
 * could be of another process. */
static __always_inline bool copy_resident(void *to, u32 n, u64 table, u64 at)
{
	u64 there = resident_at(table, at, direct_map.offset, direct_map.page_shift);
	return there && !bpf_probe_read_kernel(to, n, (void *)there) &&
	       resident_at(table, at, direct_map.offset, direct_map.page_shift) == there;
}

#endif
