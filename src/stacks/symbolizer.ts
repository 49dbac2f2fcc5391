// Return addresses to the text of a stack: names of functions, the outermost first, with semicolons between.
import { basename } from 'node:path'
import { signed } from './kernel-symbols.js'
import type { Mappings } from './mappings.js'
import { ObjectFiles } from './object-files.js'
import { PerfMap } from './perf-map.js'
import type { SymbolTable } from './symbol-table.js'

/** What the tracing itself adds, from the innermost function up to the one that gave the CPU away. */
const OF_TRACING = /^(?:bpf_|__bpf_|__traceiter_|trace_|tracing_|__schedule)/
/** Longest name; those of C++ templates have no end. */
const LONGEST = 256
/** Processes whose perf maps are kept. */
const MOST_PERF_MAPS = 256

export class Symbolizer {
  private readonly objects = new ObjectFiles()
  private readonly perfMaps = new Map<number, PerfMap>()

  /** kernel: undefined where the kernel does not tell its addresses. */
  constructor(
    private readonly mappings: Mappings,
    private readonly kernel: SymbolTable | undefined,
  ) {}

  /**
   * The text of a stack of process pid. frames: as a ks_stack row has them (schema/events/internal.ts). Empty when there are none.
   */
  text(pid: number, frames: Uint8Array): string {
    const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength)
    const [users, callers, kernels] = [0, 2, 4].map((at) => view.getUint16(at, true)) as [number, number, number]
    const at = (i: number) => signed(view.getUint32(8 * i + 10, true), view.getUint32(8 * i + 6, true))
    const found = users - 2 * callers
    const names = users === 0 ? [] : [this.user(pid, at(0))]
    for (let i = found; i < users; i += 2) {
      // where its call leads to another function than the one before, it was left on the stack by an earlier call
      if (this.function(pid, at(i + 1)) !== names.at(-1)) break
      names.push(this.user(pid, at(i)))
    }
    for (let i = 1; i < found; i++) names.push(this.user(pid, at(i)))
    const inKernel: string[] = []
    for (let i = users; i < users + kernels; i++) inKernel.push(this.inKernel(at(i)))
    while (inKernel.length > 1 && OF_TRACING.test(inKernel[0] as string)) inKernel.shift()
    return [...inKernel, ...names.map(printable)].reverse().join(';')
  }

  /** Addresses are those behind a call: the call itself lies before. */
  private user(pid: number, back: number): string {
    return this.function(pid, back - 1)
  }

  /** Name of the function that has an address. */
  private function(pid: number, address: number): string {
    const mapping = this.mappings.at(pid, address)
    if (mapping === undefined) return this.perfMap(pid).at(address) ?? '[unknown]'
    return this.objects.name(pid, mapping, address) ?? `[${basename(this.objects.path(pid, mapping))}]`
  }

  /** With the mark that flame graphs know the kernel's functions by. */
  private inKernel(back: number): string {
    return `${this.kernel?.at(back - 1) ?? '[unknown]'}_[k]`
  }

  private perfMap(pid: number): PerfMap {
    let map = this.perfMaps.get(pid)
    if (map === undefined) {
      if (this.perfMaps.size >= MOST_PERF_MAPS) this.perfMaps.clear()
      map = new PerfMap(pid)
      this.perfMaps.set(pid, map)
    }
    return map
  }
}

/** A name within a folded stack: no semicolon, nothing that is not shown. */
function printable(name: string): string {
  const text = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?').replaceAll(';', ':')
}
