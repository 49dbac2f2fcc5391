// Makes a recorded capture fit to be shared: trim.mjs FROM TO. It begins with the first program that was started. Of the
// processes that existed then only those of the capture stay, without environment; rows of other processes, the host's name
// and addresses, and the names of cgroups go.
import { BATCH_ARENA, batchBytes, EventBatch } from '../.build/js/src/model/batch.js'
import { Event } from '../.build/js/src/model/event.js'
import { EVENTS, eventsByName, LAYOUTS } from '../.build/js/src/schema/events/index.js'
import { TraceSource, TraceWriter } from '../.build/js/src/trace/index.js'

const HIDDEN = 1
const CGROUPS = ['cpuset', 'cpu', 'cpuacct', 'io', 'memory'].map((s) => `${s}=/demo\0`).join('')
const [from, to] = process.argv.slice(2)
const execve = new Set(eventsByName('execve'))

async function batches(visit) {
  const source = await TraceSource.open(from)
  for (let b = await source.next(); b !== undefined; b = await source.next()) await visit(b)
  if (source.damage.length > 0) throw new Error(source.damage[0].what)
  await source.close()
}

/** The batch with other text in the rows' parameter `cgroups`. */
function withoutCgroups(b) {
  const arenaBytes = b.arenaBytes + BATCH_ARENA
  const out = new EventBatch(new ArrayBuffer(batchBytes(b.capacity, arenaBytes)), b.capacity, arenaBytes)
  const e = new Event(EVENTS, LAYOUTS)
  const text = Buffer.from(CGROUPS)
  let at = 0
  for (const column of ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu']) out[column].set(b[column])
  for (let i = 0; i < b.count; i++) {
    e.moveTo(b, i)
    let row = Buffer.from(b.arena.subarray(b.argOff[i], b.argOff[i + 1]))
    const p = e.paramIndex('cgroups')
    const where = p < 0 ? -1 : e.varAt(p)
    if (where >= 0) {
      const start = where - 2 - b.argOff[i]
      const length = Buffer.alloc(2)
      length.writeUInt16LE(text.length)
      row = Buffer.concat([row.subarray(0, start), length, text, row.subarray(start + 2 + e.varLen(where))])
    }
    out.argOff[i] = at
    out.arena.set(row, at)
    at += row.length
  }
  out.argOff[b.count] = at
  out.count = b.count
  out.native = b.native
  return out
}

let first = Number.POSITIVE_INFINITY
const pids = new Set()
let events = 0
await batches((b) => {
  for (let i = 0; i < b.count; i++) {
    if ((b.flags[i] & HIDDEN) !== 0) continue
    pids.add(b.pid[i])
    if (first === Number.POSITIVE_INFINITY && execve.has(b.type[i]) && b.ret[i] === 0) first = b.num[i]
    if (b.num[i] >= first) events++
  }
})
const original = await TraceSource.open(from)
const { threads, users, groups } = await original.snapshot()
const writer = await TraceWriter.open(
  to,
  { ...original.info, hostname: 'demo', kernel: original.info.kernel.replace(/-.*/, ''), addresses: ['127.0.0.1'], note: undefined },
  {
    threads: threads
      .filter((t) => pids.has(t.pid))
      .map((t) => ({ ...t, args: [], env: [], cgroups: [], fds: t.fds?.filter((fd) => fd.num < 3) })),
    users: users.filter((u) => u.uid === 0),
    groups: groups.filter((g) => g.gid === 0),
  },
)
await original.close()
await batches((b) => {
  const keep = Uint8Array.from({ length: b.count }, (_, i) =>
    !pids.has(b.pid[i]) ? 0 : (b.flags[i] & HIDDEN) !== 0 || b.num[i] >= first ? 1 : 0,
  )
  return writer.write(withoutCgroups(b), keep)
})
await writer.close({ events, lost: 0, late: 0 })
process.stderr.write(`${to}: ${events} events of ${pids.size} processes, ${writer.size} bytes\n`)
