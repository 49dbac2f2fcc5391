// Prints the events that libs finds in a capture: number, time, thread, processor and code of each, up
// to what it cannot read; of some files its assertions end it. Against the library of Debian 13 (libfalcosecurity0-dev); scap-libs.test.ts builds and runs it.
// Usage: scap-walk CAPTURE
#include <libscap/scap.h>
#include <libscap/scap_engines.h>
#include <libscap/engine/savefile/savefile_public.h>

#include <cinttypes>
#include <cstdio>

static int32_t nobody(void *, char *, int64_t, scap_threadinfo *, scap_fdinfo *, scap_threadinfo **)
{
	return SCAP_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		std::fprintf(stderr, "usage: scap-walk CAPTURE\n");
		return 2;
	}
	scap_savefile_engine_params file = {};
	file.fname = argv[1];
	file.platform = scap_savefile_alloc_platform(nobody, nullptr);
	scap_open_args args = {};
	args.engine_params = &file;
	char error[SCAP_LASTERR_SIZE];
	int32_t result = SCAP_SUCCESS;
	scap_t *handle = scap_open(&args, &scap_savefile_engine, error, &result);
	if (handle == nullptr) {
		std::fprintf(stderr, "%s\n", error);
		return 1;
	}
	// an assertion leaves no output unwritten
	std::setvbuf(stdout, nullptr, _IOLBF, 0);
	scap_evt *event = nullptr;
	uint16_t cpu = 0;
	uint32_t flags = 0;
	for (uint64_t n = 1; (result = scap_next(handle, &event, &cpu, &flags)) == SCAP_SUCCESS; n++)
		std::printf("%" PRIu64 " %" PRIu64 " %" PRId64 " %u %u\n", n, event->ts, (int64_t)event->tid, cpu, event->type);
	if (result != SCAP_EOF) std::fprintf(stderr, "%s\n", scap_getlasterr(handle));
	scap_close(handle);
	return 0;
}
