// What the processes that runtimes leave beside their containers (conmon, shims, daemons) tell by their command lines: where the
// runtime keeps its files, and of a containerd task that it is one.
import { basename } from 'node:path'

/** A process outside of containers, as its exec or the start of the capture told it. */
export interface Watcher {
  /** what it was called as, or the path of its program */
  readonly exe: string
  readonly args: readonly string[]
  readonly cwd: string
  /** whose it is: what a user's processes say is that user's word */
  readonly uid: number
}

/** What one tells: a folder of that kind, and the cgroup of a task of containerd outside of pods. */
export interface Clue {
  readonly kind: 'docker' | 'storage' | 'containerd'
  readonly path: string
  readonly cgroup?: string
}

/** Programs that are looked at, by the beginning of their names. */
const WATCHERS = /^(conmon|containerd-shim|dockerd)/
const BUNDLE = /^(\/.*)\/(?:overlay|vfs|btrfs|zfs)-containers\/[0-9a-f]{64}\/userdata\/?$/
const TASK = /^(\/.*)\/io\.containerd\.runtime\.v2\.task\/[^/]+\/[^/]+\/?$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/
const LONGEST = 4_096

/** Whether a program of that name may be one. */
export const isWatcher = (exe: string): boolean => WATCHERS.test(basename(exe))

export function clueOf({ exe, args, cwd }: Watcher): Clue | undefined {
  const clue = of(WATCHERS.exec(basename(exe))?.[1] ?? '', args, cwd)
  return clue !== undefined && clue.path.length <= LONGEST && !clue.path.split('/').includes('..') ? clue : undefined
}

function of(program: string, args: readonly string[], cwd: string): Clue | undefined {
  if (program === 'conmon') {
    const path = BUNDLE.exec(option(args, '-b', '--bundle'))?.[1]
    return path === undefined ? undefined : { kind: 'storage', path }
  }
  if (program === 'dockerd') {
    const path = option(args, '--data-root', '-g', '--graph')
    return path.startsWith('/') ? { kind: 'docker', path } : undefined
  }
  if (program === 'containerd-shim') {
    const path = TASK.exec(cwd)?.[1] ?? ''
    const [namespace, id] = [option(args, '-namespace'), option(args, '-id')]
    const named = NAME.test(namespace) && NAME.test(id) && namespace !== 'moby'
    return { kind: 'containerd', path, ...(named ? { cgroup: `/${namespace}/${id}` } : {}) }
  }
  return undefined
}

/** The value of an option in any of its spellings, as the word after it or behind a =; '' without it. */
function option(args: readonly string[], ...names: readonly string[]): string {
  for (const [i, word] of args.entries())
    for (const name of names) {
      if (word === name) return args[i + 1] ?? ''
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1)
    }
  return ''
}
