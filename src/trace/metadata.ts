// Converts unpacked metadata to the readers' types. The data is untrusted: missing values and those of a wrong type
// become neutral values, unknown keys are dropped.

import { TCP_LISTEN } from '../model/address.js'
import type { FdInfo, FdRecords, GroupInfo, Snapshot, ThreadInfo, UserInfo, Whole } from '../model/snapshot.js'
import { batchNs } from '../model/time.js'
import { type ThreadDefaults, unknownThread } from '../model/unknown-thread.js'
import { FD_TYPES } from '../schema/facts.js'
import { type Losses, lossesBy } from '../schema/losses.js'
import { capabilitiesOf, recorderOf } from '../source/capabilities.js'
import { type CaptureInfo, UNKNOWN_FILTER } from '../source/source.js'
import { asString, PackedList } from './pack.js'
import { PackedThreads } from './packed-threads.js'

type Raw = Record<string, unknown>
/** A neutral value for each key, which also defines the key's type. */
type Template<T> = { [K in keyof T]-?: number | bigint | string | boolean | readonly string[] }

const THREAD: Template<ThreadDefaults> = unknownThread()
const THREAD_TIMES = { ranUser: 0, ranSystem: 0, ranAt: 0, ranFirst: 0, ranSpan: 0, lastUser: 0, lastSystem: 0 }
/** Numbers that most threads lack. */
const OPTIONAL_NUMBERS = ['fdsOf', 'fsOf', 'fsToldAt', 'announced'] as const satisfies readonly (keyof ThreadInfo)[]
const OPTIONAL_FLAGS = ['argsTruncated', 'envTruncated'] as const satisfies readonly (keyof ThreadInfo)[]
const FD: Template<Pick<FdInfo, 'num' | 'name'>> = { num: -1, name: '' }
const FD_OPTIONAL: Template<Omit<FdInfo, 'num' | 'name' | 'type' | 'layer'>> = {
  nameRaw: '',
  server: false,
  connected: false,
  dev: 0,
  ino: 0,
  flags: 0,
  family: 0,
  sockType: 0,
  proto: 0,
  tcpState: 0,
  localIp: '',
  localPort: 0,
  remoteIp: '',
  remotePort: 0,
  source: '',
  dest: '',
  path: '',
  common: 0,
}
const FD_TYPE_NAMES: ReadonlySet<string> = new Set(FD_TYPES)
/** Keys of numbers that may need 64 bits. */
const UINT64_KEYS: ReadonlySet<string> = new Set<keyof FdInfo | keyof ThreadInfo>(['ino', 'exeIno'])
const USER: Template<Omit<UserInfo, 'container'>> = { uid: -1, gid: -1, name: '', home: '', shell: '' }
const GROUP: Template<Omit<GroupInfo, 'container'>> = { gid: -1, name: '' }
const CONTAINER_KEY = { container: '' }
/** Keys of a description that are optional, or have few values. */
type NotPlain = 'kind' | 'has' | 'arch' | 'note' | 'filters' | 'spared' | 'trigger'

const INFO: Template<Omit<CaptureInfo, NotPlain>> = {
  hostname: '',
  kernel: '',
  cpus: 0,
  startSec: 0,
  startNsec: 0,
  startBoot: 0,
  addresses: [],
}

/** The capture's description as stored in a trace. `has` is stored as its recorder, which is omitted for ksys. */
export function packInfo({ has, ...info }: CaptureInfo): unknown {
  return has.recorder === 'ksys' ? info : { ...info, origin: has.recorder }
}

/** The capture's description, as unpacked. */
export function infoOf(value: unknown): CaptureInfo {
  const raw = object(value)
  const note = asString(raw.note)
  const filters = raw.filters == null ? filtersIn(note) : (coerce([], raw.filters) as string[])
  return {
    ...(fill(INFO, raw) as Omit<CaptureInfo, NotPlain>),
    kind: 'ksys',
    has: capabilitiesOf(recorderOf(raw.origin)),
    arch: raw.arch === 'arm64' ? 'arm64' : 'x64',
    ...(note !== undefined && { note }),
    ...(filters.length > 0 && { filters }),
    ...(isNumber(raw.trigger) && { trigger: batchNs(raw.trigger) }),
    ...(raw.spared != null && { spared: coerce([], raw.spared) as string[] }),
  }
}

/** Before they were stored apart, the last filter was in the note. */
const FILTER_IN_NOTE = /^ksys \S+(?: ui)?, (?:filter: (.*?)|with a filter)(?:, snaplen \d+(?:, no structures)?)?$/s

function filtersIn(note: string | undefined): readonly string[] {
  const found = note === undefined ? null : FILTER_IN_NOTE.exec(note)
  return found === null ? [] : [found[1] ?? UNKNOWN_FILTER]
}

/** Id of the recorder's run that a file is a copy of; undefined if it is missing or malformed. */
export function runOf(value: unknown): string | undefined {
  const run = asString(value)
  return run !== undefined && /^[0-9a-f]{32}$/.test(run) ? run : undefined
}

/** by unpacked value: several callers convert the same snapshot */
const snapshots = new WeakMap<object, Snapshot>()

