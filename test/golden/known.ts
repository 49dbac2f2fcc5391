// Intended differences from sysdig 0.36: one rule for each entry of differences.md, as narrow as possible.
import type { Difference } from './judge.js'

/** Outputs that are not compared, with the reason. */
export const SKIPPED: readonly (readonly [output: RegExp, reason: string])[] = [[/\/p_all_fields\./, 'sysdig aborts']]

export interface Rule {
  /** the entry's name in differences.md */
  readonly name: string
  readonly meant: (d: Difference) => boolean
}

const absent = (text: string | undefined): boolean => text === '<NA>' || text === 'null'
const among = (...names: string[]) => {
  const set = new Set(names)
  return (text: string | undefined): boolean => text !== undefined && set.has(text)
}
const isSwitch = (d: Difference): boolean => d.facts['evt.type'] === 'switch'
const isExit = (d: Difference): boolean => d.facts['evt.dir'] === '<'
const fdText = among('fd.name', 'fd.nameraw', 'fd.directory', 'fd.containername', 'fd.containerdirectory')
const memory = /^(?:proc|thread)\.(?:vmsize|vmrss|vmswap)$/
const faults = among('thread.pfmajor', 'thread.pfminor')
const wordsOf = (list = ''): string => list.replace(/[()]/g, '').split(',').sort().join()
const squeezed = (text = ''): string => text.replace(/ +/g, ' ')

/** Threads of mix.scap that set their own name. */
const RENAMED = /\b(?:bio_close_file|bio_aof|bio_lazy_free|jemalloc_bg_thd)\b(?! arg2_int)/g

const sameNames = (text: string | undefined): string | undefined => text?.replace(RENAMED, 'redis-server')

const THEIRS: readonly Rule[] = [
  {
    name: 'renamed threads',
    meant: (d) => d.theirs !== undefined && sameNames(d.theirs) === sameNames(d.ours),
  },
  {
    name: 'negative spans',
    meant: (d) =>
      (/^evt\.deltatime/.test(d.field) || /\/time_D_upper\./.test(d.output)) &&
      (d.ours?.startsWith('-') === true || d.theirs === '18446744073'),
  },
  {
    name: 'latency of a switch',
    meant: (d) =>
      isSwitch(d) &&
      (/^evt\.latency/.test(d.field) || /\/time_d\./.test(d.output)) &&
      /^[0.]+(?:ns)?$/.test(d.ours ?? ''),
  },
  {
    name: 'unpadded fractions',
    meant: (d) =>
      d.field === 'evt.outputtime' && /\/time_a\./.test(d.output) && d.theirs === d.ours?.replace(/\.0+(?=\d)/, '.'),
  },
  {
    name: 'counted before shown',
    meant: (d) => /\/opt_n100\./.test(d.output) && d.theirs === undefined,
  },
  {
    name: 'two conditions on one call',
    meant: (d) => /\/f_io\./.test(d.output) && d.theirs === undefined,
  },
  {
    name: 'last line of a dump',
    meant: (d) => /\/opt_X\./.test(d.output) && squeezed(sameNames(d.theirs)) === squeezed(sameNames(d.ours)),
  },
  {
    name: 'directories created',
    meant: (d) => d.field === 'evt.is_open_create' && d.theirs === 'true' && d.facts['fd.type'] === 'directory',
  },
  {
    name: 'limits that were only asked for',
    meant: (d) =>
      (d.field === 'proc.fdlimit' && d.theirs === '0') || (d.field === 'proc.fdusage' && d.theirs === '0.0'),
  },
  {
    name: "the parent's start",
    meant: (d) =>
      absent(d.ours) &&
      ((d.field === 'proc.ppid.ts' && d.theirs === '0') ||
        (d.field === 'proc.ppid.duration' && /^\d+$/.test(d.theirs ?? ''))),
  },
  {
    name: 'counters of a new process',
    meant: (d) => (memory.test(d.field) || faults(d.field)) && !absent(d.facts['proc.pid.ts']),
  },
  {
    name: 'memory by thread',
    meant: (d) => memory.test(d.field) && d.facts['thread.ismain'] === 'false',
  },
  {
    name: 'run time',
    meant: (d) => among('thread.exectime', 'thread.totexectime')(d.field) && d.theirs === '0',
  },
  {
    name: 'users before their list',
    meant: (d) => /^(?:user\.(?:name|homedir|shell|loginname)|group\.name)$/.test(d.field) && d.theirs === '<NA>',
  },
  {
    name: 'a read without its start',
    meant: (d) => d.output.startsWith('container/') && d.num === 1519,
  },
  {
    name: 'the last switch',
    meant: (d) =>
      d.output.startsWith('container/') &&
      d.num === 2961 &&
      (d.theirs === undefined ||
        absent(d.theirs.replace(/(?<=<NA>)proc\.\w+$/, '')) ||
        (d.output.includes('/opt_pc.') && d.theirs.includes(' <NA> (<NA>) <NA> '))),
  },
  {
    name: 'containers that began in 1970',
    meant: (d) => d.field === 'container.duration' && absent(d.ours) && Number(d.theirs) > 1.5e18,
  },
  {
    name: 'descriptors closed by exec',
    meant: (d) => d.field === 'proc.fdopencount' && Number(d.theirs) === Number(d.ours) + 1,
  },
  {
    name: 'connect without an address',
    meant: (d) =>
      d.output.startsWith('curl_google/') &&
      (fdText(d.field)
        ? d.ours === '' || d.ours === ':'
        : /^(?:evt\.(?:info|args|arg\[0\]|arg\.fd)|text)$/.test(d.field)
          ? d.theirs?.replace(/<u>4(?=\)|$)|<6>0\.0\.0\.0:0->0\.0\.0\.0:0/, (m) => m.slice(0, 3)) === d.ours
          : d.field === 'fd.name_changed' && d.facts['evt.type'] === 'connect' && d.ours === 'false'),
  },
  {
    name: 'working directories told by exec',
    meant: (d) => d.field === 'proc.cwd' && d.theirs === '' && d.ours?.startsWith('/') === true,
  },
  {
    name: 'calls without a name',
    meant: (d) => d.field === 'evt.arg[0]' && d.theirs === 'unknown' && d.ours === d.facts['evt.type'],
  },
  {
    name: 'names with a line feed',
    meant: (d) => d.field === 'fdlist.names' && d.theirs === `${d.ours}\\n`,
  },
  {
    name: 'failed connects',
    meant: (d) => fdText(d.field) && d.facts['evt.type'] === 'connect' && /^:?NULL$/.test(d.theirs ?? ''),
  },
  {
    name: 'connects in progress',
    meant: (d) =>
      d.field === 'fd.connected' &&
      d.theirs === 'true' &&
      (d.facts['evt.rawres'] === '-115' || (d.output.startsWith('curl_google/') && d.num === 1311)),
  },
  {
    name: 'servers before they are',
    meant: (d) => d.field === 'fd.is_server' && d.theirs === 'true' && d.facts['fd.type'] === 'ipv6',
  },
  {
    name: 'ports of bound sockets',
    meant: (d) =>
      (among('fd.cproto', 'fd.sproto')(d.field) && d.theirs === '') ||
      (d.field === 'fdlist.sports' && d.theirs === '<NA>' && d.facts['evt.type'] === 'poll'),
  },
  {
    name: 'hidden events counted',
    meant: (d) => /\/opt_(?:Sq|summary)\./.test(d.output) && d.field === '> procinfo',
  },
]

