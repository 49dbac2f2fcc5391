// Constants of calls on memory, and of page faults.
import { ARM64_PROT } from '../constants/mm.js'
import { own } from '../constants/own.js'
import type { FlagTable } from '../types.js'
import { convertBits, NOT_NATIVE } from './convert.js'

const protections: FlagTable = {
  name: 'prot_flags',
  entries: [
    ['PROT_READ', 1],
    ['PROT_WRITE', 2],
    ['PROT_EXEC', 4],
    ['PROT_SEM', 8],
    ['PROT_GROWSDOWN', 16, 16777216],
    ['PROT_GROWSUP', 32, 33554432],
    ['PROT_SAO', 64, NOT_NATIVE],
    ['PROT_NONE', 0],
  ],
}
export const protFlags: FlagTable = { ...protections, arm64: { ...protections, more: own('prot_more', ARM64_PROT) } }

const mmapEntries: FlagTable['entries'] = [
  ['MAP_SHARED', 1],
  ['MAP_PRIVATE', 2],
  ['MAP_FIXED', 4, 16],
  ['MAP_ANONYMOUS', 8, 32],
  ['MAP_32BIT', 16, 64],
  ['MAP_RENAME', 32, NOT_NATIVE],
  ['MAP_NORESERVE', 64, 16384],
  ['MAP_POPULATE', 128, 32768],
  ['MAP_NONBLOCK', 256, 65536],
  ['MAP_GROWSDOWN', 512, 256],
  ['MAP_DENYWRITE', 1024, 2048],
  ['MAP_EXECUTABLE', 2048, 4096],
  ['MAP_INHERIT', 4096, NOT_NATIVE],
  ['MAP_FILE', 8192, NOT_NATIVE],
  ['MAP_LOCKED', 16384, 8192],
]

const arm64Entries = mmapEntries.filter(([name]) => name !== 'MAP_32BIT')

/** Sizes of huge pages: their logarithm is a number in the bits from 26 on, so larger sets of bits come first. */
const hugeSizes = (prefix: string) =>
  '2GB=31 512MB=29 1GB=30 8MB=23 256MB=28 32MB=25 2MB=21 512KB=19 16KB=14 16MB=24 1MB=20 16GB=34 64KB=16'.replace(
    /(\w+)=(\d+)/g,
    (_, size: string, log: string) => `${prefix}${size}=${Number(log) * 2 ** 26}`,
  )

/** The low four bits are a number; its third value, MAP_SHARED_VALIDATE, is a form of MAP_SHARED. */
const mapping = (entries: FlagTable['entries'], more = ''): FlagTable => ({
  name: 'mmap_flags',
  entries,
  fromNative: (value) => convertBits(entries, (value & 15) === 3 ? value & ~2 : value),
  more: own(
    'mmap_more',
    `${more} MAP_SHARED_VALIDATE=3 MAP_DROPPABLE=8 MAP_STACK=0x20000 MAP_HUGETLB=0x40000 MAP_SYNC=0x80000
    MAP_FIXED_NOREPLACE=0x100000 ${hugeSizes('MAP_HUGE_')} MAP_UNINITIALIZED=0x4000000`,
  ),
  mask: 0,
})
export const mmapFlags: FlagTable = { ...mapping(mmapEntries, 'MAP_ABOVE4G=0x80'), arm64: mapping(arm64Entries) }

export const mlockallFlags: FlagTable = {
  name: 'mlockall_flags',
  entries: [
    ['MCL_CURRENT', 1],
    ['MCL_FUTURE', 2],
    ['MCL_ONFAULT', 4],
  ],
}

export const mlock2Flags: FlagTable = {
  name: 'mlock2_flags',
  entries: [['MLOCK_ONFAULT', 1]],
}

export const memfdFlags: FlagTable = {
  name: 'memfd_create_flags',
  entries: [
    ['MFD_CLOEXEC', 1],
    ['MFD_ALLOW_SEALING', 2],
    ['MFD_HUGETLB', 4],
  ],
  more: own('memfd_more', `MFD_NOEXEC_SEAL=8 MFD_EXEC=0x10 ${hugeSizes('MFD_HUGE_')}`),
}

/** x86's error code of a fault: a bit that is not set has the opposite meaning. */
export const pageFaultFlags: FlagTable = {
  name: 'pf_flags',
  entries: [
    ['PROTECTION_VIOLATION', 1],
    ['PAGE_NOT_PRESENT', 2],
    ['WRITE_ACCESS', 4],
    ['READ_ACCESS', 8],
    ['USER_FAULT', 16],
    ['SUPERVISOR_FAULT', 32],
    ['RESERVED_PAGE', 64],
    ['INSTRUCTION_FETCH', 128],
  ],
  fromNative: (code) =>
    ((code & 1) !== 0 ? 1 : 2) |
    ((code & 2) !== 0 ? 4 : 8) |
    ((code & 4) !== 0 ? 16 : 32) |
    ((code & 8) !== 0 ? 64 : 0) |
    ((code & 16) !== 0 ? 128 : 0),
}
