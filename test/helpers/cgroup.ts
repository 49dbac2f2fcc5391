// Cgroups for tests.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'

const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')
/** Where the unified hierarchy is mounted. */
export const unified = / (\/\S+) \S+ .*- cgroup2 /.exec(mountinfo)?.[1] as string

/** The mount of the version 1 hierarchy with this controller; undefined if there is none. */
export const controllerMount = (name: string): string | undefined =>
  new RegExp(` / (/\\S+) \\S+ .*- cgroup \\S+ (?:\\S*,)?${name}(?:,|$)`, 'm').exec(mountinfo)?.[1]

const mounts = new Set(
  [unified, ...['cpuset', 'cpu', 'cpuacct', 'blkio', 'memory'].map(controllerMount)].filter((m) => m !== undefined),
)

/** A cgroup in every relevant hierarchy. */
export class Cgroup {
  constructor(readonly name: string) {
    for (const m of mounts) {
      mkdirSync(`${m}/${name}`)
      // no process can be in a cgroup of this controller before it has these
      for (const file of ['cpuset.cpus', 'cpuset.mems'])
        if (existsSync(`${m}/${file}`) && existsSync(`${m}/${name}/${file}`))
          writeFileSync(`${m}/${name}/${file}`, readFileSync(`${m}/${file}`, 'utf8').trim())
    }
  }
  /** A command that runs another one in it. */
  around(command: readonly string[]): string[] {
    const files = [...mounts].map((m) => `${m}/${this.name}/cgroup.procs`)
    return ['sh', '-c', `for file in ${files.join(' ')}; do echo $$ >$file; done; exec "$@"`, 'sh', ...command]
  }
  enter(pid: number): void {
    for (const m of mounts) writeFileSync(`${m}/${this.name}/cgroup.procs`, String(pid))
  }
  remove(): void {
    for (const m of mounts) if (existsSync(`${m}/${this.name}`)) rmdirSync(`${m}/${this.name}`)
  }
}
