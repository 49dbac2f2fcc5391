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
    /** by container and path */
    const files = new Map<string, File>()
    const out = eventLines(c, COLUMNS)
    let dropped = 0

    const created = (key: string, v: Fields, e: Event) => {
      if (files.size < MOST || files.has(key)) files.set(key, { pid: e.pid, proc: v.proc ?? '<NA>', born: e.time })
      else dropped++
    }
    const deleted = (path: string, key: string, v: Fields, e: Event) => {
      const file = files.get(key)
      if (file === undefined) return
      files.delete(key)
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
      if (v.flags?.includes('RENAME_EXCHANGE') === true) return exchange(from, to)
      const file = files.get(from)
      if (from === to) return
      deleted(target, to, v, e)
      if (file !== undefined) {
        files.delete(from)
        files.set(to, file)
      }
      // may be a folder
      else moveBelow(files, `${from}/`, `${to}/`)
    }
    const exchange = (from: string, to: string) => {
      const [a, b] = [files.get(from), files.get(to)]
      for (const [key, file] of [
        [from, b],
        [to, a],
      ] as const)
        if (file === undefined) files.delete(key)
        else files.set(key, file)
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
          if (path !== undefined) created(at(path), v, e)
        }
      },
      end() {
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
