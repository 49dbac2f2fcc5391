// Loads the programs of an object on several processors at the same time: the kernel checks some of them for a tenth of a second.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct LoadRequest;

// While it exists, its threads load the programs that libbpf loads in the thread which created it. libbpf continues with the descriptor
// of a placeholder for each. If there is one processor only, and for short programs, libbpf loads them itself as usual.
class ParallelLoad {
public:
	ParallelLoad();
	ParallelLoad(const ParallelLoad &) = delete;
	~ParallelLoad();
	// Accepts a program. Returns the descriptor of its placeholder, negative: libbpf has to load the program itself.
	int take(LoadRequest request);
	// Waits until all programs are loaded; they replace their placeholders. Returns 0, or an errno and the first program that the kernel
	// refused, of which the messages of libbpf contain the kernel's log.
	int finish(std::string &program);

private:
	void work();
	void join();

	std::deque<LoadRequest> requests; // in the order of the object
	std::vector<std::thread> threads;
	std::mutex lock;
	std::condition_variable more;
	size_t begun = 0; // requests that a thread has taken
	bool complete = false; // there will be no more requests
};
