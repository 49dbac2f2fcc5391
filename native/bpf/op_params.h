/* The filler operations for the parameters that libs has too. An operation is one 8-byte word: struct ksys_opd. */
#ifndef KSYS_OP_PARAMS_H
#define KSYS_OP_PARAMS_H

#include "calls.h"
#include "rest.h"
#include "sock.h"
#include "task.h"

#define OP(w) ((w) & 0xff)
#define OP_N(w) ((u32)((w) >> 8) & 0xff)
#define OP_SIZE(w) ((u32)((w) >> 16) & 0xff)
#define OP_B(w) ((u32)((w) >> 24) & 0xff)
#define OP_C(w) ((u32)((w) >> 32) & 0xffff)
#define OP_FLAG(w) ((u32)((w) >> 48) & 0xff)
#define OP_PARAM(w) ((u32)((w) >> 56) & 31)
#define OP_SKIP(w) ((u32)((w) >> (56 + SKIP_SHIFT)))
#define ARG(s, i) ((s)->args[(i) & 7])
#define MAX_IOV 16
#define MAX_POLL 64
#define MAX_CONTROL 512
/* the names of files as little-endian words */
#define ENVIRON 0x6e6f7269766e65ull
#define CMDLINE 0x656e696c646d63ull

static __always_inline bool failed(struct scratch *s)
{
	return s->enter || IS_ERR_RET(s->rec.ret);
}

__noinline u32 op_deref(struct scratch *s, u32 off, u64 w)
{
	u64 v = 0, p;
	u32 size = OP_SIZE(w);
	if (!s)
		return off;
	p = ARG(s, OP_N(w));
	if (size > 8)
		size = 8;
	BARRIER(size);
	if (!p || (OP_FLAG(w) & 1 && failed(s)) || (OP_FLAG(w) & 2 && s->compat) || bpf_probe_read_user(&v, size & 15, (void *)p + OP_C(w))) {
		absent(s, OP_PARAM(w));
		v = 0;
	}
	put64(s, off, v);
	return off + size;
}

__noinline u32 op_timespec(struct scratch *s, u32 off, u64 w, struct in_call *c)
{
	u64 ts[2] = {}, p;
	if (!s)
		return off;
	p = ARG(s, OP_N(w));
	if (OP_FLAG(w) && c && !s->compat) {
		BARRIER(c);
		if (c->len[0] == TIMESPEC_BYTES) {
			const u64 *kept = (const u64 *)c->path[0];
			return put64(s, off, kept[0] * 1000000000ull + kept[1]);
		}
	}
	if (!p || s->compat || bpf_probe_read_user(ts, sizeof(ts), (void *)p)) {
		absent(s, OP_PARAM(w));
		return put64(s, off, 0);
	}
	return put64(s, off, ts[0] * 1000000000ull + ts[1]);
}

struct msg { /* struct user_msghdr */
	u64 name, namelen, iov, iovlen, control, controllen, flags;
};

/* Two members of the message that argument n points to, from the i-th word on: MSG_*. */
#define MSG_NAME 0
#define MSG_IOV 2
#define MSG_CONTROL 4
static __always_inline bool read_msg(struct scratch *s, u32 n, u32 i, u64 v[2])
{
	u64 p = ARG(s, n);
	u32 half[2]; /* of a 32-bit program */
	if (!p)
		return false;
	if (!s->compat)
		return !bpf_probe_read_user(v, 16, (void *)p + i * 8);
	if (bpf_probe_read_user(half, sizeof(half), (void *)p + i * 4))
		return false;
	v[0] = half[0];
	v[1] = half[1];
	return true;
}

/* The sum of an iovec array's lengths; ~0: unreadable. */
__noinline u64 iov_sum(u64 ptr, u64 cnt, u32 compat)
{
	u64 sum = 0;
	struct iov v;
	if (cnt > 1024) /* like the kernel, which then reads none */
		return ~0ull;
	for (int i = 0; i < 2 * MAX_IOV; i++) {
		if (i >= cnt)
			break;
		if (!read_iov(ptr, i, compat, &v))
			return ~0ull;
		sum += v.len;
	}
	return sum;
}

