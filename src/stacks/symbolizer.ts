// Names the functions in stacks of programs; runs in the symbol thread (symbol-worker.ts).
import { BoundedCache } from './bounded-cache.js'
import { KEPT, OBJECT } from './limits.js'
import { ObjectFiles } from './object-files.js'
import { PerfMap } from './perf-map.js'
import { ProcMaps } from './proc-maps.js'
import type { ReadBudget } from './read-budget.js'
import { fileName, foldedText, type SymbolRequest, UNKNOWN } from './symbol-request.js'

export class Symbolizer {
  private readonly objects: ObjectFiles
  private readonly procMaps: ProcMaps
  /** by the number of the process's memory */
  private readonly perfMaps = new BoundedCache<number, PerfMap>(KEPT.perfMaps)

  constructor(private readonly reading: ReadBudget) {
    this.objects = new ObjectFiles(reading)
    this.procMaps = new ProcMaps(reading)
  }

  /** The text of a program's stack: function names separated by semicolons, the outermost first. */
  text(request: SymbolRequest): string {
    return foldedText(request, (i) => this.function(request, i))
  }

  /** Name of the function at address i. */
  private function({ pid, memories, addresses, places }: SymbolRequest, i: number): string {
    const address = addresses[i] as number
    const place = places[i]
    const mapping = place === 'unknown' ? this.procMaps.at(pid, memories, address) : place
    if (mapping === undefined) return this.compiled(pid, memories[0] as number, address) ?? UNKNOWN
    return this.objects.name(pid, mapping, address) ?? fileName(this.objects.path(pid, mapping))
  }

  /** Name of code that a JIT compiler generated. */
  private compiled(pid: number, memory: number, address: number): string | undefined {
    const known = this.perfMaps.get(memory)
    const map = known ?? new PerfMap(pid, this.reading)
    const before = map.weight
    const name = map.at(address)
    if (known === undefined || map.weight !== before) this.perfMaps.set(memory, map, OBJECT.ownBytes + map.weight)
    return name
  }
}