/** The processes, users, groups and containers. */
export function snapshotOf(value: unknown): Snapshot {
  const raw = object(value)
  const cached = snapshots.get(raw)
  if (cached !== undefined) return cached
  const snapshot = {
    threads:
      raw.threads instanceof PackedList ? new PackedThreads(raw.threads, threadOf) : list(raw.threads).map(threadOf),
    users: list(raw.users).map((u) => account(USER, u) as unknown as UserInfo),
    groups: list(raw.groups).map((g) => account(GROUP, g) as unknown as GroupInfo),
    ...(raw.containers != null && { containers: coerce([], raw.containers) as string[] }),
  }
  snapshots.set(raw, snapshot)
  return snapshot
}

function account(template: Readonly<Raw>, value: unknown): Raw {
  const raw = object(value)
  return addKnown(fill(template, raw), CONTAINER_KEY, raw)
}

function threadOf(value: unknown): ThreadInfo {
  const raw = object(value)
  const thread = addKnown(fill(THREAD, raw), THREAD_TIMES, raw) as unknown as ThreadInfo
  if (Array.isArray(raw.fds)) thread.fds = new UnpackedFds(raw.fds)
  for (const key of OPTIONAL_NUMBERS) if (isNumber(raw[key])) (thread as unknown as Raw)[key] = raw[key]
  for (const key of OPTIONAL_FLAGS) if (raw[key] === true) thread[key] = true
  return thread
}

/** The descriptors of a table, converted when something needs them: most processes do nothing in the events that are read. */
class UnpackedFds implements FdRecords {
  readonly listening: readonly number[]

  constructor(private readonly fds: readonly unknown[]) {
    let ports: number[] | undefined
    for (const fd of fds) {
      const port = portOf(fd)
      if (port === undefined) continue
      ports ??= []
      ports.push(port)
    }
    this.listening = ports ?? NO_PORTS
  }

  *[Symbol.iterator](): Iterator<FdInfo> {
    for (const fd of this.fds) yield fdOf(fd)
  }
}

const NO_PORTS: readonly number[] = []

/** The port on which a socket listens; undefined if it does not. */
function portOf(value: unknown): number | undefined {
  const raw = object(value)
  if (raw.tcpState !== TCP_LISTEN || raw.localPort == null) return undefined
  return coerce(FD_OPTIONAL.localPort, raw.localPort) as number
}

function fdOf(value: unknown): FdInfo {
  const raw = object(value)
  const fd = addKnown(fill(FD, raw), FD_OPTIONAL, raw)
  if (raw.layer === 'upper' || raw.layer === 'lower') fd.layer = raw.layer
  fd.type = typeof raw.type === 'string' && FD_TYPE_NAMES.has(raw.type) ? raw.type : 'other'
  return fd as unknown as FdInfo
}

function fill(template: Readonly<Raw>, raw: Raw): Raw {
  const out: Raw = {}
  for (const key of Object.keys(template)) out[key] = readKey(key, template, raw)
  return out
}

/** Adds the optional keys that are present to `out`. */
function addKnown(out: Raw, template: Readonly<Raw>, raw: Raw): Raw {
  for (const key of Object.keys(template)) if (raw[key] != null) out[key] = readKey(key, template, raw)
  return out
}

function readKey(key: string, template: Readonly<Raw>, raw: Raw): unknown {
  return UINT64_KEYS.has(key) ? uint64(raw[key]) : coerce(template[key], raw[key])
}

/** The value if it has the neutral value's type, else a neutral value. */
function coerce(neutral: unknown, value: unknown): unknown {
  if (typeof neutral === 'bigint') return asBigint(value) ?? neutral
  if (typeof neutral === 'number') return isNumber(value) ? value : neutral
  if (typeof neutral === 'string') return asString(value) ?? neutral
  if (typeof neutral === 'boolean') return value === true
  return list(value)
    .map(asString)
    .filter((s) => s !== undefined)
}

/** A value that may need 64 bits. */
function asBigint(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value >= 0n ? value : undefined
  return isNumber(value) && value >= 0 ? BigInt(value) : undefined
}

/** An unsigned 64-bit number; 0 for anything else. */
function uint64(value: unknown): Whole {
  if (Number.isSafeInteger(value)) return (value as number) >= 0 ? (value as number) : 0
  const big = asBigint(value) ?? 0n
  return big <= Number.MAX_SAFE_INTEGER ? Number(big) : BigInt.asUintN(64, big)
}

/** Integers only: code that prints or compares them relies on it. */
function isNumber(value: unknown): value is number {
  return Number.isInteger(value)
}
function object(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {}
}
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The counts of lost, late and omitted events in the end block; undefined where they are missing. */
export function lossesOf(end: unknown): { lost?: number; late?: number; losses?: Losses; leftOut?: number } {
  const { stats } = object(end)
  const { lost, late, losses, leftOut } = object(stats)
  return {
    ...(isCount(leftOut) && { leftOut }),
    ...(isCount(lost) && { lost }),
    ...(isCount(late) && { late }),
    ...(losses !== undefined && { losses: byKind(object(losses)) }),
  }
}

function byKind(counts: Raw): Losses {
  return lossesBy((kind) => (isCount(counts[kind]) ? counts[kind] : 0))
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}
