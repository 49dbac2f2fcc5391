/* Runs the reader of .scap event blocks, and the decompressors, with damaged data under the sanitizers.
 * usage: scap-blocks ROUNDS SEED */
#include "scap/walk.h"
#include "scap/decompress.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

using namespace ksys;
using namespace ksys::scap;

namespace {

std::mt19937 rng;
uint32_t below(uint32_t n) { return n == 0 ? 0 : rng() % n; }

void put(std::vector<uint8_t> &out, const void *p, size_t n) {
	const uint8_t *b = static_cast<const uint8_t *>(p);
	out.insert(out.end(), b, b + n);
}
template <typename T> void put(std::vector<uint8_t> &out, T v) { put(out, &v, sizeof v); }

/* Bytes of any value, four by four: with the sanitizers single ones take most of the time. */
void bytesOf(std::vector<uint8_t> &out, size_t n) {
	size_t at = out.size();
	out.resize(at + n);
	for (uint8_t *to = out.data() + at; n >= 4; n -= 4, to += 4) {
		uint32_t word = rng();
		memcpy(to, &word, 4);
	}
	for (; n > 0; n--) out[out.size() - n] = uint8_t(rng());
}

constexpr uint32_t kTypes[] = {0x204, 0x208, 0x216, 0x217};

/* A valid event block, before it is damaged. */
void block(std::vector<uint8_t> &out) {
	uint32_t type = kTypes[below(4)];
	bool counted = type >= 0x216, flagged = (type & 1) != 0 || type == 0x208;
	std::vector<uint8_t> e;
	put<uint16_t>(e, uint16_t(below(8)));
	if (flagged) put<uint32_t>(e, below(2));
	uint16_t code = uint16_t(below(64));
	uint32_t n = below(8) == 0 ? below(kMaxParams + 2) : below(8);
	std::vector<uint8_t> lengths, values;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t size = below(4) == 0 ? below(3000) : (uint32_t[]){0, 1, 2, 4, 8}[below(5)];
		if ((code & 15) == 3) put<uint32_t>(lengths, size);
		else put<uint16_t>(lengths, uint16_t(size));
		bytesOf(values, size);
	}
	put<uint64_t>(e, 1000 + below(1000));
	put<uint64_t>(e, below(20) == 0 ? rng() : below(5));
	put<uint32_t>(e, uint32_t((counted ? 26 : 22) + lengths.size() + values.size()));
	put<uint16_t>(e, code);
	if (counted) put<uint32_t>(e, n);
	put(e, lengths.data(), lengths.size());
	put(e, values.data(), values.size());
	while (e.size() & 3) e.push_back(0);
	uint32_t total = uint32_t(e.size() + 12);
	put<uint32_t>(out, type);
	put<uint32_t>(out, total);
	put(out, e.data(), e.size());
	put<uint32_t>(out, total);
}

void damage(std::vector<uint8_t> &b) {
	static const uint32_t odd[] = {0, 1, 3, 12, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffc, 0xffff};
	for (uint32_t i = below(6); i > 0 && !b.empty(); i--) {
		size_t at = below(uint32_t(b.size()));
		if (below(2)) b[at] ^= uint8_t(1 << below(8));
		else if (at + 4 <= b.size()) memcpy(b.data() + at, &odd[below(9)], 4);
	}
	if (below(4) == 0) b.resize(below(uint32_t(b.size() + 1)));
}

