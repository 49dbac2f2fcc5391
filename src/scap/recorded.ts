// Creates the definitions of events as they were recorded, from the table: enter events, and older versions of exit
// events.
import { execveatFlags } from '../schema/flags/files.js'
import type { Category, EventDef, FlagTable, ParamDef, ParamType, PrintFormat, Wire } from '../schema/types.js'
import { PPME } from './libs-codes.js'
import { EARLIER, RECORDED } from './recorded-table.js'

/** Recorded values keep their recorded width. */
const WIDE: Partial<Record<ParamType, Wire>> = {
  int8: 'i8',
  int16: 'i16',
  int32: 'i32',
  int64: 'i64',
  uint8: 'u8',
  uint16: 'u16',
  uint32: 'u32',
  uint64: 'u64',
  errno: 'i64',
  fd: 'i64',
  pid: 'i64',
  syscallid: 'u16',
  sigtype: 'u8',
  reltime: 'u64',
  abstime: 'u64',
  flags8: 'u8',
  flags16: 'u16',
  flags32: 'u32',
  enumflags8: 'u8',
  enumflags16: 'u16',
  enumflags32: 'u32',
  uid: 'u32',
  gid: 'u32',
  mode: 'u32',
  sigset: 'u32',
  bool: 'u32',
}

/** Enter events whose descriptor is not the first parameter. */
const FD_AT: Readonly<Record<number, number>> = { [PPME.SYSCALL_SPLICE_E]: 1 }
/**
 * Enter events whose first parameter is a descriptor that the event does not operate on: a directory, or one to be
 * replaced.
 */
const NOT_AN_FD: ReadonlySet<number> = new Set([
  PPME.SYSCALL_OPENAT_E,
  PPME.SYSCALL_LINKAT_E,
  PPME.SYSCALL_UNLINKAT_E,
  PPME.SYSCALL_SIGNALFD_E,
  PPME.SYSCALL_OPENAT_2_E,
  PPME.SYSCALL_OPENAT2_E,
  PPME.SYSCALL_EXECVEAT_E,
  PPME.SYSCALL_SIGNALFD4_E,
])

function parameter(text: string, tables: ReadonlyMap<string, FlagTable>, dyn: ReadonlyMap<string, readonly string[]>) {
  const [spec = '', dirfd] = text.split('@')
  const [head = '', fmt = 'na', table] = spec.split('/')
  const [name = '', type] = head.split(':') as [string, ParamType]
  const flags = table === undefined ? undefined : tables.get(table)
  const alternatives = table === undefined ? undefined : dyn.get(name)
  const def: ParamDef = {
    name,
    type,
    fmt: fmt as PrintFormat,
    wire: WIDE[type] ?? 'var',
    from: { op: 'special' },
    ...(flags !== undefined && { flags }),
    ...(alternatives !== undefined && type === 'dyn' && { dyn: alternatives }),
    ...(dirfd !== undefined && { dirfd: Number(dirfd) }),
  }
  return def
}

/** Recorded definitions by code: the enter events and old exit events, and earlier forms of current exit events. */
export interface Recorded {
  readonly defs: readonly (EventDef | undefined)[]
  readonly earlier: readonly (EventDef | undefined)[]
}

/** Creates the definitions; the flag tables are those of the current events. */
export function recordedEvents(current: readonly (EventDef | undefined)[]): Recorded {
  const tables = new Map([[execveatFlags.name, execveatFlags]])
  const dyn = new Map<string, readonly string[]>([['res_or_fd', ['fd/dec', 'errno/dec']]])
  for (const def of current)
    for (const p of def?.params ?? []) {
      if (p.flags !== undefined && !tables.has(p.flags.name)) tables.set(p.flags.name, p.flags)
      if (p.dyn !== undefined) dyn.set(p.name, p.dyn)
    }
  const parse = (table: string): EventDef[] => {
    const out: EventDef[] = []
    for (const line of table.trim().split('\n')) {
      const [code, name, category, ...params] = line.split(' ')
      const c = Number(code)
      const list = params.map((p) => parameter(p, tables, dyn))
      const fd = FD_AT[c] ?? (list[0]?.type === 'fd' && (c & 1) === 0 && !NOT_AN_FD.has(c) ? 0 : undefined)
      out[c] = {
        code: c,
        name: name as string,
        category: category as Category,
        params: list,
        ...(fd !== undefined && { fd, fdEffect: 'uses' as const }),
      }
    }
    return out
  }
  return { defs: parse(RECORDED), earlier: parse(EARLIER) }
}
