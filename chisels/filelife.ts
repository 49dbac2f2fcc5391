// Files that were made and deleted while the capture ran: by whom, and how long they lived.
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
  description: 'Shows files that were made and deleted: by whom, and how long they lived.',
  details:
    'A line for each file as it is deleted, by unlink or because another one was renamed to its name. Files that were there ' +
    'before the capture are not shown, nor those that never had a name (O_TMPFILE, memfd). A file that is renamed, with its ' +
    'folder too, keeps its age. AGE ends with the name: what has it open still has it. The call creat does not tell whether it ' +
    'made a file, and counts as none.',
  category: 'I/O',
  fields: FIELDS,
  filter: `evt.failed=false and (${NAMING} or evt.type in (rename, renameat, renameat2, unlink, unlinkat))`,
  hooks(c) {
    /** by container and path */
    const files = new Map<string, File>()
    const out = eventLines(c, COLUMNS)
    let dropped = 0

    const made = (key: string, v: Fields, e: Event) => {
      if (files.size < MOST || files.has(key)) files.set(key, { pid: e.pid, proc: v.proc ?? '<NA>', born: e.time })
      else dropped++
    }
    const gone = (path: string, key: string, v: Fields, e: Event) => {
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
      gone(target, to, v, e)
      if (file !== undefined) {
        files.delete(from)
        files.set(to, file)
      }
      // it may be a folder
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
          if (v.path !== undefined && v.flags?.includes('AT_REMOVEDIR') !== true) gone(v.path, at(v.path), v, e)
        } else {
          const path = newName(v)
          if (path !== undefined) made(at(path), v, e)
        }
      },
      end() {
        if (dropped > 0) c.tell(`${dropped} files were not followed: more than ${MOST} new ones existed at a time`)
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

/** New files that are followed at a time. */
const MOST = 200_000
