// What a receiver that took a request says in its answer: how much of it was refused, or a warning.

/** records: how many were refused; none: the reason is a warning */
export interface Refused {
  readonly records: number
  readonly reason: string
}

interface Answer {
  readonly partialSuccess?: Readonly<Record<string, unknown>> | { readonly errorMessage?: string } | null
}

/** The first byte of an object of JSON, which no message of protobuf begins with. */
const BRACE = 0x7b

/**
 * What an answer says is refused; undefined: nothing. An answer that cannot be read says nothing: its status has told that the request
 * was taken. count: the member of partialSuccess that has the number; decode: reads protobuf.
 */
export function refusedBy(answer: Buffer, count: string, decode: (answer: Buffer) => Answer): Refused | undefined {
  let partial: Readonly<Record<string, unknown>>
  try {
    const said = answer[0] === BRACE ? (JSON.parse(answer.toString()) as Answer) : decode(answer)
    partial = (said.partialSuccess ?? {}) as typeof partial
  } catch {
    return undefined
  }
  const refused = Number(partial[count] ?? 0)
  const records = refused > 0 && refused <= Number.MAX_SAFE_INTEGER ? Math.floor(refused) : 0
  const reason = typeof partial.errorMessage === 'string' ? partial.errorMessage : ''
  if (records === 0) return reason === '' ? undefined : { records, reason }
  return { records, reason: reason || 'it refuses some of them' }
}
