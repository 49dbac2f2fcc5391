// How container and Kubernetes fields find their container: the container of the event's thread, or the one that a
// container event describes.

import type { Container, ContainerInfo } from '../model/container.js'
import type { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import { type FieldContext, type FieldDef, type FieldType, type FieldValue, field, stateOf } from './field.js'

/** The event's container; undefined on the host and for events without a thread. */
export function containerOf(e: Event, ctx: FieldContext): Container | undefined {
  const t = e.thread
  if (t !== undefined) return t.container
  return e.type === CODE.container || e.type === CODE.asyncevent ? stateOf(ctx, e).containers.lastReported : undefined
}

type More<T extends FieldValue> = Partial<FieldDef<T>> & { readonly host?: T }

/** A field of the container. `host` is its value outside of containers; without it the field is absent there. */
export function containerField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  get: (c: Container) => T | undefined,
  more: More<T> = {},
): FieldDef<T> {
  const { host, ...rest } = more
  return field<T>({
    type,
    doc,
    cost: 4,
    needs: ['container'],
    make: (ctx) => (e) => {
      const c = containerOf(e, ctx)
      if (c !== undefined) return get(c)
      return e.thread === undefined ? undefined : host
    },
    ...rest,
  })
}

/** A field of the metadata that a runtime provided; absent until it did. */
export function containerInfoField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  get: (i: ContainerInfo) => T | undefined,
  more: More<T> = {},
): FieldDef<T> {
  const value = (c: Container) => (c.info === undefined ? undefined : get(c.info))
  return containerField(type, doc, value, { containerOnly: true, ...more })
}

/** Labels as one text, without those reserved for the runtime and Kubernetes. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .filter((k) => !k.startsWith('io.kubernetes.') && !k.startsWith('annotation.'))
    .sort()
    .map((k) => (labels[k] === '' ? k : `${k}:${labels[k]}`))
    .join(', ')
}

/** The label with that key, if the object has it itself (keys of the prototype do not count). */
export function label(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
