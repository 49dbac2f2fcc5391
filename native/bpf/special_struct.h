/* Calls with a structure that the operations cannot decode: semop, capset, quotactl, _llseek, init_module, creat's layer,
 * open_by_handle_at's path. */
#ifndef KSYS_SPECIAL_STRUCT_H
#define KSYS_SPECIAL_STRUCT_H

#include "ops.h"

struct sembuf {
	u16 num, op, flg;
};

/* sem_num, sem_op, sem_flg of the first two operations */
__noinline u32 special_semop(struct scratch *s, u32 off, u64 w)
{
	u64 ptr;
	if (!s)
		return off;
	ptr = s->args[1];
	for (u32 i = 0; i < 2; i++) {
		struct sembuf b = {};
		if (i >= s->args[2] || bpf_probe_read_user(&b, sizeof(b), (void *)ptr + i * sizeof(b)))
			s->rec.absent |= 7u << (OP_PARAM(w) + 3 * i);
		off = put16(s, off, b.num);
		off = put16(s, off, b.op);
		off = put16(s, off, b.flg);
	}
	return off;
}

struct cap_data {
	u32 effective, permitted, inheritable;
};

/* inheritable, permitted, effective */
__noinline u32 special_capset(struct scratch *s, u32 off, u64 w)
{
	struct cap_data d[2] = {};
	u32 version = 0, size;
	if (!s)
		return off;
	bpf_probe_read_user(&version, 4, (void *)s->args[0]);
	size = version == 0x19980330 ? sizeof(d[0]) : sizeof(d);
	if (bpf_probe_read_user(d, size & 31, (void *)s->args[1]))
		s->rec.absent |= 7u << OP_PARAM(w);
	off = put64(s, off, d[0].inheritable | (u64)d[1].inheritable << 32);
	off = put64(s, off, d[0].permitted | (u64)d[1].permitted << 32);
	return put64(s, off, d[0].effective | (u64)d[1].effective << 32);
}

struct dqblk { /* struct if_dqblk */
	u64 bhardlimit, bsoftlimit, curspace, ihardlimit, isoftlimit, curinodes, btime, itime;
};
struct dqinfo { /* struct if_dqinfo */
	u64 bgrace, igrace;
	u32 flags, valid;
};
enum { QUOTA_ON = 2, QUOTA_GETFMT = 4, QUOTA_GETINFO = 5, QUOTA_SETINFO = 6, QUOTA_GETQUOTA = 7, QUOTA_SETQUOTA = 8 };
#define QUOTA_CMD(arg) ((u32)(arg) >> 8 & 0xff)
#define QUOTA_Q(arg) (((u32)(arg) >> 8 & 0xffff00) == 0x800000)
#define SECOND 1000000000ull
#define P_LIMITS 3
#define P_TIMES 8
#define P_INFO 10
#define P_FMT_OUT 13
#define P_ID 16
#define P_FMT 17

__noinline u32 special_quotactl(struct scratch *s, u32 off, u64 w)
{
	struct dqblk b = {};
	struct dqinfo info = {};
	u32 cmd, fmt = 0;
	u64 addr;
	if (!s)
		return off;
	cmd = QUOTA_Q(s->args[0]) ? QUOTA_CMD(s->args[0]) : 0;
	addr = s->args[3];
	if (OP_B(w)) /* quotafilepath */
		return cmd == QUOTA_ON ? put_user_str(s, off, addr, OP_PARAM(w)) : put_none(s, off, OP_PARAM(w));
	if (OP_PARAM(w) == P_ID) {
		off = put32(s, off, s->args[2]);
		if (cmd != QUOTA_ON)
			absent(s, P_FMT);
		return put32(s, off, cmd == QUOTA_ON ? s->args[2] : 0);
	}
	if (!(cmd == QUOTA_SETQUOTA || (cmd == QUOTA_GETQUOTA && !failed(s))) ||
	    bpf_probe_read_user(&b, sizeof(b), (void *)addr))
		s->rec.absent |= 0x7fu << P_LIMITS;
	if (!(cmd == QUOTA_SETINFO || (cmd == QUOTA_GETINFO && !failed(s))) ||
	    bpf_probe_read_user(&info, sizeof(info), (void *)addr))
		s->rec.absent |= 7u << P_INFO;
	if (cmd != QUOTA_GETFMT || failed(s) || bpf_probe_read_user(&fmt, 4, (void *)addr))
		absent(s, P_FMT_OUT);
	off = put64(s, off, b.bhardlimit);
	off = put64(s, off, b.bsoftlimit);
	off = put64(s, off, b.curspace);
	off = put64(s, off, b.ihardlimit);
	off = put64(s, off, b.isoftlimit);
	off = put64(s, off, b.btime * SECOND);
	off = put64(s, off, b.itime * SECOND);
	off = put64(s, off, info.bgrace * SECOND);
	off = put64(s, off, info.igrace * SECOND);
	off = put32(s, off, info.flags);
	return put32(s, off, fmt);
}

/* offset: i386 passes it in halves */
__noinline u32 special_llseek(struct scratch *s, u32 off)
{
	return s ? put64(s, off, s->args[1] << 32 | (u32)s->args[2]) : off;
}

/* img: the module image, whether or not it was loaded */
__noinline u32 special_image(struct scratch *s, u32 off, u64 w)
{
	u64 n;
	if (!s)
		return off;
	n = s->args[1] < config.plan.snaplen ? s->args[1] : config.plan.snaplen;
	if (s->hidden || !n)
		return put_none(s, off, OP_PARAM(w));
	return put_user(s, off, s->args[0], n, OP_PARAM(w));
}

/* creat_flags: the overlayfs layer of the new file */
__noinline u32 special_creat(struct scratch *s, u32 off, u64 w)
{
	struct file *f;
	u32 flags = 0;
	if (!s)
		return off;
	f = failed(s) ? NULL : file_of(s->rec.ret);
	if (f)
		flags = layer_of(BPF_CORE_READ(f, f_inode));
	return put32(s, off, flags);
}

__noinline u32 special_by_handle(struct scratch *s, u32 off, u64 w)
{
	if (!s)
		return off;
	return failed(s) ? put_none(s, off, OP_PARAM(w)) : put_file_path(s, off, file_of(s->rec.ret), OP_PARAM(w));
}

#endif
