// The results of loading as text: a line for each file, followed by its errors and warnings with their places.
import { clean } from '../../model/sanitize.js'
import { ERRORS, WARNINGS } from './codes.js'
import type { FileResult, Problem } from './report.js'

const RULE = '------'

/** The results of all files, with a line end after the last line. */
export function resultText(files: readonly FileResult[]): string {
  return files.map(fileText).join('')
}

function fileText({ name, errors, warnings, unreported }: FileResult): string {
  const verdict = errors.length > 0 ? 'Invalid' : warnings.length > 0 ? 'Ok, with warnings' : 'Ok'
  const lines = [
    `${clean(name)}: ${verdict}`,
    ...block('Errors', errors, unreported.errors, (code) => ERRORS[code]),
    ...block('Warnings', warnings, unreported.warnings, (code) => WARNINGS[code]),
  ]
  return `${lines.join('\n')}\n`
}

function block<Code extends string>(
  title: string,
  problems: readonly Problem<Code>[],
  unreported: number,
  about: (code: Code) => string,
): string[] {
  if (problems.length === 0) return []
  const rest = unreported === 0 ? [] : [`... and ${unreported} more`]
  return [
    `${problems.length + unreported} ${title}:`,
    ...problems.flatMap((p) => problemLines(p, about(p.code))),
    ...rest,
  ]
}

function problemLines({ code, message, locations, snippet }: Problem<string>, about: string): string[] {
  const places = locations.map(({ type, name, place: { file, line, column } }, i) => {
    const what = name === '' ? type : `${type} '${clean(name)}'`
    return `${i === 0 ? 'In ' : '    '}${what}: (${clean(file)}:${line}:${column})`
  })
  return [...places, RULE, snippet, RULE, `${code} (${about}): ${clean(message)}`]
}
