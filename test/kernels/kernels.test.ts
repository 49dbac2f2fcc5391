// ksys on other kernels: each in a guest, which does what steps.ts lists. Every test run takes three kernels and the short
// steps; KSYS_KERNELS=all (`npm run kernels`) takes all kernels, objects of both compilers and all steps, and writes the
// README's table; KSYS_KERNELS='6.12 arm64' takes those whose titles have these words, and writes their rows.
import { cpSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scratchDir } from '../helpers/live.js'
import { addon } from './addons.js'
import { baseArchive, guestArchive } from './initramfs.js'
import { kernel } from './kernel.js'
import { lacking } from './lacking.js'
import { HOST_ARCH, installed } from './packed.js'
import { type Arch, COMPILERS, type Compiler, KERNELS, type Pin } from './pins.js'
import { boot, endGuests } from './qemu.js'
import { type Guest, left, STEPS, type Step } from './steps.js'
import { SURROUNDINGS } from './surroundings.js'
import { Report } from './table.js'

/** `all`, or words of the titles of those to be tried with all steps */
const WANTED = process.env.KSYS_KERNELS
const ALL = WANTED !== undefined
const dir = scratchDir('kernels')
afterAll(endGuests)

interface Run {
  pin: Pin
  /** undefined: the addon that is packed */
  compiler: Compiler | undefined
  steps: readonly Step[]
  cpus: number
}

const title = (r: Pick<Run, 'pin' | 'compiler'>) =>
  `Linux ${r.pin.series}, ${r.pin.arch}${r.compiler ? `, ${r.compiler}` : ''}`
const OF_HOST = KERNELS.filter((pin) => pin.arch === HOST_ARCH)
const EACH = KERNELS.flatMap((pin) =>
  (Object.keys(COMPILERS) as Compiler[]).map((compiler): Run => ({ pin, compiler, steps: STEPS, cpus: 1 })),
)
/** They change the guest for good, whatever its kernel and the compiler: one guest does. */
const OTHERWISE = OF_HOST.slice(-1).map((pin): Run => ({ pin, compiler: undefined, steps: SURROUNDINGS, cpus: 2 }))
const RUNS: readonly Run[] = ALL
  ? [...EACH, ...OTHERWISE].filter((r) => WANTED === 'all' || WANTED.split(' ').every((w) => title(r).includes(w)))
  : OF_HOST.map((pin) => ({ pin, compiler: undefined, steps: STEPS.filter((s) => s.short), cpus: 1 }))

/** A folder that keeps what the steps left */
const KEEP = process.env.KSYS_KERNELS_KEEP

/** A guest has so long for all its steps in software, on a machine that does other things too. */
const SECONDS = ALL ? 900 : 480

/** Guests at once: one for each CPU. */
const AT_ONCE = availableParallelism()
const free: (() => void)[] = []
let busy = 0
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= AT_ONCE) await new Promise<void>((go) => free.push(go))
  else busy++
  try {
    return await work()
  } finally {
    const next = free.shift()
    if (next) next()
    else busy--
  }
}

/** Makes something once, when it is first asked for. */
function once<K, T>(make: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const made = new Map<K, Promise<T>>()
  return (key) => {
    const there = made.get(key) ?? make(key)
    made.set(key, there)
    return there
  }
}

const ksysPackage = once((name: string) => installed(join(dir, name)))
const addons = once((name: string) => addon(...(name.split(' ') as [Compiler, Arch])))
const base = once(async (arch: Arch) => baseArchive(dir, arch, await ksysPackage('ksys')))

async function results(run: Run): Promise<{ guest: Guest; results: string; note: string }> {
  const { pin, compiler, steps, cpus } = run
  const k = await kernel(pin)
  const guest: Guest = { release: k.release, arch: pin.arch, cpus }
  const own = join(dir, `${pin.series}-${pin.arch}-${compiler ?? 'packed'}`)
  const script = steps.map((s) => (s.run ? `step '${s.name}' 120 '${s.run.replaceAll("'", "'\\''")}'\n` : '')).join('')
  const built = compiler === undefined ? undefined : await addons(`${compiler} ${pin.arch}`)
  const archive = await guestArchive(await base(pin.arch), own, script, built)
  const options = { arch: pin.arch, kernel: k.file, archive, cpus, megabytes: 1500, seconds: SECONDS }
  const folder = await inTurn(() => boot(options, own))
  if (KEEP !== undefined) cpSync(folder, join(KEEP, title({ pin, compiler })), { recursive: true })
  return { guest, results: folder, note: k.note }
}

const report = new Report(
  'kernels',
  EACH.map(title),
  ['Linux', 'processor', 'compiler'],
  STEPS.map((s) => s.name),
)
const begun = new Map<Run, ReturnType<typeof results>>()
const cells = (r: Run, release: string) => [
  release,
  r.pin.arch === 'amd64' ? 'x86-64' : r.pin.arch,
  r.compiler?.replace('-', ' ') ?? 'as packed',
]

beforeAll(() => {
  for (const run of RUNS) {
    const reason = lacking(run.pin.arch)
    if (run.compiler) report.begin(title(run), cells(run, run.pin.series), reason)
    if (reason !== undefined) continue
    const done = results(run)
    // each test tells
    done.catch(() => undefined)
    begun.set(run, done)
  }
})
afterAll(() => {
  if (ALL) report.write()
})

for (const run of RUNS) {
  const reason = lacking(run.pin.arch)
  describe.skipIf(reason !== undefined)(title(run) + (reason === undefined ? '' : ` is left out: ${reason}`), () => {
    for (const step of run.steps)
      test(step.name, { timeout: (SECONDS + 300) * RUNS.length * 1000 }, async () => {
        const { guest, results: folder, note } = await (begun.get(run) as ReturnType<typeof results>)
        if (note) console.warn(note)
        if (run.compiler) report.begin(title(run), cells(run, guest.release))
        step.check(left(folder, step.of ?? step.name), guest)
        if (run.compiler) report.pass(title(run), step.name)
      })
  })
}

test.runIf(process.env.CI === 'true')('what the guests need is here', () => {
  expect(RUNS.flatMap((r) => lacking(r.pin.arch) ?? [])).toEqual([])
})
