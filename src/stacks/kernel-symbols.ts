// Names of the kernel's functions, from /proc/kallsyms. Its addresses are zeros to who may not see them, so it is read before
// privileges are given up.
import { readFileSync } from 'node:fs'
import { signed } from './frames.js'
import { SymbolList, SymbolTable } from './symbol-table.js'

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
