// Files that were created and deleted during the capture: by which processes, and their age.
import {
  defineChisel,
  type Event,
  eventLines,
  moveBelow,
  NAME_FIELDS,
  NAMING,
  newName,
  spanText,
  type Values,
} from '../src/chisel/index.js'

const FIELDS = { ...NAME_FIELDS, proc: 'proc.name', container: 'container.id' } as const
type Fields = Values<typeof FIELDS>

interface File {
  readonly pid: number
  readonly proc: string
  readonly born: number
}

export default defineChisel({
  description: 'Shows files that were created and deleted: by which processes, and how long they existed.',
  details:
    'A line for each file when it is deleted, by unlink or because another file was renamed to its name. Files from before the ' +
    'capture are not shown, nor files that never had a name (O_TMPFILE, memfd). A file retains its age if it or its folder is ' +
    'renamed. AGE ends when the name is removed, even if a process still has the file open. Files created by the call creat ' +
    'are not shown, as its event does not record whether it created one.',
  category: 'I/O',
  fields: FIELDS,
  filter: `evt.failed=false and (${NAMING} or evt.type in (rename, renameat, renameat2, unlink, unlinkat))`,
  hooks(c) {
    const files = new NewFiles()
    const out = eventLines(c, COLUMNS)

    const deleted = (path: string, key: string, v: Fields, e: Event) => {
      const file = files.take(key)
      if (file === undefined) return
      const { proc = '<NA>', container } = v
      const age = e.time - file.born
      if (c.json)
        c.emit({
          time: c.epoch(e.time),
          path,
          age,
          maker: { pid: file.pid, proc: file.proc },
          deleter: { pid: e.pid, proc },
          container,
        })
      else
        out.row([
          c.timeOfDay(e.time),
          spanText(age),
          `${file.proc} ${file.pid}`,
          file.pid === e.pid ? '-' : `${proc} ${e.pid}`,
          path,
        ])
    }
    const renamed = (from: string, to: string, v: Fields, e: Event) => {
      const { target = '' } = v
      if (v.flags?.includes('RENAME_EXCHANGE') === true) return files.exchange(from, to)
      if (from === to) return
      deleted(target, to, v, e)
      files.rename(from, to)
    }
    return {
      start: () => out.titles(),
      event(v, e) {
        const at = (path: string) => `${v.container ?? ''} ${path}`
        const { type = '', source, target } = v
        if (type.startsWith('rename')) {
          if (source !== undefined && target !== undefined) renamed(at(source), at(target), v, e)
        } else if (type.startsWith('unlink')) {
          if (v.path !== undefined && v.flags?.includes('AT_REMOVEDIR') !== true) deleted(v.path, at(v.path), v, e)
        } else {
          const path = newName(v)
          if (path !== undefined) files.add(at(path), { pid: e.pid, proc: v.proc ?? '<NA>', born: e.time })
        }
      },
      end() {
        const { dropped } = files
        if (dropped > 0) c.tell(`${dropped} files were not tracked: more than ${MOST} new files existed at a time`)
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['AGE', 9],
  ['MADE BY', 16],
  ['DELETED BY', 16],
  ['FILE', 0],
] as const

/** Maximum number of new files to track at a time. */
const MOST = 200_000

/** The files created so far, by container and path. */
class NewFiles {
  private readonly files = new Map<string, File>()
  /** number of files that are not tracked because there were too many at a time */
  dropped = 0

  add(key: string, file: File): void {
    if (this.files.size < MOST || this.files.has(key)) this.files.set(key, file)
    else this.dropped++
  }

  /** Removes a file and returns it. */
  take(key: string): File | undefined {
    const file = this.files.get(key)
    this.files.delete(key)
    return file
  }

  rename(from: string, to: string): void {
    const file = this.take(from)
    if (file !== undefined) this.files.set(to, file)
    // may be a folder
    else moveBelow(this.files, `${from}/`, `${to}/`)
  }

  exchange(from: string, to: string): void {
    const [a, b] = [this.take(from), this.take(to)]
    if (b !== undefined) this.files.set(from, b)
    if (a !== undefined) this.files.set(to, a)
  }
}
