// The threads of a packed snapshot. Each is unpacked when something needs it: reading costs what the processes of its events cost.
import type { ThreadId, ThreadInfo, ThreadRecords } from '../model/snapshot.js'
import type { PackedList } from './pack.js'

/** Numbers of a thread in the index, in the order of struct PackedThread (native/trace/thread_index.h). */
const COLUMNS = ['from', 'to', 'tid', 'pid', 'ptid', 'vpid', 'fdsOf', 'fsOf', 'cgroups', 'flags'] as const
const COLUMN = Object.fromEntries(COLUMNS.map((name, i) => [name, i])) as Record<(typeof COLUMNS)[number], number>
const LISTENS = 1
const COMMON = 2

export class PackedThreads implements ThreadRecords {
  readonly length: number

  /** convert: from an unpacked thread */
  constructor(
    private readonly packed: PackedList,
    private readonly convert: (value: unknown) => ThreadInfo,
  ) {
    this.length = packed.rows.length / COLUMNS.length
  }

  id(key: ThreadId, index: number): number {
    return this.cell(index, key)
  }

  sameCgroups(index: number): number {
    return this.cell(index, 'cgroups')
  }

  listens(index: number): boolean {
    return (this.cell(index, 'flags') & LISTENS) !== 0
  }

  hasCommon(index: number): boolean {
    return (this.cell(index, 'flags') & COMMON) !== 0
  }

  at(index: number): ThreadInfo {
    return this.convert(this.packed.unpack(this.cell(index, 'from'), this.cell(index, 'to')))
  }

  *[Symbol.iterator](): Iterator<ThreadInfo> {
    for (let i = 0; i < this.length; i++) yield this.at(i)
  }

  private cell(index: number, name: (typeof COLUMNS)[number]): number {
    return this.packed.rows[index * COLUMNS.length + COLUMN[name]] as number
  }
}