/* At most `limit` bytes gathered from an iovec array, as a variable parameter. */
__noinline u32 put_iov(struct scratch *s, u32 off, u64 ptr, u64 cnt_param, u64 limit)
{
	u64 cnt = cnt_param >> 8;
	u32 room, o = off + 2, left;
	struct iov v;
	if (!s)
		return off;
	room = keeps_rest() ? KSYS_FIRST_DATA : data_limit(s);
	left = limit < room ? limit : room;
	for (int i = 0; i < MAX_IOV; i++) {
		if (i >= cnt || !left)
			break;
		if (!read_iov(ptr, i, s->compat, &v))
			return put_none(s, off, cnt_param & 255);
		u32 n = v.len < left ? v.len : left;
		n &= OFF_MASK;
		BARRIER(n);
		if (bpf_probe_read_user(at(s, o), n & OFF_MASK, (void *)v.base))
			break;
		o += n;
		left -= n;
	}
	if (keeps_rest() && o - off - 2 == KSYS_FIRST_DATA)
		rest_of_vector(s, ptr, cnt, limit);
	put16(s, off, o - off - 2);
	return o;
}

__noinline u32 op_size(struct scratch *s, u32 off, u64 w)
{
	u64 sum = ~0ull, iov[2];
	if (!s)
		return off;
	if (OP(w) == OP_IOVSIZE) {
		sum = iov_sum(ARG(s, OP_N(w)), ARG(s, OP_B(w)), s->compat);
	} else if (read_msg(s, OP_N(w), MSG_IOV, iov))
		sum = iov_sum(iov[0], iov[1], s->compat);
	if (sum == ~0ull) {
		absent(s, OP_PARAM(w));
		sum = 0;
	}
	return put32(s, off, sum);
}

/* OP_DEV, OP_INO */
__noinline u32 op_inode(struct scratch *s, u32 off, u64 w)
{
	s64 fd = -1;
	struct file *f;
	struct inode *ino;
	if (!s)
		return off;
	if (OP_N(w) == 255)
		fd = s->rec.ret;
	else if (OP_FLAG(w)) {
		s32 v = -1;
		if (!failed(s))
			bpf_probe_read_user(&v, sizeof(v), (void *)ARG(s, OP_N(w)));
		fd = v;
	} else
		fd = (s32)ARG(s, OP_N(w));
	f = s->enter ? NULL : file_of(fd);
	ino = f ? BPF_CORE_READ(f, f_inode) : NULL;
	if (!ino)
		absent(s, OP_PARAM(w));
	if (OP(w) == OP_DEV)
		return put32(s, off, ino ? user_dev(BPF_CORE_READ(ino, i_sb, s_dev)) : 0);
	return put64(s, off, ino ? BPF_CORE_READ(ino, i_ino) : 0);
}

__noinline u32 op_vm(struct scratch *s, u32 off)
{
	return s ? put_vm(s, off, bpf_get_current_task_btf()) : off;
}

/* A text that was read at enter, `len` bytes of at most `most` (a constant). Copied by words: for usual paths that is
 * cheaper than a helper call. The loop ends at `most` because before 6.8 the verifier does not derive it from `len`, which
 * is hidden from the compiler for the same reason. */
static __always_inline u32 put_kept(struct scratch *s, u32 off, const char *path, u32 len, const u32 most)
{
	const u64 *from = (const u64 *)path;
	BARRIER(len);
	for (u32 i = 0; i < most / 8; i++) {
		if (i * 8 >= len)
			break;
		*(u64 *)at(s, off + 2 + i * 8) = from[i];
	}
	put16(s, off, len);
	return off + 2 + len;
}

/* Text at exit. */
static __always_inline u32 put_text(struct scratch *s, u32 off, u64 w)
{
	u64 ptr = ARG(s, OP_N(w));
	if (OP_FLAG(w) & STR_ON_OK && failed(s))
		return put_none(s, off, OP_PARAM(w));
	if (OP_FLAG(w) & STR_VIA && (s->compat || !ptr || bpf_probe_read_user(&ptr, 8, (void *)ptr + OP_C(w))))
		ptr = 0;
	return put_user_str(s, off, ptr, OP_PARAM(w));
}

/* Whether a path that was read at enter contains two consecutive dots, as one that leads through a link and up again. Bytes
 * of words: bit 7 is set in those that are dots. */
static __always_inline bool has_dots(const char *path, u32 len)
{
	const u64 low = 0x7f7f7f7f7f7f7f7full, *from = (const u64 *)path;
	u64 before = 0, x, dots;
	BARRIER(len);
	for (u32 i = 0; i < 256 / 8; i++) {
		if (i * 8 >= len)
			break;
		x = from[i] ^ 0x2e2e2e2e2e2e2e2eull;
		dots = ~(((x & low) + low) | x | low);
		if (dots & (dots << 8 | before))
			return true;
		before = dots >> 56;
	}
	return false;
}

