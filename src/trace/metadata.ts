// Unpacked metadata to the types that the readers use. The data may come from anywhere: what is missing or of a wrong type gets a
// neutral value, what is unknown is left out.

import type { FdInfo, GroupInfo, Snapshot, ThreadInfo, UserInfo, Whole } from '../model/snapshot.js'
import { type ThreadDefaults, unknownThread } from '../model/unknown-thread.js'
import { FD_TYPES } from '../schema/facts.js'
import { type Losses, lossesBy } from '../schema/losses.js'
import { capabilitiesOf, recorderOf } from '../source/capabilities.js'
import type { CaptureInfo } from '../source/source.js'
import { textOf } from './pack.js'

type Raw = Record<string, unknown>
/** What kind of value each key holds, by a neutral value of it. */
type Template<T> = { [K in keyof T]-?: number | bigint | string | boolean | readonly string[] }

const THREAD: Template<ThreadDefaults> = unknownThread()
const THREAD_TIMES = { ranUser: 0, ranSystem: 0, ranAt: 0, ranFirst: 0, ranSpan: 0, lastUser: 0, lastSystem: 0 }
/** Numbers that most threads do not have. */
const MORE = ['fdsOf', 'fsOf', 'fsToldAt', 'announced'] as const satisfies readonly (keyof ThreadInfo)[]
const MARKS = ['argsTruncated', 'envTruncated'] as const satisfies readonly (keyof ThreadInfo)[]
const FD: Template<Pick<FdInfo, 'num' | 'name'>> = { num: -1, name: '' }
const FD_MORE: Template<Omit<FdInfo, 'num' | 'name' | 'type' | 'layer'>> = {
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
const KINDS: ReadonlySet<string> = new Set(FD_TYPES)
/** Keys whose numbers may need all of 64 bits. */
const WHOLE: ReadonlySet<string> = new Set<keyof FdInfo | keyof ThreadInfo>(['ino', 'exeIno'])
const USER: Template<Omit<UserInfo, 'container'>> = { uid: -1, gid: -1, name: '', home: '', shell: '' }
const GROUP: Template<Omit<GroupInfo, 'container'>> = { gid: -1, name: '' }
const INSIDE = { container: '' }
const INFO: Template<Omit<CaptureInfo, 'kind' | 'has' | 'arch' | 'note' | 'spared' | 'trigger'>> = {
  hostname: '',
  kernel: '',
  cpus: 0,
  startSec: 0,
  startNsec: 0,
  startBoot: 0,
  addresses: [],
}

/** The capture's description as a trace keeps it: what it has goes with who recorded it, ksys where nobody is named. */
export function packInfo({ has, ...info }: CaptureInfo): unknown {
  return has.recorder === 'ksys' ? info : { ...info, origin: has.recorder }
}

/** The capture's description, as unpacked. */
export function infoOf(value: unknown): CaptureInfo {
  const raw = object(value)
  const note = textOf(raw.note)
  return {
    ...(fill(INFO, raw) as Omit<CaptureInfo, 'kind' | 'has' | 'arch' | 'note' | 'spared' | 'trigger'>),
    kind: 'ksys',
    has: capabilitiesOf(recorderOf(raw.origin)),
    arch: raw.arch === 'arm64' ? 'arm64' : 'x64',
    ...(note !== undefined && { note }),
    ...(isNumber(raw.trigger) && { trigger: raw.trigger }),
    ...(raw.spared != null && { spared: like([], raw.spared) as string[] }),
  }
}

/** The recorder's run of which a file is a copy; undefined when it does not say, or not as one is written. */
export function runOf(value: unknown): string | undefined {
  const run = textOf(value)
  return run !== undefined && /^[0-9a-f]{32}$/.test(run) ? run : undefined
}

/** by what was unpacked: some look at a snapshot before it is handed on */
const snapshots = new WeakMap<object, Snapshot>()

/** The processes, users and groups. */
export function snapshotOf(value: unknown): Snapshot {
  const raw = object(value)
  const known = snapshots.get(raw)
  if (known !== undefined) return known
  const made = {
    threads: list(raw.threads).map(threadOf),
    users: list(raw.users).map((u) => account(USER, u) as unknown as UserInfo),
    groups: list(raw.groups).map((g) => account(GROUP, g) as unknown as GroupInfo),
    ...(raw.containers != null && { containers: like([], raw.containers) as string[] }),
  }
  snapshots.set(raw, made)
  return made
}

function account(template: Readonly<Raw>, value: unknown): Raw {
  const raw = object(value)
  return addKnown(fill(template, raw), INSIDE, raw)
}

function threadOf(value: unknown): ThreadInfo {
  const raw = object(value)
  const thread = addKnown(fill(THREAD, raw), THREAD_TIMES, raw) as unknown as ThreadInfo
  if (Array.isArray(raw.fds)) thread.fds = raw.fds.map(fdOf)
  for (const key of MORE) if (isNumber(raw[key])) thread[key] = raw[key]
  for (const key of MARKS) if (raw[key] === true) thread[key] = true
  return thread
}

function fdOf(value: unknown): FdInfo {
  const raw = object(value)
  const fd = addKnown(fill(FD, raw), FD_MORE, raw)
  if (raw.layer === 'upper' || raw.layer === 'lower') fd.layer = raw.layer
  fd.type = typeof raw.type === 'string' && KINDS.has(raw.type) ? raw.type : 'other'
  return fd as unknown as FdInfo
}

function fill(template: Readonly<Raw>, raw: Raw): Raw {
  const made: Raw = {}
  for (const key of Object.keys(template)) made[key] = known(key, template, raw)
  return made
}

/** The same for what may be missing: added to `made` where it is there. */
function addKnown(made: Raw, template: Readonly<Raw>, raw: Raw): Raw {
  for (const key of Object.keys(template)) if (raw[key] != null) made[key] = known(key, template, raw)
  return made
}

function known(key: string, template: Readonly<Raw>, raw: Raw): unknown {
  return WHOLE.has(key) ? whole(raw[key]) : like(template[key], raw[key])
}

/** The value when it is of the neutral value's kind, else a neutral value. */
function like(neutral: unknown, value: unknown): unknown {
  if (typeof neutral === 'bigint') return exact(value) ?? neutral
  if (typeof neutral === 'number') return isNumber(value) ? value : neutral
  if (typeof neutral === 'string') return textOf(value) ?? neutral
  if (typeof neutral === 'boolean') return value === true
  return list(value)
    .map(textOf)
    .filter((s) => s !== undefined)
}

/** A value that may need all of 64 bits. */
function exact(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value >= 0n ? value : undefined
  return isNumber(value) && value >= 0 ? BigInt(value) : undefined
}

/** A number of 64 bits without a sign, 0 for anything else. */
function whole(value: unknown): Whole {
  if (Number.isSafeInteger(value)) return (value as number) >= 0 ? (value as number) : 0
  const big = exact(value) ?? 0n
  return big <= Number.MAX_SAFE_INTEGER ? Number(big) : BigInt.asUintN(64, big)
}

/** Integers: whatever prints or compares them relies on it. */
function isNumber(value: unknown): value is number {
  return Number.isInteger(value)
}
function object(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {}
}
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** What the end block says was lost, came late and was left out; undefined what it does not say. */
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

function byKind(told: Raw): Losses {
  return lossesBy((kind) => (isCount(told[kind]) ? told[kind] : 0))
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}
