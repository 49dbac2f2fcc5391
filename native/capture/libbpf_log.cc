#include "capture/libbpf_log.h"
#include "capture/capture.h"
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::string said;

void keep(const char *line)
{
	said += line;
	if (said.size() > 65536)
		said.erase(0, said.size() - 65536);
}

int remember(libbpf_print_level level, const char *format, va_list args)
{
	if (level != LIBBPF_WARN)
		return 0;
	char *line; // as long as a verifier's log: the error is at the end
	if (vasprintf(&line, format, args) < 0)
		return 0;
	keep(line);
	free(line);
	return 0;
}

// `libbpf: prog 'NAME': ...`
std::string lastProgram()
{
	const std::string mark = "libbpf: prog '";
	size_t at = said.rfind(mark);
	if (at == std::string::npos)
		return "";
	at += mark.size();
	return said.substr(at, said.find('\'', at) - at);
}

} // namespace

void listenToLibbpf()
{
	said.clear();
	libbpf_set_print(remember);
}

void note(const std::string &message)
{
	keep(message.c_str());
}

void fail(const char *step, int error, const char *program)
{
	throw CaptureError{step, error < 0 ? -error : error, said, program ? program : lastProgram()};
}

bpf_map *mapOf(bpf_object *o, const char *suffix)
{
	bpf_map *m;
	size_t n = strlen(suffix);
	bpf_object__for_each_map(m, o)
	{
		std::string name = bpf_map__name(m);
		if (name.size() >= n && name.compare(name.size() - n, n, suffix) == 0)
			return m;
	}
	return nullptr;
}
