// Falco's libs as a library: reads all events with sinsp, which keeps the state of processes, and drops them. Until SIGINT.
// usage: sinsp [check]     check: only tries to start
#include <csignal>
#include <cstring>
#include <iostream>
#include <libsinsp/sinsp.h>

static volatile std::sig_atomic_t interrupted;

int main(int argc, char **argv)
{
	std::signal(SIGINT, [](int) { interrupted = 1; });
	try {
		sinsp inspector;
		inspector.open_modern_bpf();
		inspector.start_capture();
		unsigned long events = 0;
		bool check = argc > 1 && !strcmp(argv[1], "check");
		while (!interrupted && !check) {
			sinsp_evt *event = nullptr;
			int32_t result = inspector.next(&event);
			if (result == SCAP_SUCCESS)
				events++;
			else if (result != SCAP_TIMEOUT && result != SCAP_FILTERED_EVENT)
				throw std::runtime_error(inspector.getlasterr());
		}
		scap_stats stats = {};
		inspector.get_capture_stats(&stats);
		inspector.stop_capture();
		std::cerr << events << " events, " << stats.n_drops << " events were lost\n";
		return 0;
	} catch (const std::exception &error) {
		std::cerr << error.what() << "\n";
		return 1;
	}
}
