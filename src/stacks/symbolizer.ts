// Names for the stacks of programs: runs in the thread of symbols (symbol-worker.ts).
import { Keeping } from './keeping.js'
import { KEPT, OBJECT } from './limits.js'
import { ObjectFiles } from './object-files.js'
import { PerfMap } from './perf-map.js'
import { ProcMaps } from './proc-maps.js'
import type { Reading } from './reading.js'
import { fileName, type StackQuestion, textOf, UNKNOWN } from './stack-question.js'

export class Symbolizer {
  private readonly objects: ObjectFiles
  private readonly procMaps: ProcMaps
  /** by the number of the process's memory */
  private readonly perfMaps = new Keeping<number, PerfMap>(KEPT.perfMaps)

  constructor(private readonly reading: Reading) {
    this.objects = new ObjectFiles(reading)
    this.procMaps = new ProcMaps(reading)
  }

  /** The text of a program's stack: names of functions, the outermost first, with semicolons between. */
  text(question: StackQuestion): string {
    return textOf(question, (i) => this.function(question, i))
  }

  /** Name of the function that has address i. */
  private function({ pid, memories, addresses, places }: StackQuestion, i: number): string {
    const address = addresses[i] as number
    const place = places[i]
    const mapping = place === 'unknown' ? this.procMaps.at(pid, memories, address) : place
    if (mapping === undefined) return this.compiled(pid, memories[0] as number, address) ?? UNKNOWN
    return this.objects.name(pid, mapping, address) ?? fileName(this.objects.path(pid, mapping))
  }

  /** Name of what was compiled while the program ran. */
  private compiled(pid: number, memory: number, address: number): string | undefined {
    const known = this.perfMaps.get(memory)
    const map = known ?? new PerfMap(pid, this.reading)
    const before = map.weight
    const name = map.at(address)
    if (known === undefined || map.weight !== before) this.perfMaps.keep(memory, map, OBJECT.ownBytes + map.weight)
    return name
  }
}
