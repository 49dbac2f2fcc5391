// Bytes whose number is not known in advance. While they grow, large ones are moved by the kernel, not copied.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

class GrowingBytes {
public:
	// Where `most` bytes can be written.
	uint8_t *room(size_t most)
	{
		if (used + most > allocated)
			resize(std::max(used + most, allocated * 2));
		return bytes.get() + used;
	}
	// That many bytes were written there.
	void grow(size_t count) { used += count; }
	size_t size() const { return used; }
	// The bytes, which the caller frees.
	void *release()
	{
		resize(std::max<size_t>(used, 1));
		return bytes.release();
	}

private:
	struct Free {
		void operator()(uint8_t *p) const { free(p); }
	};

	void resize(size_t to)
	{
		void *moved = realloc(bytes.get(), to);
		if (!moved)
			throw std::bad_alloc();
		(void)bytes.release();
		bytes.reset(static_cast<uint8_t *>(moved));
		allocated = to;
	}

	std::unique_ptr<uint8_t, Free> bytes;
	size_t used = 0, allocated = 0;
};
