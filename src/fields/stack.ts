// evt.stack: where a call came from.
import { stackOf } from '../model/batch.js'
import { type FieldContext, field, type Getter } from './field.js'

const HOW =
  'By frame pointers: functions that keep none may be missing. Live it is recorded where something asks for it, or with --stacks.'

const folded = (ctx: FieldContext): Getter<string> => {
  return (e) => {
    const number = stackOf(e.batch, e.row)
    const text = number === undefined ? undefined : ctx.state.stacks.text(number)
    return text === '' ? undefined : text
  }
}

export const fields = {
  'evt.stack': field({
    type: 'string',
    list: true,
    doc: `Functions that a call came from, the outermost first; those of the kernel, where it slept, end with _[k]. ${HOW}`,
    cost: 16,
    needs: ['stacks'],
    make: (ctx) => {
      const text = folded(ctx)
      return (e) => text(e)?.split(';')
    },
  }),
  'evt.stack.folded': field({
    type: 'string',
    doc: `The same as one text, with semicolons between, as flame graphs are made of. ${HOW}`,
    cost: 8,
    needs: ['stacks'],
    make: folded,
  }),
  'evt.stack.text': field({
    type: 'string',
    doc: `The same for people: the innermost function first, each before the one that called it. ${HOW}`,
    cost: 16,
    needs: ['stacks'],
    make: (ctx) => {
      const text = folded(ctx)
      return (e) => text(e)?.split(';').reverse().join(' < ')
    },
  }),
}
