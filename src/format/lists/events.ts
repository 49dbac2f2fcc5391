// The listing of events (-L), made from the schema.
import { ARCH_NAMES } from '../../schema/arch.js'
import { EVENTS, hasEvent, isSyscall } from '../../schema/events/index.js'
import { I386_CALLS } from '../../schema/i386.js'
import type { Arch, EventDef } from '../../schema/types.js'
import { entry } from '../text/wrap.js'

const ARCHES = Object.keys(ARCH_NAMES) as Arch[]
const I386 = new Set(I386_CALLS.map(([name]) => name))

/** Events that can be shown, by name: the ends of calls, and what is not a call. */
function shown(): EventDef[] {
  const found = EVENTS.filter((d, code): d is EventDef => {
    if (d === undefined || d.name.startsWith('ks_')) return false
    return (code & 1) === 1 || !isSyscall(code)
  })
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.code - b.code))
}

const machines = (d: EventDef): Arch[] => ARCHES.filter((arch) => hasEvent(arch, d))

/** Where an event is not, for people; nothing when it is everywhere. */
function lacking(d: EventDef): string {
  if (I386.has(d.name)) return `[32-bit programs of ${ARCH_NAMES.x64}] `
  const without = ARCHES.filter((arch) => !hasEvent(arch, d)).map((arch) => ARCH_NAMES[arch])
  return without.length === 0 ? '' : `[not on ${without.join(', ')}] `
}

const parameters = (d: EventDef) => d.params.map((p) => `${p.type} ${p.name}`).join(', ')

/** As text for a terminal: each event with its arguments. */
export function listEvents(columns: number): string {
  const rows = shown().map((d) => entry(d.name, `${lacking(d)}(${parameters(d)})`, 20, columns))
  return `${rows.join('\n')}\n`
}

/** For programs, a value for each event. */
export function eventValues(): object[] {
  return shown().map((d) => {
    const params = d.params.map((p) => ({
      name: p.name,
      type: p.type,
      ...(p.flags === undefined
        ? {}
        : { values: [...p.flags.entries, ...(p.flags.more?.entries ?? [])].map(([name]) => name) }),
    }))
    const architectures = machines(d).map((arch) => ARCH_NAMES[arch])
    return { name: d.name, category: d.category, syscall: isSyscall(d.code), architectures, params }
  })
}
