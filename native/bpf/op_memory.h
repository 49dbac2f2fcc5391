/* The filler operations that record memory of a program as it is: what it means is declared in src/schema. */
#ifndef KSYS_OP_MEMORY_H
#define KSYS_OP_MEMORY_H

#include "op_params.h"

#define BYTES_RESULT 254

/* Number of an array's elements according to the call. */
static __always_inline u64 count_of(struct scratch *s, u64 w)
{
	u64 count = OP_B(w) == BYTES_RESULT ? (u64)s->rec.ret : ARG(s, OP_B(w));
	if (OP_FLAG(w) & BYTES_AT) {
		u32 v = 0;
		bpf_probe_read_user(&v, sizeof(v), (void *)count);
		count = v;
	}
	if (OP_FLAG(w) & BYTES_BITS)
		count = (count + 63) / 64;
	if (OP_FLAG(w) & BYTES_WITHIN && count > ARG(s, OP_SIZE(w)))
		count = ARG(s, OP_SIZE(w));
	return count > OFF_MASK ? OFF_MASK : count;
}

/* Memory at an argument, unchanged: its meaning is declared in src/schema. */
__noinline u32 op_bytes(struct scratch *s, u32 off, u64 w)
{
	u64 ptr, all;
	u32 len = OP_C(w), flag = OP_FLAG(w);
	if (!s)
		return off;
	ptr = ARG(s, OP_N(w));
	if (s->hidden || (flag & BYTES_ON_OK && failed(s)) || (flag & BYTES_ON_FAIL && !failed(s)))
		return put_none(s, off, OP_PARAM(w));
	if (flag & BYTES_ITSELF)
		return put64(s, put16(s, off, 8), ptr);
	if (!ptr || (flag & BYTES_NATIVE && s->compat) || (flag & BYTES_DATA && !config.plan.snaplen))
		return put_none(s, off, OP_PARAM(w));
	if (flag & BYTES_DATA && len > config.plan.snaplen)
		len = config.plan.snaplen;
	if (OP_SKIP(w) == SKIP_VIA) {
		if (s->compat || bpf_probe_read_user(&ptr, 8, (void *)ptr) || !ptr)
			return put_none(s, off, OP_PARAM(w));
	} else
		ptr += OP_SKIP(w) * 8;
	if (OP_B(w) == 255)
		ptr += OP_SIZE(w) * 4;
	else {
		all = count_of(s, w) * (flag & BYTES_WITHIN ? 1 : OP_SIZE(w));
		if (all < len)
			len = all;
	}
	return put_user(s, off, ptr, len, OP_PARAM(w));
}

/* The operation that table `table` has for a selector's value; 0: none. */
static __always_inline u64 case_at(u32 table, u32 value)
{
	u32 h = CASE_HASH(table, value);
	for (u32 i = 0; i < KSYS_CASE_PROBES; i++) {
		const volatile struct ksys_case *k = &config.cases[(h + i) & (KSYS_CASES - 1)];
		if (!k->table)
			return 0;
		if (k->table == table && k->value == value)
			return k->word;
	}
	return 0;
}

__noinline u32 op_case(struct scratch *s, u32 off, u64 w)
{
	u32 value, mask = OP_C(w);
	u64 found;
	if (!s)
		return off;
	value = ARG(s, OP_N(w));
	if (mask)
		value &= mask;
	found = case_at(OP_SIZE(w), value);
	if (!found)
		return put_none(s, off, OP_PARAM(w));
	found |= (u64)OP_PARAM(w) << 56;
	switch (OP(found)) {
	case OP_BYTES:
		return op_bytes(s, off, found);
	case OP_STR:
		return put_text(s, off, found);
	}
	return put_none(s, off, OP_PARAM(w));
}

/* Structures that an array of pointers refers to. */
__noinline u32 op_each(struct scratch *s, u32 off, u64 w)
{
	u64 ptr, count, to;
	u32 each = OP_SIZE(w), o = off + 2, left = OP_C(w);
	if (!s)
		return off;
	ptr = ARG(s, OP_N(w));
	count = ARG(s, OP_B(w));
	if (s->hidden || s->compat || !ptr)
		return put_none(s, off, OP_PARAM(w));
	for (u32 i = 0; i < MAX_IOV; i++) {
		if (i >= count || left < each)
			break;
		if (bpf_probe_read_user(&to, 8, (void *)ptr + i * 8) || bpf_probe_read_user(at(s, o), each & 255, (void *)to))
			break;
		o += each & 255;
		left -= each;
	}
	if (o == off + 2)
		return put_none(s, off, OP_PARAM(w));
	put16(s, off, o - off - 2);
	return o;
}

/* What the enter side saved: with a flag the time at argument n, else of select's arguments c->len[0] bytes of each set; the
 * bits in c->len[1] are the arguments that were present. */
__noinline u32 op_kept(struct scratch *s, u32 off, u64 w, struct in_call *c)
{
	u32 which = OP_N(w) & 3, len;
	if (!s)
		return off;
	if (OP_FLAG(w) && (!c || s->compat))
		return s->compat ? put_none(s, off, OP_PARAM(w)) : put_user(s, off, ARG(s, OP_N(w)), TIMESPEC_BYTES, OP_PARAM(w));
	if (!c)
		return put_none(s, off, OP_PARAM(w));
	BARRIER(c);
	if (OP_FLAG(w))
		return c->len[0] == TIMESPEC_BYTES ? put_kept(s, off, c->path[0], TIMESPEC_BYTES, TIMESPEC_BYTES) : put_none(s, off, OP_PARAM(w));
	len = which == 3 ? TIMESPEC_BYTES : c->len[0];
	if (!(c->len[1] >> which & 1))
		return put_none(s, off, OP_PARAM(w));
	if (which == 0)
		return put_kept(s, off, c->path[0], len & 127, SELECT_SET);
	if (which == 1)
		return put_kept(s, off, c->path[0] + SELECT_SET, len & 127, SELECT_SET);
	return put_kept(s, off, which == 2 ? c->path[1] : c->path[1] + SELECT_SET, len & 127, SELECT_SET);
}

#endif
