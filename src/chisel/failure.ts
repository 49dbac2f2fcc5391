// A chisel's exception as a sentence: its message and the line of the chisel that threw it.
import { fileURLToPath } from 'node:url'
import { placeOfSyntaxError } from './syntax-error.js'

/** A line of a stack; its place is at the end, alone, in brackets or after `at`. */
const PLACE = /(?:^|\(|at )(file:\/\/\S+?|\/\S+?):(\d+):\d+\)?$/
/** The first line of the stack of an error in an import. */
const IMPORT = /^(file:\/\/\S+?|\/\S+?):(\d+)$/

/** The exception's message with file and line of the chisel. loading: the file, if the exception prevented it from loading. */
export function failureOf(error: unknown, loading?: string): string {
  if (!(error instanceof Error)) return String(error)
  const { message } = error
  const unplaced = loading !== undefined && error instanceof SyntaxError
  const place = placeOf(error) ?? (unplaced ? placeOfSyntaxError(loading, message) : undefined)
  return place === undefined ? message : `${message} (${place})`
}

/** File and line of the chisel in the stack of an exception, else of the first function in a file. */
function placeOf(error: Error): string | undefined {
  const lines = (error.stack ?? '').split('\n')
  const places = lines.flatMap((line, i) => {
    const [, file, at] = PLACE.exec(line.trim()) ?? (i === 0 ? IMPORT.exec(line) : null) ?? []
    return file === undefined
      ? []
      : [`${file.startsWith('file:') ? fileURLToPath(file.replace(/\?.*$/, '')) : file}:${at}`]
  })
  const own = fileURLToPath(new URL('..', import.meta.url))
  return places.find((p) => !p.startsWith(own)) ?? places[0]
}
