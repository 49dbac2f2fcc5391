// What /proc alone tells about processes that run already: command line, environment, directories, cgroups.
import { readFileSync, readlinkSync } from 'node:fs'
import { decodeText } from '../model/text.js'
import { fromTop } from './cgroups.js'
import { native } from './native.js'
import type { Spare } from './plan.js'
import { type ProcinfoRecord, strings } from './records.js'

/** What a process was started with and where it is; absent parts (it ended, or may not be read) are empty. */
export interface ProcFacts {
  exe: string
  exepath: string
  args: string[]
  env: string[]
  cwd: string
  root: string
  cgroups: string[]
}

/** Controllers listed with a process, in the order of libs; the kernel calls blkio io. */
const CONTROLLERS = ['cpuset', 'cpu', 'cpuacct', 'io', 'memory'] as const

/** Facts of a process. memory: of `procMemory`; told: what need not be looked for, because /proc would refuse it. */
export function procFacts(pid: number, memory: ProcMemory | undefined, told?: ProcinfoRecord): ProcFacts {
  return {
    exe: memory?.exe ?? '',
    args: memory?.args ?? [],
    exepath: told === undefined ? link(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '') : (told.exepath ?? ''),
    env: told === undefined ? (memory?.env ?? []) : (told.env ?? []),
    ...directories(pid, told),
    cgroups: cgroupsOf(pid),
  }
}

/** The cgroups of a process, "controller=/path" each, whole paths. */
export function cgroupsOf(pid: number): string[] {
  return cgroupList(text(read(`/proc/${pid}/cgroup`)), fromTop)
}

/** What processes themselves could change of what /proc tells: it is read from their memory. */
export interface ProcMemory {
  exe: string
  args: string[]
  env: string[]
}

/** Command lines of processes, and with `env` their environments; spare: what is not to be known. */
export function procMemory(pids: readonly number[], env: boolean, spare?: Spare): Map<number, ProcMemory> {
  const paths = (name: string) => pids.map((pid) => `/proc/${pid}/${name}`)
  // all at once: a process that keeps its readers waiting is waited for once
  const read = native().readProcFiles([...paths('cmdline'), ...(env && !spare?.noEnv ? paths('environ') : [])])
  return new Map(
    pids.map((pid, i) => {
      const [exe = '', ...args] = strings(text(read[i]))
      return [pid, { exe, args: spare?.noArgs ? [] : args, env: strings(text(read[pids.length + i])) }]
    }),
  )
}

/** Working directory and root of a process or thread; told: as of procFacts. */
export function directories(pid: number, told?: ProcinfoRecord): { cwd: string; root: string } {
  if (told !== undefined) return { cwd: told.cwd ?? '', root: told.root ?? '/' }
  return { cwd: link(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, ''), root: link(`/proc/${pid}/root`) || '/' }
}

/**
 * "controller=/path" of every controller, from the lines of /proc/PID/cgroup (both hierarchies), and "unified=/path" where no
 * controller tells the cgroup of the unified hierarchy; `whole` makes paths begin at the top.
 */
export function cgroupList(lines: string, whole = (path: string): string => path): string[] {
  const paths = new Map<string, string>()
  for (const line of lines.split('\n')) {
    const [id, controllers, ...rest] = line.split(':')
    if (controllers === undefined || rest.length === 0) continue
    const path = whole(rest.join(':'))
    if (id === '0' && controllers === '') paths.set('', path)
    for (const c of controllers.split(',')) if (c !== '') paths.set(c === 'blkio' ? 'io' : c, path)
  }
  return [...CONTROLLERS.flatMap((c) => entry(c, paths.get(c) ?? paths.get(''))), ...unifiedAlone(paths)]
}

const entry = (name: string, path: string | undefined): string[] => (path === undefined ? [] : [`${name}=${path}`])

/** The cgroup of the unified hierarchy where no controller tells it. */
function unifiedAlone(paths: ReadonlyMap<string, string>): string[] {
  const path = paths.get('')
  return path === '/' || CONTROLLERS.some((c) => !paths.has(c)) ? [] : entry('unified', path)
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function text(b: Buffer | undefined): string {
  return b === undefined ? '' : decodeText(b, 0, b.length)
}

function link(path: string): string {
  try {
    const b = readlinkSync(path, { encoding: 'buffer' })
    return decodeText(b, 0, b.length)
  } catch {
    return ''
  }
}
