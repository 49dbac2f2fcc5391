// How container and Kubernetes fields find their container: that of the event's thread, or the one that a container event
// tells about.

import type { Container, ContainerInfo } from '../model/container.js'
import type { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import { type FieldContext, type FieldDef, type FieldType, type FieldValue, field, stateOf } from './field.js'

/** The event's container; undefined on the host and where there is no thread. */
export function containerOf(e: Event, ctx: FieldContext): Container | undefined {
  const t = e.thread
  if (t !== undefined) return t.container
  return e.type === CODE.container || e.type === CODE.asyncevent ? stateOf(ctx, e).containers.lastReported : undefined
}

type More<T extends FieldValue> = Partial<FieldDef<T>> & { readonly host?: T }

/** A field of the container; `host` is its value outside of containers, absent when left out. */
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
    ofThread: true,
    make: (ctx) => (e) => {
      const c = containerOf(e, ctx)
      if (c !== undefined) return get(c)
      return e.thread === undefined ? undefined : host
    },
    ...rest,
  })
}

/** A field of what the runtime told; absent while it told nothing. */
export function containerInfoField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  get: (i: ContainerInfo) => T | undefined,
  more: More<T> = {},
): FieldDef<T> {
  const told = (c: Container) => (c.info === undefined ? undefined : get(c.info))
  return containerField(type, doc, told, { ofContainer: true, ...more })
}

/** Labels as one text, without those that the runtime and Kubernetes keep for themselves. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .filter((k) => !k.startsWith('io.kubernetes.') && !k.startsWith('annotation.'))
    .sort()
    .map((k) => (labels[k] === '' ? k : `${k}:${labels[k]}`))
    .join(', ')
}

/** The label of that name; keys of the prototype are none. */
export function label(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
