// The target of a request, from its request line and its Host header (RFC 9112, section 3).
import { headerOf, type Request } from './message.js'

const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)(.*)$/i

/** Host, path and query; or the target unchanged if it is not a path (request to a proxy). */
export function urlOf(request: Request): string {
  if (!request.target.startsWith('/')) return request.target
  return `${headerOf(request, 'host') ?? ''}${request.target}`
}

/** The host as written, with its port if it has one; undefined if the request names none. */
export function hostOf(request: Request): string | undefined {
  if (request.method === 'CONNECT') return request.target
  return ABSOLUTE.exec(request.target)?.[1] ?? (headerOf(request, 'host') || undefined)
}

/** The path without query; `*` for OPTIONS, empty for CONNECT. */
export function pathOf({ method, target }: Request): string {
  if (method === 'CONNECT') return ''
  const after = ABSOLUTE.exec(target)?.[2]
  const path = (after ?? target).replace(/[?#].*$/s, '')
  return after === undefined ? path : path || '/'
}
