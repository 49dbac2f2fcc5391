/* Converts the event blocks of a .scap file to the rows of a batch, independent of Node. The meaning of event codes, and the
 * source of each parameter of a row, are defined by tables and programs that src/scap supplies; nothing here is specific to
 * an event. */
#ifndef KSYS_SCAP_WALK_H
#define KSYS_SCAP_WALK_H

#include "trace/block_codec.h"
#include "scap/thread_events.h"

#include <array>
#include <unordered_map>

namespace ksys::scap {

constexpr int kMaxParams = 32;
constexpr size_t kCodes = 1024;

/* The meaning of a code; src/scap/roles.ts has the same values. */
enum class Role : uint8_t { Unknown, Silent, Enter, Exit, Single, GenericEnter, GenericExit };

/* Bits by code; src/scap/roles.ts. */
enum Mark : uint8_t { kWide = 1, kThreeTooLong = 2, kHidden = 4, kEndsThread = 8 };

/* Steps of a program; src/scap/program.ts. */
enum class Op : int32_t {
	Number, EnterNumber, Bytes, Text, EnterBytes, EnterText, Result, DynResult, NoResult, NoNumber, NoBytes
};
constexpr int32_t kSigned = 16;
struct Step {
	Op op;
	int32_t source, size, param;
};

enum ProgramBit : uint8_t { kState = 1, kNoReturn = 2, kAnnounces = 4 };
struct Program {
	uint16_t type = 0, form = 0;
	uint8_t bits = 0;
	std::vector<Step> steps;
};

/* Selects a program: for an exit event (a: code) with n parameters joined with an enter event of enterN (-1: none), for an
 * enter event (a: code) with n, or for a generic call (a: its number, the kernel's numbers from kNative on; n: direction). */
struct Key {
	enum Kind : uint8_t { Exit, Enter, Generic } kind = Exit;
	uint32_t a = 0;
	int32_t n = 0, enterN = -1;
};
constexpr uint32_t kNative = 1 << 16;

/* A block type that contains an event. */
struct EventBlock {
	uint32_t type;
	/* the event's header has a parameter count; flags come before it */
	bool counted, flagged;
};

struct Tables {
	std::array<Role, kCodes> roles{};
	/* most parameters with which an event of the code was ever recorded */
	std::array<uint8_t, kCodes> most{};
	std::array<uint8_t, kCodes> marks{};
	std::vector<EventBlock> blocks;
	/* libs' numbers of generic calls end here; the kernel's numbers from there on are the same unknown call */
	uint32_t generics = 0, natives = 0;
	/* enter events get rows of their own */
	bool both = false;
};

/* Errors of events; src/scap/native-walk.ts has their texts. */
enum class Wrong : uint8_t { NoHead, ShortHeader, Length, Parameters, TooLarge };
constexpr size_t kMostWrong = 128;

enum class Outcome : uint8_t {
	/* there is no further complete event block at `at` */
	More,
	/* the batch is full */
	Full,
	/* the program `needed` must be supplied first */
	Program,
};

struct WalkResult {
	Outcome outcome = Outcome::More;
	/* where it stopped, and the rows of the batch then */
	size_t at = 0, rows = 0;
	Key needed;
	/* damaged events: the position of the block, and the error; at most kMostWrong */
	std::vector<std::pair<size_t, Wrong>> wrong;
};

class Walk {
public:
	explicit Walk(Tables tables) : tables_(std::move(tables)) {}

	/* Number of events with unknown codes. */
	double unknown = 0;

	/* The time that all times are relative to, ns since the epoch; else it is that of the first event. */
	void start(uint32_t high, uint32_t low);
	/* A new section: nothing is in flight any more, and no thread's process is known. */
	void clear();
	void process(int32_t tid, int32_t pid) { processes_.set(tid, pid); }
	/* Stores a program, or that there is none (null). Throws if it accesses parameters beyond those of its key. */
	void give(const Key &key, const Program *program);
	/* Reads event blocks from [at, end) of `bytes` and adds their rows to the batch, which has `rows`. */
	WalkResult run(const uint8_t *bytes, size_t at, size_t end, BatchView &out, uint16_t *forms, size_t rows);

private:
	enum class Done : uint8_t { Ok, Full, Program, Wrong };
	struct Event;

	const EventBlock *blockOf(uint32_t type);
	Done event(const uint8_t *block, size_t length, const EventBlock &kind);
	Done enter(const Event &e);
	Done single(const Event &e);
	Done exit(const Event &e);
	bool measure(const uint8_t **into, const uint8_t *at, int n, int wide, const uint8_t *stop) const;
	int count(const uint8_t *at, int most, int wide, const uint8_t *stop);
	int id(int param) const;
	const Program *lookUp(const Key &key);
	const Program *generic(int id, int native, int direction);
	bool row(const Program &p, const Event &e, double latency, int enterN);
	Done wrong(Wrong what);

	Tables tables_;
	IdTable processes_;
	Pending pending_;
	/* positions of programs in programs_: by code, by parameter counts; 0: not supplied yet, 1: there is none */
	std::array<std::vector<uint32_t>, kCodes> exits_, enters_;
	std::unordered_map<uint32_t, uint32_t> generics_;
	std::vector<Program> programs_{2};
	const EventBlock *lastBlock_ = nullptr;
	bool started_ = false;
	uint32_t startHigh_ = 0, startLow_ = 0;
	double num_ = 0;
	/* ends of the parameters of the event, and of the enter event that it is joined with */
	const uint8_t *exitAt_[kMaxParams + 1] = {}, *enterAt_[kMaxParams + 1] = {};
	/* for the current call of run() */
	BatchView *out_ = nullptr;
	uint16_t *forms_ = nullptr;
	size_t rows_ = 0;
	Key needed_;
	bool lacks_ = false;
	Wrong what_ = Wrong::NoHead;
};

} // namespace ksys::scap

#endif
