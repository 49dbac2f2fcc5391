/* What distributions' static libelf and libbpf need to be linked into a shared object, for which they are not built.
 * libelf's error file uses thread-local storage in a way that only programs can link, so its three functions are here;
 * `stderr` is accessed through our own pointer (-Wl,--wrap=stderr); and libelf omits two helpers of its memory-mapped
 * archives, which BPF objects in memory never need. */
#include <stdio.h>

static __thread int last_error __attribute__((tls_model("global-dynamic")));

void __libelf_seterrno(int value)
{
	last_error = value;
}

int elf_errno(void)
{
	int value = last_error;
	last_error = 0;
	return value;
}

const char *elf_errmsg(int error)
{
	return error == 0 && last_error == 0 ? NULL : "libelf could not read the object";
}

struct search_tree {
	void *root;
};

void eu_search_tree_init(struct search_tree *tree)
{
	tree->root = NULL;
}

void eu_search_tree_fini(struct search_tree *tree, void (*release)(void *))
{
	(void)release;
	tree->root = NULL;
}

extern FILE *__real_stderr;
FILE *__wrap_stderr;

__attribute__((constructor)) static void find_stderr(void)
{
	__wrap_stderr = __real_stderr;
}
