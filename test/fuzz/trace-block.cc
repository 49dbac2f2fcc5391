/* Runs the block decoder with modified blocks with corrected checksums, under the sanitizers, and checks
 * the accepted ones: rows that JavaScript may read without checks. Blocks of version 1 come from the given
 * traces. Run by trace-block.sh [ROUNDS] [SEED]. */
#include "abi.h"
#include "trace/block_codec.h"
#include "trace/block_scan.h"
#include "trace/block_stream.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

using namespace ksys;
using Bytes = std::vector<uint8_t>;

namespace {

std::mt19937 dice;
uint32_t roll(uint32_t n) { return dice() % n; }

constexpr uint16_t kFixed = 12;
constexpr uint8_t kVars = 2;

void addRow(Columns &c, double time) {
	size_t i = c.rows++;
	c.num[i] = double(i + roll(3) * 100);
	c.time[i] = time;
	c.latency[i] = roll(4) ? roll(100000) : -1;
	c.ret[i] = roll(5) ? double(roll(300)) - 100 : 140000000000000.0 + roll(1000) * 4096;
	c.tid[i] = 100 + roll(9);
	c.pid[i] = 100 + roll(3);
	c.absent[i] = roll(2);
	c.type[i] = uint16_t(3 + 2 * roll(20));
	c.flags[i] = roll(6) ? 0 : 32;
	c.cpu[i] = roll(4);
	for (int k = 0; k < kFixed; k++) c.arena.push_back(uint8_t(roll(4)));
	for (int v = 0; v < kVars; v++) {
		uint16_t n = uint16_t(roll(300) ? roll(60) : 65000);
		c.arena.push_back(uint8_t(n));
		c.arena.push_back(uint8_t(n >> 8));
		for (int k = 0; k < n; k++) c.arena.push_back(uint8_t('a' + roll(20)));
	}
	c.argOff[c.rows] = uint32_t(c.arena.size());
}

/* Rewrites a part's streams uncompressed, so that changes reach the columns. */
Bytes unpacked(const uint8_t *part, size_t bytes) {
	Bytes out;
	StreamReader in(part, bytes);
	while (!in.done()) {
		size_t n = in.peek();
		Bytes data(n);
		in.read(data.data(), n);
		out.push_back(0);
		for (int twice = 0; twice < 2; twice++)
			for (int k = 0; k < 4; k++) out.push_back(uint8_t(n >> k * 8));
		out.insert(out.end(), data.begin(), data.end());
	}
	return out;
}

void damage(Bytes &b, size_t from) {
	if (b.size() <= from) return;
	for (uint32_t n = 1 + roll(4); n > 0; n--) {
		size_t at = from + roll(uint32_t(b.size() - from));
		switch (roll(4)) {
		case 0: b[at] ^= uint8_t(1 << roll(8)); break;
		case 1: b[at] = uint8_t(roll(2) ? 0xff : 0x80); break;
		case 2: b[at] = uint8_t(roll(256)); break;
		default: b.erase(b.begin() + long(at)); if (b.size() <= from) return;
		}
	}
}

void check(const BatchView &v, const Decoded &d, const Layouts &layouts) {
	auto must = [](bool right, const char *what) {
		if (right) return;
		fprintf(stderr, "let through: %s\n", what);
		abort();
	};
	must(d.rows <= v.capacity, "too many rows");
	for (size_t i = 0; i < d.rows; i++) {
		uint32_t from = v.argOff[i], to = v.argEnd[i];
		must(from <= to && to <= v.arenaBytes, "offsets");
		must(v.type[i] < kCodeLimit, "type");
		for (double x : {v.num[i], v.time[i], v.latency[i], v.ret[i]}) must(std::isfinite(x) && x == std::trunc(x), "number");
		if (layouts.fixed[v.type[i]] == Layouts::kUnknown) continue;
		size_t at = from + layouts.fixed[v.type[i]];
		for (int k = layouts.vars[v.type[i]]; k > 0; k--) {
			must(at + 2 <= to, "a length outside its row");
			at += 2 + size_t(v.arena[at] | v.arena[at + 1] << 8);
		}
		must(at <= to, "arguments outside their row");
	}
}

/* The blocks of events of a trace. */
void blocksOf(const char *path, std::vector<Bytes> &found) {
	FILE *f = fopen(path, "rb");
	if (!f) return perror(path), exit(1);
	Bytes all;
	for (int c; (c = fgetc(f)) != EOF;) all.push_back(uint8_t(c));
	fclose(f);
	for (size_t at = 16; at + kHeaderBytes <= all.size();) {
		BlockHeader h;
		try {
			h = BlockHeader::read(&all[at], all.size() - at);
		} catch (const BlockError &) {
			return; /* the trailer */
		}
		size_t bytes = kHeaderBytes + h.summaryBytes + h.stateBytes + h.restBytes;
		if (h.kind == kEvents) found.emplace_back(all.begin() + long(at), all.begin() + long(at + bytes));
		at += bytes;
	}
}

Bytes someBlock() {
	Columns c;
	c.clear();
	for (uint32_t i = 0, n = 1 + roll(60); i < n; i++) addRow(c, i * 1000.0 + roll(900));
	return encodeEvents(c, 0, nullptr);
}

} // namespace

