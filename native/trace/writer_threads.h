/* Writes a trace: blocks are compressed and appended, in the order in which they were added, by separate threads, so that
 * neither a busy event loop nor other work of Node's pool delays them. */
#ifndef KSYS_TRACE_WRITER_THREADS_H
#define KSYS_TRACE_WRITER_THREADS_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ksys {

/* The result of a block. */
struct Appended {
	/* an errno, 0: it was written completely, unless `what` states why not; after a failure all later blocks fail in the same way */
	int error = 0;
	std::string what;
	/* its offset, and its bytes */
	uint64_t offset = 0, bytes = 0;
	/* its header and summary; empty for bytes that are not a block */
	std::vector<uint8_t> head;
};

class TraceOut {
public:
	using Make = std::function<std::vector<uint8_t>()>;
	using Done = std::function<void(Appended &)>;
	/* Writes at the present offset of `fd`, which remains the caller's and open until all is done. regular: a file; a block
	 * that cannot be written completely is removed from it. threads: how many compress; each needs some 15 MB. */
	TraceOut(int fd, bool regular, int threads);
	/* Pending blocks are still written. */
	~TraceOut();
	/* Appends what `make` returns; both functions run on one of the threads. */
	void add(Make make, Done done);
	/* Number of bytes written, including those of an unfinished block. */
	uint64_t written() const;

private:
	struct Shared;
	std::shared_ptr<Shared> shared_;
};

} // namespace ksys

#endif
