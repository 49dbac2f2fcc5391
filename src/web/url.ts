// URLs of web servers, as a person gives them and as they may be shown.
import { WebError } from './web-error.js'

/** The URL of a web server. Throws WebError where a text is none. */
export function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new WebError(`'${text}' is no URL of a web server: http://HOST:PORT/PATH or https://...`)
}

/** A URL as it may be shown: a password and what follows the path may be secret. */
export function shownUrl(text: string): string {
  return text.replace(/^(\w+:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/s, '')
}
