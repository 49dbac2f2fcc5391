// The native thread that fills batches while JavaScript works on earlier ones.
#pragma once
#include "capture/merge.h"
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

/// One buffer to be filled. `done` is called on the worker's thread with the number of rows; -1: the stream has ended.
struct Request {
	void *memory;
	uint32_t rows, arena;
	std::function<void(int)> done;
};

class Worker {
public:
	explicit Worker(Merge &m) : merge(m) {}
	~Worker() { close(); }
	// ringSize: bytes of one CPU's buffer. `look`, if given, is called on the thread at once and then each second.
	void start(size_t ringSize, std::function<void()> look = {});
	void ask(Request request);
	// Nothing more is produced: what is in the buffers is still delivered.
	void finish() { ending = true; }
	// Ends the thread; pending requests get -1.
	void close();

private:
	void run();
	void lookAgain();
	int fill(Batch &batch);

	Merge &merge;
	size_t ringSize = 0;
	std::function<void()> look;
	uint64_t nextLook = 0; // bootNow() of it
	uint64_t quiet = 0; // ns without records, as far as slept
	bool begun = false; // rows have been delivered
	bool turned = false; // the last interval of counted calls is over
	std::thread thread;
	std::mutex lock;
	std::condition_variable wake;
	std::deque<Request> requests;
	std::atomic<bool> ending{false}, closing{false};
};
