// URLs of web servers: parsing, and the form in which they may be shown.
import { WebError } from './web-error.js'

/** Parses the URL of a web server. Throws WebError if it is not one. */
export function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new WebError(`'${text}' is not the URL of a web server: http://HOST:PORT/PATH or https://...`)
}

/** A URL without its password, query and fragment, which may be secret. */
export function shownUrl(text: string): string {
  return text.replace(/^(\w+:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/s, '')
}
