// Healing: names of calls that were taken out of a working profile at random are found again by repeated runs under it.
// `npm run advise` draws twenty times, `npm test` once. KSYS_FUZZ_SEED repeats a draw, KSYS_ADVISE_DRAWS sets their number.
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runtimeCalls } from '../../src/advise/calls/runtimes.js'
import { SEED } from '../fuzz/damage.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { random } from '../unit/scap/synthesize.js'
import { Capture } from './capture.js'
import { missing, Trial } from './trial.js'
import { WORKLOADS, type Workload } from './workloads.js'

const DRAWS = Number(process.env.KSYS_ADVISE_DRAWS ?? (process.env.KSYS_ADVISE === 'all' ? 20 : 1))
/** number of calls that are taken out */
const REMOVED = 10
/** whatever runc makes in some starts */
const RUNC = runtimeCalls('runc')

interface Profile {
  readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[]
}

describe.skipIf(!privileged())('a profile that lacks calls', () => {
  const dir = scratchDir('advise-heal')
  const w = WORKLOADS.find(({ name }) => name === 'busybox') as Workload
  let trial: Trial
  let file = ''
  let whole: Profile
  /** calls that the programs of the load make */
  let made: string[] = []

  beforeAll(async () => {
    trial = Trial.up({ runtime: 'docker', oci: 'runc', noNewPrivs: false }, dir)
    const trace = await trial.recorded('whole', w, () => trial.run(w, 'recorded'))
    file = trial.profileOf(w, trace).file
    whole = JSON.parse(readFileSync(file, 'utf8')) as Profile
    made = madeBy(trace)
    expect(made.length).toBeGreaterThan(REMOVED)
  }, 300_000)
  afterAll(() => trial?.down())
  afterAll(() => Capture.stopAll())

  /** The recorded calls of the workload's programs without those that runc makes, too: without some of these it waits for ever. */
  function madeBy(trace: string): string[] {
    const { stdout } = ksys(['advise', 'seccomp', `container.name=${trial.called(w)}`, '-r', trace, '-j', '-q'])
    const { calls } = JSON.parse(stdout) as { calls: { name: string; origins?: Record<string, number> }[] }
    return calls
      .filter(({ name, origins }) => origins !== undefined && !('runtime' in origins) && !RUNC.includes(name))
      .map(({ name }) => name)
  }

  function writeWithout(names: readonly string[]): void {
    const syscalls = whole.syscalls
      .map((r) => ({ ...r, names: r.names.filter((name) => !names.includes(name)) }))
      .filter((r) => r.names.length > 0)
    writeFileSync(file, JSON.stringify({ ...whole, syscalls }))
  }

  test.each(Array.from({ length: DRAWS }, (_, i) => SEED + i))(
    'calls taken out at random are found again: KSYS_FUZZ_SEED=%i',
    async (seed) => {
      const removed = drawn(made, seed)
      const found = new Set<string>()
      let rounds = 0
      for (let last = -1; found.size > last; rounds++) {
        last = found.size
        writeWithout(removed.filter((name) => !found.has(name)))
        const trace = await trial.recorded(`${seed}-${rounds}`, w, () => trial.run(w, 'recorded', file))
        for (const m of missing(file, trace)) {
          if (removed.includes(m.name)) found.add(m.name)
          else expect(m, `${seed}: ${removed.join(' ')}`).toMatchObject({ fallback: true })
        }
      }
      console.log(`KSYS_FUZZ_SEED=${seed}: ${removed.join(' ')}: found in ${rounds} runs`)
      expect(
        removed.filter((name) => !found.has(name)),
        `of ${removed.join(' ')}`,
      ).toEqual([])
    },
    300_000,
  )
})

/** Ten of the values, chosen by a seed. */
function drawn(values: readonly string[], seed: number): string[] {
  const dice = random(seed)
  const places = new Map([...values].sort().map((value) => [value, dice()]))
  return [...values]
    .sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
    .slice(0, REMOVED)
    .sort()
}
