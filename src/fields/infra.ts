// evt.infra.*: events about Docker that an agent of older tools inserted into a capture.
import type { Event } from '../model/event.js'
import { field } from './field.js'

const text = (e: Event, name: string): string | undefined => {
  const p = e.paramIndex(name)
  return p < 0 ? undefined : e.text(p)
}

const isDocker = (e: Event): boolean => e.def.name === 'infra' && text(e, 'source') === 'docker'

/** A field of these events. */
const agentField = (doc: string, get: (e: Event) => string | undefined) =>
  field({
    type: 'string',
    doc,
    absent: { why: 'only files of older agents have such events', ours: true },
    cost: 16,
    make: () => get,
  })

/** The value of `key=value` in the event's scope. */
function scope(e: Event, key: string): string | undefined {
  if (!isDocker(e)) return undefined
  for (const part of (text(e, 'scope') ?? '').split(/[,\s]+/)) {
    const eq = part.indexOf('=')
    if (eq > 0 && part.slice(0, eq) === key) return part.slice(eq + 1)
  }
  return undefined
}

export const fields = {
  'evt.infra.docker.name': agentField('What happened, for an event about Docker.', (e) =>
    isDocker(e) ? text(e, 'name') : undefined,
  ),
  'evt.infra.docker.container.id': agentField("The container's id, for an event about Docker.", (e) =>
    scope(e, 'container.id'),
  ),
  'evt.infra.docker.container.name': agentField("The container's name, for an event about Docker.", (e) =>
    scope(e, 'container.name'),
  ),
  'evt.infra.docker.container.image': agentField("The container's image, for an event about Docker.", (e) =>
    scope(e, 'container.image'),
  ),
}
