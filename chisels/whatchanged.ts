// Which files were written, created, deleted and renamed, by which program and container.
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

/** What became of a file. */
interface Change {
  readonly container: string
  path: string
  /** the first name that it had, where it was renamed */
  from: string | undefined
  /** programs, in the order in which they came to it */
  readonly programs: Set<string>
  created: boolean
  deleted: boolean
  /** written to, or emptied */
  written: boolean
  bytes: number
}

export default defineChisel({
  description: 'Shows which files were written, created, deleted and renamed, by program and container, at the end.',
  details:
    'A line for each file with what became of it in all: created, written, deleted, renamed (old -> new), or temporary: ' +
    'created and deleted again. Folders, links and nodes count too; devices do not. WRITTEN is in bytes of system calls: what is written through mapped memory or io_uring, and ' +
    'modes and owners, are not seen. A filter restricts it: ksys -c whatchanged container.name=web',
  category: 'I/O',
  fields: FIELDS,
  filter:
    'evt.failed=false and (evt.type in (open, openat, openat2, creat) and evt.is_open_write=true and (evt.arg.flags contains O_TRUNC or ' +
    'not evt.arg.flags exists) or ' +
    'evt.is_io_write=true and fd.type=file and evt.buflen>0 or evt.type in (truncate, ftruncate, fallocate, mkdir, mkdirat, rmdir, ' +
    `rename, renameat, renameat2, unlink, unlinkat) or ${NAMING})`,
  hooks(c) {
    const changes = new Map<string, Change>()
    /** files that were renamed away and deleted ones of which others have the name now */
    const past: Change[] = []
    let dropped = 0

    const of = (path: string, v: Fields): Change | undefined => {
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
        // what only came and went is told once
        if (!before.created) past.push(before)
      }
      const change = of(path, v)
      if (change !== undefined) change.created = true
    }
    const write = (path: string, v: Fields, bytes: number) => {
      const change = of(path, v)
      if (change === undefined) return
      change.written = true
      change.bytes += bytes
    }
    const rename = (source: string, target: string, v: Fields) => {
      if (source === target) return
      const change = of(source, v)
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
      const made = newName(v) ?? (type.startsWith('mkdir') ? v.path : undefined)
      if (made !== undefined) return create(made, v)
      const path = v.path ?? v.name
      // what has no name yet is called as its folder is, an abstract socket as none
      if (path === undefined || isDevice(path) || v.created === true || type === 'bind') return
      if (!DELETES.test(type)) return write(path, v, v.io === true ? (v.bytes ?? 0) : 0)
      const change = of(path, v)
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
        if (dropped > 0) c.tell(`changes of more files than ${MOST} are not shown: ${dropped} calls were left out`)
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

/** Files whose changes are kept. */
const MOST = 200_000
const MOST_PROGRAMS = 16
const DELETES = /^(unlink|unlinkat|rmdir)$/

/** Devices are written to, not changed; what lies in memory are files. */
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
