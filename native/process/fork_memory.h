// Memory of its own for what a fork needs, because a fork must not allocate.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <vector>

class ForkMemory {
public:
	explicit ForkMemory(size_t size) : size_(size)
	{
		void *at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		begin_ = at_ = at == MAP_FAILED ? nullptr : static_cast<char *>(at);
	}
	~ForkMemory()
	{
		if (begin_)
			munmap(begin_, size_);
	}
	bool failed() const { return !begin_; }
	bool overlaps(uintptr_t begin, uintptr_t end) const
	{
		const auto own = reinterpret_cast<uintptr_t>(begin_);
		return begin < own + size_ && own < end;
	}
	// Uninitialized space for `count` objects; the caller has computed that it suffices.
	template <typename T> T *take(size_t count)
	{
		at_ += -reinterpret_cast<uintptr_t>(at_) % alignof(std::max_align_t);
		T *place = reinterpret_cast<T *>(at_);
		at_ += count * sizeof(T);
		return place;
	}
	template <typename T> T *copy(const std::vector<T> &all)
	{
		T *place = take<T>(all.size());
		if (!all.empty())
			memcpy(place, all.data(), all.size() * sizeof(T));
		return place;
	}
	// Texts as a list of pointers, with space for one more and a null pointer at the end.
	char **words(const std::vector<std::string> &all)
	{
		char **pointers = take<char *>(all.size() + 2);
		for (size_t i = 0; i < all.size(); i++) {
			pointers[i] = take<char>(all[i].size() + 1);
			memcpy(pointers[i], all[i].c_str(), all[i].size() + 1);
		}
		return pointers;
	}

private:
	size_t size_;
	char *begin_, *at_;
};
