/* Writes the records of calls that ended to the CPU's lane. */
#ifndef KSYS_LANE_H
#define KSYS_LANE_H

#include "rest.h"

/* The chunk in which a lane continues. */
static __always_inline u32 next_chunk(struct ksys_lane *lane, u32 at)
{
	lane->chunk = lane->chunk == lane->last ? lane->first : lane->chunk + 1;
	return at - KSYS_CHUNK;
}

/* Writes the record of a call that ended to the CPU's lane. Only for programs that cannot be interrupted by another writer:
 * on a CPU, a program is never entered again before it ends. Without helpers, which cost as much as everything else for a
 * short record. */
static __always_inline void emit_call(struct scratch *s, u32 off, u32 cpu)
{
	struct ksys_lane *lane = &lanes[cpu & (MAX_CPUS - 1)];
	u32 len = (off & OFF_MASK) + sizeof(s->rec), step = (len + 15) & ~7u, at = lane->at & (KSYS_CHUNK - 8), rest;
	struct chunk *c = bpf_map_lookup_elem(&chunks, &lane->chunk);
	const u64 *from = (const u64 *)&s->rec;
	u64 head = lane->head;
	if (!c || head + step - *(volatile u64 *)&lane->tail > lane->size) {
		lose(&s->rec, cpu);
		return;
	}
	BARRIER(at);
	*(u64 *)(c->bytes + at) = len;
	if (len <= 256)
		for (u32 i = 0; i < 32; i++) {
			if (i * 8 >= len)
				break;
			*(u64 *)(c->bytes + at + 8 + i * 8) = from[i];
		}
	else {
		BARRIER(len);
		bpf_probe_read_kernel(c->bytes + at + 8, len, from);
	}
	if (keeps_rest() && s->rest.left) {
		if (head + step + s->rest.left - *(volatile u64 *)&lane->tail > lane->size)
			count_lost(cpu, LOST_DATA);
		else {
			rest = put_rest(s, (struct long_chunk *)c, at + 8 + len);
			at &= KSYS_CHUNK - 8;
			BARRIER(at);
			*(u64 *)(c->bytes + at) = (len + rest) | (u64)rest << 32;
			step = (len + rest + 15) & ~7u;
		}
	}
	at += step;
	if (at >= KSYS_CHUNK)
		at = next_chunk(lane, at);
	if (keeps_rest() && at >= KSYS_CHUNK)
		at = next_chunk(lane, at);
	lane->at = at;
	PUBLISH(&lane->head, head + step);
}

#endif
