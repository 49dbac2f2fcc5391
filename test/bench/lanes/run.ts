// One run of `npm run bench lanes`, in a process of its own. Arguments: the addon, how far the rows go ('merge', 'state' or 'file'), lanes,
// calls, the trace to write, captures. Prints { calls, seconds, cpu, main } as JSON, without what was prepared; cpu and main: seconds of
// all threads, and of the main thread.
import { readFileSync } from 'node:fs'
import { CaptureRun } from '../../../src/run/capture-run.js'
import { TraceSink } from '../../../src/run/write/trace-sink.js'
import type { State } from '../../../src/state/state.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { LanesSource } from './source.js'
import { tapeOf } from './tape.js'

const [addon, stage, lanes, calls, path, ...captures] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
]
const tapes = []
for (const capture of captures) tapes.push(await tapeOf(capture))
const source = new LanesSource(addon, Number(lanes), Number(calls), tapes)
const run = new CaptureRun(source)
await run.begin()
const sinks =
  stage === 'file'
    ? [
        new TraceSink(
          await TraceWriter.open(path, { info: source.info, existing: run.snapshot }),
          run.states[0] as State,
          source,
          () => run.stats(),
        ),
      ]
    : []
/** CPU seconds of the main thread so far */
const usedByMain = () => {
  const [run] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
  return Number(run) / 1e9
}
const before = process.cpuUsage()
const mainBefore = usedByMain()
const from = performance.now()
if (stage === 'merge') while ((await source.next()) !== undefined);
else await run.run({ predicate: undefined, sinks })
const seconds = (performance.now() - from) / 1e3
const { user, system } = process.cpuUsage(before)
const { events, late } = source.stats()
if (late > 0) throw new Error(`${late} rows were out of order`)
const main = usedByMain() - mainBefore
await run.close()
process.stdout.write(`${JSON.stringify({ calls: events, seconds, cpu: (user + system) / 1e6, main })}\n`)
