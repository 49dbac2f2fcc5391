// node check-stack.mjs OBJECT: fails if a program of the BPF object could need more stack, or more frames, than every kernel
// provides. The kernel adds up the stacks of all functions of a call chain, each rounded up to 32 bytes, callbacks too, and
// rejects more than 512 bytes and 8 frames (check_max_stack_depth of kernel/bpf/verifier.c; newer kernels are more lenient).
import { readFileSync } from 'node:fs'

const LIMIT = 448 // a margin for what another compiler adds
const FRAMES = 8
const ROUND = 32

const bytes = readFileSync(process.argv[2])
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const u16 = (at) => view.getUint16(at, true)
const u32 = (at) => view.getUint32(at, true)
const u64 = (at) => Number(view.getBigUint64(at, true))
const textAt = (table, at) => bytes.toString('latin1', table + at, bytes.indexOf(0, table + at))

/** The sections of the file (Elf64_Shdr). */
const sections = Array.from({ length: u16(60) }, (_, i) => {
  const at = u64(40) + i * 64
  return { type: u32(at + 4), flags: u64(at + 8), offset: u64(at + 24), size: u64(at + 32), link: u32(at + 40), info: u32(at + 44) }
})
const SYMTAB = 2
const REL = 9
const EXECUTABLE = 4
const FUNCTION = 2
const symtab = sections.find((s) => s.type === SYMTAB)
const strings = sections[symtab.link].offset

/** Symbols as Elf64_Sym has them. */
const symbols = Array.from({ length: symtab.size / 24 }, (_, i) => {
  const at = symtab.offset + i * 24
  return { name: textAt(strings, u32(at)), kind: bytes[at + 4] & 15, section: u16(at + 6), value: u64(at + 8), size: u64(at + 16) }
})
const functions = symbols.filter((s) => s.kind === FUNCTION)
const functionAt = (section, offset) =>
  functions.find((f) => f.section === section && offset >= f.value && offset < f.value + f.size)

/** The symbol that an instruction refers to, by section and offset. */
const relocated = new Map()
for (const s of sections)
  if (s.type === REL)
    for (let at = s.offset; at < s.offset + s.size; at += 16)
      relocated.set(`${s.info} ${u64(at)}`, symbols[u32(at + 12)])

const LOAD_IMMEDIATE = 0x18 // BPF_LD | BPF_DW | BPF_IMM, two instructions long
const CALL = 0x85
const CALL_FUNCTION = 1 // the source register of a call between functions: BPF_PSEUDO_CALL
const MOVE = 0xbf // BPF_ALU64 | BPF_MOV | BPF_X
const ADD = 0x07 // BPF_ALU64 | BPF_ADD | BPF_K
const FRAME = 10 // the frame pointer's register

/** The target of a relocated call: the function, or for a static one its section, with the distance in instructions. */
function calledBy(symbol, immediate) {
  return symbol.kind === FUNCTION ? symbol : functionAt(symbol.section, (immediate + 1) * 8)
}

/** How deep a function reaches into its stack, and which functions it calls. */
function measure(f) {
  const from = sections[f.section].offset
  const calls = new Set()
  const pointers = new Set() // registers that are copies of the frame pointer
  let depth = 0
  for (let at = f.value; at < f.value + f.size; at += 8) {
    const code = bytes[from + at]
    const target = bytes[from + at + 1] & 15
    const source = bytes[from + at + 1] >> 4
    const offset = view.getInt16(from + at + 2, true)
    const immediate = view.getInt32(from + at + 4, true)
    const symbol = relocated.get(`${f.section} ${at}`)
    const kind = code & 7
    if ((kind === 1 && source === FRAME) || ((kind === 2 || kind === 3) && target === FRAME)) depth = Math.max(depth, -offset)
    if (code === ADD && pointers.has(target)) depth = Math.max(depth, -immediate)
    if (code === MOVE && source === FRAME) pointers.add(target)
    else if (kind === 0 || kind === 1 || kind === 4 || kind === 7) pointers.delete(target)
    // a function without a section is the kernel's, on a stack of its own
    if (code === CALL && source === CALL_FUNCTION && symbol?.section !== 0) {
      const to = symbol === undefined ? functionAt(f.section, at + 8 + immediate * 8) : calledBy(symbol, immediate)
      if (to === undefined) throw new Error(`${f.name}: unknown target of the call at byte ${at}`)
      calls.add(to)
    }
    if (code === LOAD_IMMEDIATE) {
      if (symbol !== undefined && sections[symbol.section]?.flags & EXECUTABLE)
        calls.add(symbol.kind === FUNCTION ? symbol : functionAt(symbol.section, immediate))
      at += 8
    }
  }
  return { stack: Math.ceil(Math.max(depth, 1) / ROUND) * ROUND, calls: [...calls] }
}

const known = new Map()
/** The chain of calls from a function that needs the most stack, and the longest one. */
function deepest(f) {
  const before = known.get(f)
  if (before !== undefined) return before
  const { stack, calls } = measure(f)
  let most = { stack: 0, chain: [] }
  let frames = 0
  for (const c of calls) {
    const below = deepest(c)
    if (below.stack > most.stack) most = below
    frames = Math.max(frames, below.frames)
  }
  const found = { stack: stack + most.stack, chain: [`${f.name} ${stack}`, ...most.chain], frames: frames + 1 }
  known.set(f, found)
  return found
}

const all = functions.map(deepest)
const worst = all.reduce((a, b) => (b.stack > a.stack ? b : a))
const longest = all.reduce((a, b) => (b.frames > a.frames ? b : a))
console.log(`BPF stack: ${worst.stack} bytes of ${LIMIT} (${worst.chain.join(' > ')}), ${longest.frames} frames of ${FRAMES}`)
if (worst.stack > LIMIT || longest.frames > FRAMES) {
  console.error(`native/build/check-stack.mjs: too much stack: Linux before 6.13 would refuse ${longest.frames > FRAMES ? longest.chain[0] : worst.chain[0]}`)
  process.exitCode = 1
}
