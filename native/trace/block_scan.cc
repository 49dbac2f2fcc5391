/* Searches event blocks for texts and ports. Most blocks have none of them: those are only decompressed, no row is reassembled. */
#include "trace/block_scan.h"
#include "abi.h"
#include "trace/block_read.h"
#include "trace/block_rows.h"
#include "trace/block_stream.h"

#include <algorithm>
#include <cstring>
#include <sys/socket.h>

namespace ksys {

namespace {

/* Lists before the planes of the state section, and between the planes and the arguments (block_rows.h). */
constexpr int kListsBefore = 4, kListsBehind = 5;

/* Most matches of a block; a block in which nearly every byte starts a match is treated as unreadable. */
constexpr size_t kMostPlaces = 1 << 20;

/* Offsets of the start and the end of a match. */
struct Place {
	uint32_t from, to;
};

void add(std::vector<Place> &places, uint32_t from, uint32_t to) {
	if (places.size() == kMostPlaces) throw BlockError("too many matches in it");
	places.push_back({from, to});
}

/* Calls `at` with the offset of each occurrence. */
template <typename At> void find(const uint8_t *data, size_t bytes, const void *needle, size_t length, At at) {
	for (const uint8_t *p = data, *end = data + bytes; p < end;) {
		auto *found = static_cast<const uint8_t *>(memmem(p, size_t(end - p), needle, length));
		if (found == nullptr) return;
		at(uint32_t(found - data));
		p = found + 1;
	}
}

/* Bytes from the family of an address, or of a pair of addresses, to the ports of its first and its second end. */
constexpr struct {
	uint8_t family;
	uint32_t before;
} kPorts[] = {{AF_INET, 5}, {AF_INET, 11}, {AF_INET6, 17}, {AF_INET6, 35}};

void findPort(const uint8_t *data, size_t bytes, uint16_t port, std::vector<Place> &places) {
	const uint8_t needle[] = {uint8_t(port), uint8_t(port >> 8)};
	find(data, bytes, needle, sizeof needle, [&](uint32_t at) {
		for (auto [family, before] : kPorts)
			if (at >= before && data[at - before] == family) add(places, at - before, at + sizeof needle);
	});
}

/* The arguments of all rows, as in the arena. */
void unpackArguments(const BlockHeader &h, const uint8_t *state, const uint8_t *rest, uint8_t *arena) {
	StreamReader in(state, h.stateBytes);
	for (int i = 0; i < kListsBefore + P_COUNT + kListsBehind; i++) in.pass();
	in.read(arena, h.stateArena);
	if (h.restRows > 0) StreamReader(rest, h.restBytes).read(arena + h.stateArena, h.restArena);
}

/* A separate batch for blocks of version 1, which is reused for the next block. */
struct Rows {
	std::vector<uint8_t> memory;
	std::vector<uint32_t> ends;

	BatchView room(size_t rows, size_t arenaBytes) {
		size_t capacity = (rows + 1) & ~size_t(1);
		memory.resize(capacity * (4 * 8 + 4 * 4 + 3 * 2) + 4 + arenaBytes);
		ends.resize(capacity);
		BatchView view(memory.data(), memory.size(), capacity, arenaBytes);
		view.argEnd = ends.data();
		return view;
	}
};

thread_local Rows rows;
thread_local std::vector<uint8_t> arguments;
thread_local BlockReader scanned;

/* Some rows contain another process's name or cgroups: thread and process are their first parameters. */
Holder holder(int32_t pid, uint16_t type, const uint8_t *args, size_t bytes) {
	if ((type == KS_RENAME || type == KS_CGROUPS) && bytes >= 8) memcpy(&pid, args + 4, 4);
	return {pid, type};
}

/* Whether one of the matches is completely between two offsets of the arena. */
bool within(const std::vector<Place> &places, uint32_t from, uint32_t to) {
	auto p = std::lower_bound(places.begin(), places.end(), from, [](Place a, uint32_t at) { return a.from < at; });
	for (; p != places.end() && p->from < to; p++)
		if (p->to <= to) return true;
	return false;
}

/* Finds the matches in the arguments of all rows, in ascending order. */
std::vector<Place> placesIn(const uint8_t *arena, size_t bytes, const Needles &needles) {
	std::vector<Place> places;
	for (const std::string &text : needles.texts)
		find(arena, bytes, text.data(), text.size(), [&](uint32_t at) { add(places, at, at + uint32_t(text.size())); });
	for (uint16_t port : needles.ports) findPort(arena, bytes, port, places);
	std::sort(places.begin(), places.end(), [](Place a, Place b) { return a.from < b.from; });
	return places;
}

std::vector<Holder> scanByThread(const BlockHeader &h, const uint8_t *state, const Needles &needles) {
	const uint8_t *rest = state + h.stateBytes;
	if (crc32c(state, h.stateBytes) != h.stateCrc || crc32c(rest, h.restBytes) != h.restCrc) throw BlockError("a checksum is wrong");
	arguments.resize(size_t(h.stateArena) + h.restArena);
	unpackArguments(h, state, rest, arguments.data());
	std::vector<Place> places = placesIn(arguments.data(), arguments.size(), needles);
	if (places.empty()) return {};
	scanned.load(h, state, h.restRows > 0 ? rest : nullptr);
	scanned.place(h);
	std::vector<Holder> found;
	for (const BlockReader::Thread &t : scanned.threads)
		for (uint32_t k = t.cell; k < t.cellEnd; k++) {
			const BlockReader::Cell &c = scanned.cells[k];
			uint16_t type = typeOf(scanned.kinds[c.kind]);
			for (uint32_t r = c.row; r < c.row + c.rows; r++) {
				const BlockReader::Row &row = scanned.row[r];
				if (within(places, row.from, row.to))
					found.push_back(holder(t.pid, type, arguments.data() + row.from, row.to - row.from));
			}
		}
	return found;
}

std::vector<Holder> scanOld(const BlockHeader &h, const uint8_t *block, size_t bytes, const Layouts &layouts,
	const Needles &needles) {
	size_t arenaBytes = size_t(h.stateArena) + h.restArena;
	BatchView view = rows.room(size_t(h.stateRows) + h.restRows, arenaBytes);
	Decoded done = decodeEvents(block, bytes, view, layouts, false);
	if (done.skipped > 0) throw BlockError("some rows are malformed");
	std::vector<Place> places = placesIn(view.arena, arenaBytes, needles);
	std::vector<Holder> found;
	for (size_t i = 0; i < done.rows; i++)
		if (within(places, view.argOff[i], view.argEnd[i]))
			found.push_back(holder(view.pid[i], view.type[i], view.arena + view.argOff[i], view.argEnd[i] - view.argOff[i]));
	return found;
}

} // namespace

std::vector<Holder> scanEvents(const uint8_t *block, size_t bytes, const Layouts &layouts, const Needles &needles) {
	BlockHeader h = BlockHeader::read(block, bytes);
	if (h.kind != kEvents || bytes < kHeaderBytes + size_t(h.summaryBytes) + h.stateBytes + h.restBytes)
		throw BlockError("it is not a complete block of events");
	std::vector<Holder> found = h.flags & kByThread ? scanByThread(h, block + kHeaderBytes + h.summaryBytes, needles)
							: scanOld(h, block, bytes, layouts, needles);
	std::sort(found.begin(), found.end());
	found.erase(std::unique(found.begin(), found.end()), found.end());
	return found;
}

} // namespace ksys
