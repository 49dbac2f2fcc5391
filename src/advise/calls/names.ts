// The names that seccomp profiles use for calls. They are libseccomp's, which are the kernel's; the names of events differ (pread
// is pread64), and those of 32-bit programs, too: a 32-bit call is recorded as the 64-bit call that does the same.

import { COMPAT } from '../../schema/compat.js'
import { CALLS } from '../../schema/events/index.js'
import { unknownCall } from '../../schema/events/unknown.js'
import { SYSCALL_BY_NAME, SYSCALLS } from '../../schema/syscalls.js'
import type { EventDef } from '../../schema/types.js'
import { type Abi, ALL_ABIS, machineOf } from './abi.js'

/** From this number on, calls have the same number on all machines. */
const SAME_FROM = 424

/** The names of an ABI's calls by the number that ksys records them under. Several 32-bit calls may be recorded as one. */
type Names = ReadonlyMap<number, readonly string[]>

function ofNative(column: 1 | 2): Names {
  return new Map(SYSCALLS.flatMap((row) => (row[column] < 0 ? [] : [[row[column], [row[0]]] as const])))
}

/** multiplexer: the call that all calls of `apart` are functions of. */
function ofCompat(arch: 'x64' | 'arm64', multiplexer?: string): Names {
  const { names: table, numbers, apart } = COMPAT[arch]
  const names = new Map<number, string[]>()
  const add = (nr: number | undefined, name: string) => {
    if (nr === undefined || nr < 0) return
    const known = names.get(nr)
    if (known === undefined) names.set(nr, [name])
    else if (!known.includes(name)) known.push(name)
  }
  for (const [name, nr] of table.entries) add(numbers[nr] ?? apart[nr - PRIVATE], name)
  for (const [name, nr] of SYSCALLS) if (nr >= SAME_FROM) add(nr, name)
  if (multiplexer !== undefined) {
    for (const nr of apart) {
      // libseccomp accepts the functions under the names of calls of their own
      const own = SYSCALL_BY_NAME_OF_NUMBER.get(nr)
      if (own !== undefined) add(nr, own)
      add(nr, multiplexer)
    }
  }
  return names
}

/** ARM's private calls begin here. */
const PRIVATE = 0xf0000

const SYSCALL_BY_NAME_OF_NUMBER: ReadonlyMap<number, string> = new Map(
  [...SYSCALL_BY_NAME.values()].map(([name, nr]) => [nr, name]),
)

const BY_ABI: Readonly<Record<Abi, () => Names>> = {
  x86_64: () => ofNative(1),
  x86: () => ofCompat('x64', 'socketcall'),
  aarch64: () => ofNative(2),
  arm: () => ofCompat('arm64'),
}
const made = new Map<Abi, Names>()

function namesBy(abi: Abi): Names {
  const known = made.get(abi) ?? BY_ABI[abi]()
  made.set(abi, known)
  return known
}

/** The names of the call that an event records: one, or the possible ones for 32-bit programs; none for other events and unknown numbers. */
export function namesOf(def: EventDef, abi: Abi): readonly string[] {
  // events of other kinds have no number
  const nr = def.name === unknownCall.name ? undefined : def.nr?.[machineOf(abi).arch]
  return (nr === undefined ? undefined : namesBy(abi).get(nr)) ?? []
}

/** The events that record a call of that name. */
export function eventsNamed(name: string, abi: Abi): readonly EventDef[] {
  return CALLS.filter((def) => namesOf(def, abi).includes(name))
}

let all: ReadonlySet<string> | undefined

/** Whether any ABI has a call of that name. */
export function isCallName(name: string): boolean {
  all ??= new Set(ALL_ABIS.flatMap((abi) => [...namesBy(abi).values()].flat()))
  return all.has(name)
}

/** The names of all calls of an ABI. */
export function allNames(abi: Abi): readonly string[] {
  return [...new Set([...namesBy(abi).values()].flat())].sort()
}
