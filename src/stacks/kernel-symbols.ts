// Names of the kernel's functions, from /proc/kallsyms. Its addresses are zeros to who may not see them, so it is read before
// privileges are given up.
import { readFileSync } from 'node:fs'
import { type Frames, signed } from './frames.js'
import { UNKNOWN } from './stack-question.js'
import { SymbolList, SymbolTable } from './symbol-table.js'

/** What the tracing itself adds, from the innermost function up to the one that gave the CPU away. */
const OF_TRACING = /^(?:bpf_|__bpf_|__traceiter_|trace_|tracing_|__schedule)/

let known: { readonly table: SymbolTable | undefined } | undefined

/** The table of the running kernel, read at the first call; undefined where it does not tell addresses. */
export function kernelSymbols(): SymbolTable | undefined {
  known ??= { table: parseSymbols(textOf('/proc/kallsyms')) }
  return known.table
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** The table of a text like that of /proc/kallsyms. */
export function parseSymbols(text: string): SymbolTable | undefined {
  const symbols = new SymbolList()
  const names: string[] = []
  for (const line of text.split('\n')) {
    // code has type t or T, weak code w or W
    const [, high, low, name] = /^([0-9a-f]{8})([0-9a-f]{8}) [tTwW] (\S+)/.exec(line) ?? []
    const start = signed(Number.parseInt(high ?? '0', 16), Number.parseInt(low ?? '0', 16))
    if (start === 0) continue
    symbols.add(start, 0, names.length)
    names.push(name as string)
  }
  return symbols.length === 0 ? undefined : new SymbolTable(symbols, (i) => names[i] as string, text.length / 2)
}

/**
 * The kernel's part of a stack, the outermost function first, with the mark that flame graphs know the kernel's functions by. table:
 * undefined where the kernel does not tell its addresses.
 */
export function kernelText(frames: Frames, table: SymbolTable | undefined): string {
  const names: string[] = []
  for (let i = frames.users; i < frames.count; i++) names.push(table?.at(frames.at(i) - 1) ?? UNKNOWN)
  while (names.length > 1 && OF_TRACING.test(names[0] as string)) names.shift()
  return names
    .map((name) => `${name}_[k]`)
    .reverse()
    .join(';')
}
