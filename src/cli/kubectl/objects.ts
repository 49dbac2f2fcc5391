// Extracts what is needed from the objects that kubectl prints. They are untrusted: missing values and wrong types are undefined.

type Raw = Readonly<Record<string, unknown>>

const object = (v: unknown): Raw => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Raw) : {})
const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : [])
const text = (v: unknown): string | undefined => (typeof v === 'string' && v !== '' ? v : undefined)

interface PodObject {
  readonly name: string | undefined
  readonly namespace: string | undefined
  readonly node: string | undefined
  /** Pending, Running, Succeeded, Failed */
  readonly phase: string | undefined
  /** the reason for the pod's state, as a word and a sentence, if kubectl prints one */
  readonly why: { readonly reason: string | undefined; readonly message: string | undefined }
  /** whether its container is running */
  readonly running: boolean
}

export function podOf(value: unknown): PodObject {
  const { metadata, spec, status } = object(value)
  const container = object(object(list(object(status).containerStatuses)[0]).state)
  const { waiting, terminated, running } = container
  const unmet = list(object(status).conditions)
    .map(object)
    .find((c) => c.status === 'False' && text(c.message) !== undefined && c.type !== 'Ready')
  const reasons = [object(waiting), object(terminated), object(status), unmet ?? {}]
  const why = reasons.find((r) => text(r.reason) !== undefined) ?? {}
  return {
    name: text(object(metadata).name),
    namespace: text(object(metadata).namespace),
    node: text(object(spec).nodeName),
    phase: text(object(status).phase),
    why: { reason: text(why.reason), message: text(why.message) },
    running: typeof running === 'object' && running !== null,
  }
}

/** The pods in a list. */
export function podsIn(value: unknown): readonly PodObject[] {
  return list(object(value).items).map(podOf)
}

/** The namespace of a controller, and the labels by which it selects its pods. */
export function selectorOf(value: unknown): {
  readonly namespace: string | undefined
  readonly labels: Readonly<Record<string, string>>
} {
  const { metadata, spec } = object(value)
  const labels = Object.entries(object(object(object(spec).selector).matchLabels)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return { namespace: text(object(metadata).namespace), labels: Object.fromEntries(labels) }
}

/** The reason and message of the last event. */
export function lastEvent(value: unknown): string | undefined {
  const last = object(list(object(value).items).at(-1))
  const [reason, message] = [text(last.reason), text(last.message)]
  return message === undefined ? reason : reason === undefined ? message : `${reason}: ${message}`
}
