// Numbers of stacks. A record contains its return addresses each time; its row refers to them by a number, which an earlier
// ks_stack row describes once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <unordered_map>

extern "C" {
#include "abi.h"
}

// The words that follow a record's row (struct ksys_stack).
struct Frames {
	ksys_stack of;
	const uint8_t *words; ///< of the program, then of the kernel

	uint32_t count() const { return of.users + of.kernels; }
	// For a record with ROW_STACK, whose row and what follows it are `size` bytes.
	static Frames behind(const uint8_t *row, uint32_t size);
};

class Stacks {
public:
	// Handles a record after which the same addresses may belong to other code.
	void note(const ksys_rec &rec);
	struct Known {
		uint32_t number;
		bool written; ///< a ks_stack row was written
	};
	// The entry of a process's stack. Valid until the next call.
	Known &of(uint32_t pid, const Frames &frames);

private:
	struct Key {
		uint64_t a, b;
		bool operator==(const Key &) const = default;
	};
	struct Hash {
		size_t operator()(const Key &k) const { return k.a; }
	};
	// Most different stacks that are remembered. Beyond it, all are described again.
	static constexpr size_t MOST = 1 << 16;

	std::unordered_map<Key, Known, Hash> known;
	std::unordered_map<uint32_t, uint32_t> changes; ///< by process: which change of its code was the last
	uint32_t change = 0, last = 0;
};
