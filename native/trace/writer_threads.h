/* A trace as it is written: blocks are compressed and appended, in the order in which they were given, by threads of its own, so
 * that neither a busy event loop nor other work of Node's pool keeps them from the disk. */
#ifndef KSYS_TRACE_WRITER_THREADS_H
#define KSYS_TRACE_WRITER_THREADS_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ksys {

/* What became of a block. */
struct Appended {
	/* an errno, 0: it was written whole, unless `what` tells why not; after a failure all later blocks fail in the same way */
	int error = 0;
	std::string what;
	/* where it begins, and its bytes */
	uint64_t offset = 0, bytes = 0;
	/* its header and summary; nothing for bytes that are no block */
	std::vector<uint8_t> head;
};

class TraceOut {
public:
	using Make = std::function<std::vector<uint8_t>()>;
	using Done = std::function<void(Appended &)>;
	/* Writes at the place where `fd` stands, which stays the caller's and open until all is done. regular: a file; of what cannot
	 * be written whole nothing is left there. threads: how many compress; each needs some 15 MB. */
	TraceOut(int fd, bool regular, int threads);
	/* Whatever waits is still written. */
	~TraceOut();
	/* Appends what `make` gives; both functions run on one of the threads. */
	void add(Make make, Done done);
	/* Bytes that were written, those of a block under way too. */
	uint64_t written() const;

private:
	struct Shared;
	std::shared_ptr<Shared> shared_;
};

} // namespace ksys

#endif
