// The token that a server asks for: read from a file, and compared so that how long it takes tells nothing of it.
import { createHash, timingSafeEqual } from 'node:crypto'
import { readNamed } from '../source/files.js'
import { reason } from '../source/reason.js'
import { WebError } from './web-error.js'

const MOST_BYTES = 4096

/** The token in a file, which may end in a line end. Throws WebError where there is none. */
export function readToken(path: string): string {
  const token = contents(path).trim()
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new WebError(`${path} has no token in it: one word of printable ASCII, such as openssl rand -hex 32 makes`)
  return token
}

/** Whether a header Authorization brings the token; undefined: none is asked for. */
export function bearerMatches(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true
  const brought = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  return brought !== undefined && timingSafeEqual(digest(brought), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function contents(path: string): string {
  try {
    const bytes = readNamed(path, MOST_BYTES)
    if (bytes === undefined) throw new WebError(`${path} has more than ${MOST_BYTES} bytes: no token`)
    return bytes.toString()
  } catch (e) {
    throw e instanceof WebError ? e : new WebError(`${path} cannot be read: ${reason(e)}`)
  }
}
