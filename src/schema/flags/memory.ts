// Constants of calls on memory, and of page faults.
import { constants, derived } from '../constants.js'
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
export const protFlags: FlagTable = { ...protections, arm64: { ...protections, more: constants('prot_more') } }

/** The kernel's own, for calls that libs does not have. */
export const pageProtections = derived(
  'protections',
  () => constants('protections').entries,
  derived('protections_arm64', () => [...constants('protections').entries, ...constants('prot_more').entries]),
)

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

/** of x86 only */
const X86_ONLY = new Set(['MAP_32BIT', 'MAP_ABOVE4G'])
const ofArm64 = (entries: FlagTable['entries']) => entries.filter(([name]) => !X86_ONLY.has(name))
const arm64Entries = ofArm64(mmapEntries)
const arm64More = derived('mmap_more', () => ofArm64(constants('mmap_more').entries))

/** The low four bits are a number; its third value, MAP_SHARED_VALIDATE, is a form of MAP_SHARED. */
const mapping = (entries: FlagTable['entries'], more: FlagTable): FlagTable => ({
  name: 'mmap_flags',
  entries,
  fromNative: (value) => convertBits(entries, (value & 15) === 3 ? value & ~2 : value),
  more,
  mask: 0,
})
export const mmapFlags: FlagTable = {
  ...mapping(mmapEntries, constants('mmap_more')),
  arm64: mapping(arm64Entries, arm64More),
}

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
  more: constants('memfd_more'),
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
