// What stands between a source and a run, in this order: each stage hands on what the one before it lets through. There is no other place
// that wraps a source, and whoever calls this one has to say for each stage whether it is there: what --redact and --only-namespace promise
// cannot be forgotten.
import { withinNamespace } from '../redact/namespace-source.js'
import type { Redaction } from '../redact/redaction.js'
import { redacted } from '../redact/source.js'
import type { CaptureSource } from '../source/source.js'

/**
 * ceilings: leaves out calls where the capture would cost too much. stacks: names functions. names: names containers. namespace: only what
 * pods of a namespace do. redaction: without what is kept out. What may be told is decided by names of containers, so these come first.
 */
const STAGES = ['ceilings', 'stacks', 'names', 'namespace', 'redaction'] as const

type Wrap = (source: CaptureSource) => CaptureSource

/** undefined: the run has no such stage */
export type Stages = Readonly<Record<(typeof STAGES)[number], Wrap | undefined>>

/** A source with these stages around it. */
export function staged(source: CaptureSource, stages: Stages): CaptureSource {
  return STAGES.reduce((inner, stage) => stages[stage]?.(inner) ?? inner, source)
}

/** The stages of a source of any kind. */
export function privacyStages(redaction: Redaction | undefined): Pick<Stages, 'namespace' | 'redaction'> {
  const namespace = redaction?.namespace
  return {
    namespace: namespace === undefined ? undefined : (source) => withinNamespace(source, namespace),
    redaction: redaction === undefined ? undefined : (source) => redacted(source, redaction),
  }
}
