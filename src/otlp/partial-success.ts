// The partial success in a receiver's response: how many records it rejected, or a warning.

/** records: number of rejected records; 0: the reason is a warning */
export interface Refused {
  readonly records: number
  readonly reason: string
}

interface OtlpResponse {
  readonly partialSuccess?: Readonly<Record<string, unknown>> | { readonly errorMessage?: string } | null
}

/** The first byte of a JSON object; no protobuf message starts with it. */
const BRACE = 0x7b

/**
 * What a response reports as rejected; undefined: nothing. An undecodable response counts as nothing, since its status has
 * confirmed the request. count: the member of partialSuccess with the number; decode: decodes protobuf.
 */
export function refusedBy(
  answer: Buffer,
  count: string,
  decode: (answer: Buffer) => OtlpResponse,
): Refused | undefined {
  let partial: Readonly<Record<string, unknown>>
  try {
    const response = answer[0] === BRACE ? (JSON.parse(answer.toString()) as OtlpResponse) : decode(answer)
    partial = (response.partialSuccess ?? {}) as typeof partial
  } catch {
    return undefined
  }
  const refused = Number(partial[count] ?? 0)
  const records = refused > 0 && refused <= Number.MAX_SAFE_INTEGER ? Math.floor(refused) : 0
  const reason = typeof partial.errorMessage === 'string' ? partial.errorMessage : ''
  if (records === 0) return reason === '' ? undefined : { records, reason }
  return { records, reason: reason || 'no reason given' }
}
