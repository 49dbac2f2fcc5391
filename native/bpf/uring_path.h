/* The paths of operations of io_uring. The kernel copies them when it prepares the request, and frees them before the
 * operation ends: they are copied at submission. */
#ifndef KSYS_URING_PATH_H
#define KSYS_URING_PATH_H

#include "uring_op.h"

#define URING_SHORT 256
#define URING_LONG 4096

struct uring_short {
	char text[URING_SHORT];
};
struct uring_long {
	char text[URING_LONG];
};

/* By the request's address, plus one for the second path. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 32768); /* set before load (capture/table_sizes.cc) */
	__type(key, u64);
	__type(value, struct uring_short);
} uring_paths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 2048); /* set before load (capture/table_sizes.cc) */
	__type(key, u64);
	__type(value, struct uring_long);
} uring_longs SEC(".maps");

/* The text of a member that is a file's name. */
#define NAME_OF(req, type, member) \
	((u64)(bpf_core_field_exists(((struct type *)0)->member) ? BPF_CORE_READ((struct type *)(req), member, name) : \
	       bpf_core_field_exists(((struct type##___delayed *)0)->member) ? \
	       BPF_CORE_READ((struct type##___delayed *)(req), member.__incomplete_filename, name) : NULL))

#define FIRST_NAME(type, path, dir) (n->dirs[0] = OP_MEMBER(req, type, dir), n->first = NAME_OF(req, type, path))
#define SECOND_NAME(type, path, dir) (n->dirs[1] = OP_MEMBER(req, type, dir), n->second = NAME_OF(req, type, path))

/* The names in a request; false: such operations have none. */
static __always_inline bool names_of(void *req, u8 opcode, struct uring_names *n)
{
	switch (opcode) {
	case URING_OPENAT:
	case URING_OPENAT2:
		FIRST_NAME(io_open, filename, dfd);
		return true;
	case URING_STATX:
		FIRST_NAME(io_statx, filename, dfd);
		return true;
	case URING_UNLINKAT:
		FIRST_NAME(io_unlink, filename, dfd);
		return true;
	case URING_MKDIRAT:
		FIRST_NAME(io_mkdir, filename, dfd);
		return true;
	case URING_RENAMEAT:
		FIRST_NAME(io_rename, oldpath, old_dfd);
		SECOND_NAME(io_rename, newpath, new_dfd);
		return true;
	case URING_LINKAT: /* the source is the new name, as for fs.path.source */
	case URING_SYMLINKAT:
		FIRST_NAME(io_link, newpath, new_dfd);
		SECOND_NAME(io_link, oldpath, old_dfd);
		return true;
	case URING_SETXATTR:
	case URING_GETXATTR:
		n->dirs[0] = AT_FDCWD;
		n->first = NAME_OF(req, io_xattr, filename);
		n->second = (u64)OP_MEMBER(req, io_xattr, ctx.kname);
		return true;
	}
	return false;
}

/* Whether a text was stored, or there is none. */
static __always_inline bool keep_text(u64 key, u64 from)
{
	struct scratch *s = scratch_of(bpf_get_smp_processor_id(), 0);
	long n;
	if (!from)
		return true;
	n = s ? bpf_probe_read_kernel_str(s->row, URING_LONG, (void *)from) : -1;
	if (n <= 0)
		return false;
	return !(n <= URING_SHORT ? bpf_map_update_elem(&uring_paths, &key, s->row, BPF_ANY) :
				    bpf_map_update_elem(&uring_longs, &key, s->row, BPF_ANY));
}

/* Stores the paths of a submitted request; 0 if one of them could not be stored. */
__noinline int keep_names(struct uring_work *w, u64 req)
{
	bool all;
	if (!w)
		return 0;
	__builtin_memset(&w->names, 0, sizeof(w->names));
	if (!names_of((void *)req, w->op.opcode, &w->names))
		return 1;
	w->op.named = 1;
	w->op.dirs[0] = w->names.dirs[0];
	w->op.dirs[1] = w->names.dirs[1];
	all = keep_text(req, w->names.first);
	return keep_text(req + 1, w->names.second) && all;
}

/* A stored text, as a variable parameter. */
__noinline u32 put_name(struct scratch *s, u32 off, u64 key, u32 param)
{
	struct uring_short *text = bpf_map_lookup_elem(&uring_paths, &key);
	struct uring_long *more;
	if (!s)
		return off;
	if (text)
		return put_kernel_str(s, off, text->text, param);
	more = bpf_map_lookup_elem(&uring_longs, &key);
	return more ? put_kernel_str(s, off, more->text, param) : put_none(s, off, param);
}

static __always_inline void forget_names(u64 key)
{
	for (u32 i = 0; i < 2; i++, key++)
		if (bpf_map_delete_elem(&uring_paths, &key))
			bpf_map_delete_elem(&uring_longs, &key);
}

#endif
