/* Lets exceptions find the unwind tables of code. libgcc calls glibc's _dl_find_object, which exists since 2.35; this one
 * does what libgcc did before. Hidden, so private to the addon. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>

/* Only needed with a libgcc that uses it, and a glibc that has it. */
#ifdef DLFO_STRUCT_HAS_EH_DBASE

struct search {
	ElfW(Addr) pc;
	struct dl_find_object *found;
};

/* Whether the object contains the code; dl_iterate_phdr stops at the first one for which it is not 0. */
static int has_code(struct dl_phdr_info *object, size_t size, void *data)
{
	struct search *search = data;
	ElfW(Addr) from = 0, to = 0, tables = 0;

	(void)size;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		ElfW(Addr) at = object->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_GNU_EH_FRAME) {
			tables = at;
		} else if (segment->p_type == PT_LOAD && search->pc - at < segment->p_memsz) {
			from = at;
			to = at + segment->p_memsz;
		}
	}
	if (to == 0)
		return 0;
	*search->found = (struct dl_find_object){
		.dlfo_map_start = (void *)from,
		.dlfo_map_end = (void *)to,
		.dlfo_eh_frame = (void *)tables,
	};
	return 1;
}

/* 0 and the object with the code at `pc`; -1 if there is none, or it has no tables */
int _dl_find_object(void *pc, struct dl_find_object *found)
{
	struct search search = {(ElfW(Addr))pc, found};

	return dl_iterate_phdr(has_code, &search) && found->dlfo_eh_frame ? 0 : -1;
}

#endif
