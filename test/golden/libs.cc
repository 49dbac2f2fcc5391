// What libs says about a capture: prints each of its events in a format, as a line. Against the library of Debian 13
// (libfalcosecurity0-dev); libs.test.ts builds and runs it.  Usage: libs CAPTURE FORMAT
#include <libsinsp/eventformatter.h>
#include <libsinsp/filter_check_list.h>
#include <libsinsp/sinsp.h>

#include <cstdio>
#include <exception>
#include <string>

namespace {

int print(const char *capture, const std::string &format) {
	sinsp libs;
	sinsp_filter_check_list fields;
	libs.set_buffer_format(sinsp_evt::PF_NORMAL);
	libs.open_savefile(capture);
	sinsp_evt_formatter formatter(&libs, format, fields);
	std::string line;
	for (;;) {
		sinsp_evt *event = nullptr;
		switch (libs.next(&event)) {
		case SCAP_SUCCESS:
			if (formatter.tostring(event, line)) std::printf("%s\n", line.c_str());
			break;
		case SCAP_TIMEOUT:
		case SCAP_FILTERED_EVENT:
			break;
		case SCAP_EOF:
			return 0;
		default:
			std::fprintf(stderr, "%s\n", libs.getlasterr().c_str());
			return 1;
		}
	}
}

} // namespace

int main(int argc, char **argv) {
	if (argc != 3) {
		std::fprintf(stderr, "usage: libs CAPTURE FORMAT\n");
		return 2;
	}
	try {
		return print(argv[1], argv[2]);
	} catch (const std::exception &e) {
		std::fprintf(stderr, "%s\n", e.what());
		return 1;
	}
}
