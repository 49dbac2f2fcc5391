// The results of loading as JSON, with Falco's keys; lines and columns count from 1.
import { ERRORS, WARNINGS } from './codes.js'
import type { FileResult, Problem } from './report.js'

/** The results of all files as one value for JSON. */
export function resultJson(files: readonly FileResult[]): object {
  return {
    falco_load_results: files.map(({ name, errors, warnings, unreported }) => ({
      errors: errors.map((p) => problemJson(p, ERRORS[p.code])),
      name,
      successful: errors.length === 0,
      untold: unreported,
      warnings: warnings.map((p) => problemJson(p, WARNINGS[p.code])),
    })),
  }
}

function problemJson({ code, message, locations, snippet }: Problem<string>, codedesc: string): object {
  return {
    code,
    codedesc,
    context: {
      locations: locations.map(({ type, name, place: { file, line, column }, offset }) => ({
        item_name: name,
        item_type: type,
        position: { column, line, name: file, offset },
      })),
      snippet: `${snippet}\n`,
    },
    message,
  }
}
