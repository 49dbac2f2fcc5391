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

/** Facts about a process. files: from procFiles(); procinfo: facts that the kernel's iterator provided, because /proc denies them. */
export function procFacts(pid: number, files: ProcFiles | undefined, procinfo?: ProcinfoRecord): ProcFacts {
  return {
    exe: files?.exe ?? '',
    args: files?.args ?? [],
    exepath: procinfo === undefined ? withoutDeleted(link(`/proc/${pid}/exe`)) : (procinfo.exepath ?? ''),
    env: procinfo === undefined ? (files?.env ?? []) : (procinfo.env ?? []),
    ...directories(pid, procinfo),
    cgroups: files?.cgroups ?? cgroupsOf(pid),
  }
}

/** The cgroups of a process, each as "controller=/path" with the absolute path. */
export function cgroupsOf(pid: number): string[] {
  return cgroupList(text(read(`/proc/${pid}/cgroup`)), fromTop)
}

/** What the files of a process in /proc contain. */
interface ProcFiles {
  exe: string
  args: string[]
  env: string[]
  cgroups: string[]
}

/**
 * Command lines and cgroups of processes, and with `env` their environments; spare: what must not be read. Processes with equal lists
 * share them.
 */
export function procFiles(pids: readonly number[], env: boolean, spare?: Spare): Map<number, ProcFiles> {
  const paths = (name: string) => pids.map((pid) => `/proc/${pid}/${name}`)
  const names = ['cmdline', 'cgroup', ...(env && !spare?.noEnv ? ['environ'] : [])]
  // all in one request, so that the wait for a process that blocks its readers happens only once
  const { bytes, places } = native().readProcFiles(names.flatMap(paths))
  const all = new Uint8Array(bytes)
  const content = (file: number, i: number) => {
    const place = 2 * (file * pids.length + i)
    const from = places[place] as number
    return from < 0 ? '' : decodeText(all, from, from + (places[place + 1] as number))
  }
  const words = sharing(strings)
  const cgroups = sharing((lines) => cgroupList(lines, fromTop))
  const found = new Map<number, ProcFiles>()
  for (const [i, pid] of pids.entries()) {
    const [exe = '', ...args] = strings(content(0, i))
    const shown = spare?.noArgs || args.length === 0 ? NONE : args
    found.set(pid, { exe, args: shown, env: words(content(2, i)), cgroups: cgroups(content(1, i)) })
  }
  native().free(bytes)
  return found
}

const NONE: string[] = []

/** `make`, with one result for equal texts. */
function sharing(make: (text: string) => string[]): (text: string) => string[] {
  const known = new Map<string, string[]>()
  return (text) => {
    let list = known.get(text)
    if (list === undefined) {
      list = make(text)
      known.set(text, list)
    }
    return list
  }
}

/** Working directory and root of a process or thread; procinfo: see procFacts(). */
export function directories(pid: number, procinfo?: ProcinfoRecord): { cwd: string; root: string } {
  if (procinfo !== undefined) return { cwd: procinfo.cwd ?? '', root: procinfo.root ?? '/' }
  return { cwd: withoutDeleted(link(`/proc/${pid}/cwd`)), root: link(`/proc/${pid}/root`) || '/' }
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

/** A path without the mark of the kernel that it no longer exists. */
function withoutDeleted(path: string): string {
  return path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path
}

const DELETED = ' (deleted)'

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
