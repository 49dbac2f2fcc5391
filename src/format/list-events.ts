// The listing of events (-L), made from the schema.
import { EVENTS, isSyscall } from '../schema/events/index.js'
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

/** As text for a terminal: each event with its arguments. */
export function listEvents(columns: number): string {
  const rows = shown().map((d) => entry(d.name, `(${parameters(d)})`, 20, columns))
  return `${rows.join('\n')}\n`
}

/** As JSON, an object a line. */
export function listEventsJson(): string {
  return shown()
    .map((d) => {
      const params = d.params.map((p) => ({
        name: p.name,
        type: p.type,
        ...(p.flags === undefined
          ? {}
          : { values: [...p.flags.entries, ...(p.flags.more?.entries ?? [])].map(([name]) => name) }),
      }))
      return `${JSON.stringify({ name: d.name, category: d.category, syscall: isSyscall(d.code), params })}\n`
    })
    .join('')
}
