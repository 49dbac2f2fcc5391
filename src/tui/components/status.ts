// The status of the capture or file, for the end of the first line.
import { GLYPHS } from '../../model/glyphs.js'
import { span } from '../layout/numbers.js'
import type { UiState } from '../model/model.js'
import { age } from '../state/snapshot.js'
import { clean } from '../terminal/width.js'

/** Status texts, the longest first; the shorter ones are for narrow screens. */
export function statusesOf(s: UiState): readonly string[] {
  const { source, result, meter } = s
  if (s.failed !== undefined) return ['STOPPED']
  if (s.writing !== undefined) {
    const short = `writing ${Math.floor(s.writing.part * 100)} % (Esc stops)`
    return [`${short}  ${clean(s.writing.path)}`, short]
  }
  const reading = result?.progress === undefined || result.cancelled ? '' : readingOf(result.progress)
  const { span: chosen } = s.chosen
  if (source?.live === true && chosen !== undefined) {
    const short = `SPAN of ${span((chosen.to - chosen.from) * 1e6)}`
    return [`${short}  ${reading === '' ? '[ ] move it  Esc resumes' : reading}`, short]
  }
  if (s.held) return heldOf(s, reading)
  if (source === undefined) return [`starting ${GLYPHS.more}`]
  const where = clean(source.live ? source.host : source.label)
  if (reading !== '') return [`${reading}  ${where}`]
  if (result?.cancelled) return [`read in part  ${where}`]
  if (!source.live) return [s.damaged ? `DAMAGED  ${where}` : where]
  const retained =
    meter?.retained === undefined
      ? []
      : [`live, last ${span(meter.retained)} retained${meter.armed ? ' with data' : ''}  ${where}`]
  return [...retained, `live  ${where}`]
}

function heldOf(s: UiState, reading: string): string[] {
  const ago = age(s) > 0 ? ` ${span(age(s) * 1e6)} ago` : ''
  const short = `PAUSED${ago}`
  if (reading !== '') return [`${short}  ${reading}`, short]
  const newer = ago === '' ? '' : '  ] newer'
  return [`${short}  [ older${newer}  p resumes`, short]
}

function readingOf(progress: number): string {
  return `reading ${Math.floor(progress * 100)} % (Esc stops)`
}