__noinline u32 op_str(struct scratch *s, u32 off, u64 w, struct in_call *c)
{
	u32 i = OP_B(w), len;
	if (!s)
		return off;
	if (OP_FLAG(w) & STR_ENTER && c) {
		BARRIER(c); /* no arithmetic before it is known to be non-NULL */
		i &= 1;
		len = c->len[i];
		/* the length is read from memory: otherwise the verifier would check the next loop once for each possible end of this one */
		if (s->opened.there && (!len || len == STR_LONG || has_dots(c->path[i], *(volatile u16 *)&c->len[i])))
			s->opened.unresolved = true;
		if (len && len != STR_LONG)
			return put_kept(s, off, c->path[i], (len - 1) & 255, sizeof(c->path[i]));
		if (ARG(s, OP_N(w)))
			s->rec.flags |= ROW_REREAD;
	}
	return put_text(s, off, w);
}

/* Whether a descriptor is a /proc/PID/environ or cmdline, whose content must not be recorded; /proc/cmdline is the kernel's own. unseen: the
 * result if there is no file, as another thread is about to open one, or the process is ending. */
__noinline u32 spared_file(s32 fd, u32 unseen)
{
	struct file *f = file_of(fd);
	struct super_block *sb;
	struct dentry *d;
	u64 name = 0;
	sb = f ? BPF_CORE_READ(f, f_inode, i_sb) : 0;
	if (!sb)
		return unseen;
	if (BPF_CORE_READ(sb, s_magic) != PROC_SUPER_MAGIC)
		return 0;
	d = BPF_CORE_READ(f, f_path.dentry);
	if (BPF_CORE_READ(d, d_parent) == BPF_CORE_READ(sb, s_root) || BPF_CORE_READ(d, d_name.len) != 7)
		return 0;
	bpf_probe_read_kernel(&name, 7, BPF_CORE_READ(d, d_name.name));
	if (name == ENVIRON)
		return config.plan.spare & SPARE_ENV;
	return name == CMDLINE && config.plan.spare & SPARE_ARGS;
}

/* The enter side's result of that check: by the exit another thread may have replaced the descriptor's file. A call without
 * an enter side, or of which it saw no file, may have read any file. */
enum { FILE_SPARED = 1, FILE_READ };

static __always_inline bool is_spared(struct scratch *s)
{
	return config.plan.spare & (SPARE_ARGS | SPARE_ENV) && (s->spared || spared_file((s32)ARG(s, 0), 0));
}

static __always_inline u32 op_buf(struct scratch *s, u32 off, u64 w)
{
	s64 len = s->rec.ret;
	u32 n;
	if (s->enter || IS_ERR_RET(len)) {
		if (OP_B(w) == 255 || OP_FLAG(w))
			return put_none(s, off, OP_PARAM(w));
		len = ARG(s, OP_B(w));
	}
	if (s->hidden || !data_limit(s) || !ARG(s, OP_N(w)) || is_spared(s))
		return put_none(s, off, OP_PARAM(w));
	n = (u64)len < data_limit(s) ? len : data_limit(s);
	if (keeps_rest() && n > KSYS_FIRST_DATA)
		return long_buffer(s, off, ARG(s, OP_N(w)), n, OP_PARAM(w));
	return put_user(s, off, ARG(s, OP_N(w)), n, OP_PARAM(w));
}

__noinline u32 op_devino(struct scratch *s, u32 off, u64 w)
{
	if (!s)
		return off;
	if (!s->opened.there && !failed(s))
		file_facts_of(s->rec.ret, &s->opened);
	if (!s->opened.there) {
		s->rec.absent |= 3u << OP_PARAM(w);
		return put64(s, put32(s, off, 0), 0);
	}
	return put64(s, put32(s, off, user_dev(s->opened.dev)), s->opened.ino);
}

#define FMODE_CREATED 0x100000
#define O_TMPFILE_BIT 020000000
#define RESOLVE_IN_ROOT 0x10

/* Open flags, and for a successful open whether it created the file and the file's overlayfs layer. */
__noinline u32 op_opened(struct scratch *s, u32 off, u64 w)
{
	u32 v;
	if (!s)
		return off;
	v = ARG(s, OP_N(w));
	if (OP_FLAG(w)) {
		u64 how[3] = {}; /* struct open_how: flags, mode, resolve */
		if (bpf_probe_read_user(how, sizeof(how), (void *)ARG(s, OP_N(w)))) {
			absent(s, OP_PARAM(w));
			return put32(s, off, 0);
		}
		v = how[0];
		s->opened.unresolved = how[2] & RESOLVE_IN_ROOT;
	}
	if (v & O_TMPFILE_BIT) /* the path is that of the directory */
		s->opened.unresolved = true;
	v &= ~(OPENED_CREATED | OPENED_UPPER | OPENED_LOWER);
	if (!failed(s))
		file_facts_of(s->rec.ret, &s->opened);
	if (s->opened.there && s->opened.mode & FMODE_CREATED)
		v |= OPENED_CREATED;
	if (s->opened.there && s->opened.layer)
		v |= s->opened.layer == LAYER_UPPER ? OPENED_UPPER : OPENED_LOWER;
	return put32(s, off, v);
}

