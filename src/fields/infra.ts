// evt.infra.*: events that an agent of older tools put into a capture about Docker.
import type { Event } from '../model/event.js'
import { field } from './field.js'

const text = (e: Event, name: string): string | undefined => {
  const p = e.paramIndex(name)
  return p < 0 ? undefined : e.text(p)
}

const isDocker = (e: Event): boolean => e.def.name === 'infra' && text(e, 'source') === 'docker'

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
  'evt.infra.docker.name': field({
    type: 'string',
    doc: 'What happened, for an event about Docker.',
    cost: 16,
    make: () => (e) => (isDocker(e) ? text(e, 'name') : undefined),
  }),
  'evt.infra.docker.container.id': field({
    type: 'string',
    doc: "The container's id, for an event about Docker.",
    cost: 16,
    make: () => (e) => scope(e, 'container.id'),
  }),
  'evt.infra.docker.container.name': field({
    type: 'string',
    doc: "The container's name, for an event about Docker.",
    cost: 16,
    make: () => (e) => scope(e, 'container.name'),
  }),
  'evt.infra.docker.container.image': field({
    type: 'string',
    doc: "The container's image, for an event about Docker.",
    cost: 16,
    make: () => (e) => scope(e, 'container.image'),
  }),
}
