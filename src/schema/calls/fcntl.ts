// fcntl's third argument, by command (linux/fcntl.h).
import { caseTable, inputAt, itself, outputAt } from '../cases.js'
import { constants } from '../constants.js'
import { openFlags } from '../flags/open.js'
import { bitsIn, type Names, nameIn } from '../names.js'
import * as s from '../shape.js'
import { signalName } from '../signals.js'
import { flock, ownerEx } from '../structs/files.js'
import type { FlagTable, Row } from '../types.js'

const N = 2
export const F_DUPFD = 0
export const F_DUPFD_CLOEXEC = 1030
const ACCESS = ['O_RDONLY', 'O_WRONLY', 'O_RDWR']
const signed = s.like(s.u64, { kind: 'int32' })

const lease = nameIn(constants('lock_types'))
const status = (table: FlagTable) => {
  const bits = bitsIn(table)
  return (n: number) => [ACCESS[n & 3], bits(n & ~3)].filter((word) => word !== undefined).join('|')
}
/** Caches the last name: a program mostly queries the flags of files that were opened in the same way. */
const cacheLast = (names: Names): Names => {
  let last = Number.NaN
  let name: string | undefined
  return (n) => {
    if (n !== last) name = names(n)
    last = n
    return name
  }
}
const results = (flags: Names): ReadonlyMap<number, Names> =>
  new Map<number, Names>([
    [1, bitsIn(constants('descriptor_flags'))], // F_GETFD
    [3, cacheLast(flags)], // F_GETFL
    [11, signalName], // F_GETSIG
    [1025, lease], // F_GETLEASE
    [1034, bitsIn(constants('seals'))], // F_GET_SEALS
  ])
const RESULTS = { x64: results(status(openFlags)), arm64: results(status(constants('open_flags_arm64'))) }

/** Names the result of a command (the kernel's number). */
export const fcntlResult = (n: number, row: Row) => RESULTS[row.batch.arch].get(row.numberOf('cmd') ?? -1)?.(n)

export const fcntlArguments = caseTable('fcntl_arguments', [
  ['F_DUPFD', F_DUPFD, itself(signed, N)],
  ['F_SETFD', 2, itself(s.bits(constants('descriptor_flags'), s.u64), N)],
  ['F_SETFL', 4, itself(s.bitsByArch(openFlags, s.u64), N)],
  ['F_GETLK', 5, outputAt(flock, N)],
  ['F_SETLK', 6, inputAt(flock, N)],
  ['F_SETLKW', 7, inputAt(flock, N)],
  ['F_SETOWN', 8, itself(signed, N)],
  ['F_SETSIG', 10, itself(s.like(s.u64, { kind: 'signal' }), N)],
  ['F_SETOWN_EX', 15, inputAt(ownerEx, N)],
  ['F_GETOWN_EX', 16, outputAt(ownerEx, N)],
  ['F_GETOWNER_UIDS', 17, outputAt(s.list(s.u32, 2), N)],
  ['F_OFD_GETLK', 36, outputAt(flock, N)],
  ['F_OFD_SETLK', 37, inputAt(flock, N)],
  ['F_OFD_SETLKW', 38, inputAt(flock, N)],
  ['F_SETLEASE', 1024, itself(s.one(constants('lock_types'), s.u64), N)],
  ['F_NOTIFY', 1026, itself(s.bits(constants('notify_mask'), s.u64), N)],
  ['F_DUPFD_CLOEXEC', F_DUPFD_CLOEXEC, itself(signed, N)],
  ['F_SETPIPE_SZ', 1031, itself(signed, N)],
  ['F_ADD_SEALS', 1033, itself(s.bits(constants('seals'), s.u64), N)],
  ['F_GET_RW_HINT', 1035, outputAt(s.one(constants('write_hints'), s.u64), N)],
  ['F_SET_RW_HINT', 1036, inputAt(s.one(constants('write_hints'), s.u64), N)],
  ['F_GET_FILE_RW_HINT', 1037, outputAt(s.one(constants('write_hints'), s.u64), N)],
  ['F_SET_FILE_RW_HINT', 1038, inputAt(s.one(constants('write_hints'), s.u64), N)],
])
