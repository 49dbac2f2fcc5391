/* Calls that have not ended: a record for each thread that is in one, written when the addon reads the iterator. For calls
 * that started during this capture the enter side is used; for earlier ones, the saved registers identify the call, and the
 * scheduler knows how long the thread has slept. */
#ifndef KSYS_INFLIGHT_H
#define KSYS_INFLIGHT_H

#include "special_exec.h"
#include "args.h"

#define INFLIGHT_SLEPT (1u << 1) /* absent bits: by the parameters of ks_inflight */
#define INFLIGHT_ARGS (0x3fu << 2)

/* A record under construction, in the iterators' own buffer. */
struct inflight_rec {
	struct ksys_rec rec;
	u32 nr;
	u64 slept, args[6];
	u8 paths[2 * (2 + 256)];
} __attribute__((packed));

/* ns since the thread last ran; false: it is running, or about to, or the time is not available. */
static __always_inline bool slept(struct task_struct *t, u64 *ns)
{
	struct task_struct *now = bpf_get_current_task_btf();
	u64 then;
	if (!t->__state || !bpf_core_field_exists(t->sched_info))
		return false;
	then = t->sched_info.last_arrival;
	/* the reader has just been woken: its own arrival is the present time of the scheduler's clock */
	*ns = now->sched_info.last_arrival > then ? now->sched_info.last_arrival - then : 0;
	return then != 0;
}

/* A path that was saved at enter, as a variable parameter. */
static __always_inline u32 put_path_of(struct inflight_rec *r, u32 off, struct in_call *c, u32 i, bool known)
{
	u32 len = known && c->len[i] && c->len[i] != STR_LONG ? c->len[i] - 1 : 0;
	len &= 255;
	BARRIER(len);
	off &= 511;
	if (off > 258)
		return off;
	if (!len)
		r->rec.absent |= 1u << (8 + i);
	r->paths[off] = len;
	r->paths[off + 1] = 0;
	if (len && c)
		bpf_probe_read_kernel(r->paths + off + 2, len, c->path[i]);
	return off + 2 + len;
}

SEC("iter/task")
int iter_calls(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	const volatile struct ksys_desc *d;
	struct inflight_rec *r;
	struct in_call *c;
	struct pt_regs *regs;
	struct walk *w;
	u64 began;
	s32 nr;
	u32 zero = 0, off, cpu = bpf_get_smp_processor_id();
	bool compat, paths;
	void *ring;
	if (!t || excluded(t) || t->exit_state || t->flags & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))
		return 0;
	/* a thread that is stopped has left its call, which is restarted later */
	if (t->__state & TASK_STOPPED_OR_TRACED)
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(t);
	w = bpf_map_lookup_elem(&iter_walks, &zero);
	ring = bpf_map_lookup_elem(&rings, &cpu);
	if (!regs || !w || !ring)
		return 0;
	compat = is_compat(t);
	nr = native_nr(regs, CALL_NR(regs), compat);
	c = call_of(t);
	began = c && (nr == c->nr || CALL_NR(regs) == -1) ? c->time : 0;
	if (began)
		nr = c->nr;
	/* without a number a thread is in no call, unless an enter side exists; the registers of a running thread may be those of a
	 * call that it has left, and so may an enter side that a filter left stored */
	if ((CALL_NR(regs) == -1 && !began) || (t->on_cpu && (!began || config.plan.nslots)))
		return 0;
	if (config.plan.inflight == INFLIGHT_FILTERED && !passes_filter(t, config.plan.verdicts[nr & (KSYS_MAX_NR - 1)]))
		return 0;
	d = &config.descs[nr & (KSYS_MAX_NR - 1)];
	r = (struct inflight_rec *)w->buf;
	head(&r->rec, t, KS_INFLIGHT, ROW_HIDDEN | ROW_STATE | (compat ? ROW_COMPAT : 0));
	r->nr = nr;
	r->rec.ret = CALL_NR(regs);
	r->slept = 0;
	if (!slept(t, &r->slept))
		r->rec.absent |= INFLIGHT_SLEPT;
	if (compat) {
		compat_args(regs, r->args);
		join_wide(r->args, CALL_NR(regs));
		if (args_in_memory(CALL_NR(regs)))
			r->rec.absent |= INFLIGHT_ARGS;
	} else
		call_args(regs, r->args);
	paths = began && d->flags & DESC_FD_STR_ENTER && d->str_enter[0] <= 6;
	off = put_path_of(r, 0, c, 0, paths);
	off = put_path_of(r, off, c, 1, paths);
	if (began) {
		if (c->time != began)
			return 0; /* it has just ended */
		r->rec.time = bpf_ktime_get_boot_ns();
		r->rec.latency = r->rec.time - began;
	}
	off &= 1023;
	BARRIER(off);
	if (bpf_ringbuf_output(ring, r, sizeof(*r) - sizeof(r->paths) + (off & 1023), BPF_RB_NO_WAKEUP))
		count_lost(cpu, LOST_STATE);
	return 0;
}

#endif