const ABSENT: readonly Rule[] = [
  {
    name: 'unknown latency',
    meant: (d) =>
      /^evt\.(?:wait_)?latency/.test(d.field) && isExit(d) && absent(d.ours) && /^0+(?:ns)?$/.test(d.theirs ?? ''),
  },
  {
    name: 'empty buffer',
    meant: (d) => d.field === 'evt.buffer' && absent(d.ours) && 'NULL'.startsWith(d.theirs ?? 'x'),
  },
  {
    name: 'unknown descriptor',
    meant: (d) =>
      isExit(d) &&
      ((fdText(d.field) && absent(d.ours) && among('', '/', ':', ':/')(d.theirs)) ||
        (d.field === 'evt.buflen' && absent(d.theirs) && d.facts['fd.type'] === '<NA>')),
  },
  {
    name: 'unknown user',
    meant: (d) =>
      (/^(?:user\.uid|group\.gid)$/.test(d.field) && d.theirs === '4294967295') ||
      (/^(?:user|group)\./.test(d.field) && absent(d.ours) && d.theirs === '') ||
      (/\/f_user\./.test(d.output) && d.ours === undefined && absent(d.facts['user.uid'])),
  },
]

const NEWER: readonly Rule[] = [
  {
    name: 'socket options',
    meant: (d) =>
      among('setsockopt', 'getsockopt')(d.facts['evt.type']) &&
      (/^fd\.|^evt\.count\.error\./.test(d.field) || (d.field === 'line' && d.theirs === undefined)),
  },
  {
    name: 'directories of newfstatat',
    meant: (d) =>
      d.facts['evt.type'] === 'newfstatat' && among('fd.num', 'fd.uid')(d.field) && d.theirs?.endsWith('-1') === true,
  },
  {
    name: 'order of kinds',
    meant: (d) => d.field === 'fd.types' && wordsOf(d.theirs) === wordsOf(d.ours),
  },
]

const OURS: readonly Rule[] = [
  {
    name: 'the version of JSON',
    meant: (d) => d.field === 'evt.schema' && d.theirs === undefined,
  },
]

export const RULES: readonly Rule[] = [...THEIRS, ...ABSENT, ...NEWER, ...OURS]
