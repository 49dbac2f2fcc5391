// The listing of events (-L), from the schema.
import { ARCH_NAMES } from '../../schema/arch.js'
import { EVENTS, hasEvent, isOf32Bits, isSyscall } from '../../schema/events/index.js'
import type { Arch, EventDef } from '../../schema/types.js'
import { entry } from '../text/wrap.js'

const ARCHES = Object.keys(ARCH_NAMES) as Arch[]

/** Events that can be shown, sorted by name: exit events of calls, and events that are not calls. only: those of this name. */
function shown(only?: string): EventDef[] {
  const found = EVENTS.filter((d, code): d is EventDef => {
    if (d === undefined || d.name.startsWith('ks_') || (only !== undefined && d.name !== only)) return false
    return (code & 1) === 1 || !isSyscall(code)
  })
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.code - b.code))
}

const machines = (d: EventDef): Arch[] => ARCHES.filter((arch) => hasEvent(arch, d))

const of32Bits = (d: EventDef): Arch[] => ARCHES.filter((arch) => isOf32Bits(arch, d))

const named = (arches: readonly Arch[]): string => arches.map((arch) => ARCH_NAMES[arch]).join(', ')

/** Where an event does not exist, or not for all programs; empty if it exists everywhere. */
function missingFrom(d: EventDef): string {
  const without = ARCHES.filter((arch) => !hasEvent(arch, d))
  const narrow = of32Bits(d)
  if (narrow.length + without.length === ARCHES.length && narrow.length > 0)
    return `[32-bit programs of ${named(narrow)}] `
  const parts = [
    ...(without.length > 0 ? [`not on ${named(without)}`] : []),
    ...(narrow.length > 0 ? [`on ${named(narrow)} only 32-bit programs`] : []),
  ]
  return parts.length === 0 ? '' : `[${parts.join('; ')}] `
}

const parameters = (d: EventDef) => d.params.map((p) => `${p.type} ${p.name}`).join(', ')

/** The names of the events that the listing has. */
export function listedEvents(): string[] {
  return shown().map((d) => d.name)
}

/** As text for a terminal: each event with its arguments. only: the event of this name. */
export function listEvents(columns: number, only?: string): string {
  const rows = shown(only).map((d) => entry(d.name, `${missingFrom(d)}(${parameters(d)})`, 20, columns))
  return `${rows.join('\n')}\n`
}

/** For JSON: a value for each event. only: the event of this name. */
export function eventValues(only?: string): object[] {
  return shown(only).map((d) => {
    const params = d.params.map((p) => ({
      name: p.name,
      type: p.type,
      ...(p.flags === undefined
        ? {}
        : { values: [...p.flags.entries, ...(p.flags.more?.entries ?? [])].map(([name]) => name) }),
    }))
    return {
      name: d.name,
      category: d.category,
      syscall: isSyscall(d.code),
      architectures: machines(d).map((arch) => ARCH_NAMES[arch]),
      of32Bits: of32Bits(d).map((arch) => ARCH_NAMES[arch]),
      params,
    }
  })
}
