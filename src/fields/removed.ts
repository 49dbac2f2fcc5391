// Fields that other tools have or had, and ksys does not. Declaring them distinguishes using one from a typing error.
import { type FieldDef, field } from './field.js'

/** Declares removed fields. Names are separated by blanks; those with [] took an argument. */
const removedFields = (prefix: string, names: string, removed: string): Record<string, FieldDef> =>
  Object.fromEntries(
    names.split(' ').map((name) => {
      const plain = name.replace('[]', '')
      const def = field({
        type: 'string',
        doc: `Not available: ${removed}.`,
        removed,
        make: () => () => undefined,
        ...(plain === name ? {} : { arg: { need: 'required', kind: 'any', doc: 'a name or an index' } as const }),
      })
      return [prefix + plain, def]
    }),
  )

const TRACERS = 'tracers ended with sysdig 0.35'
const SPAN =
  'id time ntags nargs tags tag[] args arg[] enterargs enterarg[] duration duration.quantized duration.human ' +
  'duration.fortag[] count count.fortag[] childcount.fortag[] idtag[] rawtime rawparenttime'
const EVTIN =
  'id ntags nargs tags tag[] args arg[] p.id p.ntags p.nargs p.tags p.tag[] p.args p.arg[] s.id s.ntags s.nargs s.tags ' +
  's.tag[] s.args s.arg[] m.id m.ntags m.nargs m.tags m.tag[] m.args m.arg[] t.tags t.args t.tag t.id t.nargs t.ntags t.arg'
const MESOS = 'support of Mesos and Marathon ended with sysdig 0.35'

export const span = removedFields('span.', SPAN, TRACERS)
export const evtin = removedFields('evtin.span.', EVTIN, TRACERS)
export const mesos = {
  ...removedFields('mesos.', 'task.name task.id task.label[] task.labels framework.name framework.id', MESOS),
  ...removedFields('marathon.', 'app.name app.id app.label[] app.labels group.name group.id', MESOS),
}
/** static.*: constants that Falco's configuration defines; ksys has no such configuration. */
export const constants = removedFields(
  'static.',
  '*',
  "constant fields come from Falco's configuration, which ksys does not have",
)
