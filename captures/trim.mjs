// Makes a recorded capture fit to be shared: trim.mjs FROM TO. Of the processes that existed at the start only those that
// occur in the events stay, without their environment; rows of other processes, the host's name and addresses go.
import { TraceSource, TraceWriter } from '../.build/js/src/trace/index.js'

const [from, to] = process.argv.slice(2)

async function batches(visit) {
  const source = await TraceSource.open(from)
  for (let b = await source.next(); b !== undefined; b = await source.next()) await visit(b, source)
  if (source.damage.length > 0) throw new Error(source.damage[0].what)
  await source.close()
  return source
}

const HIDDEN = 1
const pids = new Set()
let events = 0
await batches((b) => {
  for (let i = 0; i < b.count; i++)
    if ((b.flags[i] & HIDDEN) === 0) {
      pids.add(b.pid[i])
      events++
    }
})
const first = await TraceSource.open(from)
const { threads, users, groups } = await first.snapshot()
const info = { ...first.info, hostname: 'demo', addresses: ['127.0.0.1'], note: undefined }
await first.close()
const writer = await TraceWriter.open(to, info, {
  threads: threads.filter((t) => pids.has(t.pid)).map((t) => ({ ...t, env: [], cgroups: [] })),
  users: users.filter((u) => u.uid === 0),
  groups: groups.filter((g) => g.gid === 0),
})
await batches((b) => {
  const keep = Uint8Array.from({ length: b.count }, (_, i) => (pids.has(b.pid[i]) ? 1 : 0))
  return writer.write(b, keep)
})
await writer.close({ events, lost: 0, late: 0 })
process.stderr.write(`${to}: ${events} events of ${pids.size} processes, ${writer.size} bytes\n`)
