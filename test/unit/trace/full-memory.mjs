// full-memory.mjs CAPTURE FILE: keeps the rows of a capture, repeated, in a trace in memory until the system accepts no more of them, writes
// FILE from it, and prints as JSON what happened. A program of its own, because a limit of the size of files is one of the whole process.
import { execFileSync } from 'node:child_process'

const [capture, file] = process.argv.slice(2)
const trace = (name) => import(new URL(`../../../.build/js/src/trace/${name}.js`, import.meta.url).href)
const [{ Output, TraceSource }, { MemoryTrace }, { TraceDump }] = await Promise.all(
  ['index', 'memory-trace', 'trace-dump'].map(trace),
)
const limit = (bytes) => execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])

const source = await TraceSource.open(capture)
const state = await source.snapshot()
const batch = await source.next()
const { count } = batch
const span = batch.time[count - 1] - batch.time[0] + 1
for (let i = 0; i < count; i++) batch.num[i] = i + 1
const stats = () => ({ events: 0, lost: 0, late: 0 })
const memory = MemoryTrace.open(source.info, { bytes: 256 * 1024 }, stats)
memory.keyframe(state)

/** Writes the rows again, as later ones. */
async function write() {
  await memory.write(batch)
  if (memory.keyframeDue) memory.keyframe(state)
  await memory.flush()
  for (let i = 0; i < count; i++) {
    batch.num[i] += count
    batch.time[i] += span
  }
}

for (let i = 0; i < 20; i++) await write()
const last = batch.num[0] - 1
const dump = await TraceDump.start(memory, memory.hold(), await Output.open(file), { info: source.info, stats })
limit(String(memory.end))
let why
while (why === undefined) await write().catch((e) => (why = e.message))
await dump.finish()
await dump.run()
limit('unlimited')

const written = await TraceSource.open(file)
await written.snapshot()
const nums = []
for (let rows = await written.next(); rows !== undefined; rows = await written.next())
  nums.push(...rows.num.subarray(0, rows.count))
console.log(
  JSON.stringify({ why, last, first: nums[0], end: nums.at(-1), rows: nums.length, damage: written.damage.length }),
)
