/* The rows of a block under construction sorted into cells (see block_rows.h). Internal to the block codec. */
#ifndef KSYS_TRACE_BLOCK_CELLS_H
#define KSYS_TRACE_BLOCK_CELLS_H

#include "trace/block_codec.h"

namespace ksys {

/* Numbers distinct keys in order of appearance. */
class Dictionary {
public:
	uint32_t index(uint64_t key) {
		if (key == lastKey_ && !keys.empty()) return last_;
		if (keys.size() * 2 >= slots_.size()) grow();
		uint32_t &slot = find(key);
		if (slot == 0) {
			keys.push_back(key);
			slot = uint32_t(keys.size());
		}
		lastKey_ = key;
		return last_ = slot - 1;
	}
	std::vector<uint64_t> keys;

private:
	/* The slot of a key, which holds 0 if it is new. */
	uint32_t &find(uint64_t key) {
		size_t h = (key * 0x9e3779b97f4a7c15ull) >> 32;
		for (;; h++) {
			uint32_t &slot = slots_[h & (slots_.size() - 1)];
			if (slot == 0 || keys[slot - 1] == key) return slot;
		}
	}
	void grow() {
		slots_.assign(slots_.empty() ? 256 : slots_.size() * 4, 0);
		for (size_t i = 0; i < keys.size(); i++) find(keys[i]) = uint32_t(i + 1);
	}

	std::vector<uint32_t> slots_;
	uint64_t lastKey_ = 0;
	uint32_t last_ = 0;
};

struct Cells {
	struct Cell {
		uint32_t thread, kind;
		/* position among the thread's cells */
		uint32_t local;
		bool state;
		/* number of rows, and bytes of their arguments; then the positions of the next row by cell, and of its arguments in their section */
		uint32_t rows, bytes;
		/* of the previous row, modulo 2^16 */
		uint16_t length;
	};
	struct Thread {
		uint32_t cells, rows;
	};

	/* in order of appearance */
	std::vector<Cell> cells;
	/* indexes of cells, sorted by thread */
	std::vector<uint32_t> sorted;
	std::vector<Thread> threads;
	std::vector<uint64_t> threadKeys, kindKeys;
	/* by row: index into cells */
	std::vector<uint32_t> ofRow;
	size_t stateRows = 0, stateBytes = 0, restBytes = 0;

	explicit Cells(const Columns &c);

private:
	void count(const Columns &c);
	void place();
};

} // namespace ksys

#endif
