// npm run bench maxcpu [LOAD...]: what `ksys -w FILE --max-cpu 5%` uses in every ten seconds beside loads that would cost more (those of
// cost/loads; default: redis and rdwr, which makes the cheapest calls), and which share of the calls it keeps. The kernel's statistics
// of BPF programs are on, so that the time of the programs is the kernel's count, not that of ksys.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { attach } from './cost/attach.js'
import { installCleanup } from './cost/cleanup.js'
import { LOADS } from './cost/loads/index.js'
import type { Load } from './cost/loads/load.js'
import { disturbances, withStatistics } from './cost/machine.js'
import { type Place, reported } from './cost/measure.js'
import { withLoad } from './cost/measure-load.js'
import { KSYS_MODES } from './cost/tools/ksys.js'
import type { Tool } from './cost/tools/tool.js'
import { programTime, type Usage, usage } from './cost/usage.js'
import { sleep } from './tracer.js'

/** s of a run with the limit, and of one without */
const SECONDS = Number(process.env.SECONDS ?? 60)
const UNLIMITED = 12
/** samples, one about each second, of a window */
const WINDOW = 10

interface Sample {
  /** ms */
  readonly at: number
  readonly usage: Usage
}

/** Shares of all processors in per cent. */
interface Shares {
  readonly own: number
  readonly programs: number
}

function shares(before: Sample, after: Sample): Shares {
  const percent = (ns: number) => ns / 1e4 / (after.at - before.at) / availableParallelism()
  return {
    own: percent(after.usage.cpu - before.usage.cpu),
    programs: percent(programTime(before.usage, after.usage).ns),
  }
}

/** What a mode of ksys uses beside the load: the windows that begin at each sample, and what it printed. */
async function beside({ prepared, folder: parent }: Place, name: string, seconds: number) {
  const folder = mkdtempSync(join(parent, `${name}-`))
  try {
    const running = await attach(KSYS_MODES.find((tool) => tool.name === name) as Tool, folder)
    const samples: Sample[] = []
    let ended = false
    const load = prepared.run({ seconds, wrap: [] }).finally(() => {
      ended = true
    })
    while (!ended) {
      samples.push({ at: performance.now(), usage: usage(running.pid) })
      await Promise.race([sleep(1000), load])
    }
    await running.end('SIGINT', 60_000)
    const windows = samples.slice(WINDOW).map((sample, first) => shares(samples[first] as Sample, sample))
    return { windows, stderr: running.output().stderr }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inAll = ({ own, programs }: Shares) => own + programs

/** The windows that do not overlap, each in all and of what it consists. */
const text = (windows: readonly Shares[]) =>
  windows
    .filter((_, first) => first % WINDOW === 0)
    .map((w) => `${inAll(w).toFixed(1)} (${w.own.toFixed(1)} + ${w.programs.toFixed(1)})`)
    .join(', ')

async function measure(place: Place): Promise<void> {
  console.log(`${place.load.name}: % of all processors in each ten seconds (ksys + its programs in the kernel)`)
  console.log(`  without a limit: ${text((await beside(place, 'write', UNLIMITED)).windows)}`)
  const { windows, stderr } = await beside(place, 'max-cpu', SECONDS)
  const all = windows.map(inAll)
  console.log(`  --max-cpu 5%:    ${text(windows)}`)
  console.log(`  any ten seconds: ${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)}`)
  console.log(`  recorded, as ksys reports: ${(reported(stderr).kept ?? 100).toFixed(1)} % of the calls`)
  const exceeded = /^ksys: (--max-cpu is exceeded.*)$/m.exec(stderr)?.[1]
  if (exceeded !== undefined) console.log(`  ksys reports: ${exceeded}`)
}

function loadOf(name: string): Load {
  const load = LOADS.find((one) => one.name === name)
  if (load === undefined) throw new Error(`there is no load '${name}': ${LOADS.map((one) => one.name).join(', ')}`)
  return load
}

try {
  const names = process.argv.slice(2)
  const loads = (names.length > 0 ? names : ['redis', 'rdwr']).map(loadOf)
  installCleanup()
  for (const disturbance of await disturbances()) console.error(`maxcpu: ${disturbance}: this is measured, too`)
  for (const load of loads) await withStatistics(() => withLoad(load, measure))
} catch (error) {
  console.error(`maxcpu: ${(error as Error).message}`)
  process.exitCode = 2
}
