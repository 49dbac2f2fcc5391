// Removes from a recorded capture what belongs to the recording machine: trim.mjs FROM TO. The result starts with the first program that
// was started. It contains the processes of the capture only. Those that existed at the start have no arguments, environment and cgroups,
// and only their first three descriptors. Names of cgroups and the local part of the kernel's version are replaced.
import { ROW, rowEnd } from '../.build/js/src/model/batch.js'
import { Event } from '../.build/js/src/model/event.js'
import { CaptureRun } from '../.build/js/src/run/capture-run.js'
import { TraceSink } from '../.build/js/src/run/write/trace-sink.js'
import { CODE } from '../.build/js/src/schema/codes.js'
import { EVENTS, eventsByName, LAYOUTS } from '../.build/js/src/schema/events/index.js'
import { RowPicker } from '../.build/js/src/source/row-picker.js'
import { WrappedSource } from '../.build/js/src/source/wrapped.js'
import { TraceSource, TraceWriter } from '../.build/js/src/trace/index.js'

const CGROUPS = Buffer.from(['cpuset', 'cpu', 'cpuacct', 'io', 'memory'].map((s) => `${s}=/demo\0`).join(''))
const EXECVE = new Set(eventsByName('execve'))
const UNAME = new Set(eventsByName('uname'))

const isHidden = (b, i) => (b.flags[i] & ROW.HIDDEN) !== 0

/** Number and batch time of the first program's start, the processes with events, and the number of events from that start on. */
async function contentsOf(path) {
  const found = { num: Number.POSITIVE_INFINITY, time: 0, pids: new Set(), events: 0 }
  const source = await TraceSource.open(path)
  for (let b = await source.next(); b !== undefined; b = await source.next()) {
    for (let i = 0; i < b.count; i++) {
      if (isHidden(b, i)) continue
      found.pids.add(b.pid[i])
      if (found.events === 0 && EXECVE.has(b.type[i]) && b.ret[i] === 0) {
        found.num = b.num[i]
        found.time = b.time[i]
      }
      if (b.num[i] >= found.num) found.events++
    }
  }
  const [damage] = source.damage
  await source.close()
  if (damage !== undefined) throw new Error(`${path}: ${damage.what}`)
  return found
}

class TrimmedSource extends WrappedSource {
  event = new Event(EVENTS, LAYOUTS)
  picker = new RowPicker()

  constructor(source, contents) {
    super(source, { ...source.info, kernel: source.info.kernel.replace(/-.*/, '') })
    this.contents = contents
  }

  stats() {
    return { events: this.contents.events, lost: 0, late: 0 }
  }

  async snapshot() {
    const { threads, users, groups } = await this.source.snapshot()
    return {
      threads: [...threads]
        .filter((t) => this.contents.pids.has(t.pid))
        .map((t) => ({ ...t, args: [], env: [], cgroups: [], fds: t.fds && [...t.fds].filter((fd) => fd.num < 3) })),
      users: users.filter((u) => u.uid === 0),
      groups: groups.filter((g) => g.gid === 0),
    }
  }

  async next() {
    const b = await this.source.next()
    if (b === undefined) return undefined
    this.picker.start(b)
    for (let i = 0; i < b.count; i++) if (this.belongs(b, i)) this.picker.add(i, this.neutral(b, i))
    return this.picker.build()
  }

  /** Whether a row is of the capture's processes, and not of what ksys did before it started the first program. */
  belongs(b, i) {
    const { num, time, pids } = this.contents
    if (!pids.has(b.pid[i])) return false
    if (!isHidden(b, i)) return b.num[i] >= num
    return b.type[i] !== CODE.ks_times || b.time[i] >= time
  }

  /** The arguments of a row with other cgroups and a shorter version of the kernel; undefined: they are not changed. */
  neutral(b, i) {
    const { event: e } = this
    e.moveTo(b, i)
    const from = b.argOff[i]
    const args = () => Buffer.from(b.arena.subarray(from, rowEnd(b, i)))
    if (UNAME.has(b.type[i])) return this.withoutLocalVersion(args())
    const p = e.paramIndex('cgroups')
    const at = p < 0 ? -1 : e.varAt(p)
    if (at < 0) return undefined
    const length = Buffer.alloc(2)
    length.writeUInt16LE(CGROUPS.length)
    const row = args()
    return Buffer.concat([row.subarray(0, at - 2 - from), length, CGROUPS, row.subarray(at + e.varLen(at) - from)])
  }

  withoutLocalVersion(row) {
    const { kernel } = this.source.info
    const at = row.indexOf(kernel)
    return at < 0 ? row : row.fill(0, at + this.info.kernel.length, at + kernel.length)
  }
}

/** Ends a block of the trace where the recorded one ended. */
class SameBlocks extends TraceSink {
  constructor(writer, run) {
    super(writer, run.states[0], run.source, () => run.source.stats())
    this.file = writer
  }

  async batch(b, keep, from, to) {
    await super.batch(b, keep, from, to)
    if (to === b.count) await this.file.flush()
  }
}

const [from, to] = process.argv.slice(2)
if (to === undefined) throw new Error('usage: trim.mjs FROM TO')
const contents = await contentsOf(from)
const run = new CaptureRun(new TrimmedSource(await TraceSource.open(from), contents))
await run.begin()
const writer = await TraceWriter.open(to, { info: run.info, existing: run.snapshot })
await run.run({ predicate: undefined, sinks: [new SameBlocks(writer, run)] })
await run.source.close()
process.stderr.write(`${to}: ${contents.events} events of ${contents.pids.size} processes, ${writer.size} bytes\n`)
