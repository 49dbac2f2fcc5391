// Makes a recorded capture fit to be shared: trim.mjs FROM TO. It begins with the first program that was started. Of the
// processes that existed then only those of the capture stay, without environment; rows of other processes, the name that
// the kernel's builder gave it, and the names of cgroups go.
import { BATCH_ARENA, batchBytes, EventBatch, ROW, rowEnd } from '../.build/js/src/model/batch.js'
import { Event } from '../.build/js/src/model/event.js'
import { Pipeline } from '../.build/js/src/pipeline.js'
import { CODE } from '../.build/js/src/schema/codes.js'
import { EVENTS, eventsByName, LAYOUTS } from '../.build/js/src/schema/events/index.js'
import { State } from '../.build/js/src/state/state.js'
import { TraceSource, TraceWriter } from '../.build/js/src/trace/index.js'
import { TraceSink } from '../.build/js/src/trace-sink.js'

const COLUMNS = ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu']
const CGROUPS = Buffer.from(['cpuset', 'cpu', 'cpuacct', 'io', 'memory'].map((s) => `${s}=/demo\0`).join(''))
const [from, to] = process.argv.slice(2)
const execve = new Set(eventsByName('execve'))
const uname = new Set(eventsByName('uname'))

let first = Number.POSITIVE_INFINITY
let begin = 0
const pids = new Set()
let events = 0
const whole = await TraceSource.open(from)
for (let b = await whole.next(); b !== undefined; b = await whole.next()) {
  for (let i = 0; i < b.count; i++) {
    if ((b.flags[i] & ROW.HIDDEN) !== 0) continue
    pids.add(b.pid[i])
    if (first === Number.POSITIVE_INFINITY && execve.has(b.type[i]) && b.ret[i] === 0) {
      first = b.num[i]
      begin = b.time[i]
    }
    if (b.num[i] >= first) events++
  }
}
if (whole.damage.length > 0) throw new Error(whole.damage[0].what)
await whole.close()

const source = await TraceSource.open(from)
const release = source.info.kernel
const kernel = release.replace(/-.*/, '')

/** Whether a row is of the capture's processes, and not of what ksys did before it started the first program. */
const belongs = (b, i) => {
  if (!pids.has(b.pid[i])) return false
  if ((b.flags[i] & ROW.HIDDEN) === 0) return b.num[i] >= first
  return b.type[i] !== CODE.ks_times || b.time[i] >= begin
}

/** A row's arguments with other text in its parameter `cgroups`, and a shorter release of the kernel. */
function neutral(e, b, i) {
  const row = Buffer.from(b.arena.subarray(b.argOff[i], rowEnd(b, i)))
  const named = uname.has(b.type[i]) ? row.indexOf(release) : -1
  if (named >= 0) row.fill(0, named + kernel.length, named + release.length)
  const p = e.paramIndex('cgroups')
  const where = p < 0 ? -1 : e.varAt(p)
  if (where < 0) return row
  const start = where - 2 - b.argOff[i]
  const length = Buffer.alloc(2)
  length.writeUInt16LE(CGROUPS.length)
  return Buffer.concat([row.subarray(0, start), length, CGROUPS, row.subarray(start + 2 + e.varLen(where))])
}

/** The rows of a batch that belong to the capture. */
function trimmed(b) {
  const arenaBytes = b.arenaBytes + BATCH_ARENA
  const out = new EventBatch(new ArrayBuffer(batchBytes(b.capacity, arenaBytes)), b.capacity, arenaBytes)
  const e = new Event(EVENTS, LAYOUTS)
  let at = 0
  for (let i = 0; i < b.count; i++) {
    if (!belongs(b, i)) continue
    e.moveTo(b, i)
    for (const column of COLUMNS) out[column][out.count] = b[column][i]
    const row = neutral(e, b, i)
    out.arena.set(row, at)
    out.argOff[out.count++] = at
    at += row.length
  }
  out.argOff[out.count] = at
  out.native = b.native
  out.arch = b.arch
  return out
}

const { threads, users, groups } = await source.snapshot()
const existing = {
  threads: threads
    .filter((t) => pids.has(t.pid))
    .map((t) => ({ ...t, args: [], env: [], cgroups: [], fds: t.fds?.filter((fd) => fd.num < 3) })),
  users: users.filter((u) => u.uid === 0),
  groups: groups.filter((g) => g.gid === 0),
}
const info = { ...source.info, kernel }
const stats = () => ({ events, lost: 0, late: 0 })
const trimmedSource = {
  info,
  stats,
  next: async () => {
    const b = await source.next()
    return b && trimmed(b)
  },
}
const writer = await TraceWriter.open(to, { info, existing })
const state = new State(info)
const blocks = { show: () => undefined, flush: () => writer.flush() } // as they were recorded
await new Pipeline({
  source: trimmedSource,
  state,
  predicate: undefined,
  sinks: [blocks, new TraceSink(writer, state, trimmedSource, stats)],
}).run(existing)
await source.close()
process.stderr.write(`${to}: ${events} events of ${pids.size} processes, ${writer.size} bytes\n`)
