// What a process and its descendants use: processor time, memory, and time of their BPF programs in the kernel.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** All values since the start of the processes, apart from memory. */
export interface Usage {
  /** ns of processor time of all threads */
  cpu: number
  /** MB now */
  rss: number
  pss: number
  /** ns and runs of each BPF program, by its id; they only grow while the kernel's statistics are on */
  programs: ReadonlyMap<string, { ns: number; runs: number }>
}

/** A file of /proc; empty if the process has ended. */
function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The process and all its descendants. */
export function withDescendants(pid: number): number[] {
  const children = names(`/proc/${pid}/task`).flatMap((tid) =>
    text(`/proc/${pid}/task/${tid}/children`).trim().split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(withDescendants)]
}

const cpuOf = (pid: number): number =>
  names(`/proc/${pid}/task`).reduce(
    (sum, tid) => sum + Number(text(`/proc/${pid}/task/${tid}/schedstat`).split(' ')[0] ?? 0),
    0,
  )

const megabytes = (rollup: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024

function programsOf(pid: number): [string, { ns: number; runs: number }][] {
  return names(`/proc/${pid}/fdinfo`).flatMap((fd) => {
    const info = text(`/proc/${pid}/fdinfo/${fd}`)
    const found = /^prog_id:\s*(\d+)\n(?:.*\n)*?run_time_ns:\s*(\d+)\nrun_cnt:\s*(\d+)/m.exec(info)
    return found === null ? [] : [[found[1] as string, { ns: Number(found[2]), runs: Number(found[3]) }]]
  })
}

/** What the process and its descendants have used until now. */
export function usage(pid: number): Usage {
  const pids = withDescendants(pid)
  const rollups = pids.map((one) => text(`/proc/${one}/smaps_rollup`))
  return {
    cpu: pids.reduce((sum, one) => sum + cpuOf(one), 0),
    rss: rollups.reduce((sum, rollup) => sum + megabytes(rollup, 'Rss'), 0),
    pss: rollups.reduce((sum, rollup) => sum + megabytes(rollup, 'Pss'), 0),
    programs: new Map(pids.flatMap(programsOf)),
  }
}

/** ns of all programs between two usages, and the runs of the program that ran most often: it runs for each call. */
export function programTime(before: Usage, after: Usage): { ns: number; calls: number } {
  let ns = 0
  let calls = 0
  for (const [id, now] of after.programs) {
    const then = before.programs.get(id) ?? { ns: 0, runs: 0 }
    ns += now.ns - then.ns
    calls = Math.max(calls, now.runs - then.runs)
  }
  return { ns, calls }
}

/** Whether the process or a descendant has attached something to the kernel's events. */
export function isAttached(pid: number): boolean {
  return withDescendants(pid).some((one) =>
    names(`/proc/${one}/fd`).some((fd) => {
      if (/^link_type:/m.test(text(`/proc/${one}/fdinfo/${fd}`))) return true
      try {
        return readlinkSync(`/proc/${one}/fd/${fd}`) === 'anon_inode:[perf_event]'
      } catch {
        return false
      }
    }),
  )
}
