// Parses a server that bodies are sent to, as the user writes it: `https://HOST:PORT/PATH,ca=FILE,header=NAME: VALUE`.
import { didYouMean } from '../filter/suggest.js'
import { byNumber } from '../model/sanitize.js'
import { readNamed } from '../source/files.js'
import { reason } from '../source/reason.js'
import { HTTP_OPTIONS, type HttpOptions, headerText } from './http-options.js'
import { webUrl } from './url.js'
import { WebError } from './web-error.js'

export interface Target extends HttpOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

const LAST_OPTION = /^(.*),([A-Za-z_]+)=([^,]*)$/s
const MOST_BYTES = 64 << 10

/** Parses a target. Throws WebError. */
export function parseTarget(text: string): Target {
  const unsafe = /[\x00-\x1f\x7f]/.exec(text)?.[0]
  if (unsafe !== undefined)
    throw new WebError(`a URL cannot contain control characters, and this one contains ${byNumber(unsafe)}`)
  const options: Record<string, unknown> = {}
  let headers: Record<string, string> = {}
  let rest = text
  for (let m = LAST_OPTION.exec(rest); m !== null; m = LAST_OPTION.exec(rest)) {
    const [, before, name, value] = m as unknown as [string, string, string, string]
    // options are parsed from the end, and the last one takes precedence
    if (name === 'header') headers = { ...headerOf(value, 'header'), ...headers }
    else if (name === 'headers') headers = { ...headersIn(value), ...headers }
    else {
      const option = Object.hasOwn(HTTP_OPTIONS, name) ? HTTP_OPTIONS[name] : undefined
      if (option === undefined) throw noSuchOption(name)
      const read = option.value(value)
      if (read === undefined) throw new WebError(`${name} must be ${option.expects}, not '${value}'`)
      options[option.key] ??= read
    }
    rest = before
  }
  return { ...(options as HttpOptions), url: webUrl(rest.trim()).href, headers }
}

/** The target with the path of a protocol appended, unless the URL ends in it. */
export function withPath(target: Target, path: string): Target {
  const url = new URL(target.url)
  if (!url.pathname.endsWith(path)) url.pathname = url.pathname.replace(/\/*$/, path)
  return { ...target, url: url.href }
}

function headerOf(text: string, where: string): Record<string, string> {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*?)\s*$/.exec(text) ?? []
  if (name === undefined || headerText(value ?? '') === undefined)
    throw new WebError(`${where}: a header is written NAME: VALUE, in printable ASCII`)
  return { [name.toLowerCase()]: value as string }
}

/** Reads headers from a file, one per line: unlike a command line it is not visible to other users. */
function headersIn(path: string): Record<string, string> {
  const lines = contents(path).split(/\r?\n/)
  return Object.assign({}, ...lines.flatMap((line) => (line.trim() === '' ? [] : [headerOf(line, path)])))
}

function contents(path: string): string {
  try {
    const bytes = readNamed(path, MOST_BYTES)
    if (bytes === undefined) throw new WebError(`${path} has more than ${MOST_BYTES} bytes`)
    return bytes.toString()
  } catch (e) {
    throw e instanceof WebError ? e : new WebError(`${path} cannot be read: ${reason(e)}`)
  }
}

function noSuchOption(name: string): WebError {
  const known = ['header', 'headers', ...Object.keys(HTTP_OPTIONS)]
  return new WebError(
    `a URL has no option '${name}'${didYouMean(name, known)}; options: ${known.join(', ')}; write a comma in the URL itself as %2C`,
  )
}
