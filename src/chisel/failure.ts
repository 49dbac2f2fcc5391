// A chisel's exception as a sentence: its message and the line of the chisel that threw it.
import { fileURLToPath } from 'node:url'

const PLACE = /(file:\/\/\S+?|\/\S+?):(\d+):\d+\)?$/

/** The exception's message with file and line of the chisel. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const places = (error.stack ?? '').split('\n').flatMap((line) => {
    const [, file, at] = PLACE.exec(line.trim()) ?? []
    return file === undefined
      ? []
      : [`${file.startsWith('file:') ? fileURLToPath(file.replace(/\?.*$/, '')) : file}:${at}`]
  })
  const own = fileURLToPath(new URL('..', import.meta.url))
  const place = places.find((p) => !p.startsWith(own)) ?? places[0]
  return place === undefined ? error.message : `${error.message} (${place})`
}
