// The token that a server requires: read from a file, and compared in constant time.
import { createHash, timingSafeEqual } from 'node:crypto'
import { readNamed } from '../source/files.js'
import { reason } from '../source/reason.js'
import { WebError } from './web-error.js'

const MOST_BYTES = 4096

/** Reads the token from a file, which may end in a line break. Throws WebError if there is none. */
export function readToken(path: string): string {
  const token = contents(path).trim()
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new WebError(
      `${path} contains no token: a token is one word of printable ASCII, such as the output of openssl rand -hex 32`,
    )
  return token
}

/** Whether an Authorization header contains the token; undefined: no token is required. */
export function bearerMatches(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function contents(path: string): string {
  try {
    const bytes = readNamed(path, MOST_BYTES)
    if (bytes === undefined) throw new WebError(`${path} is too large for a token: more than ${MOST_BYTES} bytes`)
    return bytes.toString()
  } catch (e) {
    throw e instanceof WebError ? e : new WebError(`${path} cannot be read: ${reason(e)}`)
  }
}
