// The threads that exist when a live capture starts. What the kernel's records and /proc show of a thread is joined when something needs it.
import { areRecords, type ThreadId, type ThreadInfo, type ThreadRecords } from '../model/snapshot.js'
import type { OpenFiles } from './file-records.js'
import type { ProcFacts } from './procfs.js'
import type { Tasks } from './records.js'

export class LiveThreads implements ThreadRecords {
  readonly length: number
  /** index of the first thread with the same list of cgroups, by the list */
  private readonly firstWith = new Map<readonly string[], number>()

  /** facts: by index */
  constructor(
    private readonly tasks: Tasks,
    private readonly files: OpenFiles,
    private readonly facts: readonly ProcFacts[],
  ) {
    this.length = tasks.length
    for (const [i, { cgroups }] of facts.entries()) if (!this.firstWith.has(cgroups)) this.firstWith.set(cgroups, i)
  }

  id(key: ThreadId, index: number): number {
    // the kernel's records show which tables a thread shares with its own process, not with others
    return key === 'fdsOf' || key === 'fsOf' ? -1 : this.tasks.id(key, index)
  }

  sameCgroups(index: number): number {
    return this.firstWith.get((this.facts[index] as ProcFacts).cgroups) ?? index
  }

  listens(index: number): boolean {
    const fds = this.files.of(this.tasks.id('tid', index))
    return areRecords(fds) && fds.listening.length > 0
  }

  hasCommon(): boolean {
    return false
  }

  at(index: number): ThreadInfo {
    const { info, sharesFiles } = this.tasks.at(index)
    const { exe, exepath, args, env, cwd, root, cgroups } = this.facts[index] as ProcFacts
    info.exe = exe
    info.exepath = exepath
    info.args = args
    info.env = env
    info.cwd = cwd
    info.root = root
    info.cgroups = cgroups
    if (info.tid === info.pid || !sharesFiles) info.fds = this.files.of(info.tid)
    return info
  }

  *[Symbol.iterator](): Iterator<ThreadInfo> {
    for (let i = 0; i < this.length; i++) yield this.at(i)
  }
}