/* Any program that give() accepts: its steps read parameters that its key has. */
Program programFor(const Key &key) {
	Program p;
	bool copied[2][kMaxParams] = {};
	p.type = uint16_t(below(2000));
	p.form = uint16_t(below(10));
	p.bits = uint8_t(below(8));
	for (int i = 0; i < kMaxParams; i++) {
		Step s{Op(below(11)), 0, (int32_t[]){1, 2, 4, 8, 17, 18, 20, 24}[below(8)], int32_t(below(kMaxParams))};
		bool enter = s.op == Op::EnterNumber || s.op == Op::EnterBytes || s.op == Op::EnterText;
		bool reads = s.op != Op::NoResult && s.op != Op::NoNumber && s.op != Op::NoBytes;
		int have = key.kind == Key::Generic ? 0 : enter ? key.enterN : key.n;
		if (reads && have <= 0) continue;
		if (reads) s.source = int32_t(below(uint32_t(have)));
		bool copies = s.op >= Op::Bytes && s.op <= Op::EnterText;
		if (copies && copied[enter][s.source]) continue;
		if (copies) copied[enter][s.source] = true;
		p.steps.push_back(s);
	}
	return p;
}

void walk() {
	Tables t;
	for (size_t c = 0; c < 64; c++) {
		t.roles[c] = Role(below(7));
		t.most[c] = uint8_t(below(kMaxParams + 1));
		t.marks[c] = uint8_t(below(16) & ((c & 15) == 3 ? 15 : 14)) | ((c & 15) == 3 ? kWide : 0);
	}
	for (uint32_t type : kTypes) t.blocks.push_back({type, type >= 0x216, (type & 1) != 0 || type == 0x208});
	t.generics = 400;
	t.natives = 1024;
	t.both = below(2) != 0;
	Walk walk(t);
	size_t capacity = 2 + 2 * below(20), arena = 1 + below(40000);
	for (int piece = 0; piece < 3; piece++) {
		std::vector<uint8_t> bytes;
		for (uint32_t i = below(40); i > 0; i--) block(bytes);
		damage(bytes);
		/* memory of exactly this size, so that reads beyond it are detected */
		std::vector<uint8_t> exact(bytes.begin(), bytes.end()), memory(capacity * 54 + 4 + arena);
		exact.shrink_to_fit();
		std::vector<uint16_t> forms(capacity);
		BatchView out(memory.data(), memory.size(), capacity, arena);
		size_t at = 0, rows = 0;
		for (int guard = 0; at < exact.size(); guard++) {
			if (guard > 100000) abort();
			WalkResult f = walk.run(exact.data(), at, exact.size(), out, forms.data(), rows);
			if (f.at < at || f.at > exact.size() || f.rows > capacity || out.argOff[f.rows] > arena) abort();
			at = f.at;
			rows = f.outcome == scap::Outcome::Full ? 0 : f.rows;
			if (f.outcome == scap::Outcome::Program) {
				Program p = programFor(f.needed);
				walk.give(f.needed, below(8) == 0 ? nullptr : &p);
			} else if (f.outcome == scap::Outcome::More) {
				if (at < exact.size()) at += 4;
				if (at > exact.size()) break;
			}
		}
		if (below(4) == 0) walk.clear();
	}
}

void unpack() {
	std::vector<uint8_t> bytes;
	bool zstd = below(2) != 0;
	if (zstd) put<uint32_t>(bytes, 0xfd2fb528);
	else put<uint32_t>(bytes, 0x00088b1f);
	bytesOf(bytes, below(300));
	damage(bytes);
	auto unpacker = makeUnpacker(zstd ? "zstd" : "gzip");
	std::vector<uint8_t> to(1 + below(5000));
	for (size_t at = 0; at < bytes.size();) {
		size_t n = 1 + below(uint32_t(bytes.size() - at));
		Unpacked u = unpacker->run(bytes.data() + at, n, to.data(), to.size());
		if (u.read > n || u.written > to.size()) abort();
		if (!u.error.empty() || (u.read == 0 && u.written == 0)) break;
		at += u.read;
	}
}

} // namespace

int main(int argc, char **argv) {
	uint32_t rounds = argc > 1 ? uint32_t(atoi(argv[1])) : 10000;
	rng.seed(argc > 2 ? uint32_t(atoi(argv[2])) : 1);
	for (uint32_t i = 0; i < rounds; i++) {
		walk();
		unpack();
	}
	printf("%u rounds\n", rounds);
}
