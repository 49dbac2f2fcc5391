// Names of files as calls make, and move, them: what chisels about files have in common.
import type { Values } from './fields.js'

/** Fields that newName reads; a chisel about names of files has them among its own. */
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

/** Calls that make names for something that is no folder. Their types stand first: the kernel then records no others. */
export const NAMING =
  'evt.type in (open, openat, openat2, open_by_handle_at) and evt.is_open_create=true or evt.type=bind and fd.type=unix or ' +
  'evt.type in (mknod, mknodat, link, linkat, symlink, symlinkat)'

/** The path that a call has made a file at (folders apart); undefined where it has made none, or none with a name. */
export function newName(v: NameValues): string | undefined {
  const { type = '' } = v
  if (type.startsWith('link') || type.startsWith('symlink')) return v.source
  if (type.startsWith('mknod')) return v.path
  if (type === 'bind') return socketPath(v)
  // a file without a name is called as its folder is
  return v.created === true && v.flags?.includes('O_TMPFILE') !== true ? (v.path ?? v.name) : undefined
}

/** A socket's name in the file system; abstract ones have none there. */
function socketPath({ name = '', cwd }: NameValues): string | undefined {
  if (name === '' || name.startsWith('@')) return undefined
  return name.startsWith('/') || cwd === undefined ? name : `${cwd}${name}`
}

/** Gives entries whose keys begin with `from` keys that begin with `to`: a folder was renamed. `moved` is told of each. */
export function moveBelow<T>(entries: Map<string, T>, from: string, to: string, moved?: (entry: T) => void): void {
  for (const [key, entry] of [...entries]) {
    if (!key.startsWith(from)) continue
    entries.delete(key)
    entries.set(to + key.slice(from.length), entry)
    moved?.(entry)
  }
}
