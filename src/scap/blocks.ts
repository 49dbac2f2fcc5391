// The block types of a .scap file, and their common frame.

/** Block header: type and total length, both u32. The length is repeated at the end of the block. */
export const FRAME_HEAD = 8
export const FRAME_TAIL = 4
export const FRAME = FRAME_HEAD + FRAME_TAIL

export const SECTION_HEADER = 0x0a0d0d0a
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** The only major version so far. */
export const MAJOR_VERSION = 1

/** The contents of a block. */
export const enum Kind {
  Unknown,
  Section,
  Machine,
  Processes,
  Descriptors,
  Interfaces,
  Users,
  Event,
}

/** A block type: its contents, and the fields of its version. */
export interface BlockType {
  readonly kind: Kind
  /** entries start with their length */
  readonly sized?: boolean
  /** process lists: version of the entries, 1 to 9 */
  readonly version?: number
  /** counted: the event header has a parameter count; flagged: flags precede the header */
  readonly counted?: boolean
  readonly flagged?: boolean
}

/** The types that are written: the newest one of each kind. */
export const BLOCK = {
  MACHINE: 0x201,
  PROCESSES: 0x215,
  DESCRIPTORS: 0x218,
  INTERFACES: 0x219,
  USERS: 0x220,
  EVENT: 0x216,
  FLAGGED_EVENT: 0x217,
  LARGE_EVENT: 0x221,
} as const

const TYPES = new Map<number, BlockType>([
  [SECTION_HEADER, { kind: Kind.Section }],
  [BLOCK.MACHINE, { kind: Kind.Machine }],
  [0x203, { kind: Kind.Descriptors }],
  [BLOCK.DESCRIPTORS, { kind: Kind.Descriptors, sized: true }],
  [0x205, { kind: Kind.Interfaces }],
  [BLOCK.INTERFACES, { kind: Kind.Interfaces, sized: true }],
  [0x206, { kind: Kind.Users }],
  [BLOCK.USERS, { kind: Kind.Users, sized: true }],
  [0x204, { kind: Kind.Event }],
  [0x208, { kind: Kind.Event, flagged: true }],
  [BLOCK.EVENT, { kind: Kind.Event, counted: true }],
  [BLOCK.FLAGGED_EVENT, { kind: Kind.Event, counted: true, flagged: true }],
  [BLOCK.LARGE_EVENT, { kind: Kind.Event, counted: true }],
  [0x222, { kind: Kind.Event, counted: true, flagged: true }],
  // types of releases before the first public one
  [0x8000abcd, { kind: Kind.Processes, version: 1 }],
  [0x8001abcd, { kind: Kind.Descriptors }],
  [0x8002abcd, { kind: Kind.Machine }],
  [0x8010abcd, { kind: Kind.Event }],
  [0x8011abcd, { kind: Kind.Interfaces }],
  [0x8012abcd, { kind: Kind.Users }],
  [0x8013abcd, { kind: Kind.Processes, version: 2 }],
  [0x8014abcd, { kind: Kind.Processes, version: 3 }],
])
const PROCESS_LISTS = [0x202, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214, BLOCK.PROCESSES]
PROCESS_LISTS.forEach((type, i) => {
  TYPES.set(type, { kind: Kind.Processes, version: i + 1, sized: i + 1 === 9 })
})

const UNKNOWN: BlockType = { kind: Kind.Unknown }

export function blockType(type: number): BlockType {
  return TYPES.get(type) ?? UNKNOWN
}

/**
 * The types of event blocks, as three numbers each: the type, 1 if the header has a count, and 1 if flags precede it.
 */
export const EVENT_BLOCKS = Uint32Array.from(
  [...TYPES].flatMap(([type, t]) => (t.kind === Kind.Event ? [type, t.counted ? 1 : 0, t.flagged ? 1 : 0] : [])),
)
