// Intended differences from libs 0.20: one rule for each entry of this part of differences.md.
import type { Rule } from './known.js'

const absent = (text: string | undefined): boolean => text === '<NA>'
const among = (...names: string[]) => {
  const set = new Set(names)
  return (text: string | undefined): boolean => text !== undefined && set.has(text)
}
const ofDescriptor = among('fd.num', 'fd.type', 'fd.name', 'fd.is_server')
const ids = among('user.uid', 'group.gid')
const NOBODY = '4294967295'
const typeOf = (d: Parameters<Rule['meant']>[0]): string => d.facts['evt.type'] ?? ''
/** The field of the other side of a connection. */
const OTHER_SIDE = new Map([
  ['fd.lip', 'fd.rip'],
  ['fd.lport', 'fd.rport'],
  ['fd.rip', 'fd.lip'],
  ['fd.rport', 'fd.lport'],
])
/** Names that threads of mix.scap set for themselves. */
const RENAMED = among('bio_close_file', 'bio_aof', 'bio_lazy_free', 'jemalloc_bg_thd')

export const LIBS_RULES: readonly Rule[] = [
  {
    name: 'accept4 by its own name',
    meant: (d) => d.field === 'evt.type' && d.theirs === 'accept' && d.ours === 'accept4',
  },
  {
    name: 'calls without a name, in libs',
    meant: (d) => d.field === 'evt.type' && d.theirs === 'unknown',
  },
  {
    name: 'calls that never return',
    meant: (d) => d.field === 'evt.dir' && d.theirs === '>' && among('exit', 'exit_group')(typeOf(d)),
  },
  {
    name: 'numbers of unknown parents',
    meant: (d) => d.field === 'proc.ppid' && absent(d.theirs) && /^\d+$/.test(d.ours ?? ''),
  },
  {
    name: 'events of nobody',
    meant: (d) => absent(d.ours) && absent(d.facts['proc.pid']),
  },
  {
    name: 'unknown users, in libs',
    meant: (d) => ids(d.field) && d.theirs === NOBODY,
  },
  {
    name: 'programs of older files',
    meant: (d) => d.field === 'proc.exepath' && d.theirs === '' && d.ours?.startsWith('/') === true,
  },
  {
    name: 'threads by their own names',
    meant: (d) => d.field === 'proc.name' && d.theirs === 'redis-server' && RENAMED(d.ours),
  },
  {
    name: 'descriptors of joined records',
    meant: (d) => typeOf(d) === 'mmap' && ofDescriptor(d.field) && absent(d.theirs),
  },
  {
    name: 'socket options, in libs',
    meant: (d) => among('setsockopt', 'getsockopt')(typeOf(d)) && d.field.startsWith('fd.'),
  },
  {
    name: 'directories of calls',
    meant: (d) =>
      (among('unlinkat', 'mkdirat', 'symlinkat')(typeOf(d)) && ofDescriptor(d.field) && absent(d.theirs)) ||
      (typeOf(d) === 'newfstatat' && ofDescriptor(d.field) && among('-1', '')(d.theirs)),
  },
  {
    name: 'paths below a directory',
    meant: (d) =>
      d.field.startsWith('fs.path.') && (d.theirs?.startsWith('<UNKNOWN>') === true || d.ours === `/tmp/${d.theirs}`),
  },
  {
    name: 'names of unknown descriptors',
    meant: (d) =>
      (d.field === 'fd.name' && absent(d.ours) && among('', 'NULL')(d.theirs)) ||
      (d.field === 'evt.buflen' && absent(d.theirs) && absent(d.facts['fd.type'])),
  },
  {
    name: 'sockets whose connect failed',
    meant: (d) =>
      d.field === 'fd.name' &&
      d.facts['fd.type'] === 'unix' &&
      ((typeOf(d) === 'close' && d.ours === '') || (typeOf(d) === 'connect' && d.theirs === 'NULL')),
  },
  {
    name: 'sides of connections',
    meant: (d) => {
      const other = OTHER_SIDE.get(d.field)
      return other !== undefined && d.theirs === d.facts[other]
    },
  },
  {
    name: 'servers, in libs',
    meant: (d) =>
      d.field === 'fd.is_server' && /^ipv[46]$/.test(d.facts['fd.type'] ?? '') && !absent(d.theirs) && !absent(d.ours),
  },
  {
    name: 'calls that cannot fail',
    meant: (d) => d.field === 'evt.res' && d.theirs === 'SUCCESS' && /^gete?[ug]id$/.test(typeOf(d)),
  },
  {
    name: 'the last switch, in libs',
    meant: (d) => d.output === 'container' && d.num === 2961 && absent(d.theirs),
  },
  {
    name: 'a read without its start, in libs',
    meant: (d) => d.output === 'container' && d.num === 1519 && ofDescriptor(d.field),
  },
]
