// The first line of a message, and the quick test that distinguishes HTTP from anything else.

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly target: string; readonly version: string | undefined }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string; readonly version: string }

const REQUEST = /^([A-Z][A-Z-]{0,31}) (\S+) HTTP\/(\d\.\d)$/
const CUT_REQUEST =
  /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND|REPORT) ([/*h]\S*)( H?T?T?P?\/?1?\.?)?$/
const RESPONSE = /^HTTP\/(\d\.\d) ([1-9]\d\d)(?: (.*))?$/
const LONGEST_METHOD = 32

/** Parses a first line without its line end; undefined if it is not one. `cut`: its end is missing. */
export function parseStart(line: string, cut = false): StartLine | undefined {
  const response = RESPONSE.exec(line)
  if (response !== null)
    return {
      kind: 'response',
      version: response[1] as string,
      status: Number(response[2]),
      reason: response[3] ?? '',
    }
  const request = REQUEST.exec(line) ?? (cut ? CUT_REQUEST.exec(line) : null)
  if (request === null) return undefined
  const version = request[3] as string | undefined
  return {
    kind: 'request',
    method: request[1] as string,
    target: request[2] as string,
    version: version !== undefined && /^\d/.test(version) ? version : undefined,
  }
}

const SLASH = 47
const SPACE = 32

/**
 * Whether a message may start with these bytes: a method in capitals and a blank, or `HTTP/`, as far as there are
 * bytes.
 */
export function mayStart(b: Uint8Array, from: number, to: number): boolean {
  const end = Math.min(to, from + LONGEST_METHOD + 1)
  for (let i = from; i < end; i++) {
    const c = b[i] as number
    if (c >= 65 && c <= 90) continue
    if (i === from) return false
    if (c === SPACE) return true
    if (c === SLASH) return isHttp(b, from, i)
    if (c !== 45) return false
  }
  return to - from <= LONGEST_METHOD
}

function isHttp(b: Uint8Array, from: number, slash: number): boolean {
  return slash === from + 4 && b[from] === 72 && b[from + 1] === 84 && b[from + 2] === 84 && b[from + 3] === 80
}

/** Whether the bytes start a TLS handshake, after which nothing can be read. */
export function isTls(b: Uint8Array): boolean {
  return b.length >= 6 && b[0] === 0x16 && b[1] === 3 && (b[2] as number) <= 4 && (b[5] === 1 || b[5] === 2)
}
