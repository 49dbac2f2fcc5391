// Cgroups for tests.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'

/** Where the unified hierarchy is mounted, and one whose paths the state knows: on some hosts they are two. */
const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')
export const unified = / (\/\S+) \S+ .*- cgroup2 /.exec(mountinfo)?.[1] as string
const mounts = [...new Set([unified, existsSync('/sys/fs/cgroup/memory') ? '/sys/fs/cgroup/memory' : unified])]

/** A cgroup in every hierarchy that matters. */
export class Cgroup {
  constructor(readonly name: string) {
    for (const m of mounts) mkdirSync(`${m}/${name}`)
  }
  enter(pid: number): void {
    for (const m of mounts) writeFileSync(`${m}/${this.name}/cgroup.procs`, String(pid))
  }
  remove(): void {
    for (const m of mounts) if (existsSync(`${m}/${this.name}`)) rmdirSync(`${m}/${this.name}`)
  }
}