/* OP_IOVEC, OP_MSGDATA; flag: the arrays' whole length if the call failed */
__noinline u32 op_gather(struct scratch *s, u32 off, u64 w)
{
	u64 limit, iov[2];
	if (!s)
		return off;
	limit = s->rec.ret;
	if (s->hidden || !data_limit(s) || is_spared(s))
		return put_none(s, off, OP_PARAM(w));
	if (failed(s)) {
		if (!OP_FLAG(w))
			return put_none(s, off, OP_PARAM(w));
		limit = ~0ull;
	}
	if (OP(w) == OP_IOVEC) {
		iov[0] = ARG(s, OP_N(w));
		iov[1] = ARG(s, OP_B(w));
	} else if (!read_msg(s, OP_N(w), MSG_IOV, iov))
		return put_none(s, off, OP_PARAM(w));
	if (iov[1] > 1024)
		iov[1] = 1024;
	if (keeps_rest() && limit == ~0ull)
		limit = vector_bytes(iov[0], iov[1], s->compat);
	return put_iov(s, off, iov[0], iov[1] << 8 | OP_PARAM(w), limit);
}

__noinline u32 op_control(struct scratch *s, u32 off, u64 w)
{
	u64 control[2];
	if (!s)
		return off;
	if (s->hidden || s->compat || config.plan.spare & SPARE_BUFFERS || (failed(s) && !OP_FLAG(w)) || !read_msg(s, OP_N(w), MSG_CONTROL, control) || !control[0] || !control[1])
		return put_none(s, off, OP_PARAM(w));
	return put_user(s, off, control[0], control[1] < MAX_CONTROL ? control[1] : MAX_CONTROL, OP_PARAM(w));
}

__noinline u32 op_sockaddr(struct scratch *s, u32 off, u64 w)
{
	s32 len = 0;
	if (!s)
		return off;
	if (OP_B(w) != 255)
		len = ARG(s, OP_B(w));
	else if (OP_C(w) != 255 && failed(s)) /* the call would have written it */
		return put_none(s, off, OP_PARAM(w));
	else if (OP_C(w) != 255)
		bpf_probe_read_user(&len, sizeof(len), (void *)ARG(s, OP_C(w)));
	else
		len = 128;
	return put_sockaddr(s, off, ARG(s, OP_N(w)), len < 0 ? 0 : len, OP_PARAM(w));
}

__noinline u32 op_tuple(struct scratch *s, u32 off, u64 w)
{
	u64 addr = 0, name[2];
	struct file *f;
	if (!s)
		return off;
	f = file_of(OP_N(w) == 255 ? s->rec.ret : (s32)ARG(s, OP_N(w)));
	if (OP_FLAG(w) & TUPLE_MSG)
		addr = read_msg(s, OP_B(w), MSG_NAME, name) ? name[0] : 0;
	else if (OP_B(w) != 255)
		addr = ARG(s, OP_B(w));
	return put_tuple(s, off, (u64)sock_of(f), addr, OP_PARAM(w) | OP_FLAG(w) << 8);
}

__noinline u32 op_fdlist(struct scratch *s, u32 off, u64 w)
{
	u64 ptr, cnt, p; /* struct pollfd: fd, events, revents */
	u32 o = off + 4, shift;
	u16 n = 0;
	if (!s)
		return off;
	ptr = ARG(s, OP_N(w));
	cnt = ARG(s, OP_B(w));
	shift = s->enter ? 32 : 48; /* to `events` or `revents` */
	BARRIER(shift);
	for (int i = 0; i < MAX_POLL; i++) {
		if (i >= cnt)
			break;
		if (bpf_probe_read_user(&p, sizeof(p), (void *)ptr + i * sizeof(p)))
			return put_none(s, off, OP_PARAM(w));
		o = put64(s, o, (s64)(s32)p);
		o = put16(s, o, p >> shift);
		n++;
	}
	put16(s, off, o - off - 2);
	put16(s, off + 2, n);
	return o;
}

#endif