void expectFound(const Bytes &block, const Layouts &layouts, const Needles &needles, const BatchView &view, size_t row) {
	Holder wanted = {view.pid[row], view.type[row]};
	std::vector<Holder> found = scanEvents(block.data(), block.size(), layouts, needles);
	if (std::find(found.begin(), found.end(), wanted) != found.end()) return;
	fprintf(stderr, "row %zu has what is looked for, and is not found\n", row);
	abort();
}

/* Rows with some bytes, or a possible address, among their arguments must be found by these. */
void checkScan(const Bytes &block, const BatchView &view, const Decoded &d, const Layouts &layouts) {
	if (d.rows == 0) return;
	size_t i = roll(uint32_t(d.rows));
	uint32_t end = view.argEnd[i], n = end - view.argOff[i];
	if (n == 0 || view.type[i] == KS_RENAME || view.type[i] == KS_CGROUPS) return;
	uint32_t from = view.argOff[i] + roll(n), bytes = 1 + roll(std::min(8u, end - from));
	std::string text(reinterpret_cast<const char *>(view.arena) + from, bytes);
	expectFound(block, layouts, {{text, "nowhere to be found"}, {}}, view, i);
	for (uint32_t at = view.argOff[i]; at < end; at++)
		for (auto [family, before] : {std::pair{2, 5}, {2, 11}, {10, 17}, {10, 35}}) {
			if (view.arena[at] != family || at + uint32_t(before) + 2 > end) continue;
			uint16_t port = uint16_t(view.arena[at + uint32_t(before)] | view.arena[at + uint32_t(before) + 1] << 8);
			expectFound(block, layouts, {{}, {port}}, view, i);
		}
}

int main(int argc, char **argv) {
	unsigned long rounds = argc > 1 ? strtoul(argv[1], nullptr, 10) : 100000;
	dice.seed(argc > 2 ? uint32_t(strtoul(argv[2], nullptr, 10)) : 1);
	Layouts layouts;
	for (int t = 3; t < 43; t += 2) {
		layouts.fixed[t] = kFixed;
		layouts.vars[t] = kVars;
	}
	Omitted omitted;
	omitted.types.assign(kCodeLimit, 0);
	for (int t = 3; t < 20; t += 2) omitted.types[size_t(t)] = 1;
	omitted.ofAnyProcess.assign(20, 1);
	omitted.processes = {100, 102};
	std::vector<Bytes> old;
	for (int i = 3; i < argc; i++) blocksOf(argv[i], old);
	unsigned long read = 0, refused = 0;
	Bytes memory;
	for (unsigned long r = 0; r < rounds;) {
		Bytes block = !old.empty() && roll(8) == 0 ? old[roll(uint32_t(old.size()))] : someBlock();
		BlockHeader h = BlockHeader::read(block.data(), block.size());
		const uint8_t *at = block.data() + kHeaderBytes + h.summaryBytes;
		Bytes state = h.stateRows ? unpacked(at, h.stateBytes) : Bytes(), rest = h.restRows ? unpacked(at + h.stateBytes, h.restBytes) : Bytes();
		Bytes packedState(at, at + h.stateBytes), packedRest(at + h.stateBytes, at + h.stateBytes + h.restBytes);
		for (int k = h.flags & kByThread ? 0 : 190; k < 200 && r < rounds; k++, r++) {
			bool raw = roll(4) != 0;
			Bytes s = raw ? state : packedState, t = raw ? rest : packedRest;
			damage(roll(2) && !s.empty() ? s : t, 0);
			BlockHeader g = h;
			if (roll(8) == 0) g.stateRows += roll(3) - 1;
			if (roll(8) == 0) g.restRows += roll(3) - 1;
			if (roll(8) == 0) g.stateArena += roll(65) - 32;
			if (roll(8) == 0) g.restArena += roll(65) - 32;
			if (roll(8) == 0) g.timeMin = roll(2) ? std::nan("") : 1e300;
			g.summaryBytes = 0;
			g.stateBytes = uint32_t(s.size());
			g.restBytes = uint32_t(t.size());
			g.stateCrc = crc32c(s.data(), s.size());
			g.restCrc = crc32c(t.data(), t.size());
			Bytes whole(kHeaderBytes);
			g.write(whole.data());
			whole.insert(whole.end(), s.begin(), s.end());
			whole.insert(whole.end(), t.begin(), t.end());
			size_t arena = g.stateArena + size_t(g.restArena), rows = g.stateRows + size_t(g.restRows);
			if (arena > kMaxArena || rows > kMaxRows) continue;
			size_t capacity = rows + rows % 2;
			memory.assign(capacity * 54 + 4 + arena, 0);
			memory.shrink_to_fit();
			std::vector<uint32_t> ends(capacity);
			omitted.byProcess = roll(2) == 0;
			try {
				BatchView view(memory.data(), memory.size(), capacity, arena);
				view.argEnd = ends.data();
				Decoded d = decodeEvents(whole.data(), whole.size(), view, layouts, roll(3) == 0, roll(2) ? &omitted : nullptr);
				check(view, d, layouts);
				read++;
				checkScan(whole, view, d, layouts);
			} catch (const BlockError &) {
				refused++;
			}
		}
	}
	printf("%lu rounds: %lu read, %lu refused\n", rounds, read, refused);
}
