// The guests of a test run: which there are, and their results. They start before the first test (`early.ts`), and use the
// processors when no other program needs them: most other tests wait more than they compute.
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addon } from '../../src/setup/dist/addon.js'
import { type Arch, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { COMPILERS, type Compiler, SHIPPED_COMPILER } from '../../src/setup/dist/pins.js'
import { root } from '../helpers/ksys.js'
import { CONTAINERS, containerFiles } from './containers.js'
import { baseArchive, guestArchive } from './initramfs.js'
import { kernel } from './kernel.js'
import { has, lacking } from './lacking.js'
import { CPUS, MACHINE, MANY_CPUS, SECONDS as MANY_SECONDS } from './many-cpus.js'
import { installed } from './packed.js'
import { KERNELS, type Pin } from './pins.js'
import { boot } from './qemu.js'
import { ACCELERATOR, MACHINE as COUNTING, REDIS, SECONDS as REDIS_SECONDS, redisFiles } from './redis.js'
import type { Guest, Step } from './step.js'
import { STEPS } from './steps.js'
import { SURROUNDINGS } from './surroundings.js'

/** `all`, or words of the titles of those to be tested with all steps */
const WANTED = process.env.KSYS_KERNELS
export const ALL = WANTED !== undefined

/** The time for all steps of a guest in software, and for each of them, if other programs use the processors first. */
export const SECONDS = ALL ? 900 : 1800
/** Next to other tests a guest has the remaining processor time: a step may take nearly as long as all of them. */
const STEP_SECONDS = ALL ? 120 : 1500

export interface Run {
  readonly pin: Pin
  /** undefined: the addon that is packed */
  readonly compiler: Compiler | undefined
  readonly steps: readonly Step[]
  readonly cpus: number
  /** another machine than QEMU's usual one: what it is, QEMU's options for it, and the seconds that it needs at most */
  readonly machine?: {
    readonly what: string
    readonly options: readonly string[]
    readonly seconds: number
    /** how it is emulated, if not as usual */
    readonly accelerator?: readonly string[]
  }
  /** adds files for its steps to a tree; dir: where they may be built */
  readonly files?: (tree: string, dir: string) => Promise<void>
}

export const title = (r: Pick<Run, 'pin' | 'compiler' | 'machine'>) =>
  `Linux ${r.pin.series}, ${r.pin.arch}${r.compiler ? `, ${r.compiler}` : ''}${r.machine ? `, ${r.machine.what}` : ''}`
const OF_HOST = KERNELS.filter((pin) => pin.arch === HOST_ARCH)
export const EACH = KERNELS.flatMap((pin) =>
  (Object.keys(COMPILERS) as Compiler[]).map((compiler): Run => ({ pin, compiler, steps: STEPS, cpus: 1 })),
)
/** They change the guest permanently, whatever its kernel and the compiler: one guest is enough. */
const OTHERWISE = OF_HOST.slice(-1).map(
  (pin): Run => ({
    pin,
    compiler: undefined,
    steps: SURROUNDINGS,
    cpus: 2,
    machine: { what: 'surroundings', options: ['-m', '1500', '-smp', '2'], seconds: SECONDS },
  }),
)
/** Since 7.2 kernels may omit calls, and only tell how many at most; before that, what is lost is counted exactly. */
const MANY = OF_HOST.filter((pin) => pin.series === '6.12').map(
  (pin): Run => ({
    pin,
    compiler: undefined,
    steps: MANY_CPUS,
    cpus: CPUS,
    machine: { what: `${CPUS} processors`, options: MACHINE, seconds: MANY_SECONDS },
  }),
)
const CONTAINED = KERNELS.filter(({ series, arch }) => series === '6.12' && arch === 'arm64').map(
  (pin): Run => ({
    pin,
    compiler: SHIPPED_COMPILER,
    steps: CONTAINERS,
    cpus: 2,
    machine: { what: 'containers', options: ['-m', '1500', '-smp', '2'], seconds: SECONDS },
    files: containerFiles,
  }),
)
const COUNTED = OF_HOST.filter(({ series }) => series !== '6.1' && has('redis-server')).map(
  (pin): Run => ({
    pin,
    compiler: undefined,
    steps: REDIS,
    cpus: 1,
    machine: { what: 'redis', options: COUNTING, accelerator: ACCELERATOR, seconds: REDIS_SECONDS },
    files: redisFiles,
  }),
)
/** The kernel that has the steps of `once`: that of Debian's stable release. */
const ONCE = '6.12'
const shortSteps = ({ series }: Pin) => STEPS.filter((s) => s.short && (!s.once || series === ONCE))
export const RUNS: readonly Run[] =
  WANTED !== undefined
    ? [...EACH, ...OTHERWISE, ...MANY, ...CONTAINED, ...COUNTED].filter(
        (r) => WANTED === 'all' || WANTED.split(' ').every((w) => title(r).includes(w)),
      )
    : OF_HOST.map((pin) => ({ pin, compiler: undefined, steps: shortSteps(pin), cpus: 1 }))

/** A folder for the results of the steps */
const KEEP = process.env.KSYS_KERNELS_KEEP

/** The results of a guest: the folder of its steps, or the reason why there is none. */
export type Result =
  | { readonly guest: Guest; readonly folder: string; readonly note: string }
  | { readonly failed: string }

/** Starts to pack ksys and to boot all guests; their results are in `dir`. */
export function beginGuests(dir: string): void {
  const ksysPackage = once((name: string) => installed(join(dir, name), !ALL))
  const addons = once((name: string) => {
    const [compiler, arch] = name.split(' ') as [Compiler, Arch]
    return addon(compiler, arch, join(root, '.build/kernels', `${compiler}-${arch}`))
  })
  const base = once(async (arch: Arch) => baseArchive(dir, arch, await ksysPackage('ksys')))

  async function result(run: Run): Promise<Result> {
    const { pin, compiler, steps, cpus, machine, files } = run
    const k = await kernel(pin)
    const own = join(dir, `guest-${RUNS.indexOf(run)}`)
    const words = ({ name, seconds = STEP_SECONDS, run = '' }: Step) =>
      `step '${name}' ${seconds} '${run.replaceAll("'", "'\\''")}'\n`
    const script = steps
      .filter((s) => s.run)
      .map(words)
      .join('')
    const built = compiler === undefined ? undefined : await addons(`${compiler} ${pin.arch}`)
    const archive = await guestArchive(await base(pin.arch), own, script, built, files)
    const guest = { release: k.release, arch: pin.arch, cpus }
    const options = {
      arch: pin.arch,
      kernel: k.file,
      archive,
      machine: machine?.options ?? ['-m', '1500', '-smp', String(cpus)],
      seconds: machine?.seconds ?? SECONDS,
      ...(machine?.accelerator && { accelerator: machine.accelerator }),
      idle: !ALL,
    }
    const folder = await inTurn(() => boot(options, own))
    if (KEEP !== undefined) cpSync(folder, join(KEEP, title(run)), { recursive: true })
    return { guest, folder, note: k.note }
  }

  for (const run of RUNS) {
    if (lacking(run.pin.arch) !== undefined) continue
    result(run)
      .catch((e: unknown): Result => ({ failed: e instanceof Error ? e.message : String(e) }))
      .then((r) => {
        // it exists completely or not at all
        writeFileSync(`${fileOf(dir, run)}.part`, JSON.stringify(r))
        renameSync(`${fileOf(dir, run)}.part`, fileOf(dir, run))
      })
      // the folder is removed when tests are ended early
      .catch(() => undefined)
  }
}

/** Waits for the results of a guest. Rejects with the error. */
export async function resultOf(dir: string, run: Run): Promise<Exclude<Result, { failed: string }>> {
  while (!existsSync(fileOf(dir, run))) await sleep(200)
  const result = JSON.parse(readFileSync(fileOf(dir, run), 'utf8')) as Result
  if ('failed' in result) throw new Error(result.failed)
  return result
}

function fileOf(dir: string, run: Run): string {
  return join(dir, `${RUNS.indexOf(run)}.json`)
}

/** Simultaneous guests: one for each CPU. */
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

/** Creates a value once, when it is first requested. */
function once<K, T>(make: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const made = new Map<K, Promise<T>>()
  return (key) => {
    const there = made.get(key) ?? make(key)
    made.set(key, there)
    return there
  }
}
