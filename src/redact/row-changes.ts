// How the rows of each type of event are changed by a redaction: which parameters, and the change of each.
import { ipv4Text, ipv6Text } from '../model/address.js'
import type { Event } from '../model/event.js'
import { decodeText, encodeText } from '../model/text.js'
import { splitList } from '../model/text-list.js'
import type { RowLayout } from '../schema/layout.js'
import type { EventDef } from '../schema/types.js'
import { addressField, type EndpointEditors, sockaddr, taggedData, tuple } from './addresses.js'
import type { ContainerEditor } from './container.js'
import { type Editor, firstWord } from './editor.js'
import { type Parameter, parameterOf } from './parameters.js'
import type { ProcessRows } from './process-files.js'
import { omits, type Redaction, tracksProcFiles } from './redaction.js'
import type { Rules } from './rules.js'
import { TARGET } from './targets.js'

/** bytes of addresses */
export const IPV4 = 4
const IPV6 = 16

/** Redacts a value of the row under the cursor: returns the new bytes, the same object if unchanged, or undefined if dropped. */
export type Change = (bytes: Uint8Array) => Uint8Array | undefined

/** How the rows of an event are changed. */
export interface Changes {
  /** length of the fixed part, and the addresses in it */
  readonly fixed: number
  readonly addresses: readonly { readonly at: number; readonly p: number; readonly change: Change }[]
  /** variable parameters up to the last that may change; undefined: unchanged */
  readonly vars: readonly ({ readonly p: number; readonly change: Change } | undefined)[]
  /** undefined: rows contain neither a command line nor an environment */
  readonly command: Command | undefined
}

/** Parameters that describe how a program was started; -1 if there is none. */
export interface Command {
  readonly exe: number
  readonly args: number
  readonly env: number
}

export class RowChanges {
  private readonly known: (Changes | null | undefined)[] = []
  /** the rows of the batch that read private /proc files; undefined: there are none, or they do not matter */
  files: ProcessRows | undefined

  /** defs and layouts: of the capture's rows; event: the cursor, for changes that depend on other parameters of a row. */
  constructor(
    private readonly redaction: Redaction,
    private readonly rules: Rules,
    private readonly containers: ContainerEditor,
    private readonly defs: readonly (EventDef | undefined)[],
    private readonly layouts: readonly (RowLayout | undefined)[],
    private readonly event: Event,
  ) {}

  /** The changes for rows of a type; null: none. */
  of(code: number): Changes | null {
    const known = this.known[code]
    if (known !== undefined) return known
    const changes = this.changesOf(this.defs[code], this.layouts[code])
    this.known[code] = changes
    return changes
  }

  private changesOf(def: EventDef | undefined, layout: RowLayout | undefined): Changes | null {
    if (def === undefined || layout === undefined) return null
    const addresses: Changes['addresses'][number][] = []
    const vars: Changes['vars'][number][] = []
    def.params.forEach((_, p) => {
      const change = this.changeOf(def, p)
      const offset = layout.offset[p] as number
      if (offset <= -2) vars[-2 - offset] = change && { p, change }
      else if (change !== undefined) addresses.push({ at: offset, p, change })
    })
    while (vars.length > 0 && vars.at(-1) === undefined) vars.pop()
    return vars.length + addresses.length === 0
      ? null
      : { fixed: layout.fixed, addresses, vars, command: commandOf(def) }
  }

  private ends(argument: string): EndpointEditors {
    return {
      address: this.rules.editor(TARGET.ADDRESS, argument),
      path: this.rules.editor(TARGET.PATH, argument),
    }
  }

  /** The change of a parameter; undefined: none. */
  private changeOf(def: EventDef, p: number): Change | undefined {
    const is = parameterOf(def, p)
    if (is === undefined) return undefined
    const { omittedBy } = is
    if (omittedBy !== undefined && omits(this.redaction, omittedBy.by)) {
      const { when } = omittedBy
      if (when === undefined) return () => undefined
      const edit = this.editOf(def, p, is)
      return (bytes) => (when(this.event, bytes) ? undefined : edit === undefined ? bytes : edit(bytes))
    }
    const edit = this.editOf(def, p, is)
    if (is.ofFile !== true || !tracksProcFiles(this.redaction)) return edit
    return (bytes) => (this.files?.has(this.event.row) ? undefined : edit === undefined ? bytes : edit(bytes))
  }

  /** The change by rules, and by --no-env and --no-args in texts that also contain other data; undefined: none. */
  private editOf(def: EventDef, p: number, is: Parameter): Change | undefined {
    const { noEnv, noArgs } = this.redaction
    const name = def.params[p]?.name as string
    const editor = this.rules.editor(is.targets, name)
    if ((is.targets & TARGET.EXE) !== 0 && noArgs)
      return textChange((exe) => {
        const word = firstWord(exe)
        return editor === undefined ? word : editor.text(word)
      })
    if (is.form === 'container') {
      const { rules } = this.redaction
      return noEnv || noArgs || rules.length > 0 ? textChange((json) => this.containers.text(json)) : undefined
    }
    if (is.form === 'sockaddr' || is.form === 'tuple') return endpointChange(is.form, this.ends(name))
    return editor && changeBy(editor, is)
  }
}

function commandOf(def: EventDef): Command | undefined {
  const find = (form: 'args' | 'env') => def.params.findIndex((_, p) => parameterOf(def, p)?.form === form)
  const [args, env] = [find('args'), find('env')]
  const exe = def.params.findIndex(({ name }) => name === 'exe')
  return exe < 0 ? undefined : { exe, args, env }
}

function changeBy(editor: Editor, { form }: Parameter): Change {
  switch (form) {
    case 'text':
      return textChange((v) => editor.text(v))
    case 'id':
      return textChange((v) => editor.pieces(v))
    case 'path':
      return textChange((v) => editor.path(v))
    case 'args':
    case 'env':
      return listChange((v) => editor.list(v, form))
    case 'cgroups':
      return listChange((v) => v.flatMap((item) => editor.cgroup(item) ?? []))
    case 'cgroup':
      return textChange((v) => editor.cgroupPath(v))
    case 'data':
      return (bytes) => editor.bytes(bytes, false)
    case 'dyn':
      return (bytes) => taggedData(bytes, editor)
    case 'ip':
      return (bytes) => {
        if (bytes.length !== IPV4 && bytes.length !== IPV6) return undefined
        const redacted = editor.address(bytes.length === IPV4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0))
        return redacted === undefined ? undefined : addressField(redacted, bytes.length)
      }
    default:
      return (bytes) => editor.bytes(bytes, true)
  }
}

function endpointChange(form: 'sockaddr' | 'tuple', editors: EndpointEditors): Change | undefined {
  if (editors.address === undefined && editors.path === undefined) return undefined
  return (bytes) => (form === 'sockaddr' ? sockaddr(bytes, editors) : tuple(bytes, editors))
}

function textChange(edit: (text: string) => string | undefined): Change {
  return (bytes) => {
    const text = decodeText(bytes, 0, bytes.length)
    const redacted = edit(text)
    return redacted === text ? bytes : redacted === undefined ? undefined : encodeText(redacted)
  }
}

/** Edits a list, which ends with a NUL unless it was truncated. */
function listChange(edit: (items: readonly string[]) => readonly string[] | undefined): Change {
  return (bytes) => {
    const text = decodeText(bytes, 0, bytes.length)
    const items = splitList(text)
    const redacted = edit(items)
    if (redacted === undefined) return undefined
    const joined = redacted.join('\0') + (redacted.length > 0 && text.endsWith('\0') ? '\0' : '')
    return joined === text ? bytes : encodeText(joined)
  }
}
