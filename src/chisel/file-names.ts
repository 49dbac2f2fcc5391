// Names that calls give to files, for chisels about files.
import type { Values } from './values.js'

/** Fields that newName reads; a chisel includes them in its own. */
export const NAME_FIELDS = {
  type: 'evt.type',
  created: 'evt.is_open_create',
  flags: 'evt.arg.flags',
  name: 'fd.name',
  path: 'fs.path.name',
  source: 'fs.path.source',
  target: 'fs.path.target',
  cwd: 'proc.cwd',
} as const
type NameValues = Values<typeof NAME_FIELDS>

/** Calls that create a name for something that is not a folder. Event types come first so that the kernel records no others. */
export const NAMING =
  'evt.type in (open, openat, openat2, open_by_handle_at) and evt.is_open_create=true or evt.type=bind and fd.type=unix or ' +
  'evt.type in (mknod, mknodat, link, linkat, symlink, symlinkat)'

/** The path at which a call has created a file (not a folder); undefined if it created none, or none with a name. */
export function newName(v: NameValues): string | undefined {
  const { type = '' } = v
  if (type.startsWith('link') || type.startsWith('symlink')) return v.source
  if (type.startsWith('mknod')) return v.path
  if (type === 'bind') return socketPath(v)
  // an O_TMPFILE open has the name of its folder
  return v.created === true && v.flags?.includes('O_TMPFILE') !== true ? (v.path ?? v.name) : undefined
}

/** A socket's path in the file system; abstract sockets have none. */
function socketPath({ name = '', cwd }: NameValues): string | undefined {
  if (name === '' || name.startsWith('@')) return undefined
  return name.startsWith('/') || cwd === undefined ? name : `${cwd}${name}`
}

/** After a folder was renamed: replaces the key prefix `from` by `to`. Calls `moved` with each entry. */
export function moveBelow<T>(entries: Map<string, T>, from: string, to: string, moved?: (entry: T) => void): void {
  for (const [key, entry] of [...entries]) {
    if (!key.startsWith(from)) continue
    entries.delete(key)
    entries.set(to + key.slice(from.length), entry)
    moved?.(entry)
  }
}
