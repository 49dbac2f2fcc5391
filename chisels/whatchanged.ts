// Files that were written, created, deleted and renamed, by program and container.
import {
  bytesText,
  columnLines,
  defineChisel,
  moveBelow,
  NAME_FIELDS,
  NAMING,
  newName,
  type Values,
} from '../src/chisel/index.js'

const FIELDS = {
  ...NAME_FIELDS,
  proc: 'proc.name',
  container: 'container.name',
  containerId: 'container.id',
  bytes: 'evt.buflen',
  io: 'evt.is_io_write',
} as const
type Fields = Values<typeof FIELDS>

/** The changes of a file. */
interface Change {
  readonly container: string
  path: string
  /** its first name, if it was renamed */
  from: string | undefined
  /** programs, in the order of their first change */
  readonly programs: Set<string>
  created: boolean
  deleted: boolean
  /** written to or truncated */
  written: boolean
  bytes: number
}

export default defineChisel({
  description: 'Shows at the end which files were written, created, deleted and renamed, by program and container.',
  details:
    'A line for each file with the overall result: created, written, deleted, renamed (old -> new), or temporary (created and ' +
    'deleted again). Folders, links and nodes are included; devices are not. WRITTEN is bytes of system calls: writes through ' +
    'mapped memory or io_uring are not visible, nor are changes of modes and owners. A filter restricts the list: ' +
    'ksys -c whatchanged container.name=web',
  category: 'I/O',
  fields: FIELDS,
  filter:
    'evt.failed=false and (evt.type in (open, openat, openat2, creat) and evt.is_open_write=true and (evt.arg.flags contains O_TRUNC or ' +
    'not evt.arg.flags exists) or ' +
    'evt.is_io_write=true and fd.type=file and evt.buflen>0 or evt.type in (truncate, ftruncate, fallocate, mkdir, mkdirat, rmdir, ' +
    `rename, renameat, renameat2, unlink, unlinkat) or ${NAMING})`,
  hooks(c) {
    const changes = new Changes()
    return {
      event: (v) => changes.event(v),
      end() {
        const all = changes.sorted()
        if (c.json)
          for (const { path, from, container, programs, created, written, deleted, bytes } of all)
            c.emit({
              path,
              from,
              what: whatOf({ created, deleted, from }),
              programs: [...programs],
              container,
              created,
              written,
              deleted,
              bytes,
            })
        else for (const line of columnLines(COLUMNS, all.map(rowOf), c.columns)) c.print(line)
        const { dropped } = changes
        if (dropped > 0) c.tell(`changes of more than ${MOST} files are not shown: ${dropped} calls were skipped`)
      },
    }
  },
})

/** The changes of all files. */
class Changes {
  /** calls that were skipped because there are too many files */
  dropped = 0
  /** by container and path */
  private readonly current = new Map<string, Change>()
  /** deleted files whose names other files have now */
  private readonly past: Change[] = []

  event(v: Fields): void {
    const { type = '' } = v
    if (type.startsWith('rename')) {
      this.renamed(v)
      return
    }
    const created = newName(v) ?? (type.startsWith('mkdir') ? v.path : undefined)
    if (created !== undefined) {
      this.create(created, v)
      return
    }
    const path = v.path ?? v.name
    // a file without a name has that of its folder; an abstract socket has none
    if (path === undefined || isDevice(path) || v.created === true || type === 'bind') return
    if (DELETES.test(type)) this.delete(path, v)
    else this.write(path, v, v.io === true ? (v.bytes ?? 0) : 0)
  }

  sorted(): Change[] {
    return [...this.past, ...this.current.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  }

  private entry(path: string, v: Fields): Change | undefined {
    const key = keyOf(path, v)
    let change = this.current.get(key)
    if (change === undefined) {
      if (this.current.size + this.past.length >= MOST) {
        this.dropped++
        return undefined
      }
      const none = { created: false, deleted: false, written: false, bytes: 0 }
      change = { container: v.container ?? '', path, from: undefined, programs: new Set(), ...none }
      this.current.set(key, change)
    }
    if (change.programs.size < MOST_PROGRAMS) change.programs.add(v.proc ?? '<NA>')
    return change
  }

  private create(path: string, v: Fields): void {
    const key = keyOf(path, v)
    const before = this.current.get(key)
    if (before?.deleted === true) {
      this.current.delete(key)
      // temporary files are shown once
      if (!before.created) this.past.push(before)
    }
    const change = this.entry(path, v)
    if (change !== undefined) change.created = true
  }

  private write(path: string, v: Fields, bytes: number): void {
    const change = this.entry(path, v)
    if (change === undefined) return
    change.written = true
    change.bytes += bytes
  }

  private delete(path: string, v: Fields): void {
    const change = this.entry(path, v)
    if (change !== undefined) change.deleted = true
  }

  private renamed(v: Fields): void {
    const { source, target } = v
    if (source === undefined || target === undefined) return
    if (v.flags?.includes('RENAME_EXCHANGE') === true) {
      this.write(source, v, 0)
      this.write(target, v, 0)
    } else this.rename(source, target, v)
  }

  private rename(source: string, target: string, v: Fields): void {
    if (source === target) return
    const change = this.entry(source, v)
    if (change === undefined) return
    const [from, to] = [keyOf(source, v), keyOf(target, v)]
    const replaced = this.current.get(to)
    this.current.delete(from)
    change.from ??= source
    change.path = target
    this.current.set(to, change)
    moveBelow(this.current, `${from}/`, `${to}/`, (below) => {
      below.path = target + below.path.slice(source.length)
    })
    if (replaced !== undefined) for (const p of replaced.programs) change.programs.add(p)
  }
}

function keyOf(path: string, { containerId = '' }: Fields): string {
  return `${containerId} ${path}`
}

const COLUMNS = [
  ['WHAT', 10],
  ['WRITTEN', 10],
  ['PROGRAM', 16],
  ['CONTAINER', 14],
  ['FILE', 0],
] as const

/** Maximum number of changed files. */
const MOST = 200_000
const MOST_PROGRAMS = 16
const DELETES = /^(unlink|unlinkat|rmdir)$/

/** Writing to a device does not change it. Files in /dev/shm and /dev/mqueue are not devices. */
function isDevice(path: string): boolean {
  return path.startsWith('/dev/') && !path.startsWith('/dev/shm/') && !path.startsWith('/dev/mqueue/')
}

function whatOf(change: Pick<Change, 'created' | 'deleted' | 'from'>): string {
  if (change.deleted) return change.created ? 'temporary' : 'deleted'
  if (change.created) return 'created'
  return change.from === undefined ? 'written' : 'renamed'
}

function rowOf(change: Change): string[] {
  const { path, from, programs, container, bytes } = change
  const file = from === undefined || from === path ? path : `${from} -> ${path}`
  return [whatOf(change), bytes === 0 ? '-' : bytesText(bytes), [...programs].join(','), container, file]
}
