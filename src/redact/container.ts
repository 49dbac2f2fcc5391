// Redacts container metadata, the JSON text of container events, value by value, so that it remains JSON.
import type { Redaction } from './redaction.js'
import type { Rules } from './rules.js'
import { TARGET } from './targets.js'

/** Kinds of values by key (the keys are libs'); nested values have the kind of the outer one. */
const KEYS: Readonly<Record<string, number>> = {
  name: TARGET.CONTAINER,
  image: TARGET.IMAGE,
  imageid: TARGET.IMAGE,
  imagerepo: TARGET.IMAGE,
  imagetag: TARGET.IMAGE,
  imagedigest: TARGET.IMAGE,
  User: TARGET.USER,
  ip: TARGET.ADDRESS,
  cni_json: TARGET.ADDRESS,
  labels: TARGET.LABELS,
  pod_sandbox_labels: TARGET.LABELS,
  Mounts: TARGET.MOUNTS,
  env: TARGET.ENV,
  Healthcheck: TARGET.PROBES | TARGET.ARGS,
  LivenessProbe: TARGET.PROBES | TARGET.ARGS,
  ReadinessProbe: TARGET.PROBES | TARGET.ARGS,
  cgroup: TARGET.CGROUP,
}
/** Ids of a container: rules without a pattern do not change them. */
const IDS = new Set(['id', 'full_id', 'pod_sandbox_id'])
const PROBES = new Set(['Healthcheck', 'LivenessProbe', 'ReadinessProbe'])
/** Labels that repeat the specification of a pod, including commands and environments. */
const REPEATS = /last-applied-configuration|^(annotation\.)?io\.kubernetes\.container\..*(command|args|env|handler)/i
/** Values nested deeper are dropped. */
const MAX_DEPTH = 100

export class ContainerEditor {
  private readonly editors = new Map<number, ReturnType<Rules['editor']>>()

  constructor(
    private readonly omitted: Pick<Redaction, 'noEnv' | 'noArgs'>,
    private readonly rules: Rules,
  ) {}

  /** The redacted text; undefined if dropped. Text that is not JSON is dropped with --no-env or --no-args, otherwise edited as text. */
  text(json: string): string | undefined {
    let value: unknown
    try {
      value = JSON.parse(json.replace(/\0+$/, ''))
    } catch {
      const { noEnv, noArgs } = this.omitted
      return noEnv || noArgs ? undefined : this.string(json, TARGET.OTHER | TARGET.BUFFER)
    }
    return JSON.stringify(this.value(value, TARGET.OTHER, 0))
  }

  private value(value: unknown, targets: number, depth: number): unknown {
    if (typeof value === 'string') return this.string(value, targets)
    if (typeof value !== 'object' || value === null) return value
    if (depth === MAX_DEPTH) return undefined
    if (Array.isArray(value)) return value.map((v) => this.value(v, targets, depth + 1)).filter((v) => v !== undefined)
    const entries = Object.entries(value).map(
      ([key, v]) => [this.key(key, targets), this.member(key, v, targets, depth + 1)] as const,
    )
    return Object.fromEntries(entries.filter(([key, v]) => key !== undefined && v !== undefined))
  }

  /** The name of a label, changed only by rules with a pattern; undefined if dropped. Other keys are part of the format. */
  private key(key: string, targets: number): string | undefined {
    if ((targets & TARGET.LABELS) === 0) return key
    const editor = this.rules.editor(targets)
    return editor === undefined ? key : editor.pieces(key)
  }

  /** The redacted member of an object; undefined if dropped. */
  private member(key: string, value: unknown, targets: number, depth: number): unknown {
    const { noEnv, noArgs } = this.omitted
    if (REPEATS.test(key))
      return noEnv || noArgs ? undefined : this.value(value, TARGET.LABELS | TARGET.ENV | TARGET.ARGS, depth)
    if (key === 'args' && (targets & TARGET.PROBES) !== 0) return this.line(value, targets, depth)
    // keys within a value of a known kind are defined by the user
    if (targets !== TARGET.OTHER) return this.value(value, targets, depth)
    if (noEnv && key === 'env') return undefined
    if (IDS.has(key) && typeof value === 'string') return this.id(value)
    const kind = Object.hasOwn(KEYS, key) ? (KEYS[key] as number) : TARGET.OTHER
    return this.value(noArgs && PROBES.has(key) ? withoutArguments(value) : value, kind, depth)
  }

  /** The arguments of a program; patterns match them as one line. */
  private line(value: unknown, targets: number, depth: number): unknown {
    const editor = this.rules.editor(targets)
    const words = Array.isArray(value) && value.every((v): v is string => typeof v === 'string') ? value : undefined
    return words === undefined
      ? this.value(value, targets, depth)
      : editor === undefined
        ? words
        : editor.list(words, 'args')
  }

  private id(text: string): string | undefined {
    const editor = this.rules.editor(TARGET.OTHER)
    return editor === undefined ? text : editor.pieces(text)
  }

  private string(text: string, targets: number): string | undefined {
    if (!this.editors.has(targets)) this.editors.set(targets, this.rules.editor(targets))
    const editor = this.editors.get(targets)
    if (editor === undefined) return text
    if (targets === TARGET.CGROUP) return editor.cgroupPath(text)
    if (targets === TARGET.ENV) return editor.list([text], 'env')?.[0]
    return targets === TARGET.ADDRESS && /^[\d.]+$|^[\da-f:.]*:[\da-f:.]*$/i.test(text)
      ? editor.address(text)
      : editor.text(text)
  }
}

function withoutArguments(probe: unknown): unknown {
  return typeof probe === 'object' && probe !== null ? { ...probe, args: [] } : probe
}
