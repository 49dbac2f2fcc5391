// The lines of a run.
import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import { compileJson } from '../format/json.js'
import { compileTemplate, type Template } from '../format/template.js'
import type { Settings } from './parse.js'
import type { Question } from './question.js'

/** How an event is printed: text, or JSON. */
export function lineTemplate(s: Settings, q: Question, ctx: FieldContext): Template {
  return s.json ? compileJson(q.format, registry, ctx) : compileTemplate(q.format, registry, ctx)
}
