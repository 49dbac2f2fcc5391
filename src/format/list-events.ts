// The listing of events (-L), made from the schema.
import { EVENTS, isGeneric, isSyscall } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'
import { entry } from './wrap.js'

/** Events that can be shown, by name: the ends of calls, and what is not a call. */
function shown(): EventDef[] {
  const found = EVENTS.filter((d, code): d is EventDef => {
    if (d === undefined || d.name.startsWith('ks_')) return false
    return (code & 1) === 1 || !isSyscall(code)
  })
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.code - b.code))
}

const parameters = (d: EventDef) => d.params.map((p) => `${p.type} ${p.name}`).join(', ')

/** As text for a terminal: declared events with their arguments, then the names of the other calls. */
export function listEvents(columns: number): string {
  const all = shown()
  const declared = all.filter((d) => !isGeneric(d.code))
  const others = all.filter((d) => isGeneric(d.code)).map((d) => d.name)
  const rows = declared.map((d) => entry(d.name, `(${parameters(d)})`, 20, columns))
  const rest = entry('', others.join(' '), 4, columns)
  return `Events with arguments of their own:\n\n${rows.join('\n')}\n\nOther system calls, with the kernel's arguments:\n\n${rest}\n`
}

/** As JSON, an object a line. */
export function listEventsJson(): string {
  return shown()
    .map((d) => {
      const params = d.params.map((p) => ({
        name: p.name,
        type: p.type,
        ...(p.flags === undefined ? {} : { values: p.flags.entries.map(([name]) => name) }),
      }))
      return `${JSON.stringify({ name: d.name, category: d.category, syscall: isSyscall(d.code), params })}\n`
    })
    .join('')
}
