// Names of the kernel's functions, from /proc/kallsyms. Without privileges its addresses are zeros, so it is read before
// privileges are given up.
import { readFileSync } from 'node:fs'
import { type Frames, signed } from './frames.js'
import { UNKNOWN } from './symbol-request.js'
import { SymbolList, SymbolTable } from './symbol-table.js'

/** Functions of the tracing itself, from the innermost one to the one that yielded the CPU. */
const OF_TRACING = /^(?:bpf_|__bpf_|__traceiter_|trace_|tracing_|__schedule)/

let known: { readonly table: SymbolTable | undefined } | undefined

/** The table of the running kernel, read at the first call; undefined if the kernel hides addresses. */
export function kernelSymbols(): SymbolTable | undefined {
  known ??= { table: parseSymbols(readText('/proc/kallsyms')) }
  return known.table
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** Parses a text in the format of /proc/kallsyms. */
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
 * The kernel's part of a stack, the outermost function first, with the suffix by which flame graphs recognise kernel functions. table:
 * undefined if the kernel hides addresses.
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
