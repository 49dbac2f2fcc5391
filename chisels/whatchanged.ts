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
    const changes = new Map<string, Change>()
    /** deleted files whose names other files have now */
    const past: Change[] = []
    let dropped = 0

    const entry = (path: string, v: Fields): Change | undefined => {
      const key = `${v.containerId ?? ''} ${path}`
      let change = changes.get(key)
      if (change === undefined) {
        if (changes.size + past.length >= MOST) {
          dropped++
          return undefined
        }
        change = {
          container: v.container ?? '',
          path,
          from: undefined,
          programs: new Set(),
          created: false,
          deleted: false,
          written: false,
          bytes: 0,
        }
        changes.set(key, change)
      }
      if (change.programs.size < MOST_PROGRAMS) change.programs.add(v.proc ?? '<NA>')
      return change
    }
    const create = (path: string, v: Fields) => {
      const key = `${v.containerId ?? ''} ${path}`
      const before = changes.get(key)
      if (before?.deleted === true) {
        changes.delete(key)
        // temporary files are shown once
        if (!before.created) past.push(before)
      }
      const change = entry(path, v)
      if (change !== undefined) change.created = true
    }
    const write = (path: string, v: Fields, bytes: number) => {
      const change = entry(path, v)
      if (change === undefined) return
      change.written = true
      change.bytes += bytes
    }
    const rename = (source: string, target: string, v: Fields) => {
      if (source === target) return
      const change = entry(source, v)
      if (change === undefined) return
      const id = v.containerId ?? ''
      const replaced = changes.get(`${id} ${target}`)
      changes.delete(`${id} ${source}`)
      change.from ??= source
      change.path = target
      changes.set(`${id} ${target}`, change)
      moveBelow(changes, `${id} ${source}/`, `${id} ${target}/`, (below) => {
        below.path = target + below.path.slice(source.length)
      })
      if (replaced !== undefined) for (const p of replaced.programs) change.programs.add(p)
    }
    const exchange = (source: string, target: string, v: Fields) => {
      write(source, v, 0)
      write(target, v, 0)
    }
    const renamed = (v: Fields) => {
      const { source, target } = v
      if (source === undefined || target === undefined) return
      if (v.flags?.includes('RENAME_EXCHANGE') === true) exchange(source, target, v)
      else rename(source, target, v)
    }
    const see = (v: Fields) => {
      const { type = '' } = v
      if (type.startsWith('rename')) return renamed(v)
      const created = newName(v) ?? (type.startsWith('mkdir') ? v.path : undefined)
      if (created !== undefined) return create(created, v)
      const path = v.path ?? v.name
      // a file without a name has that of its folder; an abstract socket has none
      if (path === undefined || isDevice(path) || v.created === true || type === 'bind') return
      if (!DELETES.test(type)) return write(path, v, v.io === true ? (v.bytes ?? 0) : 0)
      const change = entry(path, v)
      if (change !== undefined) change.deleted = true
    }
    const shown = () => [...past, ...changes.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    return {
      event: see,
      end() {
        const all = shown()
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
        if (dropped > 0) c.tell(`changes of more than ${MOST} files are not shown: ${dropped} calls were skipped`)
      },
    }
  },
})

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
