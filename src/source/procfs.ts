// What only /proc provides about existing processes: command line, environment, directories, cgroups.
import { readFileSync, readlinkSync } from 'node:fs'
import { decodeText } from '../model/text.js'
import { fromTop } from './cgroups.js'
import { native } from './native.js'
import type { Spare } from './plan.js'
import { type ProcinfoRecord, strings } from './records.js'

/** How a process was started and where it runs; unknown parts are empty (it has ended, or must not be read). */
export interface ProcFacts {
  exe: string
  exepath: string
  args: string[]
  env: string[]
  cwd: string
  root: string
  cgroups: string[]
}

/** Controllers listed for a process, in the order of libs; the kernel calls io blkio. */
const CONTROLLERS = ['cpuset', 'cpu', 'cpuacct', 'io', 'memory'] as const

/** Facts about a process. memory: from procMemory(); procinfo: facts that the kernel's iterator provided, because /proc denies them. */
export function procFacts(pid: number, memory: ProcMemory | undefined, procinfo?: ProcinfoRecord): ProcFacts {
  return {
    exe: memory?.exe ?? '',
    args: memory?.args ?? [],
    exepath: procinfo === undefined ? link(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '') : (procinfo.exepath ?? ''),
    env: procinfo === undefined ? (memory?.env ?? []) : (procinfo.env ?? []),
    ...directories(pid, procinfo),
    cgroups: cgroupsOf(pid),
  }
}

/** The cgroups of a process, each as "controller=/path" with the absolute path. */
export function cgroupsOf(pid: number): string[] {
  return cgroupList(text(read(`/proc/${pid}/cgroup`)), fromTop)
}

/** What /proc reads from the memory of a process, which the process itself can change. */
interface ProcMemory {
  exe: string
  args: string[]
  env: string[]
}

/** Command lines of processes, and with `env` their environments; spare: what must not be read. */
export function procMemory(pids: readonly number[], env: boolean, spare?: Spare): Map<number, ProcMemory> {
  const paths = (name: string) => pids.map((pid) => `/proc/${pid}/${name}`)
  // all in one request, so that the wait for a process that blocks its readers happens only once
  const read = native().readProcFiles([...paths('cmdline'), ...(env && !spare?.noEnv ? paths('environ') : [])])
  return new Map(
    pids.map((pid, i) => {
      const [exe = '', ...args] = strings(text(read[i]))
      return [pid, { exe, args: spare?.noArgs ? [] : args, env: strings(text(read[pids.length + i])) }]
    }),
  )
}

/** Working directory and root of a process or thread; procinfo: see procFacts(). */
export function directories(pid: number, procinfo?: ProcinfoRecord): { cwd: string; root: string } {
  if (procinfo !== undefined) return { cwd: procinfo.cwd ?? '', root: procinfo.root ?? '/' }
  return { cwd: link(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, ''), root: link(`/proc/${pid}/root`) || '/' }
}

/**
 * "controller=/path" of each controller, from the lines of /proc/PID/cgroup (both versions), and "unified=/path" if no controller shows
 * the cgroup of the unified hierarchy; `toAbsolute` makes paths absolute.
 */
export function cgroupList(lines: string, toAbsolute = (path: string): string => path): string[] {
  const paths = new Map<string, string>()
  for (const line of lines.split('\n')) {
    const [id, controllers, ...rest] = line.split(':')
    if (controllers === undefined || rest.length === 0) continue
    const path = toAbsolute(rest.join(':'))
    if (id === '0' && controllers === '') paths.set('', path)
    for (const c of controllers.split(',')) if (c !== '') paths.set(c === 'blkio' ? 'io' : c, path)
  }
  return [...CONTROLLERS.flatMap((c) => entry(c, paths.get(c) ?? paths.get(''))), ...unifiedAlone(paths)]
}

const entry = (name: string, path: string | undefined): string[] => (path === undefined ? [] : [`${name}=${path}`])

/** The cgroup of the unified hierarchy, if no controller shows it. */
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
